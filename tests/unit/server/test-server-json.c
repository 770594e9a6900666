/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "kab-server-json.h"

/* What Python's json.dumps writes of the same value. */
static const struct {
  const char *json;
  const char *expected;
} cases[] = {
  { "{}", "{}" },
  { "[1,2]", "[1, 2]" },
  { "{\"a\":1,\"b\":[true,null]}", "{\"a\": 1, \"b\": [true, null]}" },
  { "{ \"a\" :\t1 ,\n\"b\" : 2 }", "{\"a\": 1, \"b\": 2}" },
  { "\"a,b:c\"", "\"a,b:c\"" },
  { "\"quote \\\" comma, and \\\\\"", "\"quote \\\" comma, and \\\\\"" },
  { "\"n\302\2601\"", "\"n\\u00b01\"" },
  { "\"\360\237\230\200\"", "\"\\ud83d\\ude00\"" },
  { "\"bad \377\"", "\"bad \\ufffd\"" },
  { "\"cut short", "\"cut short" },
  { "\"cut \\", "\"cut \\" },
  { "", "" },
};

static void
test_append (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GString *out = g_string_new (NULL);

      kab_server_json_append (out, cases[i].json);
      g_assert_cmpstr (out->str, ==, cases[i].expected);
      g_string_free (out, TRUE);
    }
}

static void
test_text (void)
{
  GString *out = g_string_new ("{");

  kab_server_json_append_name (out, "a");
  kab_server_json_append_text (out, NULL);
  kab_server_json_append_name (out, "b");
  kab_server_json_append_text (out, "\377x");
  g_string_append_c (out, '}');
  g_assert_cmpstr (out->str, ==, "{\"a\": null, \"b\": \"\\ufffdx\"}");
  g_string_free (out, TRUE);
}

static void
test_times (void)
{
  GString *out = g_string_new (NULL);

  kab_server_json_append_usec (out, G_GINT64_CONSTANT (1795246238652443));
  g_assert_cmpstr (out->str, ==, "\"2026-11-21T07:30:38.652443\"");
  g_string_truncate (out, 0);
  kab_server_json_append_usec (out, G_GINT64_CONSTANT (1795246238000000));
  g_assert_cmpstr (out->str, ==, "\"2026-11-21T07:30:38\"");
  g_string_truncate (out, 0);
  kab_server_json_append_time (out, 0);
  g_assert_cmpstr (out->str, ==, "null");
  g_string_free (out, TRUE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server-json/append", test_append);
  g_test_add_func ("/server-json/text", test_text);
  g_test_add_func ("/server-json/times", test_times);
  return g_test_run ();
}
