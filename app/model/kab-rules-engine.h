/* kab-rules-engine.h: what the rules of one host say about one update, and why (waptwua-model § 6.4)
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-duration.h"
#include "kab-rule-set.h"
#include "kab-update.h"

G_BEGIN_DECLS

typedef enum {
  KAB_VERDICT_UNDECIDED,    /* no rule names it, and the agent's default is not known */
  KAB_VERDICT_ALLOWED,
  KAB_VERDICT_DELAYED,      /* allowed, but install_delay still runs */
  KAB_VERDICT_FORBIDDEN,    /* a forbid line names it, or no rule does and the default is no */
} KabVerdict;

const char *kab_verdict_get_text  (KabVerdict verdict);   /* "allowed" … */

/* Why: the eight tests of § 6.4, first match, then what is left. */
typedef enum {
  KAB_REASON_FORBIDDEN_UPDATE,
  KAB_REASON_FORBIDDEN_KB,
  KAB_REASON_ALLOWED_UPDATE,
  KAB_REASON_ALLOWED_KB,
  KAB_REASON_ALLOWED_PRODUCT,
  KAB_REASON_ALLOWED_SEVERITY,
  KAB_REASON_ALLOWED_CLASSIFICATION,
  KAB_REASON_DEFAULT_ALLOW,
  KAB_REASON_DEFAULT_DENY,
  KAB_REASON_NO_RULES,
} KabReason;

const char *kab_reason_get_text (KabReason reason);   /* "forbidden_updates" … "default_allow", "no_rules" */

/**
 * KabOptions: the agent's own [waptwua] options that take part in a verdict.
 * @delay_seconds: install_delay; -1 = it could not be read, which delays everything
 */
typedef struct {
  KabTristate default_allow;       /* NULL = not known to us; the agent's default is False */
  gint64      delay_seconds;
} KabOptions;

/**
 * KabDecision: one verdict and its proof. @line and @origin are borrowed from the rule sets of the engine.
 * @overruled / @overruled_origin: the strongest line that would have decided otherwise, or %NULL.
 * @delayed_until: when the delay ends; 0 when it does not run, and when it never ends (unreadable) or cannot be
 *   computed. A forbidden update can be delayed too: agents report both.
 * @delayed: does install_delay hold it back, whatever the rules say?
 */
typedef struct {
  KabVerdict  verdict;
  KabReason   reason;
  const char *line;                /* the list entry that matched, or NULL */
  const char *origin;              /* the package that has it, "demo-wua-base 12", or NULL */
  const char *overruled;
  const char *overruled_origin;
  gint64      delayed_until;       /* Unix seconds */
  gboolean    delayed;
} KabDecision;

#define KAB_TYPE_RULES_ENGINE (kab_rules_engine_get_type ())
G_DECLARE_FINAL_TYPE (KabRulesEngine, kab_rules_engine, KAB, RULES_ENGINE, GObject)

KabRulesEngine *kab_rules_engine_new      (const KabOptions *options);
void            kab_rules_engine_add      (KabRulesEngine *self, KabRuleSet *rules);   /* in order of install date */
void            kab_rules_engine_decide   (KabRulesEngine *self, KabUpdate *update, gint64 now, KabDecision *decision);
gboolean        kab_rules_engine_includes_superseded (KabRulesEngine *self);           /* the last set that says so wins */

/* Which lists of one rule set name the update: bits 1 << KabRuleList. The lowest of all sets of a host decides (§ 6.4). */
guint           kab_rules_engine_match    (KabRuleSet *rules, KabUpdate *update);

G_END_DECLS
