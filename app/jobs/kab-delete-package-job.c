/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-delete-package-job.h"

#include "kab-client.h"
#include "kab-error.h"
#include "kab-package-deed.h"
#include "kab-publish-job.h"

struct _KabDeletePackageJob
{
  KabPackageJob   parent_instance;

  char          **files;
};

G_DEFINE_FINAL_TYPE (KabDeletePackageJob, kab_delete_package_job, KAB_TYPE_PACKAGE_JOB)

static void
kab_delete_package_job_finalize (GObject *object)
{
  g_strfreev (KAB_DELETE_PACKAGE_JOB (object)->files);

  G_OBJECT_CLASS (kab_delete_package_job_parent_class)->finalize (object);
}

static gboolean
kab_delete_package_job_prepare (KabPackageJob   *job,
                                KabPackageDeed  *deed,
                                GError         **error)
{
  KabDeletePackageJob *self = KAB_DELETE_PACKAGE_JOB (job);
  g_autoptr(GPtrArray) index = NULL;

  kab_job_report (KAB_JOB (job), "reading", 0, 0);
  index = kab_package_deed_read_index (deed, error);
  if (index == NULL)
    return FALSE;

  for (guint i = 0; self->files[i] != NULL; i++)
    {
      KabPackage *record = kab_package_index_find (index, "filename", self->files[i]);
      g_autoptr(GBytes) bytes = NULL;
      g_autofree char *sha256 = NULL;
      guint row = kab_package_job_add_row (job, self->files[i],
                                           record != NULL ? kab_package_get_name (record) : self->files[i]);

      if (record == NULL)
        {
          kab_package_job_show_row (job, row, KAB_PACKAGE_STEP_UNCHANGED, NULL, NULL);
          continue;
        }
      if (self->files[1] == NULL)
        kab_package_job_name (job, kab_package_get_name (record), kab_package_get_version (record));
      bytes = kab_package_deed_download (deed, record, error);
      sha256 = bytes != NULL ? kab_package_deed_keep (deed, bytes, record, error) : NULL;
      if (sha256 == NULL)
        return FALSE;
      kab_package_deed_add_delete (deed, record, sha256, row);
    }

  return TRUE;
}

static KabPackageJob *
kab_delete_package_job_undo (KabPackageJob *job)
{
  GPtrArray *approvals = kab_package_job_get_approvals (job);
  g_autoptr(GPtrArray) sha256s = g_ptr_array_new ();

  for (guint i = 0; i < approvals->len; i++)
    g_ptr_array_add (sha256s, ((KabApproval *) approvals->pdata[i])->sha256);
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
