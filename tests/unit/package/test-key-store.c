/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "package-support.h"

#include <sys/stat.h>

#include "kab-certificate-private.h"
#include "kab-key-store.h"
#include "kab-package-index.h"

typedef struct {
  char *folder;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("kab-keys-XXXXXX", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GDir) folder = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
}

static char *
source_of (const char *name)
{
  return strchr (name, '/') != NULL ? recorded (name) : data_file (name);
}

static void
test_import (Fixture       *fixture,
             gconstpointer  data)
{
  static const struct {
    const char *source;
    const char *certificate;
    const char *passphrase;
    const char *fresh;
    int code;              /* -1: comes in */
    const char *name;
  } cases[] = {
    { "old-ciphers.p12", NULL, "secretpw", "new", -1, "peer-self-signed" },
    { "chain.p12", NULL, "secretpw", "new", -1, "peer-signer" },
    { "no-passphrase.p12", NULL, NULL, "new", -1, "peer-self-signed" },
    { "no-passphrase.p12", NULL, "", "new", -1, "peer-self-signed" },
    { "keys/enc.pem", NULL, "secretpw", "new", -1, "peer-encrypted-key" },
    { "keys/enc.pem", "keys/enc.crt", "secretpw", "new", -1, "peer-encrypted-key" },
    { "keys/self-pkcs8-enc.pem", "keys/self.crt", "secretpw", "new", -1, "peer-self-signed" },
    { "keys/self.pem", "keys/self.crt", NULL, "new", -1, "peer-self-signed" },
    { "old-ciphers.p12", NULL, "wrong", "new", KAB_ERROR_PASSPHRASE, NULL },
    { "old-ciphers.p12", NULL, NULL, "new", KAB_ERROR_PASSPHRASE, NULL },
    { "chain.p12", NULL, "", "new", KAB_ERROR_PASSPHRASE, NULL },
    { "keys/enc.pem", NULL, "wrong", "new", KAB_ERROR_PASSPHRASE, NULL },
    { "keys/enc.pem", NULL, NULL, "new", KAB_ERROR_PASSPHRASE, NULL },
    { "keys/self-pkcs8-enc.pem", NULL, "secretpw", "new", KAB_ERROR_BAD_DATA, NULL },
    { "keys/self.pem", "keys/signer.crt", NULL, "new", KAB_ERROR_BAD_DATA, NULL },
    { "keys/self.crt", NULL, NULL, "new", KAB_ERROR_BAD_DATA, NULL },
    { "ec.pem", NULL, NULL, "new", KAB_ERROR_BAD_DATA, NULL },
    { "clean.crl", NULL, NULL, "new", KAB_ERROR_BAD_DATA, NULL },
    { "slow.pem", "keys/self.crt", "secretpw", "new", KAB_ERROR_BAD_DATA, NULL },
    { "slow.p12", NULL, "secretpw", "new", KAB_ERROR_BAD_DATA, NULL },
    { "keys/self.pem", NULL, NULL, NULL, KAB_ERROR_USAGE, NULL },
    { "keys/self.pem", NULL, NULL, "", KAB_ERROR_USAGE, NULL },
    { "absent.p12", NULL, NULL, "new", KAB_ERROR_NOT_FOUND, NULL },
    { "keys/self.pem", "keys/absent.crt", NULL, "new", KAB_ERROR_NOT_FOUND, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *source = source_of (cases[i].source);
      g_autofree char *certificate = cases[i].certificate != NULL ? source_of (cases[i].certificate) : NULL;
      g_autoptr(GError) error = NULL;
      g_autoptr(KabKeyEntry) entry = kab_key_store_import (fixture->folder, source, certificate, cases[i].passphrase,
                                                           cases[i].fresh, &error);
      g_autoptr(KabSigner) signer = NULL;
      g_autofree char *text = NULL;
      struct stat info;

      g_test_message ("%s with %s: %s", cases[i].source, cases[i].passphrase, error != NULL ? error->message : "in");
      if (cases[i].code >= 0)
        {
          g_assert_error (error, KAB_ERROR, cases[i].code);
          g_assert_null (entry);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpstr (entry->identity->name, ==, cases[i].name);
      g_assert_cmpint (stat (entry->key_path, &info), ==, 0);
      g_assert_cmpint (info.st_mode & 0777, ==, 0600);
      g_assert_true (g_file_get_contents (entry->key_path, &text, NULL, NULL));
      g_assert_nonnull (strstr (text, "BEGIN RSA PRIVATE KEY"));
      g_assert_nonnull (strstr (text, "Proc-Type: 4,ENCRYPTED"));
      g_assert_null (kab_signer_new (entry->certificate_path, entry->key_path, "secretpw", NULL));
      signer = kab_signer_new (entry->certificate_path, entry->key_path, "new", &error);
      g_assert_no_error (error);
      g_assert_nonnull (signer);

      /* A key is never written over. */
      g_assert_null (kab_key_store_import (fixture->folder, source, certificate, cases[i].passphrase, "new", &error));
      g_assert_error (error, KAB_ERROR, KAB_ERROR_STORAGE);
      g_unlink (entry->key_path);
      g_unlink (entry->certificate_path);
    }
}

/* The certificates behind a signer come with it. */
static void
test_chain (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *source = data_file ("chain.p12");
  g_autoptr(GPtrArray) trusted = trust ("keys/ca.crt", NULL);
  g_autoptr(KabCertificate) certificate = NULL;
  g_autoptr(KabKeyEntry) entry = NULL;

  entry = kab_key_store_import (fixture->folder, source, NULL, "secretpw", "new", NULL);
  certificate = kab_certificate_new_from_file (entry->certificate_path, NULL);
  g_assert_cmpuint (kab_certificate_peek_all (certificate)->len, ==, 2);
  g_assert_cmpint (kab_certificate_check (certificate, trusted, TEST_NOW), ==, KAB_SIGNATURE_TRUSTED);
}

static void
test_list (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *keys = recorded ("keys");
  g_autofree char *broken = g_build_filename (fixture->folder, "broken.pem", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) recorded_keys = kab_key_store_list (keys, &error);
  g_autoptr(GPtrArray) ours = NULL;
  g_autoptr(KabKeyEntry) made = NULL;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  g_assert_no_error (error);
  g_assert_cmpuint (recorded_keys->len, ==, 5);
  for (guint i = 0; i < recorded_keys->len; i++)
    {
      const KabKeyEntry *entry = recorded_keys->pdata[i];
      const char *name = entry->identity->name;

      g_test_message ("%s: %s", name, entry->key_path);
      g_assert_cmpint (entry->key_path == NULL, ==, g_str_equal (name, "Peer Root CA"));
      g_assert_cmpint (entry->key_is_encrypted, ==, g_str_equal (name, "peer-encrypted-key"));
      g_assert_cmpuint (entry->bits, ==, 2048);
      g_assert_false (entry->has_legacy_strength);
    }

  g_assert_true (g_file_set_contents (broken, "-----BEGIN CERTIFICATE-----\nAAAA", -1, NULL));
  made = kab_key_store_create (fixture->folder, "Émilie / ../../x", "long secret", FALSE, 30, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (made->key_path, "/Émilie-..-..-x.pem"));
  g_assert_false (made->identity->can_sign_code);
  g_assert_cmpstr (kab_identity_get_purpose (made->identity), ==,
                   "May sign rules and packages of hosts, groups and units, but no programs");
  g_assert_cmpint (kab_identity_get_expiry (made->identity, now), ==, KAB_EXPIRY_SOON);
  g_assert_cmpint (kab_identity_get_expiry (made->identity, now + 40 * 24 * 3600), ==, KAB_EXPIRY_PAST);
  g_assert_cmpint (kab_identity_get_expiry (made->identity, now - 40 * 24 * 3600), ==, KAB_EXPIRY_NOT_YET);
  ours = kab_key_store_list (fixture->folder, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ours->len, ==, 1);
  g_assert_cmpstr (((KabKeyEntry *) ours->pdata[0])->key_path, ==, made->key_path);
  g_assert_true (((KabKeyEntry *) ours->pdata[0])->key_is_encrypted);

  g_assert_null (kab_key_store_create (fixture->folder, "Other", NULL, TRUE, 0, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_USAGE);
  g_clear_error (&error);
  g_assert_null (kab_key_store_list ("/nonexistent", &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND);
}

static KabRevocationList *
list_of (const char *name)
{
  g_autofree char *path = data_file (name);
  g_autoptr(GError) error = NULL;
  KabRevocationList *list = kab_revocation_list_new_from_file (path, &error);

  g_assert_no_error (error);
  return list;
}

static void
test_revocation (Fixture       *fixture,
                 gconstpointer  data)
{
  static const struct {
    const char *list;
    const char *trusted;
    KabSignatureStatus status;
  } cases[] = {
    { NULL, "revoking-ca.crt", KAB_SIGNATURE_TRUSTED },
    { "clean.crl", "revoking-ca.crt", KAB_SIGNATURE_TRUSTED },
    { "revoked.crl", "revoking-ca.crt", KAB_SIGNATURE_REVOKED },
    { "outdated.crl", "revoking-ca.crt", KAB_SIGNATURE_EXPIRED },
    { "forged.crl", "revoking-ca.crt", KAB_SIGNATURE_TRUSTED },
    { "revoked.crl", "revoked.crt", KAB_SIGNATURE_REVOKED },     /* pinned, and taken back all the same */
    { "clean.crl", "weak.crt", KAB_SIGNATURE_UNTRUSTED },
  };
  g_autofree char *path = data_file ("revoked.crt");
  g_autoptr(KabCertificate) certificate = kab_certificate_new_from_file (path, NULL);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GPtrArray) trusted = g_ptr_array_new_with_free_func (g_object_unref);
      g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func (g_object_unref);
      g_autofree char *anchor = data_file (cases[i].trusted);

      g_test_message ("case %u", i);
      g_ptr_array_add (trusted, kab_certificate_new_from_file (anchor, NULL));
      if (cases[i].list != NULL)
        g_ptr_array_add (lists, list_of (cases[i].list));
      g_assert_cmpint (kab_certificate_check_revoked (certificate, trusted, lists, TEST_NOW), ==, cases[i].status);
    }
  g_assert_null (kab_revocation_list_new ("x", 1, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
}

/* ssl/ and crl/ of an index, and what makes no sense in there */
static void
test_index (Fixture       *fixture,
            gconstpointer  data)
{
  static const TestMember odd[] = { { "Packages", MINIMAL_CONTROL }, { "ssl/x.crt", "none" }, { "crl/x.crl", "none" }, { NULL } };
  g_autoptr(GPtrArray) packages = g_ptr_array_new ();
  g_autoptr(GPtrArray) certificates = trust ("keys/self.crt", "keys/signer-chain.crt", NULL);
  g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) read_packages = NULL;
  g_autoptr(GPtrArray) read_certificates = NULL;
  g_autoptr(GPtrArray) read_lists = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) strange = zip_of (odd);
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (lists, list_of ("clean.crl"));
  g_ptr_array_add (lists, list_of ("revoked.crl"));      /* of the same authority: once */
  bytes = kab_package_index_build_with_lists (packages, certificates, lists, &error);
  g_assert_no_error (error);
  read_packages = kab_package_index_read_all (bytes, &read_certificates, &read_lists, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read_packages->len, ==, 0);
  g_assert_cmpuint (read_certificates->len, ==, 2);
  g_assert_cmpuint (read_lists->len, ==, 1);
  g_assert_cmpuint (strlen (kab_revocation_list_get_authority (read_lists->pdata[0])), ==, 40);
  g_assert_cmpint (kab_revocation_list_get_next_update (read_lists->pdata[0]), >, TEST_NOW);

  g_clear_pointer (&read_packages, g_ptr_array_unref);
  g_clear_pointer (&read_certificates, g_ptr_array_unref);
  g_clear_pointer (&read_lists, g_ptr_array_unref);
  read_packages = kab_package_index_read_all (strange, &read_certificates, &read_lists, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read_packages->len, ==, 1);
  g_assert_cmpuint (read_certificates->len + read_lists->len, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/key-store/import", Fixture, NULL, set_up, test_import, tear_down);
  g_test_add ("/key-store/chain", Fixture, NULL, set_up, test_chain, tear_down);
  g_test_add ("/key-store/list", Fixture, NULL, set_up, test_list, tear_down);
  g_test_add ("/key-store/revocation", Fixture, NULL, set_up, test_revocation, tear_down);
  g_test_add ("/key-store/index", Fixture, NULL, set_up, test_index, tear_down);
  return g_test_run ();
}
