/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include <string.h>
#include <time.h>

#include <gio/gio.h>
#include <openssl/x509v3.h>

#include "kab-server-tls-private.h"
#include "kab-x509.h"

#define AUTHORITY_NAME  "Kabinet server authority"
#define DAY             (24 * 60 * 60)
#define AUTHORITY_DAYS  3650
#define SERVER_DAYS     397       /* what clients accept of public authorities, CA/Browser Forum BR 6.3.2 */
#define RENEW_DAYS      30

X509 *
kab_tls_make_authority (EVP_PKEY *key)
{
  g_autofree char *name = g_strdup_printf ("%s %08x", AUTHORITY_NAME, g_random_int ());
  X509 *x509 = kab_x509_new (key, name, AUTHORITY_DAYS);

  if (x509 != NULL &&
      (!kab_x509_add_extension (x509, x509, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
       !kab_x509_add_extension (x509, x509, NID_key_usage, "critical,keyCertSign,cRLSign") ||
       !kab_x509_add_extension (x509, x509, NID_subject_key_identifier, "hash") ||
       !kab_x509_sign (x509, x509, key)))
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
  X509 *x509 = kab_x509_new (key, "kabinet-server", SERVER_DAYS);

  if (x509 != NULL &&
      (!kab_x509_add_extension (x509, authority->x509, NID_basic_constraints, "critical,CA:FALSE") ||
       !kab_x509_add_extension (x509, authority->x509, NID_key_usage, "critical,digitalSignature") ||
       !kab_x509_add_extension (x509, authority->x509, NID_ext_key_usage, "serverAuth") ||
       !kab_x509_add_extension (x509, authority->x509, NID_subject_key_identifier, "hash") ||
       !kab_x509_add_extension (x509, authority->x509, NID_authority_key_identifier, "keyid:always") ||
       !kab_x509_add_extension (x509, authority->x509, NID_subject_alt_name, names) ||
       !kab_x509_sign (x509, authority->x509, authority->key)))
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
