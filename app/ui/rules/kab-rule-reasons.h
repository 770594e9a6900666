/* kab-rule-reasons.h: a rule package as it was written, with the reasons and comments that agents do not read
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-session-rules.h"

G_BEGIN_DECLS

/* From the copy that is kept here, else from the server. @package: of the index. KAB_ERROR_NOT_FOUND: it has no rules */
void              kab_rule_reasons_read_async  (KabSession           *session,
                                                KabPackage           *package,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
KabRulesDocument *kab_rule_reasons_read_finish (KabSession           *session,
                                                GAsyncResult         *result,
                                                GError              **error);

G_END_DECLS
