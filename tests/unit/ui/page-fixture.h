/* page-fixture.h: a session on a made-up mirror, and a window with one page
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-list-page.h"
#include "kab-session.h"

G_BEGIN_DECLS

typedef struct {
  char       *folder;
  KabSession *session;
  GtkWidget  *window;
  GtkWidget  *page;
} PageFixture;

/* Only the session; page_fixture_close () wants a window too. */
void     page_fixture_open_session (PageFixture *fixture,
                                    guint        n_hosts,
                                    guint        n_updates);
/* Until the session has another snapshot than now, if it is only its first */
void     page_fixture_reload   (PageFixture *fixture);
void     page_fixture_open     (PageFixture *fixture,
                                GType        page_type,
                                guint        n_hosts,
                                guint        n_updates);
void     page_fixture_close    (PageFixture *fixture);
void     page_fixture_spin     (guint        ms);
/* Until the list has answered */
void     page_fixture_wait     (PageFixture *fixture);
/* Shows @query and waits until the list answers it and its facets are counted. Returns: rows */
guint    page_fixture_show     (PageFixture *fixture,
                                const char  *query);
/* Every count of the filter pane is the number of rows that a click on it yields. */
void     page_fixture_check_facets (PageFixture        *fixture,
                                    guint               more_than);
/* The numbers of the first rows of @query open as many rows of @domain as they say. */
void     page_fixture_check_doors  (PageFixture        *fixture,
                                    const char         *query,
                                    const KabTableInfo *info,
                                    KabQueryDomain      domain);
/* Depth first; NULL when there is none */
gpointer page_fixture_find     (GtkWidget   *from,
                                GType        type,
                                gboolean   (*is_it) (GtkWidget *widget, gconstpointer data),
                                gconstpointer data);

G_END_DECLS
