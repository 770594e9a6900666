/* test-sync-hostile.c: a server that lies, stalls, breaks off or never ends: a clear error, and the mirror as it was
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <sys/resource.h>

#include "hostile-server.h"
#include "kab-error.h"
#include "kab-sync-job.h"
#include "kab-test-isolate.h"
#include "kab-test-server.h"
#include "kab-test-store.h"

#define HEAD(what, since, rows) \
  "{\"kabinet_bulk\":1,\"what\":\"" what "\",\"server_uuid\":\"S\",\"epoch\":\"E\",\"since\":" since \
  ",\"counter\":9,\"full\":true,\"rows\":" rows ",\"hosts_count\":2,\"updates_count\":1}\n"
#define UPDATE "{\"n\":1,\"update_id\":\"aaa_1\",\"title\":\"One\"}\n"
#define HOST_1 "{\"uuid\":\"H1\",\"computer_name\":\"PC1\",\"platform\":\"Windows\",\"states\":[1,2,0,0,0]}\n"
#define HOST_2 "{\"uuid\":\"H2\",\"computer_name\":\"PC2\",\"platform\":\"Windows\",\"states\":[]}\n"
#define END(rows) "{\"end\":true,\"rows\":" rows "}\n"

#define GOOD_UPDATES HEAD ("updates", "0", "1") UPDATE END ("1")
#define GOOD_STATES HEAD ("states", "0", "2") HOST_1 HOST_2 END ("2")

/* Ways to be bad beside plain text. */
typedef enum {
  NORMAL,
  STALLS,         /* half of it, then nothing */
  BREAKS_OFF,     /* less than Content-Length says */
  NEVER_ENDS,     /* rows for ever */
  ONE_LINE,       /* one line for ever */
} Manner;

typedef struct {
  const char *name;
  const char *updates;
  const char *states;
  Manner      manner;         /* of the states */
  KabError    error;
} Case;

static const Case cases[] = {
  { "end-missing", GOOD_UPDATES, HEAD ("states", "0", "2") HOST_1 HOST_2, NORMAL, KAB_ERROR_BAD_DATA },
  { "end-lies", GOOD_UPDATES, HEAD ("states", "0", "2") HOST_1 HOST_2 END ("3"), NORMAL, KAB_ERROR_BAD_DATA },
  { "rows-lie", GOOD_UPDATES, HEAD ("states", "0", "5") HOST_1 HOST_2 END ("2"), NORMAL, KAB_ERROR_BAD_DATA },
  { "fewer-hosts", GOOD_UPDATES, HEAD ("states", "0", "1") HOST_1 END ("1"), NORMAL, KAB_ERROR_BAD_DATA },
  { "unknown-update", GOOD_UPDATES, HEAD ("states", "0", "2") HOST_2
    "{\"uuid\":\"H1\",\"states\":[7,2,0,0,0]}\n" END ("2"), NORMAL, KAB_ERROR_BAD_DATA },
  { "host-twice", GOOD_UPDATES, HEAD ("states", "0", "3") HOST_1 HOST_1 HOST_2 END ("2"), NORMAL, KAB_ERROR_BAD_DATA },
  { "no-json", GOOD_UPDATES, "<html>Bad gateway</html>\n", NORMAL, KAB_ERROR_BAD_DATA },
  { "broken-row", GOOD_UPDATES, HEAD ("states", "0", "2") HOST_1 "{\"uuid\":\"H2\",\n" END ("2"), NORMAL,
    KAB_ERROR_BAD_DATA },
  { "odd-states", GOOD_UPDATES, HEAD ("states", "0", "2") HOST_2 "{\"uuid\":\"H1\",\"states\":[1,2,0]}\n" END ("2"),
    NORMAL, KAB_ERROR_BAD_DATA },
  { "no-uuid", GOOD_UPDATES, HEAD ("states", "0", "2") HOST_2 "{\"computer_name\":\"x\"}\n" END ("2"), NORMAL,
    KAB_ERROR_BAD_DATA },
  { "other-question", GOOD_UPDATES, GOOD_UPDATES, NORMAL, KAB_ERROR_BAD_DATA },
  { "other-server", "{\"kabinet_bulk\":1,\"what\":\"updates\",\"server_uuid\":\"X\",\"epoch\":\"E\",\"since\":0,\"counter\":9,"
    "\"full\":true,\"rows\":1,\"hosts_count\":2,\"updates_count\":1}\n" UPDATE END ("1"), GOOD_STATES, NORMAL,
    KAB_ERROR_BAD_DATA },
  { "breaks-off", GOOD_UPDATES, HEAD ("states", "0", "2") HOST_1, BREAKS_OFF, KAB_ERROR_NETWORK },
  { "never-ends", GOOD_UPDATES, HEAD ("states", "0", "2") HOST_1 HOST_2, NEVER_ENDS, KAB_ERROR_BAD_DATA },
  { "one-line", GOOD_UPDATES, HEAD ("states", "0", "2") "{\"uuid\":\"", ONE_LINE, KAB_ERROR_BAD_DATA },
  { "empty", "", "", NORMAL, KAB_ERROR_BAD_DATA },
};

typedef struct {
  const Case *now;          /* NULL = behaves */
  GMutex      lock;
} Play;

static gboolean
write_for_ever (HostileServer *server,
                GIOStream     *stream,
                const char    *text,
                const char    *more)
{
  g_autoptr(GString) block = g_string_new (NULL);

  while (block->len < 256 * 1024)
    g_string_append (block, more);
  if (!hostile_write (stream, "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n") ||
      !hostile_write (stream, text))
    return FALSE;

  /* Ten gigabytes, if anybody takes them. */
  for (guint i = 0; i < 40960 && !hostile_server_is_stopping (server); i++)
    {
      if (!hostile_write_bytes (stream, block->str, block->len))
        return FALSE;
    }

  return FALSE;
}

static gboolean
answer_states (HostileServer *server,
               GIOStream     *stream,
               const Case    *now)
{
  switch (now != NULL ? now->manner : NORMAL)
    {
    case BREAKS_OFF:
      hostile_write (stream, "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nContent-Length: 100000\r\n\r\n");
      hostile_write (stream, now->states);
      return FALSE;
    case NEVER_ENDS:
      return write_for_ever (server, stream, now->states, HOST_2);
    case ONE_LINE:
      return write_for_ever (server, stream, now->states, "x");
    case STALLS:
    case NORMAL:
    default:
      return hostile_answer (stream, "200 OK", "Content-Type: application/x-ndjson\r\n",
                             now != NULL ? now->states : GOOD_STATES);
    }
}

static gboolean
answer_cb (HostileServer *server,
           const char    *request,
           GIOStream     *stream,
           gpointer       user_data)
{
  Play *play = user_data;
  const char *json = "Content-Type: application/json\r\n";
  const Case *now;

  g_mutex_lock (&play->lock);
  now = play->now;
  g_mutex_unlock (&play->lock);

  if (strstr (request, "GET /ping") != NULL)
    return hostile_answer (stream, "200 OK", json,
                           "{\"success\":true,\"msg\":\"\",\"result\":{\"version\":\"1.8.2\",\"uuid\":\"S\","
                           "\"edition\":\"community\",\"kabinet\":{\"api\":1,\"wua\":\"/api/kabinet/v1\"}}}");
  if (strstr (request, "/login") != NULL)
    return hostile_answer (stream, "200 OK", json,
                           "{\"success\":true,\"msg\":\"\",\"result\":{\"hosts_count\":2,\"version\":\"1.8.2\","
                           "\"edition\":\"community\",\"server_uuid\":\"S\"}}");
  if (strstr (request, "/updates?") != NULL)
    return hostile_answer (stream, "200 OK", "Content-Type: application/x-ndjson\r\n",
                           now != NULL ? now->updates : GOOD_UPDATES);
  if (strstr (request, "/states?") != NULL)
    return answer_states (server, stream, now);
  if (strstr (request, "packages_for_hosts") != NULL)
    return hostile_answer (stream, "200 OK", json, "{\"success\":true,\"msg\":\"\",\"result\":[]}");

  return hostile_answer (stream, "404 Not Found", "", "no");
}

static gboolean
try_sync (HostileServer  *server,
          KabMirror      *mirror,
          GError        **error)
{
  g_autoptr(KabProfile) profile = kab_profile_new ("hostile");
  g_autoptr(KabSignIn) sign_in = NULL;
  g_autoptr(KabSyncJob) job = NULL;

  g_free (profile->url);
  profile->url = hostile_server_dup_url (server);
  g_free (profile->user);
  profile->user = g_strdup ("admin");
  g_free (profile->proxy);
  profile->proxy = g_strdup ("direct://");
  sign_in = kab_sign_in_new (profile, "x");
  job = kab_sync_job_new (sign_in, mirror, FALSE);

  return kab_job_run (KAB_JOB (job), NULL, error);
}

static glong
peak_memory_kib (void)
{
  struct rusage usage;

  g_assert_cmpint (getrusage (RUSAGE_SELF, &usage), ==, 0);

  return usage.ru_maxrss;
}

static void
test_hostile (void)
{
  Play play = { NULL };
  g_autofree char *folder = kab_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "a.mirror", NULL);
  g_autoptr(KabMirror) mirror = kab_mirror_new (path);
  g_autoptr(HostileServer) server = NULL;
  g_autofree char *before = NULL;
  g_autoptr(GError) error = NULL;
  glong memory;

  g_mutex_init (&play.lock);
  server = hostile_server_new (answer_cb, &play, NULL);
  try_sync (server, mirror, &error);
  g_assert_no_error (error);
  before = kab_test_dump (kab_mirror_open (mirror, NULL), TRUE);
  g_assert_nonnull (strstr (before, "pair H1 aaa_1"));
  memory = peak_memory_kib ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *after = NULL;
      gint64 begin = g_get_monotonic_time ();

      g_test_message ("%s", cases[i].name);
      g_mutex_lock (&play.lock);
      play.now = &cases[i];
      g_mutex_unlock (&play.lock);

      g_assert_false (try_sync (server, mirror, &error));
      g_assert_error (error, KAB_ERROR, (int) cases[i].error);
      g_clear_error (&error);
      after = kab_test_dump (kab_mirror_open (mirror, NULL), TRUE);
      kab_test_assert_same (after, before);
      g_assert_cmpint (g_get_monotonic_time () - begin, <, 20 * G_USEC_PER_SEC);
    }

  /* Whatever came, it was never all in memory. (A sanitizer keeps freed memory for a while.) */
  g_assert_cmpint (peak_memory_kib () - memory, <, 400 * 1024);

  g_mutex_lock (&play.lock);
  play.now = NULL;
  g_mutex_unlock (&play.lock);
  try_sync (server, mirror, &error);
  g_assert_no_error (error);
  g_clear_object (&mirror);
  kab_test_folder_remove (folder);
}

int
main (int    argc,
      char **argv)
{
  kab_test_isolate ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sync/hostile", test_hostile);

  return kab_test_isolate_run ();
}
