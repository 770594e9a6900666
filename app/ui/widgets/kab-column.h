/* kab-column.h: the functions of a column of a table, in one line each
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-table.h"

/* dup_NAME(): @text is made anew, from `item` */
#define KAB_CELL(name, text) \
  static char * \
  dup_##name (gpointer item) \
  { \
    return text; \
  }

#define KAB_COMPARE_KEYS(name, Type, order, key) \
  static int \
  compare_##name (gconstpointer a, gconstpointer b) \
  { \
    gpointer item = (gpointer) a; \
    Type one = key; \
    Type two; \
 \
    item = (gpointer) b; \
    two = key; \
    return order; \
  }

/* compare_NAME(): by what @key makes of `item`; texts are not NULL, and stand as people expect them */
#define KAB_COMPARE_NUMBERS(name, key) KAB_COMPARE_KEYS (name, gint64, (one > two) - (one < two), key)
#define KAB_COMPARE_TEXTS(name, key) KAB_COMPARE_KEYS (name, const char *, g_utf8_collate (one, two), key)
