/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-profiles.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>

#include "kab-error.h"

/* Groups are "server NAME"; the group "general" says which one is active. */
#define GROUP_PREFIX "server "
#define MAX_PROFILES 256

/* Keys of the file and the members they fill. */
typedef struct {
  const char *key;
  gsize       offset;
} TextKey;

static const TextKey text_keys[] = {
  { "url", G_STRUCT_OFFSET (KabProfile, url) },
  { "user", G_STRUCT_OFFSET (KabProfile, user) },
  { "ca-file", G_STRUCT_OFFSET (KabProfile, ca_file) },
  { "pinned-fingerprint", G_STRUCT_OFFSET (KabProfile, pinned_fingerprint) },
  { "client-certificate", G_STRUCT_OFFSET (KabProfile, client_certificate) },
  { "client-key", G_STRUCT_OFFSET (KabProfile, client_key) },
  { "proxy", G_STRUCT_OFFSET (KabProfile, proxy) },
  { "updates-path", G_STRUCT_OFFSET (KabProfile, updates_path) },
  { "states-path", G_STRUCT_OFFSET (KabProfile, states_path) },
  { "signing-certificate", G_STRUCT_OFFSET (KabProfile, signing_certificate) },
  { "signing-key", G_STRUCT_OFFSET (KabProfile, signing_key) },
  { "action-scan", G_STRUCT_OFFSET (KabProfile, action_scan) },
  { "action-download", G_STRUCT_OFFSET (KabProfile, action_download) },
  { "action-install", G_STRUCT_OFFSET (KabProfile, action_install) },
  { "action-upgrade", G_STRUCT_OFFSET (KabProfile, action_upgrade) },
  { "action-cancel", G_STRUCT_OFFSET (KabProfile, action_cancel) },
};

static char **
text_of (const KabProfile *self,
         const TextKey    *key)
{
  return (char **) G_STRUCT_MEMBER_P (self, key->offset);
}

KabProfile *
kab_profile_new (const char *name)
{
  KabProfile *self = g_new0 (KabProfile, 1);

  g_return_val_if_fail (name != NULL, NULL);

  self->name = g_strdup (name);
  for (guint i = 0; i < G_N_ELEMENTS (text_keys); i++)
    *text_of (self, &text_keys[i]) = g_strdup ("");
  self->sync_minutes = 30;
  self->silent_days = 14;
  self->stale_scan_days = 7;

  return self;
}

KabProfile *
kab_profile_copy (const KabProfile *self)
{
  KabProfile *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->name = g_strdup (self->name);
  for (guint i = 0; i < G_N_ELEMENTS (text_keys); i++)
    *text_of (copy, &text_keys[i]) = g_strdup (*text_of (self, &text_keys[i]));

  return copy;
}

void
kab_profile_free (KabProfile *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  for (guint i = 0; i < G_N_ELEMENTS (text_keys); i++)
    g_free (*text_of (self, &text_keys[i]));
  g_free (self);
}

char *
kab_profile_dup_store_path (const KabProfile *self)
{
  g_autoptr(GString) file = g_string_new (NULL);

  g_return_val_if_fail (self != NULL, NULL);

  /* Every byte that could mean something to a file system is written as a number, so that no two names meet. */
  for (const char *c = self->name; *c != '\0'; c++)
    {
      if (g_ascii_isalnum (*c) || *c == '-' || *c == '_' || (*c == '.' && c != self->name))
        g_string_append_c (file, *c);
      else
        g_string_append_printf (file, "%%%02x", (guint) (guchar) *c);
    }
  g_string_append (file, ".mirror");

  return g_build_filename (g_get_user_data_dir (), "kabinet", "servers", file->str, NULL);
}

char *
kab_profile_dup_host (const KabProfile *self)
{
  g_autoptr(GUri) uri = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  uri = g_uri_parse (self->url, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL)
    return g_strdup (self->url);

  return g_strdup (g_uri_get_host (uri));
}

static char *
dup_file_name (void)
{
  return g_build_filename (g_get_user_config_dir (), "kabinet", "servers.ini", NULL);
}

/* An empty key file when there is no file; NULL on error. */
static GKeyFile *
read_file (GError **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autofree char *name = dup_file_name ();
  g_autoptr(GError) local_error = NULL;

  if (g_key_file_load_from_file (file, name, G_KEY_FILE_KEEP_COMMENTS, &local_error) ||
      g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return g_steal_pointer (&file);

  g_set_error (error, KAB_ERROR,
               local_error->domain == G_KEY_FILE_ERROR ? KAB_ERROR_BAD_DATA : KAB_ERROR_STORAGE,
               "%s: %s", name, local_error->message);
  return NULL;
}

static guint
read_number (GKeyFile   *file,
             const char *group,
             const char *key,
             guint       fallback)
{
  g_autoptr(GError) error = NULL;
  int number = g_key_file_get_integer (file, group, key, &error);

  return error == NULL && number >= 0 ? (guint) number : fallback;
}

static KabProfile *
read_profile (GKeyFile   *file,
              const char *group)
{
  KabProfile *self = kab_profile_new (group + strlen (GROUP_PREFIX));

  for (guint i = 0; i < G_N_ELEMENTS (text_keys); i++)
    {
      char *text = g_key_file_get_string (file, group, text_keys[i].key, NULL);

      if (text == NULL)
        continue;
      g_free (*text_of (self, &text_keys[i]));
      *text_of (self, &text_keys[i]) = text;
    }
  self->sync_minutes = read_number (file, group, "sync-minutes", self->sync_minutes);
  self->silent_days = read_number (file, group, "silent-days", self->silent_days);
  self->stale_scan_days = read_number (file, group, "stale-scan-days", self->stale_scan_days);
  self->open_level_only = g_key_file_get_boolean (file, group, "open-level-only", NULL);

  return self;
}

GPtrArray *
kab_profiles_load (const char **active,
                   GError     **error)
{
  g_autoptr(GPtrArray) profiles = g_ptr_array_new_with_free_func ((GDestroyNotify) kab_profile_free);
  g_autoptr(GKeyFile) file = read_file (error);
  g_autofree char *chosen = NULL;
  g_auto(GStrv) groups = NULL;

  if (active != NULL)
    *active = NULL;
  if (file == NULL)
    return NULL;

  chosen = g_key_file_get_string (file, "general", "active", NULL);
  groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; groups[i] != NULL && profiles->len < MAX_PROFILES; i++)
    {
      KabProfile *profile;

      if (!g_str_has_prefix (groups[i], GROUP_PREFIX) || groups[i][strlen (GROUP_PREFIX)] == '\0')
        continue;

      profile = read_profile (file, groups[i]);
      g_ptr_array_add (profiles, profile);
      if (active != NULL && g_strcmp0 (chosen, profile->name) == 0)
        *active = profile->name;
    }

  return g_steal_pointer (&profiles);
}

static void
write_profile (GKeyFile         *file,
               const KabProfile *self)
{
  g_autofree char *group = g_strconcat (GROUP_PREFIX, self->name, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (text_keys); i++)
    {
      const char *text = *text_of (self, &text_keys[i]);

      if (text != NULL && text[0] != '\0')
        g_key_file_set_string (file, group, text_keys[i].key, text);
      else
        g_key_file_remove_key (file, group, text_keys[i].key, NULL);
    }
  g_key_file_set_integer (file, group, "sync-minutes", (int) self->sync_minutes);
  g_key_file_set_integer (file, group, "silent-days", (int) self->silent_days);
  g_key_file_set_integer (file, group, "stale-scan-days", (int) self->stale_scan_days);
  g_key_file_set_boolean (file, group, "open-level-only", self->open_level_only);
}

static gboolean
is_in (GPtrArray  *profiles,
       const char *group)
{
  for (guint i = 0; i < profiles->len; i++)
    {
      const KabProfile *profile = profiles->pdata[i];

      if (g_strcmp0 (group + strlen (GROUP_PREFIX), profile->name) == 0)
        return TRUE;
    }

  return FALSE;
}

/* A group's name may hold anything but brackets and control characters. */
static gboolean
is_name_good (const char *name)
{
  if (name == NULL || name[0] == '\0' || !g_utf8_validate (name, -1, NULL))
    return FALSE;

  for (const char *c = name; *c != '\0'; c++)
    {
      if (*c == '[' || *c == ']' || g_ascii_iscntrl (*c))
        return FALSE;
    }

  return TRUE;
}

gboolean
kab_profiles_save (GPtrArray   *profiles,
                   const char  *active,
                   GError     **error)
{
  g_autoptr(GKeyFile) file = NULL;
  g_autoptr(GError) local_error = NULL;
  g_autofree char *name = dup_file_name ();
  g_autofree char *folder = g_path_get_dirname (name);
  g_autofree char *data = NULL;
  g_auto(GStrv) groups = NULL;
  gsize length;

  g_return_val_if_fail (profiles != NULL, FALSE);

  file = read_file (&local_error);
  if (file == NULL && local_error->code == KAB_ERROR_STORAGE)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  /* A file that cannot be understood is replaced; its text survives beside it. */
  if (file == NULL)
    {
      g_autofree char *aside = g_strconcat (name, ".damaged", NULL);

      g_warning ("%s; it is kept as %s", local_error->message, aside);
      g_rename (name, aside);
      file = g_key_file_new ();
    }

  groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    {
      if (g_str_has_prefix (groups[i], GROUP_PREFIX) && !is_in (profiles, groups[i]))
        g_key_file_remove_group (file, groups[i], NULL);
    }
  for (guint i = 0; i < profiles->len; i++)
    {
      const KabProfile *profile = profiles->pdata[i];

      if (!is_name_good (profile->name))
        {
          g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, "“%s” cannot be the name of a server", profile->name);
          return FALSE;
        }
      write_profile (file, profile);
    }
  if (active != NULL)
    g_key_file_set_string (file, "general", "active", active);
  else
    g_key_file_remove_key (file, "general", "active", NULL);

  data = g_key_file_to_data (file, &length, NULL);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, "%s: %s", folder, g_strerror (errno));
      return FALSE;
    }
  if (!g_file_set_contents_full (name, data, (gssize) length,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, &local_error) ||
      g_chmod (name, 0600) != 0)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, "%s: %s", name,
                   local_error != NULL ? local_error->message : g_strerror (errno));
      return FALSE;
    }

  return TRUE;
}
