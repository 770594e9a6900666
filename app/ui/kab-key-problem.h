/* kab-key-problem.h: why nothing can be signed, in words, for the tooltips of what would have to be
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-session.h"

G_BEGIN_DECLS

/* @problem: NULL = there is a key. @can_set_up: and the preferences can mend it */
typedef void (*KabKeyProblemFunc) (const char *problem, gboolean can_set_up, gpointer user_data);

/* Files are looked at in a thread; the answer may be another one after the preferences were open. @session: (nullable):
 * the answer comes at once then. No answer when cancelled. */
void kab_key_problem_check (KabSession        *session,
                            GCancellable      *cancellable,
                            KabKeyProblemFunc  callback,
                            gpointer           user_data);

G_END_DECLS
