/* kab-search.h: the search of a list: completion of fields and values, errors in words
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-record-list.h"

G_BEGIN_DECLS

/**
 * KabSearch: signal "search" (text) a moment after the last key, at once for Return and for kab_search_set_text().
 */
#define KAB_TYPE_SEARCH (kab_search_get_type ())
G_DECLARE_FINAL_TYPE (KabSearch, kab_search, KAB, SEARCH, AdwBin)

void         kab_search_set_domain (KabSearch     *self,
                                    KabQueryDomain domain);
/* Where values for completion come from: its facets. */
void         kab_search_set_list   (KabSearch     *self,
                                    KabRecordList *list);      /* (nullable) */
const char  *kab_search_get_text   (KabSearch     *self);
void         kab_search_set_text   (KabSearch     *self,
                                    const char    *text);
GtkEditable *kab_search_get_entry  (KabSearch     *self);
/* NULL: the search is understood. */
void         kab_search_set_error  (KabSearch     *self,
                                    const GError  *error);

G_END_DECLS
