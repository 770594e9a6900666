/* kab-query-number.h: values of number and date fields as ranges
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Both ends belong to the range. */
typedef struct {
  gint64 low;
  gint64 high;
} KabQueryRange;

/* ">10", "<=3", "1..9", "200M". FALSE when it is no number. */
gboolean kab_query_range_from_number (const char *text, KabQueryRange *range);
/* ">=2026-11", "<30d", "today", "patch-tuesday", "never". FALSE when it is no date and no age. */
gboolean kab_query_range_from_date   (const char *text, gint64 now, KabQueryRange *range);

G_END_DECLS
