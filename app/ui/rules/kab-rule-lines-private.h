/* kab-rule-lines-private.h: what the files of the editor of lines share
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-record-list.h"
#include "kab-rule-lines-editor.h"
#include "kab-search.h"
#include "kab-table.h"
#include "kab-update-index.h"

G_BEGIN_DECLS

struct _KabRuleLinesEditor
{
  AdwBin            parent_instance;

  KabSearch        *search;
  KabTable         *updates;
  GtkWidget        *buttons;
  GtkWidget        *allow_button, *forbid_button, *paste_button;
  GtkLabel         *allowed_title;
  GtkWidget        *allowed_frame;
  KabTable         *allowed;
  GtkLabel         *forbidden_title;
  GtkWidget        *forbidden_frame;
  KabTable         *forbidden;
  GtkEditable      *reason;
  GtkWidget        *turn_button, *remove_button;
  GMenuModel       *update_menu, *line_menu;

  KabSession       *session;
  KabRulesDocument *document;
  KabUpdateIndex   *index;           /* (nullable): not read yet */
  KabRecordList    *list;
  GListStore       *lines[2];        /* of KabRuleItem: allowed, forbidden */
  KabTable         *current;         /* (nullable): the list whose lines are selected; borrowed: our child */
  GHashTable       *fresh;           /* (nullable): values that were just added and will be selected */
  guint             refresh_source;
  gboolean          filling;
  GCancellable     *cancellable;
};

/* kab-rule-lines-editor.c: the document is another one now */
void     kab_rule_lines_editor_changed      (KabRuleLinesEditor *self);

/* kab-rule-lines-changes.c: what is added, turned, removed, pasted and dropped */
void     kab_rule_lines_editor_class_install_changes (GtkWidgetClass *widget_class);
void     kab_rule_lines_editor_apply_reason (KabRuleLinesEditor *self);
gboolean kab_rule_lines_editor_dropped_cb   (GtkDropTarget      *target,
                                             const GValue       *value,
                                             double              x,
                                             double              y,
                                             KabRuleLinesEditor *self);

G_END_DECLS
