/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-package"

#include "config.h"

#include "kab-verifier.h"

#include <string.h>

#include "kab-control-canonical.h"
#include "kab-error.h"
#include "kab-package-private.h"
#include "kab-wire.h"

#define MAX_MANIFEST   (16 * 1024 * 1024)
#define MAX_SIGNATURE  (16 * 1024)

static KabSignature *
signature_new (KabSignatureStatus  status,
               KabCertificate     *certificate,
               const char         *detail)
{
  KabSignature *signature = g_new0 (KabSignature, 1);

  signature->status = status;
  signature->signer = certificate != NULL ? kab_identity_copy (kab_certificate_get_identity (certificate)) : NULL;
  signature->detail = g_strdup (detail);
  return signature;
}

static gboolean
is_signer (KabPackage     *package,
           KabCertificate *certificate)
{
  const char *fingerprint = kab_package_get (package, "signer_fingerprint");

  /* Very old packages have the SHA-1, and older ones nothing. */
  return fingerprint[0] == '\0' ||
         g_ascii_strcasecmp (fingerprint, kab_certificate_get_identity (certificate)->fingerprint) == 0 ||
         g_ascii_strcasecmp (fingerprint, kab_certificate_get_sha1 (certificate)) == 0;
}

/* Until November 2018 the bytes that were signed had the order of Python 2's dictionaries, which nobody can make again
 * (§ 3.3). 1.8 agents still can. */
static gboolean
is_of_old_form (KabPackage *package)
{
  const char *date = kab_package_get (package, "signature_date");

  return date[0] != '\0' && strcmp (date, "2018-11-22") < 0;
}

static KabSignature *
check_control (KabPackage     *package,
               KabCertificate *certificate,
               GPtrArray      *trusted,
               GPtrArray      *lists,
               gint64          now)
{
  g_autofree char *canonical = NULL;
  g_auto(GStrv) names = NULL;
  KabSignatureStatus status;
  const char *signature;
  gsize length;

  signature = kab_package_get (package, "signature");
  if (signature[0] == '\0')
    return signature_new (KAB_SIGNATURE_NONE, NULL, "control: not signed");
  if (certificate == NULL)
    return signature_new (KAB_SIGNATURE_BROKEN, NULL, "control: the signer's certificate is not there");
  if (!is_signer (package, certificate))
    return signature_new (KAB_SIGNATURE_BROKEN, certificate, "certificate: not the one that signed the control");

  status = kab_certificate_check_revoked (certificate, trusted, lists, now);
  names = kab_control_dup_signed_names (package);
  if (names == NULL)
    return signature_new (KAB_SIGNATURE_BROKEN, certificate, "control: does not say what is signed");

  /* A size in the list would be signed before the file had one. */
  if (g_strv_contains ((const char * const *) names, "size"))
    return signature_new (KAB_SIGNATURE_BROKEN, certificate, "control: signs its own size");
  canonical = kab_control_dup_canonical (package, (const char * const *) names, &length);
  if (!kab_certificate_verify_base64 (certificate, canonical, length, signature))
    return signature_new (KAB_SIGNATURE_BROKEN, certificate, is_of_old_form (package)
                            ? "control: the signature does not fit, or is of the form before WAPT 1.7, in no order"
                            : "control: the signature does not fit");

  if (status == KAB_SIGNATURE_EXPIRED)
    return signature_new (status, certificate, "certificate: a date of the chain is past or to come");
  if (status == KAB_SIGNATURE_REVOKED)
    return signature_new (status, certificate, "certificate: its issuer has revoked it");
  if (status != KAB_SIGNATURE_TRUSTED)
    return signature_new (status, certificate, "certificate: leads to nobody who is trusted");
  return signature_new (KAB_SIGNATURE_TRUSTED, certificate, "control: signature and chain are good");
}

KabSignature *
kab_verifier_check_control (KabPackage     *package,
                            KabCertificate *certificate,
                            GPtrArray      *trusted,
                            gint64          now)
{
  g_return_val_if_fail (KAB_IS_PACKAGE (package), NULL);

  return check_control (package, certificate, trusted, NULL, now);
}

/* A member may be listed twice, but not with two contents. */
static gboolean
takes_digest (GHashTable *digests,
              const char *member,
              const char *digest)
{
  const char *known = g_hash_table_lookup (digests, member);

  if (known == NULL)
    g_hash_table_insert (digests, g_strdup (member), g_strdup (digest));
  return known == NULL || g_str_equal (known, digest);
}

/* Returns: (element-type utf8 utf8): member → digest, or %NULL when it is no manifest */
static GHashTable *
read_manifest (const char  *text,
               gsize        length,
               GError     **error)
{
  g_autoptr(GHashTable) digests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(JsonNode) root = kab_wire_parse (text, length, error);
  JsonArray *array;

  if (root == NULL)
    return NULL;
  array = JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonArray *pair = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
      const char *part[2] = { NULL, NULL };

      for (guint k = 0; pair != NULL && json_array_get_length (pair) == 2 && k < 2; k++)
        {
          JsonNode *value = json_array_get_element (pair, k);

          if (JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING)
            part[k] = json_node_get_string (value);
        }
      if (part[0] == NULL || part[1] == NULL || !takes_digest (digests, part[0], part[1]))
        array = NULL;
    }

  if (array == NULL)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "manifest: not a list of names and digests");
      return NULL;
    }
  return g_steal_pointer (&digests);
}

static gboolean
compare_cb (const char  *member,
            const char  *sha256,
            gpointer     user_data,
            GError     **error)
{
  static const char * const unlisted[] = {
    "WAPT/signature", "WAPT/signature.sha256", "WAPT/manifest.sha256", "WAPT/manifest.sha1", NULL
  };
  GHashTable *digests = user_data;
  const char *expected = g_hash_table_lookup (digests, member);

  if (expected == NULL && g_strv_contains (unlisted, member))
    return TRUE;
  if (expected == NULL || !g_str_equal (expected, sha256))
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_SIGNATURE, "%s: %s", member,
                   expected == NULL ? "not listed in the manifest" : "content differs from the manifest");
      return FALSE;
    }
  g_hash_table_remove (digests, member);
  return TRUE;
}

/* Step 9 */
static gboolean
check_files (KabPackageReader  *reader,
             GHashTable        *digests,
             GError           **error)
{
  GHashTableIter iter;
  gpointer member;

  if (!kab_package_reader_digest (reader, compare_cb, digests, error))
    return FALSE;
  g_hash_table_iter_init (&iter, digests);
  if (g_hash_table_iter_next (&iter, &member, NULL))
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_SIGNATURE, "%s: listed in the manifest, but not there",
                   (const char *) member);
      return FALSE;
    }
  return TRUE;
}

/* Steps 8 and 9. Returns: what is wrong, or %NULL */
static char *
check_content (KabPackageReader *reader,
               KabCertificate   *certificate)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) manifest = kab_package_reader_read (reader, "WAPT/manifest.sha256", MAX_MANIFEST, &error);
  g_autoptr(GHashTable) digests = NULL;
  g_autoptr(GBytes) signature = NULL;
  g_autofree char *text = NULL;
  const char *data;
  gsize size;
  gsize signature_size;

  if (manifest != NULL)
    signature = kab_package_reader_read (reader, "WAPT/signature.sha256", MAX_SIGNATURE, &error);
  if (signature == NULL)
    return g_strdup (error->message);

  data = g_bytes_get_data (signature, &signature_size);
  text = g_strndup (data != NULL ? data : "", signature_size);
  data = g_bytes_get_data (manifest, &size);
  if (!kab_certificate_verify_base64 (certificate, data, size, text))
    return g_strdup ("manifest: the signature does not fit");
  if (size > 0 && (memchr (data, '\r', size) != NULL || memchr (data, 0x1a, size) != NULL))
    return g_strdup ("manifest: holds a sign that Windows agents, who open it as text, do not see");

  digests = read_manifest (data, size, &error);
  if (digests == NULL || !check_files (reader, digests, &error))
    return g_strdup (error->message);
  return NULL;
}

gboolean
kab_package_reader_has_code (KabPackageReader *self)
{
  GPtrArray *members = kab_package_reader_get_members (self);

  for (guint i = 0; i < members->len; i++)
    if (kab_package_is_code (members->pdata[i]))
      return TRUE;
  return FALSE;
}

KabSignature *
kab_package_reader_verify_revoked (KabPackageReader *self,
                                   GPtrArray        *trusted,
                                   GPtrArray        *lists,
                                   gint64            now)
{
  g_autoptr(KabCertificate) certificate = NULL;
  g_autoptr(KabSignature) signature = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *fault = NULL;

  g_return_val_if_fail (KAB_IS_PACKAGE_READER (self), NULL);

  certificate = kab_package_reader_dup_certificate (self, &error);
  if (certificate == NULL && kab_package_get (kab_package_reader_get_package (self), "signature")[0] != '\0')
    return signature_new (KAB_SIGNATURE_BROKEN, NULL, error->message);
  signature = check_control (kab_package_reader_get_package (self), certificate, trusted, lists, now);
  if (signature->status == KAB_SIGNATURE_NONE || signature->status == KAB_SIGNATURE_BROKEN)
    return g_steal_pointer (&signature);

  fault = check_content (self, certificate);
  if (fault != NULL)
    return signature_new (KAB_SIGNATURE_BROKEN, certificate, fault);
  if (signature->status == KAB_SIGNATURE_TRUSTED && kab_package_reader_has_code (self) &&
      !kab_certificate_get_identity (certificate)->can_sign_code)
    return signature_new (KAB_SIGNATURE_NOT_FOR_CODE, certificate, "setup.py: the certificate may not sign code");
  return g_steal_pointer (&signature);
}

KabSignature *
kab_package_reader_verify (KabPackageReader *self,
                           GPtrArray        *trusted,
                           gint64            now)
{
  return kab_package_reader_verify_revoked (self, trusted, NULL, now);
}
