/* kab-wire-row.h: one JSON object as a table of known members, read by yajl; only for this room
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-state.h"

G_BEGIN_DECLS

/* How a member is read; anything of another type counts as null. */
typedef enum {
  KAB_COLUMN_TEXT,       /* text; numbers and booleans as their text */
  KAB_COLUMN_LIST,       /* array of texts; a text is split at commas */
  KAB_COLUMN_TIME,
  KAB_COLUMN_INT,
  KAB_COLUMN_TRISTATE,
  KAB_COLUMN_RAW,        /* the value's own JSON text; NULL for null */
} KabColumnKind;

/* @path: a member "a" of the row, or "a/b": member "b" of its member "a", or a member whose very name is "a/b"; "a/b/c"
 * likewise, but no RAW. */
typedef struct {
  const char    *path;
  KabColumnKind  kind;
  gboolean       hashed;    /* goes into the fingerprint */
} KabColumn;

typedef struct _KabRow KabRow;

/* @columns: static, @n_columns of them, no two with the same path unless one of them is RAW */
KabRow             *kab_row_new          (const KabColumn *columns, guint n_columns);
void                kab_row_free         (KabRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabRow, kab_row_free)

/**
 * Reads one object from @json. What it gives lives until the next row. With @states_start != 0 the bytes from
 * there to @states_end are an array that the caller reads by itself; yajl is shown a null instead.
 * Returns: %FALSE with KAB_ERROR_BAD_DATA
 */
gboolean            kab_row_read         (KabRow *self, const char *json, gsize length,
                                          gsize states_start, gsize states_end, GError **error);
gboolean            kab_row_has          (KabRow *self, guint column);           /* there and not null */
const char         *kab_row_get_text     (KabRow *self, guint column);           /* TEXT and RAW */
const char * const *kab_row_get_list     (KabRow *self, guint column);           /* NULL when none */
gint64              kab_row_get_int      (KabRow *self, guint column, gint64 fallback);   /* INT and TIME */
KabTristate         kab_row_get_tristate (KabRow *self, guint column);
guint64             kab_row_get_fingerprint (KabRow *self);
/* Bytes that live as long as the row. */
char               *kab_row_alloc        (KabRow *self, gsize size);

G_END_DECLS
