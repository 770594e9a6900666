/* kab-deeds-page.h: base of lists whose selected rows something can be done with that a key signs
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-list-page.h"

G_BEGIN_DECLS

#define KAB_TYPE_DEEDS_PAGE (kab_deeds_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (KabDeedsPage, kab_deeds_page, KAB, DEEDS_PAGE, KabListPage)

/* @deed: told to @start; its meaning is the page's */
typedef struct {
  const char *action;
  int         deed;
} KabPageDeed;

/**
 * KabDeedsPageClass:
 * @select_first: N_() text: why nothing can be done with no row selected
 * @set_up_signing: action that opens the preferences, enabled while they can mend what is wrong with the key
 * @deeds: the actions; enabled while there is a key and a selection
 * @update: @why: of the tooltips of @deeds: why they cannot run, or %NULL. @problem: without regard to the selection
 * @start: @records: (element-type KabRecord): what is selected, at least one
 */
struct _KabDeedsPageClass
{
  KabListPageClass   parent_class;

  const char        *select_first;
  const char        *set_up_signing;
  const KabPageDeed *deeds;
  guint              n_deeds;

  void (*update) (KabDeedsPage *self, const char *why, const char *problem);
  void (*start)  (KabDeedsPage *self, int deed, KabSession *session, GPtrArray *records);
};

/* Once, in class_init, when all of the above is set. Pages that override show_detail of #KabListPageClass chain up. */
void          kab_deeds_page_class_install_actions (KabDeedsPageClass *klass);

/* (transfer none): of what the page reads; another one with each session */
GCancellable *kab_deeds_page_get_cancellable       (KabDeedsPage      *self);
/* (transfer full) (element-type KabRecord): what is selected, for what names the rows one by one: not all of very many */
GPtrArray    *kab_deeds_page_dup_selected          (KabDeedsPage      *self);

G_END_DECLS
