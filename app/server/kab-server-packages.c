/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "kab-fault.h"
#include "kab-package.h"
#include "kab-server-private.h"
#include "kab-text.h"
#include "kab-wire.h"

/* A row of the table `packages`. */
typedef struct {
  KabPackage *package;
  char       *filename;
  char       *md5sum;
  char       *control;
  gint64      size;
} Row;

static void
row_free (gpointer data)
{
  Row *row = data;

  g_object_unref (row->package);
  g_free (row->filename);
  g_free (row->md5sum);
  g_free (row->control);
  g_free (row);
}

static GPtrArray *
load_rows (KabDepot  *depot,
           GError   **error)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func (row_free);
  g_autoptr(KabStatement) stmt = NULL;

  stmt = kab_database_prepare (depot->database, "SELECT filename, size, md5sum, control FROM packages"
                               " ORDER BY filename", error);
  if (stmt == NULL)
    return NULL;
  while (kab_statement_step (stmt, NULL))
    {
      KabPackage *package = kab_package_new_from_control (kab_statement_get_text (stmt, 3), -1, NULL);
      Row *row;

      if (package == NULL)
        continue;
      row = g_new0 (Row, 1);
      row->package = package;
      row->filename = g_strdup (kab_statement_get_text (stmt, 0));
      row->size = kab_statement_get_int64 (stmt, 1);
      row->md5sum = g_strdup (kab_statement_get_text (stmt, 2));
      row->control = g_strdup (kab_statement_get_text (stmt, 3));
      g_ptr_array_add (rows, row);
    }
  return g_steal_pointer (&rows);
}

/* Every word somewhere in name or description, any case. */
static gboolean
has_words (KabPackage *package,
           const char *words)
{
  g_auto(GStrv) parts = g_strsplit (words, ",", -1);
  g_autofree char *text = g_strconcat (kab_package_get_name (package), " ", kab_package_get (package, "name"), " ",
                                       kab_package_get (package, "description"), NULL);
  g_autofree char *folded = g_utf8_casefold (text, -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      g_autofree char *word = g_utf8_casefold (g_strstrip (parts[i]), -1);

      if (strstr (folded, word) == NULL)
        return FALSE;
    }
  return TRUE;
}

/* The newest of each package among those that match; the sections of single machines are left out. */
void
kab_server_packages (KabServerRequest *self)
{
  static const char * const hidden[] = { "group", "unit", "host", "restricted", "profile", NULL };
  const char *words = kab_server_request_get (self, "q");
  const char *folder = kab_depot_get_packages_folder (self->server->depot);
  g_autofree char *repo_url = g_strconcat ("file:///", folder, NULL);
  g_autoptr(GHashTable) newest = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) rows = load_rows (self->server->depot, &error);
  g_autofree char *msg = NULL;
  GString *out;
  guint n_rows = 0;

  if (rows == NULL)
    {
      kab_server_reply_error (self, error);
      return;
    }
  for (guint i = 0; i < rows->len; i++)
    {
      Row *row = rows->pdata[i];
      const char *name = kab_package_get_name (row->package);
      Row *known = g_hash_table_lookup (newest, name);

      if (g_strv_contains (hidden, kab_package_get_section (row->package)) ||
          (words != NULL && !has_words (row->package, words)))
        continue;
      if (known == NULL || kab_package_compare (known->package, row->package) < 0)
        g_hash_table_replace (newest, (gpointer) name, row);
    }

  out = g_string_new ("[");
  for (guint i = 0; i < rows->len; i++)
    {
      Row *row = rows->pdata[i];

      if (g_hash_table_lookup (newest, kab_package_get_name (row->package)) != row)
        continue;
      g_string_append (out, n_rows++ > 0 ? ", " : "");
      kab_server_append_package (out, row->control, row->filename, row->size, row->md5sum, "waptlocal", NULL, repo_url);
    }
  g_string_append_c (out, ']');
  msg = g_strdup_printf ("%u packages in local repository matching the keywords %s",
                         n_rows, words != NULL ? words : "None");
  kab_server_reply (self, msg, out, TRUE);
}

void
kab_server_known_packages (KabServerRequest *self)
{
  const char *excluded = kab_server_request_get (self, "exclude_sections");
  g_auto(GStrv) sections = g_strsplit (excluded != NULL ? excluded : "unit,host,profile", ",", -1);
  g_autoptr(GHashTable) dates = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) rows = load_rows (self->server->depot, &error);
  g_autofree char *msg = NULL;
  GString *out;

  if (rows == NULL)
    {
      kab_server_reply_error (self, error);
      return;
    }
  for (guint i = 0; i < rows->len; i++)
    {
      Row *row = rows->pdata[i];
      const char *name = kab_package_get_name (row->package);
      const char *date = kab_package_get (row->package, "signature_date");
      const char *known = g_hash_table_lookup (dates, name);

      if (g_strv_contains ((const char * const *) sections, kab_package_get_section (row->package)))
        continue;
      if (known == NULL)
        g_ptr_array_add (names, (gpointer) name);
      if (known == NULL || strcmp (known, date) < 0)
        g_hash_table_replace (dates, (gpointer) name, (gpointer) date);
    }
  g_ptr_array_sort (names, kab_text_compare);

  out = g_string_new ("[");
  for (guint i = 0; i < names->len; i++)
    {
      g_string_append (out, i > 0 ? ", {" : "{");
      kab_server_json_append_member (out, "package", names->pdata[i]);
      kab_server_json_append_member (out, "last_signature_date", g_hash_table_lookup (dates, names->pdata[i]));
      g_string_append_c (out, '}');
    }
  g_string_append_c (out, ']');
  msg = g_strdup_printf ("%u known packages", names->len);
  kab_server_reply (self, msg, out, TRUE);
}

/* Success even where nothing was deleted: only the message tells. */
void
kab_server_packages_delete (KabServerRequest *self)
{
  const char *folder = kab_depot_get_packages_folder (self->server->depot);
  g_autoptr(JsonNode) node = kab_server_request_read_json (self);
  g_autoptr(KabIndexReport) report = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *msg = NULL;
  JsonArray *names;
  guint n_deleted = 0;
  GString *out;

  if (node == NULL)
    return;
  names = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  for (guint i = 0; names != NULL && i < json_array_get_length (names); i++)
    {
      JsonNode *element = json_array_get_element (names, i);
      const char *name = JSON_NODE_HOLDS_VALUE (element) ? json_node_get_string (element) : NULL;
      g_autofree char *path = NULL;

      if (name == NULL || name[0] == '.' || strpbrk (name, "/\\") != NULL || !g_str_has_suffix (name, ".wapt"))
        continue;
      path = g_build_filename (folder, name, NULL);
      kab_fault_point ("server-before-delete");
      n_deleted += g_unlink (path) == 0;
      kab_fault_point ("server-after-delete");
    }

  report = kab_server_index_rebuild (self->server->depot, &error);
  if (report == NULL)
    {
      kab_server_reply_error (self, error);
      return;
    }
  out = g_string_new (NULL);
  kab_index_report_append (report, self->server->depot, out);
  msg = g_strdup_printf ("%u packages deleted", n_deleted);
  kab_server_reply (self, msg, out, FALSE);
}
