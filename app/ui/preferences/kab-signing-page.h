/* kab-signing-page.h: preferences: who signs, with which key, and how long its passphrase is remembered
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-servers.h"
#include "kab-window.h"

G_BEGIN_DECLS

#define KAB_TYPE_SIGNING_PAGE (kab_signing_page_get_type ())
G_DECLARE_FINAL_TYPE (KabSigningPage, kab_signing_page, KAB, SIGNING_PAGE, AdwPreferencesPage)

/* Both are borrowed; the window outlives its preferences. */
void kab_signing_page_set_window (KabSigningPage *self,
                                  KabWindow      *window,
                                  KabServers     *servers);

G_END_DECLS
