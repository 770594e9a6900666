/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-rules-engine.h"

struct _KabRulesEngine
{
  GObject     parent_instance;

  GPtrArray  *sets;       /* (element-type KabRuleSet), in order of install date */
  KabOptions  options;
};

G_DEFINE_FINAL_TYPE (KabRulesEngine, kab_rules_engine, G_TYPE_OBJECT)

static const char * const verdicts[] = {
  [KAB_VERDICT_UNDECIDED] = "undecided",
  [KAB_VERDICT_ALLOWED] = "allowed",
  [KAB_VERDICT_DELAYED] = "delayed",
  [KAB_VERDICT_FORBIDDEN] = "forbidden",
};

/* waptwua-model § 6.4: the tests in their order, first match wins. */
static const struct {
  KabRuleList list;
  KabReason   reason;
  gboolean    allows;
} tests[] = {
  { KAB_RULE_FORBIDDEN_UPDATES, KAB_REASON_FORBIDDEN_UPDATE, FALSE },
  { KAB_RULE_FORBIDDEN_KBS, KAB_REASON_FORBIDDEN_KB, FALSE },
  { KAB_RULE_ALLOWED_UPDATES, KAB_REASON_ALLOWED_UPDATE, TRUE },
  { KAB_RULE_ALLOWED_KBS, KAB_REASON_ALLOWED_KB, TRUE },
  { KAB_RULE_ALLOWED_PRODUCTS, KAB_REASON_ALLOWED_PRODUCT, TRUE },
  { KAB_RULE_ALLOWED_SEVERITIES, KAB_REASON_ALLOWED_SEVERITY, TRUE },
  { KAB_RULE_ALLOWED_CLASSIFICATIONS, KAB_REASON_ALLOWED_CLASSIFICATION, TRUE },
};

static void
kab_rules_engine_finalize (GObject *object)
{
  KabRulesEngine *self = KAB_RULES_ENGINE (object);

  g_clear_pointer (&self->sets, g_ptr_array_unref);

  G_OBJECT_CLASS (kab_rules_engine_parent_class)->finalize (object);
}

static void
kab_rules_engine_class_init (KabRulesEngineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_rules_engine_finalize;
}

static void
kab_rules_engine_init (KabRulesEngine *self)
{
  self->sets = g_ptr_array_new_with_free_func (g_object_unref);
}

/* Lists are united, so the first package that has a line is as good a proof as any. */
static const char *
find_in_sets (KabRulesEngine         *self,
              KabRuleList             list,
              const KabUpdateFields  *fields,
              const char            **origin)
{
  for (guint i = 0; i < self->sets->len; i++)
    {
      KabRuleSet *rules = g_ptr_array_index (self->sets, i);
      const char *line = kab_rule_set_match (rules, list, fields);

      if (line != NULL)
        {
          *origin = kab_rule_set_get_origin (rules);
          return line;
        }
    }

  return NULL;
}

static void
decide_by_rules (KabRulesEngine        *self,
                 const KabUpdateFields *fields,
                 KabDecision           *decision)
{
  gboolean allows = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      const char *origin = NULL;
      const char *line = find_in_sets (self, tests[i].list, fields, &origin);

      if (line == NULL)
        continue;

      if (decision->line == NULL)
        {
          allows = tests[i].allows;
          decision->verdict = allows ? KAB_VERDICT_ALLOWED : KAB_VERDICT_FORBIDDEN;
          decision->reason = tests[i].reason;
          decision->line = line;
          decision->origin = origin;
        }
      else if (tests[i].allows != allows)
        {
          decision->overruled = line;
          decision->overruled_origin = origin;
          return;
        }
    }
}

/* The agent's own option: what packages say about default_allow has no effect. */
static void
decide_by_default (KabRulesEngine *self,
                   KabDecision    *decision)
{
  switch (self->options.default_allow)
    {
    case KAB_TRISTATE_TRUE:
      decision->verdict = KAB_VERDICT_ALLOWED;
      decision->reason = KAB_REASON_DEFAULT_ALLOW;
      break;
    case KAB_TRISTATE_FALSE:
      decision->verdict = KAB_VERDICT_FORBIDDEN;
      decision->reason = KAB_REASON_DEFAULT_DENY;
      break;
    case KAB_TRISTATE_NULL:
    default:
      decision->verdict = KAB_VERDICT_UNDECIDED;
      decision->reason = KAB_REASON_NO_RULES;
      break;
    }
}

/* The delay counts from the last change and holds explicitly allowed updates too; one that cannot be read never ends. */
static void
apply_delay (KabRulesEngine *self,
             gint64          changed_at,
             gint64          now,
             KabDecision    *decision)
{
  gint64 delay = self->options.delay_seconds;

  if (delay < 0)
    decision->delayed = TRUE;
  else if (delay > 0 && changed_at != 0 && now - changed_at < delay)
    {
      decision->delayed = TRUE;
      decision->delayed_until = changed_at + delay;
    }

  if (decision->delayed && decision->verdict == KAB_VERDICT_ALLOWED)
    decision->verdict = KAB_VERDICT_DELAYED;
}

const char *
kab_verdict_get_text (KabVerdict verdict)
{
  g_return_val_if_fail ((guint) verdict < G_N_ELEMENTS (verdicts), "");

  return verdicts[verdict];
}

const char *
kab_reason_get_text (KabReason reason)
{
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    if (tests[i].reason == reason)
      return kab_rule_list_get_key (tests[i].list);

  switch (reason)
    {
    case KAB_REASON_DEFAULT_ALLOW:
      return "default_allow";
    case KAB_REASON_DEFAULT_DENY:
      return "default_deny";
    default:
      return "no_rules";
    }
}

/* @options: (nullable): not known */
KabRulesEngine *
kab_rules_engine_new (const KabOptions *options)
{
  KabRulesEngine *self = g_object_new (KAB_TYPE_RULES_ENGINE, NULL);

  if (options != NULL)
    self->options = *options;
  return self;
}

void
kab_rules_engine_add (KabRulesEngine *self,
                      KabRuleSet     *rules)
{
  g_return_if_fail (KAB_IS_RULES_ENGINE (self));
  g_return_if_fail (KAB_IS_RULE_SET (rules));

  g_ptr_array_add (self->sets, g_object_ref (rules));
}

void
kab_rules_engine_decide (KabRulesEngine *self,
                         KabUpdate      *update,
                         gint64          now,
                         KabDecision    *decision)
{
  const KabUpdateFields *fields;

  g_return_if_fail (KAB_IS_RULES_ENGINE (self));
  g_return_if_fail (KAB_IS_UPDATE (update));
  g_return_if_fail (decision != NULL);

  memset (decision, 0, sizeof *decision);
  fields = kab_update_get_fields (update);

  decide_by_rules (self, fields, decision);
  if (decision->line == NULL)
    decide_by_default (self, decision);
  apply_delay (self, fields->changed_at, now, decision);
}

guint
kab_rules_engine_match (KabRuleSet *rules,
                        KabUpdate  *update)
{
  const KabUpdateFields *fields;
  guint matches = 0;

  g_return_val_if_fail (KAB_IS_RULE_SET (rules), 0);
  g_return_val_if_fail (KAB_IS_UPDATE (update), 0);

  fields = kab_update_get_fields (update);
  for (guint list = 0; list < KAB_N_RULE_LISTS; list++)
    if (kab_rule_set_match (rules, list, fields) != NULL)
      matches |= 1u << list;

  return matches;
}

gboolean
kab_rules_engine_includes_superseded (KabRulesEngine *self)
{
  KabTristate said = KAB_TRISTATE_NULL;

  g_return_val_if_fail (KAB_IS_RULES_ENGINE (self), FALSE);

  for (guint i = 0; i < self->sets->len; i++)
    {
      KabTristate value = kab_rule_set_get_include_superseded (g_ptr_array_index (self->sets, i));

      if (value != KAB_TRISTATE_NULL)
        said = value;
    }

  return said == KAB_TRISTATE_TRUE;
}
