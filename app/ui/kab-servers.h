/* kab-servers.h: the servers as the window lists them: loaded and saved in a thread
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-profiles.h"

G_BEGIN_DECLS

/**
 * KabServers: main thread. Signal "changed": a profile came, went or changed, or another is active.
 * Signal "failed" (GError *): servers.ini could not be read or written.
 */
#define KAB_TYPE_SERVERS (kab_servers_get_type ())
G_DECLARE_FINAL_TYPE (KabServers, kab_servers, KAB, SERVERS, GObject)

KabServers       *kab_servers_new         (void);
/* Calls back when the file was read, well or not. @ahead: (nullable): the mirror of this profile, or with "" that of the
 * active one, is read on in the same thread, for the session that will be opened first. */
void              kab_servers_load_async  (KabServers          *self,
                                           const char          *ahead,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data);
gboolean          kab_servers_load_finish (KabServers          *self,
                                           GAsyncResult        *result,
                                           GError             **error);
guint             kab_servers_get_n       (KabServers          *self);
const KabProfile *kab_servers_get         (KabServers          *self,
                                           guint                position);
const KabProfile *kab_servers_find        (KabServers          *self,
                                           const char          *name);
const KabProfile *kab_servers_find_url    (KabServers          *self,
                                           const char          *url);
/* (nullable): the one to open at start */
const KabProfile *kab_servers_get_active  (KabServers          *self);
void              kab_servers_set_active  (KabServers          *self,
                                           const char          *name);
/* Adds @profile or replaces the one called @old_name (nullable), then saves. A name that is taken gets a number. */
const KabProfile *kab_servers_put         (KabServers          *self,
                                           const char          *old_name,
                                           const KabProfile    *profile);
void              kab_servers_remove      (KabServers          *self,
                                           const char          *name);

G_END_DECLS
