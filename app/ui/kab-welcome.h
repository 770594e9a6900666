/* kab-welcome.h: the first run: two ways on
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define KAB_TYPE_WELCOME (kab_welcome_get_type ())
G_DECLARE_FINAL_TYPE (KabWelcome, kab_welcome, KAB, WELCOME, AdwBin)

/* The practice fleet is being started. */
void kab_welcome_set_busy (KabWelcome *self,
                           gboolean    busy);

G_END_DECLS
