/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "kab-wire-rows.h"

#include <string.h>

#include "kab-error.h"
#include "kab-wire.h"

typedef struct {
  GPtrArray *hosts;
  GPtrArray *updates;
  GArray    *records;
  GArray    *fingerprints;
} Collected;

static gboolean
host_cb (const KabHostFields  *fields,
         gpointer              user_data,
         GError              **error)
{
  Collected *self = user_data;

  g_ptr_array_add (self->hosts, kab_host_new (fields));
  return TRUE;
}

static gboolean
update_cb (const KabUpdateFields  *fields,
           guint64                 fingerprint,
           const KabStateRecord   *record,
           const char             *history_json,
           gpointer                user_data,
           GError                **error)
{
  Collected *self = user_data;

  g_ptr_array_add (self->updates, kab_update_new (fields));
  g_array_append_val (self->records, *record);
  g_array_append_val (self->fingerprints, fingerprint);
  return TRUE;
}

static void
collected_init (Collected *self)
{
  self->hosts = g_ptr_array_new_with_free_func (g_object_unref);
  self->updates = g_ptr_array_new_with_free_func (g_object_unref);
  self->records = g_array_new (FALSE, FALSE, sizeof (KabStateRecord));
  self->fingerprints = g_array_new (FALSE, FALSE, sizeof (guint64));
}

static void
collected_clear (Collected *self)
{
  g_ptr_array_unref (self->hosts);
  g_ptr_array_unref (self->updates);
  g_array_unref (self->records);
  g_array_unref (self->fingerprints);
}

/* Reads @json in pieces of @piece bytes. */
static gboolean
read_rows (const char  *json,
           gsize        length,
           gboolean     hosts,
           gsize        piece,
           Collected   *collected,
           GError     **error)
{
  g_autoptr(KabRowsReader) reader = hosts ? kab_rows_reader_new_hosts (host_cb, collected)
                                          : kab_rows_reader_new_updates (update_cb, collected);

  for (gsize i = 0; i < length; i += piece)
    {
      if (!kab_rows_reader_feed (reader, (const guint8 *) json + i, MIN (piece, length - i), error))
        return FALSE;
    }
  return kab_rows_reader_end (reader, error);
}

static char *
load (const char *name,
      gsize      *length)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "wapt-1.8.2", "responses", name, NULL);
  g_autoptr(GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, length, &error);
  g_assert_no_error (error);
  return text;
}

static void
test_recorded_hosts (void)
{
  gsize length;
  g_autofree char *json = load ("hosts_v3.json", &length);

  for (gsize piece = 1; piece <= length; piece = piece * 3 + 1)
    {
      g_autoptr(GError) error = NULL;
      const KabHostFields *fields;
      Collected collected;

      collected_init (&collected);
      read_rows (json, length, TRUE, piece, &collected, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (collected.hosts->len, ==, 6);
      fields = kab_host_get_fields (collected.hosts->pdata[0]);
      g_assert_cmpstr (fields->uuid, ==, "B596C537-97AF-5E8B-BFB7-ECDCCCCEB48E");
      g_assert_cmpstr (fields->description, ==, "Poste de test n°5");
      g_assert_cmpstr (fields->users, ==, "PEER\\user5");
      g_assert_cmpstr (fields->addresses, ==, "10.0.0.15");
      g_assert_cmpstr (fields->maturities[0], ==, "PROD");
      g_assert_cmpstr (fields->platform, ==, "Windows");
      g_assert_cmpint (fields->last_seen_at, ==, 1795246238);
      g_assert_null (fields->groups);
      collected_clear (&collected);
    }
}

static void
test_recorded_columns (void)
{
  gsize length;
  g_autofree char *json = load ("hosts_v3_columns.json", &length);
  const KabHostFields *fields;
  Collected collected;

  collected_init (&collected);
  g_assert_true (read_rows (json, length, TRUE, length, &collected, NULL));
  fields = kab_host_get_fields (collected.hosts->pdata[0]);
  g_assert_cmpstr (fields->wua_status, ==, "PENDING_UPDATES");
  g_assert_cmpstr (fields->last_error, ==, "");
  g_assert_cmpint (fields->enabled, ==, KAB_TRISTATE_TRUE);
  g_assert_cmpint (fields->last_scan_at, ==, 1581476400);
  g_assert_true (g_str_has_prefix (fields->status_json, "{\"status\": \"PENDING_UPDATES\""));
  g_assert_cmpstr (fields->service_json, ==, "{\"running\": false, \"start_mode\": \"Disabled\"}");
  g_assert_cmpint (fields->reboot_needed, ==, KAB_TRISTATE_NULL);
  /* no status_hashes asked for: a hash of the status stands in */
  g_assert_cmpuint (strlen (fields->updates_hash), ==, 64);
  /* platform was not asked for, host_capabilities has it */
  g_assert_cmpstr (fields->platform, ==, "Windows");
  collected_clear (&collected);
}

static void
test_recorded_updates (void)
{
  gsize length;
  g_autofree char *json = load ("host_data_wsusupdates.json", &length);

  for (gsize piece = 1; piece <= length; piece = piece * 3 + 1)
    {
      g_autoptr(GError) error = NULL;
      const KabUpdateFields *fields;
      const KabStateRecord *record;
      Collected collected;

      collected_init (&collected);
      read_rows (json, length, FALSE, piece, &collected, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (collected.updates->len, ==, 4);
      fields = kab_update_get_fields (collected.updates->pdata[1]);
      g_assert_cmpstr (fields->title, ==, "Outil de suppression de logiciels malveillants – x64 (KB890830)");
      g_assert_null (fields->severity);
      g_assert_cmpstr (fields->kbids[0], ==, "890830");
      g_assert_cmpint (fields->max_download_size, ==, 76000000);
      record = &g_array_index (collected.records, KabStateRecord, 0);
      g_assert_cmpint (kab_state_record_get_reported (record), ==, KAB_STATE_PENDING);
      g_assert_cmpint (kab_state_record_get_flag (record, KAB_FLAG_ALLOWED), ==, KAB_TRISTATE_TRUE);
      g_assert_cmpint (kab_state_record_get_flag (record, KAB_FLAG_DELAYED), ==, KAB_TRISTATE_NULL);
      record = &g_array_index (collected.records, KabStateRecord, 3);
      g_assert_cmpint (kab_state_record_get_reported (record), ==, KAB_STATE_OK);
      g_assert_cmpint (record->installed_at, ==, 1579089600);
      g_assert_cmpint (record->result, ==, 0);
      collected_clear (&collected);
    }
}

static void
test_other_recorded_answers (void)
{
  static const struct { const char *name; int code; guint n_hosts; } cases[] = {
    { "hosts_none.json", -1, 0 },
    { "hosts_v1.json", -1, 6 },
    { "hosts_cookie.json", -1, 2 },
    { "host_data_waptwua_rules.json", -1, 0 },
    { "host_data_unknownhost.json", KAB_ERROR_NOT_FOUND, 0 },
    { "host_data_badfield.json", KAB_ERROR_USAGE, 0 },
    { "login_notjson.json", KAB_ERROR_FAILED, 0 },
    { "noauth.json", KAB_ERROR_BAD_DATA, 0 },
    { "notfound.json", KAB_ERROR_BAD_DATA, 0 },
    { "ping.json", KAB_ERROR_BAD_DATA, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize length;
      g_autofree char *json = load (cases[i].name, &length);
      g_autoptr(GError) error = NULL;
      Collected collected;

      g_test_message ("%s", cases[i].name);
      collected_init (&collected);
      read_rows (json, length, TRUE, 100, &collected, &error);
      if (cases[i].code < 0)
        g_assert_no_error (error);
      else
        g_assert_error (error, KAB_ERROR, cases[i].code);
      g_assert_cmpuint (collected.hosts->len, ==, cases[i].n_hosts);
      collected_clear (&collected);
    }
}

/* Every recorded envelope, through json-glib. */
static void
test_recorded_envelopes (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "wapt-1.8.2", "responses", NULL);
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      gsize length;
      g_autofree char *json = NULL;
      g_autoptr(JsonNode) root = NULL;
      g_autoptr(JsonNode) result = NULL;
      g_autoptr(GError) error = NULL;

      if (!g_str_has_suffix (name, ".json") || strcmp (name, "trigger_request_body.json") == 0)
        continue;
      json = load (name, &length);
      root = kab_wire_parse (json, length, &error);
      if (json[0] != '{')
        {
          g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
          continue;
        }
      g_assert_no_error (error);
      result = kab_wire_open_envelope (root, NULL, &error);
      g_assert_true ((result == NULL) == (error != NULL));
      n++;
    }
  g_assert_cmpuint (n, >, 30);
}

#define ROWS(rows) "{\"success\":true,\"result\":[" rows "]}"

static void
test_tolerant_hosts (void)
{
  static const char json[] = ROWS (
    "null,{\"uuid\":\"A\",\"platform\":null,\"connected_users\":\"a, b\",\"connected_ips\":[null,\"1.2.3.4\",{\"x\":[1]},5],"
    "\"depends\":\"g1,g2 , g3\",\"computer_name\":7,\"description\":{\"uuid\":\"X\"},\"status_hashes\":{\"waptwua_updates\":\"h2\","
    "\"waptwua_updates_localstatus\":\"h1\",\"uuid\":\"Y\"},\"host_capabilities/packages_maturities\":[\"DEV\"],"
    "\"host_capabilities\":{\"os\":\"Linux\",\"packages_maturities\":[\"DEV\",\"PROD\"]},"
    "\"wapt_status/pending_reboot_reasons\":[\"Windows Update: x\"],\"waptwua_status\":{\"enabled\":\"True\",\"status\":null,"
    "\"rules_packages\":[{\"package\":\"demo-a\",\"version\":\"1\"},{\"version\":\"2\"},\"demo-b(=3)\"],\"new\":[{\"deep\":{}}]},"
    "\"wuauserv_status\":{\"reboot_needed\":1,\"agent_version\":\"10.0\"},\"unknown\":[[[{}]]],\"serialnr\":\"\\ud800\\u0000é\"}");
  g_autoptr(GError) error = NULL;
  const KabHostFields *fields;
  Collected collected;
  g_autofree char *groups = NULL;

  collected_init (&collected);
  read_rows (json, sizeof json - 1, TRUE, 5, &collected, &error);
  g_assert_no_error (error);
  fields = kab_host_get_fields (collected.hosts->pdata[0]);
  groups = g_strjoinv ("|", (char **) fields->groups);
  g_assert_cmpstr (fields->uuid, ==, "A");
  g_assert_cmpstr (fields->users, ==, "a, b");
  g_assert_cmpstr (fields->addresses, ==, "1.2.3.4, 5");
  g_assert_cmpstr (groups, ==, "g1|g2|g3");
  g_assert_cmpstr (fields->computer_name, ==, "7");
  g_assert_null (fields->description);
  g_assert_cmpstr (fields->updates_hash, ==, "h1:h2");
  g_assert_cmpstr (fields->maturities[1], ==, "PROD");
  g_assert_cmpstr (fields->platform, ==, "Linux");
  g_assert_cmpstr (fields->restart_reasons[0], ==, "Windows Update: x");
  g_assert_cmpint (fields->enabled, ==, KAB_TRISTATE_TRUE);
  g_assert_null (fields->wua_status);
  g_assert_cmpstr (fields->rules_packages[0], ==, "demo-a 1");
  g_assert_cmpstr (fields->rules_packages[1], ==, "demo-b 3");
  g_assert_null (fields->rules_packages[2]);
  g_assert_cmpint (fields->reboot_needed, ==, KAB_TRISTATE_TRUE);
  g_assert_cmpstr (fields->wua_agent_version, ==, "10.0");
  g_assert_true (g_utf8_validate (fields->serial, -1, NULL));
  collected_clear (&collected);
}

static void
test_hostile (void)
{
  static const char * const cases[] = {
    ROWS ("1"), ROWS ("[]"), ROWS ("\"x\""), ROWS ("nulx"), ROWS ("nulll"), ROWS ("{}"), ROWS ("{\"uuid\":null}"),
    ROWS ("{\"uuid\":\"\"}"), ROWS ("{\"uuid\":\"A\"},"), ROWS (",{\"uuid\":\"A\"}"), ROWS ("{\"uuid\":\"A\"}{\"uuid\":\"B\"}"),
    ROWS ("{\"uuid\":\"A\"},,{\"uuid\":\"B\"}"), ROWS ("{\"uuid\":\"A\"]"), ROWS ("{\"uuid\" \"A\"}"), ROWS ("{\"uuid\":\"\xff\"}"),
    ROWS ("{\"uuid\":\"A\",}"), ROWS ("{\"uuid\":\"\xed\xa0\x80\"}"), ROWS ("{\"uuid\":\"A\"") , ROWS ("{\"uuid\":\"A"),
    ROWS ("{\"uuid\":\"A\"}") "x", ROWS ("{\"uuid\":\"A\"}") "{}", "{\"success\":true,\"result\":[{\"uuid\":\"A\"}",
    "{\"success\":true,\"result\":[{\"uuid\":\"A\"}],\"result\":[]}", "{\"success\":true,\"result\":{}}",
    "{\"success\":true,\"result\":5}", "", "[", "{", "\"", "{\"result\":[]}", "{\"success\":true,\"result\":[]",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      for (gsize piece = 1; piece < 1000; piece += 998)
        {
          g_autoptr(GError) error = NULL;
          Collected collected;

          collected_init (&collected);
          if (read_rows (cases[i], strlen (cases[i]), TRUE, piece, &collected, &error))
            g_error ("accepted: %s", cases[i]);
          g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
          collected_clear (&collected);
        }
    }
}

static void
test_limits (void)
{
  g_autoptr(GString) deep = g_string_new ("{\"success\":true,\"result\":[{\"uuid\":\"A\",\"x\":");
  g_autoptr(GString) list = g_string_new ("{\"success\":true,\"result\":[{\"uuid\":\"A\",\"depends\":[\"a\"");
  g_autoptr(GString) text = g_string_new ("{\"success\":true,\"result\":[{\"uuid\":\"");
  g_autoptr(GString) envelope = g_string_new ("{\"success\":true,\"msg\":\"");
  GString *all[] = { deep, list, text, envelope };

  for (guint i = 0; i < 200000; i++)
    {
      g_string_append (deep, "[");
      g_string_append (list, ",\"a\"");
      g_string_append (text, "aaaaaaaaaa");
      g_string_append (envelope, "aaaaaaaaaa");
    }
  for (guint i = 0; i < 200000; i++)
    g_string_append (deep, "]");
  g_string_append (deep, "}]}");
  g_string_append (list, "]}]}");
  g_string_append (text, "\"}]}");
  g_string_append (envelope, "\",\"result\":[]}");

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autoptr(GError) error = NULL;
      Collected collected;

      collected_init (&collected);
      g_assert_false (read_rows (all[i]->str, all[i]->len, TRUE, 65536, &collected, &error));
      g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
      collected_clear (&collected);
    }
}

/* The row part that is the update alone decides the fingerprint. */
static void
test_fingerprints (void)
{
  static const char json[] = ROWS (
    "{\"update_id\":\"u_1\",\"title\":\"t\",\"kbids\":[\"1\",\"23\"],\"local_status_status\":\"OK\",\"created_on\":\"a\"},"
    "{\"update_id\":\"u_1\",\"title\":\"t\",\"kbids\":[\"1\",\"23\"],\"local_status_status\":\"PENDING\",\"created_on\":\"b\"},"
    "{\"update_id\":\"u_1\",\"title\":\"t\",\"kbids\":[\"12\",\"3\"],\"local_status_status\":\"OK\",\"created_on\":\"a\"},"
    "{\"update_id\":\"u_1\",\"title\":null,\"kbids\":[\"1\",\"23\"]}");
  guint64 *prints;
  Collected collected;

  collected_init (&collected);
  g_assert_true (read_rows (json, sizeof json - 1, FALSE, 1000, &collected, NULL));
  prints = (gpointer) collected.fingerprints->data;
  g_assert_cmpuint (prints[0], ==, prints[1]);
  g_assert_cmpuint (prints[0], !=, prints[2]);
  g_assert_cmpuint (prints[0], !=, prints[3]);
  collected_clear (&collected);
}

static void
test_results_of_history (void)
{
  static const struct { const char *history; guint32 result; } cases[] = {
    { "null", 0 },
    { "[]", 0 },
    { "[{\"date\":\"2026-01-01T00:00:00\",\"result_code\":2}]", 0 },
    { "[{\"date\":\"2026-01-01T00:00:00\",\"result_code\":\"Succeeded\"}]", 0 },
    { "[{\"date\":\"2026-01-01T00:00:00\",\"result_code\":\"Failed\"}]", 0x80240fff },
    { "[{\"date\":\"2026-01-01T00:00:00\",\"result_code\":4,\"hresult\":\"0x80070643\"}]", 0x80070643 },
    { "[{\"date\":\"2026-01-01T00:00:00\",\"result_code\":4,\"hresult\":-2147023293}]", 0x80070643 },
    { "[{\"date\":\"2026-01-01T00:00:00\",\"result_code\":\"-2147023293\"}]", 0x80070643 },
    { "[{\"date\":\"2026-01-01T00:00:00\",\"result_code\":\"Failed\",\"description\":\"Échec (0x8024200D) !\"}]", 0x8024200d },
    { "[{\"date\":\"2026-01-01T00:00:00\",\"result_code\":\"Aborted\"}]", 0x8024000b },
    { "[{\"date\":\"2026-01-01\",\"result_code\":4},{\"date\":\"2026-01-02\",\"result_code\":2}]", 0 },
    { "[{\"date\":\"2026-01-02\",\"result_code\":4},{\"date\":\"2026-01-01\",\"result_code\":2}]", 0x80240fff },
    { "[{\"date\":\"2026-01-01\",\"result_code\":2},{\"date\":\"2026-01-01\",\"result_code\":4}]", 0 },
    { "[null,5,{\"result_code\":null},{\"date\":null,\"result_code\":[]}]", 0 },
    { "\"text\"", 0 },
    { "{\"a\":1}", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"success\":true,\"result\":[{\"update_id\":\"u\",\"local_status_history\":%s}]}",
                                               cases[i].history);
      g_autoptr(GError) error = NULL;
      Collected collected;

      g_test_message ("%s", cases[i].history);
      collected_init (&collected);
      read_rows (json, strlen (json), FALSE, 1000, &collected, &error);
      g_assert_no_error (error);
      g_assert_cmphex ((guint32) g_array_index (collected.records, KabStateRecord, 0).result, ==, cases[i].result);
      collected_clear (&collected);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rows/recorded-hosts", test_recorded_hosts);
  g_test_add_func ("/rows/recorded-columns", test_recorded_columns);
  g_test_add_func ("/rows/recorded-updates", test_recorded_updates);
  g_test_add_func ("/rows/other-recorded-answers", test_other_recorded_answers);
  g_test_add_func ("/rows/recorded-envelopes", test_recorded_envelopes);
  g_test_add_func ("/rows/tolerant-hosts", test_tolerant_hosts);
  g_test_add_func ("/rows/hostile", test_hostile);
  g_test_add_func ("/rows/limits", test_limits);
  g_test_add_func ("/rows/fingerprints", test_fingerprints);
  g_test_add_func ("/rows/results-of-history", test_results_of_history);

  return g_test_run ();
}
