/* kab-server-editor.h: all settings of one server
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-servers.h"
#include "kab-window.h"

G_BEGIN_DECLS

/* A subpage of the preferences. Changes are kept when it is left; there is nothing to press. */
#define KAB_TYPE_SERVER_EDITOR (kab_server_editor_get_type ())
G_DECLARE_FINAL_TYPE (KabServerEditor, kab_server_editor, KAB, SERVER_EDITOR, AdwBin)

GtkWidget *kab_server_editor_new (KabWindow        *window,
                                  KabServers       *servers,
                                  const KabProfile *profile);

G_END_DECLS
