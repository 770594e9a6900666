/* kab-door.h: a number that opens the list it counts
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * KabDoor: looks like a link, is a button; its action is win.show-PAGE with the query.
 * A screen reader hears the label, then "Shows hosts: state:error". Without a query it is plain text and cannot be pressed.
 */
#define KAB_TYPE_DOOR (kab_door_get_type ())
G_DECLARE_FINAL_TYPE (KabDoor, kab_door, KAB, DOOR, GtkButton)

/* @page: "updates", "hosts", "rules" or "packages". @query: NULL = no door. @label: "1,753 of 2,006".
 * Properties: "page", "query", "text" */
GtkWidget  *kab_door_new       (const char *page, const char *query, const char *label);
void        kab_door_set       (KabDoor *self, const char *page, const char *query, const char *label);
/* Letters of a text that fits into the narrowest card, however large they are: it need not wrap, and is laid out once
 * where one that may wrap is laid out four times. */
#define KAB_DOOR_SHORT 16

/* May the text take several lines? Not unless this says so. */
void        kab_door_set_wrap  (KabDoor *self, gboolean wrap);
/* The number alone, for tests and readers that compare it with the rows behind: -1 = the label is no plain count. */
void        kab_door_set_count (KabDoor *self, gint64 count);
gint64      kab_door_get_count (KabDoor *self);
const char *kab_door_get_page  (KabDoor *self);
const char *kab_door_get_query (KabDoor *self);

/* For a box whose doors are made anew: where the keyboard is among them, and back to the door that leads to the same.
 * Returns: (transfer full) (nullable): NULL when it is on none of them */
char       *kab_door_dup_focus    (GtkWidget  *box);
void        kab_door_restore_focus (GtkWidget  *box,
                                    const char *place);     /* (nullable) */

G_END_DECLS
