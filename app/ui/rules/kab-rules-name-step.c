/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "kab-format.h"
#include "kab-rules-steps.h"

/* Step 1. Its widgets live as long as the step, which owns this. */
typedef struct {
  KabRuleEditor *editor;
  GtkEditable   *prefix;
  GtkEditable   *name;
  GtkEditable   *description;
  AdwComboRow   *maturity;
  AdwComboRow   *start;
  GtkWidget     *problem;
  GPtrArray     *starts;        /* (element-type KabPackage), behind "nothing" */
  gboolean       filling;
} Step;

static const char * const maturities[] = { "DEV", "PREPROD", "PROD" };

static void
step_free (gpointer data)
{
  Step *step = data;

  g_signal_handlers_disconnect_by_data (step->editor, step);
  g_object_unref (step->editor);
  g_ptr_array_unref (step->starts);
  g_free (step);
}

char *
kab_rules_name_step_dup_problem (KabRuleEditor *editor)
{
  KabRulesDocument *document = kab_rule_editor_get_document (editor);
  KabRulesContext *context = kab_rule_editor_get_context (editor);
  const char *name = kab_rules_document_get_name (document);
  g_autoptr(GError) error = NULL;

  if (!kab_rules_document_check_name (name, &error))
    return g_strdup (error->message);
  if (!kab_rule_editor_is_edit (editor) && context != NULL && kab_rules_context_find_newest (context, name) != NULL)
    return g_strdup (_("There is a package of that name. Choose another one, or edit that package."));

  return NULL;
}

/* The prefix that most packages have: "demo" of "demo-wua-base" */
static char *
guess_prefix (KabRulesContext *context)
{
  g_autoptr(GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *packages = kab_rules_context_get_packages (context);
  const char *best = "";
  guint n_best = 0;
  GHashTableIter iter;
  gpointer prefix, count;

  for (guint i = 0; i < packages->len; i++)
    {
      const char *name = kab_package_get_name (packages->pdata[i]);
      const char *dash = strchr (name, '-');
      char *key = dash != NULL ? g_strndup (name, (gsize) (dash - name)) : NULL;

      if (key != NULL)
        g_hash_table_replace (counts, key, GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (counts, key)) + 1));
    }
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &prefix, &count))
    if (GPOINTER_TO_UINT (count) > n_best || (GPOINTER_TO_UINT (count) == n_best && strcmp (prefix, best) < 0))
      {
        best = prefix;
        n_best = GPOINTER_TO_UINT (count);
      }

  return g_strdup (best);
}

static void
show_problem (Step *step)
{
  g_autofree char *problem = kab_rules_name_step_dup_problem (step->editor);
  /* Nothing typed yet is no mistake. */
  gboolean shown = problem != NULL && *gtk_editable_get_text (step->name) != '\0';

  gtk_label_set_label (GTK_LABEL (step->problem), shown ? problem : "");
  gtk_widget_set_visible (step->problem, shown);
  if (shown)
    gtk_widget_add_css_class (GTK_WIDGET (step->name), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (step->name), "error");
}

static void
typed_cb (Step *step)
{
  KabRulesDocument *document = kab_rule_editor_get_document (step->editor);
  const char *prefix = gtk_editable_get_text (step->prefix);
  const char *name = gtk_editable_get_text (step->name);
  g_autofree char *whole = NULL;

  if (step->filling)
    return;

  if (!kab_rule_editor_is_edit (step->editor))
    {
      whole = *name == '\0' ? g_strdup ("") : *prefix == '\0' ? g_strdup (name) : g_strjoin ("-", prefix, name, NULL);
      kab_rules_document_set_name (document, whole);
    }
  kab_rules_document_set_description (document, gtk_editable_get_text (step->description));
  show_problem (step);
}

/* How many hosts take that maturity, for the pilot to be a choice with open eyes */
static guint
count_accepting (KabRuleEditor *editor,
                 const char    *maturity)
{
  KabSnapshot *snapshot = kab_session_get_snapshot (kab_rule_editor_get_session (editor));
  guint n_hosts = 0, n = 0;
  const KabHostRecord *hosts = snapshot != NULL ? kab_snapshot_get_hosts (snapshot, &n_hosts) : NULL;

  for (guint i = 0; i < n_hosts; i++)
    {
      g_auto(GStrv) rings = g_strsplit (hosts[i].rings, ", ", -1);
      gboolean production = g_str_equal (maturity, "PROD");

      n += hosts[i].counted && (g_strv_contains ((const char * const *) rings, maturity) ||
                                (production && *hosts[i].rings == '\0'));
    }

  return n;
}

static void
describe_maturity (Step *step)
{
  static const char * const words[] = {
    N_("For trying out: only hosts that accept DEV take it."),
    N_("For a pilot: only hosts that accept PREPROD take it. Promote it when the pilot is good."),
    N_("For everybody: all hosts that ask for it take it at once."),
  };
  guint chosen = adw_combo_row_get_selected (step->maturity);
  guint n;
  g_autofree char *count = NULL;
  g_autofree char *hosts = NULL;
  g_autofree char *text = NULL;

  if (chosen >= G_N_ELEMENTS (maturities))
    return;
  n = count_accepting (step->editor, maturities[chosen]);
  count = kab_format_count (n);
  hosts = g_strdup_printf (ngettext ("%s host accepts it.", "%s hosts accept it.", n), count);
  text = g_strjoin (" ", _(words[chosen]), hosts, NULL);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (step->maturity), text);
}

static void
maturity_cb (Step *step)
{
  guint chosen = adw_combo_row_get_selected (step->maturity);

  if (chosen < G_N_ELEMENTS (maturities) && !step->filling)
    kab_rules_document_set_maturity (kab_rule_editor_get_document (step->editor), maturities[chosen]);
  describe_maturity (step);
}

static void
start_cb (Step *step)
{
  guint chosen = adw_combo_row_get_selected (step->start);
  KabRulesContext *context = kab_rule_editor_get_context (step->editor);
  g_autoptr(KabRulesDocument) document = NULL;
  KabPackage *package;
  KabRuleSet *rules;

  if (step->filling || chosen == 0 || chosen > step->starts->len || context == NULL)
    return;

  package = step->starts->pdata[chosen - 1];
  rules = kab_rules_context_get_rules (context, kab_package_get_name (package), kab_package_get_version (package));
  if (rules == NULL)
    return;
  document = kab_rules_document_new_from_rules (rules, NULL);
  kab_rule_editor_start_from (step->editor, document);
}

/* Which packages a new one can start from, once they are known */
static void
fill_starts (Step *step)
{
  KabRulesContext *context = kab_rule_editor_get_context (step->editor);
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  GPtrArray *packages = context != NULL ? kab_rules_context_get_packages (context) : NULL;
  guint n = packages != NULL ? packages->len : 0;

  if (n == step->starts->len)
    return;

  gtk_string_list_append (names, _("Nothing"));
  g_ptr_array_set_size (step->starts, 0);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf ("%s %s · %s", kab_package_get_name (packages->pdata[i]),
                                               kab_package_get_version (packages->pdata[i]),
                                               kab_package_get_maturity (packages->pdata[i]));

      gtk_string_list_append (names, text);
      g_ptr_array_add (step->starts, g_object_ref (packages->pdata[i]));
    }
  step->filling = TRUE;
  adw_combo_row_set_model (step->start, G_LIST_MODEL (names));
  if (*gtk_editable_get_text (step->prefix) == '\0' && context != NULL && !kab_rule_editor_is_edit (step->editor) &&
      *kab_rules_document_get_name (kab_rule_editor_get_document (step->editor)) == '\0')
    {
      g_autofree char *prefix = guess_prefix (context);

      gtk_editable_set_text (step->prefix, prefix);
    }
  step->filling = FALSE;
}

static void
set_text (GtkEditable *entry,
          const char  *text)
{
  /* The cursor stays where it is. */
  if (!g_str_equal (gtk_editable_get_text (entry), text))
    gtk_editable_set_text (entry, text);
}

/* What an undo or a draft brought */
static void
changed_cb (Step *step)
{
  KabRulesDocument *document = kab_rule_editor_get_document (step->editor);
  const char *whole = kab_rules_document_get_name (document);
  const char *maturity = kab_rules_document_get_maturity (document);
  const char *prefix = gtk_editable_get_text (step->prefix);
  g_autofree char *shown = *prefix != '\0' ? g_strjoin ("-", prefix, gtk_editable_get_text (step->name), NULL)
                                           : g_strdup (gtk_editable_get_text (step->name));

  fill_starts (step);
  step->filling = TRUE;
  if (*whole != '\0' && !g_str_equal (shown, whole))
    {
      const char *dash = strchr (whole, '-');
      g_autofree char *first = dash != NULL ? g_strndup (whole, (gsize) (dash - whole)) : g_strdup ("");

      set_text (step->prefix, first);
      set_text (step->name, dash != NULL ? dash + 1 : whole);
    }
  set_text (step->description, kab_rules_document_get_description (document));
  for (guint i = 0; i < G_N_ELEMENTS (maturities); i++)
    if (g_str_equal (maturities[i], maturity))
      adw_combo_row_set_selected (step->maturity, i);
  step->filling = FALSE;
  describe_maturity (step);
  show_problem (step);
}

static GtkEditable *
add_entry (GtkWidget  *group,
           Step       *step,
           const char *title)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ENTRY_ROW, "title", title, NULL);

  g_signal_connect_swapped (row, "changed", G_CALLBACK (typed_cb), step);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);

  return GTK_EDITABLE (row);
}

static AdwComboRow *
add_combo (GtkWidget          *group,
           const char         *title,
           const char         *subtitle,
           const char * const *names)
{
  g_autoptr(GtkStringList) list = gtk_string_list_new (names);
  GtkWidget *row = g_object_new (ADW_TYPE_COMBO_ROW, "title", title, "subtitle", subtitle, "model", list, NULL);
  GtkExpression *chosen = gtk_property_expression_new (ADW_TYPE_COMBO_ROW, NULL, "selected-item");

  /* Long names are cut off in a narrow row. */
  chosen = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, chosen, "string");
  gtk_expression_bind (chosen, row, "tooltip-text", row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);

  return ADW_COMBO_ROW (row);
}

static GtkWidget *
new_identity (Step *step)
{
  GtkWidget *group = adw_preferences_group_new ();
  gboolean edit = kab_rule_editor_is_edit (step->editor);

  g_object_set (group, "title", edit ? _("Package") : _("New Package"), "description",
                edit ? _("It is published as the next version. Hosts that have an older one take the new one.")
                     : _("Names are usually a prefix of the company and what the package is for: “demo-wua-pilot”."),
                NULL);
  step->prefix = add_entry (group, step, _("Prefix"));
  step->name = add_entry (group, step, _("Name"));
  step->problem = g_object_new (GTK_TYPE_LABEL, "wrap", TRUE, "xalign", 0.0, "visible", FALSE, "margin-top", 6, NULL);
  gtk_widget_add_css_class (step->problem, "error");
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), step->problem);
  step->description = add_entry (group, step, _("Description"));
  gtk_widget_set_sensitive (GTK_WIDGET (step->prefix), !edit);
  gtk_widget_set_sensitive (GTK_WIDGET (step->name), !edit);

  return group;
}

GtkWidget *
kab_rules_name_step_new (KabRuleEditor *editor)
{
  const char *nothing[] = { _("Nothing"), NULL };
  const char *rings[] = { "DEV", "PREPROD", "PROD", NULL };
  GtkWidget *page = adw_preferences_page_new ();
  GtkWidget *group = adw_preferences_group_new ();
  Step *step = g_new0 (Step, 1);

  step->editor = g_object_ref (editor);
  step->starts = g_ptr_array_new_with_free_func (g_object_unref);
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (new_identity (step)));
  step->maturity = add_combo (group, _("Maturity"), NULL, rings);
  step->start = add_combo (group, _("Start from"), _("Takes over the rules of an existing package"), nothing);
  gtk_widget_set_visible (GTK_WIDGET (step->start), !kab_rule_editor_is_edit (editor));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (group));
  changed_cb (step);

  g_signal_connect_swapped (step->maturity, "notify::selected", G_CALLBACK (maturity_cb), step);
  g_signal_connect_swapped (step->start, "notify::selected", G_CALLBACK (start_cb), step);
  g_signal_connect_swapped (editor, "changed", G_CALLBACK (changed_cb), step);
  g_object_set_data_full (G_OBJECT (page), "kab-step", step, step_free);
  /* Where the keyboard begins: the prefix is known as a rule. */
  g_object_set_data (G_OBJECT (page), "kab-first", kab_rule_editor_is_edit (editor) ? step->description : step->name);

  return page;
}
