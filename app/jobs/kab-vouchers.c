/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-vouchers.h"

#include <string.h>

#include "kab-package.h"

#define MAX_CHAIN 8

/* (nullable): one of @pool that issued @certificate. Borrowed */
static KabCertificate *
find_issuer (KabCertificate *certificate,
             GPtrArray      *pool,
             gint64          now)
{
  const KabIdentity *identity = kab_certificate_get_identity (certificate);
  g_autoptr(GPtrArray) alone = g_ptr_array_new ();

  for (guint i = 0; pool != NULL && i < pool->len; i++)
    {
      const KabIdentity *other = kab_certificate_get_identity (pool->pdata[i]);

      if (g_strcmp0 (other->name, identity->issuer) != 0 || g_strcmp0 (other->fingerprint, identity->fingerprint) == 0)
        continue;
      g_ptr_array_set_size (alone, 0);
      g_ptr_array_add (alone, pool->pdata[i]);
      if (kab_certificate_check (certificate, alone, now) == KAB_SIGNATURE_TRUSTED)
        return pool->pdata[i];
    }
  return NULL;
}

/* (element-type KabCertificate): the blocks behind its own */
static GPtrArray *
split_chain (KabCertificate *certificate)
{
  GPtrArray *chain = g_ptr_array_new_with_free_func (g_object_unref);
  const char *pem = kab_certificate_get_chain_pem (certificate);

  while (chain->len < MAX_CHAIN && (pem = strstr (pem + 1, "-----BEGIN CERTIFICATE-----")) != NULL)
    {
      KabCertificate *issuer = kab_certificate_new_from_pem (pem, -1, NULL);

      if (issuer != NULL)
        g_ptr_array_add (chain, issuer);
    }
  return chain;
}

GStrv
kab_vouchers_find (KabCertificate *certificate,
                   GPtrArray      *pool,
                   gint64          now)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr(GPtrArray) chain = NULL;
  KabCertificate *at = certificate;

  g_return_val_if_fail (KAB_IS_CERTIFICATE (certificate), NULL);

  chain = split_chain (certificate);
  for (guint i = 0; at != NULL && i < MAX_CHAIN; i++)
    {
      KabCertificate *issuer;

      g_strv_builder_add (builder, kab_certificate_get_identity (at)->fingerprint);
      if (kab_certificate_get_identity (at)->is_self_signed)
        return g_strv_builder_end (builder);
      issuer = find_issuer (at, chain, now);
      at = issuer != NULL ? issuer : find_issuer (at, pool, now);
    }
  return NULL;
}

/* fingerprint → text of the attribute */
static GHashTable *
find_all (GPtrArray *certificates,
          gint64     now)
{
  GHashTable *all = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; certificates != NULL && i < certificates->len; i++)
    {
      g_auto(GStrv) vouchers = kab_vouchers_find (certificates->pdata[i], certificates, now);

      if (vouchers != NULL)
        g_hash_table_replace (all, g_strdup (kab_certificate_get_identity (certificates->pdata[i])->fingerprint),
                              g_strjoinv (",", vouchers));
    }
  return all;
}

/* What the server itself says under that name does not count. */
static KabPackage *
note (KabPackage *package,
      const char *vouchers)
{
  g_autoptr(GHashTable) attributes = NULL;
  g_auto(GStrv) names = NULL;

  if (vouchers == NULL && !kab_package_has (package, KAB_VOUCHERS_ATTRIBUTE))
    return g_object_ref (package);

  attributes = g_hash_table_new (g_str_hash, g_str_equal);
  names = kab_package_dup_attribute_names (package);
  for (guint i = 0; names[i] != NULL; i++)
    g_hash_table_insert (attributes, names[i], (gpointer) kab_package_get (package, names[i]));
  g_hash_table_insert (attributes, (gpointer) KAB_VOUCHERS_ATTRIBUTE, (gpointer) (vouchers != NULL ? vouchers : ""));
  return kab_package_new (attributes);
}

GPtrArray *
kab_vouchers_note (GPtrArray *packages,
                   GPtrArray *certificates,
                   gint64     now)
{
  g_autoptr(GHashTable) all = find_all (certificates, now);
  GPtrArray *noted = g_ptr_array_new_full (packages->len, g_object_unref);

  for (guint i = 0; i < packages->len; i++)
    {
      g_autofree char *fingerprint = g_ascii_strdown (kab_package_get (packages->pdata[i], "signer_fingerprint"), -1);

      g_ptr_array_add (noted, note (packages->pdata[i], g_hash_table_lookup (all, fingerprint)));
    }
  return noted;
}
