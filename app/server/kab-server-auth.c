/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "kab-error.h"
#include "kab-server-private.h"

#define ROUNDS     100000   /* of PBKDF2; one sign-in costs some 30 ms, later requests are remembered */
#define SALT_SIZE  16
#define HASH_SIZE  32
#define COOKIE     "session"

static char *
hash_password (const char *password,
               const char *salt,
               int         rounds)
{
  guint8 hash[HASH_SIZE];

  if (PKCS5_PBKDF2_HMAC (password, (int) strlen (password), (const guint8 *) salt, (int) strlen (salt), rounds,
                         EVP_sha256 (), sizeof hash, hash) != 1)
    return NULL;
  return g_base64_encode (hash, sizeof hash);
}

static gboolean
equals (const char *a,
        const char *b)
{
  return a != NULL && b != NULL && strlen (a) == strlen (b) && CRYPTO_memcmp (a, b, strlen (a)) == 0;
}

gboolean
kab_server_set_account (KabDepot    *depot,
                        const char  *name,
                        const char  *password,
                        const char  *rights,
                        GError     **error)
{
  g_autoptr(KabStatement) stmt = NULL;
  g_autofree char *salt = NULL;
  g_autofree char *hash = NULL;
  guint8 random[SALT_SIZE];

  g_return_val_if_fail (depot != NULL && name != NULL && password != NULL && rights != NULL, FALSE);

  if (RAND_bytes (random, sizeof random) == 1)
    {
      salt = g_base64_encode (random, sizeof random);
      hash = hash_password (password, salt, ROUNDS);
    }
  if (hash == NULL)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_FAILED, "no random numbers for a password");
      return FALSE;
    }
  stmt = kab_database_prepare (depot->database, "INSERT OR REPLACE INTO accounts VALUES (?1, ?2, ?3, ?4, ?5)", error);
  if (stmt == NULL)
    return FALSE;
  kab_statement_bind_text (stmt, 1, name);
  kab_statement_bind_text (stmt, 2, salt);
  kab_statement_bind_text (stmt, 3, hash);
  kab_statement_bind_int64 (stmt, 4, ROUNDS);
  kab_statement_bind_text (stmt, 5, rights);
  return kab_database_run (depot->database, stmt, error);
}

/* Returns: (nullable): the rights of the account if that is its password */
static char *
check_account (KabDepot   *depot,
               const char *name,
               const char *password)
{
  g_autoptr(KabStatement) stmt = NULL;
  g_autofree char *hash = NULL;

  stmt = kab_database_prepare (depot->database, "SELECT salt, hash, rounds, rights FROM accounts WHERE name = ?1", NULL);
  if (stmt == NULL)
    return NULL;
  kab_statement_bind_text (stmt, 1, name);
  if (!kab_statement_step (stmt, NULL))
    return NULL;
  hash = hash_password (password, kab_statement_get_text (stmt, 0), (int) kab_statement_get_int64 (stmt, 2));
  return equals (hash, kab_statement_get_text (stmt, 1)) ? g_strdup (kab_statement_get_text (stmt, 3)) : NULL;
}

gboolean
kab_server_has_account (KabDepot   *depot,
                        const char *name,
                        const char *password)
{
  g_autofree char *rights = check_account (depot, name, password);

  return rights != NULL;
}

static char *
sign (KabServer  *self,
      const char *what,
      const char *text)
{
  GHmac *hmac = g_hmac_new (G_CHECKSUM_SHA256, g_bytes_get_data (self->secret, NULL), g_bytes_get_size (self->secret));
  char *hex;

  g_hmac_update (hmac, (const guchar *) what, (gssize) strlen (what) + 1);
  g_hmac_update (hmac, (const guchar *) text, -1);
  hex = g_strdup (g_hmac_get_string (hmac));
  g_hmac_unref (hmac);
  return hex;
}

char *
kab_server_dup_rights (KabServer  *self,
                       const char *name,
                       const char *password)
{
  g_autofree char *both = g_strconcat (name, "\n", password, NULL);
  g_autofree char *key = sign (self, "basic", both);
  const char *known = g_hash_table_lookup (self->known, key);
  char *rights;

  OPENSSL_cleanse (both, strlen (both));
  if (known != NULL)
    return g_strdup (known);
  rights = check_account (self->depot, name, password);
  if (rights != NULL)
    g_hash_table_replace (self->known, g_steal_pointer (&key), g_strdup (rights));
  return rights;
}

gboolean
kab_server_get_basic (KabServerRequest  *self,
                      char             **name,
                      char             **password)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (self->message);
  const char *text = soup_message_headers_get_one (headers, "Authorization");
  g_autofree char *decoded = NULL;
  const char *colon;
  gsize size = 0;

  if (text == NULL || g_ascii_strncasecmp (text, "Basic ", 6) != 0 || strlen (text) > 4096)
    return FALSE;
  decoded = (char *) g_base64_decode (text + 6, &size);
  if (decoded == NULL || memchr (decoded, '\0', size) != NULL || !g_utf8_validate (decoded, (gssize) size, NULL))
    return FALSE;
  colon = memchr (decoded, ':', size);
  if (colon == NULL)
    return FALSE;
  *name = g_strndup (decoded, colon - decoded);
  *password = g_strndup (colon + 1, size - (gsize) (colon + 1 - decoded));
  OPENSSL_cleanse (decoded, size);
  return TRUE;
}

/* base64 of "user\nrights\nmicroseconds", a point, what signs it */
static char *
make_signed (KabServer  *self,
             const char *what,
             const char *user,
             const char *rights,
             gint64      auth_usec)
{
  g_autofree char *plain = g_strdup_printf ("%s\n%s\n%" G_GINT64_FORMAT, user, rights, auth_usec);
  g_autofree char *payload = g_base64_encode ((const guchar *) plain, strlen (plain));
  g_autofree char *signature = sign (self, what, payload);

  g_strdelimit (payload, "=", '_');
  return g_strconcat (payload, ".", signature, NULL);
}

static gboolean
read_cookie (KabServerRequest *self,
             const char       *value)
{
  const char *point = strrchr (value, '.');
  g_autofree char *payload = NULL;
  g_autofree char *signature = NULL;
  g_autofree char *plain = NULL;
  g_auto(GStrv) parts = NULL;
  gint64 auth_usec;
  gsize size = 0;

  if (point == NULL)
    return FALSE;
  payload = g_strndup (value, point - value);
  g_strdelimit (payload, "_", '=');
  signature = sign (self->server, "cookie", payload);
  if (!equals (signature, point + 1))
    return FALSE;

  plain = (char *) g_base64_decode (payload, &size);
  parts = g_strsplit (plain, "\n", 3);
  if (g_strv_length (parts) != 3)
    return FALSE;
  auth_usec = g_ascii_strtoll (parts[2], NULL, 10);
  if (g_get_real_time () - auth_usec > KAB_SERVER_SESSION_S * G_USEC_PER_SEC)
    return FALSE;
  self->user = g_strdup (parts[0]);
  self->rights = g_strdup (parts[1]);
  self->auth_usec = auth_usec;
  return TRUE;
}

static gboolean
find_cookie (KabServerRequest *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (self->message);
  const char *text = soup_message_headers_get_list (headers, "Cookie");
  g_auto(GStrv) parts = NULL;

  if (text == NULL || strlen (text) > 16384)
    return FALSE;
  parts = g_strsplit_set (text, ";,", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      const char *cookie = g_strstrip (parts[i]);

      if (g_str_has_prefix (cookie, COOKIE "=") && read_cookie (self, cookie + strlen (COOKIE "=")))
        return TRUE;
    }
  return FALSE;
}

/* Credentials go before the session: whoever sends other ones wants to be somebody else. */
gboolean
kab_server_authenticate (KabServerRequest *self)
{
  g_autofree char *name = NULL;
  g_autofree char *password = NULL;

  if (!kab_server_get_basic (self, &name, &password))
    return find_cookie (self);

  self->rights = kab_server_dup_rights (self->server, name, password);
  OPENSSL_cleanse (password, strlen (password));
  if (self->rights == NULL)
    return FALSE;
  self->user = g_steal_pointer (&name);
  self->auth_usec = g_get_real_time ();
  return TRUE;
}

gboolean
kab_server_has_right (KabServerRequest *self,
                      const char       *accepted)
{
  g_auto(GStrv) wanted = NULL;
  g_auto(GStrv) owned = NULL;

  if (self->rights == NULL)
    return FALSE;
  if (*accepted == '\0')
    return TRUE;
  wanted = g_strsplit (accepted, ",", -1);
  owned = g_strsplit (self->rights, ",", -1);
  for (guint i = 0; owned[i] != NULL; i++)
    if (g_strv_contains ((const char * const *) wanted, owned[i]))
      return TRUE;
  return FALSE;
}

void
kab_server_set_cookie (KabServerRequest *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);
  g_autofree char *value = make_signed (self->server, "cookie", self->user, self->rights, self->auth_usec);
  g_autofree char *cookie = g_strdup_printf (COOKIE "=%s; HttpOnly; Path=/%s", value,
                                             self->server->is_tls ? "; Secure" : "");

  soup_message_headers_replace (headers, "Set-Cookie", cookie);
}

void
kab_server_clear_cookie (KabServerRequest *self)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (self->message), "Set-Cookie",
                                COOKIE "=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; Path=/");
}

/* For agents of the original; no console route takes it. */
char *
kab_server_dup_token (KabServer  *self,
                      const char *user,
                      const char *rights,
                      gint64      auth_usec)
{
  return make_signed (self, "token", user, rights, auth_usec);
}
