/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-package-job.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "kab-error.h"
#include "kab-package-deed.h"
#include "kab-package-rows.h"
#include "kab-published.h"

#define LOCK_BEAT_US (100 * 1000)

typedef struct {
  KabSignIn          *sign_in;
  KabMirror          *mirror;
  char               *kind;
  KabSigner          *signer;       /* (nullable) */
  char               *reason;
  char               *note;
  char               *gate;
  char               *out;          /* (nullable) */
  GHashTable         *accepted;     /* (element-type utf8): fingerprints */

  KabPackageRows     *rows;
  GMutex              lock;
  char               *subject;      /* (nullable): known better than at the beginning; under the lock */
  GPtrArray          *approvals;
  GPtrArray          *left;         /* NULL-terminated when it is asked for */
  KabPackageConflict *conflict;
} KabPackageJobPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (KabPackageJob, kab_package_job, KAB_TYPE_JOB)

static KabPackageJobPrivate *
get_private (KabPackageJob *self)
{
  return kab_package_job_get_instance_private (self);
}

static void
conflict_free (KabPackageConflict *conflict)
{
  g_free (conflict->package);
  g_free (conflict->version);
  g_free (conflict->maturity);
  g_free (conflict->package_uuid);
  g_free (conflict->signer);
  g_free (conflict->text);
  g_free (conflict);
}

static void
kab_package_job_finalize (GObject *object)
{
  KabPackageJobPrivate *self = get_private (KAB_PACKAGE_JOB (object));

  g_clear_object (&self->sign_in);
  g_clear_object (&self->mirror);
  g_clear_object (&self->signer);
  g_free (self->kind);
  g_free (self->reason);
  g_free (self->note);
  g_free (self->gate);
  g_free (self->out);
  g_hash_table_unref (self->accepted);
  kab_package_rows_free (self->rows);
  g_free (self->subject);
  g_ptr_array_unref (self->approvals);
  g_ptr_array_unref (self->left);
  g_clear_pointer (&self->conflict, conflict_free);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (kab_package_job_parent_class)->finalize (object);
}

static const char *
kab_package_job_get_kind (KabJob *job)
{
  return get_private (KAB_PACKAGE_JOB (job))->kind;
}

static void
kab_package_job_publish (KabJob *job)
{
  KabPackageJobPrivate *self = get_private (KAB_PACKAGE_JOB (job));
  g_autofree char *subject = NULL;

  g_mutex_lock (&self->lock);
  subject = g_steal_pointer (&self->subject);
  g_mutex_unlock (&self->lock);
  if (subject != NULL)
    kab_job_set_subject (job, subject);
  kab_package_rows_publish (self->rows);
}

/* One deed at a time on one ledger, whichever program does it: so whatever is open in the journal is nobody's. */
static gboolean
take_lock (KabPackageDeed  *deed,
           GError         **error)
{
  g_autofree char *folder = kab_published_dup_folder (deed->mirror);
  g_autofree char *path = g_build_filename (folder, "lock", NULL);

  if (g_mkdir_with_parents (folder, 0700) != 0 || (deed->lock = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600)) < 0)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, "%s: %s", path, g_strerror (errno));
      return FALSE;
    }
  while (flock (deed->lock, LOCK_EX | LOCK_NB) != 0)
    {
      if (errno != EWOULDBLOCK && errno != EINTR)
        {
          g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, "%s: %s", path, g_strerror (errno));
          return FALSE;
        }
      if (g_cancellable_set_error_if_cancelled (deed->cancellable, error))
        return FALSE;
      g_usleep (LOCK_BEAT_US);
    }

  return TRUE;
}

/* The signed packages as files: one as @out, several in the folder @out. */
static gboolean
save_all (KabPackageJobPrivate  *self,
          KabPackageDeed        *deed,
          GError               **error)
{
  guint n_uploads = 0;

  for (guint i = 0; i < deed->entry->steps->len; i++)
    n_uploads += ((KabJournalStep *) deed->entry->steps->pdata[i])->kind == KAB_STEP_UPLOAD;

  for (guint i = 0; i < deed->entry->steps->len; i++)
    {
      KabJournalStep *step = deed->entry->steps->pdata[i];
      g_autoptr(GBytes) bytes = NULL;
      g_autofree char *path = NULL;
      gsize size;
      const char *data;

      if (step->kind != KAB_STEP_UPLOAD)
        continue;
      bytes = kab_published_read (deed->mirror, step->approval->sha256, error);
      if (bytes == NULL)
        return FALSE;
      if (n_uploads > 1 || g_file_test (self->out, G_FILE_TEST_IS_DIR))
        path = g_build_filename (self->out, step->file_name, NULL);
      else
        path = g_strdup (self->out);
      data = g_bytes_get_data (bytes, &size);
      if (!g_file_set_contents_full (path, data, (gssize) size, G_FILE_SET_CONTENTS_CONSISTENT, 0644, error))
        return FALSE;
      kab_package_job_show_row (deed->job, step->row, KAB_PACKAGE_STEP_DONE, NULL, NULL);
      if (!kab_ledger_has_kept (deed->ledger, step->approval->sha256))
        kab_published_forget (deed->mirror, step->approval->sha256);
    }

  return TRUE;
}

static gboolean
run_locked (KabPackageJob   *job,
            KabPackageDeed  *deed,
            GError         **error)
{
  KabPackageJobPrivate *self = get_private (job);

  deed->ledger = kab_mirror_open_ledger (deed->mirror, error);
  if (deed->ledger == NULL)
    return FALSE;

  /* What broke off before comes first: it may be about the same package. */
  if ((!deed->saves && KAB_PACKAGE_JOB_GET_CLASS (job)->undo != NULL && !kab_package_steps_resume (deed, FALSE, error)) ||
      !KAB_PACKAGE_JOB_GET_CLASS (job)->prepare (job, deed, error))
    return FALSE;
  if (deed->saves)
    return save_all (self, deed, error);

  return deed->entry->steps->len == 0 || kab_package_steps_run (deed, error);
}

static gboolean
kab_package_job_run (KabJob        *job,
                     GCancellable  *cancellable,
                     GError       **error)
{
  KabPackageJobPrivate *self = get_private (KAB_PACKAGE_JOB (job));
  KabPackageDeed deed = { 0 };
  gboolean good;

  deed.job = KAB_PACKAGE_JOB (job);
  deed.sign_in = self->sign_in;
  deed.mirror = self->mirror;
  deed.cancellable = cancellable;
  deed.signer = self->signer != NULL ? g_object_ref (self->signer) : NULL;
  deed.entry = kab_journal_entry_new (self->kind);
  deed.saves = self->out != NULL;
  deed.lock = -1;

  kab_job_report (job, "waiting", 0, 0);
  good = take_lock (&deed, error) && run_locked (KAB_PACKAGE_JOB (job), &deed, error);

  if (deed.lock >= 0)
    close (deed.lock);
  g_clear_pointer (&deed.ledger, kab_ledger_close);
  g_clear_pointer (&deed.entry, kab_journal_entry_free);
  g_clear_pointer (&deed.trusted, g_ptr_array_unref);
  g_clear_object (&deed.client);
  g_clear_object (&deed.signer);

  return good;
}

static void
kab_package_job_class_init (KabPackageJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_package_job_finalize;
  KAB_JOB_CLASS (klass)->kind = "package";
  KAB_JOB_CLASS (klass)->get_kind = kab_package_job_get_kind;
  KAB_JOB_CLASS (klass)->run = kab_package_job_run;
  KAB_JOB_CLASS (klass)->publish = kab_package_job_publish;
}

static void
kab_package_job_init (KabPackageJob *object)
{
  KabPackageJobPrivate *self = get_private (object);

  self->reason = g_strdup ("");
  self->note = g_strdup ("");
  self->gate = g_strdup ("");
  self->accepted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->rows = kab_package_rows_new ();
  self->approvals = g_ptr_array_new_with_free_func (g_object_unref);
  self->left = g_ptr_array_new_null_terminated (0, g_free, TRUE);
  g_mutex_init (&self->lock);
}

void
kab_package_job_set_up (KabPackageJob *job,
                        KabSignIn     *sign_in,
                        KabMirror     *mirror,
                        const char    *kind,
                        const char    *subject)
{
  KabPackageJobPrivate *self = get_private (job);

  self->sign_in = g_object_ref (sign_in);
  self->mirror = g_object_ref (mirror);
  self->kind = g_strdup (kind);
  kab_job_set_subject (KAB_JOB (job), subject);
}

KabSignIn *
kab_package_job_get_sign_in (KabPackageJob *job)
{
  return get_private (job)->sign_in;
}

KabMirror *
kab_package_job_get_mirror (KabPackageJob *job)
{
  return get_private (job)->mirror;
}

const char *
kab_package_job_get_reason (KabPackageJob *job)
{
  return get_private (job)->reason;
}

void
kab_package_job_set_signer (KabPackageJob *job,
                            KabSigner     *signer)
{
  g_return_if_fail (KAB_IS_PACKAGE_JOB (job));

  g_set_object (&get_private (job)->signer, signer);
}

void
kab_package_job_set_reason (KabPackageJob *job,
                            const char    *reason)
{
  g_return_if_fail (KAB_IS_PACKAGE_JOB (job));

  kab_replace_text (&get_private (job)->reason, reason);
}

void
kab_package_job_set_note (KabPackageJob *job,
                          const char    *note)
{
  g_return_if_fail (KAB_IS_PACKAGE_JOB (job));

  kab_replace_text (&get_private (job)->note, note);
}

void
kab_package_job_accept_signer (KabPackageJob *job,
                               const char    *fingerprint)
{
  g_return_if_fail (KAB_IS_PACKAGE_JOB (job));
  g_return_if_fail (fingerprint != NULL);

  g_hash_table_add (get_private (job)->accepted, g_ascii_strdown (fingerprint, -1));
}

gboolean
kab_package_job_accepts (KabPackageJob *job,
                         const char    *fingerprint)
{
  return *fingerprint != '\0' && g_hash_table_contains (get_private (job)->accepted, fingerprint);
}

void
kab_package_job_set_out (KabPackageJob *job,
                         const char    *path)
{
  g_return_if_fail (KAB_IS_PACKAGE_JOB (job));

  kab_set_text (&get_private (job)->out, path);
}

void
kab_package_job_set_gate_text (KabPackageJob *job,
                               const char    *gate)
{
  kab_replace_text (&get_private (job)->gate, gate);
}

void
kab_package_job_name (KabPackageJob *job,
                      const char    *package,
                      const char    *version)
{
  KabPackageJobPrivate *self = get_private (job);

  g_mutex_lock (&self->lock);
  g_free (self->subject);
  self->subject = g_strdup_printf ("%s %s", package, version);
  g_mutex_unlock (&self->lock);
  kab_job_wake (KAB_JOB (job));
}

guint
kab_package_job_add_row (KabPackageJob *job,
                         const char    *id,
                         const char    *name)
{
  guint row = kab_package_rows_add (get_private (job)->rows, id, name);

  kab_job_wake (KAB_JOB (job));

  return row;
}

void
kab_package_job_show_row (KabPackageJob       *job,
                          guint                row,
                          KabPackageStepState  state,
                          const char          *message,
                          const char          *signer)
{
  kab_package_rows_set (get_private (job)->rows, row, state, message, signer);
  kab_job_wake (KAB_JOB (job));
}

void
kab_package_job_add_left (KabPackageJob *job,
                          const char    *file_name)
{
  g_ptr_array_add (get_private (job)->left, g_strdup (file_name));
}

void
kab_package_job_take_conflict (KabPackageJob      *job,
                               KabPackageConflict *conflict)
{
  KabPackageJobPrivate *self = get_private (job);

  g_clear_pointer (&self->conflict, conflict_free);
  self->conflict = conflict;
}

void
kab_package_job_add_approval (KabPackageJob *job,
                              KabApproval   *approval)
{
  g_ptr_array_add (get_private (job)->approvals, g_object_ref (approval));
}

void
kab_package_job_fill_approval (KabPackageJob  *job,
                               KabPackageDeed *deed,
                               KabApproval    *approval)
{
  KabPackageJobPrivate *self = get_private (job);
  g_autofree char *person = g_strdup_printf ("%s@%s", g_get_user_name (), g_get_host_name ());

  kab_replace_text (&approval->who, deed->client != NULL ? kab_client_get_info (deed->client)->user : NULL);
  kab_replace_text (&approval->person, person);
  kab_replace_text (&approval->reason, self->reason);
  kab_replace_text (&approval->gate, self->gate);
  kab_replace_text (&approval->note, self->note);
}

GListModel *
kab_package_job_get_rows (KabPackageJob *job)
{
  g_return_val_if_fail (KAB_IS_PACKAGE_JOB (job), NULL);

  return kab_package_rows_get_list (get_private (job)->rows);
}

guint
kab_package_job_count (KabPackageJob       *job,
                       KabPackageStepState  state)
{
  g_return_val_if_fail (KAB_IS_PACKAGE_JOB (job), 0);

  return kab_package_rows_count (get_private (job)->rows, state);
}

GPtrArray *
kab_package_job_get_approvals (KabPackageJob *job)
{
  g_return_val_if_fail (KAB_IS_PACKAGE_JOB (job), NULL);

  return get_private (job)->approvals;
}

const char * const *
kab_package_job_get_left (KabPackageJob *job)
{
  g_return_val_if_fail (KAB_IS_PACKAGE_JOB (job), NULL);

  return get_private (job)->left->len > 0 ? (gpointer) get_private (job)->left->pdata : NULL;
}

const KabPackageConflict *
kab_package_job_get_conflict (KabPackageJob *job)
{
  g_return_val_if_fail (KAB_IS_PACKAGE_JOB (job), NULL);

  return get_private (job)->conflict;
}

KabPackageJob *
kab_package_job_undo (KabPackageJob *job)
{
  g_return_val_if_fail (KAB_IS_PACKAGE_JOB (job), NULL);

  if (get_private (job)->approvals->len == 0 || KAB_PACKAGE_JOB_GET_CLASS (job)->undo == NULL)
    return NULL;
  return KAB_PACKAGE_JOB_GET_CLASS (job)->undo (job);
}
