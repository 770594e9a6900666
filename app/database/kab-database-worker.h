/* kab-database-worker.h: a thread with a connection of its own and a queue
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-statement.h"

G_BEGIN_DECLS

#define KAB_TYPE_DATABASE_WORKER (kab_database_worker_get_type ())
G_DECLARE_FINAL_TYPE (KabDatabaseWorker, kab_database_worker, KAB, DATABASE_WORKER, GObject)

/* Runs in the worker's thread. Returns: (nullable): a result; %NULL with @error when it failed, or without */
typedef gpointer (*KabDatabaseFunc) (KabDatabase   *database,
                                     gpointer       user_data,
                                     GCancellable  *cancellable,
                                     GError       **error);

/* @flags: #KabDatabaseFlags. The file is opened by the first request, so that its failure has a receiver. */
KabDatabaseWorker *kab_database_worker_new        (const char           *path,
                                                   guint                 flags);
/* Requests run one after the other, in their order; results arrive in the caller's main context. */
void               kab_database_worker_run_async  (KabDatabaseWorker    *self,
                                                   KabDatabaseFunc       func,
                                                   gpointer              data,
                                                   GDestroyNotify        data_free,
                                                   GDestroyNotify        result_free,
                                                   GCancellable         *cancellable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
gpointer           kab_database_worker_run_finish (KabDatabaseWorker    *self,
                                                   GAsyncResult         *result,
                                                   GError              **error);

G_END_DECLS
