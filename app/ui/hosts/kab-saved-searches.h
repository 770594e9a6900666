/* kab-saved-searches.h: searches that the user gave a name
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * KabSavedSearches: kept in the setting "saved-searches". Signal "chosen" (text).
 */
#define KAB_TYPE_SAVED_SEARCHES (kab_saved_searches_get_type ())
G_DECLARE_FINAL_TYPE (KabSavedSearches, kab_saved_searches, KAB, SAVED_SEARCHES, AdwBin)

GtkWidget *kab_saved_searches_new       (void);
/* What "Save" would save, and which row is marked. */
void       kab_saved_searches_set_query (KabSavedSearches *self,
                                         const char       *text);

G_END_DECLS
