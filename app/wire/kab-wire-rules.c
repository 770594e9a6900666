/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-wire"

#include "config.h"

#include "kab-text.h"
#include "kab-wire.h"

#include <string.h>

#include "kab-error.h"

#define KEY_DEFAULT_ALLOW      "default_allow"
#define KEY_INCLUDE_SUPERSEDED "include_potentially_superseded_updates"

#define MAX_RULES_SIZE (16 * 1024 * 1024)   /* bytes; an id takes 45, so 350,000 updates */

static void
add_list (KabRuleSetBuilder *builder,
          KabRuleList        list,
          JsonNode          *node)
{
  JsonArray *array;

  /* null adds nothing, and neither does what is no list */
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return;

  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_VALUE (element) && json_node_get_value_type (element) == G_TYPE_STRING)
        kab_rule_set_builder_add (builder, list, json_node_get_string (element));
    }
}

/**
 * kab_wire_read_rules:
 * @data: the bytes of a `waptwua_rules.json`
 * @length: how many, or -1 when they end in NUL
 * @origin: where they come from, "demo-wua-base 12"
 *
 * Reads a rules file as agents do (waptwua-model § 6.4): keys in the order of the file, until the first that
 * nobody knows; it and those behind it become the dropped keys.
 *
 * Returns: (transfer full): the rules, or %NULL with %KAB_ERROR_BAD_DATA
 */
KabRuleSet *
kab_wire_read_rules (const char  *data,
                     gssize       length,
                     const char  *origin,
                     GError     **error)
{
  g_autoptr(JsonNode) root = NULL;
  KabRuleSetBuilder *builder;
  JsonObjectIter iter;
  const char *key;
  JsonNode *node;
  gboolean dropping = FALSE;

  g_return_val_if_fail (data != NULL, NULL);

  if ((length < 0 ? strlen (data) : (gsize) length) > MAX_RULES_SIZE)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "%s: rules of more than %d bytes",
                   origin != NULL ? origin : "rules", MAX_RULES_SIZE);
      return NULL;
    }

  root = kab_wire_parse (data, length, error);
  if (root == NULL)
    {
      g_prefix_error (error, "%s: ", origin != NULL ? origin : "rules");
      return NULL;
    }
  if (!JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "%s: rules that are no object",
                   origin != NULL ? origin : "rules");
      return NULL;
    }

  builder = kab_rule_set_builder_new (origin);
  json_object_iter_init_ordered (&iter, json_node_get_object (root));
  while (json_object_iter_next_ordered (&iter, &key, &node))
    {
      KabRuleList list;
      KabTristate value = kab_json_get_tristate (json_node_get_object (root), key);

      if (dropping)
        {
          kab_rule_set_builder_add_dropped_key (builder, key);
        }
      else if (kab_rule_list_from_key (key, &list))
        {
          add_list (builder, list, node);
        }
      else if (strcmp (key, KEY_DEFAULT_ALLOW) == 0)
        {
          kab_rule_set_builder_set_default_allow (builder, value);
        }
      else if (strcmp (key, KEY_INCLUDE_SUPERSEDED) == 0)
        {
          kab_rule_set_builder_set_include_superseded (builder, value);
        }
      else
        {
          kab_rule_set_builder_add_dropped_key (builder, key);
          dropping = TRUE;
        }
    }

  return kab_rule_set_builder_end (builder);
}

static void
write_list (JsonObject *object,
            const char *key,
            KabRuleSet *rules,
            KabRuleList list)
{
  const char * const *values = kab_rule_set_get_list (rules, list);
  g_autoptr(GPtrArray) sorted = g_ptr_array_new ();
  JsonArray *array = json_array_new ();

  for (guint i = 0; values[i] != NULL; i++)
    g_ptr_array_add (sorted, (gpointer) values[i]);
  g_ptr_array_sort (sorted, kab_text_compare);

  for (guint i = 0; i < sorted->len; i++)
    {
      if (i == 0 || strcmp (sorted->pdata[i], sorted->pdata[i - 1]) != 0)
        json_array_add_string_element (array, sorted->pdata[i]);
    }
  json_object_set_array_member (object, key, array);
}

/**
 * kab_wire_write_rules:
 *
 * Writes the keys in use and no others, sorted, so that two sets that say the same give the same bytes. An empty
 * set is written as the two id lists that every agent since 1.7 knows.
 *
 * Returns: (transfer full): JSON text
 */
char *
kab_wire_write_rules (KabRuleSet *rules)
{
  g_autoptr(JsonObject) object = json_object_new ();
  g_autoptr(JsonNode) node = NULL;

  g_return_val_if_fail (KAB_IS_RULE_SET (rules), NULL);

  for (KabRuleList list = 0; list < KAB_N_RULE_LISTS; list++)
    {
      if (kab_rule_set_get_list (rules, list)[0] != NULL)
        write_list (object, kab_rule_list_get_key (list), rules, list);
    }
  if (kab_rule_set_get_default_allow (rules) != KAB_TRISTATE_NULL)
    json_object_set_boolean_member (object, KEY_DEFAULT_ALLOW,
                                    kab_rule_set_get_default_allow (rules) == KAB_TRISTATE_TRUE);
  if (kab_rule_set_get_include_superseded (rules) != KAB_TRISTATE_NULL)
    json_object_set_boolean_member (object, KEY_INCLUDE_SUPERSEDED,
                                    kab_rule_set_get_include_superseded (rules) == KAB_TRISTATE_TRUE);
  if (json_object_get_size (object) == 0)
    {
      write_list (object, kab_rule_list_get_key (KAB_RULE_ALLOWED_UPDATES), rules, KAB_RULE_ALLOWED_UPDATES);
      write_list (object, kab_rule_list_get_key (KAB_RULE_FORBIDDEN_UPDATES), rules, KAB_RULE_FORBIDDEN_UPDATES);
    }

  node = json_node_init_object (json_node_alloc (), object);
  return kab_wire_canonical (node, NULL);
}
