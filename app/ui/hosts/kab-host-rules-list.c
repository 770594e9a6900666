/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-facts.h"
#include "kab-host-rules-list.h"
#include "kab-table.h"
#include "kab-window.h"

/* One line, as an item of the table. */
#define KAB_TYPE_RULE_ROW (kab_rule_row_get_type ())
G_DECLARE_FINAL_TYPE (KabRuleRow, kab_rule_row, KAB, RULE_ROW, GObject)

struct _KabRuleRow
{
  GObject      parent_instance;

  char        *id;            /* list, value and origin: the same line after a new reading */
  char        *meaning;       /* what an id stands for, else the value itself */
  KabRuleLine  line;
};

G_DEFINE_FINAL_TYPE (KabRuleRow, kab_rule_row, G_TYPE_OBJECT)

static void
kab_rule_row_finalize (GObject *object)
{
  KabRuleRow *self = KAB_RULE_ROW (object);

  g_free (self->id);
  g_free (self->meaning);
  g_free (self->line.value);
  g_free (self->line.origin);

  G_OBJECT_CLASS (kab_rule_row_parent_class)->finalize (object);
}

static void
kab_rule_row_class_init (KabRuleRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_rule_row_finalize;
}

static void
kab_rule_row_init (KabRuleRow *self)
{
}

struct _KabHostRulesList
{
  AdwBin     parent_instance;

  GtkWidget  *note;
  KabTable   *table;
  GListStore *rows;         /* of KabRuleRow; borrowed: our table's */
};

G_DEFINE_FINAL_TYPE (KabHostRulesList, kab_host_rules_list, ADW_TYPE_BIN)

static gboolean
forbids (const KabRuleLine *line)
{
  return line->list == KAB_RULE_FORBIDDEN_UPDATES || line->list == KAB_RULE_FORBIDDEN_KBS;
}

static char *
dup_effect (gpointer item)
{
  return g_strdup (forbids (&KAB_RULE_ROW (item)->line) ? C_("rule", "Forbids") : C_("rule", "Allows"));
}

static void
bind_effect (KabBadge *badge,
             gpointer  item)
{
  const KabRuleLine *line = &KAB_RULE_ROW (item)->line;
  gboolean no = forbids (line);

  if (line->shadowed)
    kab_badge_set (badge, "neutral", NULL, C_("rule", "Shadowed"),
                   _("Another line decides first wherever this one matches"));
  else
    kab_badge_set (badge, no ? "error" : "success",
                   no ? "action-unavailable-symbolic" : "emblem-ok-symbolic",
                   no ? C_("rule", "Forbids") : C_("rule", "Allows"), NULL);
}

static char *
dup_kind (gpointer item)
{
  static const char * const kinds[KAB_N_RULE_LISTS] = {
    [KAB_RULE_FORBIDDEN_UPDATES] = N_("Update"),
    [KAB_RULE_FORBIDDEN_KBS] = N_("Article"),
    [KAB_RULE_ALLOWED_UPDATES] = N_("Update"),
    [KAB_RULE_ALLOWED_KBS] = N_("Article"),
    [KAB_RULE_ALLOWED_PRODUCTS] = N_("Product"),
    [KAB_RULE_ALLOWED_SEVERITIES] = N_("Severity"),
    [KAB_RULE_ALLOWED_CLASSIFICATIONS] = N_("Classification"),
  };
  guint list = KAB_RULE_ROW (item)->line.list;

  return g_strdup (list < KAB_N_RULE_LISTS ? _(kinds[list]) : "");
}

static char *
dup_value (gpointer item)
{
  return g_strdup (KAB_RULE_ROW (item)->line.value);
}

static char *
dup_meaning (gpointer item)
{
  return g_strdup (KAB_RULE_ROW (item)->meaning);
}

static char *
dup_origin (gpointer item)
{
  return g_strdup (KAB_RULE_ROW (item)->line.origin);
}

static char *
dup_line (gpointer item)
{
  g_autofree char *kind = dup_kind (item);

  /* Translators: kind of a rule (product, severity …) and the rule package it comes from */
  return g_strdup_printf (C_("rule", "%1$s · from %2$s"), kind, KAB_RULE_ROW (item)->line.origin);
}

static char *
dup_name (gpointer item)
{
  g_autofree char *effect = dup_effect (item);
  g_autofree char *line = dup_line (item);

  return g_strdup_printf ("%s %s, %s", effect, KAB_RULE_ROW (item)->meaning, line);
}

static const char *
get_id (gpointer item)
{
  return KAB_RULE_ROW (item)->id;
}

static int
compare_values (gconstpointer a,
                gconstpointer b)
{
  return g_strcmp0 (((const KabRuleRow *) a)->line.value, ((const KabRuleRow *) b)->line.value);
}

static int
compare_origins (gconstpointer a,
                 gconstpointer b)
{
  return g_strcmp0 (((const KabRuleRow *) a)->line.origin, ((const KabRuleRow *) b)->line.origin);
}

static const KabTableColumn columns[] = {
  { "effect", N_("Effect"), 12, FALSE, TRUE, KAB_CELL_BADGE, KAB_NO_SORT, dup_effect, NULL, bind_effect },
  { "kind", N_("Kind"), 12, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_kind },
  { "meaning", N_("Meaning"), 36, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_meaning },
  { "value", N_("Rule"), 36, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_value, compare_values },
  { "origin", N_("From"), 20, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_origin, compare_origins },
};

static const KabTableInfo table_info = {
  .id = "host-rules",
  .name = N_("Effective rules"),
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .get_id = get_id,
  .dup_name = dup_name,
  .narrow_title = N_("Rule and Origin"),
  .dup_head = dup_meaning,
  .dup_line = dup_line,
  .bind_badge = bind_effect,
};

static void
told_cb (KabHostRulesList *self,
         const char       *text)
{
  kab_window_add_toast (GTK_WIDGET (self), text);
}

static void
kab_host_rules_list_class_init (KabHostRulesListClass *klass)
{
}

static void
kab_host_rules_list_init (KabHostRulesList *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *none = adw_status_page_new ();

  self->note = kab_facts_new_text ("");
  gtk_widget_add_css_class (self->note, "pane-bar");
  gtk_widget_add_css_class (self->note, "dim-label");
  self->table = KAB_TABLE (kab_table_new (&table_info));
  gtk_widget_set_vexpand (GTK_WIDGET (self->table), TRUE);
  g_object_set (none, "icon-name", "security-medium-symbolic", "title", _("No Rules"),
                "description", _("No line of a rule package applies: the agent’s default decides."), NULL);
  gtk_widget_add_css_class (none, "compact");
  kab_table_set_placeholder (self->table, none);
  self->rows = g_list_store_new (KAB_TYPE_RULE_ROW);
  kab_table_set_model (self->table, G_LIST_MODEL (self->rows));
  g_object_unref (self->rows);
  g_signal_connect_swapped (self->table, "told", G_CALLBACK (told_cb), self);
  gtk_box_append (GTK_BOX (box), self->note);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->table));
  adw_bin_set_child (ADW_BIN (self), box);
}

GtkWidget *
kab_host_rules_list_new (void)
{
  return g_object_new (KAB_TYPE_HOST_RULES_LIST, NULL);
}

/* An id means nothing to a reader; an article or a product does. */
static char *
dup_meaning_of (const KabRuleLine *line,
                KabSnapshot       *snapshot)
{
  int index = -1;

  if (snapshot != NULL &&
      (line->list == KAB_RULE_ALLOWED_UPDATES || line->list == KAB_RULE_FORBIDDEN_UPDATES))
    index = kab_snapshot_find_update (snapshot, line->value);

  return g_strdup (index >= 0 ? kab_snapshot_get_updates (snapshot, NULL)[index].title : line->value);
}

void
kab_host_rules_list_show (KabHostRulesList *self,
                          KabHostDetail    *detail,
                          KabSnapshot      *snapshot)
{
  g_autoptr(GPtrArray) batch = g_ptr_array_new_with_free_func (g_object_unref);
  const char *note;

  g_return_if_fail (KAB_IS_HOST_RULES_LIST (self));

  for (guint i = 0; detail != NULL && detail->rule_lines != NULL && i < detail->rule_lines->len; i++)
    {
      const KabRuleLine *line = detail->rule_lines->pdata[i];
      KabRuleRow *row = g_object_new (KAB_TYPE_RULE_ROW, NULL);

      row->line = *line;
      row->line.value = g_strdup (line->value);
      row->line.origin = g_strdup (line->origin);
      row->meaning = dup_meaning_of (line, snapshot);
      row->id = g_strdup_printf ("%d\n%s\n%s", (int) line->list, line->value, line->origin);
      g_ptr_array_add (batch, row);
    }
  /* Emptied, then filled: the table binds its rows anew. */
  g_list_store_remove_all (self->rows);
  g_list_store_splice (self->rows, 0, 0, batch->pdata, batch->len);

  if (detail == NULL || detail->rules_complete)
    note = _("Merged from its rule packages. The first line that matches decides, from the top.");
  else if (!detail->rules_known)
    note = _("Nobody has told which rule packages this host applies.");
  else
    note = _("Not complete: one of its rule packages is not on the server any more.");
  gtk_label_set_label (GTK_LABEL (self->note), note);
}
