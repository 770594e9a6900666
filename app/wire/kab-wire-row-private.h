/* kab-wire-row-private.h: what a row holds, for those who make it and for what yajl calls
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <yajl/yajl_parse.h>

#include "kab-wire-arena.h"
#include "kab-wire-row.h"

G_BEGIN_DECLS

#define KAB_ROW_MAX_PATH     96              /* bytes; longer names are nobody's we know */
#define KAB_ROW_MAX_EXPECTED 64              /* names we expect in the order of the last row */

typedef struct {
  const char         *text;
  const char * const *list;
  gint64              number;
  KabTristate         tristate;
  gboolean            present;
} KabRowCell;

/* What a name of the last row was. Rows of one answer have the same members in the same order. */
typedef struct {
  char    path[KAB_ROW_MAX_PATH];
  guint   length;
  int     column;     /* -1 = nobody's */
  gboolean is_parent;
} KabRowExpected;

struct _KabRow {
  const KabColumn *columns;
  guint            n_columns;
  KabRowCell      *cells;
  GHashTable      *by_path;      /* path -> column + 1 */
  GHashTable      *parents;      /* set of the first parts of paths */
  KabArena         arena;
  yajl_handle      parser;

  const char      *segment;      /* what yajl reads now */
  const char      *problem;      /* (nullable): why we stopped it */
  guint            depth;
  guint            n_roots;
  char             path[KAB_ROW_MAX_PATH];
  guint            prefix_lengths[3];   /* by depth: of the member whose members we are in, with "/"; 0 = unknown to us */
  int              column;       /* of the value that comes next, -1 = nobody's */
  gboolean         is_parent;    /* its members may be columns */

  int              raw_column[3];   /* open RAW values by the depth they began at, -1 = none */
  const char      *raw_start[3];
  int              list_column;  /* open list, -1 = none */
  guint            list_depth;   /* of its elements */
  GPtrArray       *items;        /* (element-type utf8): of the open list, in the arena */

  KabRowExpected   expected[KAB_ROW_MAX_EXPECTED];
  guint            n_names;
  guint64          fingerprint;
};

/* Their context is the KabRow. */
extern const yajl_callbacks kab_row_callbacks;

G_END_DECLS
