/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-test"

#include "config.h"

#include <string.h>

#include "kab-assign-dialog.h"
#include "kab-assign-picker.h"
#include "kab-paste-dialog.h"
#include "kab-quick-deed.h"
#include "kab-rule-drag.h"
#include "kab-rule-item.h"
#include "kab-rule-lines-editor.h"
#include "kab-updates-page.h"
#include "page-fixture.h"

#define N_HOSTS 60
#define N_UPDATES 80
#define GUID_A "0a0a0a0a-1111-4111-8111-00000000000a"
#define GUID_B "0b0b0b0b-1111-4111-8111-00000000000b"

static PageFixture fixture;

static KabSnapshot *
get_snapshot (void)
{
  return kab_session_get_snapshot (fixture.session);
}

/* KB5000001 stands for two updates, KB5000002 for one. */
static KabUpdateIndex *
index_new (void)
{
  static const char * const one[] = { "5000001", NULL };
  static const char * const two[] = { "5000002", NULL };
  static const char * const older[] = { GUID_B, NULL };
  const KabUpdateFields fields[] = {
    { .update_id = GUID_A "_200", .title = "A", .kbids = one, .superseded_update_ids = older },
    { .update_id = GUID_A "_201", .title = "A again", .kbids = one },
    { .update_id = GUID_B "_7", .title = "B", .kbids = two },
  };
  g_autoptr(GPtrArray) updates = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    g_ptr_array_add (updates, kab_update_new (&fields[i]));
  return kab_update_index_new (updates);
}

static void
units_have_all_hosts_below_them (void)
{
  g_autoptr(GListStore) units = kab_assign_choices_new_units (get_snapshot ());
  guint n_units = g_list_model_get_n_items (G_LIST_MODEL (units));
  guint n_top = 0, n_leaves = 0;

  for (guint i = 0; i < n_units; i++)
    {
      g_autoptr(KabAssignChoice) unit = g_list_model_get_item (G_LIST_MODEL (units), i);

      /* A unit stands behind the one above it, and says where it is. */
      g_assert_true (unit->depth <= 1);
      g_assert_true (i > 0 || unit->depth == 0);
      g_assert_cmpint (*unit->detail != '\0', ==, unit->depth > 0);
      g_assert_cmpint (g_str_has_prefix (unit->target, "OU=Site"), ==, unit->depth == 0);
      if (unit->depth == 0)
        n_top += unit->hosts->len;
      else
        n_leaves += unit->hosts->len;
      for (guint j = 1; j < unit->hosts->len; j++)
        g_assert_cmpuint (g_array_index (unit->hosts, guint, j - 1), <, g_array_index (unit->hosts, guint, j));
    }
  g_assert_cmpuint (n_units, ==, 3 + 3 * 7);
  g_assert_cmpuint (n_top, ==, N_HOSTS);
  g_assert_cmpuint (n_leaves, ==, N_HOSTS);
}

static void
labels_of_units (void)
{
  static const struct { const char *dn, *label; } names[] = {
    { "OU=Paris,OU=France,DC=example", "Paris" }, { "OU=a\\,b,DC=c", "a,b" }, { "CN=Computers,DC=c", "Computers" },
    { "", "" }, { ",,", "" }, { "=", "" }, { "OU=\\", "\\" }, { "no name", "no name" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *label = kab_assign_unit_dup_label (names[i].dn);

      g_assert_cmpstr (label, ==, names[i].label);
    }
}

static void
each_host_counts_once (void)
{
  KabAssignSelection *selection = kab_assign_selection_new (get_snapshot ());
  GListModel *units = kab_assign_selection_get_choices (selection, KAB_TARGET_UNIT);
  g_autoptr(KabAssignChoice) site = g_list_model_get_item (units, 0);
  g_autoptr(KabAssignChoice) below = g_list_model_get_item (units, 1);
  const KabHostRecord *hosts = kab_snapshot_get_hosts (get_snapshot (), NULL);
  guint first = g_array_index (site->hosts, guint, 0);
  g_autoptr(GArray) all = NULL, some = NULL, none = NULL;

  kab_assign_selection_toggle (selection, KAB_TARGET_UNIT, site->target, site->label);
  kab_assign_selection_toggle (selection, KAB_TARGET_UNIT, below->target, below->label);
  kab_assign_selection_toggle (selection, KAB_TARGET_HOST, hosts[first].uuid, hosts[first].name);
  kab_assign_selection_toggle (selection, KAB_TARGET_UNIT, "OU=Gone,DC=example", "Gone");
  all = kab_assign_selection_dup_hosts (selection);
  g_assert_cmpuint (all->len, ==, site->hosts->len);
  g_assert_cmpuint (kab_assign_selection_get_targets (selection)->len, ==, 4);
  g_assert_false (kab_assign_selection_is_known (selection, KAB_TARGET_UNIT, "OU=Gone,DC=example"));
  g_assert_true (kab_assign_selection_is_known (selection, KAB_TARGET_HOST, hosts[first].uuid));

  kab_assign_selection_toggle (selection, KAB_TARGET_UNIT, site->target, NULL);
  g_assert_false (kab_assign_selection_contains (selection, KAB_TARGET_UNIT, site->target));
  some = kab_assign_selection_dup_hosts (selection);
  g_assert_cmpuint (some->len, >=, below->hosts->len);
  g_assert_cmpuint (some->len, <=, below->hosts->len + 1);
  kab_assign_selection_clear (selection);
  none = kab_assign_selection_dup_hosts (selection);
  g_assert_cmpuint (none->len, ==, 0);
  kab_assign_selection_free (selection);
}

static void
deeds_on_documents (void)
{
  g_autoptr(KabRulesDocument) document = kab_rules_document_new ("demo-wua-test");
  g_autoptr(GPtrArray) updates = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(KabRuleSet) rules = NULL;
  g_autoptr(KabRuleSet) cleared = NULL;
  const KabUpdateRecord *records = kab_snapshot_get_updates (get_snapshot (), NULL);

  g_ptr_array_add (updates, kab_record_new (get_snapshot (), KAB_QUERY_UPDATES, 3));
  g_ptr_array_add (updates, kab_record_new (get_snapshot (), KAB_QUERY_UPDATES, 5));
  kab_quick_deed_apply (KAB_QUICK_FORBID, document, updates, "breaks printers");
  g_assert_cmpuint (kab_rules_document_count (document, KAB_RULE_FORBIDDEN_UPDATES), ==, 2);
  g_assert_cmpstr (kab_rules_document_find (document, KAB_RULE_FORBIDDEN_UPDATES, records[3].update_id)->reason, ==,
                   "breaks printers");

  /* The opposite takes its place. */
  kab_quick_deed_apply (KAB_QUICK_ALLOW, document, updates, "");
  g_assert_cmpuint (kab_rules_document_count (document, KAB_RULE_FORBIDDEN_UPDATES), ==, 0);
  g_assert_cmpuint (kab_rules_document_count (document, KAB_RULE_ALLOWED_UPDATES), ==, 2);

  kab_rules_document_put (document, KAB_RULE_FORBIDDEN_KBS, records[5].kbs, "");
  kab_rules_document_put (document, KAB_RULE_ALLOWED_SEVERITIES, "Critical", "");
  rules = kab_rules_document_to_rules (document, NULL);
  g_assert_true (kab_quick_deed_is_named (rules, updates));
  g_assert_false (kab_quick_deed_is_named (NULL, updates));

  /* Neither by id nor by article; rules of classes stay. */
  kab_quick_deed_apply (KAB_QUICK_CLEAR, document, updates, "");
  g_assert_cmpuint (kab_rules_document_get_lines (document)->len, ==, 1);
  cleared = kab_rules_document_to_rules (document, NULL);
  g_assert_false (kab_quick_deed_is_named (cleared, updates));
}

static void
pasted_articles_are_expanded (void)
{
  g_autoptr(KabUpdateIndex) index = index_new ();
  static const char *text = "please allow KB5000001, kb 5000002 and KB5999999\n"
                            "not " GUID_B " nor cccccccc-1111-4111-8111-00000000000c";
  guint n_lost;
  g_autoptr(GPtrArray) single = kab_paste_dup_lines (text, index, FALSE, FALSE, "mail", &n_lost);
  g_autoptr(GPtrArray) whole = NULL;
  g_autoptr(GPtrArray) nothing = NULL;
  guint n_ids = 0, n_kbs = 0;

  g_assert_cmpuint (n_lost, ==, 1);
  for (guint i = 0; i < single->len; i++)
    {
      const KabRulesLine *line = single->pdata[i];

      g_assert_cmpstr (line->reason, ==, "mail");
      n_ids += line->list == KAB_RULE_ALLOWED_UPDATES;
      n_kbs += line->list == KAB_RULE_ALLOWED_KBS;
    }
  /* Two of KB5000001, one of KB5000002, which the GUID names again; and the article that no host reports. */
  g_assert_cmpuint (n_ids, ==, 4);
  g_assert_cmpuint (n_kbs, ==, 1);

  whole = kab_paste_dup_lines (text, index, TRUE, TRUE, "", &n_lost);
  for (guint i = n_kbs = 0; i < whole->len; i++)
    n_kbs += ((const KabRulesLine *) whole->pdata[i])->list == KAB_RULE_FORBIDDEN_KBS;
  g_assert_cmpuint (n_kbs, ==, 3);

  nothing = kab_paste_dup_lines ("call me: 0123456", index, TRUE, TRUE, "", &n_lost);
  g_assert_cmpuint (nothing->len, ==, 0);
}

static void
dragged_lines_keep_their_reason (void)
{
  g_autoptr(KabUpdateIndex) index = index_new ();
  g_autoptr(KabRulesDocument) document = kab_rules_document_new ("demo-wua-test");
  g_autoptr(GPtrArray) lines = NULL;
  g_autoptr(GPtrArray) article = NULL;
  const KabRulesLine *line;

  kab_rules_document_put (document, KAB_RULE_ALLOWED_KBS, "KB5000001", "pilot is fine");
  lines = kab_rule_drag_dup_lines ("KB5000001\n" GUID_B "_7\n", document, index, TRUE);
  g_assert_cmpuint (lines->len, ==, 2);
  line = lines->pdata[0];
  g_assert_cmpint (line->list, ==, KAB_RULE_FORBIDDEN_KBS);
  g_assert_cmpstr (line->reason, ==, "pilot is fine");
  line = lines->pdata[1];
  g_assert_cmpint (line->list, ==, KAB_RULE_FORBIDDEN_UPDATES);

  /* An article that is no line yet is looked at first. */
  article = kab_rule_drag_dup_lines ("KB5000002", document, index, FALSE);
  g_assert_null (article);
}

static void
lines_are_marked (void)
{
  static const struct { KabRuleList list; const char *value; KabRuleMark mark; } marks[] = {
    { KAB_RULE_ALLOWED_UPDATES, GUID_A "_201", KAB_RULE_MARK_NONE },
    { KAB_RULE_ALLOWED_KBS, "KB5000001", KAB_RULE_MARK_SEVERAL },
    { KAB_RULE_FORBIDDEN_UPDATES, GUID_B "_7", KAB_RULE_MARK_SUPERSEDED },
    { KAB_RULE_FORBIDDEN_UPDATES, GUID_B "_8", KAB_RULE_MARK_UNKNOWN },
    { KAB_RULE_ALLOWED_SEVERITIES, "Critical", KAB_RULE_MARK_NONE },
  };
  g_autoptr(KabUpdateIndex) index = index_new ();

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      g_autofree char *value = g_strdup (marks[i].value);
      KabRulesLine line = { marks[i].list, value, (char *) "", (char *) "", 0 };
      g_autoptr(KabRuleItem) item = kab_rule_item_new (index, &line);

      g_assert_cmpint (kab_rule_item_get_mark (item), ==, marks[i].mark);
    }
}

static GtkWidget *
show_in_window (GtkWidget *widget)
{
  GtkWidget *window = adw_window_new ();

  gtk_window_set_default_size (GTK_WINDOW (window), 1000, 600);
  adw_window_set_content (ADW_WINDOW (window), widget);
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (window);
  page_fixture_spin (200);
  return window;
}

static gboolean
has_name (GtkWidget     *widget,
          gconstpointer  id)
{
  return g_strcmp0 (gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget)), id) == 0;
}

static KabTable *
find_table (GtkWidget  *from,
            const char *id)
{
  KabTable *table = page_fixture_find (from, KAB_TYPE_TABLE, has_name, id);

  g_assert_nonnull (table);
  return table;
}

static void
count_cb (guint *n)
{
  (*n)++;
}

static void
editor_changes_the_document (void)
{
  g_autoptr(KabRulesDocument) document = kab_rules_document_new ("demo-wua-test");
  GtkWidget *editor = kab_rule_lines_editor_new (fixture.session, document);
  GtkWidget *window;
  KabTable *updates, *allowed, *forbidden;
  GtkEditable *reason;
  guint n_changes = 0;

  g_signal_connect_swapped (editor, "changed", G_CALLBACK (count_cb), &n_changes);
  window = show_in_window (editor);
  updates = find_table (editor, "updates");
  allowed = find_table (editor, "allowed");
  forbidden = find_table (editor, "forbidden");
  reason = page_fixture_find (editor, GTK_TYPE_ENTRY, has_name, "reason");

  gtk_selection_model_select_item (kab_table_get_selection (updates), 0, TRUE);
  gtk_selection_model_select_item (kab_table_get_selection (updates), 2, FALSE);
  page_fixture_spin (60);
  g_assert_true (gtk_widget_activate_action (editor, "lines.forbid", NULL));
  page_fixture_spin (120);
  g_assert_cmpuint (n_changes, ==, 1);
  g_assert_cmpuint (kab_rules_document_count (document, KAB_RULE_FORBIDDEN_UPDATES), ==, 2);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (kab_table_get_selection (forbidden))), ==, 2);

  /* What was added is selected: one reason for both. */
  g_assert_cmpuint (kab_table_get_n_selected (forbidden), ==, 2);
  gtk_editable_set_text (reason, "ticket 4711");
  g_signal_emit_by_name (reason, "activate");
  page_fixture_spin (120);
  for (guint i = 0; i < 2; i++)
    {
      const KabRulesLine *line = kab_rules_document_get_lines (document)->pdata[i];

      g_assert_cmpstr (line->reason, ==, "ticket 4711");
    }

  /* To the other list, with the reason; then away. */
  g_assert_cmpuint (kab_table_get_n_selected (forbidden), ==, 2);
  g_assert_true (gtk_widget_activate_action (editor, "lines.turn", NULL));
  page_fixture_spin (120);
  g_assert_cmpuint (kab_rules_document_count (document, KAB_RULE_ALLOWED_UPDATES), ==, 2);
  g_assert_cmpuint (kab_rules_document_count (document, KAB_RULE_FORBIDDEN_UPDATES), ==, 0);
  g_assert_cmpuint (kab_table_get_n_selected (allowed), ==, 2);
  g_assert_cmpstr (((const KabRulesLine *) kab_rules_document_get_lines (document)->pdata[0])->reason, ==, "ticket 4711");
  g_assert_true (gtk_widget_activate_action (editor, "lines.remove", NULL));
  page_fixture_spin (120);
  g_assert_cmpuint (kab_rules_document_get_lines (document)->len, ==, 0);

  /* What others change is shown, and is no change of the user. */
  n_changes = 0;
  kab_rules_document_put (document, KAB_RULE_ALLOWED_KBS, "KB5000003", "");
  page_fixture_spin (120);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (kab_table_get_selection (allowed))), ==, 1);
  g_assert_cmpuint (n_changes, ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
  page_fixture_spin (60);
}

static void
picker_tells_whom_it_reaches (void)
{
  GtkWidget *widget = kab_assign_picker_new (fixture.session);
  KabAssignPicker *picker = KAB_ASSIGN_PICKER (widget);
  GtkWidget *window = show_in_window (widget);
  g_autoptr(GListStore) units = kab_assign_choices_new_units (get_snapshot ());
  g_autoptr(KabAssignChoice) site = g_list_model_get_item (G_LIST_MODEL (units), 0);
  g_autoptr(GArray) draft = kab_assign_targets_new ();
  g_autoptr(GArray) back = NULL;
  g_autoptr(GArray) hosts = NULL;
  g_autoptr(GArray) reached = NULL;
  GtkListView *list = page_fixture_find (widget, GTK_TYPE_LIST_VIEW, NULL, NULL);
  guint n_told = 0;

  /* Nobody is an answer. */
  g_assert_cmpuint (kab_assign_picker_get_n_targets (picker), ==, 0);

  g_signal_connect_swapped (picker, "notify::n-targets", G_CALLBACK (count_cb), &n_told);
  g_signal_emit_by_name (list, "activate", 0);
  g_assert_cmpuint (n_told, ==, 1);
  reached = kab_assign_picker_dup_hosts (picker);
  g_assert_cmpuint (reached->len, ==, site->hosts->len);
  back = kab_assign_picker_dup_targets (picker);
  g_assert_cmpuint (back->len, ==, 1);
  g_assert_cmpstr (g_array_index (back, KabAssignTarget, 0).target, ==, site->target);

  /* From a draft, with one that is gone and one twice */
  kab_assign_targets_add (draft, KAB_TARGET_UNIT, site->target, site->label);
  kab_assign_targets_add (draft, KAB_TARGET_GROUP, "grp-gone", "grp-gone");
  kab_assign_targets_add (draft, KAB_TARGET_UNIT, site->target, site->label);
  kab_assign_picker_set_targets (picker, draft);
  g_assert_cmpuint (kab_assign_picker_get_n_targets (picker), ==, 2);
  hosts = kab_assign_picker_dup_hosts (picker);
  g_assert_cmpuint (hosts->len, ==, site->hosts->len);
  gtk_window_destroy (GTK_WINDOW (window));
  page_fixture_spin (60);
}

static void
hosts_that_ask_themselves (void)
{
  g_autoptr(GPtrArray) hosts = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < 5; i++)
    g_ptr_array_add (hosts, kab_record_new (get_snapshot (), KAB_QUERY_HOSTS, i));
  g_assert_cmpuint (kab_assign_dialog_count_direct (hosts, "grp-office"), ==, 5);
  g_assert_cmpuint (kab_assign_dialog_count_direct (hosts, "grp"), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  int status;

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  page_fixture_open (&fixture, KAB_TYPE_UPDATES_PAGE, N_HOSTS, N_UPDATES);

  g_test_add_func ("/rule-editors/units", units_have_all_hosts_below_them);
  g_test_add_func ("/rule-editors/labels", labels_of_units);
  g_test_add_func ("/rule-editors/each-host-once", each_host_counts_once);
  g_test_add_func ("/rule-editors/deeds", deeds_on_documents);
  g_test_add_func ("/rule-editors/paste", pasted_articles_are_expanded);
  g_test_add_func ("/rule-editors/drag", dragged_lines_keep_their_reason);
  g_test_add_func ("/rule-editors/marks", lines_are_marked);
  g_test_add_func ("/rule-editors/editor", editor_changes_the_document);
  g_test_add_func ("/rule-editors/picker", picker_tells_whom_it_reaches);
  g_test_add_func ("/rule-editors/hosts", hosts_that_ask_themselves);
  status = g_test_run ();

  page_fixture_close (&fixture);
  return status;
}
