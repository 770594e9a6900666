/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-signing-keys.h"

#include "kab-error.h"
#include "kab-in-thread.h"
#include "kab-key-store.h"
#include "kab-secrets.h"
#include "kab-signing.h"

G_DEFINE_FINAL_TYPE (KabSigningKey, kab_signing_key, G_TYPE_OBJECT)

static void
kab_signing_key_finalize (GObject *object)
{
  KabSigningKey *self = KAB_SIGNING_KEY (object);

  g_clear_pointer (&self->identity, kab_identity_free);
  g_free (self->certificate_path);
  g_free (self->key_path);

  G_OBJECT_CLASS (kab_signing_key_parent_class)->finalize (object);
}

static void
kab_signing_key_class_init (KabSigningKeyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_signing_key_finalize;
}

static void
kab_signing_key_init (KabSigningKey *self)
{
}

static KabSigningKey *
key_from_entry (const KabKeyEntry *entry)
{
  KabSigningKey *self = g_object_new (KAB_TYPE_SIGNING_KEY, NULL);

  self->identity = kab_identity_copy (entry->identity);
  self->certificate_path = g_strdup (entry->certificate_path);
  self->key_path = g_strdup (entry->key_path);
  self->key_is_encrypted = entry->key_is_encrypted;
  self->is_weak = entry->has_legacy_strength;

  return self;
}

char *
kab_signing_keys_dup_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "kabinet", "keys", NULL);
}

typedef struct {
  char     *folder;
  char     *name;                 /* create */
  char     *source;               /* import: the file; list: the key */
  char     *certificate;
  char     *source_passphrase;
  char     *passphrase;
  gboolean  code_signing;
  guint     days;
} Wish;

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  g_free (wish->folder);
  g_free (wish->name);
  g_free (wish->source);
  g_free (wish->certificate);
  kab_secret_free (wish->source_passphrase);
  kab_secret_free (wish->passphrase);
  g_free (wish);
}

/* The pair that a profile names, which need not lie in the folder */
static void
add_chosen (GListStore *list,
            const char *certificate,
            const char *key)
{
  g_autoptr(KabSigningCheck) check = kab_signing_check_run (certificate, key, NULL);
  g_autoptr(KabSigningKey) chosen = NULL;

  if (check->identity == NULL)
    return;

  chosen = g_object_new (KAB_TYPE_SIGNING_KEY, NULL);
  chosen->identity = kab_identity_copy (check->identity);
  chosen->certificate_path = g_strdup (certificate);
  chosen->key_path = check->key_fits || check->needs_passphrase ? g_strdup (key) : NULL;
  chosen->key_is_encrypted = check->needs_passphrase;
  g_list_store_append (list, chosen);
}

static gpointer
list_in_thread (gpointer       source,
                gpointer       data,
                GCancellable  *cancellable,
                GError       **error)
{
  const Wish *wish = data;
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GPtrArray) entries = kab_key_store_list (wish->folder, &local_error);
  GListStore *list;
  gboolean is_there = FALSE;

  if (entries == NULL && !g_error_matches (local_error, KAB_ERROR, KAB_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  list = g_list_store_new (KAB_TYPE_SIGNING_KEY);
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    is_there = is_there ||
               g_strcmp0 (((KabKeyEntry *) entries->pdata[i])->certificate_path, wish->certificate) == 0;
  if (!is_there && wish->certificate != NULL && *wish->certificate != '\0')
    add_chosen (list, wish->certificate, wish->source);
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      g_autoptr(KabSigningKey) key = key_from_entry (entries->pdata[i]);

      g_list_store_append (list, key);
    }

  return list;
}

void
kab_signing_keys_list_async (const char          *folder,
                             const char          *certificate,
                             const char          *key,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  Wish *wish;

  g_return_if_fail (folder != NULL);

  wish = g_new0 (Wish, 1);
  wish->folder = g_strdup (folder);
  wish->certificate = g_strdup (certificate);
  wish->source = g_strdup (key);
  kab_in_thread_run (NULL, list_in_thread, wish, wish_free, g_object_unref, cancellable, callback, user_data);
}

GListModel *
kab_signing_keys_list_finish (GAsyncResult  *result,
                              GError       **error)
{
  return kab_in_thread_finish (NULL, result, error);
}

static gpointer
add_in_thread (gpointer       source,
               gpointer       data,
               GCancellable  *cancellable,
               GError       **error)
{
  const Wish *wish = data;
  g_autoptr(KabKeyEntry) entry = NULL;

  if (g_mkdir_with_parents (wish->folder, 0700) != 0)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, "%s: cannot be made", wish->folder);
      return NULL;
    }

  entry = wish->source != NULL
          ? kab_key_store_import (wish->folder, wish->source, wish->certificate, wish->source_passphrase,
                                  wish->passphrase, error)
          : kab_key_store_create (wish->folder, wish->name, wish->passphrase, wish->code_signing, wish->days, error);

  return entry != NULL ? key_from_entry (entry) : NULL;
}

void
kab_signing_keys_create_async (const char          *folder,
                               const char          *name,
                               const char          *passphrase,
                               gboolean             code_signing,
                               guint                days,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  Wish *wish = g_new0 (Wish, 1);

  wish->folder = g_strdup (folder);
  wish->name = g_strdup (name);
  wish->passphrase = kab_secret_dup (passphrase);
  wish->code_signing = code_signing;
  wish->days = days;
  kab_in_thread_run (NULL, add_in_thread, wish, wish_free, g_object_unref, cancellable, callback, user_data);
}

void
kab_signing_keys_import_async (const char          *folder,
                               const char          *source,
                               const char          *certificate,
                               const char          *source_passphrase,
                               const char          *passphrase,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  Wish *wish = g_new0 (Wish, 1);

  wish->folder = g_strdup (folder);
  wish->source = g_strdup (source);
  wish->certificate = g_strdup (certificate);
  wish->source_passphrase = kab_secret_dup (source_passphrase);
  wish->passphrase = kab_secret_dup (passphrase);
  kab_in_thread_run (NULL, add_in_thread, wish, wish_free, g_object_unref, cancellable, callback, user_data);
}

KabSigningKey *
kab_signing_keys_add_finish (GAsyncResult  *result,
                             GError       **error)
{
  return kab_in_thread_finish (NULL, result, error);
}
