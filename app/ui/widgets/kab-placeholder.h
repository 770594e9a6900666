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
/* Large text of a @button with a label goes on in another line, rather than asking for a wider window. */
void kab_placeholder_wrap (GtkButton     *button);

G_END_DECLS
