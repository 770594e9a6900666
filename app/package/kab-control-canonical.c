/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-package"

#include "config.h"

#include "kab-control-canonical.h"

#include <string.h>

#include "kab-wire.h"

#define MAX_NAMES  512     /* 1.8.2 signs 45 */

char **
kab_control_dup_signed_names (KabPackage *package)
{
  const char *list = kab_package_get (package, "signed_attributes");
  const char *date = kab_package_get (package, "signature_date");
  char **names;

  if (list[0] == '\0')
    {
      /* Records older than the list itself. */
      if (strcmp (date, "20170609") < 0)
        return g_strsplit ("package,version,architecture,section,priority,depends,conflicts,maturity", ",", -1);
      return NULL;
    }
  names = g_strsplit (list, ",", MAX_NAMES);
  for (guint i = 0; names[i] != NULL; i++)
    g_strstrip (names[i]);
  return names;
}

static gboolean
is_known (const char *name)
{
  return g_strv_contains (kab_package_get_attribute_order (), name) || g_str_equal (name, "filename") ||
         g_str_equal (name, "size") || g_str_equal (name, "md5sum");
}

static JsonNode *
value_node (KabPackage *package,
            const char *name)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);
  const char *text = kab_package_get (package, name);
  char *end = NULL;

  if (!kab_package_has (package, name) && !is_known (name))
    {
      json_node_init_null (node);
      return node;
    }

  /* The one attribute that agents read as a number and sign as one. */
  if (g_str_equal (name, "installed_size") && g_ascii_isdigit (text[0]))
    {
      gint64 number = g_ascii_strtoll (text, &end, 10);

      if (*end == '\0')
        {
          json_node_set_int (node, number);
          return node;
        }
    }
  json_node_set_string (node, text);
  return node;
}

char *
kab_control_dup_canonical (KabPackage         *package,
                           const char * const *names,
                           gsize              *length)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  for (guint i = 0; names[i] != NULL; i++)
    json_object_set_member (object, names[i], value_node (package, names[i]));
  json_node_take_object (node, object);
  return kab_wire_canonical (node, length);
}
