/* test-certificates.h: keys and certificates made when a test runs
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* PEM texts of a key and its certificate. */
typedef struct {
  char *key;
  char *certificate;
} TestIdentity;

/* @issuer: %NULL = self-signed authority. @days: until it ends, from yesterday; negative = ended. @ip: (nullable) its name */
TestIdentity    *test_identity_new       (const char *name, const TestIdentity *issuer, int days, const char *ip);
/* The key encrypted */
char            *test_identity_encrypt   (const TestIdentity *self, const char *passphrase);
GTlsCertificate *test_identity_load      (const TestIdentity *self);
void             test_identity_free      (TestIdentity *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestIdentity, test_identity_free)

G_END_DECLS
