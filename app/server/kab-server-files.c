/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-server-files.h"

#include <string.h>

#include <glib/gstdio.h>

#include "kab-error.h"
#include "kab-server-json.h"
#include "kab-server-routes.h"
#include "kab-text.h"

#define MAX_NAME 255      /* bytes; what file systems take */
#define ICONS    "icons/"

static gboolean
is_plain_name (const char *name)
{
  if (name[0] == '\0' || name[0] == '.' || strlen (name) > MAX_NAME || !g_utf8_validate (name, -1, NULL))
    return FALSE;
  for (const char *p = name; *p != '\0'; p++)
    if (*p == '/' || *p == '\\' || g_ascii_iscntrl (*p))
      return FALSE;
  return TRUE;
}

char *
kab_server_find_file (KabDepot   *depot,
                      const char *path)
{
  const struct { const char *prefix; const char *folder; } places[] = {
    { KAB_PATH_PACKAGE_FILES, kab_depot_get_packages_folder (depot) },
    { KAB_PATH_HOST_FILES, kab_depot_get_hosts_folder (depot) },
    { KAB_PATH_UPDATE_FILES, kab_depot_get_updates_folder (depot) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      const char *name;

      if (!g_str_has_prefix (path, places[i].prefix))
        continue;
      name = path + strlen (places[i].prefix);
      if (i == 0 && g_str_has_prefix (name, ICONS) && is_plain_name (name + strlen (ICONS)))
        return g_build_filename (places[i].folder, "icons", name + strlen (ICONS), NULL);
      /* The original refuses an index of host packages, which would list the fleet. */
      if (!is_plain_name (name) || (i == 1 && g_str_equal (name, "Packages")))
        return NULL;
      return g_build_filename (places[i].folder, name, NULL);
    }
  return NULL;
}

/* Reads digits at *@text. Returns: -1 for none; too many count as the largest number */
static gint64
read_number (const char **text)
{
  gint64 number = 0;

  if (!g_ascii_isdigit (**text))
    return -1;
  for (; g_ascii_isdigit (**text); (*text)++)
    number = number > (G_MAXINT64 - 9) / 10 ? G_MAXINT64 : number * 10 + (**text - '0');
  return number;
}

KabRange
kab_server_parse_range (const char *text,
                        gint64      size,
                        gint64     *start,
                        gint64     *end)
{
  gint64 first, last;

  *start = 0;
  *end = size;
  if (text == NULL || g_ascii_strncasecmp (text, "bytes=", strlen ("bytes=")) != 0)
    return KAB_RANGE_WHOLE;
  text += strlen ("bytes=");
  first = read_number (&text);
  if (*text++ != '-')
    return KAB_RANGE_WHOLE;
  last = read_number (&text);
  if (*text != '\0' || (first < 0 && last < 0) || (first >= 0 && last >= 0 && last < first))
    return KAB_RANGE_WHOLE;      /* not valid: as if it were not there, RFC 9110 § 14.2 */

  if (first < 0)
    {
      if (last == 0 || size == 0)
        return KAB_RANGE_OUTSIDE;
      *start = MAX (0, size - last);
      return KAB_RANGE_PART;
    }
  if (first >= size)
    return KAB_RANGE_OUTSIDE;
  *start = first;
  if (last >= 0 && last < size - 1)
    *end = last + 1;
  return KAB_RANGE_PART;
}

/* Returns: (element-type utf8 GPtrArray(utf8)): file name → ids of the updates that need it; borrowed from @updates */
static GHashTable *
make_users (GPtrArray *updates)
{
  GHashTable *users = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);

  for (guint i = 0; i < updates->len; i++)
    {
      const KabUpdateFields *fields = updates->pdata[i] != NULL ? kab_update_get_fields (updates->pdata[i]) : NULL;

      for (guint k = 0; fields != NULL && fields->download_urls != NULL && fields->download_urls[k] != NULL; k++)
        {
          g_autofree char *name = kab_download_url_dup_name (fields->download_urls[k]);
          GPtrArray *ids = name != NULL ? g_hash_table_lookup (users, name) : NULL;

          if (name == NULL)
            continue;
          if (ids == NULL)
            {
              ids = g_ptr_array_new ();
              g_hash_table_insert (users, g_steal_pointer (&name), ids);
            }
          g_ptr_array_add (ids, (gpointer) fields->update_id);
        }
    }
  return users;
}

GPtrArray *
kab_server_list_names (const char  *folder,
                       const char  *suffix,
                       GError     **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) local_error = NULL;
  GDir *directory = g_dir_open (folder, 0, &local_error);
  const char *name;

  if (directory == NULL)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_STORAGE, local_error->message);
      return NULL;
    }
  while ((name = g_dir_read_name (directory)) != NULL)
    if (is_plain_name (name) && g_str_has_suffix (name, suffix))
      g_ptr_array_add (names, g_strdup (name));
  g_dir_close (directory);
  g_ptr_array_sort (names, kab_text_compare);
  return g_steal_pointer (&names);
}

static void
append_file (GString        *json,
             const char     *name,
             const GStatBuf *status,
             GPtrArray      *users)
{
  g_autofree char *sha1 = kab_download_url_dup_sha1 (name);

  g_string_append_c (json, '{');
  kab_server_json_append_member (json, "name", name);
  g_string_append_printf (json, ", \"size\": %" G_GINT64_FORMAT ", \"modified_on\": ", (gint64) status->st_size);
  kab_server_json_append_time (json, status->st_mtime);
  kab_server_json_append_member (json, "sha1", sha1);
  kab_server_json_append_name (json, "update_ids");
  g_string_append_c (json, '[');
  for (guint i = 0; users != NULL && i < users->len; i++)
    {
      g_string_append (json, i > 0 ? ", " : "");
      kab_server_json_append_text (json, users->pdata[i]);
    }
  g_string_append (json, "]}");
}

GString *
kab_server_list_files (KabDepot  *depot,
                       guint     *n_files,
                       GError   **error)
{
  const char *folder = kab_depot_get_updates_folder (depot);
  g_autoptr(GPtrArray) updates = kab_depot_load_updates (depot, error);
  g_autoptr(GPtrArray) names = updates != NULL ? kab_server_list_names (folder, "", error) : NULL;
  g_autoptr(GHashTable) users = NULL;
  GString *json;

  if (names == NULL)
    return NULL;
  users = make_users (updates);

  *n_files = 0;
  json = g_string_new ("[");
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);
      GStatBuf status;

      if (g_lstat (path, &status) != 0 || !S_ISREG (status.st_mode))
        continue;
      g_string_append (json, (*n_files)++ > 0 ? ", " : "");
      append_file (json, names->pdata[i], &status, g_hash_table_lookup (users, names->pdata[i]));
    }
  g_string_append_c (json, ']');
  return json;
}
