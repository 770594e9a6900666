/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "kab-explanation.h"
#include "kab-result-code-table.h"
#include "kab-template.h"

#define DAY (24 * 60 * 60)
#define NOW G_GINT64_CONSTANT (1795219200)     /* 21 November 2026, 00:00 UTC */

#define F KAB_TRISTATE_FALSE
#define T KAB_TRISTATE_TRUE
#define N KAB_TRISTATE_NULL

typedef enum {
  RULES_UNKNOWN,
  RULES_NONE,
  RULES_ALLOW,
  RULES_FORBID,
  RULES_BOTH,
} Rules;

static KabRulesEngine *
make_engine (Rules       rules,
             KabTristate default_allow,
             gint64      delay)
{
  KabOptions options = { default_allow, delay };
  KabRulesEngine *engine;

  if (rules == RULES_UNKNOWN)
    return NULL;

  engine = kab_rules_engine_new (&options);
  if (rules == RULES_ALLOW || rules == RULES_BOTH)
    {
      KabRuleSetBuilder *builder = kab_rule_set_builder_new ("demo-wua-servers 3");
      g_autoptr(KabRuleSet) set = NULL;

      kab_rule_set_builder_add (builder, KAB_RULE_ALLOWED_SEVERITIES, "Critical");
      set = kab_rule_set_builder_end (builder);
      kab_rules_engine_add (engine, set);
    }
  if (rules == RULES_FORBID || rules == RULES_BOTH)
    {
      KabRuleSetBuilder *builder = kab_rule_set_builder_new ("demo-wua-base 12");
      g_autoptr(KabRuleSet) set = NULL;

      kab_rule_set_builder_add (builder, KAB_RULE_FORBIDDEN_KBS, "KB5063878");
      set = kab_rule_set_builder_end (builder);
      kab_rules_engine_add (engine, set);
    }
  return engine;
}

static const struct {
  const char  *name;
  KabState     reported;
  KabTristate  installed, allowed, downloaded, delayed;
  gint32       result;
  gint64       installed_at;
  gboolean     on_server, restart;
  const char  *superseded_by;
  Rules        rules;
  KabTristate  default_allow;
  gint64       delay;
  const char  *expected;
} cases[] = {
  { "forbidden, would be allowed", KAB_STATE_DISCARDED, F, F, N, F, 0, 0, FALSE, FALSE, NULL, RULES_BOTH, F, 0,
    "Discarded: demo-wua-base 12 forbids it (line “KB5063878”). demo-wua-servers 3 would allow it (line “Critical”)." },
  { "no rule", KAB_STATE_DISCARDED, F, F, N, F, 0, 0, FALSE, FALSE, NULL, RULES_NONE, F, 0,
    "Discarded: no rule names it, and the agent allows only what a rule names." },
  { "no rule, default not known", KAB_STATE_DISCARDED, F, F, N, F, 0, 0, FALSE, FALSE, NULL, RULES_NONE, N, 0,
    "Discarded: no rule of the host names it." },
  { "rules not known", KAB_STATE_DISCARDED, F, F, N, F, 0, 0, FALSE, FALSE, NULL, RULES_UNKNOWN, N, 0,
    "Discarded: the rules of the host do not allow it. Which rules the host applies is not known." },
  { "rules not known, delayed", KAB_STATE_DISCARDED, F, F, N, T, 0, 0, FALSE, FALSE, NULL, RULES_UNKNOWN, N, 0,
    "Discarded: the host says that its delay still runs. Which rules the host applies is not known." },
  { "delay with its end", KAB_STATE_DISCARDED, F, F, N, T, 0, 0, FALSE, FALSE, NULL, RULES_ALLOW, F, 7 * DAY,
    "Discarded: demo-wua-servers 3 allows it (line “Critical”), but it waits until 25 November 2026 (delay of the agent)." },
  { "delay without end", KAB_STATE_DISCARDED, F, F, N, T, 0, 0, FALSE, FALSE, NULL, RULES_NONE, T, -1,
    "Discarded: the agent allows it by default, but its delay cannot be read, and that holds back every update." },
  { "delay that only the host knows", KAB_STATE_DISCARDED, F, F, N, T, 0, 0, FALSE, FALSE, NULL, RULES_ALLOW, F, 0,
    "Discarded: demo-wua-servers 3 allows it (line “Critical”), but the host says that its delay still runs." },
  { "report older than the rules", KAB_STATE_DISCARDED, F, F, N, F, 0, 0, FALSE, FALSE, NULL, RULES_ALLOW, F, 0,
    "Discarded when the host last reported, but demo-wua-servers 3 allows it now (line “Critical”). "
    "Its report is older than the rules: they allow it now." },
  { "pending, forbidden since", KAB_STATE_PENDING, F, T, T, F, 0, 0, FALSE, FALSE, NULL, RULES_FORBID, F, 0,
    "Pending: the host has its files and has not installed it yet. Its report is older than the rules: they forbid it now." },
  { "pending, server has it", KAB_STATE_PENDING, F, T, F, F, 0, 0, TRUE, TRUE, NULL, RULES_ALLOW, F, 0,
    "Pending: the server has its files and the host has not fetched them yet. demo-wua-servers 3 allows it (line “Critical”). "
    "A restart is pending on the host and may have to come first." },
  { "missing", KAB_STATE_PENDING, F, T, F, F, 0, 0, FALSE, FALSE, NULL, RULES_NONE, T, 0,
    "Missing: neither the host nor the server has b_2.cab. It can be installed after the server has fetched them. "
    "No rule names it, and the agent allows that by default." },
  { "failed, not in the table", KAB_STATE_ERROR, F, T, T, F, (gint32) 0x8024ffee, 0, TRUE, FALSE, NULL, RULES_ALLOW, F, 0,
    "Error: the newest try failed with 0x8024FFEE (Windows Update)." },
  { "failed without a code", KAB_STATE_ERROR, F, T, T, F, 0, 0, TRUE, FALSE, NULL, RULES_ALLOW, F, 0,
    "Error: the newest try failed, and the host does not say why." },
  { "installed", KAB_STATE_OK, T, T, T, F, 0, NOW - DAY, TRUE, TRUE, NULL, RULES_BOTH, F, 0,
    "Installed on 20 November 2026. A restart is pending on the host; until then it may not be effective. "
    "demo-wua-base 12 forbids it (line “KB5063878”), but forbidding does not remove what is installed." },
  { "superseded", KAB_STATE_SUPERSEDED, F, F, N, F, 0, 0, FALSE, FALSE, "guid_300", RULES_ALLOW, F, 0,
    "Superseded: guid_300 replaces it on this host." },
  { "superseded by somebody", KAB_STATE_SUPERSEDED, F, F, N, F, 0, 0, FALSE, FALSE, NULL, RULES_ALLOW, F, 0,
    "Superseded: an update that is pending or installed on this host replaces it." },
  { "unknown", KAB_STATE_UNKNOWN, N, N, N, N, 0, 0, FALSE, FALSE, NULL, RULES_ALLOW, F, 0,
    "Unknown: the host has not said anything about it." },
  { "word and flags disagree", KAB_STATE_OK, F, F, N, F, 0, 0, FALSE, FALSE, NULL, RULES_FORBID, F, 0,
    "Discarded: demo-wua-base 12 forbids it (line “KB5063878”). The host reports the word “Installed”, but its flags mean "
    "“Discarded”." },
};

static KabExplanation *
explain (guint i)
{
  static const char * const kbs[] = { "5063878", NULL };
  static const char * const urls[] = { "http://x/a_1.cab", "http://x/b_2.cab", NULL };
  KabStateRecord record = { 1, cases[i].reported, (guint32) cases[i].installed_at, cases[i].result };
  g_autoptr(KabRulesEngine) engine = make_engine (cases[i].rules, cases[i].default_allow, cases[i].delay);
  g_autoptr(KabHost) host = kab_host_new (&(KabHostFields) {
    .uuid = "u", .reboot_needed = cases[i].restart ? T : F,
    .status_json = "{\"missing_downloads\":[\"http:\\/\\/x\\/b_2.cab\"]}" });
  g_autoptr(KabUpdate) update = kab_update_new (&(KabUpdateFields) {
    .update_id = "guid_200", .severity = "Critical", .kbids = kbs, .download_urls = urls, .changed_at = NOW - 3 * DAY,
    .downloaded_at = cases[i].on_server ? NOW : 0 });

  record.flags = kab_state_flags_with (record.flags, KAB_FLAG_INSTALLED, cases[i].installed);
  record.flags = kab_state_flags_with (record.flags, KAB_FLAG_ALLOWED, cases[i].allowed);
  record.flags = kab_state_flags_with (record.flags, KAB_FLAG_DOWNLOADED, cases[i].downloaded);
  record.flags = kab_state_flags_with (record.flags, KAB_FLAG_DELAYED, cases[i].delayed);
  return kab_explanation_new (host, update, &record, engine, cases[i].superseded_by, NOW);
}

/* The explanation outlives everything that it was made from. */
static void
test_describe (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(KabExplanation) explanation = explain (i);
      g_autofree char *words = kab_explanation_describe (explanation, NULL);

      g_test_message ("%s", cases[i].name);
      g_assert_cmpstr (words, ==, cases[i].expected);
    }
}

static void
test_known_failure (void)
{
  g_autoptr(KabUpdate) update = kab_update_new (&(KabUpdateFields) { .update_id = "g", .downloaded_at = NOW });
  g_autoptr(KabHost) host = kab_host_new (&(KabHostFields) { .uuid = "u" });

  for (guint i = 0; i < kab_n_result_codes; i++)
    {
      KabStateRecord record = { 1, KAB_STATE_ERROR, 0, (gint32) kab_result_code_table[i].code };
      g_autoptr(KabExplanation) explanation = kab_explanation_new (host, update, &record, NULL, NULL, NOW);
      g_autofree char *words = kab_explanation_describe (explanation, NULL);

      if (record.result != 0)
        g_assert_nonnull (strstr (words, kab_result_code_table[i].meaning));
    }
}

static void
test_never_reported (void)
{
  g_autoptr(KabUpdate) update = kab_update_new (&(KabUpdateFields) { .update_id = "g" });
  g_autoptr(KabHost) host = kab_host_new (&(KabHostFields) { .uuid = "u" });
  g_autoptr(KabExplanation) explanation = kab_explanation_new (host, update, NULL, NULL, NULL, NOW);

  g_assert_cmpint (explanation->state, ==, KAB_STATE_UNKNOWN);
}

static void
test_template (void)
{
  static const struct { const char *text; const char *filled; } fills[] = {
    { "", "" }, { "{a}", "1" }, { "{a}{b}{a}", "1{a}1" }, { "{c}", "{c}" }, { "{", "{" }, { "}", "}" }, { "{a", "{a" },
    { "{{a}}", "{1}" }, { "{n}.", "." },
  };
  const KabTemplateValue values[] = { { "a", "1" }, { "b", "{a}" }, { "n", NULL }, { NULL, NULL } };

  for (guint i = 0; i < G_N_ELEMENTS (fills); i++)
    {
      g_autofree char *filled = kab_template_fill (fills[i].text, values);

      g_assert_cmpstr (filled, ==, fills[i].filled);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/explanation/describe", test_describe);
  g_test_add_func ("/explanation/known-failure", test_known_failure);
  g_test_add_func ("/explanation/never-reported", test_never_reported);
  g_test_add_func ("/template/fill", test_template);
  return g_test_run ();
}
