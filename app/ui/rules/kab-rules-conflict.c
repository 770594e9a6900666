/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-facts.h"
#include "kab-forecast-parts.h"
#include "kab-format.h"
#include "kab-rules-conflict.h"
#include "kab-rules-diff.h"

#define MAX_CHANGES 30

struct _KabRulesConflict
{
  AdwBin            parent_instance;

  KabRuleEditor    *editor;
  KabRulesDocument *theirs;       /* (nullable): the package is gone, or is none of rules */
  char             *version;
  char             *package_uuid;
};

G_DEFINE_FINAL_TYPE (KabRulesConflict, kab_rules_conflict, ADW_TYPE_BIN)

enum {
  DECIDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* Has @mine said something of its own about that line? */
static gboolean
is_mine (KabRulesDocument *mine,
         KabRulesDocument *base,
         KabRuleList       list,
         const char       *value)
{
  KabRuleList opposite;
  gboolean before = kab_rules_document_find (base, list, value) != NULL;
  gboolean now = kab_rules_document_find (mine, list, value) != NULL;

  if (before != now)
    return TRUE;

  return kab_rule_list_get_opposite (list, &opposite) &&
         (kab_rules_document_find (base, opposite, value) != NULL) !=
         (kab_rules_document_find (mine, opposite, value) != NULL);
}

void
kab_rules_conflict_merge (KabRulesDocument *mine,
                          KabRulesDocument *base,
                          KabRulesDocument *theirs)
{
  g_autoptr(GPtrArray) changes = kab_rules_diff (base, theirs);
  g_autoptr(KabRulesDocument) before = kab_rules_document_copy (mine);

  for (guint i = 0; i < changes->len; i++)
    {
      const KabRulesChange *change = changes->pdata[i];

      if (change->value == NULL || is_mine (before, base, change->list, change->value))
        continue;
      if (change->kind == KAB_RULES_CHANGE_REMOVED)
        kab_rules_document_remove (mine, change->list, change->value);
      else if (change->kind == KAB_RULES_CHANGE_ADDED || change->kind == KAB_RULES_CHANGE_TURNED)
        kab_rules_document_put (mine, change->list, change->value, change->after);
    }
}

static void
decide (KabRulesConflict *self,
        gboolean          publish)
{
  kab_rules_document_set_base (kab_rule_editor_get_document (self->editor), self->version, self->package_uuid);
  g_signal_emit (self, signals[DECIDED], 0, publish);
}

static void
merge_cb (KabRulesConflict *self)
{
  KabRulesDocument *base = kab_rule_editor_get_base (self->editor);
  g_autoptr(KabRulesDocument) nothing = base == NULL ? kab_rules_document_new (NULL) : NULL;

  kab_rules_conflict_merge (kab_rule_editor_get_document (self->editor), base != NULL ? base : nothing, self->theirs);
  decide (self, FALSE);
}

static void
over_cb (KabRulesConflict *self)
{
  decide (self, TRUE);
}

static void
kab_rules_conflict_finalize (GObject *object)
{
  KabRulesConflict *self = KAB_RULES_CONFLICT (object);

  g_clear_object (&self->editor);
  g_clear_object (&self->theirs);
  g_free (self->version);
  g_free (self->package_uuid);

  G_OBJECT_CLASS (kab_rules_conflict_parent_class)->finalize (object);
}

static void
kab_rules_conflict_class_init (KabRulesConflictClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_rules_conflict_finalize;

  signals[DECIDED] = g_signal_new ("decided", KAB_TYPE_RULES_CONFLICT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
kab_rules_conflict_init (KabRulesConflict *self)
{
}

static void
add_difference (KabRulesConflict *self,
                GtkBox           *box)
{
  KabRulesContext *context = kab_rule_editor_get_context (self->editor);
  KabUpdateIndex *index = context != NULL ? kab_rules_context_get_index (context) : NULL;
  g_autoptr(GPtrArray) changes = kab_rules_diff (self->theirs, kab_rule_editor_get_document (self->editor));

  kab_facts_add_heading (box, _("Yours, compared with theirs"));
  kab_forecast_add_changes (box, changes, index, MAX_CHANGES);
}

static void
add_button (GtkBox     *box,
            const char *label,
            const char *css_class,
            GCallback   callback,
            gpointer    user_data)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_widget_add_css_class (button, "pill");
  if (css_class != NULL)
    gtk_widget_add_css_class (button, css_class);
  g_signal_connect_swapped (button, "clicked", callback, user_data);
  gtk_box_append (box, button);
}

GtkWidget *
kab_rules_conflict_new (KabRuleEditor            *editor,
                        const KabPackageConflict *conflict)
{
  KabRulesConflict *self = g_object_new (KAB_TYPE_RULES_CONFLICT, NULL);
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkWidget *clamp = adw_clamp_new ();
  g_autofree char *signed_at = kab_format_date_time (conflict->signed_at);
  g_autofree char *words = NULL;

  self->editor = g_object_ref (editor);
  self->version = g_strdup (conflict->version);
  self->package_uuid = g_strdup (conflict->package_uuid);
  if (conflict->text != NULL)
    self->theirs = kab_rules_document_new_from_text (conflict->text, -1, NULL);

  gtk_widget_add_css_class (GTK_WIDGET (box), "facts");
  kab_facts_add_title (box, _("Somebody Else Changed the Package"));
  if (*conflict->version == '\0')
    /* Translators: %s is a rule package */
    words = g_strdup_printf (_("%s is not on the server any more. Nothing was published."), conflict->package);
  else
    /* Translators: %1$s is a rule package, %2$s its version, %3$s who signed it, %4$s when */
    words = g_strdup_printf (_("Since you began, %1$s %2$s was published by %3$s on %4$s. Nothing of yours was "
                               "published."), conflict->package, conflict->version, conflict->signer,
                             signed_at);
  kab_facts_add_text (box, words);
  if (self->theirs != NULL)
    add_difference (self, box);
  if (self->theirs != NULL)
    add_button (GTK_BOX (buttons), _("_Take Over Their Changes"), "suggested-action", G_CALLBACK (merge_cb), self);
  add_button (GTK_BOX (buttons), _("_Publish Yours on Top"), NULL, G_CALLBACK (over_cb), self);
  g_object_set (buttons, "margin-top", 12, "halign", GTK_ALIGN_CENTER, NULL);
  gtk_box_append (box, buttons);
  g_object_set (clamp, "maximum-size", 640, "child", box, NULL);
  adw_bin_set_child (ADW_BIN (self), clamp);

  return GTK_WIDGET (self);
}
