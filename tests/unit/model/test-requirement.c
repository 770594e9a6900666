/* test-requirement.c: what packages depend on, with names that hold commas
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "kab-requirement.h"
#include "kab-supersedence.h"
#include "kab-version.h"

static void
test_matches (void)
{
  static const struct {
    const char *requirement;
    const char *version;
    gboolean    matches;
  } cases[] = {
    { "demo", "1", TRUE },            { " demo ", "1", TRUE },           { "demo(=1)", "1", TRUE },
    { "demo(==1)", "1", TRUE },       { "demo (= 1)", "1.0-3", TRUE },   { "demo(=1.2)", "1.2.7-3", TRUE },
    { "demo(=1.2)", "1", TRUE },      { "demo(=1.3)", "1.2", FALSE },    { "demo(>=3)", "3", TRUE },
    { "demo(>=3)", "2.9", FALSE },    { "demo(>3)", "3.1", FALSE },      { "demo(>3)", "4", TRUE },
    { "demo(<=3)", "3.5", TRUE },     { "demo(<3)", "2.99", TRUE },      { "demo(=1-2)", "1-10", FALSE },
    { "demo(>1-2)", "1-10", TRUE },   { "demo(=1-2)", "1", FALSE },      { "demo(=1-02)", "1-2", TRUE },
    { "other", "1", FALSE },          { "dem", "1", FALSE },             { "demo2", "1", FALSE },
    { "demo(", "1", FALSE },          { "demo()", "1", FALSE },          { "demo(>=x)", "1", FALSE },
    { "demo(=>3)", "3", FALSE },      { "demo(<>3)", "2", FALSE },       { "demo(>=)", "1", FALSE },
    { "demo(=99999999999999999999999999)", "99999999999999999999999999", TRUE },
    { "", "1", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    if (kab_requirement_matches (cases[i].requirement, "demo", cases[i].version) != cases[i].matches)
      g_error ("%s and %s", cases[i].requirement, cases[i].version);
  g_assert_true (kab_requirement_matches ("OU=Sales (EMEA),DC=x(>=2)", "OU=Sales (EMEA),DC=x", "3"));
  g_assert_false (kab_requirement_matches ("OU=Sales (EMEA),DC=x(>=2)", "OU=Sales (EMEA),DC=x", "1"));
}

static void
assert_parts (GStrv       parts,
              const char *expected)
{
  g_autofree char *joined = g_strjoinv ("|", parts);

  g_assert_cmpstr (joined, ==, expected);
  g_strfreev (parts);
}

static void
test_split (void)
{
  g_autofree char *name = kab_requirement_dup_name (" OU=a,DC=b ( >= 3 )");

  g_assert_cmpstr (name, ==, "OU=a,DC=b");
  assert_parts (kab_requirements_split (NULL), "");
  assert_parts (kab_requirements_split (" , ,"), "");
  assert_parts (kab_requirements_split ("a, b(>=2) ,c"), "a|b(>=2)|c");
  assert_parts (kab_requirements_split ("grp,OU=Postes,OU=Paris,DC=x,DC=y(>=2),other"),
                "grp|OU=Postes,OU=Paris,DC=x,DC=y(>=2)|other");
  assert_parts (kab_requirements_split ("OU=a,DC=x,OU=b,DC=x"), "OU=a,DC=x|OU=b,DC=x");
  assert_parts (kab_requirements_split ("OU=a,DC=x(=1),OU=b,DC=x"), "OU=a,DC=x(=1)|OU=b,DC=x");
  assert_parts (kab_requirements_split ("OU=Lab\\, big,DC=x,b"), "OU=Lab\\, big,DC=x|b");
  assert_parts (kab_requirements_split ("demo(=12),OU=a,DC=b"), "demo(=12)|OU=a,DC=b");
}

static void
test_units (void)
{
  g_autoptr(GString) deep = g_string_new ("DC=x");

  assert_parts (kab_unit_dup_parents (NULL), "");
  assert_parts (kab_unit_dup_parents (""), "");
  assert_parts (kab_unit_dup_parents ("OU=a\\, b,OU=c, DC=d"), "DC=d|OU=c, DC=d|OU=a\\, b,OU=c, DC=d");
  for (guint i = 0; i < 10000; i++)
    g_string_prepend (deep, "OU=y,");
  {
    g_auto(GStrv) units = kab_unit_dup_parents (deep->str);

    g_assert_cmpuint (g_strv_length (units), <, 100);
  }
}

static KabUpdate *
make_update (const char *id,
             const char *first,
             const char *second)
{
  const char * const superseded[] = { first, second, NULL };
  KabUpdateFields fields = { id };

  fields.superseded_update_ids = superseded;
  return kab_update_new (&fields);
}

static char *
dup_replaced (KabSupersedence *self,
              guint            index)
{
  GString *text = g_string_new (NULL);
  guint n;
  const guint32 *replaced = kab_supersedence_get_replaced (self, index, &n);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%u ", replaced[i]);
  return g_string_free (text, FALSE);
}

static void
unref_or_hole (gpointer update)
{
  if (update != NULL)
    g_object_unref (update);
}

/* Chains, all revisions of a GUID, loops, an update that names itself, a hole */
static void
test_supersedence (void)
{
  g_autoptr(GPtrArray) updates = g_ptr_array_new_with_free_func (unref_or_hole);
  g_autoptr(KabSupersedence) self = NULL;
  static const char * const expected[] = { "1 2 3 ", "3 ", "3 ", "", "5 ", "4 ", "" };
  guint n;

  g_ptr_array_add (updates, make_update ("AAAA_1", "bbbb", NULL));
  g_ptr_array_add (updates, make_update ("bbbb_1", "cccc", NULL));
  g_ptr_array_add (updates, make_update ("bbbb_2", "cccc", "bbbb"));
  g_ptr_array_add (updates, make_update ("cccc_1", "gone", NULL));
  g_ptr_array_add (updates, make_update ("dddd_1", "eeee", "dddd"));
  g_ptr_array_add (updates, make_update ("eeee_1", "DDDD", NULL));
  g_ptr_array_add (updates, NULL);
  self = kab_supersedence_new (updates);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autofree char *replaced = dup_replaced (self, i);

      if (i == 2)     /* it names its own GUID, so also its other revision */
        g_assert_cmpstr (replaced, ==, "3 1 ");
      else
        g_assert_cmpstr (replaced, ==, expected[i]);
    }
  g_assert_cmpuint (*kab_supersedence_get_replacements (self, 3, &n), ==, 0);
  g_assert_cmpuint (n, ==, 3);
}

/* Twenty thousand updates of one chain end in bounded memory and time. */
static void
test_long_chain (void)
{
  g_autoptr(GPtrArray) updates = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(KabSupersedence) self = NULL;
  guint n;

  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *id = g_strdup_printf ("u%u_1", i);
      g_autofree char *older = g_strdup_printf ("u%u", i + 1);

      g_ptr_array_add (updates, make_update (id, older, NULL));
    }
  self = kab_supersedence_new (updates);
  kab_supersedence_get_replaced (self, 0, &n);
  g_assert_cmpuint (n, >=, 1000);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/requirement/matches", test_matches);
  g_test_add_func ("/requirement/split", test_split);
  g_test_add_func ("/requirement/units", test_units);
  g_test_add_func ("/supersedence/followed", test_supersedence);
  g_test_add_func ("/supersedence/long-chain", test_long_chain);
  return g_test_run ();
}
