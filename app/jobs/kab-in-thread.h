/* kab-in-thread.h: a blocking function as an asynchronous one
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Blocks, in a thread. With @error it returns nothing; a number goes through GINT_TO_POINTER() */
typedef gpointer (*KabInThreadFunc) (gpointer       source,
                                     gpointer       data,
                                     GCancellable  *cancellable,
                                     GError       **error);

/**
 * kab_in_thread_run:
 * @source: (nullable) (type GObject): lives on until it is over
 * @func: also the task's source tag
 * @data: (transfer full) (nullable): freed with @data_free
 * @result_free: (nullable): for a result that nobody takes
 * @callback: (nullable)
 */
void     kab_in_thread_run    (gpointer              source,
                               KabInThreadFunc       func,
                               gpointer              data,
                               GDestroyNotify        data_free,
                               GDestroyNotify        result_free,
                               GCancellable         *cancellable,
                               GAsyncReadyCallback   callback,
                               gpointer              user_data);
/* (transfer full) */
gpointer kab_in_thread_finish (gpointer              source,
                               GAsyncResult         *result,
                               GError              **error);

G_END_DECLS
