/* test-resolver.c: which packages an agent has after *Update packages*
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "kab-resolver.h"

#define ME "aa11"
#define OTHER "bb22"

/* "name=demo version=1 …": attributes divided by blanks, "~" for a blank in a value */
static KabPackage *
add (KabResolver *self,
     const char  *words)
{
  static const char * const vouchers[] = { ME, NULL };
  static const char * const others[] = { OTHER, NULL };
  g_autoptr(GHashTable) attributes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto(GStrv) parts = g_strsplit (words, " ", -1);
  KabPackage *package;

  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *value = strchr (parts[i], ':');

      *value = '\0';
      g_hash_table_insert (attributes, g_strdup (parts[i]), g_strdup (g_strdelimit (value + 1, "~", ' ')));
    }
  if (!g_hash_table_contains (attributes, "section"))
    g_hash_table_insert (attributes, g_strdup ("section"), g_strdup ("wsus"));
  package = kab_package_new (attributes);
  kab_resolver_add (self, package, g_hash_table_contains (attributes, "by-other") ? others : vouchers);
  g_object_unref (package);
  return package;
}

/* "a 1, b 2 | c refused, …": what is there, in order; "+" before what comes now; what was refused, and why */
static char *
resolve (KabResolver *self,
         KabAgent    *agent)
{
  static const char * const words[] = {
    "none", "absent", "version", "maturity", "signer", "architecture", "platform", "os", "agent", "locale", "conflict",
  };
  g_autoptr(KabResolution) resolution = kab_resolver_resolve (self, agent);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < resolution->packages->len; i++)
    {
      const KabResolved *resolved = &g_array_index (resolution->packages, KabResolved, i);

      g_string_append_printf (text, "%s%s %s", i > 0 ? ", " : "", resolved->installed < 0 ? "+" : "",
                              resolved->package != NULL ? kab_package_get_name (resolved->package)
                                                        : agent->installed[resolved->installed].name);
      g_string_append (text, resolved->package != NULL ? kab_package_get_version (resolved->package)
                                                       : agent->installed[resolved->installed].version);
    }
  for (guint i = 0; i < resolution->refused->len; i++)
    {
      const KabRefused *refused = resolution->refused->pdata[i];

      g_string_append_printf (text, " | %s %s", refused->requirement, words[refused->refusal]);
    }
  for (guint i = 0; i < resolution->removed->len; i++)
    g_string_append_printf (text, " - %s", agent->installed[g_array_index (resolution->removed, guint, i)].name);
  if (resolution->assumes_trust)
    g_string_append (text, " ?");
  return g_string_free (text, FALSE);
}

#define ASSERT_RESOLVES(self, agent, expected) \
  do { \
    g_autofree char *told = resolve (self, agent); \
    g_assert_cmpstr (told, ==, expected); \
  } while (0)

#define LIST(...) ((const char * const []) { __VA_ARGS__, NULL })

static void
test_groups (void)
{
  g_autoptr(KabResolver) self = kab_resolver_new ();
  KabAgent agent = { .platform = "Windows", .depends = LIST ("grp-a", "none-such"), .trusted = LIST (ME) };

  add (self, "package:grp-a version:1 section:group depends:grp-b,demo(>=2)");
  add (self, "package:grp-b version:1 section:group depends:grp-a,base");
  add (self, "package:demo version:1");
  add (self, "package:demo version:3");
  add (self, "package:demo version:10");
  add (self, "package:demo version:20 maturity:PREPROD");
  add (self, "package:base version:1.0-2");
  add (self, "package:base version:1.0-10");
  ASSERT_RESOLVES (self, &agent, "+ base1.0-10, + grp-b1, + demo10, + grp-a1 | none-such absent");

  agent.maturities = LIST ("PREPROD", "PROD");
  ASSERT_RESOLVES (self, &agent, "+ base1.0-10, + grp-b1, + demo20, + grp-a1 | none-such absent");

  /* A requirement that is met later counts too; one that nothing fulfils with the others gives way. */
  agent.depends = LIST ("demo", "grp-a", "demo(<10)");
  ASSERT_RESOLVES (self, &agent, "+ demo3, + base1.0-10, + grp-b1, + grp-a1");
  agent.depends = LIST ("demo(=1)", "demo(=3)", "demo(=4)");
  ASSERT_RESOLVES (self, &agent, "+ demo1");
  agent.depends = LIST ("demo(=4)");
  ASSERT_RESOLVES (self, &agent, " | demo(=4) version");
}

static void
test_units_and_profiles (void)
{
  g_autoptr(KabResolver) self = kab_resolver_new ();
  KabAgent agent = { .platform = "Windows", .trusted = LIST (ME), .organizational_unit = "OU=a,OU=b,DC=c",
                     .ad_groups = LIST ("GG-x", "GG-y") };

  add (self, "package:OU=b,DC=c version:1 section:unit depends:wide");
  add (self, "package:OU=a,OU=b,DC=c version:1 section:unit depends:near,OU=b,DC=c");
  add (self, "package:OU=other,DC=c version:1 section:unit depends:far");
  add (self, "package:GG-x version:1 section:profile depends:mine(>=1)");
  add (self, "package:GG-y version:1 section:group depends:far");
  add (self, "package:wide version:1");
  add (self, "package:near version:1");
  add (self, "package:mine version:1");
  add (self, "package:far version:1");
  ASSERT_RESOLVES (self, &agent, "+ wide1, + OU=b,DC=c1, + near1, + OU=a,OU=b,DC=c1, + mine1, + GG-x1");
  agent.organizational_unit = "OU=z,OU=b,DC=c";
  agent.ad_groups = NULL;
  ASSERT_RESOLVES (self, &agent, "+ wide1, + OU=b,DC=c1");
}

static void
test_installed (void)
{
  g_autoptr(KabResolver) self = kab_resolver_new ();
  KabInstalled installed[] = {
    { "gone", "4", NULL, "uuid-gone", NULL, "wsus" },
    { "demo", "2", NULL, "uuid-2", NULL, "wsus" },
    { "ahead", "9", "PREPROD", "uuid-9", NULL, "wsus" },
    { "same", "1", NULL, "uuid-before", NULL, "wsus" },
    { "blind", "1", NULL, NULL, NULL, "wsus" },
    { "grp-left", "1", NULL, "uuid-left", NULL, "group" },
  };
  KabAgent agent = { .platform = "Windows", .trusted = LIST (ME), .installed = installed,
                     .n_installed = G_N_ELEMENTS (installed) };

  add (self, "package:demo version:2 package_uuid:uuid-2");
  add (self, "package:demo version:3 package_uuid:uuid-3");
  add (self, "package:ahead version:8 package_uuid:uuid-8");
  add (self, "package:same version:1 package_uuid:uuid-after");
  add (self, "package:blind version:1 package_uuid:uuid-blind");
  add (self, "package:grp-left version:2 section:group depends:never package_uuid:uuid-left-2");
  add (self, "package:never version:1");
  /* What is newer comes, what is ahead stays, what was signed anew comes, lists that nobody asks for go. */
  ASSERT_RESOLVES (self, &agent, " gone4,  ahead9,  blind1, + demo3, + same1 - grp-left");
  agent.depends = LIST ("demo(=2)", "ahead(<9)");
  ASSERT_RESOLVES (self, &agent, " gone4,  demo2,  blind1, + ahead8, + same1 - grp-left");
  g_assert_cmpuint (kab_resolver_remove (self, "demo", "3", NULL), ==, 1);
  g_assert_cmpuint (kab_resolver_remove (self, "demo", NULL, "PREPROD"), ==, 0);
  agent.depends = NULL;
  ASSERT_RESOLVES (self, &agent, " gone4,  demo2,  ahead9,  blind1, + same1 - grp-left");
}

static void
test_promotion (void)
{
  g_autoptr(KabResolver) self = kab_resolver_new ();
  KabInstalled installed[] = { { "demo", "3", "PREPROD", "uuid-pre", NULL, "wsus" } };
  KabAgent agent = { .platform = "Windows", .trusted = LIST (ME), .maturities = LIST ("PREPROD", "PROD"),
                     .installed = installed, .n_installed = 1 };

  add (self, "package:demo version:3 maturity:PREPROD package_uuid:uuid-pre");
  ASSERT_RESOLVES (self, &agent, " demo3");
  add (self, "package:demo version:3 maturity:PROD package_uuid:uuid-prod");
  ASSERT_RESOLVES (self, &agent, "+ demo3");
  g_assert_cmpuint (kab_resolver_remove (self, "demo", "3", "PREPROD"), ==, 1);
  ASSERT_RESOLVES (self, &agent, "+ demo3");
}

static void
test_conditions (void)
{
  static const struct {
    const char *condition;
    const char *expected;
  } cases[] = {
    { "maturity:DEV", " | demo maturity" },          { "architecture:x86", " | demo architecture" },
    { "architecture:x64", "+ demo2" },               { "architecture:all", "+ demo2" },
    { "target_os:linux", " | demo platform" },       { "target_os:windows", "+ demo2" },
    { "min_os_version:10.0.22631", " | demo os" },   { "min_os_version:10.0.19045", "+ demo2" },
    { "max_os_version:10.0", "+ demo2" },            { "max_os_version:6.1", " | demo os" },
    { "min_wapt_version:2.6", " | demo agent" },     { "min_wapt_version:2.5", "+ demo2" },
    { "locale:de", " | demo locale" },               { "locale:de,fr", "+ demo2" },
    { "by-other:1", " | demo signer" },
  };
  KabAgent agent = { "Windows", "Windows 10", "10.0.19045.3570", "AMD64", "2.5.5.15697", NULL, LIST ("demo"),
                     .trusted = LIST ("AA11"), .locales = LIST ("fr", "en") };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(KabResolver) self = kab_resolver_new ();
      g_autofree char *words = g_strdup_printf ("package:demo version:2 %s", cases[i].condition);
      g_autofree char *told = NULL;
      KabPackage *package = add (self, words);

      told = resolve (self, &agent);
      if (strcmp (told, cases[i].expected) != 0)
        g_error ("%s: %s", cases[i].condition, told);
      g_assert_true ((kab_resolver_accepts (self, &agent, package) == KAB_REFUSAL_NONE) == (told[0] == '+'));
    }
}

static void
test_trust (void)
{
  g_autoptr(KabResolver) self = kab_resolver_new ();
  static const char * const nobody[] = { NULL };
  KabInstalled installed[] = { { "old", "1", NULL, "uuid-old", NULL, "wsus" } };
  KabAgent agent = { .platform = "Windows", .depends = LIST ("demo") };
  g_autoptr(KabPackage) plain = kab_package_new_from_control ("package: plain\nversion: 1\nsection: wsus", -1, NULL);

  add (self, "package:demo version:1 signer_fingerprint:" ME);
  add (self, "package:old version:1 package_uuid:uuid-old signer_fingerprint:" ME);
  ASSERT_RESOLVES (self, &agent, "+ demo1 ?");
  agent.doubts = TRUE;
  ASSERT_RESOLVES (self, &agent, " | demo signer ?");
  /* It has taken one of his before. */
  agent.installed = installed;
  agent.n_installed = 1;
  ASSERT_RESOLVES (self, &agent, " old1, + demo1");
  agent.trusted = LIST (OTHER);
  ASSERT_RESOLVES (self, &agent, " old1 | demo signer");

  /* Without a signature nobody takes it; with no voucher needed everybody does. */
  agent.depends = LIST ("plain");
  kab_resolver_add (self, plain, NULL);
  ASSERT_RESOLVES (self, &agent, " old1 | plain signer");
  kab_resolver_remove (self, "plain", NULL, NULL);
  kab_resolver_add (self, plain, nobody);
  ASSERT_RESOLVES (self, &agent, " old1, + plain1");
}

static void
test_conflicts (void)
{
  g_autoptr(KabResolver) self = kab_resolver_new ();
  KabInstalled installed[] = { { "demo", "2", NULL, "uuid-2", NULL, "wsus" }, { "other", "1", NULL, "uuid-o", NULL, "wsus" } };
  KabAgent agent = { .platform = "Windows", .trusted = LIST (ME), .depends = LIST ("demo", "grp"), .installed = installed,
                     .n_installed = 2 };

  add (self, "package:demo version:2 package_uuid:uuid-2");
  add (self, "package:demo version:3 package_uuid:uuid-3");
  add (self, "package:other version:1 package_uuid:uuid-o conflicts:other(<5)");
  add (self, "package:grp version:1 section:group conflicts:demo(<3)");
  ASSERT_RESOLVES (self, &agent, " other1, + demo3, + grp1");
  add (self, "package:grp version:2 section:group conflicts:demo");
  ASSERT_RESOLVES (self, &agent, " other1, + grp2 | demo conflict - demo");
  agent.depends = LIST ("demo");
  agent.conflicts = LIST ("other");
  ASSERT_RESOLVES (self, &agent, "+ demo3 - other");

  /* Two that forbid each other: the first is heard. */
  add (self, "package:a version:1 conflicts:b");
  add (self, "package:b version:1 conflicts:a");
  agent = (KabAgent) { .platform = "Windows", .trusted = LIST (ME), .depends = LIST ("b", "a") };
  ASSERT_RESOLVES (self, &agent, "+ b1 | a conflict");
}

/* Loops, chains and fans of packages end, and soon. */
static void
test_hostile (void)
{
  g_autoptr(KabResolver) self = kab_resolver_new ();
  g_autoptr(KabResolver) copy = NULL;
  g_autoptr(GString) fan = g_string_new ("package:fan version:1 section:group depends:x");
  KabAgent agent = { .platform = "Windows", .trusted = LIST (ME) };

  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *chain = g_strdup_printf ("package:c%u version:1 section:group depends:c%u", i, (i + 1) % 20000);
      g_autofree char *version = g_strdup_printf ("package:many version:%u maturity:DEV", i);

      add (self, chain);
      add (self, version);
      g_string_append_printf (fan, ",many(>=%u)", i);
    }
  add (self, fan->str);
  copy = kab_resolver_copy (self);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(KabResolution) resolution = NULL;

      agent.depends = i == 0 ? LIST ("c0") : LIST ("fan", "many");
      resolution = kab_resolver_resolve (copy, &agent);
      g_assert_cmpuint (resolution->packages->len, <=, 2000);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/resolver/groups", test_groups);
  g_test_add_func ("/resolver/units-and-profiles", test_units_and_profiles);
  g_test_add_func ("/resolver/installed", test_installed);
  g_test_add_func ("/resolver/promotion", test_promotion);
  g_test_add_func ("/resolver/conditions", test_conditions);
  g_test_add_func ("/resolver/trust", test_trust);
  g_test_add_func ("/resolver/conflicts", test_conflicts);
  g_test_add_func ("/resolver/hostile", test_hostile);
  return g_test_run ();
}
