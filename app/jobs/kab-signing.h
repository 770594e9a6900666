/* kab-signing.h: the certificate and key that actions are signed with, looked at before they are needed
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-identity.h"
#include "kab-profiles.h"

G_BEGIN_DECLS

typedef struct {
  KabIdentity *identity;          /* (nullable): the certificate could not be read, see @error */
  gboolean     key_fits;          /* the key was opened and belongs to the certificate */
  gboolean     needs_passphrase;  /* the key is encrypted and @passphrase did not open it */
  GError      *error;             /* why it cannot sign; NULL when it can */
} KabSigningCheck;

void             kab_signing_check_free   (KabSigningCheck      *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabSigningCheck, kab_signing_check_free)

/* Blocking; never NULL. @key NULL or "": looks at the certificate alone. */
KabSigningCheck *kab_signing_check_run    (const char           *certificate,
                                           const char           *key,
                                           const char           *passphrase);
void             kab_signing_check_async  (const char           *certificate,
                                           const char           *key,
                                           const char           *passphrase,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
/* NULL only when cancelled */
KabSigningCheck *kab_signing_check_finish (GAsyncResult         *result,
                                           GError              **error);

/* (element-type KabCertificate): whom this server's profile trusts to sign. Blocks; may be empty, never NULL */
GPtrArray       *kab_signing_load_trusted (const KabProfile     *profile);

G_END_DECLS
