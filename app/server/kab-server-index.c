/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-server-index.h"

#include <sys/stat.h>
#include <utime.h>

#include <glib/gstdio.h>

#include "kab-depot-private.h"
#include "kab-error.h"
#include "kab-fault.h"
#include "kab-package-index.h"
#include "kab-package-reader.h"
#include "kab-server-files.h"

#define INDEX_NAME "Packages"

/* What the table says of one file. */
typedef struct {
  gint64   size;
  gint64   modified;   /* microseconds */
  gboolean is_seen;
} Known;

static KabIndexReport *
report_new (void)
{
  KabIndexReport *report = g_new0 (KabIndexReport, 1);

  report->processed = g_ptr_array_new_with_free_func (g_free);
  report->kept = g_ptr_array_new_with_free_func (g_free);
  report->errors = g_ptr_array_new_with_free_func (g_free);
  return report;
}

void
kab_index_report_free (KabIndexReport *report)
{
  if (report == NULL)
    return;
  g_ptr_array_unref (report->processed);
  g_ptr_array_unref (report->kept);
  g_ptr_array_unref (report->errors);
  g_free (report);
}

static GHashTable *
load_known (KabDepot  *depot,
            GError   **error)
{
  g_autoptr(GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(KabStatement) stmt = NULL;

  stmt = kab_database_prepare (depot->database, "SELECT filename, size, modified FROM packages", error);
  if (stmt == NULL)
    return NULL;
  while (kab_statement_step (stmt, &local_error))
    {
      Known *row = g_new0 (Known, 1);

      row->size = kab_statement_get_int64 (stmt, 1);
      row->modified = kab_statement_get_int64 (stmt, 2);
      g_hash_table_insert (known, g_strdup (kab_statement_get_text (stmt, 0)), row);
    }
  return kab_error_is_none (&local_error, error) ? g_steal_pointer (&known) : NULL;
}

static gboolean
remove_row (KabDepot    *depot,
            const char  *name,
            GError     **error)
{
  g_autoptr(KabStatement) stmt = kab_database_prepare (depot->database, "DELETE FROM packages WHERE filename = ?1",
                                                       error);

  if (stmt == NULL)
    return FALSE;
  kab_statement_bind_text (stmt, 1, name);
  return kab_database_run (depot->database, stmt, error);
}

static gboolean
put_row (KabDepot       *depot,
         const char     *name,
         const GStatBuf *status,
         gint64          modified,
         const char     *md5sum,
         KabPackage     *package,
         const char     *certificate,
         GError        **error)
{
  g_autofree char *control = kab_package_to_control (package);
  g_autoptr(KabStatement) stmt = NULL;

  stmt = kab_database_prepare (depot->database, "INSERT OR REPLACE INTO packages VALUES (?1, ?2, ?3, ?4, ?5, ?6)", error);
  if (stmt == NULL)
    return FALSE;
  kab_statement_bind_text (stmt, 1, name);
  kab_statement_bind_int64 (stmt, 2, status->st_size);
  kab_statement_bind_int64 (stmt, 3, modified);
  kab_statement_bind_text (stmt, 4, md5sum);
  kab_statement_bind_text (stmt, 5, control);
  kab_statement_bind_text (stmt, 6, certificate);
  return kab_database_run (depot->database, stmt, error);
}

static char *
dup_md5 (GMappedFile *file)
{
  g_autoptr(GBytes) bytes = g_mapped_file_get_bytes (file);

  return g_compute_checksum_for_bytes (G_CHECKSUM_MD5, bytes);
}

/* Reads one file. Returns: %FALSE only when the depot fails; a file that is no package is reported. */
static gboolean
take_file (KabDepot        *depot,
           KabIndexReport  *report,
           const char      *path,
           const char      *name,
           const GStatBuf  *status,
           gint64           modified,
           GError         **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(KabPackageReader) reader = kab_package_reader_open (path, &local_error);
  g_autoptr(KabCertificate) certificate = NULL;
  g_autoptr(GMappedFile) file = NULL;
  g_autofree char *md5sum = NULL;

  if (reader != NULL)
    file = g_mapped_file_new (path, FALSE, &local_error);
  if (file == NULL)
    {
      g_message ("packages: %s: %s", name, local_error->message);
      g_ptr_array_add (report->errors, g_strdup (name));
      return remove_row (depot, name, error);
    }
  md5sum = dup_md5 (file);
  certificate = kab_package_reader_dup_certificate (reader, NULL);
  g_ptr_array_add (report->processed, g_strdup (name));
  return put_row (depot, name, status, modified, md5sum, kab_package_reader_get_package (reader),
                  certificate != NULL ? kab_certificate_get_chain_pem (certificate) : NULL, error);
}

static gboolean
take_files (KabDepot        *depot,
            KabIndexReport  *report,
            GPtrArray       *names,
            GHashTable      *known,
            GError         **error)
{
  GHashTableIter iter;
  gpointer name, value;

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (kab_depot_get_packages_folder (depot), names->pdata[i], NULL);
      Known *row = g_hash_table_lookup (known, names->pdata[i]);
      GStatBuf status;
      gint64 modified;

      if (g_lstat (path, &status) != 0 || !S_ISREG (status.st_mode))
        continue;
      modified = (gint64) status.st_mtim.tv_sec * G_USEC_PER_SEC + status.st_mtim.tv_nsec / 1000;
      if (row != NULL)
        row->is_seen = TRUE;
      if (row != NULL && row->size == status.st_size && row->modified == modified)
        g_ptr_array_add (report->kept, g_strdup (names->pdata[i]));
      else if (!take_file (depot, report, path, names->pdata[i], &status, modified, error))
        return FALSE;
    }

  g_hash_table_iter_init (&iter, known);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (!((Known *) value)->is_seen && !remove_row (depot, name, error))
      return FALSE;
  return TRUE;
}

/* A row of the table as a record of the index. */
static KabPackage *
make_package (const char *control,
              const char *filename,
              gint64      size,
              const char *md5sum)
{
  g_autoptr(KabPackage) plain = kab_package_new_from_control (control, -1, NULL);
  g_autoptr(GHashTable) attributes = NULL;
  g_auto(GStrv) names = NULL;

  if (plain == NULL)
    return NULL;
  attributes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  names = kab_package_dup_attribute_names (plain);
  for (guint i = 0; names[i] != NULL; i++)
    g_hash_table_replace (attributes, g_strdup (names[i]), g_strdup (kab_package_get (plain, names[i])));
  g_hash_table_replace (attributes, g_strdup ("filename"), g_strdup (filename));
  g_hash_table_replace (attributes, g_strdup ("size"), g_strdup_printf ("%" G_GINT64_FORMAT, size));
  g_hash_table_replace (attributes, g_strdup ("md5sum"), g_strdup (md5sum));
  return kab_package_new (attributes);
}

static GPtrArray *
load_packages (KabDepot   *depot,
               GPtrArray  *certificates,
               GError    **error)
{
  g_autoptr(GPtrArray) packages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(KabStatement) stmt = NULL;

  stmt = kab_database_prepare (depot->database,
                               "SELECT control, filename, size, md5sum, certificate FROM packages ORDER BY filename",
                               error);
  if (stmt == NULL)
    return NULL;
  while (kab_statement_step (stmt, &local_error))
    {
      const char *pem = kab_statement_get_text (stmt, 4);
      KabPackage *package;
      KabCertificate *certificate;

      package = make_package (kab_statement_get_text (stmt, 0), kab_statement_get_text (stmt, 1),
                              kab_statement_get_int64 (stmt, 2), kab_statement_get_text (stmt, 3));
      if (package == NULL)
        continue;
      g_ptr_array_add (packages, package);
      certificate = pem != NULL ? kab_certificate_new_from_pem (pem, -1, NULL) : NULL;
      if (certificate != NULL)
        g_ptr_array_add (certificates, certificate);
    }
  return kab_error_is_none (&local_error, error) ? g_steal_pointer (&packages) : NULL;
}

static gboolean
is_same (const char *path,
         GBytes     *bytes)
{
  g_autoptr(GMappedFile) file = g_mapped_file_new (path, FALSE, NULL);
  g_autoptr(GBytes) old = file != NULL ? g_mapped_file_get_bytes (file) : NULL;

  return old != NULL && g_bytes_equal (old, bytes);
}

/* Clients ask with If-Modified-Since, whose unit is a second: two contents never have the same. */
static gboolean
write_index (KabDepot  *depot,
             GBytes    *bytes,
             GError   **error)
{
  g_autofree char *path = g_build_filename (kab_depot_get_packages_folder (depot), INDEX_NAME, NULL);
  g_autoptr(GError) local_error = NULL;
  GStatBuf before, after;
  gboolean existed = g_stat (path, &before) == 0;

  if (existed && is_same (path, bytes))
    return TRUE;
  if (!g_file_set_contents_full (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, &local_error))
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_STORAGE, local_error->message);
      return FALSE;
    }
  if (existed && g_stat (path, &after) == 0 && after.st_mtime <= before.st_mtime)
    {
      struct utimbuf times = { before.st_mtime + 1, before.st_mtime + 1 };

      g_utime (path, &times);
    }
  return TRUE;
}

KabIndexReport *
kab_server_index_rebuild (KabDepot  *depot,
                          GError   **error)
{
  g_autoptr(KabIndexReport) report = report_new ();
  g_autoptr(GPtrArray) certificates = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) packages = NULL;
  g_autoptr(GPtrArray) names = NULL;
  g_autoptr(GHashTable) known = NULL;
  g_autoptr(GBytes) bytes = NULL;

  g_return_val_if_fail (depot != NULL, NULL);

  names = kab_server_list_names (kab_depot_get_packages_folder (depot), ".wapt", error);
  if (names == NULL || !kab_depot_begin (depot, error))
    return NULL;
  known = load_known (depot, error);
  if (known == NULL || !take_files (depot, report, names, known, error))
    {
      kab_depot_rollback (depot);
      return NULL;
    }
  if (!kab_depot_commit (depot, error))
    return NULL;

  kab_fault_point ("server-before-index");
  packages = load_packages (depot, certificates, error);
  bytes = packages != NULL ? kab_package_index_build (packages, certificates, error) : NULL;
  if (bytes == NULL || !write_index (depot, bytes, error))
    return NULL;
  kab_fault_point ("server-after-index");
  return g_steal_pointer (&report);
}
