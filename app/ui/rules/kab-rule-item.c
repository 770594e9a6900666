/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-column.h"
#include "kab-format.h"
#include "kab-query.h"
#include "kab-rule-item.h"

struct _KabRuleItem
{
  GObject      parent_instance;

  KabRuleList  list;
  char        *id;
  char        *value;
  char        *meaning;
  char        *reason;
  guint        n_updates;
  KabRuleMark  mark;
};

G_DEFINE_FINAL_TYPE (KabRuleItem, kab_rule_item, G_TYPE_OBJECT)

static void
kab_rule_item_finalize (GObject *object)
{
  KabRuleItem *self = KAB_RULE_ITEM (object);

  g_free (self->id);
  g_free (self->value);
  g_free (self->meaning);
  g_free (self->reason);

  G_OBJECT_CLASS (kab_rule_item_parent_class)->finalize (object);
}

static void
kab_rule_item_class_init (KabRuleItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_rule_item_finalize;
}

static void
kab_rule_item_init (KabRuleItem *self)
{
}

gboolean
kab_rule_list_is_single (KabRuleList list)
{
  return list <= KAB_RULE_ALLOWED_KBS;
}

gboolean
kab_rule_list_forbids (KabRuleList list)
{
  return list == KAB_RULE_FORBIDDEN_UPDATES || list == KAB_RULE_FORBIDDEN_KBS;
}

const char *
kab_rule_list_get_kind (KabRuleList list)
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

  return list < KAB_N_RULE_LISTS ? _(kinds[list]) : "";
}

static char *
dup_meaning (KabUpdateIndex     *index,
             const KabRulesLine *line,
             const GArray       *matches)
{
  guint n = matches != NULL ? matches->len : 0;
  const char *title;

  if (line->list == KAB_RULE_ALLOWED_SEVERITIES && kab_severity_from_text (line->value) != KAB_SEVERITY_NONE)
    return g_strdup (kab_format_severity (kab_severity_from_text (line->value)));
  if (!kab_rule_list_is_single (line->list))
    return g_strdup (line->value);
  if (n == 0)
    return g_strdup (index != NULL ? _("No host reports it") : line->value);

  title = kab_update_get_title (kab_update_index_get_updates (index)->pdata[g_array_index (matches, guint, 0)]);
  if (n == 1)
    return g_strdup (title);

  /* Translators: an article stands for several updates: %1$u is how many, %2$s the title of the first */
  return g_strdup_printf (ngettext ("%1$u update: %2$s …", "%1$u updates: %2$s …", n), n, title);
}

/* What people should look at; the gravest. A line is superseded when all that it names is. */
static KabRuleMark
find_mark (KabUpdateIndex *index,
           const GArray   *matches)
{
  gboolean superseded = TRUE;

  if (matches == NULL || matches->len == 0)
    return KAB_RULE_MARK_UNKNOWN;
  for (guint i = 0; i < matches->len; i++)
    superseded &= kab_update_index_replaced_by (index, g_array_index (matches, guint, i)) >= 0;
  if (superseded)
    return KAB_RULE_MARK_SUPERSEDED;

  return matches->len > 1 ? KAB_RULE_MARK_SEVERAL : KAB_RULE_MARK_NONE;
}

KabRuleItem *
kab_rule_item_new (KabUpdateIndex     *index,
                   const KabRulesLine *line)
{
  KabRuleItem *self = g_object_new (KAB_TYPE_RULE_ITEM, NULL);
  const GArray *matches = NULL;

  self->list = line->list;
  self->value = g_strdup (line->value);
  self->id = g_strdup_printf ("%u %s", (guint) line->list, line->value);
  self->reason = g_strdup (line->reason);
  if (index != NULL && kab_rule_list_is_single (line->list))
    {
      matches = kab_update_index_match (index, line->list, line->value);
      self->mark = find_mark (index, matches);
    }
  self->n_updates = matches != NULL ? matches->len : 0;
  self->meaning = dup_meaning (index, line, matches);

  return self;
}

KabRuleList
kab_rule_item_get_list (KabRuleItem *self)
{
  return self->list;
}

const char *
kab_rule_item_get_value (KabRuleItem *self)
{
  return self->value;
}

const char *
kab_rule_item_get_meaning (KabRuleItem *self)
{
  return self->meaning;
}

const char *
kab_rule_item_get_reason (KabRuleItem *self)
{
  return self->reason;
}

KabRuleMark
kab_rule_item_get_mark (KabRuleItem *self)
{
  return self->mark;
}

gboolean
kab_rule_item_forbids (KabRuleItem *self)
{
  return kab_rule_list_forbids (self->list);
}

/* Columns */

static const char *
get_id (gpointer item)
{
  return KAB_RULE_ITEM (item)->id;
}

KAB_CELL (effect, g_strdup (kab_rule_item_forbids (item) ? C_("rule", "Forbids") : C_("rule", "Allows")))

static void
bind_effect (KabBadge *badge,
             gpointer  item)
{
  gboolean no = kab_rule_item_forbids (item);

  kab_badge_set (badge, no ? "error" : "success", no ? "action-unavailable-symbolic" : "emblem-ok-symbolic",
                 no ? C_("rule", "Forbids") : C_("rule", "Allows"), NULL);
}

static char *
dup_mark (gpointer item)
{
  const KabRuleItem *self = item;
  g_autofree char *count = kab_format_count (self->n_updates);

  switch (self->mark)
    {
    case KAB_RULE_MARK_SEVERAL:
      return g_strdup_printf (ngettext ("%s update", "%s updates", self->n_updates), count);
    case KAB_RULE_MARK_SUPERSEDED:
      return g_strdup (C_("rule", "Superseded"));
    case KAB_RULE_MARK_UNKNOWN:
      return g_strdup (C_("rule", "Unknown"));
    case KAB_RULE_MARK_NONE:
    default:
      return g_strdup (C_("rule", "Current"));
    }
}

static void
bind_mark (KabBadge *badge,
           gpointer  item)
{
  static const struct { const char *kind, *icon, *why; } marks[] = {
    [KAB_RULE_MARK_NONE] = { "success", "emblem-ok-symbolic", N_("Hosts report this update, and nothing replaces it") },
    [KAB_RULE_MARK_SEVERAL] = { "accent", "view-list-symbolic", N_("The article stands for all of these updates") },
    [KAB_RULE_MARK_SUPERSEDED] = { "warning", "emblem-synchronizing-symbolic", N_("Another update replaces it") },
    [KAB_RULE_MARK_UNKNOWN] = { "neutral", "dialog-question-symbolic",
                                N_("No host reports it: it is kept, and has no effect until one does") },
  };
  g_autofree char *text = dup_mark (item);
  KabRuleMark mark = KAB_RULE_ITEM (item)->mark;

  kab_badge_set (badge, marks[mark].kind, marks[mark].icon, text, _(marks[mark].why));
}

KAB_CELL (kind, g_strdup (kab_rule_list_get_kind (KAB_RULE_ITEM (item)->list)))
KAB_CELL (value, g_strdup (KAB_RULE_ITEM (item)->value))
KAB_CELL (item_meaning, g_strdup (KAB_RULE_ITEM (item)->meaning))
KAB_CELL (reason, g_strdup (KAB_RULE_ITEM (item)->reason))

static char *
dup_updates (gpointer item)
{
  return kab_rule_list_is_single (KAB_RULE_ITEM (item)->list) ? kab_format_count (KAB_RULE_ITEM (item)->n_updates)
                                                              : g_strdup ("");
}

static char *
dup_updates_query (gpointer item)
{
  const KabRuleItem *self = item;
  gboolean kb = self->list == KAB_RULE_ALLOWED_KBS || self->list == KAB_RULE_FORBIDDEN_KBS;
  g_autofree char *quoted = NULL;

  if (self->n_updates == 0)
    return NULL;

  quoted = kab_query_quote (self->value);
  return g_strconcat (kb ? "kb:" : "id:", quoted, NULL);
}

/* "KB5031354 · known bug with printers", "Classification" */
static char *
dup_line (gpointer item)
{
  const KabRuleItem *self = item;
  const char *what = kab_rule_list_is_single (self->list) ? self->value : kab_rule_list_get_kind (self->list);

  return *self->reason != '\0' ? g_strdup_printf ("%s · %s", what, self->reason) : g_strdup (what);
}

static char *
dup_name (gpointer item)
{
  g_autofree char *effect = dup_effect (item);
  g_autofree char *line = dup_line (item);

  return g_strdup_printf ("%s %s, %s", effect, KAB_RULE_ITEM (item)->meaning, line);
}

KAB_COMPARE_TEXTS (value, KAB_RULE_ITEM (item)->value)
KAB_COMPARE_TEXTS (meaning, KAB_RULE_ITEM (item)->meaning)
KAB_COMPARE_TEXTS (reason, KAB_RULE_ITEM (item)->reason)
KAB_COMPARE_NUMBERS (lists, KAB_RULE_ITEM (item)->list)
KAB_COMPARE_NUMBERS (marks, KAB_RULE_ITEM (item)->mark)

static const KabTableColumn edit_columns[] = {
  { "meaning", N_("Update"), 30, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_item_meaning, compare_meaning },
  { "value", N_("Rule"), 12, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_value, compare_value },
  { "mark", N_("State"), 13, FALSE, TRUE, KAB_CELL_BADGE, KAB_NO_SORT, dup_mark, compare_marks, bind_mark },
  { "reason", N_("Reason"), 18, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_reason, compare_reason },
  { "updates", N_("Updates"), 8, FALSE, FALSE, KAB_CELL_NUMBER, KAB_NO_SORT, dup_updates, NULL, NULL, "updates",
    dup_updates_query },
};

static const KabTableColumn columns[] = {
  { "effect", N_("Effect"), 11, FALSE, TRUE, KAB_CELL_BADGE, KAB_NO_SORT, dup_effect, compare_lists, bind_effect },
  { "kind", N_("Kind"), 12, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_kind, compare_lists },
  { "meaning", N_("Meaning"), 40, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_item_meaning, compare_meaning },
  { "value", N_("Rule"), 16, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_value, compare_value },
  { "reason", N_("Reason"), 24, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_reason, compare_reason },
  { "updates", N_("Updates"), 8, FALSE, FALSE, KAB_CELL_NUMBER, KAB_NO_SORT, dup_updates, NULL, NULL, "updates",
    dup_updates_query },
};

const KabTableInfo kab_rule_lines_table = {
  .id = "rule-lines",
  .name = N_("Lines of the rules"),
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .get_id = get_id,
  .dup_name = dup_name,
  .narrow_title = N_("Rule"),
  .dup_head = dup_item_meaning,
  .dup_line = dup_line,
  .bind_badge = bind_effect,
  .wrap = TRUE,
};

const KabTableInfo kab_rule_edit_table = {
  .id = "rule-edit",
  .name = N_("Lines of the rules"),
  .columns = edit_columns,
  .n_columns = G_N_ELEMENTS (edit_columns),
  .get_id = get_id,
  .dup_name = dup_name,
  .narrow_title = N_("Rule"),
  .dup_head = dup_item_meaning,
  .dup_line = dup_line,
  .bind_badge = bind_mark,
  .wrap = TRUE,
};
