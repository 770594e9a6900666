/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-package"

#include "config.h"

#include "kab-action-signature.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "kab-error.h"
#include "kab-wire.h"

#define MAX_NAMES  64      /* an action has about ten keys */

static const char * const always_signed[] = { "uuid", "action", "signed_attributes", "signer", "signature_date", NULL };

/* Arguments that decide what an action does, § 5.3 step 2. */
static const struct {
  const char *action;
  const char *attribute;
} also_signed[] = {
  { "trigger_install_packages", "packages" },
  { "trigger_remove_packages", "packages" },
  { "trigger_forget_packages", "packages" },
  { "trigger_change_description", "computer_description" },
};

static gboolean
refuse (GError     **error,
        KabError     code,
        const char  *message)
{
  g_set_error (error, KAB_ERROR, code, "action: %s", message);
  return FALSE;
}

/* The object of the signed attributes, as canonical text; an attribute that is not there signs null. */
static char *
dup_canonical (JsonObject          *action,
               const char * const  *names,
               gsize               *length)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  for (guint i = 0; names[i] != NULL; i++)
    {
      JsonNode *value = json_object_get_member (action, names[i]);

      if (value != NULL)
        json_object_set_member (object, names[i], json_node_copy (value));
      else
        json_object_set_null_member (object, names[i]);
    }
  json_node_take_object (node, object);
  return kab_wire_canonical (node, length);
}

static GStrv
dup_names (JsonObject  *action,
           GError     **error)
{
  JsonNode *node = json_object_get_member (action, "signed_attributes");
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();
  JsonArray *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node) || json_array_get_length (json_node_get_array (node)) > MAX_NAMES)
    {
      refuse (error, KAB_ERROR_BAD_SIGNATURE, "does not say what is signed");
      return NULL;
    }
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *name = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (name) || json_node_get_value_type (name) != G_TYPE_STRING)
        {
          refuse (error, KAB_ERROR_BAD_SIGNATURE, "the list of what is signed is no list of names");
          return NULL;
        }
      g_strv_builder_add (names, json_node_get_string (name));
    }
  return g_strv_builder_end (names);
}

gboolean
kab_action_sign (JsonObject  *action,
                 KabSigner   *signer,
                 GError     **error)
{
  g_auto(GStrv) names = NULL;
  g_autofree char *canonical = NULL;
  g_autofree char *signature = NULL;
  const KabIdentity *identity;
  gsize length;

  g_return_val_if_fail (action != NULL, FALSE);
  g_return_val_if_fail (KAB_IS_SIGNER (signer), FALSE);

  identity = kab_certificate_get_identity (kab_signer_get_certificate (signer));
  if (g_strcmp0 (kab_json_get_text (action, "signer"), identity->fingerprint) != 0)
    return refuse (error, KAB_ERROR_USAGE, "names another signer");

  names = dup_names (action, error);
  if (names == NULL)
    return FALSE;
  for (guint i = 0; always_signed[i] != NULL; i++)
    if (!g_strv_contains ((const char * const *) names, always_signed[i]))
      return refuse (error, KAB_ERROR_USAGE, "does not sign what agents insist on");

  canonical = dup_canonical (action, (const char * const *) names, &length);
  signature = kab_signer_sign (signer, canonical, length, error);
  if (signature == NULL)
    return FALSE;
  json_object_set_string_member (action, "signature", signature);
  return TRUE;
}

/* Step 1: the certificate in the action, or the one of that fingerprint among what the agent trusts. */
static KabCertificate *
find_signer (JsonObject  *action,
             GPtrArray   *trusted,
             gint64       now,
             GError     **error)
{
  const char *pem = kab_json_get_text (action, "signer_certificate");
  const char *fingerprint = kab_json_get_text (action, "signer");
  g_autoptr(KabCertificate) certificate = NULL;

  if (pem != NULL)
    certificate = kab_certificate_new_from_pem (pem, -1, NULL);
  for (guint i = 0; pem == NULL && certificate == NULL && trusted != NULL && i < trusted->len; i++)
    if (g_strcmp0 (kab_certificate_get_identity (trusted->pdata[i])->fingerprint, fingerprint) == 0)
      certificate = g_object_ref (trusted->pdata[i]);

  if (certificate == NULL)
    {
      refuse (error, KAB_ERROR_BAD_SIGNATURE, "has no certificate that can be read");
      return NULL;
    }
  switch (kab_certificate_check (certificate, trusted, now))
    {
    case KAB_SIGNATURE_TRUSTED:
      return g_steal_pointer (&certificate);
    case KAB_SIGNATURE_EXPIRED:
      refuse (error, KAB_ERROR_BAD_SIGNATURE, "the signer's certificate is out of date");
      return NULL;
    case KAB_SIGNATURE_NONE:
    case KAB_SIGNATURE_BROKEN:
    case KAB_SIGNATURE_UNTRUSTED:
    case KAB_SIGNATURE_NOT_FOR_CODE:
    default:
      refuse (error, KAB_ERROR_BAD_SIGNATURE, "the signer is not trusted here");
      return NULL;
    }
}

static gboolean
check_names (JsonObject          *action,
             const char * const  *names,
             GError             **error)
{
  const char *deed = kab_json_get_text (action, "action");

  for (guint i = 0; always_signed[i] != NULL; i++)
    if (!g_strv_contains (names, always_signed[i]))
      {
        g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_SIGNATURE, "action: %s is not signed", always_signed[i]);
        return FALSE;
      }
  for (guint i = 0; i < G_N_ELEMENTS (also_signed); i++)
    if (g_strcmp0 (deed, also_signed[i].action) == 0 && !g_strv_contains (names, also_signed[i].attribute))
      {
        g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_SIGNATURE, "action: %s is not signed", also_signed[i].attribute);
        return FALSE;
      }
  return TRUE;
}

gboolean
kab_action_verify (JsonObject  *action,
                   const char  *uuid,
                   GPtrArray   *trusted,
                   gint64       now,
                   gint64       max_skew_s,
                   GError     **error)
{
  g_autoptr(KabCertificate) certificate = NULL;
  g_autofree char *canonical = NULL;
  g_auto(GStrv) names = NULL;
  const char *signature;
  gint64 signed_at;
  gsize length;

  g_return_val_if_fail (action != NULL, FALSE);
  g_return_val_if_fail (uuid != NULL, FALSE);

  signature = kab_json_get_text (action, "signature");
  if (signature == NULL || signature[0] == '\0')
    return refuse (error, KAB_ERROR_BAD_SIGNATURE, "is not signed");

  certificate = find_signer (action, trusted, now, error);
  if (certificate == NULL)
    return FALSE;

  names = dup_names (action, error);
  if (names == NULL || !check_names (action, (const char * const *) names, error))
    return FALSE;

  signed_at = kab_json_get_time (action, "signature_date");
  if (signed_at == 0 || signed_at < now - max_skew_s || signed_at > now + max_skew_s)
    return refuse (error, KAB_ERROR_REFUSED, "was signed too long ago, or the clocks differ");

  canonical = dup_canonical (action, (const char * const *) names, &length);
  if (g_strcmp0 (kab_json_get_text (action, "signer"), kab_certificate_get_identity (certificate)->fingerprint) != 0 ||
      !kab_certificate_verify_base64 (certificate, canonical, length, signature))
    return refuse (error, KAB_ERROR_BAD_SIGNATURE, "the signature does not fit");

  if (g_strcmp0 (kab_json_get_text (action, "uuid"), uuid) != 0)
    return refuse (error, KAB_ERROR_REFUSED, "is for another host");
  return TRUE;
}
