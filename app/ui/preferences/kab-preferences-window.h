/* kab-preferences-window.h: appearance, notifications and the servers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-servers.h"
#include "kab-window.h"

G_BEGIN_DECLS

#define KAB_TYPE_PREFERENCES_WINDOW (kab_preferences_window_get_type ())
G_DECLARE_FINAL_TYPE (KabPreferencesWindow, kab_preferences_window, KAB, PREFERENCES_WINDOW, AdwPreferencesWindow)

KabPreferencesWindow *kab_preferences_window_new         (KabWindow            *parent,
                                                          KabServers           *servers);
/* Shows the settings of one server */
void                  kab_preferences_window_show_server (KabPreferencesWindow *self,
                                                          const char           *name);

G_END_DECLS
