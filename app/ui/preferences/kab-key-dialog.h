/* kab-key-dialog.h: a new signing key, or one from a file
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-signing-keys.h"

G_BEGIN_DECLS

/* Signal "added" (KabSigningKey): it lies in the folder now. */
#define KAB_TYPE_KEY_DIALOG (kab_key_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KabKeyDialog, kab_key_dialog, KAB, KEY_DIALOG, AdwWindow)

/* @import: from a file; else a new one */
KabKeyDialog *kab_key_dialog_new (GtkWindow  *parent,
                                  const char *folder,
                                  gboolean    import);

G_END_DECLS
