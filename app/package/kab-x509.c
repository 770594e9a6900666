/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-package"

#include "config.h"

#include "kab-x509.h"

#include <openssl/bn.h>

#define DAY         (24 * 60 * 60)
#define SERIAL_BITS 159      /* positive and within the 20 octets of RFC 5280 */

static gboolean
set_serial (X509 *self)
{
  BIGNUM *number = BN_new ();
  gboolean done = number != NULL && BN_rand (number, SERIAL_BITS, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
                  BN_to_ASN1_INTEGER (number, X509_get_serialNumber (self)) != NULL;

  BN_free (number);
  return done;
}

X509 *
kab_x509_new (EVP_PKEY   *key,
              const char *common_name,
              int         days)
{
  X509 *self = X509_new ();

  /* From the day before on, so that a machine whose clock is a little behind accepts it at once. */
  if (self != NULL &&
      (X509_set_version (self, X509_VERSION_3) != 1 || !set_serial (self) ||
       X509_gmtime_adj (X509_getm_notBefore (self), -DAY) == NULL ||
       X509_time_adj_ex (X509_getm_notAfter (self), days, 0, NULL) == NULL ||
       X509_NAME_add_entry_by_NID (X509_get_subject_name (self), NID_commonName, MBSTRING_UTF8,
                                   (const guint8 *) common_name, -1, -1, 0) != 1 ||
       X509_set_pubkey (self, key) != 1))
    g_clear_pointer (&self, X509_free);
  return self;
}

gboolean
kab_x509_add_extension (X509       *self,
                        X509       *issuer,
                        int         nid,
                        const char *value)
{
  X509_EXTENSION *extension;
  X509V3_CTX context;
  gboolean done;

  X509V3_set_ctx_nodb (&context);
  X509V3_set_ctx (&context, issuer, self, NULL, NULL, 0);
  extension = X509V3_EXT_conf_nid (NULL, &context, nid, value);
  done = extension != NULL && X509_add_ext (self, extension, -1) == 1;
  X509_EXTENSION_free (extension);
  return done;
}

gboolean
kab_x509_sign (X509     *self,
               X509     *issuer,
               EVP_PKEY *key)
{
  return X509_set_issuer_name (self, X509_get_subject_name (issuer)) == 1 && X509_sign (self, key, EVP_sha256 ()) != 0;
}
