/* kab-statement.h: one prepared statement: values bound in, rows stepped out
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _KabDatabase KabDatabase;
typedef struct _KabStatement KabStatement;

/* One statement; it must be freed before its connection is used up */
KabStatement *kab_database_prepare      (KabDatabase    *self,
                                         const char     *sql,
                                         GError        **error);
/* For statements whose rows do not matter: runs to the end and resets; what was bound is unbound then */
gboolean      kab_database_run          (KabDatabase    *self,
                                         KabStatement   *stmt,
                                         GError        **error);
void          kab_statement_free        (KabStatement   *stmt);

/* Parameters count from 1 (?1). A failure to bind (no memory, too big) is told by the next run or step. */
void          kab_statement_bind_text   (KabStatement   *stmt,
                                         int             index,
                                         const char     *value);    /* copied; NULL binds null */
void          kab_statement_bind_static (KabStatement   *stmt,
                                         int             index,
                                         const char     *value,     /* must outlive the run */
                                         gssize          length);
void          kab_statement_bind_int64  (KabStatement   *stmt,
                                         int             index,
                                         gint64          value);
void          kab_statement_bind_blob   (KabStatement   *stmt,
                                         int             index,
                                         gconstpointer   data,      /* must outlive the run */
                                         gsize           size);
void          kab_statement_bind_null   (KabStatement   *stmt,
                                         int             index);

/* Returns: %TRUE with a row; %FALSE without @error at the end (and reset then) */
gboolean      kab_statement_step        (KabStatement   *stmt,
                                         GError        **error);
void          kab_statement_reset       (KabStatement   *stmt);

/* Columns count from 0. Pointers are valid until the next step; %NULL for null. */
const char   *kab_statement_get_text    (KabStatement   *stmt,
                                         int             column);
gint64        kab_statement_get_int64   (KabStatement   *stmt,
                                         int             column);
gconstpointer kab_statement_get_blob    (KabStatement   *stmt,
                                         int             column,
                                         gsize          *size);
gboolean      kab_statement_is_null     (KabStatement   *stmt,
                                         int             column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabStatement, kab_statement_free)

G_END_DECLS
