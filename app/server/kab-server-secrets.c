/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "kab-error.h"
#include "kab-server-secrets.h"
#include "kab-server-signers.h"
#include "kab-server-tls.h"
#include "kab-server.h"

#define FILE_NAME     "secrets.ini"
#define GROUP         "practice"
#define SECRET_BYTES  18        /* 144 bits, 24 characters */

static char *
make_secret (void)
{
  guint8 bytes[SECRET_BYTES];
  char *text;

  if (RAND_bytes (bytes, sizeof bytes) != 1)
    return NULL;
  text = g_base64_encode (bytes, sizeof bytes);
  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  OPENSSL_cleanse (bytes, sizeof bytes);
  return text;
}

static void
free_secret (char *text)
{
  if (text != NULL)
    OPENSSL_cleanse (text, strlen (text));
  g_free (text);
}

void
kab_server_secrets_free (KabServerSecrets *self)
{
  if (self == NULL)
    return;
  free_secret (self->password);
  free_secret (self->viewer_password);
  free_secret (self->publisher_password);
  free_secret (self->passphrase);
  g_free (self->key_path);
  g_free (self->certificate_path);
  g_clear_object (&self->administrator);
  g_free (self->ca_path);
  g_clear_object (&self->certificate);
  g_free (self);
}

/* Value of @name; made and noted in @file when there is none. */
static char *
get_secret (GKeyFile   *file,
            const char *name,
            gboolean   *is_new)
{
  char *text = g_key_file_get_string (file, GROUP, name, NULL);

  if (text != NULL && *text != '\0')
    return text;
  g_free (text);
  text = make_secret ();
  if (text != NULL)
    g_key_file_set_string (file, GROUP, name, text);
  *is_new = TRUE;
  return text;
}

static gboolean
save (GKeyFile    *file,
      const char  *path,
      GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  gsize size = 0;
  g_autofree char *text = g_key_file_to_data (file, &size, NULL);

  if (!g_file_set_contents_full (path, text, (gssize) size,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, &local_error))
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, "%s", local_error->message);
      return FALSE;
    }
  return TRUE;
}

static gboolean
open_keys (KabServerSecrets  *self,
           const char        *folder,
           const char        *listen,
           const char        *tls_passphrase,
           GError           **error)
{
  if (!kab_server_administrator_load (folder, self->passphrase, &self->key_path, &self->certificate_path, error))
    return FALSE;
  self->administrator = kab_signer_new (self->certificate_path, self->key_path, self->passphrase, error);
  if (self->administrator == NULL)
    return FALSE;
  if (listen != NULL)
    self->certificate = kab_server_tls_load (folder, listen, tls_passphrase, &self->ca_path, error);
  return listen == NULL || self->certificate != NULL;
}

/* @password: (nullable): nobody asked for that account */
static gboolean
make_account (KabDepot    *depot,
              const char  *name,
              const char  *password,
              const char  *rights,
              GError     **error)
{
  return password == NULL || kab_server_has_account (depot, name, password) ||
         kab_server_set_account (depot, name, password, rights, error);
}

KabServerSecrets *
kab_server_secrets_open (KabDepot    *depot,
                         const char  *listen,
                         gboolean     has_viewer,
                         gboolean     has_publisher,
                         GError     **error)
{
  g_autoptr(KabServerSecrets) self = g_new0 (KabServerSecrets, 1);
  const char *folder = kab_depot_get_folder (depot);
  g_autofree char *path = g_build_filename (folder, FILE_NAME, NULL);
  g_autofree char *keys = g_build_filename (folder, "tls", NULL);
  g_autofree char *has_account = kab_depot_dup_value (depot, "has_account");
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autofree char *tls = NULL;
  gboolean is_new = FALSE;

  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
  self->password = get_secret (file, "password", &is_new);
  self->passphrase = get_secret (file, "passphrase", &is_new);
  tls = get_secret (file, "tls-passphrase", &is_new);
  if (has_viewer)
    self->viewer_password = get_secret (file, "viewer-password", &is_new);
  if (has_publisher)
    self->publisher_password = get_secret (file, "publisher-password", &is_new);
  if (self->password == NULL || (has_viewer && self->viewer_password == NULL) ||
      (has_publisher && self->publisher_password == NULL) || self->passphrase == NULL || tls == NULL)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_FAILED, "no random numbers");
      return NULL;
    }
  /* The file first: an account whose password nobody knows would be worse than a file without an account. */
  if (is_new && !save (file, path, error))
    return NULL;
  if (has_account == NULL &&
      (!kab_server_set_account (depot, KAB_SERVER_USER, self->password, "admin", error) ||
       !kab_depot_set_value (depot, "has_account", "1", error)))
    return NULL;
  if (!kab_server_has_account (depot, KAB_SERVER_USER, self->password))
    g_clear_pointer (&self->password, g_free);

  if (!make_account (depot, KAB_SERVER_VIEWER, self->viewer_password, "view", error) ||
      !make_account (depot, KAB_SERVER_PUBLISHER, self->publisher_password, "view,edit_wua_package", error))
    return NULL;

  if (!open_keys (self, keys, listen, tls, error))
    return NULL;
  return g_steal_pointer (&self);
}

static gboolean
add_certificate (GPtrArray   *all,
                 const char  *path,
                 GError     **error)
{
  KabCertificate *certificate = kab_certificate_new_from_file (path, error);

  if (certificate != NULL)
    g_ptr_array_add (all, certificate);
  return certificate != NULL;
}

GPtrArray *
kab_server_load_trusted (KabDepot            *depot,
                         KabServerSecrets    *secrets,
                         const char * const  *paths,
                         GError             **error)
{
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (all, g_object_ref (kab_signer_get_certificate (secrets->administrator)));
  for (guint i = 0; paths != NULL && paths[i] != NULL; i++)
    if (!add_certificate (all, paths[i], error))
      return NULL;
  kab_server_load_signers (depot, all);
  return g_steal_pointer (&all);
}
