/* kab-state-bar.h: hosts or updates by state as one bar, with a door for each part
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "kab-state.h"

G_BEGIN_DECLS

/* A part of the bar. @kind: style class of a badge; @query: NULL = no door */
typedef struct {
  const char *kind;
  const char *label;        /* "pending", translated */
  guint64     count;
  char       *query;
} KabStatePart;

#define KAB_TYPE_STATE_BAR (kab_state_bar_get_type ())
G_DECLARE_FINAL_TYPE (KabStateBar, kab_state_bar, KAB, STATE_BAR, GtkWidget)

GtkWidget *kab_state_bar_new        (void);
/* Parts of nothing are left out. @page: where the doors lead, "hosts" or "updates". Copies what it needs. */
void       kab_state_bar_set        (KabStateBar        *self,
                                     const char         *page,
                                     const KabStatePart *parts,
                                     guint               n_parts);
/* By state; doors ask for `state_field:word`, put together by @dup_query. */
void       kab_state_bar_set_counts (KabStateBar        *self,
                                     const char         *page,
                                     const guint         counts[KAB_N_STATES],
                                     char             *(*dup_query) (KabState state, gpointer user_data),
                                     gpointer            user_data);

G_END_DECLS
