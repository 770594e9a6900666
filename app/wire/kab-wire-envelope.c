/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-wire"

#include "config.h"

#include "kab-wire.h"

#include "kab-error.h"

#define MAX_MESSAGE 500   /* characters of the server's words that go into an error */

/* wapt-server-api § 1.2; the spelling of the first one is the server's. */
static const struct {
  const char *code;
  KabError    error;
} error_codes[] = {
  { "ewaptforbiddden",               KAB_ERROR_REFUSED },
  { "ewaptforbidden",                KAB_ERROR_REFUSED },
  { "ewaptauthenticationfailure",    KAB_ERROR_AUTH },
  { "ewaptunknownhost",              KAB_ERROR_NOT_FOUND },
  { "ewapthostunreachable",          KAB_ERROR_UNREACHABLE },
  { "ewapttimeoutwaitingforresult",  KAB_ERROR_UNREACHABLE },
  { "ewaptbadsignature",             KAB_ERROR_BAD_SIGNATURE },
  { "ewaptmissingparameter",         KAB_ERROR_USAGE },
};

static void
set_failure (JsonObject  *object,
             GError     **error)
{
  const char *code = kab_json_get_text (object, "error_code");
  const char *msg = kab_json_get_text (object, "msg");
  g_autofree char *words = NULL;
  KabError kind = KAB_ERROR_FAILED;

  for (guint i = 0; code != NULL && i < G_N_ELEMENTS (error_codes); i++)
    {
      if (g_ascii_strcasecmp (code, error_codes[i].code) == 0)
        kind = error_codes[i].error;
    }

  words = g_utf8_substring (msg != NULL ? msg : "",
                            0, msg != NULL ? MIN (g_utf8_strlen (msg, -1), MAX_MESSAGE) : 0);
  g_set_error (error, KAB_ERROR, kind, "the server says %s: %s",
               code != NULL && g_utf8_strlen (code, -1) <= MAX_MESSAGE ? code : "failure", words);
}

JsonNode *
kab_wire_open_envelope (JsonNode  *root,
                        char     **msg,
                        GError   **error)
{
  JsonObject *object;
  JsonNode *result;

  g_return_val_if_fail (root != NULL, NULL);

  if (!JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "the answer is no envelope");
      return NULL;
    }

  object = json_node_get_object (root);
  switch (kab_json_get_tristate (object, "success"))
    {
    case KAB_TRISTATE_TRUE:
      break;

    case KAB_TRISTATE_FALSE:
      if (g_strcmp0 (kab_json_get_text (object, "error_code"), "empty_data") == 0)
        break;
      set_failure (object, error);
      return NULL;

    case KAB_TRISTATE_NULL:
    default:
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "the answer does not say whether it succeeded");
      return NULL;
    }

  if (msg != NULL)
    *msg = g_strdup (kab_json_get_text (object, "msg"));

  result = json_object_get_member (object, "result");
  return result != NULL ? json_node_copy (result) : json_node_init_null (json_node_alloc ());
}

