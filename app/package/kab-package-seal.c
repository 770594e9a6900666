/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-package"

#include "config.h"

#include <string.h>

#include "kab-control-canonical.h"
#include "kab-control.h"
#include "kab-error.h"
#include "kab-package-private.h"
#include "kab-package-resign.h"
#include "kab-wire.h"

#define SIGNATURE_LINE 76   /* characters; how WAPT wraps WAPT/signature.sha256, § 4 */
#define MAX_SIZE_DIGITS 18  /* of installed_size: what fits into the numbers of any reader */

const char * const kab_package_sealed_members[] = {
  "WAPT/control", "WAPT/certificate.crt", "WAPT/manifest.sha256", "WAPT/signature.sha256",
  "WAPT/manifest.sha1", "WAPT/signature", NULL
};

static gboolean
is_attribute_name (const char *name)
{
  if (name[0] == '\0' || strlen (name) > 64)
    return FALSE;
  for (guint i = 0; name[i] != '\0'; i++)
    if (!g_ascii_islower (name[i]) && !g_ascii_isdigit (name[i]) && name[i] != '_' && name[i] != '-')
      return FALSE;
  return TRUE;
}

static gboolean G_GNUC_PRINTF (2, 3)
usage (GError     **error,
       const char  *format,
       ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, "package: %s", message);
  return FALSE;
}

static gboolean
check_attributes (GHashTable  *attributes,
                  GError     **error)
{
  static const char * const required[] = { "package", "version", "architecture", "section", "priority" };
  const char *size = g_hash_table_lookup (attributes, "installed_size");
  GHashTableIter iter;
  gpointer name;

  for (guint i = 0; i < G_N_ELEMENTS (required); i++)
    {
      const char *value = g_hash_table_lookup (attributes, required[i]);

      if (value == NULL || *value == '\0')
        return usage (error, "has no %s", required[i]);
    }
  if (!kab_version_is_valid (g_hash_table_lookup (attributes, "version")))
    return usage (error, "%s is no version", (const char *) g_hash_table_lookup (attributes, "version"));
  if (size != NULL && (strspn (size, "0123456789") != strlen (size) || strlen (size) > MAX_SIZE_DIGITS))
    return usage (error, "%s is no installed_size", size);

  g_hash_table_iter_init (&iter, attributes);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (!is_attribute_name (name))
      return usage (error, "%s is no name of an attribute", (const char *) name);
  return TRUE;
}

/* Signed and written: the 1.8.2 list first, then attributes that only newer ones know, sorted. */
static char **
dup_attribute_names (GHashTable *attributes)
{
  static const char * const unsigned_names[] = { "filename", "size", "md5sum", "signature", NULL };
  const char * const *order = kab_package_get_attribute_order ();
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr(GList) keys = g_list_sort (g_hash_table_get_keys (attributes), (GCompareFunc) strcmp);

  for (guint i = 0; order[i] != NULL; i++)
    if (!g_str_equal (order[i], "signature"))
      g_strv_builder_add (names, order[i]);
  for (GList *l = keys; l != NULL; l = l->next)
    if (!g_strv_contains (order, l->data) && !g_strv_contains (unsigned_names, l->data))
      g_strv_builder_add (names, l->data);
  return g_strv_builder_end (names);
}

char *
kab_package_format_date (gint64 usec)
{
  gint64 seconds = usec / G_USEC_PER_SEC;
  gint64 rest = usec % G_USEC_PER_SEC;
  g_autofree char *text = NULL;

  if (rest < 0)
    {
      rest += G_USEC_PER_SEC;
      seconds--;
    }
  text = kab_wire_format_time (seconds);
  return g_strdup_printf ("%s.%06" G_GINT64_FORMAT, text, rest);
}

gint64
kab_package_get_wall_clock (void)
{
  g_autoptr(GDateTime) here = g_date_time_new_now_local ();

  return g_get_real_time () + (here != NULL ? g_date_time_get_utc_offset (here) : 0);
}

KabPackage *
kab_package_seal_control (GHashTable  *attributes,
                          KabSigner   *signer,
                          const char  *uuid,
                          const char  *date,
                          gboolean     has_code,
                          GError     **error)
{
  const KabIdentity *identity = kab_certificate_get_identity (kab_signer_get_certificate (signer));
  g_autoptr(GHashTable) complete = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(KabPackage) unsigned_package = NULL;
  g_autofree char *canonical = NULL;
  g_auto(GStrv) names = NULL;
  char *signature;
  gsize length;

  if (!check_attributes (attributes, error))
    return NULL;
  if (has_code && !identity->can_sign_code)
    {
      usage (error, "the certificate of %s may not sign a setup.py", identity->name);
      return NULL;
    }

  names = dup_attribute_names (attributes);
  for (guint i = 0; names[i] != NULL; i++)
    {
      const char *value = g_hash_table_lookup (attributes, names[i]);

      g_hash_table_replace (complete, g_strdup (names[i]), kab_control_normalise (value != NULL ? value : ""));
    }
  g_hash_table_replace (complete, g_strdup ("package_uuid"), g_strdup (uuid));
  g_hash_table_replace (complete, g_strdup ("signer"), kab_control_normalise (identity->name));
  g_hash_table_replace (complete, g_strdup ("signer_fingerprint"), g_strdup (identity->fingerprint));
  g_hash_table_replace (complete, g_strdup ("signature_date"), g_strdup (date));
  g_hash_table_replace (complete, g_strdup ("signed_attributes"), g_strjoinv (",", names));

  unsigned_package = kab_package_new (complete);
  canonical = kab_control_dup_canonical (unsigned_package, (const char * const *) names, &length);
  signature = kab_signer_sign (signer, canonical, length, error);
  if (signature == NULL)
    return NULL;
  g_hash_table_replace (complete, g_strdup ("signature"), signature);
  return kab_package_new (complete);
}

void
kab_package_manifest_add (JsonArray  *manifest,
                          const char *member,
                          const char *sha256)
{
  JsonArray *pair = json_array_new ();

  json_array_add_string_element (pair, member);
  json_array_add_string_element (pair, sha256);
  json_array_add_array_element (manifest, pair);
}

static GBytes *
bytes_from_text (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

static void
manifest_add_bytes (JsonArray  *manifest,
                    const char *member,
                    GBytes     *content)
{
  g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, content);

  kab_package_manifest_add (manifest, member, digest);
}

static GBytes *
manifest_bytes (JsonArray *manifest)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  char *text;
  gsize length;

  json_node_set_array (node, manifest);
  text = kab_wire_canonical (node, &length);
  return g_bytes_new_take (text, length);
}

static GBytes *
sign_manifest (KabSigner  *signer,
               GBytes     *manifest,
               GError    **error)
{
  g_autofree char *signature = NULL;
  GString *wrapped;
  gsize size;
  gconstpointer data = g_bytes_get_data (manifest, &size);

  signature = kab_signer_sign (signer, data, size, error);
  if (signature == NULL)
    return NULL;
  wrapped = g_string_new (NULL);
  for (gsize i = 0; i < strlen (signature); i += SIGNATURE_LINE)
    g_string_append_printf (wrapped, "%.*s\n", SIGNATURE_LINE, signature + i);
  return g_string_free_to_bytes (wrapped);
}

gboolean
kab_package_seal (KabArchiveWriter  *writer,
                  JsonArray         *manifest,
                  KabPackage        *package,
                  KabSigner         *signer,
                  GError           **error)
{
  const char *chain = kab_certificate_get_chain_pem (kab_signer_get_certificate (signer));
  g_autofree char *text = kab_package_to_control (package);
  g_autoptr(GBytes) control = bytes_from_text (text);
  g_autoptr(GBytes) certificate = bytes_from_text (chain);
  g_autoptr(GBytes) list = NULL;
  g_autoptr(GBytes) signature = NULL;

  manifest_add_bytes (manifest, "WAPT/control", control);
  manifest_add_bytes (manifest, "WAPT/certificate.crt", certificate);
  list = manifest_bytes (manifest);
  signature = sign_manifest (signer, list, error);
  return signature != NULL &&
         kab_archive_writer_add (writer, "WAPT/control", control, error) &&
         kab_archive_writer_add (writer, "WAPT/certificate.crt", certificate, error) &&
         kab_archive_writer_add (writer, "WAPT/manifest.sha256", list, error) &&
         kab_archive_writer_add (writer, "WAPT/signature.sha256", signature, error);
}

gboolean
kab_package_check_sealed (KabArchive  *archive,
                          KabSigner   *signer,
                          GError     **error)
{
  g_autoptr(GPtrArray) trusted = g_ptr_array_new ();
  g_autoptr(KabPackageReader) reader = NULL;
  g_autoptr(KabSignature) signature = NULL;

  if (archive != NULL)
    reader = kab_package_reader_new (archive, error);
  if (reader == NULL)
    return FALSE;
  g_ptr_array_add (trusted, kab_signer_get_certificate (signer));
  signature = kab_package_reader_verify (reader, trusted, kab_signer_get_time (signer));
  if (signature->status == KAB_SIGNATURE_TRUSTED)
    return TRUE;
  g_set_error (error, KAB_ERROR, signature->status == KAB_SIGNATURE_EXPIRED ? KAB_ERROR_USAGE : KAB_ERROR_BAD_SIGNATURE,
               "package: agents would refuse it: %s", signature->detail);
  return FALSE;
}
