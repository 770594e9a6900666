/* kab-key-store.h: the folder where somebody keeps signing keys and certificates (wapt-package-format § 5.3)
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-signer.h"

G_BEGIN_DECLS

/**
 * KabKeyEntry: one certificate of a folder.
 * @key_path: (nullable): the key that belongs to it, or %NULL when the folder has none
 * @key_is_encrypted: it needs a passphrase; then it was found by its name and not by its numbers
 * @has_legacy_strength: fewer than 2048 bits, or signed with SHA-1 or MD5
 *
 * What to say of it: kab_identity_get_purpose(), kab_identity_get_expiry().
 */
typedef struct {
  KabIdentity *identity;
  char        *certificate_path;
  char        *key_path;
  guint        bits;
  gboolean     key_is_encrypted;
  gboolean     has_legacy_strength;
} KabKeyEntry;

void         kab_key_entry_free   (KabKeyEntry        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabKeyEntry, kab_key_entry_free)

/* (element-type KabKeyEntry): the *.crt, *.cer and *.pem of @folder that are certificates, sorted by name; what cannot be
 * read is left out. KAB_ERROR_NOT_FOUND, KAB_ERROR_STORAGE. */
GPtrArray   *kab_key_store_list   (const char         *folder,
                                   GError            **error);
/**
 * kab_key_store_create:
 * @name: common name; also of the files @name.pem and @name.crt, without what no file name should hold
 * @passphrase: required: keys lie on disk encrypted
 *
 * As kab_signer_generate(), which says more. Blocks. KAB_ERROR_USAGE, KAB_ERROR_STORAGE
 */
KabKeyEntry *kab_key_store_create (const char         *folder,
                                   const char         *name,
                                   const char         *passphrase,
                                   gboolean            code_signing,
                                   guint               days,
                                   GError            **error);
/**
 * kab_key_store_import:
 * @source: PKCS#12, or a key in PEM (traditional or PKCS#8)
 * @certificate: (nullable): where the certificate is when @source has none; %NULL looks into @source, then beside it
 * @source_passphrase: (nullable): opens @source
 * @passphrase: what the key will be encrypted with
 *
 * The key becomes an encrypted PEM of mode 0600 in @folder, the certificate with its chain lies beside it. Ciphers that
 * only old programs use are read too; they are never loaded into the rest of the program. KAB_ERROR_PASSPHRASE (needed or
 * wrong), BAD_DATA (no key, no certificate, not one pair, not RSA), USAGE (no @passphrase), NOT_FOUND, STORAGE
 */
KabKeyEntry *kab_key_store_import (const char         *folder,
                                   const char         *source,
                                   const char         *certificate,
                                   const char         *source_passphrase,
                                   const char         *passphrase,
                                   GError            **error);
/* The same from memory; @certificate_pem: (nullable) */
KabKeyEntry *kab_key_store_import_bytes (const char   *folder,
                                         GBytes       *source,
                                         const char   *certificate_pem,
                                         const char   *source_passphrase,
                                         const char   *passphrase,
                                         GError      **error);

G_END_DECLS
