/* kab-page.h: base of all pages of the window: header bar, title, badge, session, and the door into it
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-session.h"

G_BEGIN_DECLS

#define KAB_TYPE_PAGE (kab_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (KabPage, kab_page, KAB, PAGE, AdwBin)

/**
 * KabPageClass:
 * @session_changed: another session, or none (%NULL); let go of all that belonged to the old one
 * @catch_up: the session has another snapshot (%NULL until its first is read), or the page called kab_page_outdate ():
 *   read and show what is new. Only a page that is shown is asked; another one when it is shown again or a door opens into
 *   it, once, however much went by meanwhile. After @session_changed, never without a session
 * @show_query: a door was opened into this page: show exactly the rows of @query ("" = all)
 * @focus_search: Ctrl+F. Returns: %FALSE when the page has no search
 * @toggle_filters: F9. Returns: %FALSE when the page has no filter pane
 * @go_back: Esc: close a pane or clear the search. Returns: %FALSE when there was nothing to go back from
 * @refresh: the page became visible, or time went on: words such as "4 minutes ago" are old
 *
 * A subclass has a template with parent="KabPage". Its children: no type = the content; type="start" and
 * type="end" = packed into the header bar of the page, where actions of the page's class work. The properties
 * "name", "title", "icon-name" and "position" are set in the template too.
 */
struct _KabPageClass
{
  AdwBinClass parent_class;

  void     (*session_changed) (KabPage *self, KabSession *session);
  void     (*catch_up)        (KabPage *self, KabSession *session);
  void     (*show_query)      (KabPage *self, const char *query);
  gboolean (*focus_search)    (KabPage *self);
  gboolean (*toggle_filters)  (KabPage *self);
  gboolean (*go_back)         (KabPage *self);
  void     (*refresh)         (KabPage *self);
};

/* Properties: "title", "subtitle" (second line of the header), "icon-name", "session",
 * "folded" (the window is narrow: set by the window). */
void        kab_page_set_title     (KabPage *self, const char *title);
void        kab_page_set_subtitle  (KabPage *self, const char *subtitle);
KabSession *kab_page_get_session   (KabPage *self);                          /* (nullable) */
void        kab_page_set_session   (KabPage *self, KabSession *session);     /* (nullable) */
/* For subclasses: while the page has a button that leads back, a narrow window shows none beside it that leads to the pages. */
void        kab_page_set_going_back (KabPage *self, gboolean going_back);
/* For subclasses: what the page shows is old. */
void        kab_page_outdate       (KabPage *self);
/* The place below the header bar: the window lends its banners to the page that is shown. */
void        kab_page_set_banners   (KabPage *self, GtkWidget *banners);      /* (nullable) */

void        kab_page_show_query    (KabPage *self, const char *query);
gboolean    kab_page_focus_search  (KabPage *self);
gboolean    kab_page_toggle_filters (KabPage *self);
gboolean    kab_page_go_back       (KabPage *self);
void        kab_page_refresh       (KabPage *self);

G_END_DECLS
