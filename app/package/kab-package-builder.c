/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-package"

#include "config.h"

#include "kab-package-builder.h"

#include <string.h>

#include "kab-archive.h"
#include "kab-certificate-private.h"
#include "kab-control-canonical.h"
#include "kab-error.h"
#include "kab-wire.h"

#define SIGNATURE_LINE 76   /* characters; how WAPT wraps WAPT/signature.sha256, § 4 */

struct _KabPackageBuilder
{
  GHashTable *attributes;   /* (element-type utf8 utf8) */
  GHashTable *members;      /* (element-type utf8 GBytes) */
};

KabPackageBuilder *
kab_package_builder_new (void)
{
  KabPackageBuilder *self = g_new0 (KabPackageBuilder, 1);

  self->attributes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->members = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  return self;
}

void
kab_package_builder_free (KabPackageBuilder *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->attributes);
  g_hash_table_unref (self->members);
  g_free (self);
}

static gboolean
is_line_end (gunichar character)
{
  return (character >= 0x0a && character <= 0x0d) || (character >= 0x1c && character <= 0x1e) || character == 0x85 ||
         character == 0x2028 || character == 0x2029;
}

/* As Python strips: Unicode white space, tabs and U+00A0 among it. */
static void
append_stripped (GString *out,
                 GString *line)
{
  const char *start = line->str;
  const char *end = line->str + line->len;

  while (start < end && g_unichar_isspace (g_utf8_get_char (start)))
    start = g_utf8_next_char (start);
  while (end > start)
    {
      const char *before = g_utf8_find_prev_char (start, end);

      if (!g_unichar_isspace (g_utf8_get_char (before)))
        break;
      end = before;
    }
  if (end > start)
    {
      if (out->len > 0)
        g_string_append_c (out, '\n');
      g_string_append_len (out, start, end - start);
    }
  g_string_truncate (line, 0);
}

static char *
normalise (const char *value)
{
  g_autofree char *valid = g_utf8_make_valid (value, -1);
  g_autoptr(GString) line = g_string_new (NULL);
  g_autoptr(GString) out = g_string_new (NULL);

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      if (is_line_end (character))
        append_stripped (out, line);
      else
        g_string_append_unichar (line, character);
    }
  append_stripped (out, line);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

void
kab_package_builder_set (KabPackageBuilder *self,
                         const char        *attribute,
                         const char        *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (attribute != NULL);
  g_return_if_fail (value != NULL);

  g_hash_table_replace (self->attributes, g_ascii_strdown (attribute, -1), normalise (value));
}

void
kab_package_builder_add (KabPackageBuilder *self,
                         const char        *member,
                         GBytes            *content)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (member != NULL);
  g_return_if_fail (content != NULL);

  g_hash_table_replace (self->members, g_strdup (member), g_bytes_ref (content));
}

static gboolean
is_attribute_name (const char *name)
{
  if (name[0] == '\0' || strlen (name) > 64)
    return FALSE;
  for (guint i = 0; name[i] != '\0'; i++)
    if (!g_ascii_isalnum (name[i]) && name[i] != '_' && name[i] != '-')
      return FALSE;
  return TRUE;
}

static gboolean
check_inputs (KabPackageBuilder  *self,
              KabSigner          *signer,
              GError            **error)
{
  static const char * const required[] = { "package", "version", "architecture", "section", "priority" };
  GHashTableIter iter;
  gpointer name;

  for (guint i = 0; i < G_N_ELEMENTS (required); i++)
    if (!g_hash_table_contains (self->attributes, required[i]))
      {
        g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, "package: has no %s", required[i]);
        return FALSE;
      }
  if (!kab_version_is_valid (g_hash_table_lookup (self->attributes, "version")))
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE, "package: the version is none");
      return FALSE;
    }

  g_hash_table_iter_init (&iter, self->attributes);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (!is_attribute_name (name))
      {
        g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, "package: %s is no name of an attribute", (char *) name);
        return FALSE;
      }

  if (g_hash_table_contains (self->members, "setup.py") &&
      !kab_certificate_get_identity (kab_signer_get_certificate (signer))->can_sign_code)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE, "package: the certificate may not sign a setup.py");
      return FALSE;
    }
  return TRUE;
}

static char *
format_date (gint64 usec)
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

/* The 1.8.2 list first, then attributes that only newer ones know, sorted. */
static char **
dup_attribute_names (GHashTable *attributes)
{
  const char * const *order = kab_package_get_attribute_order ();
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr(GList) keys = g_list_sort (g_hash_table_get_keys (attributes), (GCompareFunc) strcmp);

  for (guint i = 0; order[i] != NULL; i++)
    if (!g_str_equal (order[i], "signature"))
      g_strv_builder_add (names, order[i]);
  for (GList *l = keys; l != NULL; l = l->next)
    if (!g_strv_contains (order, l->data) && !g_str_equal (l->data, "filename") && !g_str_equal (l->data, "size") &&
        !g_str_equal (l->data, "md5sum"))
      g_strv_builder_add (names, l->data);
  return g_strv_builder_end (names);
}

static KabPackage *
sign_control (KabPackageBuilder  *self,
              KabSigner          *signer,
              const char         *uuid,
              gint64              signature_date_usec,
              GError            **error)
{
  const KabIdentity *identity = kab_certificate_get_identity (kab_signer_get_certificate (signer));
  g_autoptr(GHashTable) attributes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *date = format_date (signature_date_usec);
  g_autofree char *canonical = NULL;
  g_autoptr(KabPackage) unsigned_package = NULL;
  g_auto(GStrv) names = NULL;
  char *signature;
  gsize length;

  g_hash_table_replace (self->attributes, g_strdup ("package_uuid"), g_strdup (uuid));
  g_hash_table_replace (self->attributes, g_strdup ("signer"), normalise (identity->name));
  g_hash_table_replace (self->attributes, g_strdup ("signer_fingerprint"), g_strdup (identity->fingerprint));
  g_hash_table_replace (self->attributes, g_strdup ("signature_date"), g_steal_pointer (&date));
  g_hash_table_remove (self->attributes, "signature");
  g_hash_table_remove (self->attributes, "signed_attributes");
  names = dup_attribute_names (self->attributes);
  g_hash_table_replace (self->attributes, g_strdup ("signed_attributes"), g_strjoinv (",", names));

  for (guint i = 0; names[i] != NULL; i++)
    {
      const char *value = g_hash_table_lookup (self->attributes, names[i]);

      g_hash_table_replace (attributes, g_strdup (names[i]), g_strdup (value != NULL ? value : ""));
    }
  unsigned_package = kab_package_new (attributes);
  canonical = kab_control_dup_canonical (unsigned_package, (const char * const *) names, &length);
  signature = kab_signer_sign (signer, canonical, length, error);
  if (signature == NULL)
    return NULL;
  g_hash_table_replace (attributes, g_strdup ("signature"), signature);
  return kab_package_new (attributes);
}

static GBytes *
bytes_from_text (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

static void
manifest_add (JsonArray  *manifest,
              const char *member,
              GBytes     *content)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (content, &size);
  g_autofree char *digest = kab_crypto_sha256_hex (data != NULL ? data : "", size);
  JsonArray *pair = json_array_new ();

  json_array_add_string_element (pair, member);
  json_array_add_string_element (pair, digest);
  json_array_add_array_element (manifest, pair);
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

static gboolean
add_payload (KabPackageBuilder  *self,
             KabArchiveWriter   *writer,
             JsonArray          *manifest,
             GError            **error)
{
  g_autoptr(GList) names = g_list_sort (g_hash_table_get_keys (self->members), (GCompareFunc) strcmp);
  g_autoptr(GHashTable) folded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (GList *l = names; l != NULL; l = l->next)
    {
      static const char * const ours[] = {
        "WAPT/control", "WAPT/certificate.crt", "WAPT/manifest.sha256", "WAPT/signature.sha256",
        "WAPT/manifest.sha1", "WAPT/signature", NULL
      };
      GBytes *content = g_hash_table_lookup (self->members, l->data);

      /* Two names that differ only in case break the agents' check on Windows, § 14.9. */
      if (!kab_archive_check_name (l->data, error))
        return FALSE;
      if (g_strv_contains (ours, l->data) || !g_hash_table_add (folded, g_utf8_casefold (l->data, -1)))
        {
          g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, "package: %s cannot be a member", (char *) l->data);
          return FALSE;
        }
      if (!kab_archive_writer_add (writer, l->data, content, error))
        return FALSE;
      manifest_add (manifest, l->data, content);
    }
  return TRUE;
}

GBytes *
kab_package_builder_sign (KabPackageBuilder  *self,
                          KabSigner          *signer,
                          const char         *uuid,
                          gint64              signature_date_usec,
                          GError            **error)
{
  g_autoptr(KabArchiveWriter) writer = kab_archive_writer_new ();
  g_autoptr(JsonArray) list = json_array_new ();
  g_autoptr(KabPackage) package = NULL;
  g_autoptr(GBytes) control = NULL;
  g_autoptr(GBytes) certificate = NULL;
  g_autoptr(GBytes) manifest = NULL;
  g_autoptr(GBytes) signature = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (KAB_IS_SIGNER (signer), NULL);
  g_return_val_if_fail (uuid != NULL, NULL);

  if (!check_inputs (self, signer, error))
    return NULL;
  package = sign_control (self, signer, uuid, signature_date_usec, error);
  if (package == NULL || !add_payload (self, writer, list, error))
    return NULL;

  text = kab_package_to_control (package);
  control = bytes_from_text (text);
  certificate = bytes_from_text (kab_certificate_get_chain_pem (kab_signer_get_certificate (signer)));
  manifest_add (list, "WAPT/control", control);
  manifest_add (list, "WAPT/certificate.crt", certificate);
  manifest = manifest_bytes (list);
  signature = sign_manifest (signer, manifest, error);
  if (signature == NULL)
    return NULL;

  if (!kab_archive_writer_add (writer, "WAPT/control", control, error) ||
      !kab_archive_writer_add (writer, "WAPT/certificate.crt", certificate, error) ||
      !kab_archive_writer_add (writer, "WAPT/manifest.sha256", manifest, error) ||
      !kab_archive_writer_add (writer, "WAPT/signature.sha256", signature, error))
    return NULL;
  return kab_archive_writer_end (writer, error);
}
