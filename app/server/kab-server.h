/* kab-server.h: the reference server: the 1.8.2 interface over a depot
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-certificate.h"
#include "kab-depot.h"
#include "kab-server-agents.h"

G_BEGIN_DECLS

/**
 * KabServer: answers in the main context that is default when it starts, in the thread of its depot. libsoup describes
 * its server as fit for private services, not for hostile clients: keep it on loopback or in a lab network.
 */
typedef struct _KabServer KabServer;

typedef struct {
  const char      *listen;        /* "127.0.0.1:0"; beyond loopback only with @certificate */
  GTlsCertificate *certificate;   /* (nullable): of the server, with its key; NULL = plain http */
  GPtrArray       *trusted;       /* (element-type KabCertificate): whose packages are taken */
  KabServerAgents *agents;        /* (nullable): borrowed; NULL = no host is connected */
} KabServerOptions;

/* Both borrowed, they outlive it. Fails with KAB_ERROR_USAGE for an address that is none or not allowed. */
KabServer  *kab_server_start       (KabDepot                *depot,
                                    const KabServerOptions  *options,
                                    GError                 **error);
/* Held calls are answered, connections closed */
void        kab_server_stop        (KabServer               *self);
const char *kab_server_get_address (KabServer               *self);   /* "https://127.0.0.1:41234" */

/* May a server listen there? KAB_ERROR_USAGE: not an address given as numbers, or beyond this machine without TLS */
gboolean    kab_server_check_listen (const char             *listen,
                                    gboolean                 has_tls,
                                    GError                 **error);

/* An account of this depot; @rights a comma list: "admin", "view", … Replaces one of that name. */
gboolean    kab_server_set_account (KabDepot                *depot,
                                    const char              *name,
                                    const char              *password,
                                    const char              *rights,
                                    GError                 **error);
gboolean    kab_server_has_account (KabDepot                *depot,
                                    const char              *name,
                                    const char              *password);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabServer, kab_server_stop)

G_END_DECLS
