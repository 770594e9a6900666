/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include <string.h>
#include <time.h>

#include <gio/gio.h>
#include <openssl/bn.h>
#include <openssl/x509v3.h>

#include "kab-server-tls-private.h"

#define AUTHORITY_NAME  "Kabinet server authority"
#define DAY             (24 * 60 * 60)
#define AUTHORITY_DAYS  3650
#define SERVER_DAYS     397       /* what clients accept of public authorities, CA/Browser Forum BR 6.3.2 */
#define RENEW_DAYS      30
#define SERIAL_BITS     159       /* positive and within the 20 octets of RFC 5280 */

static gboolean
add_extension (X509       *x509,
               X509       *issuer,
               int         nid,
               const char *value)
{
  X509_EXTENSION *extension;
  X509V3_CTX context;
  gboolean done;

  X509V3_set_ctx_nodb (&context);
  X509V3_set_ctx (&context, issuer, x509, NULL, NULL, 0);
  extension = X509V3_EXT_conf_nid (NULL, &context, nid, value);
  done = extension != NULL && X509_add_ext (x509, extension, -1) == 1;
  X509_EXTENSION_free (extension);
  return done;
}

/* A certificate without extensions and signature. Returns: %NULL when OpenSSL refuses */
static X509 *
make_base (EVP_PKEY   *key,
           const char *common_name,
           int         days)
{
  X509 *x509 = X509_new ();
  BIGNUM *serial = BN_new ();
  gboolean done;

  /* From the day before on, so that a machine whose clock is a little behind accepts it at once. */
  done = x509 != NULL && serial != NULL && X509_set_version (x509, X509_VERSION_3) == 1 &&
         BN_rand (serial, SERIAL_BITS, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER (serial, X509_get_serialNumber (x509)) != NULL &&
         X509_gmtime_adj (X509_getm_notBefore (x509), -DAY) != NULL &&
         X509_time_adj_ex (X509_getm_notAfter (x509), days, 0, NULL) != NULL &&
         X509_NAME_add_entry_by_NID (X509_get_subject_name (x509), NID_commonName, MBSTRING_UTF8,
                                     (const guint8 *) common_name, -1, -1, 0) == 1 &&
         X509_set_pubkey (x509, key) == 1;
  BN_free (serial);
  if (!done)
    g_clear_pointer (&x509, X509_free);
  return x509;
}

X509 *
kab_tls_make_authority (EVP_PKEY *key)
{
  g_autofree char *name = g_strdup_printf ("%s %08x", AUTHORITY_NAME, g_random_int ());
  X509 *x509 = make_base (key, name, AUTHORITY_DAYS);

  if (x509 != NULL &&
      (X509_set_issuer_name (x509, X509_get_subject_name (x509)) != 1 ||
       !add_extension (x509, x509, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
       !add_extension (x509, x509, NID_key_usage, "critical,keyCertSign,cRLSign") ||
       !add_extension (x509, x509, NID_subject_key_identifier, "hash") || X509_sign (x509, key, EVP_sha256 ()) == 0))
    g_clear_pointer (&x509, X509_free);
  return x509;
}

/* What of a name may stand in a certificate: this also keeps commas out of the text that OpenSSL parses. */
static gboolean
is_dns_name (const char *name)
{
  gsize length = strlen (name);

  return length > 0 && length <= 253 && name[0] != '-' && name[0] != '.' &&
         strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.") == length;
}

static char *
dup_alternative_names (const char *host)
{
  GString *names = g_string_new ("DNS:localhost,IP:127.0.0.1,IP:::1");
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (host);

  if (is_dns_name (g_get_host_name ()) && g_ascii_strcasecmp (g_get_host_name (), "localhost") != 0)
    g_string_append_printf (names, ",DNS:%s", g_get_host_name ());
  if (address != NULL)
    {
      g_autofree char *text = g_inet_address_to_string (address);

      if (!g_inet_address_get_is_any (address) && !g_str_equal (text, "127.0.0.1") && !g_str_equal (text, "::1"))
        g_string_append_printf (names, ",IP:%s", text);
    }
  else if (is_dns_name (host) && g_ascii_strcasecmp (host, "localhost") != 0 &&
           g_ascii_strcasecmp (host, g_get_host_name ()) != 0)
    g_string_append_printf (names, ",DNS:%s", host);
  return g_string_free (names, FALSE);
}

X509 *
kab_tls_make_server (EVP_PKEY    *key,
                     KabTlsPair  *authority,
                     const char  *host)
{
  g_autofree char *names = dup_alternative_names (host);
  X509 *x509 = make_base (key, "kabinet-server", SERVER_DAYS);

  if (x509 != NULL &&
      (X509_set_issuer_name (x509, X509_get_subject_name (authority->x509)) != 1 ||
       !add_extension (x509, authority->x509, NID_basic_constraints, "critical,CA:FALSE") ||
       !add_extension (x509, authority->x509, NID_key_usage, "critical,digitalSignature") ||
       !add_extension (x509, authority->x509, NID_ext_key_usage, "serverAuth") ||
       !add_extension (x509, authority->x509, NID_subject_key_identifier, "hash") ||
       !add_extension (x509, authority->x509, NID_authority_key_identifier, "keyid:always") ||
       !add_extension (x509, authority->x509, NID_subject_alt_name, names) ||
       X509_sign (x509, authority->key, EVP_sha256 ()) == 0))
    g_clear_pointer (&x509, X509_free);
  return x509;
}

gboolean
kab_tls_is_good_for (X509        *x509,
                     X509        *authority,
                     const char  *host)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (host);
  time_t later = time (NULL) + RENEW_DAYS * DAY;

  if (X509_verify (x509, X509_get0_pubkey (authority)) != 1 ||
      X509_cmp_time (X509_get0_notAfter (x509), &later) != 1 || X509_cmp_current_time (X509_get0_notBefore (x509)) != -1)
    return FALSE;
  if (address == NULL)
    return X509_check_host (x509, host, 0, 0, NULL) == 1;
  return g_inet_address_get_is_any (address) || X509_check_ip_asc (x509, host, 0) == 1;
}
