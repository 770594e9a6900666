/* kab-update-index.h: the updates that a server knows, found by id, GUID, KB and category
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-rule-set.h"
#include "kab-update.h"

G_BEGIN_DECLS

/* Built once, then immutable and usable from any thread. */
typedef struct _KabUpdateIndex KabUpdateIndex;

/* @updates: (element-type KabUpdate) */
KabUpdateIndex *kab_update_index_new           (GPtrArray        *updates);
KabUpdateIndex *kab_update_index_ref           (KabUpdateIndex   *self);
void            kab_update_index_unref         (KabUpdateIndex   *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabUpdateIndex, kab_update_index_unref)

/* (element-type KabUpdate), sorted by id */
GPtrArray      *kab_update_index_get_updates   (KabUpdateIndex   *self);
/* Position in the array; -1 = not known */
int             kab_update_index_find          (KabUpdateIndex   *self,
                                                const char       *update_id);
/* (element-type guint) (nullable): positions of what a rule line matches, exactly as an agent compares (§ 6.4) */
const GArray   *kab_update_index_match         (KabUpdateIndex   *self,
                                                KabRuleList       list,
                                                const char       *value);
/* (element-type guint) (nullable): all revisions of "<guid>" */
const GArray   *kab_update_index_match_guid    (KabUpdateIndex   *self,
                                                const char       *guid);
/* The known text of @list nearest to @value: the same but for case, accents and blanks, or a few letters off; NULL. KBs
 * and ids have none. (transfer none) */
const char     *kab_update_index_nearest       (KabUpdateIndex   *self,
                                                KabRuleList       list,
                                                const char       *value);
/* Position of an update that replaces it, -1 none; of several the one that changed last */
int             kab_update_index_replaced_by   (KabUpdateIndex   *self,
                                                guint             position);

G_END_DECLS
