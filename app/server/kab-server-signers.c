/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include <errno.h>
#include <string.h>

#include <glib/gstdio.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "kab-error.h"
#include "kab-server-private.h"
#include "kab-server-signers.h"
#include "kab-wire.h"

/* trusted_signers_certificates: whose packages this server takes, and whom its agents obey. */

#define FOLDER "trusted"

static char *
get_path (KabDepot       *depot,
          KabCertificate *certificate)
{
  g_autofree char *name = g_strconcat (kab_certificate_get_identity (certificate)->fingerprint, ".crt", NULL);

  return g_build_filename (kab_depot_get_folder (depot), FOLDER, name, NULL);
}

static gboolean
keep_signer (KabDepot        *depot,
             KabCertificate  *certificate,
             GError         **error)
{
  g_autofree char *path = get_path (depot, certificate);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr(GError) local_error = NULL;

  if (g_mkdir_with_parents (folder, 0700) != 0 ||
      !g_file_set_contents (path, kab_certificate_get_chain_pem (certificate), -1, &local_error))
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, "%s: %s", path,
                   local_error != NULL ? local_error->message : g_strerror (errno));
      return FALSE;
    }
  return TRUE;
}

void
kab_server_load_signers (KabDepot  *depot,
                         GPtrArray *trusted)
{
  g_autofree char *folder = g_build_filename (kab_depot_get_folder (depot), FOLDER, NULL);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      KabCertificate *certificate = g_str_has_suffix (name, ".crt") ? kab_certificate_new_from_file (path, NULL) : NULL;

      if (certificate != NULL)
        g_ptr_array_add (trusted, certificate);
    }
}

static void
append_hex (GString                 *json,
            const char              *name,
            const ASN1_OCTET_STRING *bytes)
{
  kab_server_json_append_name (json, name);
  g_string_append_c (json, '"');
  for (int i = 0; bytes != NULL && i < ASN1_STRING_length (bytes); i++)
    g_string_append_printf (json, "%02x", ASN1_STRING_get0_data (bytes)[i]);
  g_string_append_c (json, '"');
}

static void
append_certificate (GString        *json,
                    KabCertificate *certificate)
{
  const KabIdentity *identity = kab_certificate_get_identity (certificate);
  const char *chain = kab_certificate_get_chain_pem (certificate);
  const char *end = strstr (chain, "-----END CERTIFICATE-----\n");
  g_autofree char *pem = end != NULL ? g_strndup (chain, end + strlen ("-----END CERTIFICATE-----\n") - chain)
                                     : g_strdup (chain);
  BIO *bio = BIO_new_mem_buf (pem, -1);
  X509 *x509 = PEM_read_bio_X509 (bio, NULL, NULL, NULL);

  g_string_append (json, json->str[json->len - 1] == '[' ? "{" : ", {");
  kab_server_json_append_member (json, "cn", identity->name);
  kab_server_json_append_member (json, "issuer_cn", identity->issuer);
  append_hex (json, "subject_key_identifier", x509 != NULL ? X509_get0_subject_key_id (x509) : NULL);
  append_hex (json, "authority_key_identifier", x509 != NULL ? X509_get0_authority_key_id (x509) : NULL);
  kab_server_json_append_member (json, "fingerprint_sha1", kab_certificate_get_sha1 (certificate));
  kab_server_json_append_member (json, "fingerprint", identity->fingerprint);
  kab_server_json_append_member (json, "pem", pem);
  g_string_append_c (json, '}');
  X509_free (x509);
  BIO_free (bio);
}

static void
append_all (GString   *json,
            GPtrArray *certificates)
{
  g_string_append_c (json, '[');
  for (guint i = 0; i < certificates->len; i++)
    append_certificate (json, certificates->pdata[i]);
  g_string_append_c (json, ']');
}

static void
reply_list (KabServerRequest *self)
{
  GPtrArray *trusted = self->server->trusted;
  GString *names = g_string_new (NULL);
  g_autofree char *msg = NULL;
  GString *json = g_string_new ("{\"trusted\": ");

  for (guint i = 0; i < trusted->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? "," : "", kab_certificate_get_identity (trusted->pdata[i])->name);
  append_all (json, trusted);
  g_string_append (json, ", \"certificates\": ");
  append_all (json, trusted);
  g_string_append_c (json, '}');
  msg = g_strdup_printf ("Trusted: %s, Known: %s", names->str, names->str);
  g_string_free (names, TRUE);
  kab_server_reply (self, msg, json, TRUE);
}

static void
add_signer (KabServerRequest *self)
{
  g_autoptr(GBytes) bytes = soup_message_body_flatten (soup_server_message_get_request_body (self->message));
  g_autoptr(GError) error = NULL;
  KabCertificate *certificate;

  certificate = kab_certificate_new_from_pem (g_bytes_get_data (bytes, NULL) != NULL ? g_bytes_get_data (bytes, NULL)
                                                                                     : "",
                                              (gssize) g_bytes_get_size (bytes), &error);
  if (certificate == NULL)
    {
      kab_server_reply_exception (self, 200, "ValueError", "Unable to load certificate");
      return;
    }
  if (!keep_signer (self->server->depot, certificate, &error))
    {
      g_object_unref (certificate);
      kab_server_reply_error (self, error);
      return;
    }
  g_ptr_array_add (self->server->trusted, certificate);
  reply_list (self);
}

static void
remove_signers (KabServerRequest *self)
{
  GPtrArray *trusted = self->server->trusted;
  g_autoptr(JsonNode) node = kab_server_request_read_json (self);
  JsonArray *hashes;

  if (node == NULL)
    return;
  hashes = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  for (guint i = 0; hashes != NULL && i < json_array_get_length (hashes); i++)
    {
      JsonNode *element = json_array_get_element (hashes, i);
      const char *hash = JSON_NODE_HOLDS_VALUE (element) ? json_node_get_string (element) : NULL;

      for (guint k = trusted->len; hash != NULL && k > 0; k--)
        if (g_ascii_strcasecmp (kab_certificate_get_sha1 (trusted->pdata[k - 1]), hash) == 0)
          {
            g_autofree char *path = get_path (self->server->depot, trusted->pdata[k - 1]);

            g_unlink (path);
            g_ptr_array_remove_index (trusted, k - 1);
          }
    }
  reply_list (self);
}

void
kab_server_trusted_signers (KabServerRequest *self)
{
  if (kab_server_request_is (self, "POST"))
    add_signer (self);
  else if (kab_server_request_is (self, "DELETE"))
    remove_signers (self);
  else
    reply_list (self);
}
