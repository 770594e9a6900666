/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-secrets.h"

#include <libsecret/secret.h>
#include <string.h>

#include "kab-error.h"
#include "kab-in-thread.h"

static const SecretSchema schema = {
  KAB_APPLICATION_ID, SECRET_SCHEMA_NONE,
  {
    { "kind", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "server", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "account", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  }
};

/* One secret in memory. */
typedef struct {
  char  *secret;
  gint64 expires_at;        /* monotonic microseconds, 0 = never */
} Kept;

G_LOCK_DEFINE_STATIC (memory);
static GHashTable *memory;  /* key text → Kept */

/* What tells secrets of one kind apart: whose it is, or which file it opens. */
static const char *
account_of (const char       *kind,
            const KabProfile *profile)
{
  const char *account = profile->user;

  if (g_str_equal (kind, KAB_SECRET_KEY_PASSPHRASE))
    account = profile->client_key;
  else if (g_str_equal (kind, KAB_SECRET_SIGNING_PASSPHRASE))
    account = profile->signing_key;

  return account != NULL ? account : "";
}

static char *
dup_key (const char       *kind,
         const KabProfile *profile)
{
  return g_strjoin ("\n", kind, profile->url != NULL ? profile->url : "", account_of (kind, profile), NULL);
}

static void
kept_free (gpointer data)
{
  Kept *kept = data;

  kab_secret_free (kept->secret);
  g_free (kept);
}

/* Wipes what is too old whenever somebody looks. Called with the lock held. */
static GHashTable *
memory_locked (void)
{
  gint64 now = g_get_monotonic_time ();
  GHashTableIter iter;
  gpointer value;

  if (memory == NULL)
    memory = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, kept_free);

  g_hash_table_iter_init (&iter, memory);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      if (((Kept *) value)->expires_at != 0 && ((Kept *) value)->expires_at <= now)
        g_hash_table_iter_remove (&iter);
    }

  return memory;
}

char *
kab_secret_dup (const char *secret)
{
  return g_strdup (secret);
}

void
kab_secret_free (char *secret)
{
  if (secret == NULL)
    return;

  secret_password_wipe (secret);
  g_free (secret);
}

gboolean
kab_secrets_have_keyring (void)
{
  static gsize known;       /* 1 no, 2 yes */

  if (g_once_init_enter (&known))
    {
      /* Only a session shows that somebody is there: without it this is nothing but a proxy for a name. */
      g_autoptr(SecretService) service = secret_service_get_sync (SECRET_SERVICE_OPEN_SESSION, NULL, NULL);

      g_once_init_leave (&known, service != NULL ? 2 : 1);
    }

  return known == 2;
}

static char *
lookup_in_memory (const char       *kind,
                  const KabProfile *profile)
{
  g_autofree char *key = dup_key (kind, profile);
  const Kept *kept;
  char *secret;

  G_LOCK (memory);
  kept = g_hash_table_lookup (memory_locked (), key);
  secret = kept != NULL ? kab_secret_dup (kept->secret) : NULL;
  G_UNLOCK (memory);

  return secret;
}

static void
store_in_memory (const char       *kind,
                 const KabProfile *profile,
                 const char       *secret)
{
  Kept *kept = g_new0 (Kept, 1);

  kept->secret = kab_secret_dup (secret);

  G_LOCK (memory);
  g_hash_table_replace (memory_locked (), dup_key (kind, profile), kept);
  G_UNLOCK (memory);
}

/* Cancelling stays cancelling; everything else the keyring says is for the log: memory serves. */
static gboolean
is_cancelled (GError  *local_error,
              GError **error)
{
  if (!g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_info ("the keyring does not answer: %s", local_error->message);
      return FALSE;
    }

  g_propagate_error (error, g_error_copy (local_error));
  return TRUE;
}

char *
kab_secrets_lookup (const char        *kind,
                    const KabProfile  *profile,
                    GCancellable      *cancellable,
                    GError           **error)
{
  g_autoptr(GError) local_error = NULL;
  char *secret;
  char *copy;

  g_return_val_if_fail (kind != NULL, NULL);
  g_return_val_if_fail (profile != NULL, NULL);

  secret = lookup_in_memory (kind, profile);
  if (secret != NULL || !kab_secrets_have_keyring ())
    return secret;

  secret = secret_password_lookup_sync (&schema, cancellable, &local_error,
                                        "kind", kind,
                                        "server", profile->url != NULL ? profile->url : "",
                                        "account", account_of (kind, profile),
                                        NULL);
  if (local_error != NULL)
    {
      is_cancelled (local_error, error);
      return NULL;
    }
  if (secret == NULL)
    return NULL;

  copy = kab_secret_dup (secret);
  secret_password_free (secret);

  return copy;
}

gboolean
kab_secrets_store (const char        *kind,
                   const KabProfile  *profile,
                   const char        *secret,
                   gboolean           keyring,
                   GCancellable      *cancellable,
                   GError           **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *label = NULL;

  g_return_val_if_fail (kind != NULL, FALSE);
  g_return_val_if_fail (profile != NULL, FALSE);
  g_return_val_if_fail (secret != NULL, FALSE);

  store_in_memory (kind, profile, secret);
  if (!keyring || !kab_secrets_have_keyring ())
    return TRUE;

  label = g_strdup_printf ("Kabinet: %s (%s)", profile->name, kind);
  secret_password_store_sync (&schema, SECRET_COLLECTION_DEFAULT, label, secret, cancellable, &local_error,
                              "kind", kind,
                              "server", profile->url != NULL ? profile->url : "",
                              "account", account_of (kind, profile),
                              NULL);

  return local_error == NULL || !is_cancelled (local_error, error);
}

/* A secret on its way into the keyring. */
typedef struct {
  char       *kind;
  KabProfile *profile;
  char       *secret;
} Remember;

static void
remember_free (gpointer data)
{
  Remember *remember = data;

  g_free (remember->kind);
  kab_profile_free (remember->profile);
  kab_secret_free (remember->secret);
  g_free (remember);
}

static gpointer
remember_in_thread (gpointer       source,
                    gpointer       data,
                    GCancellable  *cancellable,
                    GError       **error)
{
  const Remember *remember = data;

  kab_secrets_store (remember->kind, remember->profile, remember->secret, TRUE, cancellable, NULL);
  return NULL;
}

void
kab_secrets_remember (const char       *kind,
                      const KabProfile *profile,
                      const char       *secret)
{
  Remember *remember;

  g_return_if_fail (kind != NULL);
  g_return_if_fail (profile != NULL);
  g_return_if_fail (secret != NULL);

  store_in_memory (kind, profile, secret);

  remember = g_new0 (Remember, 1);
  remember->kind = g_strdup (kind);
  remember->profile = kab_profile_copy (profile);
  remember->secret = kab_secret_dup (secret);
  kab_in_thread_run (NULL, remember_in_thread, remember, remember_free, NULL, NULL, NULL, NULL);
}

static void
cleared_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!secret_password_clear_finish (result, &error) && error != NULL)
    g_info ("the keyring does not forget: %s", error->message);
}

void
kab_secrets_forget (const char       *kind,
                    const KabProfile *profile)
{
  g_autofree char *key = NULL;

  g_return_if_fail (kind != NULL);
  g_return_if_fail (profile != NULL);

  key = dup_key (kind, profile);
  G_LOCK (memory);
  g_hash_table_remove (memory_locked (), key);
  G_UNLOCK (memory);

  secret_password_clear (&schema, NULL, cleared_cb, NULL,
                         "kind", kind,
                         "server", profile->url != NULL ? profile->url : "",
                         "account", account_of (kind, profile),
                         NULL);
}

static gboolean
expire_cb (gpointer user_data)
{
  G_LOCK (memory);
  memory_locked ();
  G_UNLOCK (memory);

  return G_SOURCE_REMOVE;
}

void
kab_secrets_expire_after (const char       *kind,
                          const KabProfile *profile,
                          guint             seconds)
{
  g_autofree char *key = NULL;
  Kept *kept;

  g_return_if_fail (kind != NULL);
  g_return_if_fail (profile != NULL);

  key = dup_key (kind, profile);
  G_LOCK (memory);
  kept = g_hash_table_lookup (memory_locked (), key);
  if (kept != NULL)
    kept->expires_at = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
  G_UNLOCK (memory);

  /* Wiped on time even when nobody asks for a secret any more. */
  if (kept != NULL)
    g_timeout_add_seconds (seconds + 1, expire_cb, NULL);
}
