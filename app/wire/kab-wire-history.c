/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-wire"

#include "config.h"

#include "kab-wire-update.h"

#include <string.h>

#include "kab-result-code.h"
#include "kab-wire.h"

#define WU_E_CALL_CANCELLED ((gint32) 0x8024000b)   /* an entry that says only "aborted" */
#define WU_E_UNEXPECTED     ((gint32) 0x80240fff)   /* "not covered by another error code": says only "failed" */

/*
 * Which key holds the HRESULT of an entry is an assumption: the keys that are known (waptwua-model § 2) have none, but
 * WUA's own entry has HResult and UnmappedResultCode beside ResultCode. So we take any of these spellings, then a
 * result_code that is itself an HRESULT, then a code of eight digits in the description.
 */
static const char * const hresult_keys[] = {
  "hresult", "result_hresult", "HResult", "unmapped_result_code", "UnmappedResultCode",
};

static char *
dup_value_text (JsonObject *object,
                const char *key)
{
  const char *text = kab_json_get_text (object, key);
  JsonNode *node = kab_json_get_node (object, key);

  if (text != NULL)
    return g_strdup (text);
  if (node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  return NULL;
}

/* Looks for "0x8024200d" or "(8024200D)" in words of any language. */
static gboolean
find_code (const char *words,
           guint32    *code)
{
  for (const char *p = words; p != NULL && *p != '\0'; p++)
    {
      gsize n = 0;

      if (*p != '8' || (p > words && g_ascii_isxdigit (p[-1])))
        continue;
      while (n < 9 && g_ascii_isxdigit (p[n]))
        n++;
      if (n == 8)
        {
          *code = (guint32) g_ascii_strtoull (p, NULL, 16);
          return TRUE;
        }
    }
  return FALSE;
}

static gint32
get_entry_result (JsonObject *entry)
{
  g_autofree char *result_code = dup_value_text (entry, "result_code");
  guint32 code;

  if (result_code == NULL && kab_json_get_text (entry, "result") != NULL)
    result_code = g_strdup (kab_json_get_text (entry, "result"));

  /* an HRESULT is told from WUA's 0 … 5 by its sign, whichever way it is written */
  if (result_code != NULL && kab_result_code_parse (result_code, &code) && code > 5)
    return kab_result_code_is_failure (code) ? (gint32) code : 0;

  if (result_code == NULL || !kab_operation_result_is_failure (result_code))
    return 0;

  for (guint i = 0; i < G_N_ELEMENTS (hresult_keys); i++)
    {
      g_autofree char *text = dup_value_text (entry, hresult_keys[i]);

      if (text != NULL && kab_result_code_parse (text, &code) && kab_result_code_is_failure (code))
        return (gint32) code;
    }

  if (find_code (kab_json_get_text (entry, "description"), &code) && kab_result_code_is_failure (code))
    return (gint32) code;

  return strcmp (result_code, "5") == 0 || g_ascii_strcasecmp (result_code, "Aborted") == 0
           ? WU_E_CALL_CANCELLED : WU_E_UNEXPECTED;
}

gint32
kab_history_get_result (const char *json)
{
  g_autoptr(JsonNode) node = NULL;
  JsonObject *newest = NULL;
  gint64 newest_date = -1;
  JsonArray *array;

  /* "[]" and null are the usual case and cost no tree */
  if (json == NULL || json[0] != '[' || json[1] == ']')
    return 0;

  node = kab_wire_parse (json, -1, NULL);
  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return 0;

  /* WUA lists the newest entry first: of entries with the same date the first one counts. */
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      gint64 date;

      if (!JSON_NODE_HOLDS_OBJECT (element))
        continue;
      date = kab_json_get_time (json_node_get_object (element), "date");
      if (date > newest_date)
        {
          newest = json_node_get_object (element);
          newest_date = date;
        }
    }

  return newest != NULL ? get_entry_result (newest) : 0;
}
