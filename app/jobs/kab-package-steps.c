/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include <string.h>

#include "kab-client-upload.h"
#include "kab-error.h"
#include "kab-package-deed.h"
#include "kab-published.h"
#include "kab-rules-document.h"
#include "kab-rules-package.h"
#include "kab-wire.h"

static gboolean
is_host (const KabJournalStep *step)
{
  return g_strcmp0 (step->section, "host") == 0;
}

static gboolean
send_copy (KabPackageDeed  *self,
           KabJournalStep  *step,
           GError         **error)
{
  g_autofree char *path = NULL;
  g_autofree char *name = NULL;

  if (is_host (step))
    {
      g_autoptr(GBytes) bytes = kab_published_read (self->mirror, step->approval->sha256, error);

      return bytes != NULL && kab_client_upload_host (self->client, bytes, self->cancellable, error);
    }

  if (!kab_published_has (self->mirror, step->approval->sha256))
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_FAILED, "the copy of %s is gone", step->approval->package);
      return FALSE;
    }
  path = kab_published_dup_path (self->mirror, step->approval->sha256);
  name = kab_client_upload_package (self->client, path, self->cancellable, error);

  return name != NULL;
}

gboolean
kab_package_deed_stops (const GError *error)
{
  return g_error_matches (error, KAB_ERROR, KAB_ERROR_NETWORK) || g_error_matches (error, KAB_ERROR, KAB_ERROR_AUTH) ||
         g_error_matches (error, KAB_ERROR, KAB_ERROR_UNTRUSTED) || g_error_matches (error, KAB_ERROR, KAB_ERROR_STORAGE) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
report (KabPackageDeed *self,
        const char     *word,
        guint           i)
{
  kab_job_report (KAB_JOB (self->job), self->is_quiet ? "waiting" : word, i, self->entry->steps->len);
}

static void
show (KabPackageDeed *self,
      KabJournalStep *step)
{
  static const KabPackageStepState shown[] = {
    [KAB_STEP_PLANNED] = KAB_PACKAGE_STEP_WAITING, [KAB_STEP_BEGUN] = KAB_PACKAGE_STEP_RUNNING,
    [KAB_STEP_DONE] = KAB_PACKAGE_STEP_DONE, [KAB_STEP_FAILED] = KAB_PACKAGE_STEP_FAILED,
    [KAB_STEP_OVERTAKEN] = KAB_PACKAGE_STEP_OVERTAKEN, [KAB_STEP_LEFT] = KAB_PACKAGE_STEP_LEFT,
  };

  if (!self->is_quiet)
    kab_package_job_show_row (self->job, step->row, shown[step->state], step->message, NULL);
}

static gboolean
note (KabPackageDeed  *self,
      guint            i,
      KabStepState     state,
      const char      *message,
      GError         **error)
{
  KabJournalStep *step = self->entry->steps->pdata[i];

  step->state = state;
  if (message != NULL)
    kab_replace_text (&step->message, message);
  show (self, step);

  return kab_ledger_note_step (self->ledger, self->entry, i, error);
}

/* What is there instead, for people to look at. */
static void
tell_conflict (KabPackageDeed *self,
               KabJournalStep *step,
               KabPackage     *other)
{
  KabPackageConflict *conflict = g_new0 (KabPackageConflict, 1);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(KabRulesDocument) document = NULL;

  conflict->package = g_strdup (step->approval->package);
  conflict->version = g_strdup (other != NULL ? kab_package_get_version (other) : "");
  conflict->maturity = g_strdup (other != NULL ? kab_package_get_maturity (other) : "");
  conflict->package_uuid = g_strdup (other != NULL ? kab_package_get (other, "package_uuid") : "");
  conflict->signer = g_strdup (other != NULL ? kab_package_get (other, "signer") : "");
  conflict->signed_at = other != NULL ? kab_wire_parse_time (kab_package_get (other, "signature_date"), -1) : 0;
  bytes = other != NULL ? kab_package_deed_download (self, other, NULL) : NULL;
  document = bytes != NULL ? kab_rules_package_read_bytes (bytes, NULL, NULL) : NULL;
  conflict->text = document != NULL ? kab_rules_document_to_text (document) : NULL;
  kab_package_job_take_conflict (self->job, conflict);
}

static gboolean
upload (KabPackageDeed  *self,
        guint            i,
        GError         **error)
{
  KabJournalStep *step = self->entry->steps->pdata[i];
  g_autoptr(KabPackage) other = NULL;
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GError) check_error = NULL;
  KabSeen seen;

  report (self, "uploading", i);
  if (!kab_package_deed_look (self, step, &seen, &other, error))
    return FALSE;
  if (seen == KAB_SEEN_OTHER)
    {
      if (!self->is_quiet && self->entry->steps->len <= 2 && !is_host (step))
        tell_conflict (self, step, other);
      return note (self, i, KAB_STEP_OVERTAKEN, "", error);
    }
  if (seen != KAB_SEEN_OURS)
    {
      if (!note (self, i, KAB_STEP_BEGUN, NULL, error))
        return FALSE;
      kab_journal_fault_point ("deed-before-upload");
      send_copy (self, step, &local_error);
      kab_journal_fault_point ("deed-after-upload");
      if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }

  /* Whatever it answered, what it has is what counts. */
  report (self, "checking", i);
  if (kab_package_deed_check (self, step, &check_error))
    return note (self, i, KAB_STEP_DONE, NULL, error);
  if (local_error == NULL || kab_package_deed_stops (check_error))
    {
      g_clear_error (&local_error);
      local_error = g_steal_pointer (&check_error);
    }
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* Every upload of the deed is on the server, so that nobody is left with neither. */
static gboolean
uploads_are_done (KabJournalEntry *entry)
{
  for (guint i = 0; i < entry->steps->len; i++)
    {
      KabJournalStep *step = entry->steps->pdata[i];

      if (step->kind == KAB_STEP_UPLOAD && step->state != KAB_STEP_DONE)
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_listed (KabPackageDeed  *self,
           const char      *file_name,
           gboolean        *listed,
           GError         **error)
{
  g_autoptr(GPtrArray) index = kab_package_deed_read_index (self, error);

  *listed = index != NULL && kab_package_index_find (index, "filename", file_name) != NULL;
  return index != NULL;
}

static gboolean
remove_file (KabPackageDeed  *self,
             guint            i,
             GError         **error)
{
  KabJournalStep *step = self->entry->steps->pdata[i];
  const char * const names[] = { step->file_name, NULL };
  g_autoptr(GError) local_error = NULL;
  gboolean listed;

  report (self, "deleting", i);
  if (!uploads_are_done (self->entry))
    return note (self, i, KAB_STEP_FAILED, "what takes its place is not on the server", error);
  if (!is_listed (self, step->file_name, &listed, error))
    return FALSE;
  if (listed)
    {
      if (!note (self, i, KAB_STEP_BEGUN, NULL, error))
        return FALSE;
      kab_journal_fault_point ("deed-before-delete");
      kab_client_delete_packages (self->client, names, self->cancellable, &local_error);
      kab_journal_fault_point ("deed-after-delete");
      if (local_error != NULL && kab_package_deed_stops (local_error))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      if (!is_listed (self, step->file_name, &listed, error))
        return FALSE;
    }

  return note (self, i, listed ? KAB_STEP_LEFT : KAB_STEP_DONE,
               listed && local_error != NULL ? local_error->message : "", error);
}

static gboolean
add_kept (KabPackageDeed  *self,
          KabJournalStep  *step,
          GError         **error)
{
  g_autoptr(KabApproval) kept = kab_approval_new ("");

  kab_replace_text (&kept->package, kab_package_deed_get_name (step));
  kab_replace_text (&kept->version, step->approval->version);
  kab_replace_text (&kept->maturity, step->approval->maturity);
  kab_replace_text (&kept->package_uuid, step->approval->package_uuid);
  kab_replace_text (&kept->signer, step->approval->signer);
  kab_replace_text (&kept->signer_fingerprint, step->approval->signer_fingerprint);
  kab_replace_text (&kept->sha256, step->approval->sha256);
  kept->at = self->entry->begun_at;

  return kab_ledger_add_kept (self->ledger, kept, error);
}

/* Copies of what went out are kept for good, those of what did not are dropped. */
static gboolean
settle_copies (KabPackageDeed  *self,
               GError         **error)
{
  for (guint i = 0; i < self->entry->steps->len; i++)
    {
      KabJournalStep *step = self->entry->steps->pdata[i];

      if (step->kind != KAB_STEP_UPLOAD)
        continue;
      if (step->state == KAB_STEP_DONE)
        {
          if (!add_kept (self, step, error))
            return FALSE;
        }
      else if (!kab_ledger_has_kept (self->ledger, step->approval->sha256))
        {
          kab_published_forget (self->mirror, step->approval->sha256);
        }
    }

  return TRUE;
}

/* A file that had to go and is still there is named where the deed is remembered. */
static void
name_left (KabPackageDeed *self)
{
  KabJournalStep *first = self->entry->steps->pdata[0];

  for (guint i = 0; i < self->entry->steps->len; i++)
    {
      KabJournalStep *step = self->entry->steps->pdata[i];

      if (step->state != KAB_STEP_LEFT)
        continue;
      if (!self->is_quiet)
        kab_package_job_add_left (self->job, step->file_name);
      if (first->state == KAB_STEP_DONE)
        {
          g_autofree char *words = g_strconcat ("left on the server, as the account may not delete it: ",
                                                step->file_name, NULL);

          kab_package_deed_add_note (first, words);
        }
    }
}

static gboolean
end (KabPackageDeed  *self,
     GError         **error)
{
  report (self, "saving", self->entry->steps->len);
  name_left (self);
  if (!settle_copies (self, error) ||
      !kab_ledger_end_deed (self->ledger, self->entry, g_get_real_time () / G_USEC_PER_SEC, error))
    return FALSE;

  for (guint i = 0; i < self->entry->steps->len && !self->is_quiet; i++)
    {
      KabJournalStep *step = self->entry->steps->pdata[i];

      if (step->state == KAB_STEP_DONE && *step->approval->deed != '\0')
        kab_package_job_add_approval (self->job, step->approval);
    }

  return TRUE;
}

static guint
count_steps (KabJournalEntry *entry,
             KabStepState     state)
{
  guint n = 0;

  for (guint i = 0; i < entry->steps->len; i++)
    n += ((KabJournalStep *) entry->steps->pdata[i])->state == state;

  return n;
}

/* What has not begun does not begin any more; a removal whose upload is there still has to come. */
static void
give_up (KabPackageDeed *self,
         gboolean        all,
         const char     *message)
{
  gboolean keeps_removals = !all && uploads_are_done (self->entry) &&
                            ((KabJournalStep *) self->entry->steps->pdata[0])->kind == KAB_STEP_UPLOAD;

  for (guint i = 0; i < self->entry->steps->len; i++)
    {
      KabJournalStep *step = self->entry->steps->pdata[i];

      if ((step->state != KAB_STEP_PLANNED && !(all && step->state == KAB_STEP_BEGUN)) ||
          (keeps_removals && step->kind == KAB_STEP_DELETE))
        continue;
      step->state = KAB_STEP_FAILED;
      kab_replace_text (&step->message, message);
      show (self, step);
    }
}

/* It broke off: closed when nothing is in doubt, else left for the next start. The error is the caller's. */
static void
break_off (KabPackageDeed *self,
           const GError   *reason)
{
  gboolean is_cancelled = g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  gboolean has_changed = count_steps (self->entry, KAB_STEP_DONE) + count_steps (self->entry, KAB_STEP_BEGUN) > 0;
  g_autoptr(GError) error = NULL;

  if (is_cancelled || !has_changed)
    {
      give_up (self, FALSE, is_cancelled ? "cancelled" : reason->message);
      if (!kab_ledger_note_step (self->ledger, self->entry, G_MAXUINT, &error))
        g_info ("journal: %s", error->message);
    }
  if (error == NULL &&
      count_steps (self->entry, KAB_STEP_BEGUN) + count_steps (self->entry, KAB_STEP_PLANNED) == 0 && !end (self, &error))
    g_info ("journal: %s", error->message);
}

/* Does what is left to do. */
static gboolean
carry_out (KabPackageDeed  *self,
           GError         **error)
{
  g_autoptr(GError) first = NULL;

  for (guint i = 0; i < self->entry->steps->len; i++)
    {
      KabJournalStep *step = self->entry->steps->pdata[i];
      g_autoptr(GError) local_error = NULL;

      if (step->state != KAB_STEP_PLANNED && step->state != KAB_STEP_BEGUN)
        continue;
      if (step->kind == KAB_STEP_UPLOAD ? upload (self, i, &local_error) : remove_file (self, i, &local_error))
        continue;
      if (kab_package_deed_stops (local_error))
        {
          break_off (self, local_error);
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      g_info ("%s %s: %s", self->entry->deed, step->approval->package, local_error->message);
      if (!note (self, i, KAB_STEP_FAILED, local_error->message, error))
        return FALSE;
      if (first == NULL)
        first = g_steal_pointer (&local_error);
    }
  if (!end (self, error))
    return FALSE;
  if (count_steps (self->entry, KAB_STEP_DONE) > 0)
    return TRUE;

  if (first == NULL && count_steps (self->entry, KAB_STEP_OVERTAKEN) > 0)
    g_set_error (&first, KAB_ERROR, KAB_ERROR_CONFLICT, "%s is not on the server any more as it was",
                 ((KabJournalStep *) self->entry->steps->pdata[0])->approval->package);
  if (first == NULL)
    g_set_error_literal (&first, KAB_ERROR, KAB_ERROR_REFUSED, "this account may not delete packages");
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

gboolean
kab_package_steps_run (KabPackageDeed  *self,
                       GError         **error)
{
  self->entry->begun_at = g_get_real_time () / G_USEC_PER_SEC;

  return kab_package_deed_connect (self, error) &&
         kab_ledger_begin_deed (self->ledger, self->entry, error) &&
         carry_out (self, error);
}

/* Did anything of it arrive? */
static gboolean
has_begun (KabPackageDeed  *self,
           gboolean        *begun,
           GError         **error)
{
  *begun = count_steps (self->entry, KAB_STEP_DONE) > 0;
  for (guint i = 0; i < self->entry->steps->len && !*begun; i++)
    {
      KabJournalStep *step = self->entry->steps->pdata[i];
      gboolean listed = TRUE;
      KabSeen seen = KAB_SEEN_OTHER;

      if (step->state != KAB_STEP_BEGUN)
        continue;
      if (step->kind == KAB_STEP_UPLOAD ? !kab_package_deed_look (self, step, &seen, NULL, error)
                                        : !is_listed (self, step->file_name, &listed, error))
        return FALSE;
      *begun = seen == KAB_SEEN_OURS || seen == KAB_SEEN_HALF || !listed;
    }

  return TRUE;
}

static gboolean
resume_one (KabPackageDeed  *self,
            GError         **error)
{
  g_autoptr(GError) local_error = NULL;
  gboolean begun;

  if (!has_begun (self, &begun, error))
    return FALSE;

  g_info ("journal: a deed (%s) broke off and is %s", self->entry->deed, begun ? "finished" : "undone");
  if (!begun)
    {
      give_up (self, TRUE, "undone: nothing of it had reached the server");
      return kab_ledger_note_step (self->ledger, self->entry, G_MAXUINT, error) && end (self, error);
    }
  /* That a target has failed is told by its row, and does not keep others from being finished. */
  if (carry_out (self, &local_error) || !kab_package_deed_stops (local_error))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

gboolean
kab_package_steps_resume (KabPackageDeed  *self,
                          gboolean         shows_rows,
                          GError         **error)
{
  g_autoptr(GPtrArray) entries = kab_ledger_read_open_deeds (self->ledger, error);
  KabJournalEntry *own = self->entry;
  gboolean good = entries != NULL;

  if (entries != NULL && entries->len > 0)
    good = kab_package_deed_connect (self, error);

  self->is_quiet = !shows_rows;
  for (guint i = 0; good && i < entries->len; i++)
    {
      self->entry = entries->pdata[i];
      for (guint j = 0; j < self->entry->steps->len; j++)
        {
          KabJournalStep *step = self->entry->steps->pdata[j];

          step->row = shows_rows ? kab_package_job_add_row (self->job, *step->approval->target != '\0'
                                                                         ? step->approval->target : step->file_name,
                                                            step->approval->package)
                                 : G_MAXUINT;
          show (self, step);
        }
      good = resume_one (self, error);
    }
  self->is_quiet = FALSE;
  self->entry = own;

  return good;
}
