/* kab-store-columns.h: the members of a struct of fields as columns of a table
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-database.h"
#include "kab-host.h"
#include "kab-update.h"

G_BEGIN_DECLS

typedef enum {
  KAB_COLUMN_TEXT,        /* const char * */
  KAB_COLUMN_LIST,        /* const char * const *; stored as text, each element ended by 0x1f; null = NULL */
  KAB_COLUMN_INT64,
  KAB_COLUMN_TRISTATE,
} KabColumnKind;

typedef struct {
  const char    *name;
  gsize          offset;
  KabColumnKind  kind;
} KabColumn;

typedef struct {
  const KabColumn *columns;
  guint            n_columns;
} KabColumns;

extern const KabColumns kab_update_columns;
extern const KabColumns kab_host_columns;

/* "a, b, c" · "?2, ?3, ?4" · "a = ?2, b = ?3" */
char    *kab_columns_dup_names   (const KabColumns *self);
char    *kab_columns_dup_places  (const KabColumns *self,
                                  guint             first);
char    *kab_columns_dup_sets    (const KabColumns *self,
                                  guint             first);
void     kab_columns_bind        (const KabColumns *self,
                                  KabStatement     *stmt,
                                  guint             first,
                                  gconstpointer     fields);
/* Fills @fields with what the row holds: texts are valid until the next step, lists as long as @lists, which
 * (element-type GStrv) takes them. */
void     kab_columns_read        (const KabColumns *self,
                                  KabStatement     *stmt,
                                  guint             first,
                                  gpointer          fields,
                                  GPtrArray        *lists);
/* Different fields have different hashes for all practical purposes */
guint64  kab_columns_hash        (const KabColumns *self,
                                  gconstpointer     fields);
/* Feeds bytes into a hash; start with 0 */
guint64  kab_store_hash          (guint64           hash,
                                  gconstpointer     data,
                                  gsize             size);

G_END_DECLS
