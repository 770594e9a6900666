/* kab-depends.h: `depends` and `conflicts` of a package, changed by assignments; only for the job that does
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-forecast-plan.h"

G_BEGIN_DECLS

typedef struct {
  GPtrArray *depends;      /* (element-type utf8): requirements, in their order */
  GPtrArray *conflicts;
} KabDepends;

KabDepends *kab_depends_new      (const char        *depends,
                                  const char        *conflicts);
KabDepends *kab_depends_copy     (const KabDepends  *self);
void        kab_depends_free     (KabDepends        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabDepends, kab_depends_free)

/* Assigning puts @requirement into the place of one of the same name, and forbids it no more. */
void        kab_depends_change   (KabDepends        *self,
                                  const char        *requirement,
                                  KabAssignment      assignment);
/* Of @requirement's name it has afterwards what @before has; the rest stays. */
void        kab_depends_restore  (KabDepends        *self,
                                  const char        *requirement,
                                  const KabDepends  *before);
gboolean    kab_depends_equal    (const KabDepends  *a,
                                  const KabDepends  *b);
char       *kab_depends_dup_text (GPtrArray         *list);

G_END_DECLS
