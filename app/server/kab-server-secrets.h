/* kab-server-secrets.h: what the server makes once and keeps: password, keys, certificates, whom it trusts
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-depot.h"
#include "kab-signer.h"

G_BEGIN_DECLS

#define KAB_SERVER_USER   "admin"
#define KAB_SERVER_VIEWER "viewer"         /* may look and nothing else */
#define KAB_SERVER_PUBLISHER "publisher"   /* may look and upload rule packages, but remove none */

/**
 * KabServerSecrets: made at the first start, read at every other. Private keys lie on disk encrypted; the passphrases
 * and the password of practice lie beside them in one file that only its owner reads (secrets.ini, 0600). The keys are in DIR/tls.
 */
typedef struct {
  char      *password;         /* (nullable): of admin; NULL once somebody changed it over the interface */
  char      *viewer_password;  /* (nullable): of viewer, when there is one */
  char      *publisher_password; /* (nullable): likewise */
  char      *passphrase;       /* of the administrator's key */
  char      *key_path;
  char      *certificate_path;
  KabSigner *administrator;
  char      *ca_path;          /* (nullable): with TLS */
  GTlsCertificate *certificate;   /* (nullable): of the server, with its key */
} KabServerSecrets;

/* @listen: the address the server's certificate must be valid for, beside localhost; NULL = no TLS
 * @has_viewer, @has_publisher: make accounts with fewer rights beside admin */
KabServerSecrets *kab_server_secrets_open    (KabDepot          *depot,
                                              const char        *listen,
                                              gboolean           has_viewer,
                                              gboolean           has_publisher,
                                              GError           **error);
void              kab_server_secrets_free    (KabServerSecrets  *self);

/* (element-type KabCertificate): the administrator's, those added over the interface, and @paths (nullable) */
GPtrArray        *kab_server_load_trusted    (KabDepot           *depot,
                                              KabServerSecrets   *secrets,
                                              const char * const *paths,
                                              GError            **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabServerSecrets, kab_server_secrets_free)

G_END_DECLS
