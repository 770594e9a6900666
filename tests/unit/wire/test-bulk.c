/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "kab-wire-bulk.h"

#include <string.h>

#include "kab-error.h"

typedef struct {
  guint    n_heads;
  gint64   counter;
  GString *log;
  guint64  n_records;
} Seen;

static gboolean
head_cb (const KabBulkHead  *head,
         gpointer            user_data,
         GError            **error)
{
  Seen *self = user_data;

  self->n_heads++;
  self->counter = head->counter;
  return TRUE;
}

static gboolean
update_cb (guint32                 number,
           const KabUpdateFields  *fields,
           gpointer                user_data,
           GError                **error)
{
  Seen *self = user_data;

  g_string_append_printf (self->log, "update %u %s %s %" G_GINT64_FORMAT "\n",
                          number, fields->update_id, fields->title, fields->max_download_size);
  return TRUE;
}

static gboolean
update_gone_cb (guint32    number,
                gpointer   user_data,
                GError   **error)
{
  Seen *self = user_data;

  g_string_append_printf (self->log, "update %u gone\n", number);
  return TRUE;
}

static gboolean
host_cb (const KabHostFields   *fields,
         const KabStateRecord  *records,
         guint                  n_records,
         const char            *history_json,
         gpointer               user_data,
         GError               **error)
{
  Seen *self = user_data;

  self->n_records += n_records == G_MAXUINT ? 0 : n_records;
  if (self->log == NULL)
    return TRUE;

  g_string_append_printf (self->log, "host %s %s", fields->uuid, fields->computer_name);
  if (n_records == G_MAXUINT)
    g_string_append (self->log, " -");
  for (guint i = 0; i < n_records && n_records != G_MAXUINT; i++)
    g_string_append_printf (self->log, " %u:%x:%u:%x", records[i].update, records[i].flags, records[i].installed_at,
                            (guint32) records[i].result);
  g_string_append_printf (self->log, " %s\n", history_json != NULL ? history_json : "-");
  return TRUE;
}

static gboolean
host_gone_cb (const char  *uuid,
              gpointer     user_data,
              GError     **error)
{
  Seen *self = user_data;

  g_string_append_printf (self->log, "host %s gone\n", uuid);
  return TRUE;
}

static const KabBulkHandler handler = { head_cb, update_cb, update_gone_cb, host_cb, host_gone_cb };

static gboolean
read_bulk (const char  *text,
           gsize        length,
           gsize        piece,
           Seen        *seen,
           GError     **error)
{
  g_autoptr(KabBulkReader) reader = kab_bulk_reader_new (&handler, seen);

  for (gsize i = 0; i < length; i += piece)
    {
      if (!kab_bulk_reader_feed (reader, (const guint8 *) text + i, MIN (piece, length - i), error))
        return FALSE;
    }
  return kab_bulk_reader_end (reader, error);
}

static const KabBulkHead head = { (char *) "srv", (char *) "e1", 0, 77, TRUE, 3, 2, 1 };

static void
test_states_round_trip (void)
{
  static const KabStateRecord records[] = {
    { 1, KAB_STATE_OK | 0x5550, 1700000000, 0 },
    { G_MAXUINT32, KAB_STATE_ERROR | 0xaaa0, 0, (gint32) 0x80070643 },
  };
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(GString) log = g_string_new (NULL);

  kab_bulk_write_head (out, "states", &head);
  kab_bulk_write_host (out, "\"uuid\":\"A\",\"computer_name\":\"\\\"states\\\":[\"", records, 2, "{\"1\": [{\"x\": \"states\"}]}");
  kab_bulk_write_host (out, "\"uuid\":\"B\",\"computer_name\":\"é\"", NULL, G_MAXUINT, NULL);
  kab_bulk_write_host (out, "\"uuid\":\"C\"", NULL, 0, NULL);
  kab_bulk_write_host_gone (out, "D\"é");
  kab_bulk_write_end (out, 4);

  for (gsize piece = 1; piece <= out->len; piece = piece * 3 + 1)
    {
      Seen seen = { 0, 0, log, 0 };
      g_autoptr(GError) error = NULL;

      g_string_truncate (log, 0);
      read_bulk (out->str, out->len, piece, &seen, &error);
      g_assert_no_error (error);
      g_assert_cmpint (seen.counter, ==, 77);
      g_assert_cmpstr (log->str, ==,
                       "host A \"states\":[ 1:5551:1700000000:0 4294967295:aaa5:0:80070643 {\"1\": [{\"x\": \"states\"}]}\n"
                       "host B é - -\n"
                       "host C (null) -\n"
                       "host D\"é gone\n");
    }
}

static void
test_updates_round_trip (void)
{
  static const char * const kbids[] = { "1", "2", NULL };
  KabUpdateFields fields = { .update_id = "u_1", .title = "Mise à jour \"x\"", .kbids = kbids, .changed_at = 1700000000,
                             .min_download_size = -1, .max_download_size = 99, .is_beta = KAB_TRISTATE_FALSE };
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(GString) log = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  Seen seen = { 0, 0, log, 0 };

  kab_bulk_write_head (out, "updates", &head);
  kab_bulk_write_update (out, 9, &fields);
  g_string_append (out, "{\"gone\":8}\n");
  kab_bulk_write_end (out, 2);
  read_bulk (out->str, out->len, 7, &seen, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (log->str, ==, "update 9 u_1 Mise à jour \"x\" 99\nupdate 8 gone\n");
}

#define HEAD(what) "{\"kabinet_bulk\":1,\"what\":\"" what "\",\"server_uuid\":\"s\",\"epoch\":\"e\",\"since\":0,\"counter\":1," \
                   "\"full\":true,\"rows\":1,\"hosts_count\":1,\"updates_count\":1}\n"
#define END "{\"end\":true,\"rows\":1}\n"
#define HOST(rest) HEAD ("states") "{\"uuid\":\"A\"" rest "}\n" END

static void
test_hostile (void)
{
  static const char * const cases[] = {
    "", "\n", "{}\n", "[]\n", HEAD ("states"), HEAD ("states") "{\"uuid\":\"A\"}\n", HEAD ("states") END, HEAD ("x") END,
    HEAD ("states") "{\"uuid\":\"A\"}\n{\"end\":true,\"rows\":1}", HEAD ("states") "{\"uuid\":\"A\"}\n{\"end\":false,\"rows\":1}\n",
    HEAD ("states") "{\"uuid\":\"A\"}\n" END "\n", HEAD ("states") "{\"uuid\":\"A\"}\n" END END,
    HEAD ("states") "{\"uuid\":\"A\"\n}\n" END, HEAD ("states") "{}\n" END, HEAD ("states") "[]\n" END, HEAD ("states") "\n" END,
    HEAD ("states") "{\"uuid\":\"A\"} {}\n" END, HEAD ("updates") "{\"update_id\":\"u\"}\n" END, HEAD ("updates") "{\"n\":1}\n" END,
    HEAD ("updates") "{\"n\":-1,\"update_id\":\"u\"}\n" END, HEAD ("updates") "{\"n\":4294967296,\"update_id\":\"u\"}\n" END,
    HOST (",\"states\":[1]"), HOST (",\"states\":[1,2,3,4,5,]"), HOST (",\"states\":[,]"), HOST (",\"states\":[1,1,0,0"),
    HOST (",\"states\":[1, 1,0,0,0]"), HOST (",\"states\":[1,7,0,0,0]"), HOST (",\"states\":[1,1,4096,0,0]"),
    HOST (",\"states\":[1,1,3,0,0]"), HOST (",\"states\":[-1,1,0,0,0]"), HOST (",\"states\":[1,1,0,-1,0]"),
    HOST (",\"states\":[1,1,0,0,4294967296]"), HOST (",\"states\":[1,1,0,0,99999999999999]"), HOST (",\"states\":[1,1,0,0,-]"),
    HOST (",\"states\":[1,1,0,0,1.5]"), HOST (",\"states\":[1,1,0,0,\"1\"]"), HOST (",\"states\":[1,1,0,0,0]]"),
    HOST (",\"states\":[1,1,0,0,0]x"), HOST (",\"x\":\"\xff\""),
    HOST (",\"states\":[1,1,0,0,0"), HEAD ("states") "{\"uuid\":\"A\",\"states\":[1,1,0,0,0\n" END,
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      for (gsize piece = 1; piece < 2000; piece += 1998)
        {
          g_autoptr(GString) log = g_string_new (NULL);
          g_autoptr(GError) error = NULL;
          Seen seen = { 0, 0, log, 0 };

          if (read_bulk (cases[i], strlen (cases[i]), piece, &seen, &error))
            g_error ("accepted: %s", cases[i]);
          g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
        }
    }
}

static void
test_newer_format (void)
{
  g_autoptr(GString) log = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  Seen seen = { 0, 0, log, 0 };

  g_assert_false (read_bulk ("{\"kabinet_bulk\":2}\n", 19, 19, &seen, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_UNSUPPORTED);
}

static void
test_long_line (void)
{
  g_autofree char *piece = g_strnfill (1024 * 1024, 'x');
  g_autoptr(KabBulkReader) reader = NULL;
  g_autoptr(GString) log = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  Seen seen = { 0, 0, log, 0 };
  guint n;

  reader = kab_bulk_reader_new (&handler, &seen);
  for (n = 0; n < 100 && kab_bulk_reader_feed (reader, (guint8 *) piece, 1024 * 1024, &error); n++)
    ;
  g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
  g_assert_cmpuint (n, <=, KAB_BULK_MAX_LINE / (1024 * 1024));
}

/* `-m perf`: 10,000 hosts of 150 updates each */
static void
test_speed (void)
{
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  KabStateRecord records[150];
  KabBulkHead big = head;
  Seen seen = { 0 };
  gint64 start;
  double seconds;

  if (!g_test_perf ())
    {
      g_test_skip ("only with -m perf");
      return;
    }

  for (guint i = 0; i < G_N_ELEMENTS (records); i++)
    records[i] = (KabStateRecord) { i + 1, KAB_STATE_OK | 0x6550, 1700000000 + i * 86400, i % 20 ? 0 : (gint32) 0x80070643 };
  big.n_rows = 10000;
  kab_bulk_write_head (out, "states", &big);
  for (guint i = 0; i < 10000; i++)
    {
      g_autofree char *members = g_strdup_printf (
        "\"uuid\":\"4C4C4544-0000-1000-8000-%012u\",\"computer_fqdn\":\"pc-%05u.peer.lan\",\"computer_name\":\"PC-%05u\","
        "\"description\":\"Poste\",\"last_seen_on\":\"2026-11-21T07:30:38.652443\",\"listening_protocol\":\"websockets\","
        "\"connected_users\":[\"PEER\\\\user5\"],\"wapt_version\":\"2.5.4\","
        "\"platform\":\"Windows\",\"os_name\":\"Windows 10 Pro\","
        "\"os_version\":\"10.0.19045.3570\",\"computer_architecture\":\"x64\",\"manufacturer\":\"Dell Inc.\","
        "\"productname\":\"OptiPlex\","
        "\"waptwua_status\":{\"status\":\"PENDING_UPDATES\",\"enabled\":true,\"last_scan_date\":\"2026-11-20T03:00:00\","
        "\"rules_packages\":[{\"package\":\"demo-wua-base\",\"version\":\"12\"}]},\"wuauserv_status\":{\"reboot_needed\":false},"
        "\"status_hashes\":{\"waptwua_updates\":\"0123456789abcdef\",\"waptwua_updates_localstatus\":\"0123456789abcdef\"}",
        i, i, i);

      kab_bulk_write_host (out, members, records, G_N_ELEMENTS (records), NULL);
    }
  kab_bulk_write_end (out, 10000);

  start = g_get_monotonic_time ();
  read_bulk (out->str, out->len, 65536, &seen, &error);
  seconds = (g_get_monotonic_time () - start) / 1e6;
  g_assert_no_error (error);
  g_assert_cmpuint (seen.n_records, ==, 1500000);
  g_test_maximized_result (out->len / 1e6 / seconds, "bulk states: %.1f MB in %.3f s, %.0f MB/s",
                           out->len / 1e6, seconds, out->len / 1e6 / seconds);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/bulk/states-round-trip", test_states_round_trip);
  g_test_add_func ("/bulk/updates-round-trip", test_updates_round_trip);
  g_test_add_func ("/bulk/hostile", test_hostile);
  g_test_add_func ("/bulk/newer-format", test_newer_format);
  g_test_add_func ("/bulk/long-line", test_long_line);
  g_test_add_func ("/bulk/speed", test_speed);

  return g_test_run ();
}
