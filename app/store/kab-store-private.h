/* kab-store-private.h: connections of a store, and what the parts of this room share
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-database.h"
#include "kab-ledger-private.h"
#include "kab-store.h"

G_BEGIN_DECLS

/* A connection of one call: borrowed from those that lie idle. */
typedef struct {
  KabStore    *store;        /* a reference */
  KabDatabase *database;
  guint        generation;   /* of the file it is connected to: a set-aside mirror's connections are closed */
} KabStoreReader;

KabStoreReader *kab_store_borrow      (KabStore        *self,
                                       GError         **error);
/* Every read ends with this: gives the connection back, whose statements are freed by now. A @failure is handed on, and
 * where it was damage the mirror is set aside and made anew. Returns: is there none? */
gboolean        kab_store_end_read    (KabStoreReader  *reader,
                                       GError         **failure,
                                       GError         **error);
/* A connection that may write */
KabDatabase    *kab_store_connect     (KabStore        *self,
                                       GError         **error);
/* The rules file of a package as an agent reads it; @json is not empty */
KabRuleSet     *kab_store_parse_rules (KabDatabase     *database,
                                       const char      *origin,
                                       const char      *json,
                                       GError         **error);
/* One line of the sync log; @message NULL = it went well */
gboolean        kab_store_add_log     (KabDatabase          *database,
                                       const KabSyncReport  *report,
                                       const char           *message,
                                       GError              **error);

G_END_DECLS
