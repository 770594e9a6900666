/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-settings.h"

/* A program that runs where it was built finds its schema beside it: <build>/app/ui/kabinet, <build>/data. */
static GSettingsSchema *
lookup_in_build_tree (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = program != NULL ? g_path_get_dirname (program) : NULL;
  GSettingsSchema *schema = NULL;

  for (guint up = 0; folder != NULL && up < 4 && schema == NULL; up++)
    {
      g_autofree char *parent = g_path_get_dirname (folder);
      g_autofree char *data = g_build_filename (parent, "data", NULL);
      g_autoptr(GSettingsSchemaSource) source = NULL;

      source = g_settings_schema_source_new_from_directory (data, NULL, TRUE, NULL);
      if (source != NULL)
        schema = g_settings_schema_source_lookup (source, KAB_APPLICATION_ID, FALSE);

      g_free (folder);
      folder = g_steal_pointer (&parent);
    }

  return schema;
}

GSettings *
kab_settings_get_default (void)
{
  static GSettings *settings;
  g_autoptr(GSettingsSchema) schema = NULL;
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();

  if (settings != NULL)
    return settings;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, KAB_APPLICATION_ID, TRUE);
  if (schema == NULL)
    schema = lookup_in_build_tree ();
  if (schema == NULL)
    g_error ("the settings schema %s is not installed", KAB_APPLICATION_ID);

  settings = g_settings_new_full (schema, NULL, NULL);

  return settings;
}
