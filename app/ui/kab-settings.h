/* kab-settings.h: the settings of the window, found also in the build tree
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* (transfer none): the one GSettings of the program. Main thread. */
GSettings *kab_settings_get_default (void);

G_END_DECLS
