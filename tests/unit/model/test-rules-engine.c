/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "kab-rules-engine.h"

#define DAY (24 * 60 * 60)
#define NOW G_GINT64_CONSTANT (1795000000)

/* "list=value" lines, NULL-terminated. */
static KabRuleSet *
make_rules (const char         *origin,
            const char * const *lines)
{
  KabRuleSetBuilder *builder = kab_rule_set_builder_new (origin);

  for (; lines != NULL && *lines != NULL; lines++)
    {
      g_auto(GStrv) parts = g_strsplit (*lines, "=", 2);
      KabRuleList list;

      g_assert_true (kab_rule_list_from_key (parts[0], &list));
      kab_rule_set_builder_add (builder, list, parts[1]);
    }

  return kab_rule_set_builder_end (builder);
}

static KabUpdate *
make_update (gint64 changed_at)
{
  static const char * const kbs[] = { "5063878", "5063880", NULL };

  return kab_update_new (&(KabUpdateFields) {
    .update_id = "guid_200", .title = "Cumulative", .severity = "Critical", .product = "Windows 11",
    .classification = "Security Updates", .kbids = kbs, .changed_at = changed_at });
}

#define LINES(...) { __VA_ARGS__, NULL }

/* waptwua-model § 6.4, test by test, with the line that decides and the line it overrules. */
static const struct {
  const char  *name;
  const char  *base[4];
  const char  *later[4];
  KabTristate  default_allow;
  KabVerdict   verdict;
  KabReason    reason;
  const char  *line;
  const char  *origin;
  const char  *overruled;
  const char  *overruled_origin;
} cases[] = {
  { "1 forbidden id", LINES ("forbidden_updates=guid_200"), { NULL }, KAB_TRISTATE_TRUE,
    KAB_VERDICT_FORBIDDEN, KAB_REASON_FORBIDDEN_UPDATE, "guid_200", "base 1", NULL, NULL },
  { "2 forbidden KB", LINES ("forbidden_kbs=KB5063880"), { NULL }, KAB_TRISTATE_TRUE,
    KAB_VERDICT_FORBIDDEN, KAB_REASON_FORBIDDEN_KB, "KB5063880", "base 1", NULL, NULL },
  { "3 allowed id", LINES ("allowed_updates=guid_200"), { NULL }, KAB_TRISTATE_FALSE,
    KAB_VERDICT_ALLOWED, KAB_REASON_ALLOWED_UPDATE, "guid_200", "base 1", NULL, NULL },
  { "4 allowed KB", LINES ("allowed_kbs=KB5063878"), { NULL }, KAB_TRISTATE_FALSE,
    KAB_VERDICT_ALLOWED, KAB_REASON_ALLOWED_KB, "KB5063878", "base 1", NULL, NULL },
  { "5 product", LINES ("allowed_products=Windows 11"), { NULL }, KAB_TRISTATE_FALSE,
    KAB_VERDICT_ALLOWED, KAB_REASON_ALLOWED_PRODUCT, "Windows 11", "base 1", NULL, NULL },
  { "6 severity", LINES ("allowed_severities=Critical"), { NULL }, KAB_TRISTATE_FALSE,
    KAB_VERDICT_ALLOWED, KAB_REASON_ALLOWED_SEVERITY, "Critical", "base 1", NULL, NULL },
  { "7 classification", LINES ("allowed_classifications=Security Updates"), { NULL }, KAB_TRISTATE_FALSE,
    KAB_VERDICT_ALLOWED, KAB_REASON_ALLOWED_CLASSIFICATION, "Security Updates", "base 1", NULL, NULL },
  { "8 default yes", { NULL }, { NULL }, KAB_TRISTATE_TRUE,
    KAB_VERDICT_ALLOWED, KAB_REASON_DEFAULT_ALLOW, NULL, NULL, NULL, NULL },
  { "8 default no", { NULL }, { NULL }, KAB_TRISTATE_FALSE,
    KAB_VERDICT_FORBIDDEN, KAB_REASON_DEFAULT_DENY, NULL, NULL, NULL, NULL },
  { "8 default not known", { NULL }, { NULL }, KAB_TRISTATE_NULL,
    KAB_VERDICT_UNDECIDED, KAB_REASON_NO_RULES, NULL, NULL, NULL, NULL },
  { "any criterion suffices", LINES ("allowed_products=Windows 10", "allowed_severities=Critical"), { NULL }, KAB_TRISTATE_FALSE,
    KAB_VERDICT_ALLOWED, KAB_REASON_ALLOWED_SEVERITY, "Critical", "base 1", NULL, NULL },
  { "forbidden in the later package wins", LINES ("allowed_updates=guid_200"), LINES ("forbidden_kbs=KB5063878"), KAB_TRISTATE_TRUE,
    KAB_VERDICT_FORBIDDEN, KAB_REASON_FORBIDDEN_KB, "KB5063878", "later 2", "guid_200", "base 1" },
  { "forbidden in the earlier package wins", LINES ("forbidden_updates=guid_200"), LINES ("allowed_severities=Critical"),
    KAB_TRISTATE_TRUE, KAB_VERDICT_FORBIDDEN, KAB_REASON_FORBIDDEN_UPDATE, "guid_200", "base 1", "Critical", "later 2" },
  { "the strongest loser", LINES ("forbidden_kbs=KB5063878", "allowed_severities=Critical"), LINES ("allowed_kbs=KB5063880"),
    KAB_TRISTATE_TRUE, KAB_VERDICT_FORBIDDEN, KAB_REASON_FORBIDDEN_KB, "KB5063878", "base 1", "KB5063880", "later 2" },
  { "another revision is another update", LINES ("allowed_updates=guid_201"), { NULL }, KAB_TRISTATE_FALSE,
    KAB_VERDICT_FORBIDDEN, KAB_REASON_DEFAULT_DENY, NULL, NULL, NULL, NULL },
  { "a bare GUID names nothing", LINES ("allowed_updates=guid"), { NULL }, KAB_TRISTATE_FALSE,
    KAB_VERDICT_FORBIDDEN, KAB_REASON_DEFAULT_DENY, NULL, NULL, NULL, NULL },
  { "exact text: case", LINES ("allowed_severities=critical", "allowed_updates=GUID_200"), { NULL }, KAB_TRISTATE_FALSE,
    KAB_VERDICT_FORBIDDEN, KAB_REASON_DEFAULT_DENY, NULL, NULL, NULL, NULL },
  { "exact text: KB without its letters", LINES ("forbidden_kbs=5063878", "forbidden_kbs=kb5063878"), { NULL }, KAB_TRISTATE_TRUE,
    KAB_VERDICT_ALLOWED, KAB_REASON_DEFAULT_ALLOW, NULL, NULL, NULL, NULL },
  { "exact text: short name", LINES ("allowed_classifications=SecurityUpdates"), { NULL }, KAB_TRISTATE_FALSE,
    KAB_VERDICT_FORBIDDEN, KAB_REASON_DEFAULT_DENY, NULL, NULL, NULL, NULL },
  { "a KB among the ids is no id", LINES ("forbidden_updates=KB5063878"), { NULL }, KAB_TRISTATE_TRUE,
    KAB_VERDICT_ALLOWED, KAB_REASON_DEFAULT_ALLOW, NULL, NULL, NULL, NULL },
};

static void
test_decide (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      KabOptions options = { cases[i].default_allow, 0 };
      g_autoptr(KabRulesEngine) engine = kab_rules_engine_new (&options);
      g_autoptr(KabRuleSet) base = make_rules ("base 1", cases[i].base);
      g_autoptr(KabRuleSet) later = make_rules ("later 2", cases[i].later);
      g_autoptr(KabUpdate) update = make_update (NOW - 5 * DAY);
      KabDecision decision;

      kab_rules_engine_add (engine, base);
      kab_rules_engine_add (engine, later);
      kab_rules_engine_decide (engine, update, NOW, &decision);

      g_test_message ("%s", cases[i].name);
      g_assert_cmpint (decision.verdict, ==, cases[i].verdict);
      g_assert_cmpint (decision.reason, ==, cases[i].reason);
      g_assert_cmpstr (decision.line, ==, cases[i].line);
      g_assert_cmpstr (decision.origin, ==, cases[i].origin);
      g_assert_cmpstr (decision.overruled, ==, cases[i].overruled);
      g_assert_cmpstr (decision.overruled_origin, ==, cases[i].overruled_origin);
      g_assert_false (decision.delayed);
    }
}

static void
test_delay (void)
{
  static const struct {
    const char *name;
    gint64      delay;
    gint64      changed_at;
    KabVerdict  verdict;
    gboolean    delayed;
    gint64      until;
  } delays[] = {
    { "none", 0, NOW - 1, KAB_VERDICT_ALLOWED, FALSE, 0 },
    { "runs", 7 * DAY, NOW - 5 * DAY, KAB_VERDICT_DELAYED, TRUE, NOW + 2 * DAY },
    { "just over", 7 * DAY, NOW - 7 * DAY, KAB_VERDICT_ALLOWED, FALSE, 0 },
    { "changed in the future", 7 * DAY, NOW + DAY, KAB_VERDICT_DELAYED, TRUE, NOW + 8 * DAY },
    { "unreadable", -1, NOW - 1000 * DAY, KAB_VERDICT_DELAYED, TRUE, 0 },
    { "unknown change", 7 * DAY, 0, KAB_VERDICT_ALLOWED, FALSE, 0 },
  };
  const char * const lines[] = { "allowed_updates=guid_200", NULL };
  const char * const forbids[] = { "forbidden_updates=guid_200", NULL };

  for (guint i = 0; i < G_N_ELEMENTS (delays); i++)
    {
      KabOptions options = { KAB_TRISTATE_FALSE, delays[i].delay };
      g_autoptr(KabRulesEngine) engine = kab_rules_engine_new (&options);
      g_autoptr(KabRuleSet) rules = make_rules ("base 1", lines);
      g_autoptr(KabUpdate) update = make_update (delays[i].changed_at);
      g_autoptr(KabRuleSet) more = make_rules ("more 1", forbids);
      KabDecision decision;

      kab_rules_engine_add (engine, rules);
      kab_rules_engine_decide (engine, update, NOW, &decision);
      g_test_message ("%s", delays[i].name);
      g_assert_cmpint (decision.verdict, ==, delays[i].verdict);
      g_assert_cmpint (decision.delayed, ==, delays[i].delayed);
      g_assert_cmpint (decision.delayed_until, ==, delays[i].until);

      /* Forbidden stays forbidden, and the delay is told as well. */
      kab_rules_engine_add (engine, more);
      kab_rules_engine_decide (engine, update, NOW, &decision);
      g_assert_cmpint (decision.verdict, ==, KAB_VERDICT_FORBIDDEN);
      g_assert_cmpint (decision.delayed, ==, delays[i].delayed);
    }
}

/* default_allow inside a package has no effect; include_superseded is the last word. */
static void
test_booleans (void)
{
  KabOptions options = { KAB_TRISTATE_FALSE, 0 };
  g_autoptr(KabRulesEngine) engine = kab_rules_engine_new (&options);
  g_autoptr(KabUpdate) update = make_update (NOW);
  KabDecision decision;

  for (guint i = 0; i < 3; i++)
    {
      KabRuleSetBuilder *builder = kab_rule_set_builder_new ("p 1");
      g_autoptr(KabRuleSet) rules = NULL;

      kab_rule_set_builder_set_default_allow (builder, KAB_TRISTATE_TRUE);
      kab_rule_set_builder_set_include_superseded (builder, i == 0 ? KAB_TRISTATE_FALSE : i == 1 ? KAB_TRISTATE_TRUE
                                                                                                  : KAB_TRISTATE_NULL);
      rules = kab_rule_set_builder_end (builder);
      kab_rules_engine_add (engine, rules);
      g_assert_cmpint (kab_rules_engine_includes_superseded (engine), ==, i >= 1);
    }

  kab_rules_engine_decide (engine, update, NOW, &decision);
  g_assert_cmpint (decision.verdict, ==, KAB_VERDICT_FORBIDDEN);
}

/* Empty texts match nothing, not even an empty line. */
static void
test_empty (void)
{
  const char * const lines[] = { "allowed_products=", "allowed_severities=", "allowed_classifications=", NULL };
  KabOptions options = { KAB_TRISTATE_FALSE, 0 };
  g_autoptr(KabRulesEngine) engine = kab_rules_engine_new (&options);
  g_autoptr(KabRuleSet) rules = make_rules ("base 1", lines);
  g_autoptr(KabUpdate) update = kab_update_new (&(KabUpdateFields) { .update_id = "x", .product = "" });
  KabDecision decision;

  kab_rules_engine_add (engine, rules);
  kab_rules_engine_decide (engine, update, NOW, &decision);
  g_assert_cmpint (decision.reason, ==, KAB_REASON_DEFAULT_DENY);
}

static void
test_rule_set (void)
{
  KabRuleSetBuilder *builder = kab_rule_set_builder_new ("base 1");
  g_autoptr(KabRuleSet) rules = NULL;
  KabRuleList list;

  kab_rule_set_builder_add (builder, KAB_RULE_ALLOWED_KBS, "KB2");
  kab_rule_set_builder_add (builder, KAB_RULE_ALLOWED_KBS, "KB1");
  kab_rule_set_builder_add (builder, KAB_RULE_ALLOWED_KBS, "KB2");
  kab_rule_set_builder_add_dropped_key (builder, "priority");
  rules = kab_rule_set_builder_end (builder);

  g_assert_cmpuint (g_strv_length ((char **) kab_rule_set_get_list (rules, KAB_RULE_ALLOWED_KBS)), ==, 2);
  g_assert_cmpstr (kab_rule_set_get_list (rules, KAB_RULE_ALLOWED_KBS)[0], ==, "KB2");
  g_assert_null (kab_rule_set_get_list (rules, KAB_RULE_FORBIDDEN_KBS)[0]);
  g_assert_cmpstr (kab_rule_set_get_dropped_keys (rules)[0], ==, "priority");
  g_assert_true (kab_rule_set_contains (rules, KAB_RULE_ALLOWED_KBS, "KB1"));
  g_assert_false (kab_rule_set_contains (rules, KAB_RULE_ALLOWED_KBS, "kb1"));
  g_assert_cmpint (kab_rule_set_get_default_allow (rules), ==, KAB_TRISTATE_NULL);
  for (guint i = 0; i < KAB_N_RULE_LISTS; i++)
    {
      g_assert_true (kab_rule_list_from_key (kab_rule_list_get_key (i), &list));
      g_assert_cmpint (list, ==, i);
    }
  g_assert_false (kab_rule_list_from_key ("default_allow", &list));
}

static void
test_duration (void)
{
  static const struct { const char *text; gint64 seconds; } durations[] = {
    { NULL, 0 }, { "", 0 }, { "  ", 0 }, { "7d", 7 * DAY }, { "7", 7 * DAY }, { "1w", 7 * DAY }, { "2h", 7200 },
    { "2 h", 7200 }, { " 2h ", 7200 }, { "1.5h", 5400 }, { "0", 0 }, { "0.5", DAY / 2 }, { ".5d", DAY / 2 }, { "10m", 600 },
    { "30s", 30 }, { "1.", DAY }, { "12H", -1 }, { "-1d", -1 }, { "abc", -1 }, { "7dd", -1 }, { "d", -1 }, { ".", -1 },
    { "1e3", -1 }, { "9999999999999999999999", -1 }, { "999999999w", G_GINT64_CONSTANT (999999999) * 7 * DAY },
    { "0.00000000000000000001w", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (durations); i++)
    g_assert_cmpint (kab_duration_parse (durations[i].text), ==, durations[i].seconds);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rules-engine/decide", test_decide);
  g_test_add_func ("/rules-engine/delay", test_delay);
  g_test_add_func ("/rules-engine/booleans", test_booleans);
  g_test_add_func ("/rules-engine/empty", test_empty);
  g_test_add_func ("/rule-set/builder", test_rule_set);
  g_test_add_func ("/duration/parse", test_duration);
  return g_test_run ();
}
