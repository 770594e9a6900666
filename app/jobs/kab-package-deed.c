/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-package-deed.h"

#include <string.h>

#include "kab-client-upload.h"
#include "kab-error.h"
#include "kab-package-index.h"
#include "kab-published.h"
#include "kab-signing.h"
#include "kab-trigger-private.h"
#include "kab-version.h"
#include "kab-wire.h"

gboolean
kab_package_deed_connect (KabPackageDeed  *self,
                          GError         **error)
{
  if (self->client == NULL)
    {
      kab_job_report (KAB_JOB (self->job), "connecting", 0, 0);
      self->client = kab_sign_in_reuse (self->sign_in, self->cancellable, error);
    }

  return self->client != NULL;
}

KabSigner *
kab_package_deed_get_signer (KabPackageDeed  *self,
                             GError         **error)
{
  if (self->signer == NULL)
    self->signer = kab_trigger_load_signer (kab_sign_in_get_profile (self->sign_in), self->cancellable, error);

  return self->signer;
}

/* Whom we trust: the profile's signing certificate and the key that signs now; what their chains hold counts with them. */
static GPtrArray *
get_trusted (KabPackageDeed *self)
{
  if (self->trusted != NULL)
    return self->trusted;

  self->trusted = kab_signing_load_trusted (kab_sign_in_get_profile (self->sign_in));
  if (self->signer != NULL)
    g_ptr_array_add (self->trusted, g_object_ref (kab_signer_get_certificate (self->signer)));

  return self->trusted;
}

GPtrArray *
kab_package_deed_read_index (KabPackageDeed  *self,
                             GError         **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GBytes) bytes = NULL;

  if (!kab_package_deed_connect (self, error))
    return NULL;

  bytes = kab_client_read_index (self->client, NULL, NULL, self->cancellable, &local_error);
  if (bytes != NULL)
    return kab_package_index_read (bytes, error);
  if (g_error_matches (local_error, KAB_ERROR, KAB_ERROR_NOT_FOUND))
    return g_ptr_array_new_with_free_func (g_object_unref);      /* a server without any package */

  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

KabPackage *
kab_package_index_find_newest (GPtrArray  *index,
                               const char *name)
{
  KabPackage *newest = NULL;

  for (guint i = 0; i < index->len; i++)
    {
      KabPackage *package = index->pdata[i];

      if (strcmp (kab_package_get_name (package), name) == 0 &&
          (newest == NULL || kab_package_compare (package, newest) > 0))
        newest = package;
    }

  return newest;
}

KabPackage *
kab_package_index_find (GPtrArray  *index,
                        const char *attribute,
                        const char *value)
{
  for (guint i = 0; i < index->len; i++)
    {
      if (strcmp (kab_package_get (index->pdata[i], attribute), value) == 0)
        return index->pdata[i];
    }

  return NULL;
}

KabPackage *
kab_package_index_find_same (GPtrArray  *index,
                             KabPackage *package,
                             const char *maturity)
{
  static const char * const keys[] = { "package", "version", "architecture", "locale" };

  for (guint i = 0; i < index->len; i++)
    {
      gboolean same = strcmp (kab_package_get_maturity (index->pdata[i]), maturity) == 0;

      for (guint j = 0; j < G_N_ELEMENTS (keys) && same; j++)
        same = strcmp (kab_package_get (index->pdata[i], keys[j]), kab_package_get (package, keys[j])) == 0;
      if (same)
        return index->pdata[i];
    }

  return NULL;
}

gboolean
kab_package_deed_judge (KabPackageDeed    *self,
                        KabPackageReader  *reader,
                        KabPackageVerdict *verdict,
                        GError           **error)
{
  KabPackage *package = kab_package_reader_get_package (reader);
  g_autoptr(KabSignature) signature = NULL;

  memset (verdict, 0, sizeof *verdict);
  signature = kab_package_reader_verify (reader, get_trusted (self), g_get_real_time () / G_USEC_PER_SEC);
  if (signature->status == KAB_SIGNATURE_EXPIRED && signature->signer != NULL)
    {
      /* Whom we trusted while his certificate was good. */
      gint64 then = signature->signer->not_after;

      verdict->is_expired = TRUE;
      g_clear_pointer (&signature, kab_signature_free);
      signature = kab_package_reader_verify (reader, get_trusted (self), then);
    }
  if (signature->status == KAB_SIGNATURE_TRUSTED || signature->status == KAB_SIGNATURE_UNTRUSTED ||
      signature->status == KAB_SIGNATURE_EXPIRED)
    {
      verdict->signer = g_strdup (signature->signer != NULL ? signature->signer->name : "");
      verdict->fingerprint = g_strdup (signature->signer != NULL ? signature->signer->fingerprint : "");
      verdict->is_trusted = signature->status == KAB_SIGNATURE_TRUSTED ||
                            kab_package_job_accepts (self->job, verdict->fingerprint);
      return TRUE;
    }

  g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_SIGNATURE, "%s %s: %s", kab_package_get_name (package),
               kab_package_get_version (package), signature->detail != NULL ? signature->detail : "not signed");
  return FALSE;
}

void
kab_package_verdict_clear (KabPackageVerdict *verdict)
{
  g_clear_pointer (&verdict->signer, g_free);
  g_clear_pointer (&verdict->fingerprint, g_free);
}

gboolean
kab_package_deed_judge_trusted (KabPackageDeed    *self,
                                KabPackageReader  *reader,
                                GError           **error)
{
  KabPackage *package = kab_package_reader_get_package (reader);
  g_auto(KabPackageVerdict) verdict = { 0 };
  guint row;

  if (!kab_package_deed_judge (self, reader, &verdict, error))
    return FALSE;
  if (verdict.is_trusted)
    return TRUE;

  row = kab_package_job_add_row (self->job, kab_package_get_name (package), NULL);
  kab_package_job_show_row (self->job, row, KAB_PACKAGE_STEP_UNTRUSTED, verdict.signer, verdict.fingerprint);
  g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_SIGNATURE, "%s %s is signed by %s, who is not trusted here",
               kab_package_get_name (package), kab_package_get_version (package), verdict.signer);
  return FALSE;
}

char *
kab_package_deed_dup_next_version (KabPackageDeed  *self,
                                   GPtrArray       *index,
                                   const char      *name,
                                   const char      *base,
                                   GError         **error)
{
  g_autoptr(GPtrArray) published = kab_ledger_read_approvals (self->ledger, name, 0, error);
  g_autoptr(GPtrArray) kept = published != NULL ? kab_ledger_read_kept (self->ledger, name, error) : NULL;
  const char *highest = base != NULL && *base != '\0' ? base : "0";
  char *next;

  if (kept == NULL)
    return NULL;
  for (guint i = 0; index != NULL && i < index->len; i++)
    if (strcmp (kab_package_get_name (index->pdata[i]), name) == 0 &&
        kab_version_compare (kab_package_get_version (index->pdata[i]), highest) > 0)
      highest = kab_package_get_version (index->pdata[i]);
  for (guint i = 0; i < published->len + kept->len; i++)
    {
      KabApproval *approval = i < published->len ? published->pdata[i] : kept->pdata[i - published->len];

      /* An assignment tells the version of the target's package. */
      if (*approval->target == '\0' && kab_version_compare (approval->version, highest) > 0)
        highest = approval->version;
    }

  next = kab_version_dup_next (highest);
  if (next == NULL)
    g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "%s: no version comes after %s", name, highest);
  return next;
}

void
kab_package_deed_add_note (KabJournalStep *step,
                           const char     *words)
{
  g_autofree char *before = g_steal_pointer (&step->approval->note);

  step->approval->note = g_strconcat (before, *before != '\0' ? "\n" : "", words, NULL);
}

const char *
kab_package_deed_get_name (const KabJournalStep *step)
{
  const char *blank = strchr (step->approval->target, ' ');

  return blank != NULL ? blank + 1 : step->approval->package;
}

static void
describe (KabApproval *approval,
          KabPackage  *package,
          const char  *sha256)
{
  kab_replace_text (&approval->package, kab_package_get_name (package));
  kab_replace_text (&approval->version, kab_package_get_version (package));
  kab_replace_text (&approval->maturity, kab_package_get_maturity (package));
  kab_replace_text (&approval->package_uuid, kab_package_get (package, "package_uuid"));
  kab_replace_text (&approval->signer, kab_package_get (package, "signer"));
  kab_replace_text (&approval->signer_fingerprint, kab_package_get (package, "signer_fingerprint"));
  kab_replace_text (&approval->sha256, sha256);
}

KabJournalStep *
kab_package_deed_add_upload (KabPackageDeed  *self,
                             GBytes          *bytes,
                             const char      *expected,
                             guint            row,
                             GError         **error)
{
  g_autoptr(KabPackageReader) reader = kab_package_reader_open_bytes (bytes, error);
  g_autofree char *sha256 = NULL;
  KabJournalStep *step;
  KabPackage *package;

  if (reader == NULL)
    return NULL;
  sha256 = kab_published_keep (self->mirror, bytes, error);
  if (sha256 == NULL)
    return NULL;

  package = kab_package_reader_get_package (reader);
  step = kab_journal_entry_add (self->entry, KAB_STEP_UPLOAD);
  step->section = g_strdup (kab_package_get_section (package));
  step->expected = g_strdup (expected);
  step->file_name = kab_package_dup_file_name (package, NULL);
  step->row = row;
  describe (step->approval, package, sha256);
  kab_package_job_fill_approval (self->job, self, step->approval);

  return step;
}

char *
kab_package_deed_keep (KabPackageDeed  *self,
                       GBytes          *bytes,
                       KabPackage      *package,
                       GError         **error)
{
  g_autoptr(KabApproval) kept = kab_approval_new ("");
  g_autofree char *sha256 = kab_published_keep (self->mirror, bytes, error);

  if (sha256 == NULL)
    return NULL;

  describe (kept, package, sha256);
  kept->at = kab_wire_parse_time (kab_package_get (package, "signature_date"), -1);

  return kab_ledger_add_kept (self->ledger, kept, error) ? g_steal_pointer (&sha256) : NULL;
}

KabJournalStep *
kab_package_deed_add_delete (KabPackageDeed *self,
                             KabPackage     *record,
                             const char     *sha256,
                             guint           row)
{
  KabJournalStep *step = kab_journal_entry_add (self->entry, KAB_STEP_DELETE);

  step->section = g_strdup (kab_package_get_section (record));
  step->file_name = g_strdup (kab_package_get (record, "filename"));
  step->row = row;
  describe (step->approval, record, sha256);
  kab_replace_text (&step->approval->deed, "delete");
  kab_replace_text (&step->approval->file_name, step->file_name);
  kab_package_job_fill_approval (self->job, self, step->approval);
  if (sha256 == NULL)
    kab_package_deed_add_note (step, "no copy is kept");

  return step;
}

char *
kab_package_deed_dup_host_file (const char *uuid)
{
  g_autoptr(GHashTable) attributes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(KabPackage) package = NULL;

  g_hash_table_insert (attributes, g_strdup ("package"), g_strdup (uuid));
  g_hash_table_insert (attributes, g_strdup ("section"), g_strdup ("host"));
  package = kab_package_new (attributes);

  return kab_package_dup_file_name (package, NULL);
}
