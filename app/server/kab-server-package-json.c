/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-server-index.h"

#include "kab-package.h"
#include "kab-server-json.h"

static void
append_names (GString    *json,
              GPtrArray  *names,
              const char *folder)
{
  g_string_append_c (json, '[');
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);

      g_string_append (json, i > 0 ? ", " : "");
      kab_server_json_append_text (json, path);
    }
  g_string_append_c (json, ']');
}

void
kab_index_report_append (KabIndexReport *report,
                         KabDepot       *depot,
                         GString        *json)
{
  const char *folder = kab_depot_get_packages_folder (depot);
  g_autofree char *path = g_build_filename (folder, "Packages", NULL);

  if (report == NULL)
    {
      g_string_append (json, "null");
      return;
    }
  g_string_append (json, "{\"processed\": ");
  append_names (json, report->processed, folder);
  g_string_append (json, ", \"kept\": ");
  append_names (json, report->kept, folder);
  g_string_append (json, ", \"errors\": ");
  append_names (json, report->errors, folder);
  kab_server_json_append_member (json, "packages_filename", path);
  g_string_append_c (json, '}');
}

/* A number where it looks like one (wapt-package-format § 2.1). */
static void
append_number (GString    *json,
               const char *name,
               const char *value)
{
  gint64 number;

  kab_server_json_append_name (json, name);
  if (g_ascii_string_to_signed (value, 10, 0, G_MAXINT64, &number, NULL))
    g_string_append_printf (json, "%" G_GINT64_FORMAT, number);
  else
    kab_server_json_append_text (json, value);
}

void
kab_server_append_package (GString    *json,
                           const char *control,
                           const char *filename,
                           gint64      size,
                           const char *md5sum,
                           const char *repo,
                           const char *localpath,
                           const char *repo_url)
{
  g_autoptr(KabPackage) package = kab_package_new_from_control (control, -1, NULL);
  const char * const *names = kab_package_get_attribute_order ();

  g_string_append_c (json, '{');
  for (guint i = 0; package != NULL && names[i] != NULL; i++)
    if (g_str_equal (names[i], "installed_size"))
      append_number (json, names[i], kab_package_get (package, names[i]));
    else
      kab_server_json_append_member (json, names[i], kab_package_get (package, names[i]));
  kab_server_json_append_member (json, "filename", filename);
  kab_server_json_append_name (json, "size");
  g_string_append_printf (json, "%" G_GINT64_FORMAT, size);
  kab_server_json_append_member (json, "md5sum", md5sum);
  kab_server_json_append_member (json, "sourcespath", NULL);
  kab_server_json_append_member (json, "repo", repo);
  kab_server_json_append_member (json, "localpath", localpath);
  kab_server_json_append_member (json, "repo_url", repo_url);
  kab_server_json_append_member (json, "persistent_dir", NULL);
  g_string_append_c (json, '}');
}
