/* kab-wire-states.h: the flat array of integers of the bulk format; only for this room
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-state.h"

G_BEGIN_DECLS

/* Looks for the member "states" of the object on @line. Returns: %FALSE when it has none that is an array;
 * @start: of its "[". A line that is no JSON gives anything: whoever reads the rest of it will notice. */
gboolean kab_states_find (const char *line, gsize length, gsize *start);

/* Reads "[n,state,flags,installed_at,result,…]" at @line + @start into @records (element-type KabStateRecord).
 * @end: behind its "]". Returns: %FALSE with KAB_ERROR_BAD_DATA */
gboolean kab_states_read (const char *line, gsize length, gsize start, gsize *end, GArray *records, GError **error);

G_END_DECLS
