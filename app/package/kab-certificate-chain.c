/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-package"

#include "config.h"

#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include "kab-certificate-private.h"

#define MAX_DEPTH  8      /* intermediates between a signer and what is trusted; two are usual */
#define MAX_POOL   512    /* candidates looked at in one search, so that a crafted pool costs little */

typedef struct {
  GPtrArray *intermediates;   /* (element-type X509): from the signer's own chain; believed in nothing by itself */
  GPtrArray *trusted;         /* (element-type X509) */
  GPtrArray *lists;           /* (nullable) (element-type KabRevocationList) */
  gint64     now;
  guint      n_tries;
  gboolean   met_expired;     /* a chain was there, but a link of it, or what its issuer took back, is out of date */
  gboolean   met_revoked;
} Search;

static gboolean
is_valid_at (X509   *x509,
             gint64  now)
{
  gint64 begin = kab_crypto_get_time (X509_get0_notBefore (x509));
  gint64 end = kab_crypto_get_time (X509_get0_notAfter (x509));

  return begin != 0 && begin <= now && now <= end;     /* both included, § 5.2 */
}

/* A forged link costs little where MD5 still counts. */
static gboolean
has_sound_digest (X509 *x509)
{
  int digest = NID_undef;

  if (X509_get_signature_info (x509, &digest, NULL, NULL, NULL) != 1)
    return FALSE;
  return digest == NID_sha256 || digest == NID_sha384 || digest == NID_sha512 || digest == NID_sha224 ||
         digest == NID_sha1;
}

static gboolean
is_issued_by (X509 *child,
              X509 *issuer)
{
  EVP_PKEY *key = X509_get0_pubkey (issuer);
  guint32 flags = X509_get_extension_flags (issuer);

  /* Matches subject and authority key identifiers where both have them. */
  if (key == NULL || X509_check_issued (issuer, child) != X509_V_OK)
    return FALSE;
  if (!(flags & EXFLAG_BCONS) || !(flags & EXFLAG_CA))
    return FALSE;
  return has_sound_digest (child) && X509_verify (child, key) == 1;
}

/* Is there somebody who could have issued @list, and did he? Where nobody is known it is believed: it can only forbid. */
static gboolean
is_genuine (Search   *search,
            X509_CRL *list)
{
  GPtrArray *pools[] = { search->trusted, search->intermediates };
  gboolean knows_issuer = FALSE;

  for (guint p = 0; p < G_N_ELEMENTS (pools); p++)
    for (guint i = 0; i < pools[p]->len && i < MAX_POOL; i++)
      {
        X509 *issuer = pools[p]->pdata[i];

        if (X509_NAME_cmp (X509_get_subject_name (issuer), X509_CRL_get_issuer (list)) != 0)
          continue;
        if (X509_CRL_verify (list, X509_get0_pubkey (issuer)) == 1)
          return TRUE;
        knows_issuer = TRUE;
      }
  return !knows_issuer;
}

/* What the issuer's lists say of @x509. Returns: %FALSE when it counts no more */
static gboolean
is_standing (Search *search,
             X509   *x509)
{
  for (guint i = 0; search->lists != NULL && i < search->lists->len; i++)
    {
      X509_CRL *list = kab_revocation_list_peek (search->lists->pdata[i]);
      gint64 next = kab_revocation_list_get_next_update (search->lists->pdata[i]);
      X509_REVOKED *revoked = NULL;

      if (X509_NAME_cmp (X509_CRL_get_issuer (list), X509_get_issuer_name (x509)) != 0 || !is_genuine (search, list))
        continue;
      if (X509_CRL_get0_by_cert (list, &revoked, x509) == 1)
        search->met_revoked = TRUE;
      else if (next != 0 && next < search->now)
        search->met_expired = TRUE;
      else
        continue;
      return FALSE;
    }
  return TRUE;
}

static gboolean search_up (Search *search, X509 *child, guint depth);

static gboolean
try_pool (Search    *search,
          GPtrArray *pool,
          gboolean   is_trusted,
          X509      *child,
          guint      depth)
{
  for (guint i = 0; i < pool->len; i++)
    {
      X509 *issuer = pool->pdata[i];

      if (++search->n_tries > MAX_POOL)
        return FALSE;
      if (X509_cmp (issuer, child) == 0 || !is_issued_by (child, issuer))
        continue;
      if (!is_valid_at (issuer, search->now))
        search->met_expired = TRUE;
      else if (is_trusted || search_up (search, issuer, depth + 1))
        return TRUE;
    }
  return FALSE;
}

static gboolean
search_up (Search *search,
           X509   *child,
           guint   depth)
{
  if (depth > MAX_DEPTH || !is_standing (search, child))
    return FALSE;
  return try_pool (search, search->trusted, TRUE, child, depth) ||
         try_pool (search, search->intermediates, FALSE, child, depth);
}

KabSignatureStatus
kab_certificate_check_revoked (KabCertificate *self,
                               GPtrArray      *trusted,
                               GPtrArray      *lists,
                               gint64          now)
{
  g_autoptr(GPtrArray) all = g_ptr_array_new ();
  Search search = { NULL, all, lists, now, 0, FALSE, FALSE };
  X509 *leaf;
  gboolean found = FALSE;

  g_return_val_if_fail (KAB_IS_CERTIFICATE (self), KAB_SIGNATURE_UNTRUSTED);

  leaf = kab_certificate_peek_x509 (self);
  if (!is_valid_at (leaf, now))
    return KAB_SIGNATURE_EXPIRED;

  for (guint i = 0; trusted != NULL && i < trusted->len; i++)
    {
      GPtrArray *chain = kab_certificate_peek_all (trusted->pdata[i]);

      for (guint k = 0; k < chain->len; k++)
        {
          g_ptr_array_add (all, chain->pdata[k]);
          found = found || X509_cmp (chain->pdata[k], leaf) == 0;
        }
    }

  search.intermediates = kab_certificate_peek_all (self);
  found = found ? is_standing (&search, leaf) : search_up (&search, leaf, 0);
  ERR_clear_error ();

  if (found)
    return KAB_SIGNATURE_TRUSTED;
  if (search.met_revoked)
    return KAB_SIGNATURE_REVOKED;
  return search.met_expired ? KAB_SIGNATURE_EXPIRED : KAB_SIGNATURE_UNTRUSTED;
}

KabSignatureStatus
kab_certificate_check (KabCertificate *self,
                       GPtrArray      *trusted,
                       gint64          now)
{
  return kab_certificate_check_revoked (self, trusted, NULL, now);
}
