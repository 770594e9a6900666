/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-connect-test.h"

#include "kab-client.h"
#include "kab-error.h"
#include "kab-http-session.h"
#include "kab-in-thread.h"
#include "kab-level.h"
#include "kab-secrets.h"
#include "kab-sign-in.h"

void
kab_connect_result_free (KabConnectResult *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->certificate, kab_identity_free);
  g_free (self->problems);
  g_free (self->version);
  g_free (self->edition);
  g_free (self->level);
  g_clear_error (&self->error);
  g_free (self);
}

/* The server's certificate as it shows it, whether we trust it or not. */
static gboolean
peek (const KabProfile  *profile,
      KabConnectResult  *result,
      GCancellable      *cancellable,
      GError           **error)
{
  g_autoptr(KabHttpSession) http = NULL;
  KabHttpOptions options = { 0 };

  options.base_url = profile->url;
  options.ca_file = profile->ca_file != NULL && profile->ca_file[0] != '\0' ? profile->ca_file : NULL;
  options.pinned_fingerprint = profile->pinned_fingerprint != NULL && profile->pinned_fingerprint[0] != '\0'
                                 ? profile->pinned_fingerprint : NULL;
  options.proxy_uri = profile->proxy != NULL && profile->proxy[0] != '\0' ? profile->proxy : NULL;

  http = kab_http_session_new (&options, error);
  if (http == NULL)
    return FALSE;

  if (g_ascii_strncasecmp (profile->url, "https:", 6) != 0)
    {
      result->trusted = TRUE;   /* plain http goes to loopback addresses only */
      return TRUE;
    }

  result->certificate = kab_http_session_peek_certificate (http, &result->problems, cancellable, error);
  if (result->certificate == NULL)
    return FALSE;
  result->reachable = TRUE;
  result->trusted = result->problems == NULL;

  return TRUE;
}

static gboolean
try_all (const KabProfile  *profile,
         const char        *password,
         KabConnectResult  *result,
         GCancellable      *cancellable,
         GError           **error)
{
  g_autoptr(KabSignIn) sign_in = NULL;
  g_autoptr(KabClient) client = NULL;
  const KabServerInfo *info;

  if (!peek (profile, result, cancellable, error))
    return FALSE;
  if (!result->trusted)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_UNTRUSTED, "%s: %s", profile->url, result->problems);
      return FALSE;
    }

  sign_in = kab_sign_in_new (profile, password);
  client = kab_sign_in_open (sign_in, cancellable, error);
  if (client == NULL)
    return FALSE;

  info = kab_client_get_info (client);
  result->reachable = TRUE;
  result->signed_in = TRUE;
  result->version = g_strdup (info->version);
  result->edition = g_strdup (info->edition);
  result->n_hosts = info->n_hosts;
  result->level = g_strdup (kab_level_get_text (profile->open_level_only ? KAB_LEVEL_OPEN
                                                                         : kab_client_get_level (client)));

  return TRUE;
}

KabConnectResult *
kab_connect_test_run (const KabProfile  *profile,
                      const char        *password,
                      GCancellable      *cancellable,
                      GError           **error)
{
  g_autoptr(KabConnectResult) result = g_new0 (KabConnectResult, 1);

  g_return_val_if_fail (profile != NULL, NULL);

  try_all (profile, password, result, cancellable, &result->error);
  if (g_error_matches (result->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&result->error));
      return NULL;
    }

  /* A server that says "wrong password" was reached. */
  if (g_error_matches (result->error, KAB_ERROR, KAB_ERROR_AUTH) ||
      g_error_matches (result->error, KAB_ERROR, KAB_ERROR_REFUSED))
    result->reachable = TRUE;
  if (result->version == NULL)
    result->version = g_strdup ("");
  if (result->edition == NULL)
    result->edition = g_strdup ("");
  if (result->level == NULL)
    result->level = g_strdup ("");

  return g_steal_pointer (&result);
}

typedef struct {
  KabProfile *profile;
  char       *password;
} TestData;

static void
test_data_free (gpointer data)
{
  TestData *test = data;

  kab_profile_free (test->profile);
  kab_secret_free (test->password);
  g_free (test);
}

static gpointer
test_in_thread (gpointer       source,
                gpointer       data,
                GCancellable  *cancellable,
                GError       **error)
{
  const TestData *test = data;

  return kab_connect_test_run (test->profile, test->password, cancellable, error);
}

void
kab_connect_test_async (const KabProfile    *profile,
                        const char          *password,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  TestData *test;

  g_return_if_fail (profile != NULL);

  test = g_new0 (TestData, 1);
  test->profile = kab_profile_copy (profile);
  test->password = kab_secret_dup (password);
  kab_in_thread_run (NULL, test_in_thread, test, test_data_free, (GDestroyNotify) kab_connect_result_free, cancellable,
                     callback, user_data);
}

KabConnectResult *
kab_connect_test_finish (GAsyncResult  *result,
                         GError       **error)
{
  return kab_in_thread_finish (NULL, result, error);
}
