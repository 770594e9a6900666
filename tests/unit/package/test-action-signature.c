/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "package-support.h"

#include <json-glib/json-glib.h>

#include "kab-action-signature.h"
#include "kab-wire.h"

#define HOST   "A36D3621-A1E8-5696-9268-7F119283BA3B"
#define SIGNED_AT  G_GINT64_CONSTANT (1795246242)   /* 2026-11-21T07:30:42 */
#define SKEW   (6 * 60 * 60)

static JsonNode *
read_recorded (void)
{
  g_autofree char *path = recorded ("responses/trigger_request_body.json");
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  JsonNode *root;
  gsize length;

  g_assert_true (g_file_get_contents (path, &text, &length, &error));
  root = kab_wire_parse (text, length, &error);
  g_assert_no_error (error);
  return root;
}

static JsonObject *
first_action (JsonNode *root)
{
  return json_array_get_object_element (json_node_get_array (root), 0);
}

static void
test_recorded (void)
{
  g_autoptr(JsonNode) root = read_recorded ();
  g_autoptr(GPtrArray) trusted = trust ("keys/self.crt", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (kab_action_verify (first_action (root), HOST, trusted, SIGNED_AT, SKEW, &error));
  g_assert_no_error (error);
}

static void
remove_name (JsonObject *action,
             const char *name)
{
  JsonArray *names = json_object_get_array_member (action, "signed_attributes");

  for (guint i = 0; i < json_array_get_length (names); i++)
    if (g_str_equal (json_array_get_string_element (names, i), name))
      {
        json_array_remove_element (names, i);
        return;
      }
}

static void
test_refused (void)
{
  enum { NO_SIGNATURE, CHANGED, OTHER_SIGNER, NO_LIST, NAME_MISSING, NOT_BASE64, NO_CERTIFICATE, BAD_CERTIFICATE, SAME };
  static const struct {
    int damage;
    const char *host;
    const char *trusted;
    gint64 now;
    int code;
  } cases[] = {
    { NO_SIGNATURE, HOST, "keys/self.crt", SIGNED_AT, KAB_ERROR_BAD_SIGNATURE },
    { CHANGED, HOST, "keys/self.crt", SIGNED_AT, KAB_ERROR_BAD_SIGNATURE },
    { OTHER_SIGNER, HOST, "keys/self.crt", SIGNED_AT, KAB_ERROR_BAD_SIGNATURE },
    { NO_LIST, HOST, "keys/self.crt", SIGNED_AT, KAB_ERROR_BAD_SIGNATURE },
    { NAME_MISSING, HOST, "keys/self.crt", SIGNED_AT, KAB_ERROR_BAD_SIGNATURE },
    { NOT_BASE64, HOST, "keys/self.crt", SIGNED_AT, KAB_ERROR_BAD_SIGNATURE },
    { NO_CERTIFICATE, HOST, "keys/ca.crt", SIGNED_AT, KAB_ERROR_BAD_SIGNATURE },
    { BAD_CERTIFICATE, HOST, "keys/self.crt", SIGNED_AT, KAB_ERROR_BAD_SIGNATURE },
    { SAME, HOST, "keys/ca.crt", SIGNED_AT, KAB_ERROR_BAD_SIGNATURE },
    { SAME, "E9A81421-2A57-5429-8208-616E34690A6E", "keys/self.crt", SIGNED_AT, KAB_ERROR_REFUSED },
    { SAME, HOST, "keys/self.crt", SIGNED_AT + SKEW + 1, KAB_ERROR_REFUSED },
    { SAME, HOST, "keys/self.crt", SIGNED_AT - 300, -1 },
    { SAME, HOST, "keys/self.crt", SIGNED_AT + SKEW - 1, -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(JsonNode) root = read_recorded ();
      JsonObject *action = first_action (root);
      g_autoptr(GPtrArray) trusted = trust (cases[i].trusted, NULL);
      g_autoptr(GError) error = NULL;

      g_test_message ("case %u", i);
      if (cases[i].damage == NO_SIGNATURE)
        json_object_remove_member (action, "signature");
      else if (cases[i].damage == CHANGED)
        json_object_set_string_member (action, "action", "trigger_host_upgrade");
      else if (cases[i].damage == OTHER_SIGNER)
        json_object_set_string_member (action, "signer", "00");
      else if (cases[i].damage == NO_LIST)
        json_object_set_string_member (action, "signed_attributes", "action,uuid");
      else if (cases[i].damage == NAME_MISSING)
        remove_name (action, "uuid");
      else if (cases[i].damage == NOT_BASE64)
        json_object_set_string_member (action, "signature", "\xc3\xa9");
      else if (cases[i].damage == NO_CERTIFICATE)
        json_object_remove_member (action, "signer_certificate");
      else if (cases[i].damage == BAD_CERTIFICATE)
        json_object_set_string_member (action, "signer_certificate", "none");

      g_assert_cmpint (kab_action_verify (action, cases[i].host, trusted, cases[i].now, SKEW, &error), ==,
                       cases[i].code < 0);
      if (cases[i].code >= 0)
        g_assert_error (error, KAB_ERROR, cases[i].code);
    }
}

static void
test_round_trip (void)
{
  g_autoptr(KabSigner) signer = recorded_signer ();
  KabCertificate *certificate = kab_signer_get_certificate (signer);
  const char *ids[] = { "172fb985-dfbc-578d-8b91-4cbe465cde45_200", NULL };
  g_autoptr(GPtrArray) trusted = trust ("keys/self.crt", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) action = kab_wire_action_new ("trigger_waptwua_install", HOST, ids,
                                                      kab_certificate_get_identity (certificate)->fingerprint,
                                                      kab_certificate_get_chain_pem (certificate),
                                                      TEST_NOW * G_USEC_PER_SEC + 6);
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), action);
  g_autoptr(JsonNode) read = NULL;
  g_autofree char *text = NULL;

  g_assert_true (kab_action_sign (action, signer, &error));
  g_assert_no_error (error);
  text = json_to_string (node, FALSE);
  read = kab_wire_parse (text, -1, &error);
  g_assert_no_error (error);
  g_assert_true (kab_action_verify (json_node_get_object (read), HOST, trusted, TEST_NOW + 60, SKEW, &error));
  g_assert_no_error (error);

  json_object_set_string_member (action, "signer", "somebody else");
  g_assert_false (kab_action_sign (action, signer, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_USAGE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/action-signature/recorded", test_recorded);
  g_test_add_func ("/action-signature/refused", test_refused);
  g_test_add_func ("/action-signature/round-trip", test_round_trip);
  return g_test_run ();
}
