/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "kab-client.h"

#include <string.h>

#include "hostile-server.h"
#include "kab-error.h"
#include "kab-http-session.h"
#include "kab-wire-bulk.h"

/* A server that plays the recorded answers of 1.8.2, and says what it was asked. */
typedef struct {
  const char *ping;           /* (nullable): instead of the recording */
  const char *login;          /* name of the recording */
  const char *tasks;          /* (nullable): body */
  const char *trigger;        /* (nullable): body */
  const char *bulk;           /* (nullable): body */
  gboolean    old_login;      /* only /login exists */
  GMutex      mutex;
  GString    *log;            /* first lines of requests */
  GString    *bodies;
} Player;

static char *
load (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "wapt-1.8.2", "responses", name, NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static gboolean
play (GIOStream  *stream,
      const char *name)
{
  g_autofree char *file = g_strconcat (name, ".json", NULL);
  g_autofree char *head_file = g_strconcat (name, ".hdr", NULL);
  g_autofree char *body = load (file);
  g_autofree char *head = load (head_file);
  g_autofree char *status = g_strndup (head + 9, strcspn (head + 9, "\r\n"));

  return hostile_answer (stream, status, strstr (head, "session=example; HttpOnly") != NULL
                         ? "Content-Type: application/json\r\nSet-Cookie: session=example; HttpOnly; Path=\r\n"
                         : "Content-Type: application/json\r\n", body);
}

static gboolean
play_text (GIOStream  *stream,
           const char *text)
{
  return hostile_answer (stream, "200 OK", "Content-Type: application/json\r\n", text);
}

static gboolean
player_cb (HostileServer *server,
           const char    *request,
           GIOStream     *stream,
           gpointer       user_data)
{
  Player *self = user_data;
  const char *path = strchr (request, ' ') + 1;

  g_mutex_lock (&self->mutex);
  g_string_append_printf (self->log, "%.*s%s\n", (int) (strcspn (request, "\r") - strlen (" HTTP/1.1")), request,
                          strstr (request, "\r\nAuthorization: Basic ") != NULL ? " +basic" : "");
  g_string_append (self->bodies, strstr (request, "\r\n\r\n") + 4);
  g_mutex_unlock (&self->mutex);

  if (g_str_has_prefix (path, "/ping"))
    return self->ping != NULL ? play_text (stream, self->ping) : play (stream, "ping");
  if (g_str_has_prefix (path, "/api/v3/login") && self->old_login)
    return play (stream, "notfound");
  if (g_str_has_prefix (path, "/api/v3/login") || g_str_has_prefix (path, "/login"))
    return play (stream, self->login);
  if (g_str_has_prefix (path, "/api/v3/hosts"))
    return play (stream, "hosts_v3");
  if (strstr (path, "field=wsusupdates") != NULL)
    return play (stream, "host_data_wsusupdates");
  if (strstr (path, "field=waptwua_rules") != NULL)
    return play (stream, "host_data_waptwua_rules");
  if (strstr (path, "field=dmi") != NULL)
    return play (stream, "host_data_dmi");
  if (strstr (path, "uuid=NOPE") != NULL)
    return play (stream, "host_data_unknownhost");
  if (strstr (path, "/host_data?") != NULL)
    return play (stream, "host_data_badfield");
  if (g_str_has_prefix (path, "/api/v3/packages_for_hosts"))
    return play (stream, "packages_for_hosts");
  if (g_str_has_prefix (path, "/api/v3/trigger_host_action"))
    return self->trigger != NULL ? play_text (stream, self->trigger) : play (stream, "trigger_unsigned");
  if (g_str_has_prefix (path, "/api/v3/host_tasks_status"))
    return self->tasks != NULL ? play_text (stream, self->tasks) : play (stream, "host_tasks_status_disconnected");
  if (g_str_has_prefix (path, "/api/v1/usage_statistics"))
    return play (stream, "usage_statistics");
  if (g_str_has_prefix (path, "/wapt/Packages"))
    return strstr (request, "If-Modified-Since: Sat") != NULL ? hostile_answer (stream, "304 Not Modified", "", "")
      : hostile_answer (stream, "200 OK", "Last-Modified: Sat, 21 Nov 2026 07:30:44 GMT\r\n", "PK");
  if (g_str_has_prefix (path, "/wapt/"))
    return hostile_answer (stream, "200 OK", "", "package");
  if (self->bulk != NULL && strstr (path, "states?") != NULL)
    return hostile_answer (stream, "200 OK", "Content-Type: application/x-ndjson\r\n", self->bulk);
  return play (stream, "notfound");
}

typedef struct {
  Player         player;
  HostileServer *server;
  KabHttpSession *http;
  KabClient     *client;
} Fixture;

static void
fixture_open (Fixture    *self,
              const char *updates_path,
              const char *states_path)
{
  g_autofree char *url = NULL;
  KabHttpOptions options = { .retry_delay_ms = 1 };

  if (self->player.login == NULL)
    self->player.login = "login";
  g_mutex_init (&self->player.mutex);
  self->player.log = g_string_new (NULL);
  self->player.bodies = g_string_new (NULL);
  self->server = hostile_server_new (player_cb, &self->player, NULL);
  url = hostile_server_dup_url (self->server);
  options.base_url = url;
  self->http = kab_http_session_new (&options, NULL);
  self->client = kab_client_new (self->http, updates_path, states_path);
}

static void
fixture_close (Fixture *self)
{
  g_object_unref (self->client);
  g_object_unref (self->http);
  hostile_server_free (self->server);
  g_string_free (self->player.log, TRUE);
  g_string_free (self->player.bodies, TRUE);
}

static void
test_sign_in (void)
{
  Fixture fixture = { 0 };
  g_autoptr(GError) error = NULL;
  const KabServerInfo *info;
  guint n_requests;

  fixture_open (&fixture, NULL, NULL);
  kab_client_sign_in (fixture.client, "admin", "pass\"wörd", NULL, &error);
  g_assert_no_error (error);
  info = kab_client_get_info (fixture.client);
  g_assert_cmpstr (info->version, ==, "1.8.2");
  g_assert_cmpstr (info->edition, ==, "community");
  g_assert_cmpstr (info->uuid, ==, "7d1b2a8e-5f0c-4a53-9c57-peer00000001");
  g_assert_cmpstr (info->user, ==, "admin");
  g_assert_cmpstr (info->rights[0], ==, "admin");
  g_assert_cmpuint (info->n_hosts, ==, 6);
  g_assert_cmpint (kab_client_get_level (fixture.client), ==, KAB_LEVEL_OPEN);

  /* the sign-in itself goes without Basic */
  g_assert_cmpstr (fixture.player.log->str, ==, "GET /ping\nPOST /api/v3/login\n");
  g_assert_cmpstr (fixture.player.bodies->str, ==, "{\"user\":\"admin\",\"password\":\"pass\\\"w\\u00f6rd\"}");
  kab_client_get_traffic (fixture.client, NULL, &n_requests);
  g_assert_cmpuint (n_requests, ==, 2);
  fixture_close (&fixture);
}

static void
test_sign_in_fails (void)
{
  static const struct { const char *ping; const char *login; const char *user; int code; } cases[] = {
    { NULL, "login_bad", "admin", KAB_ERROR_AUTH },
    { NULL, "login_notjson", "admin", KAB_ERROR_FAILED },
    { NULL, "hosts_none", "admin", KAB_ERROR_BAD_DATA },
    { NULL, "login", "", KAB_ERROR_AUTH },
    { "<html>", "login", "admin", KAB_ERROR_BAD_DATA },
    { "{\"success\":true,\"result\":{}}", "login", "admin", KAB_ERROR_BAD_DATA },
    { "{\"success\":true,\"result\":{\"version\":7}}", "login", "admin", KAB_ERROR_BAD_DATA },
    { "[]", "login", "admin", KAB_ERROR_BAD_DATA },
    { "", "login", "admin", KAB_ERROR_BAD_DATA },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Fixture fixture = { .player = { .ping = cases[i].ping, .login = cases[i].login } };
      g_autoptr(GError) error = NULL;

      fixture_open (&fixture, NULL, NULL);
      g_assert_false (kab_client_sign_in (fixture.client, cases[i].user, "s3cret", NULL, &error));
      g_assert_error (error, KAB_ERROR, cases[i].code);
      g_assert_null (strstr (error->message, "s3cret"));
      fixture_close (&fixture);
    }
}

static void
test_old_login (void)
{
  Fixture fixture = { .player = { .old_login = TRUE } };
  g_autoptr(GError) error = NULL;

  fixture_open (&fixture, NULL, NULL);
  kab_client_sign_in (fixture.client, "admin", "s3cret", NULL, &error);
  g_assert_no_error (error);
  fixture_close (&fixture);
}

#define PING(rest) "{\"success\":true,\"result\":{\"version\":\"1.8.2\"" rest "}}"

static void
test_levels (void)
{
  static const struct { const char *ping; const char *path; KabLevel level; } cases[] = {
    { PING (""), NULL, KAB_LEVEL_OPEN },
    { PING (""), "/own/states", KAB_LEVEL_CONFIGURED },
    { PING (",\"kabinet\":{\"api\":1,\"wua\":\"/api/kabinet/v1\"}"), NULL, KAB_LEVEL_BULK },
    { PING (",\"kabinet\":{\"api\":2,\"wua\":\"/api/kabinet/v2\"}"), NULL, KAB_LEVEL_OPEN },
    { PING (",\"kabinet\":{\"api\":1,\"wua\":\"//evil.org/\"}"), NULL, KAB_LEVEL_OPEN },
    { PING (",\"kabinet\":{\"api\":1,\"wua\":\"/../x\"}"), NULL, KAB_LEVEL_OPEN },
    { PING (",\"kabinet\":{\"api\":1,\"wua\":null}"), NULL, KAB_LEVEL_OPEN },
    { PING (",\"kabinet\":[]"), NULL, KAB_LEVEL_OPEN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Fixture fixture = { .player = { .ping = cases[i].ping } };

      fixture_open (&fixture, cases[i].path, cases[i].path);
      g_assert_true (kab_client_ping (fixture.client, NULL, NULL));
      g_assert_cmpint (kab_client_get_level (fixture.client), ==, cases[i].level);
      fixture_close (&fixture);
    }
}

static gboolean
count_host_cb (const KabHostFields  *fields,
               gpointer              user_data,
               GError              **error)
{
  ++*(guint *) user_data;
  return TRUE;
}

static gboolean
count_update_cb (const KabUpdateFields  *fields,
                 guint64                 fingerprint,
                 const KabStateRecord   *record,
                 const char             *history_json,
                 gpointer                user_data,
                 GError                **error)
{
  ++*(guint *) user_data;
  return TRUE;
}

static void
test_reading (void)
{
  Fixture fixture = { 0 };
  g_autoptr(GError) error = NULL;
  g_autofree char *rules = NULL;
  g_autofree char *dmi = NULL;
  guint n = 0;

  fixture_open (&fixture, NULL, NULL);
  g_assert_true (kab_client_sign_in (fixture.client, "admin", "s3cret", NULL, NULL));

  kab_client_read_hosts (fixture.client, 5000, count_host_cb, &n, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 6);
  g_assert_nonnull (strstr (fixture.player.log->str, "&limit=5000\n"));
  g_assert_nonnull (strstr (fixture.player.log->str, "wapt_status/pending_reboot_reasons,waptwua_status"));

  n = 0;
  kab_client_read_host_updates (fixture.client, "A&B", count_update_cb, &n, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 4);
  g_assert_nonnull (strstr (fixture.player.log->str, "uuid=A%26B&field=wsusupdates\n"));

  rules = kab_client_read_host_data (fixture.client, "A", "waptwua_rules", NULL, &error);
  g_assert_cmpstr (rules, ==, "null");
  dmi = kab_client_read_host_data (fixture.client, "A", "dmi", NULL, &error);
  g_assert_true (g_str_has_prefix (dmi, "{\"BIOS_Information\""));
  g_assert_null (kab_client_read_host_data (fixture.client, "NOPE", "x", NULL, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (kab_client_read_host_data (fixture.client, "A", "zzz", NULL, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_USAGE);
  fixture_close (&fixture);
}

static void
test_packages (void)
{
  static const char * const bad_names[] = { "", "../x.wapt", "a/b.wapt", "a\\b.wapt", ".hidden" };
  Fixture fixture = { 0 };
  g_autoptr(GError) error = NULL;
  g_autofree char *modified = NULL;
  g_autoptr(GBytes) index = NULL;
  g_autoptr(GBytes) same = NULL;
  g_autoptr(GBytes) package = NULL;
  g_autoptr(GHashTable) packages = NULL;

  fixture_open (&fixture, NULL, NULL);
  index = kab_client_read_index (fixture.client, NULL, &modified, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (modified, ==, "Sat, 21 Nov 2026 07:30:44 GMT");
  same = kab_client_read_index (fixture.client, modified, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (same);

  package = kab_client_read_package (fixture.client, "demo wua_1_all.wapt", NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (fixture.player.log->str, "GET /wapt/demo%20wua_1_all.wapt"));
  for (guint i = 0; i < G_N_ELEMENTS (bad_names); i++)
    {
      g_assert_null (kab_client_read_package (fixture.client, bad_names[i], NULL, &error));
      g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
      g_clear_error (&error);
    }

  /* none of the recorded ones is installed well */
  packages = kab_client_read_rule_packages (fixture.client, 1000, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (packages), ==, 0);
  fixture_close (&fixture);
}

static void
test_trigger (void)
{
  static const struct { const char *answer; int code; int counts[4]; } cases[] = {
    { "{\"success\":true,\"msg\":\"2 actions launched, 1 errors, 3 skipped, 0 server errors\",\"result\":[]}",
      -1, { 2, 1, 3, 0 } },
    { "{\"success\":true,\"msg\":\"12 actions lancées, 0 erreurs, 0 ignorées, 4 erreurs serveur\",\"result\":[]}",
      -1, { 12, 0, 0, 4 } },
    { "{\"success\":true,\"msg\":\"done\",\"result\":[]}", -1, { -1, -1, -1, -1 } },
    { "{\"success\":true,\"msg\":null}", -1, { -1, -1, -1, -1 } },
    { "{\"success\":true,\"msg\":\"1 2 3 4 5\"}", -1, { -1, -1, -1, -1 } },
    { "{\"success\":true,\"msg\":\"99999999999 2 3 4\"}", -1, { -1, -1, -1, -1 } },
    { NULL, KAB_ERROR_BAD_SIGNATURE, { 0 } },
    { "{\"success\":false,\"error_code\":\"ewaptforbiddden\"}", KAB_ERROR_REFUSED, { 0 } },
    { "not JSON", KAB_ERROR_BAD_DATA, { 0 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Fixture fixture = { .player = { .trigger = cases[i].answer } };
      g_autoptr(GError) error = NULL;
      KabTriggerAnswer answer;

      fixture_open (&fixture, NULL, NULL);
      kab_client_trigger (fixture.client, "[{}]", &answer, NULL, &error);
      if (cases[i].code >= 0)
        {
          g_assert_error (error, KAB_ERROR, cases[i].code);
        }
      else
        {
          g_assert_no_error (error);
          g_assert_cmpint (answer.n_launched, ==, cases[i].counts[0]);
          g_assert_cmpint (answer.n_errors, ==, cases[i].counts[1]);
          g_assert_cmpint (answer.n_skipped, ==, cases[i].counts[2]);
          g_assert_cmpint (answer.n_server_errors, ==, cases[i].counts[3]);
          g_assert_cmpstr (fixture.player.bodies->str, ==, "[{}]");
          g_free (answer.msg);
        }
      fixture_close (&fixture);
    }
}

static void
test_tasks (void)
{
  Fixture fixture = { .player = { .tasks =
    "{\"success\":true,\"result\":{\"running\":{\"id\":3,\"classname\":\"WaptWUAScanTask\",\"progress\":40},\"pending\":[],"
    "\"done\":[{\"id\":1},null,5],\"errors\":null,\"cancelled\":[{\"id\":2}],\"last_task_id\":3,\"last_event_id\":17}}" } };
  g_autoptr(GPtrArray) tasks = NULL;
  g_autoptr(GPtrArray) none = NULL;
  g_autoptr(GError) error = NULL;
  gint64 last_event_id = -1;

  fixture_open (&fixture, NULL, NULL);
  tasks = kab_client_read_tasks (fixture.client, "A", 10, &last_event_id, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tasks->len, ==, 3);
  g_assert_cmpint (last_event_id, ==, 17);
  g_assert_cmpint (kab_host_task_get_fields (tasks->pdata[0])->progress, ==, 40);
  g_assert_cmpint (kab_host_task_get_fields (tasks->pdata[2])->state, ==, KAB_HOST_TASK_CANCELLED);
  g_assert_nonnull (strstr (fixture.player.log->str, "uuid=A&timeout=10&client_tasks_timeout=15&last_event_id=-1\n"));

  fixture.player.tasks = "{\"success\":true,\"result\":{\"last_event_id\":18}}";
  none = kab_client_read_tasks (fixture.client, "A", 10, &last_event_id, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (none);
  g_assert_cmpint (last_event_id, ==, 18);

  fixture.player.tasks = NULL;
  g_assert_null (kab_client_read_tasks (fixture.client, "A", 10, &last_event_id, NULL, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_UNREACHABLE);
  fixture_close (&fixture);
}

static gboolean
head_cb (const KabBulkHead  *head,
         gpointer            user_data,
         GError            **error)
{
  return TRUE;
}

static gboolean
bulk_host_cb (const KabHostFields   *fields,
              const KabStateRecord  *records,
              guint                  n_records,
              const char            *history_json,
              gpointer               user_data,
              GError               **error)
{
  ++*(guint *) user_data;
  return TRUE;
}

static gboolean
gone_cb (const char  *uuid,
         gpointer     user_data,
         GError     **error)
{
  return TRUE;
}

static void
test_bulk (void)
{
  static const char head[] = "{\"kabinet_bulk\":1,\"what\":\"states\",\"server_uuid\":\"s\",\"epoch\":\"e\","
                             "\"since\":0,\"counter\":1,\"full\":true,\"rows\":1,\"hosts_count\":1,\"updates_count\":0}\n"
                             "{\"uuid\":\"A\",\"states\":[1,1,0,0,0]}\n";
  g_autofree char *good = g_strconcat (head, "{\"end\":true,\"rows\":1}\n", NULL);
  struct { const char *ping; const char *path; const char *bulk; int code; const char *asked; } cases[] = {
    { PING (",\"kabinet\":{\"api\":1,\"wua\":\"/api/kabinet/v1\"}"), NULL, good, -1,
      "GET /api/kabinet/v1/states?since=5&epoch=e%20x\n" },
    { PING (""), "/own/states?key=1", good, -1, "GET /own/states?key=1&since=5&epoch=e%20x\n" },
    { PING (""), "/own/states", head, KAB_ERROR_BAD_DATA, "GET /own/states?since=5" },
    { PING (""), "/own/states", "{}", KAB_ERROR_BAD_DATA, "GET" },
    { PING (""), "/own/nothing", good, KAB_ERROR_NOT_FOUND, "GET" },
    { PING (""), NULL, good, KAB_ERROR_UNSUPPORTED, "GET /ping\n" },
  };
  static const KabBulkHandler handler = { head_cb, NULL, NULL, bulk_host_cb, gone_cb };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Fixture fixture = { .player = { .ping = cases[i].ping, .bulk = cases[i].bulk } };
      g_autoptr(GError) error = NULL;
      guint n = 0;

      fixture_open (&fixture, cases[i].path, cases[i].path);
      g_assert_true (kab_client_ping (fixture.client, NULL, NULL));
      kab_client_read_bulk_states (fixture.client, 5, "e x", &handler, &n, NULL, &error);
      if (cases[i].code < 0)
        {
          g_assert_no_error (error);
          g_assert_cmpuint (n, ==, 1);
        }
      else
        {
          g_assert_error (error, KAB_ERROR, cases[i].code);
        }
      g_assert_nonnull (strstr (fixture.player.log->str, cases[i].asked));
      fixture_close (&fixture);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/client/sign-in", test_sign_in);
  g_test_add_func ("/client/sign-in-fails", test_sign_in_fails);
  g_test_add_func ("/client/old-login", test_old_login);
  g_test_add_func ("/client/levels", test_levels);
  g_test_add_func ("/client/reading", test_reading);
  g_test_add_func ("/client/packages", test_packages);
  g_test_add_func ("/client/trigger", test_trigger);
  g_test_add_func ("/client/tasks", test_tasks);
  g_test_add_func ("/client/bulk", test_bulk);

  return g_test_run ();
}
