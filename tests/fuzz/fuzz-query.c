/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any text as a search: an error or a query that can be asked, and a text that the filter pane can change. */

#include "fuzz.h"

#include "kab-query.h"

#define SOME_DAY G_GINT64_CONSTANT (1798761600)

static gboolean
matches_text (gpointer    rows,
              guint       row,
              int         field,
              const char *needle)
{
  return kab_text_list_has ("KB5031354, Été", needle) || kab_text_tree_has ("OU=a,DC=b", needle);
}

static gint64
get_number (gpointer rows,
            guint    row,
            int      field)
{
  return SOME_DAY;
}

static void
change (const char *text)
{
  const char * const values[] = { text, "b", NULL };
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *with = kab_query_text_with (text, "product", valid);
  g_auto(GStrv) read = kab_query_text_dup_values (with, "product");
  g_autofree char *several = kab_query_text_with_values (with, "kb", values);
  g_autofree char *without = kab_query_text_with (several, "product", NULL);

  g_assert_nonnull (without);
  g_assert_cmpuint (g_strv_length (read), ==, 1);
  g_assert_cmpstr (read[0], ==, valid);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static const KabRowAccess row_access = { matches_text, get_number };
  g_autofree char *text = g_strndup ((const char *) data, size);

  for (guint domain = KAB_QUERY_UPDATES; domain <= KAB_QUERY_HOSTS; domain++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(KabQuery) query = kab_query_parse (text, domain, SOME_DAY, &error);
      gsize start, end;
      g_auto(GStrv) completions = kab_query_text_complete (text, size / 2, domain, &start, &end);

      g_assert_nonnull (completions);
      g_assert_true ((query == NULL) == (error != NULL));
      if (query != NULL)
        kab_query_matches (query, &row_access, NULL, 0);
    }

  change (text);
  return 0;
}
