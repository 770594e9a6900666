/* kab-database-private.h: what connection and statement share
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <sqlite3.h>

#include "kab-database.h"

G_BEGIN_DECLS

struct _KabDatabase
{
  sqlite3      *handle;
  char         *path;
  GCancellable *cancellable;        /* (nullable) */
  gint64        deadline;           /* monotonic µs after which statements stop, 0 = none */
  guint         busy_timeout_ms;
  gint64        busy_since;         /* monotonic µs: when the present wait for a lock began */
  gboolean      met_damage;
};

/* Sets @error from an SQLite result code at the place @what */
void kab_database_set_error (KabDatabase *self,
                             int          code,
                             const char  *what,
                             GError     **error);

G_END_DECLS
