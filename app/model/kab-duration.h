/* kab-duration.h: spans of time as agents write them (waptwua-model § 9)
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "7d", "1.5h", "12" (days) → seconds; -1 for what agents cannot read; 0 for NULL and empty, which is "not set". */
gint64 kab_duration_parse (const char *text);

G_END_DECLS
