/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-package"

#include "config.h"

#include "kab-key-store.h"

#include <string.h>

#include <glib/gstdio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>

#include "kab-certificate-private.h"
#include "kab-error.h"
#include "kab-key-private.h"
#include "kab-text.h"

#define MAX_FILES      1000               /* looked at in one folder */
#define MAX_FILE_SIZE  (1024 * 1024)
#define MAX_STEM       100                /* bytes of a file's name */

/* A key of the folder, while its certificate is looked for. */
typedef struct {
  char     *path;
  EVP_PKEY *key;        /* NULL: encrypted */
} Found;

static void
found_free (gpointer data)
{
  Found *found = data;

  g_free (found->path);
  EVP_PKEY_free (found->key);
  g_free (found);
}

void
kab_key_entry_free (KabKeyEntry *self)
{
  if (self == NULL)
    return;
  kab_identity_free (self->identity);
  g_free (self->certificate_path);
  g_free (self->key_path);
  g_free (self);
}

static KabKeyEntry *
entry_new (KabCertificate *certificate,
           const char     *certificate_path,
           const char     *key_path,
           gboolean        is_encrypted)
{
  KabKeyEntry *entry = g_new0 (KabKeyEntry, 1);

  entry->identity = kab_identity_copy (kab_certificate_get_identity (certificate));
  entry->certificate_path = g_strdup (certificate_path);
  entry->key_path = g_strdup (key_path);
  entry->key_is_encrypted = is_encrypted;
  entry->bits = kab_certificate_get_bits (certificate);
  entry->has_legacy_strength = kab_certificate_is_weak (certificate);
  return entry;
}

static char *
dup_stem (const char *path)
{
  const char *point = strrchr (path, '.');

  return point != NULL ? g_strndup (path, (gsize) (point - path)) : g_strdup (path);
}

static KabKeyEntry *
match (KabCertificate *certificate,
       const char     *path,
       GPtrArray      *keys)
{
  g_autofree char *stem = dup_stem (path);
  const Found *by_name = NULL;

  for (guint i = 0; i < keys->len; i++)
    {
      const Found *found = keys->pdata[i];
      g_autofree char *key_stem = dup_stem (found->path);

      if (found->key != NULL && EVP_PKEY_eq (X509_get0_pubkey (kab_certificate_peek_x509 (certificate)), found->key) == 1)
        return entry_new (certificate, path, found->path, FALSE);
      if (found->key == NULL && g_str_equal (stem, key_stem))
        by_name = found;
    }
  ERR_clear_error ();
  return entry_new (certificate, path, by_name != NULL ? by_name->path : NULL, by_name != NULL);
}

/* (element-type utf8): paths, sorted */
static GPtrArray *
list_files (const char  *folder,
            GError     **error)
{
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GDir) directory = g_dir_open (folder, 0, &local_error);
  const char *name;

  if (directory == NULL)
    {
      g_set_error_literal (error, KAB_ERROR, g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT)
                                               ? KAB_ERROR_NOT_FOUND : KAB_ERROR_STORAGE, local_error->message);
      return NULL;
    }
  while ((name = g_dir_read_name (directory)) != NULL && paths->len < MAX_FILES)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      const char *point = strrchr (name, '.');
      GStatBuf info;

      if (point != NULL && (g_ascii_strcasecmp (point, ".pem") == 0 || g_ascii_strcasecmp (point, ".crt") == 0 ||
                            g_ascii_strcasecmp (point, ".cer") == 0 || g_ascii_strcasecmp (point, ".key") == 0) &&
          g_stat (path, &info) == 0 && S_ISREG (info.st_mode) && info.st_size <= MAX_FILE_SIZE)
        g_ptr_array_add (paths, g_steal_pointer (&path));
    }
  g_ptr_array_sort (paths, kab_text_compare);
  return g_steal_pointer (&paths);
}

static int
compare_entries (gconstpointer a,
                 gconstpointer b)
{
  const KabKeyEntry *x = *(const KabKeyEntry * const *) a;
  const KabKeyEntry *y = *(const KabKeyEntry * const *) b;
  int order = g_utf8_collate (x->identity->name, y->identity->name);

  return order != 0 ? order : strcmp (x->certificate_path, y->certificate_path);
}

GPtrArray *
kab_key_store_list (const char  *folder,
                    GError     **error)
{
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) kab_key_entry_free);
  g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func (found_free);
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GPtrArray) paths = NULL;

  g_return_val_if_fail (folder != NULL, NULL);

  paths = list_files (folder, error);
  if (paths == NULL)
    return NULL;
  for (guint i = 0; i < paths->len; i++)
    {
      gboolean is_encrypted = FALSE;
      EVP_PKEY *key = kab_key_read_file (paths->pdata[i], NULL, &is_encrypted, NULL);
      Found *found;

      if (key == NULL && !is_encrypted)
        continue;
      found = g_new0 (Found, 1);
      found->path = g_strdup (paths->pdata[i]);
      found->key = key;
      g_ptr_array_add (keys, found);
    }
  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr(KabCertificate) certificate = kab_certificate_new_from_file (paths->pdata[i], NULL);

      if (certificate != NULL &&
          g_hash_table_add (seen, g_strdup (kab_certificate_get_identity (certificate)->fingerprint)))
        g_ptr_array_add (entries, match (certificate, paths->pdata[i], keys));
    }
  g_ptr_array_sort (entries, compare_entries);
  return g_steal_pointer (&entries);
}

/* What is safe in a file's name on any system. */
static char *
dup_file_stem (const char *name)
{
  g_autoptr(GString) stem = g_string_new (NULL);

  for (const char *c = name; *c != '\0' && stem->len < MAX_STEM; c = g_utf8_next_char (c))
    {
      gunichar letter = g_utf8_get_char (c);

      if (g_unichar_isalnum (letter) || (stem->len > 0 && (letter == '_' || letter == '.' || letter == '-')))
        g_string_append_unichar (stem, letter);
      else if (stem->len > 0 && stem->str[stem->len - 1] != '-')
        g_string_append_c (stem, '-');
    }
  return stem->len > 0 ? g_string_free (g_steal_pointer (&stem), FALSE) : g_strdup ("key");
}

static char *
dup_path (const char *folder,
          const char *name,
          const char *suffix)
{
  g_autofree char *stem = dup_file_stem (name);
  g_autofree char *file = g_strconcat (stem, suffix, NULL);

  return g_build_filename (folder, file, NULL);
}

static gboolean
prepare (const char  *folder,
         const char  *passphrase,
         GError     **error)
{
  if (passphrase == NULL || passphrase[0] == '\0')
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE, "a key on disk needs a passphrase");
      return FALSE;
    }
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, "%s: the folder cannot be made", folder);
      return FALSE;
    }
  return TRUE;
}

KabKeyEntry *
kab_key_store_create (const char  *folder,
                      const char  *name,
                      const char  *passphrase,
                      gboolean     code_signing,
                      guint        days,
                      GError     **error)
{
  g_autoptr(KabCertificate) certificate = NULL;
  g_autofree char *certificate_path = NULL;
  g_autofree char *key_path = NULL;

  g_return_val_if_fail (folder != NULL && name != NULL, NULL);

  if (!prepare (folder, passphrase, error))
    return NULL;
  key_path = dup_path (folder, name, ".pem");
  certificate_path = dup_path (folder, name, ".crt");
  if (!kab_signer_generate (name, key_path, certificate_path, passphrase, code_signing, days, error))
    return NULL;
  certificate = kab_certificate_new_from_file (certificate_path, error);
  return certificate != NULL ? entry_new (certificate, certificate_path, key_path, TRUE) : NULL;
}

static KabKeyEntry *
write_pair (const char      *folder,
            EVP_PKEY        *key,
            KabCertificate  *certificate,
            const char      *passphrase,
            GError         **error)
{
  const char *name = kab_certificate_get_identity (certificate)->name;
  const char *pem = kab_certificate_get_chain_pem (certificate);
  g_autofree char *key_path = dup_path (folder, name, ".pem");
  g_autofree char *certificate_path = dup_path (folder, name, ".crt");

  if (!kab_key_write (key, key_path, passphrase, error))
    return NULL;
  if (!kab_key_write_new_file (certificate_path, pem, strlen (pem), 0644, error))
    {
      g_unlink (key_path);
      return NULL;
    }
  return entry_new (certificate, certificate_path, key_path, TRUE);
}

KabKeyEntry *
kab_key_store_import_bytes (const char  *folder,
                            GBytes      *source,
                            const char  *certificate_pem,
                            const char  *source_passphrase,
                            const char  *passphrase,
                            GError     **error)
{
  g_autoptr(KabCertificate) certificate = NULL;
  g_autoptr(GPtrArray) chain = NULL;
  KabKeyEntry *entry = NULL;
  EVP_PKEY *key;
  const char *data;
  gsize size;

  g_return_val_if_fail (folder != NULL && source != NULL, NULL);

  if (!prepare (folder, passphrase, error))
    return NULL;
  data = g_bytes_get_data (source, &size);
  if (size > 0 && g_strstr_len (data, (gssize) size, "-----BEGIN ") != NULL)
    key = kab_key_read_pem (data, size, source_passphrase, NULL, error);
  else
    key = kab_key_read_pkcs12 (data, size, source_passphrase, &chain, error);
  if (key == NULL)
    return NULL;

  if (certificate_pem != NULL)
    certificate = kab_certificate_new_from_pem (certificate_pem, -1, error);
  else if (chain != NULL)
    certificate = kab_certificate_new_from_x509 (chain);
  else
    {
      certificate = kab_certificate_new_from_pem (data, (gssize) size, NULL);
      if (certificate == NULL)
        g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "its certificate is needed too");
    }
  if (certificate != NULL && kab_key_check_pair (key, certificate, "the key", error))
    entry = write_pair (folder, key, certificate, passphrase, error);
  EVP_PKEY_free (key);
  return entry;
}

static char *
read_text (const char  *path,
           gsize       *size,
           GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  GStatBuf info;
  char *text = NULL;

  if (g_stat (path, &info) == 0 && (!S_ISREG (info.st_mode) || info.st_size > MAX_FILE_SIZE))
    g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "%s: no key", path);
  else if (!g_file_get_contents (path, &text, size, &local_error))
    g_set_error_literal (error, KAB_ERROR, g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT)
                                             ? KAB_ERROR_NOT_FOUND : KAB_ERROR_STORAGE, local_error->message);
  return text;
}

/* "me.pem" → "me.crt", when it is there and no other was named */
static char *
find_beside (const char *source)
{
  g_autofree char *stem = dup_stem (source);
  g_autofree char *path = g_strconcat (stem, ".crt", NULL);

  return g_file_test (path, G_FILE_TEST_IS_REGULAR) && !g_str_equal (path, source) ? g_steal_pointer (&path) : NULL;
}

KabKeyEntry *
kab_key_store_import (const char  *folder,
                      const char  *source,
                      const char  *certificate,
                      const char  *source_passphrase,
                      const char  *passphrase,
                      GError     **error)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *beside = NULL;
  g_autofree char *pem = NULL;
  KabKeyEntry *entry;
  gsize size = 0;
  char *text;

  g_return_val_if_fail (folder != NULL && source != NULL, NULL);

  text = read_text (source, &size, error);
  if (text == NULL)
    return NULL;
  if (certificate == NULL && g_strstr_len (text, (gssize) size, "-----BEGIN ") != NULL &&
      g_strstr_len (text, (gssize) size, "-----BEGIN CERTIFICATE-----") == NULL)
    certificate = beside = find_beside (source);
  if (certificate != NULL)
    pem = read_text (certificate, NULL, error);

  entry = NULL;
  if (certificate == NULL || pem != NULL)
    {
      bytes = g_bytes_new_static (text, size);
      entry = kab_key_store_import_bytes (folder, bytes, pem, source_passphrase, passphrase, error);
      if (entry == NULL)
        g_prefix_error (error, "%s: ", source);
    }
  OPENSSL_cleanse (text, size);
  g_free (text);
  return entry;
}
