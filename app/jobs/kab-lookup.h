/* kab-lookup.h: a reading of a session in a thread: what it may look at, the way there and back
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-mirror.h"
#include "kab-session.h"
#include "kab-sign-in.h"

G_BEGIN_DECLS

typedef struct _KabLookup KabLookup;

/* Blocks. NULL with @error */
typedef gpointer (*KabLookupFunc) (const KabLookup  *lookup,
                                   GCancellable     *cancellable,
                                   GError          **error);

/* What a thread may look at while the session lives on: references and copies only. */
struct _KabLookup {
  KabLookupFunc func;          /* kab_lookup_run() sets it */
  KabMirror    *mirror;
  KabSignIn    *sign_in;
  KabSnapshot  *snapshot;      /* (nullable): none is read yet */
  KabLimits     limits;
  char         *texts[4];      /* owned; what is asked, as @func understands it */
  gint64        number;
  GPtrArray    *items;         /* (nullable): what it is asked of; nobody else changes them */
};

/* @text: (nullable): the first of its texts; the rest of what is asked is set before it runs */
KabLookup *kab_lookup_new    (KabSession           *session,
                              const char           *text);
/* @lookup: (transfer full). @result_free: (nullable) */
void       kab_lookup_run    (KabSession           *session,
                              KabLookup            *lookup,
                              KabLookupFunc         func,
                              GDestroyNotify        result_free,
                              GCancellable         *cancellable,
                              GAsyncReadyCallback   callback,
                              gpointer              user_data);
/* (transfer full) */
gpointer   kab_lookup_finish (KabSession           *session,
                              GAsyncResult         *result,
                              GError              **error);

/* For readings. */
/* Its snapshot, or NULL with KAB_ERROR_NOT_FOUND: the mirror is not read yet */
KabSnapshot *kab_lookup_get_snapshot (const KabLookup  *self,
                                      GError          **error);
/* @items: (transfer full) (nullable): NULL = it went wrong. Returns: (transfer full) (nullable): a GListModel of them */
gpointer     kab_lookup_to_list      (GType             type,
                                      GPtrArray        *items);

G_END_DECLS
