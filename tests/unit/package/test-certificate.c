/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "package-support.h"

#include <sys/stat.h>

static void
test_identity (void)
{
  g_autoptr(KabCertificate) self_signed = recorded_certificate ("keys/self.crt");
  g_autoptr(KabCertificate) chain = recorded_certificate ("keys/signer-chain.crt");
  g_autoptr(KabCertificate) not_for_code = recorded_certificate ("keys/nocs.crt");
  const KabIdentity *identity = kab_certificate_get_identity (self_signed);

  g_assert_cmpstr (identity->name, ==, "peer-self-signed");
  g_assert_cmpstr (identity->issuer, ==, "peer-self-signed");
  g_assert_cmpstr (identity->fingerprint, ==, "d0d1be45fa37c92760aefc13b7803fbd47a3019f21f78d8d19de4c51fe787c04");
  g_assert_cmpint (identity->not_before, ==, G_GINT64_CONSTANT (1795245652));
  g_assert_cmpint (identity->not_after, >, identity->not_before);
  g_assert_true (identity->can_sign_code);
  g_assert_true (identity->is_self_signed);

  g_assert_cmpstr (kab_certificate_get_identity (chain)->name, ==, "peer-signer");
  g_assert_cmpstr (kab_certificate_get_identity (chain)->issuer, ==, "Peer Root CA");
  g_assert_false (kab_certificate_get_identity (chain)->is_authority);
  g_assert_false (kab_certificate_get_identity (not_for_code)->can_sign_code);
  g_assert_nonnull (strstr (kab_certificate_get_chain_pem (chain),
                            "-----END CERTIFICATE-----\n\n-----BEGIN CERTIFICATE-----"));
}

static void
test_chain (void)
{
  static const struct {
    const char *certificate;
    const char *trusted;
    gint64 now;
    KabSignatureStatus status;
  } cases[] = {
    { "keys/self.crt", "keys/self.crt", TEST_NOW, KAB_SIGNATURE_TRUSTED },
    { "keys/self.crt", "keys/ca.crt", TEST_NOW, KAB_SIGNATURE_UNTRUSTED },
    { "keys/signer.crt", "keys/ca.crt", TEST_NOW, KAB_SIGNATURE_TRUSTED },
    { "keys/signer-chain.crt", "keys/ca.crt", TEST_NOW, KAB_SIGNATURE_TRUSTED },
    { "keys/signer-chain.crt", "keys/self.crt", TEST_NOW, KAB_SIGNATURE_UNTRUSTED },
    { "keys/ca.crt", "keys/signer.crt", TEST_NOW, KAB_SIGNATURE_UNTRUSTED },
    { "keys/nocs.crt", "keys/signer.crt", TEST_NOW, KAB_SIGNATURE_UNTRUSTED },
    { "keys/self.crt", "keys/self.crt", 1000000000, KAB_SIGNATURE_EXPIRED },
    { "keys/signer.crt", "keys/ca.crt", G_GINT64_CONSTANT (2200000000), KAB_SIGNATURE_EXPIRED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(KabCertificate) certificate = recorded_certificate (cases[i].certificate);
      g_autoptr(GPtrArray) trusted = trust (cases[i].trusted, NULL);

      g_test_message ("%s by %s", cases[i].certificate, cases[i].trusted);
      g_assert_cmpint (kab_certificate_check (certificate, trusted, cases[i].now), ==, cases[i].status);
    }
}

static void
test_hostile (void)
{
  static const char * const texts[] = {
    "", "no certificate", "-----BEGIN CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n",
    "x -----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n",
    "-----BEGIN RSA PRIVATE KEY-----\nAA==\n-----END RSA PRIVATE KEY-----\n",
  };
  g_autofree char *huge = g_strnfill (1024 * 1024, 'A');
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_assert_null (kab_certificate_new_from_pem (texts[i], -1, &error));
      g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
      g_clear_error (&error);
    }
  g_assert_null (kab_certificate_new_from_pem (huge, -1, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
  g_clear_error (&error);
  g_assert_null (kab_certificate_new_from_file ("/nonexistent/x.crt", &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND);
}

static void
test_signer (void)
{
  static const struct {
    const char *certificate;
    const char *key;
    const char *passphrase;
    int code;               /* -1: opens */
    gboolean needs_passphrase;
  } cases[] = {
    { "keys/self.crt", "keys/self.pem", NULL, -1, FALSE },
    { "keys/self.crt", "keys/self.pem", "not needed", -1, FALSE },
    { "keys/enc.crt", "keys/enc.pem", "secretpw", -1, TRUE },
    { "keys/enc.crt", "keys/enc.pem", "wrong", KAB_ERROR_PASSPHRASE, TRUE },
    { "keys/enc.crt", "keys/enc.pem", "", KAB_ERROR_PASSPHRASE, TRUE },
    { "keys/enc.crt", "keys/enc.pem", NULL, KAB_ERROR_PASSPHRASE, TRUE },
    { "keys/self.crt", "keys/self-pkcs8-enc.pem", "secretpw", -1, TRUE },
    { "keys/self.crt", "keys/self-pkcs8-enc.pem", "wrong", KAB_ERROR_PASSPHRASE, TRUE },
    { "keys/self.crt", "keys/self-pkcs8-enc.pem", NULL, KAB_ERROR_PASSPHRASE, TRUE },
    { "keys/self.crt", "keys/signer.pem", NULL, KAB_ERROR_BAD_DATA, FALSE },
    { "keys/self.crt", "keys/self.crt", NULL, KAB_ERROR_BAD_DATA, FALSE },
    { "keys/self.crt", "keys/absent.pem", NULL, KAB_ERROR_NOT_FOUND, FALSE },
    { "keys/absent.crt", "keys/self.pem", NULL, KAB_ERROR_NOT_FOUND, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *certificate = recorded (cases[i].certificate);
      g_autofree char *key = recorded (cases[i].key);
      g_autoptr(GError) error = NULL;
      g_autoptr(KabSigner) signer = kab_signer_new (certificate, key, cases[i].passphrase, &error);
      g_autofree char *signature = NULL;

      g_test_message ("%s with %s", cases[i].key, cases[i].passphrase);
      g_assert_cmpint (kab_signer_key_needs_passphrase (key), ==, cases[i].needs_passphrase);
      if (cases[i].code >= 0)
        {
          g_assert_error (error, KAB_ERROR, cases[i].code);
          g_assert_null (signer);
          continue;
        }
      g_assert_no_error (error);
      signature = kab_signer_sign (signer, "abc", 3, &error);
      g_assert_no_error (error);
      g_assert_null (strchr (signature, '\n'));
      g_assert_true (kab_certificate_verify_base64 (kab_signer_get_certificate (signer), "abc", 3, signature));
      g_assert_false (kab_certificate_verify_base64 (kab_signer_get_certificate (signer), "abd", 3, signature));
      g_assert_false (kab_certificate_verify_base64 (kab_signer_get_certificate (signer), "abc", 3, "AAAA"));
      g_assert_false (kab_certificate_verify_base64 (kab_signer_get_certificate (signer), "abc", 3, ""));
    }
}

static void
test_generate (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("kab-signer-XXXXXX", &error);
  g_autofree char *key = g_build_filename (folder, "me.pem", NULL);
  g_autofree char *certificate = g_build_filename (folder, "me.crt", NULL);
  g_autoptr(GPtrArray) trusted = g_ptr_array_new ();
  g_autoptr(KabSigner) signer = NULL;
  const KabIdentity *identity;
  struct stat info;

  g_assert_true (kab_signer_generate ("Émilie Practice", key, certificate, "long secret", TRUE, 0, &error));
  g_assert_no_error (error);
  g_assert_cmpint (stat (key, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_true (kab_signer_key_needs_passphrase (key));

  signer = kab_signer_new (certificate, key, "long secret", &error);
  g_assert_no_error (error);
  identity = kab_certificate_get_identity (kab_signer_get_certificate (signer));
  g_assert_cmpstr (identity->name, ==, "Émilie Practice");
  g_assert_true (identity->can_sign_code);
  g_assert_true (identity->is_authority);
  g_assert_cmpint (identity->not_after - identity->not_before, ==, G_GINT64_CONSTANT (3651) * 24 * 60 * 60);
  g_ptr_array_add (trusted, kab_signer_get_certificate (signer));
  g_assert_cmpint (kab_certificate_check (kab_signer_get_certificate (signer), trusted,
                                          g_get_real_time () / G_USEC_PER_SEC), ==, KAB_SIGNATURE_TRUSTED);

  /* A key is never written over. */
  g_assert_false (kab_signer_generate ("Other", key, certificate, NULL, TRUE, 0, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_STORAGE);
  g_clear_error (&error);
  g_assert_false (kab_signer_generate ("", key, certificate, NULL, TRUE, 0, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_USAGE);
  g_unlink (key);
  g_unlink (certificate);
  g_rmdir (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/certificate/identity", test_identity);
  g_test_add_func ("/certificate/chain", test_chain);
  g_test_add_func ("/certificate/hostile", test_hostile);
  g_test_add_func ("/signer/keys", test_signer);
  g_test_add_func ("/signer/generate", test_generate);
  return g_test_run ();
}
