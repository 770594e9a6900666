/* kab-facts.h: the parts of a detail pane: headings, texts, names with values
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Adds to a vertical box and returns what was added (transfer none). */
GtkWidget *kab_facts_add_title   (GtkBox     *box,
                                  const char *text);
GtkWidget *kab_facts_add_heading (GtkBox     *box,
                                  const char *text);
GtkWidget *kab_facts_add_text    (GtkBox     *box,
                                  const char *text);
GtkWidget *kab_facts_add_dim     (GtkBox     *box,
                                  const char *text);
/* Badges and doors side by side, in as many lines as it takes. */
GtkWidget *kab_facts_add_line    (GtkBox     *box);
/* Two columns, for kab_facts_add() */
GtkWidget *kab_facts_add_grid    (GtkBox     *box);

/* A row of a grid; nothing for a value of NULL or "". */
void       kab_facts_add         (GtkGrid    *grid,
                                  const char *name,
                                  const char *value);
/* For ids and hashes: fixed pitch, and a button that copies. */
void       kab_facts_add_code    (GtkGrid    *grid,
                                  const char *name,
                                  const char *value);
void       kab_facts_add_widget  (GtkGrid    *grid,
                                  const char *name,
                                  GtkWidget  *value);
void       kab_facts_clear       (GtkBox     *box);
GtkWidget *kab_facts_new_text    (const char *text);

G_END_DECLS
