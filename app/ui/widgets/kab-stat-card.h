/* kab-stat-card.h: one figure with the numbers it is made of, each a door
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Property "title". Filling it again keeps its widgets, so that the focus stays where it is. */
#define KAB_TYPE_STAT_CARD (kab_stat_card_get_type ())
G_DECLARE_FINAL_TYPE (KabStatCard, kab_stat_card, KAB, STAT_CARD, GtkWidget)

/* The big figure. @query: (nullable): NULL = no door. @count: what the list behind has, -1 = the figure is no count.
 * @margin: (nullable): what is said beside it: "to 89.5 %" */
void kab_stat_card_set_value  (KabStatCard *self,
                               const char  *page,
                               const char  *query,
                               const char  *text,
                               gint64       count,
                               const char  *margin);
/* Begins the small print anew; doors without rows are left out by kab_stat_card_add(). */
void kab_stat_card_begin      (KabStatCard *self);
void kab_stat_card_add        (KabStatCard *self,
                               const char  *page,
                               const char  *query,
                               const char  *text,
                               guint        count);
void kab_stat_card_add_text   (KabStatCard *self,
                               const char  *text);
void kab_stat_card_end        (KabStatCard *self);

G_END_DECLS
