/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "kab-wire.h"

#include <string.h>

#include "kab-error.h"

static void
test_parse_refuses (void)
{
  static const char * const cases[] = {
    "", " ", "{", "[1,]", "{\"a\":1,}", "{'a':1}", "// x\n1", "1 2", "{} {}", "nul", "NaN", "[1", "\"a",
    "\"\xff\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "{\"a\" 1}", "{1:2}", "\"\t\"", "01", "\x00",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(JsonNode) node = kab_wire_parse (cases[i], -1, &error);

      if (node != NULL)
        g_error ("“%s” was accepted", cases[i]);
      g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
    }
}

static void
test_parse_limits_depth (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) ok = NULL;
  JsonNode *node;

  for (guint i = 0; i < KAB_WIRE_MAX_DEPTH; i++)
    g_string_append_c (text, '[');
  for (guint i = 0; i < KAB_WIRE_MAX_DEPTH; i++)
    g_string_append_c (text, ']');
  ok = kab_wire_parse (text->str, text->len, &error);
  g_assert_no_error (error);

  g_string_set_size (text, 0);
  for (guint i = 0; i < 1000000; i++)
    g_string_append (text, i % 2 ? "[" : "{\"a\":");
  node = kab_wire_parse (text->str, text->len, &error);
  g_assert_null (node);
  g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
}

static void
test_parse_keeps_the_last (void)
{
  g_autoptr(JsonNode) node = kab_wire_parse ("{\"a\":[1,{\"x\":2}],\"a\":{\"b\":\"t\\u0000u\"},\"big\":99999999999999999999}",
                                             -1, NULL);
  JsonObject *object = json_node_get_object (node);

  g_assert_cmpstr (kab_json_get_text (object, "a/b"), ==, "t?u");
  g_assert_cmpint (kab_json_get_int (object, "big", -7), ==, -7);
}

static void
test_envelope_errors (void)
{
  static const struct { const char *json; int code; } cases[] = {
    { "{\"success\":false,\"error_code\":\"ewaptforbiddden\",\"msg\":\"x\"}", KAB_ERROR_REFUSED },
    { "{\"success\":false,\"error_code\":\"EWaptAuthenticationFailure\"}", KAB_ERROR_AUTH },
    { "{\"success\":false,\"error_code\":\"ewaptunknownhost\",\"msg\":null}", KAB_ERROR_NOT_FOUND },
    { "{\"success\":false,\"error_code\":\"ewapthostunreachable\"}", KAB_ERROR_UNREACHABLE },
    { "{\"success\":false,\"error_code\":\"ewapttimeoutwaitingforresult\"}", KAB_ERROR_UNREACHABLE },
    { "{\"success\":false,\"error_code\":\"ewaptbadsignature\"}", KAB_ERROR_BAD_SIGNATURE },
    { "{\"success\":false,\"error_code\":\"ewaptmissingparameter\"}", KAB_ERROR_USAGE },
    { "{\"success\":false,\"error_code\":\"keyerror\"}", KAB_ERROR_FAILED },
    { "{\"success\":false}", KAB_ERROR_FAILED },
    { "{\"success\":null,\"result\":[]}", KAB_ERROR_BAD_DATA },
    { "{}", KAB_ERROR_BAD_DATA },
    { "[]", KAB_ERROR_BAD_DATA },
    { "null", KAB_ERROR_BAD_DATA },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(JsonNode) root = kab_wire_parse (cases[i].json, -1, NULL);
      g_autoptr(GError) error = NULL;
      JsonNode *result = kab_wire_open_envelope (root, NULL, &error);

      g_assert_null (result);
      g_assert_error (error, KAB_ERROR, cases[i].code);
    }
}

static void
test_envelope_succeeds (void)
{
  g_autoptr(JsonNode) root = kab_wire_parse ("{\"success\": true, \"msg\": \"été\", \"result\": [1]}", -1, NULL);
  g_autoptr(JsonNode) empty_root = kab_wire_parse ("{\"success\": false, \"error_code\": \"empty_data\"}", -1, NULL);
  g_autoptr(JsonNode) result = NULL;
  g_autoptr(JsonNode) empty = NULL;
  g_autofree char *msg = NULL;

  result = kab_wire_open_envelope (root, &msg, NULL);
  g_assert_cmpstr (msg, ==, "été");
  g_assert_true (JSON_NODE_HOLDS_ARRAY (result));

  empty = kab_wire_open_envelope (empty_root, NULL, NULL);
  g_assert_true (JSON_NODE_HOLDS_NULL (empty));
}

static void
test_getters (void)
{
  g_autoptr(JsonNode) root = kab_wire_parse (
    "{\"t\":\"x\",\"n\":5,\"d\":2.9,\"nt\":\" 42 \",\"b\":true,\"bt\":\"False\",\"nul\":null,"
    "\"o\":{\"p/q\":\"deep\",\"a\":{\"b\":7}},"
    "\"p/q\":\"flat\",\"l\":[\"a\",null,3,{},\"b\"],\"when\":\"2026-11-21T07:30:38.850335\"}", -1, NULL);
  JsonObject *object = json_node_get_object (root);
  g_auto(GStrv) list = kab_json_dup_strv (object, "l");
  g_autofree char *joined = g_strjoinv (",", list);

  g_assert_cmpstr (kab_json_get_text (object, "t"), ==, "x");
  g_assert_null (kab_json_get_text (object, "n"));
  g_assert_null (kab_json_get_text (object, "nul"));
  g_assert_null (kab_json_get_text (object, "t/x"));
  g_assert_null (kab_json_get_text (NULL, "t"));
  g_assert_cmpstr (kab_json_get_text (object, "p/q"), ==, "flat");
  g_assert_cmpstr (kab_json_get_text (object, "o/p/q"), ==, "deep");
  g_assert_cmpint (kab_json_get_int (object, "o/a/b", 0), ==, 7);
  g_assert_cmpint (kab_json_get_int (object, "nt", 0), ==, 42);
  g_assert_cmpint (kab_json_get_int (object, "d", 0), ==, 2);
  g_assert_cmpint (kab_json_get_int (object, "t", -3), ==, -3);
  g_assert_cmpint (kab_json_get_int (object, "o", -3), ==, -3);
  g_assert_cmpint (kab_json_get_tristate (object, "b"), ==, KAB_TRISTATE_TRUE);
  g_assert_cmpint (kab_json_get_tristate (object, "bt"), ==, KAB_TRISTATE_FALSE);
  g_assert_cmpint (kab_json_get_tristate (object, "n"), ==, KAB_TRISTATE_TRUE);
  g_assert_cmpint (kab_json_get_tristate (object, "t"), ==, KAB_TRISTATE_NULL);
  g_assert_cmpint (kab_json_get_tristate (object, "nul"), ==, KAB_TRISTATE_NULL);
  g_assert_cmpint (kab_json_get_tristate (object, "l"), ==, KAB_TRISTATE_NULL);
  g_assert_cmpstr (joined, ==, "a,3,b");
  g_assert_null (kab_json_dup_strv (object, "o"));
  g_assert_cmpint (kab_json_get_time (object, "when"), ==, 1795246238);
}

static void
test_times (void)
{
  static const struct { const char *text; gint64 time; } cases[] = {
    { "1970-01-01T00:00:01", 1 }, { "2000-02-29 12:00:00", 951825600 }, { "2026-11-21T07:30:38.850335", 1795246238 },
    { "2026-11-21", 1795219200 }, { "2026-11-21T07:30:38Z", 1795246238 }, { "2026-11-21T07:30:38.1+02:00", 1795239038 },
    { "2026-11-21T07:30:38-0100", 1795249838 }, { "2026-11-21T07:30", 1795246200 },
    { "", 0 }, { "none", 0 }, { "2026-13-01", 0 }, { "2026-00-01", 0 }, { "2026-11-21T", 0 }, { "2026-11-21T25:00:00", 0 },
    { "2026-11-21T07:30:38x", 0 }, { "1601-01-01T00:00:00", 0 }, { "20261121-073038", 0 }, { "2026-11-2é", 0 },
    { "2026-11-21T07:30:38+0", 0 }, { "2026-11-21T07:30:", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (kab_wire_parse_time (cases[i].text, -1), ==, cases[i].time);
    }

  for (gint64 time = 1; time < G_GINT64_CONSTANT (4000000000); time += 86399 * 37)
    {
      g_autofree char *text = kab_wire_format_time (time);

      g_assert_cmpint (kab_wire_parse_time (text, -1), ==, time);
    }
}

static void
test_task (void)
{
  g_autoptr(JsonNode) root = kab_wire_parse (
    "{\"id\":12,\"classname\":\"WaptWUADowloadTask\",\"progress\":250,\"logs\":[\"a\",\"b\"],"
    "\"create_date\":\"2026-11-21T07:30:38\","
    "\"start_date\":null,\"summary\":3,\"description\":\"Téléchargement\"}", -1, NULL);
  g_autoptr(KabHostTask) task = kab_wire_read_task (json_node_get_object (root), KAB_HOST_TASK_RUNNING);
  const KabHostTaskFields *fields = kab_host_task_get_fields (task);

  g_assert_cmpint (fields->id, ==, 12);
  g_assert_cmpint (fields->progress, ==, 100);
  g_assert_cmpstr (fields->logs, ==, "a\nb");
  g_assert_cmpint (fields->created_at, ==, 1795246238);
  g_assert_cmpint (fields->started_at, ==, 0);
  g_assert_true (kab_host_task_does (task, KAB_DEED_DOWNLOAD));
}

static void
test_rules (void)
{
  static const char text[] =
    "{\"allowed_updates\":[\"b_1\",\"a_2\",\"b_1\",5,null],\"forbidden_kbs\":null,\"default_allow\":true,"
    "\"allowed_severities\":\"Critical\",\"surprise\":1,\"forbidden_updates\":[\"z_1\"]}";
  g_autoptr(KabRuleSet) rules = kab_wire_read_rules (text, -1, "demo 1", NULL);
  g_autoptr(KabRuleSet) again = NULL;
  g_autofree char *written = NULL;
  g_autofree char *written_again = NULL;

  g_assert_nonnull (rules);
  g_assert_cmpstr (kab_rule_set_get_list (rules, KAB_RULE_ALLOWED_UPDATES)[0], ==, "b_1");
  g_assert_cmpstr (kab_rule_set_get_dropped_keys (rules)[0], ==, "surprise");
  g_assert_cmpstr (kab_rule_set_get_dropped_keys (rules)[1], ==, "forbidden_updates");
  g_assert_null (kab_rule_set_get_list (rules, KAB_RULE_FORBIDDEN_UPDATES)[0]);

  written = kab_wire_write_rules (rules);
  g_assert_cmpstr (written, ==, "{\"allowed_updates\":[\"a_2\",\"b_1\"],\"default_allow\":true}");
  again = kab_wire_read_rules (written, -1, "demo 2", NULL);
  written_again = kab_wire_write_rules (again);
  g_assert_cmpstr (written, ==, written_again);
}

static void
test_rules_empty_and_bad (void)
{
  g_autoptr(KabRuleSet) empty = kab_wire_read_rules ("{}", -1, "demo 1", NULL);
  g_autofree char *written = kab_wire_write_rules (empty);
  static const char * const bad[] = { "", "[]", "null", "{\"allowed_updates\":[}", "\xff" };

  g_assert_cmpstr (written, ==, "{\"allowed_updates\":[],\"forbidden_updates\":[]}");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (kab_wire_read_rules (bad[i], -1, "bad 1", &error));
      g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wire/parse-refuses", test_parse_refuses);
  g_test_add_func ("/wire/parse-limits-depth", test_parse_limits_depth);
  g_test_add_func ("/wire/parse-keeps-the-last", test_parse_keeps_the_last);
  g_test_add_func ("/wire/envelope-errors", test_envelope_errors);
  g_test_add_func ("/wire/envelope-succeeds", test_envelope_succeeds);
  g_test_add_func ("/wire/getters", test_getters);
  g_test_add_func ("/wire/times", test_times);
  g_test_add_func ("/wire/task", test_task);
  g_test_add_func ("/wire/rules", test_rules);
  g_test_add_func ("/wire/rules-empty-and-bad", test_rules_empty_and_bad);

  return g_test_run ();
}
