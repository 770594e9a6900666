/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "kab-rules-diff.h"
#include "kab-rules-paste.h"

#define ID(n) "0000000" n "-0000-4000-8000-00000000000a_200"

static KabUpdateIndex *
make_index (void)
{
  g_autoptr(GPtrArray) updates = g_ptr_array_new_with_free_func (g_object_unref);
  static const char * const kbs[][2] = { { "5063878", NULL }, { "5063878", NULL }, { "5070001", NULL } };
  static const char * const ids[] = { ID ("1"), ID ("2"), ID ("3") };
  static const char * const titles[] = { "Cumulative (KB5063878) x64", "Cumulative (KB5063878) arm64", "Fix" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    g_ptr_array_add (updates, kab_update_new (&(KabUpdateFields) { .update_id = ids[i], .title = titles[i],
                                                                   .kbids = kbs[i], .product = "Windows 11",
                                                                   .severity = "Critical" }));
  return kab_update_index_new (updates);
}

static KabRulesDocument *
parse (const char *lines)
{
  g_autofree char *text = g_strconcat ("[package]\nname=a\nmaturity=PREPROD\n", lines, NULL);
  g_autoptr(GError) error = NULL;
  KabRulesDocument *document = kab_rules_document_new_from_text (text, -1, &error);

  g_assert_no_error (error);
  return document;
}

static const struct {
  const char *before, *after;
  const char *words;               /* joined by "; " */
} cases[] = {
  { "[allowed_kbs]\nKB1=\n", "[allowed_kbs]\nKB1=\n", "" },
  { "", "[allowed_kbs]\nKB5063878=\n", "allows KB5063878 (2 updates)" },
  { "[forbidden_kbs]\nKB9=\n", "", "no longer forbids KB9" },
  { "[forbidden_updates]\n" ID ("1") "=\n", "[allowed_updates]\n" ID ("1") "=\n",
    "allows Cumulative (KB5063878) x64, which it forbade" },
  { "[allowed_kbs]\nKB5070001=\n", "[forbidden_kbs]\nKB5070001=x\n", "forbids KB5070001, which it allowed" },
  { "", "[allowed_updates]\n" ID ("3") "=\n" ID ("9") "=\n", "allows Fix (KB5070001); allows " ID ("9") },
  { "[allowed_severities]\nCritical=\n", "[allowed_severities]\nImportant=\n",
    "no longer allows the severity “Critical”; allows the severity “Important”" },
  { "", "[allowed_products]\nWindows 11=\n\n[allowed_classifications]\nSecurity Updates=\n",
    "allows the product “Windows 11”; allows the classification “Security Updates”" },
  { "description=x\n[allowed_kbs]\nKB1=old\n", "maturity=PROD\nname=b\n[allowed_kbs]\nKB1=new\n",
    "has the name b, was a; has another description; has the maturity PROD, was PREPROD; "
    "gives another reason for KB1: new" },
  { "", "[options]\ninclude_potentially_superseded_updates=true\ndefault_allow=true\n",
    "includes updates that may be superseded; changes default_allow, which has no effect in a package" },
  { "[forbidden_kbs]\nKB1=\n[allowed_kbs]\nKB1=\n", "[forbidden_kbs]\nKB1=\n", "no longer allows KB1" },
};

static void
test_words (void)
{
  g_autoptr(KabUpdateIndex) index = make_index ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(KabRulesDocument) before = parse (cases[i].before);
      g_autoptr(KabRulesDocument) after = parse (cases[i].after);
      g_autoptr(GPtrArray) changes = kab_rules_diff (before, after);
      g_autoptr(GString) words = g_string_new (NULL);

      for (guint j = 0; j < changes->len; j++)
        {
          g_autofree char *phrase = kab_rules_change_describe (changes->pdata[j], index);

          g_string_append_printf (words, "%s%s", j > 0 ? "; " : "", phrase);
        }
      g_assert_cmpstr (words->str, ==, cases[i].words);
    }
}

static void
test_new (void)
{
  g_autoptr(KabRulesDocument) after = parse ("[allowed_kbs]\nKB1=why\n");
  g_autoptr(GPtrArray) changes = kab_rules_diff (NULL, after);
  const KabRulesChange *change = changes->pdata[0];

  g_assert_cmpuint (changes->len, ==, 1);
  g_assert_cmpint (change->kind, ==, KAB_RULES_CHANGE_ADDED);
  g_assert_true (kab_rules_change_has_effect (change));
  g_assert_cmpstr (kab_rules_change_kind_get_text (change->kind), ==, "added");
}

static const struct {
  const char *text;
  const char *found;             /* "text:matches", joined by blanks */
} pastes[] = {
  { "", "" },
  { "Please allow KB5063878 and kb 5070001, KB-5099999.", "KB5063878:2 KB5070001:1 KB5099999:0" },
  { "kb5063878;KB5063878\nkb5063878", "KB5063878:2" },
  { "5063878,5070001,0612345678,2026,1234567", "KB5063878:2 KB5070001:1" },
  { "https://support.microsoft.com/help/5099999 https://www.catalog.update.microsoft.com/Search.aspx?q=KB5070001",
    "KB5099999:0 KB5070001:1" },
  { "windows11.0-kb5063878-x64_0123456789abcdef0123456789abcdef01234567.msu", "KB5063878:2" },
  { "id " ID ("1") ", 00000003-0000-4000-8000-00000000000A and {00000007-0000-4000-8000-00000000000a}",
    ID ("1") ":1 00000003-0000-4000-8000-00000000000a:1 00000007-0000-4000-8000-00000000000a:0" },
  { "KB\xc2\xa0" "5063878 <b>KB5070001</b>", "KB5063878:2 KB5070001:1" },
  { "KB123 KB123456789 skb5063878 abcKB5063878 KB", "" },
  { "\xff\xfe\x80 KB5063878 \xff", "KB5063878:2" },
};

static void
test_paste (void)
{
  g_autoptr(KabUpdateIndex) index = make_index ();

  for (guint i = 0; i < G_N_ELEMENTS (pastes); i++)
    {
      gboolean is_cut = TRUE;
      g_autoptr(GPtrArray) items = kab_rules_paste (pastes[i].text, strlen (pastes[i].text), index, &is_cut);
      g_autoptr(GString) found = g_string_new (NULL);

      for (guint j = 0; j < items->len; j++)
        {
          const KabPasteItem *item = items->pdata[j];

          g_string_append_printf (found, "%s%s:%u", j > 0 ? " " : "", item->text, item->matches->len);
        }
      g_assert_cmpstr (found->str, ==, pastes[i].found);
      g_assert_false (is_cut);
    }
}

/* Whatever is on a clipboard: bounded, and no byte past its end is read. */
static void
test_paste_hostile (void)
{
  gsize size = KAB_RULES_PASTE_MAX_SIZE + 100;
  g_autofree char *huge = g_malloc (size);
  g_autoptr(GString) many = g_string_new (NULL);
  g_autoptr(GPtrArray) items = NULL;
  gboolean is_cut;

  memset (huge, '0', size);
  items = kab_rules_paste (huge, size, NULL, &is_cut);
  g_assert_true (is_cut);
  g_assert_cmpuint (items->len, ==, 0);
  g_clear_pointer (&items, g_ptr_array_unref);

  for (guint i = 0; i < KAB_RULES_PASTE_MAX_ITEMS + 5; i++)
    g_string_append_printf (many, "KB%u ", 1000000 + i);
  items = kab_rules_paste (many->str, many->len, NULL, &is_cut);
  g_assert_true (is_cut);
  g_assert_cmpuint (items->len, ==, KAB_RULES_PASTE_MAX_ITEMS);
  g_clear_pointer (&items, g_ptr_array_unref);

  for (guint i = 0; i < 3000; i++)
    {
      static const char alphabet[] = "KBkb -_:0123456789abcdef-\xc2\xa0";
      int n = g_test_rand_int_range (0, 80);
      g_autofree char *bytes = g_malloc (MAX (n, 1));     /* exact, so that a sanitizer sees the end */

      for (int j = 0; j < n; j++)
        bytes[j] = alphabet[g_test_rand_int_range (0, sizeof alphabet - 1)];
      g_ptr_array_unref (kab_rules_paste (bytes, (gsize) n, NULL, NULL));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/rules-diff/words", test_words);
  g_test_add_func ("/model/rules-diff/new", test_new);
  g_test_add_func ("/model/rules-paste/found", test_paste);
  g_test_add_func ("/model/rules-paste/hostile", test_paste_hostile);
  return g_test_run ();
}
