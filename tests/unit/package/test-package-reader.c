/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "package-support.h"

static KabPackageReader *
open_recorded (const char *name)
{
  g_autofree char *folder = recorded ("packages");
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr(GError) error = NULL;
  KabPackageReader *reader = kab_package_reader_open (path, &error);

  g_assert_no_error (error);
  return reader;
}

static void
test_recorded (void)
{
  static const struct {
    const char *name;
    const char *trusted;
    KabSignatureStatus status;
    const char *detail;       /* what the log names */
  } cases[] = {
    { "self-signed_tis-hello_1.2.3-4_x64_PROD_fr-en.wapt", "keys/self.crt", KAB_SIGNATURE_TRUSTED, "good" },
    { "self-signed_tis-hello_1.2.3-4_x64_PROD_fr-en.wapt", "keys/ca.crt", KAB_SIGNATURE_UNTRUSTED, "nobody" },
    { "ca-chain_tis-hello_1.2.3-4_x64_PROD_fr-en.wapt", "keys/ca.crt", KAB_SIGNATURE_TRUSTED, "good" },
    { "ca-chain_tis-hello_1.2.3-4_x64_PROD_fr-en.wapt", "keys/signer.crt", KAB_SIGNATURE_TRUSTED, "good" },
    { "grp-compta_7.wapt", "keys/self.crt", KAB_SIGNATURE_TRUSTED, "good" },
    { "untrusted_tis-hello_1.2.3-4_x64_PROD_fr-en.wapt", "keys/self.crt", KAB_SIGNATURE_UNTRUSTED, "nobody" },
    { "01_file_changed.wapt", "keys/self.crt", KAB_SIGNATURE_BROKEN, "setup.py: content differs" },
    { "06_manifest_changed.wapt", "keys/self.crt", KAB_SIGNATURE_BROKEN, "manifest: the signature does not fit" },
    { "10_certificate_swapped.wapt", "keys/self.crt", KAB_SIGNATURE_BROKEN, "certificate: not the one" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(KabPackageReader) reader = open_recorded (cases[i].name);
      g_autoptr(GPtrArray) trusted = trust (cases[i].trusted, NULL);
      g_autoptr(KabSignature) signature = kab_package_reader_verify (reader, trusted, TEST_NOW);

      g_test_message ("%s: %s", cases[i].name, signature->detail);
      g_assert_cmpint (signature->status, ==, cases[i].status);
      g_assert_nonnull (strstr (signature->detail, cases[i].detail));
      g_assert_nonnull (signature->signer);
    }
}

static void
test_expired (void)
{
  g_autoptr(KabPackageReader) reader = open_recorded ("grp-compta_7.wapt");
  g_autoptr(GPtrArray) trusted = trust ("keys/self.crt", NULL);
  g_autoptr(KabSignature) signature = kab_package_reader_verify (reader, trusted, G_GINT64_CONSTANT (2200000000));

  g_assert_cmpint (signature->status, ==, KAB_SIGNATURE_EXPIRED);
}

static void
test_members (void)
{
  g_autoptr(KabPackageReader) reader = open_recorded ("self-signed_tis-hello_1.2.3-4_x64_PROD_fr-en.wapt");
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = NULL;

  g_assert_cmpuint (kab_package_reader_get_members (reader)->len, ==, 9);
  g_assert_true (kab_package_reader_has (reader, "data/dir é/fichier é.txt"));
  g_assert_cmpstr (kab_package_get_name (kab_package_reader_get_package (reader)), ==, "tis-hello");
  bytes = kab_package_reader_read (reader, "data/dir é/fichier é.txt", 100, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 8);
  g_clear_pointer (&bytes, g_bytes_unref);

  bytes = kab_package_reader_read (reader, "data/empty", 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 0);

  g_assert_null (kab_package_reader_read (reader, "setup.py", 10, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
  g_clear_error (&error);
  g_assert_null (kab_package_reader_read (reader, "absent", 10, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (kab_package_reader_read_rules (reader, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND);
}

static void
test_hostile_names (void)
{
  static const TestMember cases[][4] = {
    { { "WAPT/control", MINIMAL_CONTROL }, { "../outside", "x" } },
    { { "WAPT/control", MINIMAL_CONTROL }, { "a/../../b", "x" } },
    { { "WAPT/control", MINIMAL_CONTROL }, { "/etc/passwd", "x" } },
    { { "WAPT/control", MINIMAL_CONTROL }, { "C:/x", "x" } },
    { { "WAPT/control", MINIMAL_CONTROL }, { "a//b", "x" } },
    { { "WAPT/control", MINIMAL_CONTROL }, { "a\nb", "x" } },
    { { "WAPT/control", MINIMAL_CONTROL }, { "twice", "x" }, { "twice", "y" } },
    { { "WAPT/control", MINIMAL_CONTROL }, { "case", "x" }, { "CASE", "y" } },
    { { "WAPT/control", MINIMAL_CONTROL }, { "link", "/etc/passwd", TRUE } },
    { { "other", "x" } },
    { { "WAPT/control", "" } },
    { { "WAPT/control", "no colon in here" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) bytes = zip_of (cases[i]);
      g_autoptr(GError) error = NULL;

      g_test_message ("case %u", i);
      g_assert_null (kab_package_reader_open_bytes (bytes, &error));
      g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
    }
}

/* Every cut and every single damaged byte is an error or a package that does not verify, never more. */
static void
test_damage (void)
{
  g_autofree char *path = recorded ("packages/grp-compta_7.wapt");
  g_autoptr(GPtrArray) trusted = trust ("keys/self.crt", NULL);
  g_autofree char *content = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &content, &size, NULL));
  for (gsize cut = 0; cut < size; cut += 97)
    {
      g_autoptr(GBytes) bytes = g_bytes_new (content, cut);
      g_autoptr(KabPackageReader) reader = kab_package_reader_open_bytes (bytes, NULL);

      g_assert_null (reader);
    }
  for (gsize at = 0; at < size; at += 31)
    {
      g_autofree char *copy = g_memdup2 (content, size);
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(KabPackageReader) reader = NULL;

      copy[at] ^= 0x20;
      bytes = g_bytes_new_static (copy, size);
      reader = kab_package_reader_open_bytes (bytes, NULL);
      if (reader != NULL)
        {
          g_autoptr(KabSignature) signature = kab_package_reader_verify (reader, trusted, TEST_NOW);

          g_assert_nonnull (signature);
        }
    }
}

static void
test_bomb (void)
{
  static const TestMember members[] = { { "WAPT/control", MINIMAL_CONTROL }, { "big", "small" }, { NULL } };
  g_autoptr(GBytes) honest = zip_of (members);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = NULL;
  gsize size;
  const char *data = g_bytes_get_data (honest, &size);
  char *copy = g_memdup2 (data, size);
  gboolean patched = FALSE;

  /* The directory says that every member is 2 GiB. */
  for (gsize i = 0; i + 46 < size; i++)
    if (memcmp (copy + i, "PK\1\2", 4) == 0)
      {
        memcpy (copy + i + 24, "\xff\xff\xff\x7f", 4);
        patched = TRUE;
      }
  g_assert_true (patched);
  bytes = g_bytes_new_take (copy, size);
  g_assert_null (kab_package_reader_open_bytes (bytes, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
  g_clear_error (&error);

  g_assert_null (kab_package_reader_open ("/nonexistent.wapt", &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (kab_package_reader_open ("/dev/null", &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/package-reader/recorded", test_recorded);
  g_test_add_func ("/package-reader/expired", test_expired);
  g_test_add_func ("/package-reader/members", test_members);
  g_test_add_func ("/package-reader/hostile-names", test_hostile_names);
  g_test_add_func ("/package-reader/damage", test_damage);
  g_test_add_func ("/package-reader/bomb", test_bomb);
  return g_test_run ();
}
