/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "package-forge.h"

#include "kab-archive-private.h"
#include "kab-package-resign.h"

#define UUID "00000000-0000-4000-8000-00000000000b"
#define DATE (TEST_NOW * G_USEC_PER_SEC + 6)

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

static GHashTable *
changes_of (const char *attribute,
            const char *value)
{
  GHashTable *changes = g_hash_table_new (g_str_hash, g_str_equal);

  if (attribute != NULL)
    g_hash_table_insert (changes, (gpointer) attribute, (gpointer) value);
  return changes;
}

static void
assert_same_members (KabPackageReader *before,
                     KabPackageReader *after)
{
  GPtrArray *members = kab_package_reader_get_members (before);
  guint n_kept = 0;

  for (guint i = 0; i < members->len; i++)
    if (!g_strv_contains (kab_package_sealed_members, members->pdata[i]))
      {
        g_autoptr(GBytes) a = kab_package_reader_read (before, members->pdata[i], 1 << 20, NULL);
        g_autoptr(GBytes) b = kab_package_reader_read (after, members->pdata[i], 1 << 20, NULL);

        g_assert_true (g_bytes_equal (a, b));
        n_kept++;
      }
  g_assert_cmpuint (kab_package_reader_get_members (after)->len, ==, n_kept + 4);
}

/* What WAPT's own packager made, promoted; every other attribute and every member is as it was. */
static void
test_maturity (void)
{
  static const char * const changed[] = { "maturity", "package_uuid", "signature_date", "signature", "signed_attributes",
                                          "signer", "signer_fingerprint", NULL };
  g_autoptr(KabPackageReader) before = open_recorded ("self-signed_tis-hello_1.2.3-4_x64_PROD_fr-en.wapt");
  g_autoptr(KabSigner) signer = recorded_signer_of ("keys/signer-chain.crt", "keys/signer.pem");
  g_autoptr(GPtrArray) trusted = trust ("keys/ca.crt", NULL);
  g_autoptr(GHashTable) changes = changes_of ("maturity", "PREPROD");
  g_autoptr(KabPackageReader) after = NULL;
  g_autoptr(KabSignature) signature = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) again = NULL;
  g_autoptr(GError) error = NULL;
  KabPackage *old = kab_package_reader_get_package (before);
  KabPackage *package;
  g_auto(GStrv) names = kab_package_dup_attribute_names (old);

  bytes = kab_package_resign (before, signer, changes, NULL, UUID, DATE, &error);
  g_assert_no_error (error);
  again = kab_package_resign (before, signer, changes, NULL, UUID, DATE, &error);
  g_assert_true (g_bytes_equal (bytes, again));

  after = kab_package_reader_open_bytes (bytes, &error);
  g_assert_no_error (error);
  signature = kab_package_reader_verify (after, trusted, TEST_NOW);
  g_assert_cmpint (signature->status, ==, KAB_SIGNATURE_TRUSTED);
  package = kab_package_reader_get_package (after);
  g_assert_cmpstr (kab_package_get (package, "maturity"), ==, "PREPROD");
  g_assert_cmpstr (kab_package_get (package, "package_uuid"), ==, UUID);
  g_assert_cmpstr (kab_package_get (package, "signature_date"), ==, "2027-01-01T00:00:00.000006");
  g_assert_cmpstr (kab_package_get (package, "signer"), ==, "peer-signer");
  for (guint i = 0; names[i] != NULL; i++)
    if (!g_strv_contains (changed, names[i]))
      g_assert_cmpstr (kab_package_get (package, names[i]), ==, kab_package_get (old, names[i]));
  assert_same_members (before, after);
}

static void
test_keep_date (void)
{
  g_autoptr(KabPackageReader) before = open_recorded ("grp-compta_7.wapt");
  g_autoptr(KabSigner) signer = recorded_signer ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = kab_package_resign (before, signer, NULL, NULL, UUID, KAB_PACKAGE_KEEP_DATE, &error);
  g_autoptr(KabPackageReader) after = kab_package_reader_open_bytes (bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (kab_package_get (kab_package_reader_get_package (after), "signature_date"), ==,
                   kab_package_get (kab_package_reader_get_package (before), "signature_date"));
}

/* One member gets another content, and what a package does not have it does not get. */
static void
test_members (void)
{
  g_autoptr(KabPackageReader) before = open_recorded ("self-signed_tis-hello_1.2.3-4_x64_PROD_fr-en.wapt");
  g_autoptr(KabSigner) signer = recorded_signer_of ("keys/signer-chain.crt", "keys/signer.pem");
  g_autoptr(GPtrArray) trusted = trust ("keys/ca.crt", NULL);
  g_autoptr(GHashTable) members = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GBytes) content = g_bytes_new_static ("print ('another')\n", 18);
  g_autoptr(GBytes) found = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(KabPackageReader) after = NULL;
  g_autoptr(KabSignature) signature = NULL;

  g_hash_table_insert (members, (gpointer) "setup.py", content);
  g_hash_table_insert (members, (gpointer) "nowhere", content);
  g_hash_table_insert (members, (gpointer) "WAPT/control", content);
  bytes = kab_package_resign (before, signer, NULL, members, UUID, DATE, &error);
  g_assert_no_error (error);
  after = kab_package_reader_open_bytes (bytes, &error);
  g_assert_no_error (error);
  signature = kab_package_reader_verify (after, trusted, TEST_NOW);
  g_assert_cmpint (signature->status, ==, KAB_SIGNATURE_TRUSTED);
  found = kab_package_reader_read (after, "setup.py", 1000, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (found, content));
  g_assert_false (kab_package_reader_has (after, "nowhere"));
  g_assert_cmpstr (kab_package_get_name (kab_package_reader_get_package (after)), ==, "tis-hello");
}

static void
test_refusals (void)
{
  static const struct {
    const char *file;
    const char *certificate;
    const char *key;
    const char *attribute;
    const char *value;
    gint64 now;
    int code;
  } cases[] = {
    { "01_file_changed.wapt", "keys/self.crt", "keys/self.pem", NULL, NULL, TEST_NOW, KAB_ERROR_BAD_SIGNATURE },
    { "06_manifest_changed.wapt", "keys/self.crt", "keys/self.pem", NULL, NULL, TEST_NOW, KAB_ERROR_BAD_SIGNATURE },
    { "10_certificate_swapped.wapt", "keys/self.crt", "keys/self.pem", NULL, NULL, TEST_NOW, KAB_ERROR_BAD_SIGNATURE },
    { "self-signed_tis-hello_1.2.3-4_x64_PROD_fr-en.wapt", "keys/nocs.crt", "keys/nocs.pem", NULL, NULL, TEST_NOW,
      KAB_ERROR_USAGE },
    { "grp-compta_7.wapt", "keys/self.crt", "keys/self.pem", "version", "1.2a", TEST_NOW, KAB_ERROR_USAGE },
    { "grp-compta_7.wapt", "keys/self.crt", "keys/self.pem", "package", "", TEST_NOW, KAB_ERROR_USAGE },
    { "grp-compta_7.wapt", "keys/self.crt", "keys/self.pem", "bad name", "x", TEST_NOW, KAB_ERROR_USAGE },
    { "grp-compta_7.wapt", "keys/self.crt", "keys/self.pem", "installed_size", "many", TEST_NOW, KAB_ERROR_USAGE },
    { "grp-compta_7.wapt", "keys/self.crt", "keys/self.pem", NULL, NULL, 1000000000, KAB_ERROR_USAGE },
    { "grp-compta_7.wapt", "keys/self.crt", "keys/self.pem", NULL, NULL, G_GINT64_CONSTANT (2200000000), KAB_ERROR_USAGE },
    { "grp-compta_7.wapt", "keys/nocs.crt", "keys/nocs.pem", "depends", " a ,b\n\n c ", TEST_NOW, -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(KabPackageReader) before = open_recorded (cases[i].file);
      g_autoptr(KabSigner) signer = recorded_signer_of (cases[i].certificate, cases[i].key);
      g_autoptr(GHashTable) changes = changes_of (cases[i].attribute, cases[i].value);
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) bytes = NULL;

      g_test_message ("case %u", i);
      kab_signer_set_time (signer, cases[i].now);
      bytes = kab_package_resign (before, signer, changes, NULL, UUID, DATE, &error);
      if (cases[i].code >= 0)
        g_assert_error (error, KAB_ERROR, cases[i].code);
      else
        g_assert_no_error (error);
      g_assert_cmpint (bytes != NULL, ==, cases[i].code < 0);
    }
}

/* What somebody else put in by hand: no signature at all; names in code page 437, stored, with descriptors. */
static void
test_unsigned (void)
{
  static const TestMember members[] = { { "WAPT/control", MINIMAL_CONTROL "\nchangelog: x" }, { "a\202", "x" }, { NULL } };
  g_autoptr(GBytes) plain = zip_of (members);
  gsize size;
  guint8 *copy = g_memdup2 (g_bytes_get_data (plain, &size), g_bytes_get_size (plain));
  g_autoptr(GBytes) old = g_bytes_new_take (copy, size);
  g_autoptr(KabSigner) signer = recorded_signer ();
  g_autoptr(KabPackageReader) before = NULL;
  g_autoptr(KabPackageReader) after = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  guint8 *central;

  /* The name is not UTF-8, and both headers say so. */
  central = central_header (copy, size, 1);
  central[9] &= (guint8) ~0x08;
  copy[kab_get_u32 (central + 42) + 7] &= (guint8) ~0x08;
  before = kab_package_reader_open_bytes (old, &error);
  g_assert_no_error (error);
  g_assert_true (kab_package_reader_has (before, "aé"));
  bytes = kab_package_resign (before, signer, NULL, NULL, UUID, DATE, &error);
  g_assert_no_error (error);
  after = kab_package_reader_open_bytes (bytes, &error);
  g_assert_no_error (error);
  g_assert_true (kab_package_reader_has (after, "aé"));
  assert_same_members (before, after);
}

static void
test_file (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("kab-resign-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "a.wapt", NULL);
  g_autofree char *bad = g_build_filename (folder, "b.wapt", NULL);
  g_autoptr(KabPackageReader) before = open_recorded ("self-signed_tis-hello_1.2.3-4_x64_PROD_fr-en.wapt");
  g_autoptr(KabPackageReader) tampered = open_recorded ("01_file_changed.wapt");
  g_autoptr(KabSigner) signer = recorded_signer ();
  g_autoptr(GBytes) bytes = kab_package_resign (before, signer, NULL, NULL, UUID, DATE, &error);
  g_autofree char *content = NULL;
  gsize size;

  g_assert_true (kab_package_resign_to_file (before, signer, NULL, UUID, DATE, path, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &content, &size, NULL));
  g_assert_cmpmem (content, size, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  g_assert_false (kab_package_resign_to_file (before, signer, NULL, UUID, DATE, path, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_STORAGE);
  g_clear_error (&error);
  g_assert_false (kab_package_resign_to_file (tampered, signer, NULL, UUID, DATE, bad, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_SIGNATURE);
  g_assert_false (g_file_test (bad, G_FILE_TEST_EXISTS));
  g_unlink (path);
  g_rmdir (folder);
}

/* More members than the old form of zip can count, and what begins behind 4 GiB, as headers. */
static void
test_zip64 (void)
{
  g_autoptr(GBytes) old = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(KabArchive) archive = NULL;
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  static const TestMember members[] = { { "WAPT/control", MINIMAL_CONTROL }, { NULL } };
  g_autoptr(GBytes) plain = zip_of (members);
  guint8 extra[] = { 1, 0, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
  guint8 record[76] = { 'P', 'K', 6, 6, 44, 0, 0, 0, 0, 0, 0, 0, 45, 3, 45 };
  gsize size, start;
  const guint8 *data = g_bytes_get_data (plain, &size);
  guint8 *central;

  /* The same archive, saying all of it in 64 bits. */
  central = central_header ((guint8 *) data, size, 0);
  start = (gsize) (central - data);
  memcpy (extra + 4, central + 24, 4);       /* size */
  memcpy (extra + 12, central + 20, 4);      /* packed */
  g_byte_array_append (bytes, data, (guint) (size - 22));
  central = bytes->data + start;
  memset (central + 20, 0xff, 8);
  memset (central + 42, 0xff, 4);
  central[30] = sizeof extra;
  g_byte_array_append (bytes, extra, sizeof extra);
  record[24] = record[32] = 1;
  record[40] = (guint8) (bytes->len - start);
  memcpy (record + 48, &(guint64) { GUINT64_TO_LE (start) }, 8);
  memcpy (record + 56, "PK\6\7\0\0\0\0", 8);
  memcpy (record + 64, &(guint64) { GUINT64_TO_LE (bytes->len) }, 8);
  record[72] = 1;
  g_byte_array_append (bytes, record, sizeof record);
  g_byte_array_append (bytes, (const guint8 *) "PK\5\6\0\0\0\0\377\377\377\377\377\377\377\377\377\377\377\377\0\0", 22);

  old = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  archive = kab_archive_open_bytes (old, FALSE, &error);
  g_assert_no_error (error);
  g_assert_true (kab_archive_has (archive, "WAPT/control"));
  g_clear_pointer (&old, g_bytes_unref);
  old = kab_archive_read (archive, "WAPT/control", 4096, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (old), ==, strlen (MINIMAL_CONTROL));
}

/* Five GiB in a file with a hole, stored: read, signed anew and read again in bounded memory. Only where it is asked for. */
static void
test_large (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("kab-large-XXXXXX", &error);
  g_autofree char *first = g_build_filename (folder, "a.wapt", NULL);
  g_autofree char *second = g_build_filename (folder, "b.wapt", NULL);
  g_autofree char *script = NULL;
  g_autoptr(KabPackageReader) reader = NULL;
  g_autoptr(KabSigner) signer = NULL;
  int status = -1;

  if (!g_test_slow ())
    {
      g_rmdir (folder);
      g_test_skip ("five GiB: -m slow");
      return;
    }
  script = g_strdup_printf ("import zipfile\nwith zipfile.ZipFile('%s', 'w', zipfile.ZIP_STORED) as z:\n"
                            "  z.writestr('WAPT/control', '''%s''')\n  with z.open('big.bin', 'w', force_zip64=True) as f:\n"
                            "    for i in range(5 * 1024): f.write(bytes(1 << 20))\n  z.writestr('after', 'x')\n",
                            first, MINIMAL_CONTROL);
  g_assert_true (g_spawn_sync (NULL, (char *[]) { (char *) "python3", (char *) "-c", script, NULL }, NULL,
                               G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, NULL));
  g_assert_cmpint (status, ==, 0);
  signer = recorded_signer ();
  reader = kab_package_reader_open (first, &error);
  g_assert_no_error (error);
  g_assert_true (kab_package_resign_to_file (reader, signer, NULL, UUID, DATE, second, &error));
  g_assert_no_error (error);
  g_unlink (first);
  g_unlink (second);
  g_rmdir (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/package-resign/maturity", test_maturity);
  g_test_add_func ("/package-resign/keep-date", test_keep_date);
  g_test_add_func ("/package-resign/members", test_members);
  g_test_add_func ("/package-resign/refusals", test_refusals);
  g_test_add_func ("/package-resign/unsigned", test_unsigned);
  g_test_add_func ("/package-resign/file", test_file);
  g_test_add_func ("/package-resign/zip64", test_zip64);
  g_test_add_func ("/package-resign/large", test_large);
  return g_test_run ();
}
