/* kab-filter-group.h: one group of the filter pane
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-filter-pane.h"

G_BEGIN_DECLS

/* One value, and what its row shows. */
typedef struct {
  const char *field;       /* borrowed: static */
  char       *value;
  char       *label;
  guint       count;
  guint       depth;
  gboolean    counted;     /* FALSE: the count is not known yet */
  gboolean    has_children;
  char       *parent;      /* (nullable): value of the node above; rows under a closed node are hidden */
} KabFilterNode;

KabFilterNode *kab_filter_node_new  (const char *field, const char *value, char *label, guint count);
void           kab_filter_node_free (KabFilterNode *node);

/* Distinguished names with counts → nodes of a tree, parents first. (element-type KabFilterNode) */
GPtrArray     *kab_filter_units     (const char *field, GPtrArray *facets);
/* Families and products → nodes of a tree. @dup_label: of families */
GPtrArray     *kab_filter_families  (const char *field, const char *child_field, GPtrArray *facets,
                                     char *(*dup_label) (const char *value, gint64 now));

/**
 * KabFilterSection: a heading, a search when there are many, the rows.
 *
 * Signals: "toggled" (field, value, on); "query" (text): the search with the clicked value put in or taken out. Who listens
 * may open a search bar: the keyboard stays on the value.
 */
#define KAB_TYPE_FILTER_SECTION (kab_filter_section_get_type ())
G_DECLARE_FINAL_TYPE (KabFilterSection, kab_filter_section, KAB, FILTER_SECTION, AdwBin)

GtkWidget *kab_filter_section_new       (const KabFilterGroup *group);
/* (element-type KabFilterNode): takes a reference */
void       kab_filter_section_set_nodes (KabFilterSection *self, GPtrArray *nodes);
/* Which rows are checked: the values of a search, or any others: kab_filter_key(); takes a reference */
void       kab_filter_section_set_query  (KabFilterSection *self, const char *text);
void       kab_filter_section_set_chosen (KabFilterSection *self, GHashTable *chosen);
void       kab_filter_section_set_count (KabFilterSection *self, const char *value, guint count);

char      *kab_filter_key               (const char *field, const char *value);

/* Puts a box for sections into a filter pane: it scrolls, and takes no more width than it needs. */
GtkWidget *kab_filter_box_new           (AdwBin *pane);

G_END_DECLS
