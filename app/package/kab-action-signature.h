/* kab-action-signature.h: signed host actions (wapt-server-api § 5)
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-signer.h"

G_BEGIN_DECLS

struct _JsonObject;

/* @action from kab_wire_action_new(); adds "signature". KAB_ERROR_USAGE when it is not @signer's. */
gboolean kab_action_sign   (struct _JsonObject *action,
                            KabSigner          *signer,
                            GError            **error);
/**
 * kab_action_verify:
 * @trusted: (element-type KabCertificate): the agent's ssl folder
 * @max_skew_s: the agent's signature_clockskew
 *
 * What an agent checks (§ 5.3), in that order: chain, signed names, age, signature, host.
 *
 * Returns: %FALSE with KAB_ERROR_BAD_SIGNATURE (chain, names, signature) or KAB_ERROR_REFUSED (age, host)
 */
gboolean kab_action_verify (struct _JsonObject *action,
                            const char         *uuid,
                            GPtrArray          *trusted,
                            gint64              now,
                            gint64              max_skew_s,
                            GError            **error);

G_END_DECLS
