/* test-profiles.c: what was set up is read back, and nobody else can read it
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#include "kab-error.h"
#include "kab-profiles.h"
#include "kab-secrets.h"
#include "kab-test-isolate.h"

static char *
file_name (void)
{
  return g_build_filename (g_get_user_config_dir (), "kabinet", "servers.ini", NULL);
}

static void
write_file (const char *text)
{
  g_autofree char *name = file_name ();
  g_autofree char *folder = g_path_get_dirname (name);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (name, text, -1, NULL));
}

static void
remove_file (void)
{
  g_autofree char *name = file_name ();

  g_unlink (name);
}

static void
test_none (void)
{
  g_autoptr(GPtrArray) profiles = NULL;
  const char *active = "x";

  remove_file ();
  profiles = kab_profiles_load (&active, NULL);
  g_assert_nonnull (profiles);
  g_assert_cmpuint (profiles->len, ==, 0);
  g_assert_null (active);
}

static void
test_round_trip (void)
{
  g_autoptr(GPtrArray) profiles = g_ptr_array_new_with_free_func ((GDestroyNotify) kab_profile_free);
  g_autoptr(GPtrArray) read = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *name = file_name ();
  KabProfile *profile = kab_profile_new ("Büro; #1");
  const KabProfile *back;
  const char *active;
  struct stat status;

  remove_file ();
  g_free (profile->url);
  profile->url = g_strdup ("https://srv.example.lan/base");
  g_free (profile->user);
  profile->user = g_strdup ("=admin\\ \n");
  profile->sync_minutes = 5;
  profile->open_level_only = TRUE;
  g_ptr_array_add (profiles, profile);
  g_ptr_array_add (profiles, kab_profile_new ("second"));

  g_assert_true (kab_profiles_save (profiles, "second", &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_stat (name, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0600);

  read = kab_profiles_load (&active, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read->len, ==, 2);
  g_assert_cmpstr (active, ==, "second");
  back = read->pdata[0];
  g_assert_cmpstr (back->name, ==, "Büro; #1");
  g_assert_cmpstr (back->url, ==, "https://srv.example.lan/base");
  g_assert_cmpstr (back->user, ==, "=admin\\ \n");
  g_assert_cmpstr (back->ca_file, ==, "");
  g_assert_cmpuint (back->sync_minutes, ==, 5);
  g_assert_cmpuint (back->silent_days, ==, 14);
  g_assert_true (back->open_level_only);
}

/* Keys of a newer version and comments survive; a server that was removed does not. */
static void
test_foreign_keys (void)
{
  g_autoptr(GPtrArray) profiles = NULL;
  g_autofree char *name = file_name ();
  g_autofree char *text = NULL;

  write_file ("# mine\n[general]\nactive=a\nfuture=1\n\n[server a]\nurl=https://a\nunknown=kept\n\n[server b]\nurl=https://b\n");
  profiles = kab_profiles_load (NULL, NULL);
  g_assert_cmpuint (profiles->len, ==, 2);
  g_ptr_array_remove_index (profiles, 1);
  g_assert_true (kab_profiles_save (profiles, NULL, NULL));

  g_assert_true (g_file_get_contents (name, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "# mine"));
  g_assert_nonnull (strstr (text, "unknown=kept"));
  g_assert_nonnull (strstr (text, "future=1"));
  g_assert_null (strstr (text, "[server b]"));
  g_assert_null (strstr (text, "active="));
}

static void
test_damaged (void)
{
  const char * const texts[] = { "no group\n", "[server a\nurl=x\n", "[a]\nkey without value\n" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GPtrArray) profiles = NULL;
      g_autoptr(GError) error = NULL;

      write_file (texts[i]);
      profiles = kab_profiles_load (NULL, &error);
      g_assert_null (profiles);
      g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
    }
  remove_file ();
}

static void
test_odd_values (void)
{
  g_autoptr(GPtrArray) profiles = NULL;
  const KabProfile *profile;

  write_file ("[server ]\nurl=x\n[server a]\nsync-minutes=-5\nsilent-days=many\nopen-level-only=perhaps\n");
  profiles = kab_profiles_load (NULL, NULL);
  g_assert_cmpuint (profiles->len, ==, 1);
  profile = profiles->pdata[0];
  g_assert_cmpuint (profile->sync_minutes, ==, 30);
  g_assert_cmpuint (profile->silent_days, ==, 14);
  g_assert_false (profile->open_level_only);
  g_assert_cmpstr (profile->url, ==, "");
  remove_file ();
}

static void
test_bad_names (void)
{
  const char * const names[] = { "", "a]b", "a\nb", "[x", "\xff" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(GPtrArray) profiles = g_ptr_array_new_with_free_func ((GDestroyNotify) kab_profile_free);
      g_autoptr(GError) error = NULL;

      g_ptr_array_add (profiles, kab_profile_new (names[i]));
      g_assert_false (kab_profiles_save (profiles, NULL, &error));
      g_assert_error (error, KAB_ERROR, KAB_ERROR_USAGE);
    }
}

/* Every name has a file of its own, in our folder and nowhere else. */
static void
test_store_paths (void)
{
  const char * const names[] = { "a", "A", "a/b", "a%2fb", "../../etc", ".", "..", ".mirror", "a.mirror", "ä", "https://x:443/y" };
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "kabinet", "servers", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(KabProfile) profile = kab_profile_new (names[i]);
      g_autofree char *path = kab_profile_dup_store_path (profile);
      g_autofree char *parent = g_path_get_dirname (path);

      g_assert_cmpstr (parent, ==, folder);
      g_assert_true (g_str_has_suffix (path, ".mirror"));
      g_assert_true (g_hash_table_add (seen, g_steal_pointer (&path)));
    }
}

/* Without a keyring memory serves, and nothing reaches the disk. */
static void
test_secrets (void)
{
  g_autoptr(KabProfile) profile = kab_profile_new ("a");
  g_autoptr(KabProfile) other = kab_profile_new ("b");
  g_autoptr(GError) error = NULL;
  char *secret;

  g_free (other->url);
  other->url = g_strdup ("https://other");
  g_assert_false (kab_secrets_have_keyring ());
  g_assert_null (kab_secrets_lookup (KAB_SECRET_PASSWORD, profile, NULL, &error));
  g_assert_no_error (error);

  g_assert_true (kab_secrets_store (KAB_SECRET_PASSWORD, profile, "s3cret", TRUE, NULL, &error));
  g_assert_no_error (error);
  secret = kab_secrets_lookup (KAB_SECRET_PASSWORD, profile, NULL, &error);
  g_assert_cmpstr (secret, ==, "s3cret");
  kab_secret_free (secret);

  g_assert_null (kab_secrets_lookup (KAB_SECRET_PASSWORD, other, NULL, NULL));
  g_assert_null (kab_secrets_lookup (KAB_SECRET_SIGNING_PASSPHRASE, profile, NULL, NULL));

  kab_secrets_expire_after (KAB_SECRET_PASSWORD, profile, 0);
  g_assert_null (kab_secrets_lookup (KAB_SECRET_PASSWORD, profile, NULL, NULL));

  kab_secrets_store (KAB_SECRET_PASSWORD, profile, "again", FALSE, NULL, NULL);
  kab_secrets_forget (KAB_SECRET_PASSWORD, profile);
  g_assert_null (kab_secrets_lookup (KAB_SECRET_PASSWORD, profile, NULL, NULL));
  kab_secret_free (NULL);
}

int
main (int    argc,
      char **argv)
{
  kab_test_isolate ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/profiles/none", test_none);
  g_test_add_func ("/profiles/round-trip", test_round_trip);
  g_test_add_func ("/profiles/foreign-keys", test_foreign_keys);
  g_test_add_func ("/profiles/damaged", test_damaged);
  g_test_add_func ("/profiles/odd-values", test_odd_values);
  g_test_add_func ("/profiles/bad-names", test_bad_names);
  g_test_add_func ("/profiles/store-paths", test_store_paths);
  g_test_add_func ("/secrets/memory", test_secrets);

  return kab_test_isolate_run ();
}
