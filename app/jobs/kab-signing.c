/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-signing.h"

#include "kab-certificate.h"
#include "kab-error.h"
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

static void
check_in_thread (GTask        *task,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  const CheckData *check = task_data;

  g_task_return_pointer (task, kab_signing_check_run (check->certificate, check->key, check->passphrase),
                         (GDestroyNotify) kab_signing_check_free);
}

void
kab_signing_check_async (const char          *certificate,
                         const char          *key,
                         const char          *passphrase,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  CheckData *check = g_new0 (CheckData, 1);

  check->certificate = g_strdup (certificate);
  check->key = g_strdup (key);
  check->passphrase = kab_secret_dup (passphrase);

  g_task_set_source_tag (task, kab_signing_check_async);
  g_task_set_task_data (task, check, check_data_free);
  g_task_run_in_thread (task, check_in_thread);
}

KabSigningCheck *
kab_signing_check_finish (GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
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
