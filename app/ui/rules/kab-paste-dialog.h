/* kab-paste-dialog.h: articles and ids out of a pasted text, shown as the updates they stand for
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-rules-document.h"
#include "kab-update-index.h"

G_BEGIN_DECLS

/**
 * KabPasteDialog: an article is expanded to the updates it stands for; one that no host reports stays an article. On
 * request articles are ruled as such, so that they count for later updates too.
 *
 * Signal "chosen" (GPtrArray of KabRulesLine): the user decided.
 */
#define KAB_TYPE_PASTE_DIALOG (kab_paste_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KabPasteDialog, kab_paste_dialog, KAB, PASTE_DIALOG, AdwWindow)

GtkWidget *kab_paste_dialog_new       (GtkWidget       *from,
                                       KabUpdateIndex  *index,
                                       const char      *text);

/* (element-type KabRulesLine) (transfer full): what a text says, as lines. @n_lost: (out): GUIDs without a revision that
 * nobody knows, which no agent would ever match */
GPtrArray *kab_paste_dup_lines        (const char      *text,
                                       KabUpdateIndex  *index,
                                       gboolean         forbids,
                                       gboolean         whole_articles,
                                       const char      *reason,
                                       guint           *n_lost);
/* (element-type KabRulesLine) (transfer full): an array that owns its lines, and one more in it */
GPtrArray *kab_paste_lines_new        (void);
void       kab_paste_lines_add        (GPtrArray       *lines,
                                       KabRuleList      list,
                                       const char      *value,
                                       const char      *reason);

G_END_DECLS
