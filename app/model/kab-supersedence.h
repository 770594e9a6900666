/* kab-supersedence.h: which updates replace which, followed through all of them (waptwua-model § 6.4)
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-update.h"

G_BEGIN_DECLS

/* An update names GUIDs that it replaces, so it replaces all their revisions. Chains that form a loop end; an update is
 * never its own replacement. */
typedef struct _KabSupersedence KabSupersedence;

/* @updates: (element-type KabUpdate): %NULL elements are passed over; their indices are what the answers are made of */
KabSupersedence *kab_supersedence_new          (GPtrArray       *updates);
void             kab_supersedence_free         (KabSupersedence *self);
/* All that @index replaces, directly or through others */
const guint32   *kab_supersedence_get_replaced (KabSupersedence *self, guint index, guint *n);
/* All that replace @index */
const guint32   *kab_supersedence_get_replacements (KabSupersedence *self, guint index, guint *n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabSupersedence, kab_supersedence_free)

G_END_DECLS
