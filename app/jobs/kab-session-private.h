/* kab-session-private.h: what the files beside it need of a session
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-mirror.h"
#include "kab-session.h"
#include "kab-sign-in.h"

G_BEGIN_DECLS

KabMirror *kab_session_get_mirror     (KabSession *self);
KabSignIn *kab_session_get_sign_in    (KabSession *self);
KabLimits  kab_session_get_limits     (KabSession *self);
/* Cancelled when the session closes: nothing that it started outlives it for long. */
GCancellable *kab_session_get_closing (KabSession *self);
/* kab-session-rules.c: a sync went well, so what broke off before can be settled */
void          kab_session_resume_deeds (KabSession *self);

G_END_DECLS
