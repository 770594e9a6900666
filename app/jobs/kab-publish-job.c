/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-publish-job.h"

#include <string.h>

#include "kab-client-upload.h"
#include "kab-client.h"
#include "kab-delete-package-job.h"
#include "kab-error.h"
#include "kab-package-deed.h"
#include "kab-promote-job.h"
#include "kab-published.h"
#include "kab-rules-document.h"
#include "kab-rules-package.h"
#include "kab-version.h"

typedef enum {
  SOURCE_DOCUMENT,
  SOURCE_FILES,
  SOURCE_KEPT,
} Source;

struct _KabPublishJob
{
  KabPackageJob     parent_instance;

  Source            source;
  KabRulesDocument *document;
  char            **names;          /* paths or SHA-256s */
  char             *draft_id;

  char             *previous;       /* SHA-256 of the copy of what was the newest before, NULL = there was none */
  char             *maturity;
  char             *version;
  char             *package_uuid;
};

G_DEFINE_FINAL_TYPE (KabPublishJob, kab_publish_job, KAB_TYPE_PACKAGE_JOB)

static void
kab_publish_job_finalize (GObject *object)
{
  KabPublishJob *self = KAB_PUBLISH_JOB (object);

  g_clear_object (&self->document);
  g_strfreev (self->names);
  g_free (self->draft_id);
  g_free (self->previous);
  g_free (self->maturity);
  g_free (self->version);
  g_free (self->package_uuid);

  G_OBJECT_CLASS (kab_publish_job_parent_class)->finalize (object);
}

/* A copy of what will be the version before, so that there is a way back whatever becomes of the server's files. */
static gboolean
keep_previous (KabPublishJob   *self,
               KabPackageDeed  *deed,
               KabPackage      *newest,
               GError         **error)
{
  g_autoptr(GBytes) bytes = kab_package_deed_download (deed, newest, error);

  self->previous = bytes != NULL ? kab_package_deed_keep (deed, bytes, newest, error) : NULL;
  return self->previous != NULL;
}

static gboolean
prepare_document (KabPublishJob   *self,
                  KabPackageDeed  *deed,
                  GError         **error)
{
  const char *name = kab_rules_document_get_name (self->document);
  const char *base_uuid = kab_rules_document_get_base_uuid (self->document);
  const char *base_version = kab_rules_document_get_base_version (self->document);
  KabSigner *signer = kab_package_deed_get_signer (deed, error);
  g_autoptr(GPtrArray) index = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *expected = NULL;
  KabPackage *newest = NULL;
  KabJournalStep *step;
  guint row;

  if (signer == NULL || !kab_rules_document_check (self->document, error))
    return FALSE;
  row = kab_package_job_add_row (deed->job, name, name);

  /* To save it nobody needs a server. */
  if (!deed->saves)
    {
      kab_job_report (KAB_JOB (self), "reading", 0, 0);
      index = kab_package_deed_read_index (deed, error);
      if (index == NULL)
        return FALSE;
      newest = kab_package_index_find_newest (index, name);
      if (newest != NULL && strcmp (kab_package_get (newest, "package_uuid"), base_uuid) == 0 &&
          !keep_previous (self, deed, newest, error))
        return FALSE;
    }
  self->version = kab_package_deed_dup_next_version (deed, index, name, base_version, error);
  if (self->version == NULL)
    return FALSE;

  kab_job_report (KAB_JOB (self), "signing", 0, 0);
  bytes = kab_rules_package_build (self->document, self->version, signer, NULL, 0, error);
  if (bytes == NULL)
    return FALSE;
  expected = *base_uuid != '\0' ? g_strconcat (KAB_EXPECT_NEWEST, base_uuid, NULL) : g_strdup (KAB_EXPECT_NONE);
  step = kab_package_deed_add_upload (deed, bytes, expected, row, error);
  if (step == NULL)
    return FALSE;
  kab_package_job_name (KAB_PACKAGE_JOB (self), name, self->version);
  self->maturity = g_strdup (step->approval->maturity);
  self->package_uuid = g_strdup (step->approval->package_uuid);
  deed->entry->draft_id = g_strdup (self->draft_id);

  return TRUE;
}

static GBytes *
read_signed (KabPublishJob   *self,
             KabPackageDeed  *deed,
             const char      *name,
             GError         **error)
{
  char *contents;
  gsize length;

  if (self->source == SOURCE_KEPT)
    return kab_published_read (deed->mirror, name, error);
  if (!g_file_get_contents (name, &contents, &length, error))
    return NULL;

  return g_bytes_new_take (contents, length);
}

/* Only its host can read an encrypted package of a host, so nobody could say what would be lost. */
static gboolean
is_encrypted_there (KabPackageDeed  *deed,
                    KabPackage      *package,
                    gboolean        *is_encrypted,
                    GError         **error)
{
  g_autofree char *name = kab_package_deed_dup_host_file (kab_package_get_name (package));
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GBytes) there = NULL;

  *is_encrypted = FALSE;
  if (strcmp (kab_package_get_section (package), "host") != 0)
    return TRUE;
  there = kab_client_read_host_package (deed->client, name, deed->cancellable, &local_error);
  *is_encrypted = there != NULL && kab_package_is_encrypted (there);
  if (there != NULL || g_error_matches (local_error, KAB_ERROR, KAB_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* Would an agent take it? Whom it trusts is not ours to know. */
static gboolean
check_signed (KabPackageDeed    *deed,
              KabPackageReader  *reader,
              const char        *name,
              GError           **error)
{
  g_auto(KabPackageVerdict) verdict = { 0 };

  if (!kab_package_deed_judge (deed, reader, &verdict, error))
    return FALSE;
  if (verdict.is_expired)
    g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_SIGNATURE, "%s: the certificate of %s has expired", name, verdict.signer);

  return !verdict.is_expired;
}

/* What is signed already goes as it is. A copy that was on the server before goes back there whatever it is worth, but not
 * beside another that has taken its place. */
static gboolean
prepare_signed (KabPublishJob   *self,
                KabPackageDeed  *deed,
                GError         **error)
{
  gboolean is_kept = self->source == SOURCE_KEPT;

  for (guint i = 0; self->names[i] != NULL; i++)
    {
      g_autoptr(GBytes) bytes = read_signed (self, deed, self->names[i], error);
      g_autoptr(KabPackageReader) reader = bytes != NULL ? kab_package_reader_open_bytes (bytes, error) : NULL;
      gboolean is_encrypted = FALSE;
      KabJournalStep *step;
      guint row;

      if (reader == NULL || (!is_kept && !check_signed (deed, reader, self->names[i], error)) ||
          !kab_package_deed_connect (deed, error) ||
          !is_encrypted_there (deed, kab_package_reader_get_package (reader), &is_encrypted, error))
        return FALSE;
      row = kab_package_job_add_row (deed->job, self->names[i],
                                     kab_package_get_name (kab_package_reader_get_package (reader)));
      if (is_encrypted)
        {
          kab_package_job_show_row (deed->job, row, KAB_PACKAGE_STEP_ENCRYPTED, NULL, NULL);
          continue;
        }
      step = kab_package_deed_add_upload (deed, bytes, is_kept ? KAB_EXPECT_FREE : KAB_EXPECT_ANYTHING, row, error);
      if (step == NULL)
        return FALSE;
      /* The name of a copy says nothing to people. */
      if (self->names[1] == NULL || (is_kept && i == 0))
        kab_package_job_name (deed->job, step->approval->package, step->approval->version);
      kab_set_text (&self->version, step->approval->version);
      kab_set_text (&self->package_uuid, step->approval->package_uuid);
    }

  return TRUE;
}

static gboolean
kab_publish_job_prepare (KabPackageJob   *job,
                         KabPackageDeed  *deed,
                         GError         **error)
{
  KabPublishJob *self = KAB_PUBLISH_JOB (job);

  return self->source == SOURCE_DOCUMENT ? prepare_document (self, deed, error) : prepare_signed (self, deed, error);
}

/* The content before as a newer version; or, when it was the first, away with it. */
static KabPackageJob *
kab_publish_job_undo (KabPackageJob *job)
{
  KabPublishJob *self = KAB_PUBLISH_JOB (job);
  GPtrArray *approvals = kab_package_job_get_approvals (job);
  g_autoptr(GPtrArray) files = g_ptr_array_new ();

  if (self->previous != NULL)
    return kab_promote_job_new_roll_back (kab_package_job_get_sign_in (job), kab_package_job_get_mirror (job),
                                          self->previous, self->package_uuid, self->maturity);

  for (guint i = 0; i < approvals->len; i++)
    g_ptr_array_add (files, ((KabApproval *) approvals->pdata[i])->file_name);
  g_ptr_array_add (files, NULL);

  return kab_delete_package_job_new (kab_package_job_get_sign_in (job), kab_package_job_get_mirror (job),
                                     (gpointer) files->pdata);
}

static void
kab_publish_job_class_init (KabPublishJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_publish_job_finalize;
  KAB_PACKAGE_JOB_CLASS (klass)->prepare = kab_publish_job_prepare;
  KAB_PACKAGE_JOB_CLASS (klass)->undo = kab_publish_job_undo;
}

static void
kab_publish_job_init (KabPublishJob *self)
{
}

KabPackageJob *
kab_publish_job_new (KabSignIn        *sign_in,
                     KabMirror        *mirror,
                     KabRulesDocument *document)
{
  KabPublishJob *self;

  g_return_val_if_fail (KAB_IS_SIGN_IN (sign_in) && KAB_IS_MIRROR (mirror), NULL);
  g_return_val_if_fail (KAB_IS_RULES_DOCUMENT (document), NULL);

  self = g_object_new (KAB_TYPE_PUBLISH_JOB, NULL);
  kab_package_job_set_up (KAB_PACKAGE_JOB (self), sign_in, mirror, "publish", kab_rules_document_get_name (document));
  self->document = kab_rules_document_copy (document);

  return KAB_PACKAGE_JOB (self);
}

static KabPackageJob *
new_from_signed (KabSignIn          *sign_in,
                 KabMirror          *mirror,
                 Source              source,
                 const char * const *names)
{
  KabPublishJob *self;
  g_autofree char *subject = NULL;

  g_return_val_if_fail (KAB_IS_SIGN_IN (sign_in) && KAB_IS_MIRROR (mirror), NULL);
  g_return_val_if_fail (names != NULL && names[0] != NULL, NULL);

  self = g_object_new (KAB_TYPE_PUBLISH_JOB, NULL);
  subject = g_path_get_basename (names[0]);
  kab_package_job_set_up (KAB_PACKAGE_JOB (self), sign_in, mirror, "upload", subject);
  self->source = source;
  self->names = g_strdupv ((char **) names);

  return KAB_PACKAGE_JOB (self);
}

KabPackageJob *
kab_publish_job_new_from_files (KabSignIn          *sign_in,
                                KabMirror          *mirror,
                                const char * const *files)
{
  return new_from_signed (sign_in, mirror, SOURCE_FILES, files);
}

KabPackageJob *
kab_publish_job_new_from_kept (KabSignIn          *sign_in,
                               KabMirror          *mirror,
                               const char * const *sha256s)
{
  return new_from_signed (sign_in, mirror, SOURCE_KEPT, sha256s);
}

void
kab_publish_job_set_draft (KabPublishJob *self,
                           const char    *draft_id)
{
  g_return_if_fail (KAB_IS_PUBLISH_JOB (self));

  kab_set_text (&self->draft_id, draft_id);
}

const char *
kab_publish_job_get_version (KabPublishJob *self)
{
  g_return_val_if_fail (KAB_IS_PUBLISH_JOB (self), NULL);

  return self->version;
}

const char *
kab_publish_job_get_package_uuid (KabPublishJob *self)
{
  g_return_val_if_fail (KAB_IS_PUBLISH_JOB (self), NULL);

  return self->package_uuid;
}
