/* kab-filter-pane.h: groups of check rows beside a list, each with the count that it yields
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-record-list.h"

G_BEGIN_DECLS

/**
 * KabFilterStyle:
 * @KAB_FILTER_VALUES: several may be on: any of them
 * @KAB_FILTER_CHOICE: at most one is on; each is counted by a search of its own, not from facets
 * @KAB_FILTER_UNITS: distinguished names as a tree
 * @KAB_FILTER_FAMILIES: product families with their products below; @field is the family, "product" the child
 */
typedef enum {
  KAB_FILTER_VALUES,
  KAB_FILTER_CHOICE,
  KAB_FILTER_UNITS,
  KAB_FILTER_FAMILIES,
} KabFilterStyle;

/**
 * KabFilterGroup: one group of the pane, in a static table.
 *
 * @field: field of the query
 * @title: N_() text
 * @values: shown in this order, also with a count of 0; %NULL = what the list has, most first
 * @dup_values: instead of @values, for those that depend on the day
 * @dup_label: a value in words; %NULL = as it is
 */
typedef struct {
  const char         *field;
  const char         *title;
  KabFilterStyle      style;
  const char * const *values;
  char             **(*dup_values) (gint64 now);
  char              *(*dup_label)  (const char *value, gint64 now);
} KabFilterGroup;

/**
 * KabFilterPane: signal "query" (text): the search with the clicked value put in or taken out.
 */
#define KAB_TYPE_FILTER_PANE (kab_filter_pane_get_type ())
G_DECLARE_FINAL_TYPE (KabFilterPane, kab_filter_pane, KAB, FILTER_PANE, AdwBin)

void       kab_filter_pane_set_groups (KabFilterPane        *self,
                                       KabQueryDomain        domain,
                                       const KabFilterGroup *groups,
                                       guint                 n_groups);
void       kab_filter_pane_set_list   (KabFilterPane        *self,
                                       KabRecordList        *list);    /* (nullable) */
/* What the search holds now; the rows show it as checked. */
void       kab_filter_pane_set_query  (KabFilterPane        *self,
                                       const char           *text);
/* Above the groups: saved searches. */
void       kab_filter_pane_set_header (KabFilterPane        *self,
                                       GtkWidget            *header);

G_END_DECLS
