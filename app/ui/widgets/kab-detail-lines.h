/* kab-detail-lines.h: lines that detail panes of several pages have: failures, updates, hosts behind a number
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-badge.h"
#include "kab-snapshot.h"

G_BEGIN_DECLS

/* A badge in a line, to be set */
KabBadge  *kab_detail_add_badge   (GtkBox      *line);
/* A code, what it means and what to do. @result: 0 = none was told. Returns: the line of the code, for doors behind it */
GtkWidget *kab_detail_add_failure (GtkBox      *box,
                                   gint32       result);
/* Doors to the first @most of @updates, (element-type KabUpdate), and how many more there are */
void       kab_detail_add_updates (GtkBox      *line,
                                   GPtrArray   *updates,
                                   guint        most);
/* A row of kab_facts_add_grid() with a number; the hosts behind it are listed in a window, since no search tells them
 * apart. @hosts: (nullable) (element-type guint): indices into @snapshot (nullable) */
void       kab_detail_add_hosts   (GtkGrid     *grid,
                                   const char  *name,
                                   const char  *title,
                                   guint        n,
                                   KabSnapshot *snapshot,
                                   GArray      *hosts);
/* "a, b"; "" for NULL */
char      *kab_detail_join        (const char * const *list);

G_END_DECLS
