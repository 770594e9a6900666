/* kab-wire-value.h: single values in the many spellings the server has for them; only for this room
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-state.h"

G_BEGIN_DECLS

/* Decimal number, white space around it allowed; a fraction is cut off. @value is untouched when it is none. */
gboolean    kab_value_parse_int      (const char *text, gsize length, gint64 *value);
gint64      kab_value_from_double    (double number, gint64 fallback);
KabTristate kab_value_parse_tristate (const char *text, gsize length);


/* yajl lets overlong forms and surrogates pass, so texts are checked before it sees them. */
gboolean    kab_value_is_utf8        (const char *text, gsize length);

G_END_DECLS
