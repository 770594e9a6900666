/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-promote-job.h"

#include <string.h>

#include "kab-delete-package-job.h"
#include "kab-error.h"
#include "kab-package-deed.h"
#include "kab-package-resign.h"
#include "kab-published.h"
#include "kab-rules-package.h"

struct _KabPromoteJob
{
  KabPackageJob   parent_instance;

  gboolean        rolls_back;
  char           *source;           /* file name, or SHA-256 of a copy */
  char           *base_uuid;
  char           *maturity;
  gboolean        gate_passes;

  char           *old_maturity;
  char           *previous;         /* SHA-256 of the copy of what was the newest before a roll back */
};

G_DEFINE_FINAL_TYPE (KabPromoteJob, kab_promote_job, KAB_TYPE_PACKAGE_JOB)

static void
kab_promote_job_finalize (GObject *object)
{
  KabPromoteJob *self = KAB_PROMOTE_JOB (object);

  g_free (self->source);
  g_free (self->base_uuid);
  g_free (self->maturity);
  g_free (self->old_maturity);
  g_free (self->previous);

  G_OBJECT_CLASS (kab_promote_job_parent_class)->finalize (object);
}

static gboolean
check_gate (KabPromoteJob  *self,
            GError        **error)
{
  g_autofree char *reason = g_strstrip (g_strdup (kab_package_job_get_reason (KAB_PACKAGE_JOB (self))));

  if (self->gate_passes || *reason != '\0')
    return TRUE;

  g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE, "the gate is not passed, and no reason is given");
  return FALSE;
}

static KabPackage *
find_record (KabPromoteJob  *self,
             GPtrArray      *index,
             GError        **error)
{
  KabPackage *record = kab_package_index_find (index, "filename", self->source);

  if (record == NULL)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND, "%s is not on the server", self->source);
      return NULL;
    }
  if (*self->base_uuid != '\0' && strcmp (kab_package_get (record, "package_uuid"), self->base_uuid) != 0)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_CONFLICT, "%s is another package now", self->source);
      return NULL;
    }
  if (strcmp (kab_package_get_maturity (record), self->maturity) == 0)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, "%s is %s already", self->source, self->maturity);
      return NULL;
    }
  if (kab_package_index_find_same (index, record, self->maturity) != NULL)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_CONFLICT, "%s %s is in %s already", kab_package_get_name (record),
                   kab_package_get_version (record), self->maturity);
      return NULL;
    }

  return record;
}

/* @changes: taken over */
static gboolean
sign_and_add (KabPromoteJob     *self,
              KabPackageDeed    *deed,
              KabPackageReader  *reader,
              GHashTable        *changes,
              const char        *expected,
              GError           **error)
{
  g_autoptr(GHashTable) taken = changes;
  g_autoptr(GHashTable) members = kab_rules_package_renew (reader, self->maturity);
  KabSigner *signer = kab_package_deed_get_signer (deed, error);
  g_autofree char *uuid = g_uuid_string_random ();
  g_autoptr(GBytes) bytes = NULL;
  const char *name = kab_package_get_name (kab_package_reader_get_package (reader));

  if (signer == NULL)
    return FALSE;
  kab_job_report (KAB_JOB (self), "signing", 0, 0);
  bytes = kab_package_resign (reader, signer, taken, members, uuid, kab_package_get_wall_clock (), error);

  return bytes != NULL && kab_package_deed_add_upload (deed, bytes, expected,
                                                       kab_package_job_add_row (deed->job, name, NULL), error) != NULL;
}

static GHashTable *
changes_new (const char *maturity)
{
  GHashTable *changes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  g_hash_table_insert (changes, g_strdup ("maturity"), g_strdup (maturity));
  return changes;
}

static gboolean
prepare_promotion (KabPromoteJob   *self,
                   KabPackageDeed  *deed,
                   GPtrArray       *index,
                   GError         **error)
{
  KabPackage *record = find_record (self, index, error);
  g_autoptr(GBytes) bytes = record != NULL ? kab_package_deed_download (deed, record, error) : NULL;
  g_autoptr(KabPackageReader) reader = bytes != NULL ? kab_package_reader_open_bytes (bytes, error) : NULL;
  g_autofree char *sha256 = NULL;
  g_autofree char *expected = NULL;
  KabJournalStep *step;

  if (record != NULL)
    kab_package_job_name (KAB_PACKAGE_JOB (self), kab_package_get_name (record), kab_package_get_version (record));
  if (reader == NULL || !kab_package_deed_judge_trusted (deed, reader, error))
    return FALSE;
  sha256 = kab_package_deed_keep (deed, bytes, record, error);
  if (sha256 == NULL)
    return FALSE;

  self->old_maturity = g_strdup (kab_package_get_maturity (record));
  expected = g_strconcat (KAB_EXPECT_LISTED, kab_package_get (record, "package_uuid"), NULL);
  if (!sign_and_add (self, deed, reader, changes_new (self->maturity), expected, error))
    return FALSE;

  /* The promotion is one line in the approval log; that the old file goes belongs to it. */
  step = kab_package_deed_add_delete (deed, record, sha256,
                                      kab_package_job_add_row (deed->job, kab_package_get (record, "filename"), NULL));
  step->approval->deed[0] = '\0';
  return TRUE;
}

/* The earlier content, from where it still is. */
static GBytes *
read_source (KabPromoteJob   *self,
             KabPackageDeed  *deed,
             GPtrArray       *index,
             GError         **error)
{
  KabPackage *record;

  if (kab_published_has (deed->mirror, self->source))
    return kab_published_read (deed->mirror, self->source, error);
  record = kab_package_index_find (index, "filename", self->source);
  if (record != NULL)
    return kab_package_deed_download (deed, record, error);

  g_set_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND, "%s is neither here nor on the server", self->source);
  return NULL;
}

static gboolean
prepare_roll_back (KabPromoteJob   *self,
                   KabPackageDeed  *deed,
                   GPtrArray       *index,
                   GError         **error)
{
  g_autoptr(GBytes) bytes = read_source (self, deed, index, error);
  g_autoptr(KabPackageReader) reader = bytes != NULL ? kab_package_reader_open_bytes (bytes, error) : NULL;
  g_autoptr(GBytes) before = NULL;
  g_autofree char *expected = NULL;
  KabPackage *package, *newest;
  GHashTable *changes;
  char *version;

  if (reader == NULL)
    return FALSE;
  package = kab_package_reader_get_package (reader);
  kab_package_job_name (KAB_PACKAGE_JOB (self), kab_package_get_name (package), kab_package_get_version (package));
  if (!kab_package_deed_judge_trusted (deed, reader, error))
    return FALSE;
  newest = kab_package_index_find_newest (index, kab_package_get_name (package));
  before = newest != NULL ? kab_package_deed_download (deed, newest, error) : NULL;
  self->previous = before != NULL ? kab_package_deed_keep (deed, before, newest, error) : NULL;
  version = newest == NULL || self->previous != NULL
              ? kab_package_deed_dup_next_version (deed, index, kab_package_get_name (package),
                                                   kab_package_get_version (package), error)
              : NULL;
  if (version == NULL)
    return FALSE;

  self->old_maturity = g_strdup (newest != NULL ? kab_package_get_maturity (newest) : "");
  changes = changes_new (self->maturity);
  g_hash_table_insert (changes, g_strdup ("version"), version);
  expected = *self->base_uuid != '\0' ? g_strconcat (KAB_EXPECT_NEWEST, self->base_uuid, NULL)
                                      : g_strdup (KAB_EXPECT_ANYTHING);

  return sign_and_add (self, deed, reader, changes, expected, error);
}

static gboolean
kab_promote_job_prepare (KabPackageJob   *job,
                         KabPackageDeed  *deed,
                         GError         **error)
{
  KabPromoteJob *self = KAB_PROMOTE_JOB (job);
  g_autoptr(GPtrArray) index = NULL;

  if (!check_gate (self, error) || kab_package_deed_get_signer (deed, error) == NULL)
    return FALSE;

  kab_job_report (KAB_JOB (self), "reading", 0, 0);
  index = kab_package_deed_read_index (deed, error);
  if (index == NULL)
    return FALSE;

  return self->rolls_back ? prepare_roll_back (self, deed, index, error) : prepare_promotion (self, deed, index, error);
}

static KabPackageJob *
kab_promote_job_undo (KabPackageJob *job)
{
  KabPromoteJob *self = KAB_PROMOTE_JOB (job);
  KabApproval *approval = kab_package_job_get_approvals (job)->pdata[0];
  KabSignIn *sign_in = kab_package_job_get_sign_in (job);
  KabMirror *mirror = kab_package_job_get_mirror (job);
  const char * const files[] = { approval->file_name, NULL };

  /* The old file is still there, or there was none: the new one goes. */
  if (self->rolls_back ? self->previous == NULL : kab_package_job_get_left (job) != NULL)
    return kab_delete_package_job_new (sign_in, mirror, files);
  if (self->rolls_back)
    return kab_promote_job_new_roll_back (sign_in, mirror, self->previous, approval->package_uuid, self->old_maturity);

  return kab_promote_job_new (sign_in, mirror, approval->file_name, approval->package_uuid, self->old_maturity);
}

static void
kab_promote_job_class_init (KabPromoteJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_promote_job_finalize;
  KAB_PACKAGE_JOB_CLASS (klass)->prepare = kab_promote_job_prepare;
  KAB_PACKAGE_JOB_CLASS (klass)->undo = kab_promote_job_undo;
}

static void
kab_promote_job_init (KabPromoteJob *self)
{
  self->gate_passes = TRUE;
}

static KabPackageJob *
promote_job_new (KabSignIn  *sign_in,
                 KabMirror  *mirror,
                 gboolean    rolls_back,
                 const char *source,
                 const char *base_uuid,
                 const char *maturity)
{
  KabPromoteJob *self;

  g_return_val_if_fail (KAB_IS_SIGN_IN (sign_in) && KAB_IS_MIRROR (mirror), NULL);
  g_return_val_if_fail (source != NULL && maturity != NULL && *maturity != '\0', NULL);

  self = g_object_new (KAB_TYPE_PROMOTE_JOB, NULL);
  kab_package_job_set_up (KAB_PACKAGE_JOB (self), sign_in, mirror, rolls_back ? "roll-back" : "promote", source);
  self->rolls_back = rolls_back;
  self->source = g_strdup (source);
  self->base_uuid = g_strdup (base_uuid != NULL ? base_uuid : "");
  self->maturity = g_strdup (maturity);

  return KAB_PACKAGE_JOB (self);
}

KabPackageJob *
kab_promote_job_new (KabSignIn  *sign_in,
                     KabMirror  *mirror,
                     const char *file_name,
                     const char *package_uuid,
                     const char *maturity)
{
  return promote_job_new (sign_in, mirror, FALSE, file_name, package_uuid, maturity);
}

KabPackageJob *
kab_promote_job_new_roll_back (KabSignIn  *sign_in,
                               KabMirror  *mirror,
                               const char *source,
                               const char *base_uuid,
                               const char *maturity)
{
  return promote_job_new (sign_in, mirror, TRUE, source, base_uuid, maturity);
}

void
kab_promote_job_set_gate (KabPromoteJob *self,
                          gboolean       passes,
                          const char    *state)
{
  g_autofree char *text = NULL;

  g_return_if_fail (KAB_IS_PROMOTE_JOB (self));

  self->gate_passes = passes;
  text = g_strconcat (passes ? "" : "overridden: ", state, NULL);
  kab_package_job_set_gate_text (KAB_PACKAGE_JOB (self), text);
}
