/* kab-record-order.h: filtering and sorting records into a vector of indices
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-snapshot-private.h"

G_BEGIN_DECLS

/* @within: (nullable) (element-type guint): rows of a former, wider query in the wanted order: only these are asked.
 * Returns: (element-type guint) (transfer full): NULL with @error, which may be that of cancelling */
GArray    *kab_record_order_make   (KabSnapshot     *snapshot,
                                    KabQueryDomain   domain,
                                    KabQuery        *query,
                                    KabSort          sort,
                                    gboolean         descending,
                                    GArray          *within,
                                    GCancellable    *cancellable,
                                    GError         **error);
/* Does @longer, typed behind @shorter, only take rows away? Plain words only: there every letter narrows. */
gboolean   kab_record_order_narrows (const char     *shorter,
                                     const char     *longer);
/* (element-type KabFacet): counts of the filter pane; @order: what the query shows */
GPtrArray *kab_record_facets_make  (KabSnapshot     *snapshot,
                                    KabQueryDomain   domain,
                                    const char      *query,
                                    GArray          *order,
                                    GCancellable    *cancellable,
                                    GError         **error);

G_END_DECLS
