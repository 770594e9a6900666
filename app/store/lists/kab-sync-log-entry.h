/* kab-sync-log-entry.h: one line of the sync log
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define KAB_TYPE_SYNC_LOG_ENTRY (kab_sync_log_entry_get_type ())
G_DECLARE_FINAL_TYPE (KabSyncLogEntry, kab_sync_log_entry, KAB, SYNC_LOG_ENTRY, GObject)

/* Members are read-only to readers. */
struct _KabSyncLogEntry
{
  GObject   parent_instance;

  gint64    started_at;
  gint64    finished_at;
  char     *level;           /* "open", "configured", "bulk" */
  char     *error;           /* NULL when it went well; "cancelled" when it was */
  gboolean  automatic;
  guint     hosts_new, hosts_changed, hosts_gone;
  guint     updates_new, updates_changed, updates_gone;
  guint     states_changed;
  guint64   n_bytes;
  guint     n_requests;
};

G_END_DECLS
