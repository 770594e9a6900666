/* kab-evidence.h: what the fleet tells about rule packages since they were published
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-gate.h"
#include "kab-package.h"
#include "kab-session.h"

G_BEGIN_DECLS

typedef struct _KabStore KabStore;

/**
 * kab_evidence_read_all:
 * @snapshot: of @store
 * @packages: (element-type KabPackage): rule packages; their name, version and maturity count
 *
 * Reads mirror and ledger once for all of them; blocks. Targeted are the counted hosts that have that version, and those
 * that ask for the package or have an older version of it, and accept its maturity. It is compared with the version that
 * came before it on the server: what that one allowed already is no evidence for this one, nor is what a host installed
 * before.
 *
 * A host has succeeded when every update that is newly allowed and applies to it is installed, or, where that is so of no
 * host, when it has told us since and no update of it failed since. It has failed when one of those updates is in error. An
 * update that another package of the host forbids does not apply. Whoever has not got the package yet, or has to install
 * still, waits; whoever has not been heard of since is silent.
 *
 * Returns: (element-type KabEvidence) (nullable elements): one for each, in their order; %NULL where the server has no such
 *   rule package any more
 */
GPtrArray   *kab_evidence_read_all             (KabStore             *store,
                                                KabSnapshot          *snapshot,
                                                GPtrArray            *packages,
                                                GCancellable         *cancellable,
                                                GError              **error);
/* Of one. KAB_ERROR_NOT_FOUND: the server has no such rule package. */
KabEvidence *kab_evidence_read                 (KabStore             *store,
                                                KabSnapshot          *snapshot,
                                                KabPackage           *package,
                                                GCancellable         *cancellable,
                                                GError              **error);

/* The same in a thread; nobody changes @packages any more. */
void         kab_session_read_evidence_async   (KabSession           *self,
                                                GPtrArray            *packages,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
GPtrArray   *kab_session_read_evidence_finish  (KabSession           *self,
                                                GAsyncResult         *result,
                                                GError              **error);

G_END_DECLS
