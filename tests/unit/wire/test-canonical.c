/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "kab-wire.h"

#include <string.h>

#define AB32 "abababababababababababababababab"
#define FINGERPRINT AB32 AB32
#define PEM "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"
#define SIGNED "package,version,architecture,section,priority,description,maturity,locale,installed_size,package_uuid," \
               "signer,signer_fingerprint,signature_date,signed_attributes"

static void
assert_checksum (const char *bytes,
                 gsize       length,
                 gsize       expected_length,
                 const char *expected_sha256)
{
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, bytes, length);

  g_assert_cmpuint (length, ==, expected_length);
  g_assert_cmpstr (sha256, ==, expected_sha256);
}

/* wapt-package-format § 15 */
static void
test_control_vector (void)
{
  g_autoptr(JsonObject) object = json_object_new ();
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), object);
  g_autofree char *bytes = NULL;
  gsize length;

  json_object_set_string_member (object, "package", "demo-wua-rules");
  json_object_set_string_member (object, "version", "7");
  json_object_set_string_member (object, "architecture", "all");
  json_object_set_string_member (object, "section", "wsus");
  json_object_set_string_member (object, "priority", "critical");
  json_object_set_string_member (object, "description", "Règles \"été\" \\ 😀\nsecond line");
  json_object_set_string_member (object, "maturity", "PREPROD");
  json_object_set_string_member (object, "locale", "");
  json_object_set_int_member (object, "installed_size", 4096);
  json_object_set_string_member (object, "package_uuid", "00000000-0000-4000-8000-000000000001");
  json_object_set_string_member (object, "signer", "Demo Signer");
  json_object_set_string_member (object, "signer_fingerprint", FINGERPRINT);
  json_object_set_string_member (object, "signature_date", "2026-01-02T03:04:05.000006");
  json_object_set_string_member (object, "signed_attributes", SIGNED);

  bytes = kab_wire_canonical (node, &length);
  assert_checksum (bytes, length, 626, "eff72e5e476362cd57ece66f8c583f5c6c354060ebd17d29ffc88551d0765f2f");
}

static void
test_manifest_vector (void)
{
  static const char text[] =
    "[[\"setup \\u00e9/a.txt\",\"0000000000000000000000000000000000000000000000000000000000000000\"],"
    "[\"WAPT/control\",\"1111111111111111111111111111111111111111111111111111111111111111\"]]";
  g_autoptr(JsonNode) node = kab_wire_parse (text, -1, NULL);
  g_autofree char *bytes = kab_wire_canonical (node, NULL);

  g_assert_cmpstr (bytes, ==, text);
}

/* wapt-server-api § 5.2: 1767323045.000006 is 2026-01-02T03:04:05.000006 */
static void
test_action_vector (void)
{
  g_autoptr(JsonObject) action = json_object_new ();
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), action);
  g_autofree char *bytes = NULL;
  gsize length;

  json_object_set_string_member (action, "action", "trigger_host_update");
  json_object_set_string_member (action, "uuid", "4C4C4544-0000-1000-8000-000000000001");
  json_object_set_boolean_member (action, "notify_server", TRUE);
  json_object_set_boolean_member (action, "force", FALSE);
  kab_wire_action_prepare (action, FINGERPRINT, PEM, G_GINT64_CONSTANT (1767323045000006));

  bytes = kab_wire_canonical (node, &length);
  assert_checksum (bytes, length, 450, "b622200b31f1643b3ef6082bef7186af3c1924af3a3a5e0de71c8574b8ebddac");
}

static void
test_action_has_its_keys_signed (void)
{
  static const char * const updates[] = { "a_1", NULL };
  g_autoptr(JsonObject) action = kab_wire_action_new (kab_wire_action_default (KAB_DEED_SCAN), "U", updates,
                                                      FINGERPRINT, PEM, 0);
  g_auto(GStrv) names = kab_json_dup_strv (action, "signed_attributes");
  g_autofree char *joined = g_strjoinv (",", names);

  g_assert_cmpstr (joined, ==, "action,uuid,notify_server,notify_user,update_ids,"
                   "signed_attributes,signer,signature_date,signer_certificate");
  g_assert_cmpstr (kab_json_get_text (action, "action"), ==, "trigger_waptwua_scan");
  g_assert_cmpstr (kab_json_get_text (action, "signature_date"), ==, "1970-01-01T00:00:00.000000");
  g_assert_cmpuint (json_object_get_size (action), ==, 9);
}

static void
test_escapes (void)
{
  static const struct { const char *json; const char *canonical; } cases[] = {
    { "\"\\u007f\\u0001/\\/\"", "\"\\u007f\\u0001//\"" },
    { "\"\\b\\f\\n\\r\\t\"", "\"\\b\\f\\n\\r\\t\"" },
    { "\"\\uD83D\\uDE00\"", "\"\\ud83d\\ude00\"" },
    { " { \"b\" : [ 1 , -2.50 , true , null ] , \"a\" : { } } ", "{\"a\":{},\"b\":[1,-2.5,true,null]}" },
    { "1.0", "1.0" }, { "1e3", "1000.0" }, { "0.1", "0.1" }, { "-0", "0" }, { "12", "12" },
    { "{\"é\":1,\"z\":2,\"Z\":3}", "{\"Z\":3,\"z\":2,\"\\u00e9\":1}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(JsonNode) node = kab_wire_parse (cases[i].json, -1, NULL);
      g_autofree char *bytes = NULL;

      g_assert_nonnull (node);
      bytes = kab_wire_canonical (node, NULL);
      g_assert_cmpstr (bytes, ==, cases[i].canonical);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/canonical/control-vector", test_control_vector);
  g_test_add_func ("/canonical/manifest-vector", test_manifest_vector);
  g_test_add_func ("/canonical/action-vector", test_action_vector);
  g_test_add_func ("/canonical/action-has-its-keys-signed", test_action_has_its_keys_signed);
  g_test_add_func ("/canonical/escapes", test_escapes);

  return g_test_run ();
}
