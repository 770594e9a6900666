/* kab-detail-pane.h: base of what stands beside a list: all about the one that is selected, or that none is
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define KAB_TYPE_DETAIL_PANE (kab_detail_pane_get_type ())
G_DECLARE_DERIVABLE_TYPE (KabDetailPane, kab_detail_pane, KAB, DETAIL_PANE, AdwBin)

/**
 * KabDetailPaneClass: a title with a menu, a head below it, then either parts that scroll together with both, or tabs.
 *
 * @tab_changed: (nullable): another tab is looked at
 */
struct _KabDetailPaneClass
{
  AdwBinClass parent_class;

  void (*tab_changed) (KabDetailPane *self);
};

/* What a pane is made of, in its init(). Boxes are for kab_refill(). */
GtkBox       *kab_detail_pane_get_head      (KabDetailPane *self);
GtkBox       *kab_detail_pane_add_part      (KabDetailPane *self);
void          kab_detail_pane_add_tab       (KabDetailPane *self,
                                             GtkWidget     *child,
                                             const char    *name,
                                             const char    *title,
                                             const char    *icon_name);
/* A tab of facts that scrolls */
GtkBox       *kab_detail_pane_add_facts_tab (KabDetailPane *self,
                                             const char    *name,
                                             const char    *title,
                                             const char    *icon_name);
/* A line below all, in sight while anything is selected */
GtkWidget    *kab_detail_pane_add_bar       (KabDetailPane *self);
void          kab_detail_pane_name_menu     (KabDetailPane *self,
                                             const char    *name,
                                             const char    *tooltip);
/* Until it has one there is no button. */
void          kab_detail_pane_set_menu      (KabDetailPane *self,
                                             GMenuModel    *menu);

/* Shows that none or several are selected, and nothing more is read. */
void          kab_detail_pane_show_none     (KabDetailPane *self,
                                             guint          n_selected,
                                             const char    *icon_name,
                                             const char    *title,
                                             const char    *description);
/* Returns: %TRUE when it is another one than before, whose parts must be emptied of what is not known yet. Parts of the
 * same one stay until they are read anew. */
gboolean      kab_detail_pane_show_one      (KabDetailPane *self,
                                             const char    *id,
                                             const char    *title);
/* For what is read about the one that is shown: cancelled when the pane shows anything anew, and when it goes */
GCancellable *kab_detail_pane_get_reading   (KabDetailPane *self);
/* Why something could not be read, or NULL */
void          kab_detail_pane_set_error     (KabDetailPane *self,
                                             const GError  *error);
const char   *kab_detail_pane_get_tab       (KabDetailPane *self);
void          kab_detail_pane_show_tab      (KabDetailPane *self,
                                             const char    *name);

G_END_DECLS
