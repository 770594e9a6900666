/* kab-evidence.h: what the fleet tells about a rule package since it was published
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-gate.h"
#include "kab-session.h"

G_BEGIN_DECLS

typedef struct _KabStore KabStore;

/**
 * kab_evidence_read:
 * @snapshot: of @store
 * @name: of a rule package
 * @version: (nullable): the newest
 * @maturity: (nullable): any
 *
 * Reads mirror and ledger; blocks. Targeted are the counted hosts that have that version, and those that ask for the
 * package or have an older version of it, and accept its maturity. It is compared with the version that came before it on
 * the server: what that one allowed already is no evidence for this one, nor is what a host installed before.
 *
 * A host has succeeded when every update that is newly allowed and applies to it is installed, or, where that is so of no
 * host, when it has told us since and no update of it failed since. It has failed when one of those updates is in error. An
 * update that another package of the host forbids does not apply. Whoever has not got the package yet, or has to install
 * still, waits; whoever has not been heard of since is silent.
 *
 * KAB_ERROR_NOT_FOUND: the server has no such rule package.
 */
KabEvidence *kab_evidence_read                 (KabStore             *store,
                                                KabSnapshot          *snapshot,
                                                const char           *name,
                                                const char           *version,
                                                const char           *maturity,
                                                GCancellable         *cancellable,
                                                GError              **error);

void         kab_session_read_evidence_async   (KabSession           *self,
                                                const char           *name,
                                                const char           *version,
                                                const char           *maturity,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
KabEvidence *kab_session_read_evidence_finish  (KabSession           *self,
                                                GAsyncResult         *result,
                                                GError              **error);

G_END_DECLS
