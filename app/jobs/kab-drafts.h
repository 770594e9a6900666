/* kab-drafts.h: what is written and not published: kept in the ledger, so that no crash loses it
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-approval.h"
#include "kab-mirror.h"

G_BEGIN_DECLS

/* All block. The session has the same without blocking. */
GPtrArray *kab_drafts_read    (KabMirror    *mirror,
                               GError      **error);      /* (element-type KabDraft), newest first */
/* @id: (nullable): a new one. Returns: (transfer full): its id; safe on disk */
char      *kab_drafts_save    (KabMirror    *mirror,
                               const char   *id,
                               const char   *name,
                               const char   *text,
                               const char   *extra,
                               GError      **error);
/* One that is not there is gone already: no error. */
gboolean   kab_drafts_discard (KabMirror    *mirror,
                               const char   *id,
                               GError      **error);

G_END_DECLS
