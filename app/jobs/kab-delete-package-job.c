/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-delete-package-job.h"

#include "kab-error.h"
#include "kab-package-deed.h"
#include "kab-publish-job.h"

struct _KabDeletePackageJob
{
  KabPackageJob   parent_instance;

  char          **files;
  GHashTable     *lost;       /* (element-type utf8): files that may go without a copy */
  GPtrArray      *unkept;     /* (element-type KabPackage) */
};

G_DEFINE_FINAL_TYPE (KabDeletePackageJob, kab_delete_package_job, KAB_TYPE_PACKAGE_JOB)

static void
kab_delete_package_job_finalize (GObject *object)
{
  KabDeletePackageJob *self = KAB_DELETE_PACKAGE_JOB (object);

  g_strfreev (self->files);
  g_hash_table_unref (self->lost);
  g_ptr_array_unref (self->unkept);

  G_OBJECT_CLASS (kab_delete_package_job_parent_class)->finalize (object);
}

/* Its copy, then its step; without a copy only when somebody accepts that. */
static gboolean
prepare_file (KabDeletePackageJob  *self,
              KabPackageDeed       *deed,
              KabPackage           *record,
              guint                 row,
              GError              **error)
{
  const char *file = kab_package_get (record, "filename");
  g_autoptr(GError) local_error = NULL;
  g_autofree char *sha256 = kab_package_deed_keep_listed (deed, record, &local_error);

  if (sha256 == NULL && kab_package_deed_stops (local_error))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (sha256 == NULL && !g_hash_table_contains (self->lost, file))
    {
      kab_package_job_show_row (deed->job, row, KAB_PACKAGE_STEP_FAILED, local_error->message, NULL);
      g_ptr_array_add (self->unkept, g_object_ref (record));
      return TRUE;
    }
  if (sha256 == NULL)
    g_info ("%s goes without a copy: %s", file, local_error->message);
  kab_package_deed_add_delete (deed, record, sha256, row);

  return TRUE;
}

static gboolean
kab_delete_package_job_prepare (KabPackageJob   *job,
                                KabPackageDeed  *deed,
                                GError         **error)
{
  KabDeletePackageJob *self = KAB_DELETE_PACKAGE_JOB (job);
  g_autoptr(GPtrArray) index = NULL;
  guint n = g_strv_length (self->files);

  kab_job_report (KAB_JOB (job), "reading", 0, 0);
  index = kab_package_deed_read_index (deed, error);
  if (index == NULL)
    return FALSE;

  for (guint i = 0; i < n; i++)
    {
      KabPackage *record = kab_package_index_find (index, "filename", self->files[i]);
      guint row = kab_package_job_add_row (job, self->files[i],
                                           record != NULL ? kab_package_get_name (record) : self->files[i]);

      kab_job_report (KAB_JOB (job), "reading", i, n);
      if (record == NULL)
        {
          kab_package_job_show_row (job, row, KAB_PACKAGE_STEP_UNCHANGED, NULL, NULL);
          continue;
        }
      if (n == 1)
        kab_package_job_name (job, kab_package_get_name (record), kab_package_get_version (record));
      if (!prepare_file (self, deed, record, row, error))
        return FALSE;
    }
  if (self->unkept->len == 0)
    return TRUE;

  g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, "no copy can be kept here of %u of %u files: nothing was deleted",
               self->unkept->len, n);
  return FALSE;
}

/* (nullable): nothing was kept */
static KabPackageJob *
kab_delete_package_job_undo (KabPackageJob *job)
{
  GPtrArray *approvals = kab_package_job_get_approvals (job);
  g_autoptr(GPtrArray) sha256s = g_ptr_array_new ();

  for (guint i = 0; i < approvals->len; i++)
    {
      KabApproval *approval = approvals->pdata[i];

      if (*approval->sha256 != '\0')
        g_ptr_array_add (sha256s, approval->sha256);
    }
  if (sha256s->len == 0)
    return NULL;
  g_ptr_array_add (sha256s, NULL);

  return kab_publish_job_new_from_kept (kab_package_job_get_sign_in (job), kab_package_job_get_mirror (job),
                                        (gpointer) sha256s->pdata);
}

static void
kab_delete_package_job_class_init (KabDeletePackageJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_delete_package_job_finalize;
  KAB_PACKAGE_JOB_CLASS (klass)->prepare = kab_delete_package_job_prepare;
  KAB_PACKAGE_JOB_CLASS (klass)->undo = kab_delete_package_job_undo;
}

static void
kab_delete_package_job_init (KabDeletePackageJob *self)
{
  self->lost = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->unkept = g_ptr_array_new_with_free_func (g_object_unref);
}

KabPackageJob *
kab_delete_package_job_new (KabSignIn          *sign_in,
                            KabMirror          *mirror,
                            const char * const *files)
{
  KabDeletePackageJob *self;

  g_return_val_if_fail (KAB_IS_SIGN_IN (sign_in) && KAB_IS_MIRROR (mirror), NULL);
  g_return_val_if_fail (files != NULL && files[0] != NULL, NULL);

  self = g_object_new (KAB_TYPE_DELETE_PACKAGE_JOB, NULL);
  kab_package_job_set_up (KAB_PACKAGE_JOB (self), sign_in, mirror, "delete", files[0]);
  self->files = g_strdupv ((char **) files);

  return KAB_PACKAGE_JOB (self);
}

const char * const *
kab_delete_package_job_get_files (KabDeletePackageJob *self)
{
  g_return_val_if_fail (KAB_IS_DELETE_PACKAGE_JOB (self), NULL);

  return (const char * const *) self->files;
}

void
kab_delete_package_job_accept_loss (KabDeletePackageJob *self,
                                    const char          *file)
{
  g_return_if_fail (KAB_IS_DELETE_PACKAGE_JOB (self));
  g_return_if_fail (file != NULL);

  g_hash_table_add (self->lost, g_strdup (file));
}

GPtrArray *
kab_delete_package_job_get_unkept (KabDeletePackageJob *self)
{
  g_return_val_if_fail (KAB_IS_DELETE_PACKAGE_JOB (self), NULL);

  return self->unkept;
}
