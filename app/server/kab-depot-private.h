/* kab-depot-private.h: what the files of the depot, and the routes that read it in bulk, share
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-depot.h"

G_BEGIN_DECLS

/* How a column of a host is stored and answered. */
typedef enum {
  KAB_DEPOT_TEXT,
  KAB_DEPOT_LIST,     /* text, names between commas; answered as an array */
  KAB_DEPOT_JSON,
  KAB_DEPOT_TIME,     /* Unix seconds; 0 is answered as null */
  KAB_DEPOT_SERVER,   /* the uuid of this server, for hosts that are connected */
  KAB_DEPOT_NULL,     /* a column of the original that nothing here ever fills */
} KabDepotKind;

typedef struct {
  const char   *name;       /* as in answers and in the database */
  KabDepotKind  kind;
  guint         offset;     /* of the member in KabDepotHost */
  gboolean      is_base;    /* answered without being asked for (wapt-server-api § 3.1), in this order */
  gboolean      is_bulk;    /* in the lines of /states */
} KabDepotColumn;

extern const KabDepotColumn kab_depot_columns[];
extern const guint kab_depot_n_columns;

/* Returns: (nullable): the column of that name */
const KabDepotColumn *kab_depot_find_column (const char *name,
                                             gsize       length);

enum {
  STATEMENT_FIND_HOST,
  STATEMENT_PUT_HOST,
  STATEMENT_PUT_STATES,
  STATEMENT_PUT_PACKAGES,
  STATEMENT_CLEAR_PACKAGES,
  STATEMENT_CLEAR_GONE,
  STATEMENT_EXTRACT,
  STATEMENT_FIND_UPDATE,
  STATEMENT_PUT_UPDATE,
  N_STATEMENTS
};

struct _KabDepot
{
  KabDatabase  *database;
  char         *folder;
  char         *database_path;
  char         *packages_folder;
  char         *hosts_folder;
  char         *updates_folder;
  KabStatement *statements[N_STATEMENTS];   /* prepared when first needed */
  guint         depth;                      /* of begin () */
  gint64        counter;                    /* of the running transaction */
  gboolean      is_changed;                 /* something took that counter */
  gint64        clock_offset_usec;
};

/* Prepared once and kept; NULL with @error */
KabStatement *kab_depot_statement    (KabDepot     *self,
                                      guint         number,
                                      const char   *sql,
                                      GError      **error);
/* Rows of the depot's own tables; the caller's transaction. */
gint64        kab_depot_get_counter  (KabDatabase  *database);
/* First column of the first row of @sql, 0 when there is none; ?1 is @parameter */
gint64        kab_depot_read_int     (KabDatabase  *database,
                                      const char   *sql,
                                      gint64        parameter);

extern const char * const kab_depot_schema[];
extern const guint kab_depot_n_schema;

G_END_DECLS
