/* kab-server-hosts.h: which hosts a request means, and how columns become SQL; for the host routes only
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-server-private.h"

G_BEGIN_DECLS

/* The ids (gint64) of the hosts that a request of § 3.1 asks for, in the order of the answer. @is_refused: the request
 * itself made no sense, as the original's database would say. */
GArray     *kab_server_find_hosts    (const KabServerRequest *request,
                                      KabDatabase           *database,
                                      gboolean              *is_refused,
                                      GError               **error);
char       *kab_server_dup_json_path (const char            *name,
                                      char                   separator);
/* What stands for a column that is none of the table; NULL for the others */
const char *kab_server_column_sql    (const KabDepotColumn  *column);
/* "a,b" → ["a", "b"] */
void        kab_server_append_list   (GString               *out,
                                      const char            *text);

G_END_DECLS
