/* kab-search-explain.h: what is wrong with a search, in words
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-query.h"

G_BEGIN_DECLS

/* Returns: (transfer full) (nullable): NULL when each term of @text alone is understood */
char *kab_search_explain (const char     *text,
                          KabQueryDomain  domain,
                          gint64          now);

G_END_DECLS
