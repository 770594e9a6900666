/* kab-deletion.h: what the deletion of packages would touch, for the question before it
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-rules-lookup.h"

G_BEGIN_DECLS

/**
 * KabDeletion:
 * @n_hosts: have one of them installed
 * @n_seekers: hosts that are to have one of them and find no other version afterwards
 * @n_dependents: names of packages that stay, ask for one of them, and find no other version afterwards
 * @too_big: (element-type KabPackage): of these no copy can be kept, so that they go for good
 *
 * Another version serves when it has the same maturity, or PROD, which hosts of every ring take.
 */
typedef struct {
  guint      n_hosts;
  guint      n_seekers;
  guint      n_dependents;
  GPtrArray *too_big;
} KabDeletion;

void         kab_deletion_free                    (KabDeletion          *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabDeletion, kab_deletion_free)

/* @index: (element-type KabPackage); @items: (element-type KabRulePackage): those that go */
KabDeletion *kab_deletion_look                    (GPtrArray            *index,
                                                   GPtrArray            *items);
/* The same in the index as the last sync left it */
void         kab_session_look_at_deletion_async   (KabSession           *self,
                                                   GPtrArray            *items,
                                                   GCancellable         *cancellable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
KabDeletion *kab_session_look_at_deletion_finish  (KabSession           *self,
                                                   GAsyncResult         *result,
                                                   GError              **error);

G_END_DECLS
