/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-sign-in.h"

#include "kab-client.h"
#include "kab-error.h"
#include "kab-http-session.h"
#include "kab-http-url.h"
#include "kab-secrets.h"

struct _KabSignIn
{
  GObject     parent_instance;

  KabProfile *profile;      /* never changes */

  GMutex      lock;         /* guards the rest */
  char       *password;
  KabClient  *client;       /* of the last time */
  guint       retry_delay_ms;
};

G_DEFINE_FINAL_TYPE (KabSignIn, kab_sign_in, G_TYPE_OBJECT)

static void
kab_sign_in_finalize (GObject *object)
{
  KabSignIn *self = KAB_SIGN_IN (object);

  g_clear_object (&self->client);
  g_clear_pointer (&self->password, kab_secret_free);
  g_clear_pointer (&self->profile, kab_profile_free);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (kab_sign_in_parent_class)->finalize (object);
}

static void
kab_sign_in_class_init (KabSignInClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_sign_in_finalize;
}

static void
kab_sign_in_init (KabSignIn *self)
{
  g_mutex_init (&self->lock);
}

KabSignIn *
kab_sign_in_new (const KabProfile *profile,
                 const char       *password)
{
  KabSignIn *self;

  g_return_val_if_fail (profile != NULL, NULL);

  self = g_object_new (KAB_TYPE_SIGN_IN, NULL);
  self->profile = kab_profile_copy (profile);
  self->password = kab_secret_dup (password);

  return self;
}

gboolean
kab_sign_in_check_address (const char  *url,
                           GError     **error)
{
  g_autoptr(GUri) parsed = kab_url_parse_base (url, error);

  return parsed != NULL;
}

const KabProfile *
kab_sign_in_get_profile (KabSignIn *self)
{
  g_return_val_if_fail (KAB_IS_SIGN_IN (self), NULL);

  return self->profile;
}

void
kab_sign_in_set_password (KabSignIn  *self,
                          const char *password)
{
  g_return_if_fail (KAB_IS_SIGN_IN (self));

  g_mutex_lock (&self->lock);
  kab_secret_free (self->password);
  self->password = kab_secret_dup (password);
  g_clear_object (&self->client);
  g_mutex_unlock (&self->lock);
}

void
kab_sign_in_set_retry_delay (KabSignIn *self,
                             guint      milliseconds)
{
  g_return_if_fail (KAB_IS_SIGN_IN (self));

  self->retry_delay_ms = milliseconds;
}

/* "" in a profile means: not set */
static const char *
set_or_null (const char *text)
{
  return text != NULL && text[0] != '\0' ? text : NULL;
}

static char *
find_password (KabSignIn     *self,
               GCancellable  *cancellable,
               GError       **error)
{
  char *password;

  g_mutex_lock (&self->lock);
  password = kab_secret_dup (self->password);
  g_mutex_unlock (&self->lock);

  if (password == NULL)
    password = kab_secrets_lookup (KAB_SECRET_PASSWORD, self->profile, cancellable, error);

  return password;
}

KabClient *
kab_sign_in_open (KabSignIn     *self,
                  GCancellable  *cancellable,
                  GError       **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(KabHttpSession) http = NULL;
  g_autoptr(KabClient) client = NULL;
  const KabProfile *profile;
  KabHttpOptions options = { 0 };
  char *password;
  char *passphrase = NULL;
  gboolean good;

  g_return_val_if_fail (KAB_IS_SIGN_IN (self), NULL);

  profile = self->profile;
  password = find_password (self, cancellable, &local_error);
  if (local_error == NULL && set_or_null (profile->client_key) != NULL)
    passphrase = kab_secrets_lookup (KAB_SECRET_KEY_PASSPHRASE, profile, cancellable, &local_error);
  if (local_error != NULL)
    {
      kab_secret_free (password);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  options.base_url = profile->url;
  options.ca_file = set_or_null (profile->ca_file);
  options.pinned_fingerprint = set_or_null (profile->pinned_fingerprint);
  options.user = set_or_null (profile->user);
  options.password = password;
  options.client_certificate = set_or_null (profile->client_certificate);
  options.client_key = set_or_null (profile->client_key);
  options.client_key_passphrase = passphrase;
  options.proxy_uri = set_or_null (profile->proxy);
  options.retry_delay_ms = self->retry_delay_ms;

  http = kab_http_session_new (&options, error);
  good = http != NULL;
  if (good)
    {
      client = kab_client_new (http, set_or_null (profile->updates_path), set_or_null (profile->states_path));
      good = kab_client_ping (client, cancellable, error);
    }
  if (good && password == NULL)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_AUTH, "%s: no password is known for “%s”",
                   profile->url, profile->user != NULL ? profile->user : "");
      good = FALSE;
    }
  if (good)
    good = kab_client_sign_in (client, profile->user != NULL ? profile->user : "", password, cancellable, error);

  kab_secret_free (password);
  kab_secret_free (passphrase);
  if (!good)
    return NULL;

  g_mutex_lock (&self->lock);
  g_set_object (&self->client, client);
  g_mutex_unlock (&self->lock);

  return g_steal_pointer (&client);
}

KabClient *
kab_sign_in_reuse (KabSignIn     *self,
                   GCancellable  *cancellable,
                   GError       **error)
{
  KabClient *client;

  g_return_val_if_fail (KAB_IS_SIGN_IN (self), NULL);

  g_mutex_lock (&self->lock);
  client = self->client != NULL ? g_object_ref (self->client) : NULL;
  g_mutex_unlock (&self->lock);

  return client != NULL ? client : kab_sign_in_open (self, cancellable, error);
}
