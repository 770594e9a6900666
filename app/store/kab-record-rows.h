/* kab-record-rows.h: what the records of a snapshot answer to a query
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-snapshot-private.h"

G_BEGIN_DECLS

/* The rows of one domain, ready for one query: what has to be read from the mirror was read. */
typedef struct {
  KabSnapshot    *snapshot;       /* borrowed: the caller's */
  KabQueryDomain  domain;
  KabQuery       *query;          /* (nullable) */
  gboolean        hides_superseded;
  GHashTable     *resolved;       /* value of update:, host: or result: → one byte a row */
} KabRecordRows;

/* Blocks when the query asks for pairs. @query may be %NULL: everything matches then. */
KabRecordRows *kab_record_rows_new     (KabSnapshot     *snapshot,
                                        KabQueryDomain   domain,
                                        KabQuery        *query,
                                        GCancellable    *cancellable,
                                        GError         **error);
void           kab_record_rows_free    (KabRecordRows   *self);
gboolean       kab_record_rows_matches (KabRecordRows   *self,
                                        guint            row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabRecordRows, kab_record_rows_free)

/* kab-record-access.c: one record, with a KabRecordRows as rows */
extern const KabRowAccess kab_update_record_access;
extern const KabRowAccess kab_host_record_access;
/* An id, or a GUID for all its revisions, in any case */
gboolean       kab_update_id_matches   (const char      *update_id,
                                        const char      *needle);

/* The words of a record in the fields that have words */
const char    *kab_update_record_get_server (const KabUpdateRecord *record);

G_END_DECLS
