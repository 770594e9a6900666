/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-signing.h"

#include "kab-certificate.h"
#include "kab-error.h"
#include "kab-in-thread.h"
#include "kab-secrets.h"
#include "kab-signer.h"

void
kab_signing_check_free (KabSigningCheck *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->identity, kab_identity_free);
  g_clear_error (&self->error);
  g_free (self);
}

KabSigningCheck *
kab_signing_check_run (const char *certificate,
                       const char *key,
                       const char *passphrase)
{
  g_autoptr(KabCertificate) loaded = NULL;
  g_autoptr(KabSigner) signer = NULL;
  KabSigningCheck *self = g_new0 (KabSigningCheck, 1);

  if (certificate == NULL || certificate[0] == '\0')
    {
      g_set_error_literal (&self->error, KAB_ERROR, KAB_ERROR_USAGE, "no signing certificate is set");
      return self;
    }
  loaded = kab_certificate_new_from_file (certificate, &self->error);
  if (loaded == NULL)
    return self;
  self->identity = kab_identity_copy (kab_certificate_get_identity (loaded));

  if (key == NULL || key[0] == '\0')
    {
      g_set_error_literal (&self->error, KAB_ERROR, KAB_ERROR_USAGE, "no signing key is set");
      return self;
    }
  signer = kab_signer_new (certificate, key, passphrase, &self->error);
  self->key_fits = signer != NULL;
  self->needs_passphrase = g_error_matches (self->error, KAB_ERROR, KAB_ERROR_PASSPHRASE);

  return self;
}

typedef struct {
  char *certificate;
  char *key;
  char *passphrase;
} CheckData;

static void
check_data_free (gpointer data)
{
  CheckData *check = data;

  g_free (check->certificate);
  g_free (check->key);
  kab_secret_free (check->passphrase);
  g_free (check);
}

static gpointer
check_in_thread (gpointer       source,
                 gpointer       data,
                 GCancellable  *cancellable,
                 GError       **error)
{
  const CheckData *check = data;

  return kab_signing_check_run (check->certificate, check->key, check->passphrase);
}

void
kab_signing_check_async (const char          *certificate,
                         const char          *key,
                         const char          *passphrase,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  CheckData *check = g_new0 (CheckData, 1);

  check->certificate = g_strdup (certificate);
  check->key = g_strdup (key);
  check->passphrase = kab_secret_dup (passphrase);
  kab_in_thread_run (NULL, check_in_thread, check, check_data_free, (GDestroyNotify) kab_signing_check_free, cancellable,
                     callback, user_data);
}

KabSigningCheck *
kab_signing_check_finish (GAsyncResult  *result,
                          GError       **error)
{
  return kab_in_thread_finish (NULL, result, error);
}

GPtrArray *
kab_signing_load_trusted (const KabProfile *profile)
{
  GPtrArray *trusted = g_ptr_array_new_with_free_func (g_object_unref);
  KabCertificate *certificate = NULL;

  if (profile->signing_certificate != NULL && profile->signing_certificate[0] != '\0')
    certificate = kab_certificate_new_from_file (profile->signing_certificate, NULL);
  if (certificate != NULL)
    g_ptr_array_add (trusted, certificate);

  return trusted;
}
