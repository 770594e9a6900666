/* test-deletion.c: who would miss what is to be deleted
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "kab-deletion.h"

static const char index_text[] =
  "package: base\nversion: 1\nmaturity: PROD\nfilename: base1\nsize: 9\n\n"
  "package: base\nversion: 2\nmaturity: PREPROD\nfilename: base2\nsize: 9\n\n"
  "package: base\nversion: 3\nmaturity: PROD\nfilename: base3\nsize: 9\n\n"
  "package: alone\nversion: 7\nmaturity: PROD\nfilename: alone7\nsize: 300000000\n\n"
  "package: grp-a\nversion: 1\nmaturity: PROD\nfilename: a1\ndepends: base, alone (>= 5)\n\n"
  "package: grp-a\nversion: 2\nmaturity: PROD\nfilename: a2\ndepends: base, alone\n\n"
  "package: grp-b\nversion: 1\nmaturity: PROD\nfilename: b1\ndepends: base(<3)\n\n"
  "package: grp-c\nversion: 1\nmaturity: PROD\nfilename: c1\ndepends: alone(>9)\n";

static void
add_item (GPtrArray  *items,
          GPtrArray  *index,
          const char *file,
          guint       first_host,
          guint       n_hosts)
{
  KabRulePackage *item = g_object_new (KAB_TYPE_RULE_PACKAGE, NULL);

  item->installed = g_array_new (FALSE, FALSE, sizeof (guint));
  item->assigned = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint host = first_host; host < first_host + n_hosts; host++)
    {
      g_array_append_val (item->installed, host);
      g_array_append_val (item->assigned, host);
    }
  for (guint i = 0; i < index->len; i++)
    if (g_str_equal (kab_package_get (index->pdata[i], "filename"), file))
      item->package = g_object_ref (index->pdata[i]);
  g_assert_nonnull (item->package);
  g_ptr_array_add (items, item);
}

static void
test_look (void)
{
  static const struct {
    const char *files[3];
    guint       n_hosts, n_seekers, n_dependents, n_too_big;
  } cases[] = {
    { { "base1" }, 10, 0, 1, 0 },               /* version 3 serves all but who wants one before 3 */
    { { "base3" }, 10, 0, 0, 0 },               /* version 1 serves */
    { { "base2" }, 10, 0, 0, 0 },               /* one that is in production serves the ring before */
    { { "base1", "base3" }, 15, 15, 2, 0 },     /* hosts are counted once; PREPROD is none for production */
    { { "alone7" }, 10, 10, 1, 1 },             /* a package counts once, whatever versions of it there are */
    { { "alone7", "a1", "a2" }, 20, 20, 0, 1 }, /* what goes too misses nothing */
    { { "c1" }, 10, 10, 0, 0 },
  };
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) index = kab_package_parse_index (index_text, -1, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
      g_autoptr(KabDeletion) deletion = NULL;

      g_test_message ("%s", cases[i].files[0]);
      for (guint j = 0; j < G_N_ELEMENTS (cases[i].files) && cases[i].files[j] != NULL; j++)
        add_item (items, index, cases[i].files[j], j * 5, 10);
      deletion = kab_deletion_look (index, items);
      g_assert_cmpuint (deletion->n_hosts, ==, cases[i].n_hosts);
      g_assert_cmpuint (deletion->n_seekers, ==, cases[i].n_seekers);
      g_assert_cmpuint (deletion->n_dependents, ==, cases[i].n_dependents);
      g_assert_cmpuint (deletion->too_big->len, ==, cases[i].n_too_big);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deletion/look", test_look);
  return g_test_run ();
}
