/* kab-packages-columns.h: packages as rows and cards: columns, filters, words
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-badge.h"
#include "kab-item-filter.h"
#include "kab-rules-lookup.h"

G_BEGIN_DECLS

/* The rings of the board, in the order of the way to production. */
typedef enum {
  KAB_RING_DEV,
  KAB_RING_PREPROD,
  KAB_RING_PROD,
  KAB_RING_OTHER,       /* maturities are free text */
} KabRing;
#define KAB_N_RINGS (KAB_RING_OTHER + 1)

extern const KabTableInfo kab_packages_table;      /* of KabRulePackage */

const KabItemTerm *kab_packages_get_terms     (guint          *n_terms);
KabRing            kab_packages_get_ring      (KabRulePackage *item);
/* "DEV", "PREPROD", "PROD"; NULL for others */
const char        *kab_packages_get_ring_name (KabRing         ring);
/* Where it can be promoted to; NULL when it is in production, or none of ours */
const char        *kab_packages_get_next      (KabRulePackage *item);
void               kab_packages_bind_maturity (KabBadge       *badge,
                                               KabRulePackage *item);
void               kab_packages_bind_signature (KabBadge      *badge,
                                               KabRulePackage *item);
/* "2 allow, 1 forbids, 3 classes"; of other packages their description */
char              *kab_packages_dup_rules     (KabRulePackage *item);
/* `package:"demo-wua-base 12"` */
char              *kab_packages_dup_query     (KabRulePackage *item);

G_END_DECLS
