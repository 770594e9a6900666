/* kab-server-seed.h: a believable fleet of any size, the same for the same number
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-depot.h"
#include "kab-signer.h"

G_BEGIN_DECLS

typedef struct {
  guint64    seed;
  guint      n_hosts;
  guint      n_updates;     /* of the whole catalogue; a host sees those of its system */
  gint64     now;           /* all dates are relative to it */
  KabSigner *signer;        /* who signs the rule packages */
  GPtrArray *trusted;       /* (nullable) (element-type KabCertificate): whom hosts trust; else the signer alone */
  gboolean   is_offline;    /* no agent runs: nobody is connected yet */
} KabSeedOptions;

/* Fills an empty depot, in one transaction; then its packages and the files of the update cache. Blocks. */
gboolean kab_server_seed        (KabDepot              *depot,
                                 const KabSeedOptions  *options,
                                 GError               **error);
/**
 * kab_server_seed_change:
 *
 * Changes that share of the hosts as if their agents had reported: something was installed, waits or failed. The same
 * hosts for the same @seed, other things each time. May run beside a server on the same folder.
 */
gboolean kab_server_seed_change (KabDepot              *depot,
                                 guint                  percent,
                                 guint64                seed,
                                 guint                 *n_changed,
                                 GError               **error);

G_END_DECLS
