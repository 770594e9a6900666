/* kab-assign-picker-private.h: what the files of the picker share
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-assign-picker.h"
#include "kab-assign-selection.h"
#include "kab-record-list.h"
#include "kab-search.h"

G_BEGIN_DECLS

struct _KabAssignPicker
{
  AdwBin         parent_instance;

  GtkBox        *kinds;
  GtkStack      *searches;
  GtkWidget     *words;
  KabSearch     *host_search;
  GtkStack      *lists;
  GtkListView   *list;
  GtkLabel      *empty;
  GtkBox        *chips;
  GtkWidget     *summary;
  GtkLabel      *summary_text;
  GtkWidget     *buttons[KAB_N_TARGET_KINDS];
  KabTargetKind  kind;               /* shown now */
  KabSession    *session;
  KabSnapshot   *snapshot;           /* (nullable) */
  KabAssignSelection *selection;
  KabRecordList *hosts;
  GtkFilter     *filter;
  GListModel    *filtered;           /* of the kind that is shown */
  char          *needle;
  GPtrArray     *rows;               /* of KabAssignRow: what the list shows now */
  guint          n_hosts;
  GCancellable  *cancellable;
};

/* kab-assign-picker.c: what is chosen */
void kab_assign_picker_toggle           (KabAssignPicker *self,
                                         KabTargetKind    kind,
                                         const char      *target,
                                         const char      *name);
void kab_assign_picker_update_chosen    (KabAssignPicker *self);

/* kab-assign-picker-kinds.c: units, groups, profiles or hosts */
void kab_assign_picker_set_up_kinds     (KabAssignPicker *self);
void kab_assign_picker_show_kind        (KabAssignPicker *self,
                                         KabTargetKind    kind);
void kab_assign_picker_show_kind_counts (KabAssignPicker *self);
void kab_assign_picker_words_changed_cb (KabAssignPicker *self);

/* kab-assign-picker-rows.c: the list of them */
void kab_assign_picker_set_up_rows      (KabAssignPicker *self);
void kab_assign_picker_show_rows        (KabAssignPicker *self);
void kab_assign_picker_activate_cb      (KabAssignPicker *self,
                                         guint            position);

G_END_DECLS
