/* kab-quick-deed.h: to allow, forbid or clear some updates in one rules document
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-record-list.h"
#include "kab-rules-document.h"

G_BEGIN_DECLS

typedef enum {
  KAB_QUICK_ALLOW,
  KAB_QUICK_FORBID,
  KAB_QUICK_CLEAR,        /* no line names them any more, by id or by article */
} KabQuickDeed;

/* @updates: (element-type KabRecord): of a list of updates. @reason: "" keeps that of lines that are there */
void     kab_quick_deed_apply     (KabQuickDeed      deed,
                                   KabRulesDocument *document,
                                   GPtrArray        *updates,
                                   const char       *reason);
/* Does any line name one of them, by id or by article? @rules: (nullable) */
gboolean kab_quick_deed_is_named  (KabRuleSet       *rules,
                                   GPtrArray        *updates);
/* A name that a new package could have: with the prefix of the others. @packages: (element-type KabRulePackage) */
char    *kab_quick_deed_dup_name  (GPtrArray        *packages,
                                   gint64            now);
/* The first of the updates as rows, with what hosts report of them; the others are counted. */
void     kab_quick_deed_fill_list (AdwPreferencesGroup *list,
                                   GPtrArray           *updates);
/* "Forbid 2 Updates" */
char    *kab_quick_deed_dup_title (KabQuickDeed      deed,
                                   guint             n_updates);

G_END_DECLS
