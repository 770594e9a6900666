/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-practice.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <glib/gstdio.h>

#include "kab-error.h"
#include "kab-in-thread.h"
#include "kab-secrets.h"
#include "kab-wire.h"

#define PROGRAM "kabinet-server"
#define N_HOSTS "400"
#define N_UPDATES "150"
#define SEED "1"
#define SPEED "30"            /* an hour of an agent's work in two minutes */
#define START_TIMEOUT_S 120   /* the first start makes the fleet */

/* The child of this program, and what it said when it was ready. */
typedef struct {
  GSubprocess *process;
  KabProfile  *profile;
  char        *password;
} Practice;

G_LOCK_DEFINE_STATIC (practice);
static Practice practice;

static char *
program_in (const char *folder)
{
  char *path = g_build_filename (folder, PROGRAM, NULL);

  if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE) && !g_file_test (path, G_FILE_TEST_IS_DIR))
    return path;

  g_free (path);
  return NULL;
}

/* Beside the running program, in the build tree (app/ui/kabinet → app/server/kabinet-server), where programs are installed. */
static char *
find_program (GError **error)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : g_strdup (".");
  const char *places[] = { ".", "../server", "../app/server", "../../app/server", "../../../app/server" };
  const char *wanted = g_getenv ("KABINET_SERVER");
  char *path = NULL;

  if (wanted != NULL && wanted[0] != '\0')
    return g_strdup (wanted);

  for (guint i = 0; path == NULL && i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *place = g_build_filename (folder, places[i], NULL);

      path = program_in (place);
    }
  if (path == NULL)
    path = program_in (KAB_BIN_DIR);
  if (path == NULL)
    path = program_in (KAB_LIBEXEC_DIR);
  if (path == NULL)
    path = g_find_program_in_path (PROGRAM);
  if (path == NULL)
    g_set_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND, "%s is not installed beside %s", PROGRAM, folder);

  return path;
}

static char *
dup_text (JsonObject *ready,
          const char *key)
{
  const char *text = kab_json_get_text (ready, key);

  return g_strdup (text != NULL ? text : "");
}

/* {"address":…,"user":…,"password":…,"ca":…,"key":…,"certificate":…,"passphrase":…} */
static gboolean
read_ready (Practice    *self,
            const char  *line,
            GError     **error)
{
  g_autoptr(JsonNode) node = kab_wire_parse (line, -1, error);
  KabProfile *profile;
  JsonObject *ready;
  const char *passphrase;

  if (node == NULL)
    return FALSE;
  ready = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  if (ready == NULL || kab_json_get_text (ready, "address") == NULL ||
      kab_json_get_text (ready, "password") == NULL)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, PROGRAM ": its first line has no address");
      return FALSE;
    }

  profile = kab_profile_new (KAB_PROFILE_PRACTICE);
  g_free (profile->url);
  profile->url = dup_text (ready, "address");
  g_free (profile->user);
  profile->user = dup_text (ready, "user");
  g_free (profile->ca_file);
  profile->ca_file = dup_text (ready, "ca");
  g_free (profile->signing_key);
  profile->signing_key = dup_text (ready, "key");
  g_free (profile->signing_certificate);
  profile->signing_certificate = dup_text (ready, "certificate");
  g_free (profile->proxy);
  profile->proxy = g_strdup ("direct://");
  profile->sync_minutes = 1;

  self->profile = profile;
  self->password = kab_secret_dup (kab_json_get_text (ready, "password"));
  kab_secrets_store (KAB_SECRET_PASSWORD, profile, self->password, FALSE, NULL, NULL);
  passphrase = kab_json_get_text (ready, "passphrase");
  if (passphrase != NULL && passphrase[0] != '\0')
    kab_secrets_store (KAB_SECRET_SIGNING_PASSPHRASE, profile, passphrase, FALSE, NULL, NULL);

  return TRUE;
}

static void
clear (Practice *self)
{
  /* Its stdin closes with the last reference; that is what it waits for. */
  if (self->process != NULL)
    g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
  g_clear_object (&self->process);
  g_clear_pointer (&self->profile, kab_profile_free);
  g_clear_pointer (&self->password, kab_secret_free);
}

static gboolean
timed_out_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

static void
cancelled_cb (GCancellable *outer,
              GCancellable *inner)
{
  g_cancellable_cancel (inner);
}

/* Waits for the line that says it is ready, with a time-out of its own. */
static char *
read_line (GSubprocess   *process,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr(GDataInputStream) lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_autoptr(GCancellable) limit = g_cancellable_new ();
  g_autoptr(GError) local_error = NULL;
  gulong handler = 0;
  GSource *timeout = g_timeout_source_new_seconds (START_TIMEOUT_S);
  char *line;

  g_source_set_callback (timeout, timed_out_cb, g_object_ref (limit), g_object_unref);
  g_source_attach (timeout, NULL);
  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), g_object_ref (limit), g_object_unref);

  line = g_data_input_stream_read_line_utf8 (lines, NULL, limit, &local_error);

  if (handler != 0)
    g_cancellable_disconnect (cancellable, handler);
  g_source_destroy (timeout);
  g_source_unref (timeout);

  if (line != NULL || g_cancellable_set_error_if_cancelled (cancellable, error))
    return line;

  if (g_cancellable_is_cancelled (limit))
    g_set_error (error, KAB_ERROR, KAB_ERROR_FAILED, PROGRAM ": not ready after %d s", START_TIMEOUT_S);
  else
    g_set_error (error, KAB_ERROR, KAB_ERROR_FAILED, PROGRAM ": ended before it was ready%s%s",
                 local_error != NULL ? ": " : "", local_error != NULL ? local_error->message : "");
  return NULL;
}

/* Called with the lock held. */
static gboolean
start_locked (GCancellable  *cancellable,
              GError       **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *program = find_program (error);
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "kabinet", "practice", NULL);
  const char *speed = g_getenv ("KABINET_PRACTICE_SPEED");
  const char *hosts = g_getenv ("KABINET_PRACTICE_HOSTS");
  g_autofree char *line = NULL;
  Practice fresh = { 0 };

  if (program == NULL)
    return FALSE;
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, "%s: %s", folder, g_strerror (errno));
      return FALSE;
    }

  fresh.process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &local_error,
                                    program, "--data", folder, "--hosts", hosts != NULL ? hosts : N_HOSTS,
                                    "--updates", N_UPDATES, "--seed", SEED, "--tls",
                                    "--speed", speed != NULL ? speed : SPEED, "--until-eof", NULL);
  if (fresh.process == NULL)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_FAILED, "%s: %s", program, local_error->message);
      return FALSE;
    }

  line = read_line (fresh.process, cancellable, error);
  if (line == NULL || !read_ready (&fresh, line, error))
    {
      g_subprocess_send_signal (fresh.process, SIGTERM);
      clear (&fresh);
      return FALSE;
    }
  if (line != NULL)
    memset (line, 0, strlen (line));
  practice = fresh;

  return TRUE;
}

KabProfile *
kab_practice_start (char          **password,
                    GCancellable   *cancellable,
                    GError        **error)
{
  KabProfile *profile = NULL;

  G_LOCK (practice);
  /* A child that died lost its identifier; the fleet itself is on disk. */
  if (practice.process != NULL && g_subprocess_get_identifier (practice.process) == NULL)
    clear (&practice);
  if (practice.process != NULL || start_locked (cancellable, error))
    {
      profile = kab_profile_copy (practice.profile);
      if (password != NULL)
        *password = kab_secret_dup (practice.password);
    }
  G_UNLOCK (practice);

  return profile;
}

void
kab_practice_stop (void)
{
  G_LOCK (practice);
  clear (&practice);
  G_UNLOCK (practice);
}

/* What a start gives back through a task. */
typedef struct {
  KabProfile *profile;
  char       *password;
} Started;

static void
started_free (gpointer data)
{
  Started *started = data;

  kab_profile_free (started->profile);
  kab_secret_free (started->password);
  g_free (started);
}

static gpointer
start_in_thread (gpointer       source,
                 gpointer       data,
                 GCancellable  *cancellable,
                 GError       **error)
{
  Started *started = g_new0 (Started, 1);

  started->profile = kab_practice_start (&started->password, cancellable, error);
  if (started->profile == NULL)
    g_clear_pointer (&started, started_free);

  return started;
}

void
kab_practice_start_async (GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  kab_in_thread_run (NULL, start_in_thread, NULL, NULL, started_free, cancellable, callback, user_data);
}

KabProfile *
kab_practice_start_finish (GAsyncResult  *result,
                           char         **password,
                           GError       **error)
{
  Started *started = kab_in_thread_finish (NULL, result, error);
  KabProfile *profile;

  if (started == NULL)
    return NULL;

  profile = g_steal_pointer (&started->profile);
  if (password != NULL)
    *password = g_steal_pointer (&started->password);
  started_free (started);

  return profile;
}
