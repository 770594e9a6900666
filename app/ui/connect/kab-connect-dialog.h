/* kab-connect-dialog.h: a server's address, trust and sign-in, with a test that answers in words
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-profiles.h"

G_BEGIN_DECLS

/**
 * KabConnectDialog: signal "accepted" (gpointer: const KabProfile *, const char *password, gboolean remember), once;
 * the dialog closes itself afterwards. The password is "" when none was typed.
 */
#define KAB_TYPE_CONNECT_DIALOG (kab_connect_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KabConnectDialog, kab_connect_dialog, KAB, CONNECT_DIALOG, AdwWindow)

/* @profile: (nullable): what to change; %NULL for a new one */
KabConnectDialog *kab_connect_dialog_new         (GtkWindow        *parent,
                                                  const KabProfile *profile);
void              kab_connect_dialog_set_address (KabConnectDialog *self,
                                                  const char       *address);
void              kab_connect_dialog_test        (KabConnectDialog *self);

G_END_DECLS
