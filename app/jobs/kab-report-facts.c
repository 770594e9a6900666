/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include <string.h>

#include "kab-report-facts.h"
#include "kab-result-code.h"
#include "kab-wire.h"

/* From outside: no report of an agent comes near these. */
#define MAX_BYTES (256 * 1024)
#define MAX_FACTS 200
#define MAX_TRIES 200
#define MAX_VALUE 2000

static void
fact_free (KabFact *fact)
{
  g_free (fact->name);
  g_free (fact->value);
  g_free (fact);
}

static void
try_free (KabTry *attempt)
{
  g_free (attempt->result);
  g_free (attempt);
}

/* waptwua-model § 3.1, § 3.2, § 6.4 */
static gboolean
is_known (const char *name)
{
  static const char * const known[] = {
    "status", "enabled", "wsusscn2cab_date", "last_scan_date", "last_scan_duration", "last_install_batch",
    "last_install_date", "last_install_result", "last_install_reboot_required", "missing_downloads",
    "rules_packages", "last_error", "wua_agent_version", "windows_updates_rules", "start_mode", "running",
    "auto_update", "use_wuserver", "disable_os_upgrade", "disable_access", "policy_disable_access",
    "gwx_disable", "reboot_needed", "agent_version", NULL
  };

  return g_strv_contains (known, name);
}

static char *
dup_value (JsonNode *node)
{
  g_autofree char *text = NULL;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return g_strdup ("");
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    text = g_strdup (json_node_get_string (node));
  else
    text = json_to_string (node, FALSE);

  if (g_utf8_strlen (text, -1) > MAX_VALUE)
    {
      g_autofree char *start = g_utf8_substring (text, 0, MAX_VALUE);

      return g_strconcat (start, "…", NULL);
    }
  return g_steal_pointer (&text);
}

static JsonNode *
parse (const char *json)
{
  if (json == NULL || strnlen (json, MAX_BYTES + 1) > MAX_BYTES)
    return NULL;

  return kab_wire_parse (json, (gssize) strlen (json), NULL);
}

GPtrArray *
kab_report_facts_read (const char *json)
{
  GPtrArray *facts = g_ptr_array_new_with_free_func ((GDestroyNotify) fact_free);
  g_autoptr(JsonNode) root = parse (json);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return facts;

  json_object_iter_init_ordered (&iter, json_node_get_object (root));
  while (facts->len < MAX_FACTS && json_object_iter_next_ordered (&iter, &name, &node))
    {
      KabFact *fact = g_new0 (KabFact, 1);

      fact->name = g_strdup (name);
      fact->value = dup_value (node);
      fact->known = is_known (name);
      g_ptr_array_add (facts, fact);
    }

  return facts;
}

static int
compare_tries (gconstpointer a,
               gconstpointer b)
{
  const KabTry *one = *(KabTry **) a, *two = *(KabTry **) b;

  return one->date < two->date ? 1 : one->date > two->date ? -1 : 0;
}

GPtrArray *
kab_report_tries_read (const char *json)
{
  GPtrArray *tries = g_ptr_array_new_with_free_func ((GDestroyNotify) try_free);
  g_autoptr(JsonNode) root = parse (json);
  JsonArray *array;

  if (root == NULL || !JSON_NODE_HOLDS_ARRAY (root))
    return tries;

  array = json_node_get_array (root);
  for (guint i = 0; i < MIN (json_array_get_length (array), MAX_TRIES); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonObject *object;
      KabTry *attempt;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        continue;
      object = json_node_get_object (node);
      attempt = g_new0 (KabTry, 1);
      attempt->date = kab_json_get_time (object, "date");
      attempt->operation = (int) CLAMP (kab_json_get_int (object, "operation", 0), 0, 9);
      attempt->result = dup_value (kab_json_get_node (object, "result_code"));
      attempt->failed = kab_operation_result_is_failure (attempt->result);
      g_ptr_array_add (tries, attempt);
    }
  g_ptr_array_sort (tries, compare_tries);

  return tries;
}
