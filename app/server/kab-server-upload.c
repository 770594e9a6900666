/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include <string.h>

#include "kab-error.h"
#include "kab-fault.h"
#include "kab-package-reader.h"
#include "kab-server-private.h"
#include "kab-wire.h"

/* What came of the parts of one upload. */
typedef struct {
  KabServerRequest *request;
  gboolean          hosts_only;
  GString          *done;       /* the records, comma between */
  guint             n_done;
  GString          *errors;     /* names, comma between */
  GString          *messages;   /* one line each */
  guint             n_errors;
  gboolean          has_indexed;  /* something went where the index looks */
} Upload;

static void
upload_clear (Upload *self)
{
  g_string_free (self->done, TRUE);
  g_string_free (self->errors, TRUE);
  g_string_free (self->messages, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Upload, upload_clear)

/* Werkzeug's secure_filename leaves it as it is, and it is a package (wapt-package-format § 7). */
static gboolean
is_safe_name (const char *name)
{
  static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";

  return name != NULL && name[0] != '\0' && name[0] != '.' && name[0] != '_' && strlen (name) < 250 &&
         strspn (name, allowed) == strlen (name) && g_str_has_suffix (name, ".wapt");
}

/* § 6, on upload: surprisingly little. Returns: %FALSE with the exception of the original in @exception */
static gboolean
check_signer (Upload            *self,
              KabPackageReader  *reader,
              const char       **exception,
              GError           **error)
{
  g_autoptr(KabCertificate) certificate = kab_package_reader_dup_certificate (reader, NULL);
  const KabIdentity *identity = certificate != NULL ? kab_certificate_get_identity (certificate) : NULL;

  *exception = "EWaptMissingCertificate";
  if (certificate == NULL)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_SIGNATURE, "Package is not signed");
      return FALSE;
    }
  *exception = "EWaptForbiddden";
  if (kab_package_reader_has (reader, "setup.py") && !identity->can_sign_code)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_SIGNATURE,
                   "Package contains a setup.py and %s is no code signing certificate", identity->name);
      return FALSE;
    }
  *exception = "EWaptCertificateUntrustedIssuer";
  if (kab_certificate_check (certificate, self->request->server->trusted, g_get_real_time () / G_USEC_PER_SEC) !=
      KAB_SIGNATURE_TRUSTED)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_SIGNATURE, "Signer %s is not trusted on this server", identity->name);
      return FALSE;
    }
  return TRUE;
}

/* (element-type KabCertificate): those of the server that the host trusts; NULL: it did not say, or there is no such host */
static GPtrArray *
dup_trusted_by_host (KabServer  *server,
                     const char *uuid)
{
  g_autoptr(GPtrArray) trusted = NULL;
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(JsonNode) node = NULL;
  const char *text;
  JsonArray *hashes;

  stmt = kab_database_prepare (server->depot->database, "SELECT authorized_certificates_sha256 FROM hosts WHERE uuid = ?1",
                               NULL);
  if (stmt == NULL)
    return NULL;
  kab_statement_bind_text (stmt, 1, uuid);
  text = kab_statement_step (stmt, NULL) ? kab_statement_get_text (stmt, 0) : NULL;
  node = text != NULL ? kab_wire_parse (text, -1, NULL) : NULL;
  hashes = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  if (hashes == NULL || json_array_get_length (hashes) == 0)
    return NULL;

  trusted = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < server->trusted->len; i++)
    for (guint k = 0; k < json_array_get_length (hashes); k++)
      {
        JsonNode *hash = json_array_get_element (hashes, k);

        if (JSON_NODE_HOLDS_VALUE (hash) &&
            g_strcmp0 (json_node_get_string (hash),
                       kab_certificate_get_identity (server->trusted->pdata[i])->fingerprint) == 0)
          g_ptr_array_add (trusted, g_object_ref (server->trusted->pdata[i]));
      }
  return g_steal_pointer (&trusted);
}

/* A host package that its host would not take is refused at once, when the host said whom it trusts. */
static gboolean
check_host (Upload            *self,
            KabPackageReader  *reader,
            const char       **exception,
            GError           **error)
{
  const char *uuid = kab_package_get_name (kab_package_reader_get_package (reader));
  g_autoptr(KabCertificate) certificate = kab_package_reader_dup_certificate (reader, NULL);
  g_autoptr(GPtrArray) trusted = dup_trusted_by_host (self->request->server, uuid);

  if (trusted == NULL ||
      kab_certificate_check (certificate, trusted, g_get_real_time () / G_USEC_PER_SEC) == KAB_SIGNATURE_TRUSTED)
    return TRUE;
  *exception = "EWaptForbiddden";
  g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_SIGNATURE, "Signer %s is not trusted by host %s",
               kab_certificate_get_identity (certificate)->name, uuid);
  return FALSE;
}

/* What the hosts route tells as `depends`; a host that is not registered yet has none to tell. */
static gboolean
keep_depends (KabDepot    *depot,
              KabPackage  *package,
              GError     **error)
{
  g_autoptr(KabDepotHost) host = kab_depot_get_host (depot, kab_package_get_name (package), NULL);
  KabDepotHost changed;

  if (host == NULL || g_strcmp0 (host->depends, kab_package_get (package, "depends")) == 0)
    return TRUE;
  changed = *host;
  changed.depends = kab_package_get (package, "depends");
  if (!kab_depot_begin (depot, error))
    return FALSE;
  if (kab_depot_put_host (depot, &changed, error))
    return kab_depot_commit (depot, error);
  kab_depot_rollback (depot);
  return FALSE;
}

static gboolean
store_package (Upload            *self,
               KabPackageReader  *reader,
               GBytes            *bytes,
               const char       **exception,
               GError           **error)
{
  KabDepot *depot = self->request->server->depot;
  KabPackage *package = kab_package_reader_get_package (reader);
  gboolean is_host = strcmp (kab_package_get_section (package), "host") == 0;
  const char *folder = is_host ? kab_depot_get_hosts_folder (depot) : kab_depot_get_packages_folder (depot);
  g_autofree char *md5 = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, bytes);
  g_autofree char *name = kab_package_dup_file_name (package, is_host ? NULL : md5);
  g_autofree char *path = name != NULL ? g_build_filename (folder, name, NULL) : NULL;
  g_autofree char *control = kab_package_to_control (package);

  *exception = "EWaptForbiddden";
  if (!is_safe_name (name) || (self->hosts_only && !is_host))
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_REFUSED, "Unsafe package filename %s", name);
      return FALSE;
    }
  if (is_host && !check_host (self, reader, exception, error))
    return FALSE;
  *exception = "IOError";
  kab_fault_point ("server-before-store");
  if (!g_file_set_contents_full (path, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes),
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error))
    return FALSE;
  kab_fault_point ("server-after-store");
  if (is_host && !keep_depends (depot, package, error))
    return FALSE;

  g_string_append (self->done, self->n_done++ > 0 ? ", " : "");
  kab_server_append_package (self->done, control, name, (gint64) g_bytes_get_size (bytes), md5, "", path, "");
  self->has_indexed = self->has_indexed || !is_host;
  return TRUE;
}

static gboolean
take_package (Upload      *self,
              GBytes      *bytes,
              const char **exception,
              GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(KabPackageReader) reader = kab_package_reader_open_bytes (bytes, &local_error);

  if (reader == NULL)
    {
      g_debug ("upload: %s", local_error->message);
      *exception = "BadZipFile";
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "File is not a zip file");
      return FALSE;
    }
  return check_signer (self, reader, exception, error) && store_package (self, reader, bytes, exception, error);
}

/* As it was sent: libsoup's own reader takes a folder off the name, which would make a bad one look good. */
static const char *
get_file_name (SoupMessageHeaders  *headers,
               GHashTable         **params)
{
  const char *disposition = soup_message_headers_get_one (headers, "Content-Disposition");
  const char *semicolon = disposition != NULL ? strchr (disposition, ';') : NULL;

  if (semicolon == NULL)
    return NULL;
  *params = soup_header_parse_semi_param_list (semicolon + 1);
  return g_hash_table_lookup (*params, "filename");
}

/* Parts with an unsafe name are skipped in silence. */
static void
take_parts (Upload        *self,
            SoupMultipart *parts)
{
  for (int i = 0; i < soup_multipart_get_length (parts); i++)
    {
      GHashTable *params = NULL;
      g_autoptr(GError) error = NULL;
      SoupMessageHeaders *headers;
      const char *exception = NULL;
      const char *name;
      GBytes *bytes;

      if (!soup_multipart_get_part (parts, i, &headers, &bytes))
        continue;
      name = get_file_name (headers, &params);
      if (is_safe_name (name) && !take_package (self, bytes, &exception, &error))
        {
          g_string_append (self->errors, self->n_errors++ > 0 ? ", " : "");
          kab_server_json_append_text (self->errors, name);
          g_string_append_printf (self->messages, "\nError uploading package %s: %s", name, error->message);
        }
      g_clear_pointer (&params, soup_header_free_param_list);
    }
}

static void
reply_upload (Upload *self)
{
  KabDepot *depot = self->request->server->depot;
  gboolean scans = kab_server_request_get_int (self->request, "scanpackages", 1) != 0;
  g_autoptr(KabIndexReport) report = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *msg = NULL;
  GString *out;

  if (self->has_indexed)
    {
      report = kab_server_index_rebuild (depot, &error);
      if (report == NULL)
        {
          kab_server_reply_error (self->request, error);
          return;
        }
    }
  msg = g_strdup_printf ("%u Packages uploaded, %u errors.%s", self->n_done, self->n_errors, self->messages->str);
  if (self->n_done == 0 || self->n_errors > 0)
    {
      kab_server_reply_failure (self->request, "", msg);
      return;
    }
  out = g_string_new ("{\"done\": [");
  g_string_append_len (out, self->done->str, (gssize) self->done->len);
  g_string_append_printf (out, "], \"errors\": [%s], \"packages_index_result\": ", self->errors->str);
  kab_index_report_append (scans ? report : NULL, depot, out);
  g_string_append_c (out, '}');
  kab_server_reply (self->request, msg, out, TRUE);
}

static void
take_upload (KabServerRequest *self,
             gboolean          hosts_only)
{
  g_auto(Upload) upload = { self, hosts_only, g_string_new (NULL), 0, g_string_new (NULL), g_string_new (NULL) };
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (self->message);
  g_autoptr(GBytes) bytes = soup_message_body_flatten (soup_server_message_get_request_body (self->message));
  const char *type = soup_message_headers_get_content_type (headers, NULL);
  g_autoptr(GError) error = NULL;
  const char *exception = NULL;

  if (type != NULL && g_ascii_strcasecmp (type, "multipart/form-data") == 0)
    {
      SoupMultipart *parts = soup_multipart_new_from_message (headers, bytes);

      if (parts != NULL)
        take_parts (&upload, parts);
      g_clear_pointer (&parts, soup_multipart_free);
    }
  else if (type != NULL && g_ascii_strcasecmp (type, "application/x-www-form-urlencoded") == 0)
    g_debug ("upload: a form without files");
  else if (!hosts_only && !take_package (&upload, bytes, &exception, &error))
    {
      kab_server_reply_exception (self, 500, exception, error->message);
      return;
    }
  reply_upload (&upload);
}

void
kab_server_upload_packages (KabServerRequest *self)
{
  take_upload (self, FALSE);
}

void
kab_server_upload_hosts (KabServerRequest *self)
{
  take_upload (self, TRUE);
}
