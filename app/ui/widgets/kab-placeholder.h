/* kab-placeholder.h: an empty page says what would be here, and offers the action that fills it
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* @button: (nullable): with a mnemonic. @action: detailed name, such as "win.show-hosts('')" */
void kab_placeholder_fill (AdwStatusPage *page,
                           const char    *icon_name,
                           const char    *title,
                           const char    *description,
                           const char    *button,
                           const char    *action);

G_END_DECLS
