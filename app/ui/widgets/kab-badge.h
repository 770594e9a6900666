/* kab-badge.h: a state as icon and word in a coloured pill, with a tooltip that says why
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "kab-format.h"

G_BEGIN_DECLS

#define KAB_TYPE_BADGE (kab_badge_get_type ())
G_DECLARE_FINAL_TYPE (KabBadge, kab_badge, KAB, BADGE, GtkWidget)

/* Properties: "label", "icon-name", "kind" (a style class: neutral, accent, success, warning, error, purple). */
GtkWidget *kab_badge_new            (void);
void       kab_badge_set            (KabBadge   *self,
                                     const char *kind,
                                     const char *icon_name,
                                     const char *label,
                                     const char *tooltip);
const char *kab_badge_get_tooltip   (KabBadge   *self);         /* (nullable) */
void       kab_badge_set_severity   (KabBadge *self, KabSeverity severity);
/* @why: a sentence for the tooltip, or NULL for what the state means in general */
void       kab_badge_set_state      (KabBadge *self, KabState state, const char *why);
void       kab_badge_set_host_state (KabBadge *self, KabHostState state, const KabLimits *limits);
void       kab_badge_set_task_state (KabBadge *self, KabHostTaskState state, const char *why);
void       kab_badge_set_job_state  (KabBadge *self, KabJobState state, const char *why);

G_END_DECLS
