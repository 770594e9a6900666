/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-wire"

#include "config.h"

#include "kab-wire.h"

#include <string.h>

#include "kab-wire-value.h"

/* A column asked for as "a/b" comes back under the very name "a/b": the whole name goes first. */
JsonNode *
kab_json_get_node (JsonObject *object,
                   const char *path)
{
  JsonNode *node;
  const char *slash;

  g_return_val_if_fail (path != NULL, NULL);

  if (object == NULL)
    return NULL;

  node = json_object_get_member (object, path);
  for (slash = strchr (path, '/'); node == NULL && slash != NULL; slash = strchr (slash + 1, '/'))
    {
      g_autofree char *name = g_strndup (path, slash - path);
      JsonNode *child = json_object_get_member (object, name);

      if (child != NULL && JSON_NODE_HOLDS_OBJECT (child))
        node = kab_json_get_node (json_node_get_object (child), slash + 1);
    }

  return node != NULL && !JSON_NODE_HOLDS_NULL (node) ? node : NULL;
}

const char *
kab_json_get_text (JsonObject *object,
                   const char *path)
{
  JsonNode *node = kab_json_get_node (object, path);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

gint64
kab_json_get_int (JsonObject *object,
                  const char *path,
                  gint64      fallback)
{
  JsonNode *node = kab_json_get_node (object, path);
  gint64 value;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return fallback;

  if (json_node_get_value_type (node) == G_TYPE_STRING)
    {
      const char *text = json_node_get_string (node);

      return kab_value_parse_int (text, strlen (text), &value) ? value : fallback;
    }

  if (json_node_get_value_type (node) == G_TYPE_DOUBLE)
    return kab_value_from_double (json_node_get_double (node), fallback);

  return json_node_get_int (node);
}

KabTristate
kab_json_get_tristate (JsonObject *object,
                       const char *path)
{
  JsonNode *node = kab_json_get_node (object, path);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return KAB_TRISTATE_NULL;

  if (json_node_get_value_type (node) == G_TYPE_STRING)
    {
      const char *text = json_node_get_string (node);

      return kab_value_parse_tristate (text, strlen (text));
    }

  if (json_node_get_value_type (node) == G_TYPE_DOUBLE)
    return KAB_TRISTATE_NULL;

  /* a boolean or a number */
  return json_node_get_int (node) != 0 || json_node_get_boolean (node) ? KAB_TRISTATE_TRUE : KAB_TRISTATE_FALSE;
}

/* Texts and numbers of an array; what else is in it is left out. A single text is a list of one. */
GStrv
kab_json_dup_strv (JsonObject *object,
                   const char *path)
{
  JsonNode *node = kab_json_get_node (object, path);
  g_autoptr(GStrvBuilder) builder = NULL;
  JsonArray *array;

  if (node == NULL)
    return NULL;

  builder = g_strv_builder_new ();
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    g_strv_builder_add (builder, json_node_get_string (node));
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return JSON_NODE_HOLDS_VALUE (node) ? g_strv_builder_end (builder) : NULL;

  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (element))
        continue;
      if (json_node_get_value_type (element) == G_TYPE_STRING)
        {
          g_strv_builder_add (builder, json_node_get_string (element));
        }
      else if (json_node_get_value_type (element) == G_TYPE_INT64)
        {
          g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (element));

          g_strv_builder_add (builder, text);
        }
    }

  return g_strv_builder_end (builder);
}

gint64
kab_json_get_time (JsonObject *object,
                   const char *path)
{
  const char *text = kab_json_get_text (object, path);

  return text != NULL ? kab_wire_parse_time (text, -1) : MAX (kab_json_get_int (object, path, 0), 0);
}
