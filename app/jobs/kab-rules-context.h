/* kab-rules-context.h: what editors of rules look things up in: the updates and rule packages of one mirror
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-forecast-plan.h"
#include "kab-rules-lint.h"
#include "kab-session.h"

G_BEGIN_DECLS

typedef struct _KabStore KabStore;

/* Immutable; any thread. */
#define KAB_TYPE_RULES_CONTEXT (kab_rules_context_get_type ())
G_DECLARE_FINAL_TYPE (KabRulesContext, kab_rules_context, KAB, RULES_CONTEXT, GObject)

/* Blocks. @snapshot: of @store */
KabRulesContext *kab_rules_context_read             (KabStore             *store,
                                                     KabSnapshot          *snapshot,
                                                     GCancellable         *cancellable,
                                                     GError              **error);
/* NOT_FOUND before the first snapshot */
void             kab_session_read_rules_context_async  (KabSession           *self,
                                                        GCancellable         *cancellable,
                                                        GAsyncReadyCallback   callback,
                                                        gpointer              user_data);
KabRulesContext *kab_session_read_rules_context_finish (KabSession           *self,
                                                        GAsyncResult         *result,
                                                        GError              **error);

KabSnapshot     *kab_rules_context_get_snapshot     (KabRulesContext      *self);
KabUpdateIndex  *kab_rules_context_get_index        (KabRulesContext      *self);
/* For kab_rules_lint(). That no host says which packages it has is taken for not known, not for none. */
KabLintFleet    *kab_rules_context_get_fleet        (KabRulesContext      *self);
/* What lint finds in @document as it is now, in a thread */
void             kab_rules_context_lint_async       (KabRulesContext      *self,
                                                     KabRulesDocument     *document,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
/* (element-type KabLintFinding) */
GPtrArray       *kab_rules_context_lint_finish      (KabRulesContext      *self,
                                                     GAsyncResult         *result,
                                                     GError              **error);
/* (element-type KabLintFinding): about all packages that hosts have, and the fleet */
GPtrArray       *kab_rules_context_get_findings     (KabRulesContext      *self);
/* (element-type KabPackage): of section wsus, as in the index */
GPtrArray       *kab_rules_context_get_packages     (KabRulesContext      *self);
/* (nullable): what agents read of it */
KabRuleSet      *kab_rules_context_get_rules        (KabRulesContext      *self,
                                                     const char           *name,
                                                     const char           *version);
/* (nullable): the newest of that name, of any maturity */
KabPackage      *kab_rules_context_find_newest      (KabRulesContext      *self,
                                                     const char           *name);
/* What the next published package of that name is called; "1" for a new name. The publish job decides: packages that
 * are gone from the server count there too. */
char            *kab_rules_context_dup_next_version (KabRulesContext      *self,
                                                     const char           *name);
/* The document as its package will be: control and rules. @vouchers: (nullable): fingerprints of who signs and of his
 * issuers; %NULL: the signer of the session's profile, else somebody whom everybody trusts */
KabForecastPlan *kab_rules_context_plan             (KabRulesContext      *self,
                                                     KabRulesDocument     *document,
                                                     const char * const   *vouchers);
/* What if everybody asked for it? The roots of all units, and some hosts that have no unit */
void             kab_rules_context_assign_to_all    (KabRulesContext      *self,
                                                     KabForecastPlan      *plan,
                                                     const char           *requirement);

G_END_DECLS
