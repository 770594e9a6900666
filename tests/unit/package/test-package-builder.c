/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "package-support.h"

#include <locale.h>
#include <time.h>

#include "kab-control-canonical.h"
#include "kab-package-builder.h"
#include "kab-package-index.h"

#define TEST_UUID "00000000-0000-4000-8000-000000000001"
#define RULES "{\"allowed_kbs\":[\"KB5063878\"]}"

static GBytes *
build (KabSigner  *signer,
       const char *description)
{
  g_autoptr(KabPackageBuilder) builder = kab_package_builder_new ();
  g_autoptr(GBytes) rules = g_bytes_new_static (RULES, strlen (RULES));
  g_autoptr(GBytes) other = g_bytes_new_static ("été", strlen ("été"));
  g_autoptr(GError) error = NULL;
  GBytes *bytes;

  kab_package_builder_set (builder, "package", "demo-wua-rules");
  kab_package_builder_set (builder, "version", "7");
  kab_package_builder_set (builder, "architecture", "all");
  kab_package_builder_set (builder, "section", "wsus");
  kab_package_builder_set (builder, "priority", "critical");
  kab_package_builder_set (builder, "maturity", "PREPROD");
  kab_package_builder_set (builder, "installed_size", "4096");
  kab_package_builder_set (builder, "description", description);
  kab_package_builder_set (builder, "icon_sha256sum", "abcd");
  kab_package_builder_add (builder, "WAPT/persistent/waptwua_rules.json", rules);
  kab_package_builder_add (builder, "WAPT/waptwua_rules.json", rules);
  kab_package_builder_add (builder, "règles/lisez moi.txt", other);
  bytes = kab_package_builder_sign (builder, signer, TEST_UUID, G_GINT64_CONSTANT (1798761600000006), &error);
  g_assert_no_error (error);
  return bytes;
}

static void
test_round_trip (void)
{
  static const struct {
    const char *written;
    const char *read;
  } cases[] = {
    { "plain", "plain" },
    { "", "" },
    { "  blanks around\t", "blanks around" },
    { "first\r\nsecond\n\n  third", "first\nsecond\nthird" },
    { "a\xe2\x80\xa8" "b", "a\nb" },
    { "\xc2\xa0no-break\xc2\xa0", "no-break" },
    { "Règles \"été\" \\ 😀: a:b", "Règles \"été\" \\ 😀: a:b" },
    { "bad \xff utf8", "bad \xef\xbf\xbd utf8" },
    { "# comment", "# comment" },
  };
  g_autoptr(KabSigner) signer = recorded_signer ();
  g_autoptr(GPtrArray) trusted = trust ("keys/self.crt", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) bytes = build (signer, cases[i].written);
      g_autoptr(GError) error = NULL;
      g_autoptr(KabPackageReader) reader = kab_package_reader_open_bytes (bytes, &error);
      g_autoptr(KabSignature) signature = NULL;
      g_autoptr(GBytes) rules = NULL;
      KabPackage *package;

      g_assert_no_error (error);
      package = kab_package_reader_get_package (reader);
      g_assert_cmpstr (kab_package_get (package, "description"), ==, cases[i].read);
      g_assert_cmpstr (kab_package_get (package, "package_uuid"), ==, TEST_UUID);
      g_assert_cmpstr (kab_package_get (package, "signature_date"), ==, "2027-01-01T00:00:00.000006");
      g_assert_true (kab_package_reader_has (reader, "règles/lisez moi.txt"));
      rules = kab_package_reader_read_rules (reader, &error);
      g_assert_no_error (error);
      g_assert_cmpmem (g_bytes_get_data (rules, NULL), g_bytes_get_size (rules), RULES, strlen (RULES));
      signature = kab_package_reader_verify (reader, trusted, TEST_NOW);
      g_test_message ("%s", signature->detail);
      g_assert_cmpint (signature->status, ==, KAB_SIGNATURE_TRUSTED);
    }
}

static void
test_reproducible (void)
{
  g_autoptr(KabSigner) signer = recorded_signer ();
  g_autoptr(GBytes) first = build (signer, "same");
  g_autoptr(GBytes) second = NULL;
  g_autoptr(GBytes) third = NULL;

  g_setenv ("TZ", "Asia/Tokyo", TRUE);
  tzset ();
  setlocale (LC_ALL, "C");
  second = build (signer, "same");
  third = build (signer, "different");
  g_setenv ("TZ", "UTC", TRUE);
  tzset ();
  g_assert_true (g_bytes_equal (first, second));
  g_assert_false (g_bytes_equal (first, third));
}

static void
test_refusals (void)
{
  static const struct {
    const char *attribute;
    const char *value;
    const char *member;
  } cases[] = {
    { "version", "1.2a", NULL },
    { "bad name", "x", NULL },
    { "depends", "", "WAPT/control" },
    { "depends", "", "../x" },
    { "depends", "", "A/B" },
  };
  g_autoptr(KabSigner) signer = recorded_signer ();
  g_autoptr(GBytes) empty = g_bytes_new_static ("", 0);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(KabPackageBuilder) builder = kab_package_builder_new ();
      g_autoptr(GError) error = NULL;

      kab_package_builder_set (builder, "package", "demo");
      kab_package_builder_set (builder, "version", "1");
      kab_package_builder_set (builder, "architecture", "all");
      kab_package_builder_set (builder, "section", "wsus");
      kab_package_builder_set (builder, "priority", "critical");
      kab_package_builder_add (builder, "a/b", empty);
      kab_package_builder_set (builder, cases[i].attribute, cases[i].value);
      if (cases[i].member != NULL)
        kab_package_builder_add (builder, cases[i].member, empty);
      g_assert_null (kab_package_builder_sign (builder, signer, TEST_UUID, 0, &error));
      g_assert_nonnull (error);
      g_assert_true (error->domain == KAB_ERROR);
    }
}

/* The vector of wapt-package-format § 15 */
static void
test_canonical_vector (void)
{
  static const char control[] =
    "package           : demo-wua-rules\nversion           : 7\narchitecture      : all\nsection           : wsus\n"
    "priority          : critical\ndescription       : Règles \"été\" \\ 😀\n second line\nmaturity          : PREPROD\n"
    "locale            : \ninstalled_size    : 4096\npackage_uuid      : 00000000-0000-4000-8000-000000000001\n"
    "signer            : Demo Signer\n"
    "signer_fingerprint: abababababababababababababababababababababababababababababababab\n"
    "signature         : AA==\nsignature_date    : 2026-01-02T03:04:05.000006\n"
    "signed_attributes : package,version,architecture,section,priority,description,maturity,locale,installed_size,"
    "package_uuid,signer,signer_fingerprint,signature_date,signed_attributes";
  g_autoptr(GError) error = NULL;
  g_autoptr(KabPackage) package = kab_package_new_from_control (control, -1, &error);
  g_autofree char *canonical = NULL;
  g_autofree char *digest = NULL;
  g_auto(GStrv) names = NULL;
  gsize length;

  g_assert_no_error (error);
  names = kab_control_dup_signed_names (package);
  canonical = kab_control_dup_canonical (package, (const char * const *) names, &length);
  digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guint8 *) canonical, length);
  g_assert_cmpuint (length, ==, 626);
  g_assert_cmpstr (digest, ==, "eff72e5e476362cd57ece66f8c583f5c6c354060ebd17d29ffc88551d0765f2f");
}

static void
test_index (void)
{
  g_autoptr(KabSigner) signer = recorded_signer ();
  g_autoptr(GPtrArray) packages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) certificates = trust ("keys/self.crt", "keys/self.crt", "keys/ca.crt", NULL);
  g_autoptr(GPtrArray) read = NULL;
  g_autoptr(GBytes) bytes = build (signer, "two\nlines");
  g_autoptr(KabPackageReader) reader = kab_package_reader_open_bytes (bytes, NULL);
  g_autoptr(GBytes) index = NULL;
  g_autoptr(GBytes) again = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 3; i++)
    g_ptr_array_add (packages, g_object_ref (kab_package_reader_get_package (reader)));
  index = kab_package_index_build (packages, certificates, &error);
  g_assert_no_error (error);
  again = kab_package_index_build (packages, certificates, &error);
  g_assert_true (g_bytes_equal (index, again));
  read = kab_package_index_read (index, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read->len, ==, 3);
  g_assert_cmpstr (kab_package_get (read->pdata[2], "description"), ==, "two\nlines");
  g_clear_pointer (&read, g_ptr_array_unref);

  g_assert_null (kab_package_index_read (bytes, &error));   /* a package is no index */
  g_assert_nonnull (error);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/package-builder/round-trip", test_round_trip);
  g_test_add_func ("/package-builder/reproducible", test_reproducible);
  g_test_add_func ("/package-builder/refusals", test_refusals);
  g_test_add_func ("/package-builder/canonical-vector", test_canonical_vector);
  g_test_add_func ("/package-index/round-trip", test_index);
  return g_test_run ();
}
