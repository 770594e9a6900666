/* kab-signing-keys.h: the folder of signing keys and certificates: what lies there, a new one, one from elsewhere
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-identity.h"

G_BEGIN_DECLS

/**
 * KabSigningKey: one certificate of a folder. Members are read-only.
 * @key_path: (nullable): the key that belongs to it
 * @key_is_encrypted: it needs a passphrase
 * @is_weak: fewer than 2048 bits, or signed with SHA-1 or MD5
 */
#define KAB_TYPE_SIGNING_KEY (kab_signing_key_get_type ())
G_DECLARE_FINAL_TYPE (KabSigningKey, kab_signing_key, KAB, SIGNING_KEY, GObject)
struct _KabSigningKey
{
  GObject      parent_instance;

  KabIdentity *identity;
  char        *certificate_path;
  char        *key_path;
  gboolean     key_is_encrypted;
  gboolean     is_weak;
};

/* Where keys are kept until the user says otherwise; exists when it was ever used */
char          *kab_signing_keys_dup_folder    (void);
/* finish: of KabSigningKey: first @certificate with @key, both (nullable) and wherever they are, then the folder's by
 * name; a folder that is not there is an empty one */
void           kab_signing_keys_list_async    (const char           *folder,
                                               const char           *certificate,
                                               const char           *key,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
GListModel    *kab_signing_keys_list_finish   (GAsyncResult         *result,
                                               GError              **error);
/* A self-signed certificate and its encrypted key in @folder, which is made. KAB_ERROR_USAGE, KAB_ERROR_STORAGE */
void           kab_signing_keys_create_async  (const char           *folder,
                                               const char           *name,
                                               const char           *passphrase,
                                               gboolean              code_signing,
                                               guint                 days,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
/* @source: PKCS#12 or a key in PEM. @certificate, @source_passphrase: (nullable). KAB_ERROR_PASSPHRASE, BAD_DATA … */
void           kab_signing_keys_import_async  (const char           *folder,
                                               const char           *source,
                                               const char           *certificate,
                                               const char           *source_passphrase,
                                               const char           *passphrase,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
/* Of both: (transfer full) */
KabSigningKey *kab_signing_keys_add_finish    (GAsyncResult         *result,
                                               GError              **error);

G_END_DECLS
