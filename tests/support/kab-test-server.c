/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "kab-test-server.h"

#include <signal.h>
#include <stdarg.h>
#include <string.h>

#include "kab-wire.h"

/* In the build tree, whose place meson tells. */
static char *
program (const char *room,
         const char *name)
{
  return g_test_build_filename (G_TEST_BUILT, "..", "app", room, name, NULL);
}

static void
add_arguments (GStrvBuilder *builder,
               va_list       arguments)
{
  const char *argument;

  while ((argument = va_arg (arguments, const char *)) != NULL)
    g_strv_builder_add (builder, argument);
}

static GSubprocess *
spawn (GStrvBuilder     *builder,
       GSubprocessFlags  flags,
       const char       *fault)
{
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);
  g_auto(GStrv) argv = g_strv_builder_end (builder);
  g_autoptr(GError) error = NULL;
  GSubprocess *process;

  if (fault != NULL)
    g_subprocess_launcher_setenv (launcher, "KABINET_FAULT", fault, TRUE);
  process = g_subprocess_launcher_spawnv (launcher, (const char * const *) argv, &error);
  g_assert_no_error (error);

  return process;
}

static void
replace_text (char       **place,
              JsonObject  *object,
              const char  *key)
{
  const char *text = kab_json_get_text (object, key);

  g_free (*place);
  *place = g_strdup (text != NULL ? text : "");
}

KabTestServer *
kab_test_server_start (const char *folder,
                       const char *fault,
                       ...)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *path = program ("server", "kabinet-server");
  g_autoptr(GDataInputStream) lines = NULL;
  g_autofree char *line = NULL;
  g_autoptr(JsonNode) node = NULL;
  KabTestServer *self = g_new0 (KabTestServer, 1);
  JsonObject *ready;
  va_list arguments;

  /* Whatever becomes of the test, its servers end with it. */
  g_strv_builder_add_many (builder, path, "--data", folder, "--until-eof", NULL);
  va_start (arguments, fault);
  add_arguments (builder, arguments);
  va_end (arguments);

  self->process = spawn (builder, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, fault);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
  if (line == NULL && fault != NULL)
    {
      kab_test_server_kill (self);
      return NULL;
    }
  g_assert_nonnull (line);

  node = kab_wire_parse (line, -1, NULL);
  g_assert_nonnull (node);
  ready = json_node_get_object (node);
  self->profile = kab_profile_new ("test");
  replace_text (&self->profile->url, ready, "address");
  replace_text (&self->profile->user, ready, "user");
  replace_text (&self->profile->ca_file, ready, "ca");
  replace_text (&self->profile->signing_key, ready, "key");
  replace_text (&self->profile->signing_certificate, ready, "certificate");
  self->password = g_strdup (kab_json_get_text (ready, "password"));
  self->passphrase = g_strdup (kab_json_get_text (ready, "passphrase"));
  self->publisher = g_strdup (kab_json_get_text (ready, "publisher"));
  self->publisher_password = g_strdup (kab_json_get_text (ready, "publisher_password"));

  return self;
}

static void
free_server (KabTestServer *self)
{
  g_clear_object (&self->process);
  g_clear_pointer (&self->profile, kab_profile_free);
  g_free (self->password);
  g_free (self->passphrase);
  g_free (self->publisher);
  g_free (self->publisher_password);
  g_free (self);
}

gboolean
kab_test_server_end (KabTestServer *self)
{
  gboolean lived;

  g_subprocess_send_signal (self->process, SIGTERM);
  g_assert_true (g_subprocess_wait (self->process, NULL, NULL));
  lived = g_subprocess_get_if_exited (self->process) && g_subprocess_get_exit_status (self->process) == 0;
  free_server (self);

  return lived;
}

void
kab_test_server_stop (KabTestServer *self)
{
  g_assert_true (kab_test_server_end (self));
}

void
kab_test_server_kill (KabTestServer *self)
{
  g_subprocess_force_exit (self->process);
  g_assert_true (g_subprocess_wait (self->process, NULL, NULL));
  free_server (self);
}

KabSignIn *
kab_test_server_sign_in (KabTestServer *self)
{
  return kab_sign_in_new (self->profile, self->password);
}

guint
kab_test_server_change (const char *folder,
                        guint       percent,
                        guint       seed)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *path = program ("server", "kabinet-server");
  g_autofree char *share = g_strdup_printf ("%u", percent);
  g_autofree char *number = g_strdup_printf ("%u", seed);
  g_autoptr(GSubprocess) process = NULL;
  g_autofree char *out = NULL;
  g_autoptr(JsonNode) node = NULL;

  g_strv_builder_add_many (builder, path, "--data", folder, "--change", share, "--seed", number, NULL);
  process = spawn (builder, G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &out, NULL, NULL));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
  node = kab_wire_parse (out, -1, NULL);
  g_assert_nonnull (node);

  return (guint) kab_json_get_int (json_node_get_object (node), "changed_hosts", 0);
}

KabTestRun *
kab_test_ctl (KabTestServer *server,
              const char    *store,
              const char    *fault,
              ...)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *path = program ("cli", "kabinetctl");
  g_autoptr(GSubprocess) process = NULL;
  KabTestRun *run = g_new0 (KabTestRun, 1);
  va_list arguments;

  g_strv_builder_add_many (builder, path, "--store", store, NULL);
  if (server != NULL)
    {
      g_strv_builder_add_many (builder, "--server", server->profile->url, "--user", server->profile->user,
                               "--password-file", "-", NULL);
      if (server->profile->ca_file[0] != '\0')
        g_strv_builder_add_many (builder, "--ca", server->profile->ca_file, NULL);
    }
  va_start (arguments, fault);
  add_arguments (builder, arguments);
  va_end (arguments);

  process = spawn (builder, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                              G_SUBPROCESS_FLAGS_STDERR_PIPE, fault);
  g_subprocess_communicate_utf8 (process, server != NULL ? server->password : "", NULL, &run->out, &run->err, NULL);
  g_subprocess_wait (process, NULL, NULL);
  run->status = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process)
                                                     : -g_subprocess_get_term_sig (process);

  return run;
}

void
kab_test_run_free (KabTestRun *self)
{
  if (self == NULL)
    return;

  g_free (self->out);
  g_free (self->err);
  g_free (self);
}
