/* kab-history-keys.h: gives the members of a history object other names
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: the new name for a number, %NULL to leave the member out */
typedef const char *(*KabHistoryNameFunc) (guint32  number,
                                           gpointer user_data);

/**
 * kab_history_rename:
 * @history_json: one JSON object whose member names are numbers: {"17":[…],"20":[…]}
 *
 * Only the names at the top are looked at; the values are copied as they are.
 *
 * Returns: (nullable): the same with other names; %NULL when nothing is left or it is no such object
 */
char *kab_history_rename (const char         *history_json,
                          KabHistoryNameFunc  func,
                          gpointer            user_data);

G_END_DECLS
