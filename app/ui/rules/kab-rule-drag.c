/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <string.h>

#include "kab-paste-dialog.h"
#include "kab-rule-drag.h"
#include "kab-rule-item.h"
#include "kab-rules-paste.h"

static GdkContentProvider *
prepare_cb (GtkDragSource *source,
            double         x,
            double         y,
            KabTable      *table)
{
  GtkSelectionModel *selection = kab_table_get_selection (table);
  g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection (selection);
  g_autoptr(GString) text = g_string_new (NULL);
  GtkBitsetIter iter;
  guint position;
  gboolean more;
  guint n = 0;

  for (more = gtk_bitset_iter_init_first (&iter, selected, &position);
       more && n < KAB_RULES_PASTE_MAX_ITEMS; more = gtk_bitset_iter_next (&iter, &position), n++)
    {
      g_autoptr(GObject) item = g_list_model_get_item (G_LIST_MODEL (selection), position);

      g_string_append_printf (text, "%s\n", KAB_IS_RECORD (item) ? kab_record_get_id (KAB_RECORD (item))
                                                                 : kab_rule_item_get_value (KAB_RULE_ITEM (item)));
    }

  return n > 0 ? gdk_content_provider_new_typed (G_TYPE_STRING, text->str) : NULL;
}

void
kab_rule_drag_add_source (KabTable *table)
{
  GtkDragSource *source = gtk_drag_source_new ();

  gtk_drag_source_set_actions (source, GDK_ACTION_COPY);
  g_signal_connect (source, "prepare", G_CALLBACK (prepare_cb), table);
  gtk_widget_add_controller (GTK_WIDGET (table), GTK_EVENT_CONTROLLER (source));
}

void
kab_rule_drag_add_target (GtkWidget *widget,
                          GCallback  dropped,
                          gpointer   user_data)
{
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_STRING, GDK_ACTION_COPY);

  g_signal_connect (target, "drop", dropped, user_data);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (target));
}

GPtrArray *
kab_rule_drag_dup_lines (const char       *text,
                         KabRulesDocument *document,
                         KabUpdateIndex   *index,
                         gboolean          forbids)
{
  g_autoptr(GPtrArray) items = kab_rules_paste (text, strlen (text), index, NULL);
  g_autoptr(GPtrArray) lines = kab_paste_lines_new ();

  for (guint i = 0; i < items->len; i++)
    {
      const KabPasteItem *item = items->pdata[i];
      gboolean is_id = item->kind == KAB_PASTE_ID;
      KabRuleList allows = is_id ? KAB_RULE_ALLOWED_UPDATES : KAB_RULE_ALLOWED_KBS;
      KabRuleList denies = is_id ? KAB_RULE_FORBIDDEN_UPDATES : KAB_RULE_FORBIDDEN_KBS;
      const KabRulesLine *known = kab_rules_document_find (document, forbids ? allows : denies, item->text);

      if (known == NULL)
        known = kab_rules_document_find (document, forbids ? denies : allows, item->text);
      if (known == NULL && !is_id)
        return NULL;
      kab_paste_lines_add (lines, forbids ? denies : allows, item->text, known != NULL ? known->reason : "");
    }

  return g_steal_pointer (&lines);
}
