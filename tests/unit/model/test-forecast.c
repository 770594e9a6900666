/* test-forecast.c: what a plan does to a small fleet, cause by cause
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "kab-forecast.h"

#define DAY (24 * 60 * 60)
#define NOW G_GINT64_CONSTANT (1795000000)
#define ME "aa11"

#define LIST(...) ((const char * const []) { __VA_ARGS__, NULL })
#define NOBODY ((const char * const []) { NULL })

static const KabLimits limits = { NOW, 14, 30 };

/* The updates: number, id, severity, change, on the server, size, replaces */
static const struct {
  const char *id;
  const char *severity;
  int         age_days;
  gboolean    on_server;
  gint64      min_size, max_size;
  const char *replaces;
  const char *reboot;
} updates[] = {
  { "crit_1", "Critical", 40, TRUE, 10, 10, NULL, "NeverReboots" },
  { "new_1", "Critical", 2, FALSE, 70, 70, NULL, "AlwaysRequiresReboot" },
  { "low_1", "Low", 40, FALSE, -1, 500, NULL, NULL },
  { "next_1", "Important", 10, TRUE, 10, 10, "prev", NULL },
  { "prev_1", "Important", 40, TRUE, 10, 10, NULL, NULL },
};
enum { CRIT, NEW, LOW, NEXT, PREV };

static KabRuleSet *
make_rules (const char *origin,
            const char *lines)       /* "list=value list=value superseded=yes" */
{
  KabRuleSetBuilder *builder = kab_rule_set_builder_new (origin);
  g_auto(GStrv) parts = g_strsplit (lines, " ", -1);

  for (guint i = 0; parts[i] != NULL && *parts[i] != '\0'; i++)
    {
      char *value = strchr (parts[i], '=');
      KabRuleList list;

      *value++ = '\0';
      if (kab_rule_list_from_key (parts[i], &list))
        kab_rule_set_builder_add (builder, list, value);
      else if (strcmp (parts[i], "superseded") == 0)
        kab_rule_set_builder_set_include_superseded (builder, *value == 'y' ? KAB_TRISTATE_TRUE : KAB_TRISTATE_FALSE);
      else
        kab_rule_set_builder_set_default_allow (builder, KAB_TRISTATE_TRUE);
    }
  return kab_rule_set_builder_end (builder);
}

static KabPackage *
make_package (const char *name,
              const char *version,
              const char *maturity)
{
  g_autofree char *control = g_strdup_printf ("package: %s\nversion: %s\nsection: wsus\nmaturity: %s\n"
                                              "package_uuid: %s %s", name, version, maturity, name, version);

  return kab_package_new_from_control (control, -1, NULL);
}

static KabForecastBuilder *
begin (KabForecastPlan *plan,
       const char      *base_rules)
{
  KabForecastBuilder *builder = kab_forecast_builder_new (plan, &limits);
  g_autoptr(KabPackage) base = make_package ("base", "1", "PROD");
  g_autoptr(KabRuleSet) rules = make_rules ("base 1", base_rules);

  for (guint i = 0; i < G_N_ELEMENTS (updates); i++)
    {
      const char * const replaced[] = { updates[i].replaces, NULL };
      const char * const urls[] = { "http://x/a.cab", "http://x/b.cab", NULL };
      g_autoptr(KabUpdate) update = kab_update_new (&(KabUpdateFields) {
        .update_id = updates[i].id, .severity = updates[i].severity, .changed_at = NOW - updates[i].age_days * DAY,
        .downloaded_at = updates[i].on_server ? NOW : 0, .min_download_size = updates[i].min_size, .download_urls = urls,
        .max_download_size = updates[i].max_size, .superseded_update_ids = replaced, .reboot_behaviour = updates[i].reboot });

      kab_forecast_builder_add_update (builder, 10 + i, update);
    }
  kab_forecast_builder_add_package (builder, base, LIST (ME));
  kab_forecast_builder_add_rules (builder, "base 1", "base 1", rules);
  return builder;
}

/* A host that has base 1 and tells everything; changed by the caller */
static KabHostFields
make_host (const char *uuid)
{
  static const char * const packages[] = { "base 1", NULL };
  static const char * const maturities[] = { "PROD", NULL };
  static const char * const trusted[] = { ME, NULL };
  static const char * const groups[] = { "base", NULL };
  static const char * const none[] = { NULL };

  return (KabHostFields) {
    .uuid = uuid, .platform = "Windows", .os_name = "Windows 11 Pro", .os_version = "10.0.22631.1",
    .wapt_version = "2.5.5", .rules_packages = packages, .rules_uuids = packages, .maturities = maturities,
    .trusted = trusted, .ad_groups = none, .groups = groups, .install_delay = "", .last_seen_at = NOW,
    .last_scan_at = NOW - DAY, .enabled = KAB_TRISTATE_TRUE, .default_allow = KAB_TRISTATE_FALSE };
}

static KabTristate
from_bool (gboolean value)
{
  return value ? KAB_TRISTATE_TRUE : KAB_TRISTATE_FALSE;
}

/* "-" not reported, "o" installed, "p" pending, "d" discarded, "e" failed before and discarded, "s" superseded, "w" held by
 * its delay, "?" discarded by an agent that tells no flags but installed */
static guint
make_records (const char     *states,
              KabStateRecord *records)
{
  guint n = 0;

  for (guint i = 0; states[i] != '\0'; i++)
    {
      KabState state = strchr ("o", states[i]) ? KAB_STATE_OK : states[i] == 'p' ? KAB_STATE_PENDING
                       : states[i] == 's' ? KAB_STATE_SUPERSEDED : KAB_STATE_DISCARDED;
      guint32 flags = state;

      if (states[i] == '-')
        continue;
      flags = kab_state_flags_with (flags, KAB_FLAG_INSTALLED, from_bool (states[i] == 'o'));
      if (states[i] != '?')
        {
          flags = kab_state_flags_with (flags, KAB_FLAG_ALLOWED, from_bool (strchr ("op", states[i]) != NULL));
          flags = kab_state_flags_with (flags, KAB_FLAG_DELAYED, from_bool (states[i] == 'w'));
        }
      records[n++] = (KabStateRecord) { 10 + i, flags, 0, states[i] == 'e' ? -5 : 0 };
    }
  return n;
}

static void
add_host (KabForecastBuilder  *builder,
          const KabHostFields *fields,
          const char          *states)
{
  KabStateRecord records[8];
  guint n = make_records (states, records);

  kab_forecast_builder_add_host (builder, fields, records, n);
}

static KabForecastPlan *
plan_version (const char *maturity,
              const char *lines)
{
  KabForecastPlan *plan = kab_forecast_plan_new ();
  g_autoptr(KabPackage) package = make_package ("base", "2", maturity);
  g_autoptr(KabRuleSet) rules = make_rules ("base 2", lines);

  kab_forecast_plan_add_package (plan, package, rules, LIST (ME));
  return plan;
}

/* One host under one plan: "crit_1 DISCARDED PENDING effect, …" in the order of pairs, then its outcome */
static char *
foresee_one (KabForecastPlan     *plan,
             const char          *base_rules,
             const KabHostFields *fields,
             const char          *states)
{
  static const char * const kinds[] = { "effect", "catch-up", "unknown" };
  KabForecastBuilder *builder = begin (plan, base_rules);
  g_autoptr(KabForecast) forecast = NULL;
  GString *text = g_string_new (NULL);
  KabForecastHost host;

  add_host (builder, fields, states);
  forecast = kab_forecast_builder_end (builder);
  for (guint64 i = 0; i < kab_forecast_get_n_pairs (forecast); i++)
    {
      KabForecastPair pair;

      kab_forecast_get_pair (forecast, i, &pair);
      g_string_append_printf (text, "%s %s %s %s, ", kab_update_get_id (kab_forecast_get_rows (forecast, NULL)[pair.row].update),
                              kab_forecast_state_get_text (pair.before), kab_forecast_state_get_text (pair.after),
                              kinds[pair.kind]);
    }
  kab_forecast_get_host (forecast, 0, &host);
  g_string_append (text, kab_outcome_get_text (host.outcome));
  return g_string_free (text, FALSE);
}

#define ASSERT_FORESEES(plan, base, fields, states, expected) \
  do { \
    g_autofree char *told = foresee_one (plan, base, fields, states); \
    g_assert_cmpstr (told, ==, expected); \
  } while (0)

static void
test_states (void)
{
  g_autoptr(KabForecastPlan) plan = plan_version ("PROD", "allowed_severities=Critical allowed_severities=Low");
  g_autoptr(KabForecastPlan) forbids = plan_version ("PROD", "forbidden_updates=crit_1 allowed_severities=Critical");
  KabHostFields host = make_host ("a");

  ASSERT_FORESEES (plan, "", &host, "ddd",
                   "crit_1 DISCARDED PENDING effect, new_1 DISCARDED MISSING effect, low_1 DISCARDED MISSING effect, changes");
  ASSERT_FORESEES (plan, "", &host, "edo", "crit_1 DISCARDED ERROR effect, new_1 DISCARDED MISSING effect, changes");
  ASSERT_FORESEES (plan, "", &host, "o-o", "same");
  ASSERT_FORESEES (forbids, "allowed_severities=Critical", &host, "ppd", "crit_1 PENDING DISCARDED effect, changes");
  /* Installed stays installed; what would change anyway is apart. */
  ASSERT_FORESEES (forbids, "allowed_severities=Critical", &host, "odd", "new_1 DISCARDED MISSING catch-up, same");
  ASSERT_FORESEES (forbids, "allowed_severities=Critical", &host, "d", "same");
}

static void
test_superseded (void)
{
  g_autoptr(KabForecastPlan) shows = plan_version ("PROD", "allowed_severities=Important superseded=yes");
  g_autoptr(KabForecastPlan) hides = plan_version ("PROD", "allowed_severities=Important");
  g_autoptr(KabForecastPlan) mixed = plan_version ("PROD", "allowed_updates=prev_1 superseded=yes");
  KabHostFields host = make_host ("a");

  ASSERT_FORESEES (shows, "superseded=yes", &host, "---dd",
                   "next_1 DISCARDED PENDING effect, prev_1 DISCARDED SUPERSEDED effect, changes");
  ASSERT_FORESEES (mixed, "superseded=yes", &host, "---dd", "prev_1 DISCARDED PENDING effect, changes");
  ASSERT_FORESEES (mixed, "superseded=yes", &host, "---os", "same");
  ASSERT_FORESEES (hides, "superseded=yes", &host, "---dd",
                   "next_1 DISCARDED PENDING effect, prev_1 DISCARDED GONE effect, changes");
  /* An option of the agent's own comes before all packages. */
  host.lists_superseded = KAB_TRISTATE_TRUE;
  host.allowed_severities = LIST ("Important");
  ASSERT_FORESEES (mixed, "", &host, "---ps", "same");
}

static void
test_options (void)
{
  g_autoptr(KabForecastPlan) plan = plan_version ("PROD", "allowed_severities=Critical");
  g_autoptr(KabForecastPlan) lifts = plan_version ("PROD", "allowed_severities=Low default_allow=yes");
  KabHostFields host = make_host ("a");

  host.install_delay = "3d";
  ASSERT_FORESEES (plan, "", &host, "dw", "crit_1 DISCARDED PENDING effect, changes");
  ASSERT_FORESEES (plan, "", &host, "ow", "waits");
  host.install_delay = "a while";
  ASSERT_FORESEES (plan, "", &host, "dd", "waits");

  /* Not told: what the host says of the delay helps, else nobody knows, unless it is assumed. */
  host.install_delay = NULL;
  ASSERT_FORESEES (plan, "", &host, "d?",
                   "crit_1 DISCARDED PENDING effect, new_1 DISCARDED UNKNOWN unknown, changes");
  ASSERT_FORESEES (plan, "", &host, "ow", "new_1 DISCARDED UNKNOWN unknown, same");
  kab_forecast_plan_assume_delay (plan, 5 * DAY);
  ASSERT_FORESEES (plan, "", &host, "d?", "crit_1 DISCARDED PENDING effect, changes");

  /* default_allow of a package has no effect; the agent's own is known, assumed or not. */
  host = make_host ("a");
  ASSERT_FORESEES (lifts, "allowed_severities=Critical", &host, "p-d",
                   "crit_1 PENDING DISCARDED effect, low_1 DISCARDED MISSING effect, changes");
  host.default_allow = KAB_TRISTATE_TRUE;
  ASSERT_FORESEES (lifts, "allowed_severities=Critical", &host, "p", "same");
  host.default_allow = KAB_TRISTATE_NULL;
  ASSERT_FORESEES (lifts, "allowed_severities=Critical", &host, "p", "crit_1 PENDING UNKNOWN unknown, same");
  ASSERT_FORESEES (lifts, "", &host, "p", "same");
  ASSERT_FORESEES (plan, "", &host, "d", "crit_1 DISCARDED PENDING effect, changes");
  kab_forecast_plan_assume_default_allow (lifts, KAB_TRISTATE_FALSE);
  ASSERT_FORESEES (lifts, "allowed_severities=Critical", &host, "p", "crit_1 PENDING DISCARDED effect, changes");

  /* A plan that changes the options themselves */
  {
    g_autoptr(KabForecastPlan) delays = kab_forecast_plan_new ();

    host = make_host ("a");
    kab_forecast_plan_change_delay (delays, 3 * DAY);
    ASSERT_FORESEES (delays, "allowed_severities=Critical", &host, "pp", "new_1 MISSING DISCARDED effect, changes");
    kab_forecast_plan_change_default_allow (delays, KAB_TRISTATE_TRUE);
    ASSERT_FORESEES (delays, "allowed_severities=Critical", &host, "ppd",
                     "new_1 MISSING DISCARDED effect, low_1 DISCARDED MISSING effect, changes");
  }
}

/* Unknown spreads: whether prev_1 is superseded hangs on next_1, which hangs on an option that nobody knows. */
static void
test_doubt (void)
{
  g_autoptr(KabForecastPlan) plan = plan_version ("PROD", "allowed_updates=prev_1 superseded=yes");
  KabHostFields host = make_host ("a");

  host.default_allow = KAB_TRISTATE_NULL;
  ASSERT_FORESEES (plan, "allowed_severities=Important superseded=yes", &host, "---ps",
                   "next_1 PENDING UNKNOWN unknown, prev_1 SUPERSEDED UNKNOWN unknown, same");
}

static void
test_causes (void)
{
  g_autoptr(KabForecastPlan) plan = plan_version ("PREPROD", "allowed_severities=Critical");
  g_autoptr(KabForecastPlan) stranger = kab_forecast_plan_new ();
  g_autoptr(KabForecastPlan) unassigns = kab_forecast_plan_new ();
  g_autoptr(KabForecastPlan) forbids = kab_forecast_plan_new ();
  g_autoptr(KabPackage) package = make_package ("base", "2", "PROD");
  KabHostFields host = make_host ("a");

  ASSERT_FORESEES (plan, "", &host, "d", "maturity");
  host.maturities = LIST ("PREPROD", "PROD");
  host.groups = LIST ("base(<2)");
  ASSERT_FORESEES (plan, "", &host, "d", "version");
  host.groups = NOBODY;
  ASSERT_FORESEES (plan, "", &host, "d", "crit_1 DISCARDED PENDING effect, changes");
  host.rules_packages = host.rules_uuids = NOBODY;
  ASSERT_FORESEES (plan, "", &host, "d", "not-assigned");

  host = make_host ("a");
  kab_forecast_plan_add_package (stranger, package, NULL, LIST ("ff"));
  ASSERT_FORESEES (stranger, "", &host, "d", "signer");
  host.trusted = NULL;
  ASSERT_FORESEES (stranger, "", &host, "d", "signer-unknown");
  host.rules_packages = NULL;
  host.groups = NULL;
  host.trusted = LIST (ME);
  ASSERT_FORESEES (plan, "", &host, "d", "rules-unknown");
  host = make_host ("a");
  host.maturities = LIST ("PREPROD", "PROD");
  host.rules_packages = LIST ("base 1", "gone 3");
  host.rules_uuids = LIST ("base 1", "gone 3");
  ASSERT_FORESEES (plan, "", &host, "d", "rules-unknown");

  host = make_host ("a");
  host.last_seen_at = NOW - 30 * DAY;
  ASSERT_FORESEES (plan, "", &host, "d", "silent");
  host = make_host ("a");
  host.last_scan_at = 0;
  ASSERT_FORESEES (plan, "", &host, "", "never-scanned");
  host.enabled = KAB_TRISTATE_FALSE;
  ASSERT_FORESEES (plan, "", &host, "", "not-managed");

  host = make_host ("a");
  kab_forecast_plan_assign (unassigns, KAB_UNASSIGN, KAB_TARGET_HOST, "a", "base");
  ASSERT_FORESEES (unassigns, "allowed_severities=Critical", &host, "p", "keeps");
  kab_forecast_plan_assign (forbids, KAB_FORBID, KAB_TARGET_HOST, "a", "base");
  ASSERT_FORESEES (forbids, "allowed_severities=Critical", &host, "p", "crit_1 PENDING DISCARDED effect, changes");
  kab_forecast_plan_set_signer (forbids, LIST ("ff"));
  ASSERT_FORESEES (forbids, "allowed_severities=Critical", &host, "p", "keeps");
}

static void
test_assignments (void)
{
  static const struct {
    KabTargetKind kind;
    const char   *target;
    const char   *expected;
  } cases[] = {
    { KAB_TARGET_HOST, "a", "crit_1 DISCARDED PENDING effect, changes" },
    { KAB_TARGET_HOST, "b", "not-assigned" },
    { KAB_TARGET_UNIT, "OU=y,DC=z", "crit_1 DISCARDED PENDING effect, changes" },
    { KAB_TARGET_UNIT, "OU=other,DC=z", "not-assigned" },
    { KAB_TARGET_PROFILE, "GG-x", "crit_1 DISCARDED PENDING effect, changes" },
    { KAB_TARGET_GROUP, "grp", "crit_1 DISCARDED PENDING effect, changes" },
    { KAB_TARGET_GROUP, "other", "not-assigned" },
  };
  KabHostFields host = make_host ("a");

  host.organizational_unit = "OU=x,OU=y,DC=z";
  host.ad_groups = LIST ("GG-w", "GG-x");
  host.groups = LIST ("base", "grp");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(KabForecastPlan) plan = kab_forecast_plan_new ();
      g_autoptr(KabPackage) package = make_package ("extra", "1", "PROD");
      g_autoptr(KabRuleSet) rules = make_rules ("extra 1", "allowed_updates=crit_1");

      kab_forecast_plan_add_package (plan, package, rules, LIST (ME));
      kab_forecast_plan_assign (plan, KAB_ASSIGN, cases[i].kind, cases[i].target, "extra");
      ASSERT_FORESEES (plan, "", &host, "d", cases[i].expected);
      if (cases[i].kind != KAB_TARGET_PROFILE)
        continue;
      host.ad_groups = NULL;
      ASSERT_FORESEES (plan, "", &host, "d", "assignment-unknown");
      host.ad_groups = LIST ("GG-x");
    }
}

static void
test_totals (void)
{
  g_autoptr(KabForecastPlan) plan = plan_version ("PROD", "allowed_severities=Critical allowed_severities=Low "
                                                          "allowed_updates=next_1");
  KabForecastBuilder *builder = begin (plan, "");
  g_autoptr(KabForecast) forecast = NULL;
  const KabForecastTotals *totals;
  const KabForecastRow *rows;
  const KabForecastRing *rings;
  KabForecastPair pair;
  KabDecision decision;
  KabHostFields host;
  guint n;

  host = make_host ("pilot");
  host.maturities = LIST ("PROD", "PREPROD");
  add_host (builder, &host, "dddo");
  host = make_host ("server");
  host.os_name = "Windows Server 2022";
  add_host (builder, &host, "d-d");
  host = make_host ("calm");
  add_host (builder, &host, "d-o");
  host = make_host ("asleep");        /* wants low_1 already, so that the server has to fetch it in any case */
  host.last_seen_at = 0;
  add_host (builder, &host, "--p");
  forecast = kab_forecast_builder_end (builder);

  totals = kab_forecast_get_totals (forecast);
  g_assert_cmpuint (totals->n_pairs[KAB_FORECAST_EFFECT], ==, 6);
  g_assert_cmpuint (totals->moves[KAB_STATE_DISCARDED][KAB_STATE_PENDING], ==, 3);
  g_assert_cmpuint (totals->moves[KAB_STATE_DISCARDED][KAB_STATE_MISSING], ==, 3);
  g_assert_cmpuint (totals->outcomes[KAB_OUTCOME_CHANGES], ==, 3);
  g_assert_cmpuint (totals->outcomes[KAB_OUTCOME_SILENT], ==, 1);
  g_assert_cmpuint (totals->n_restarts, ==, 2);            /* crit_1 never restarts, low_1 does not say */
  g_assert_cmpuint (totals->n_restart_servers, ==, 1);
  g_assert_cmpuint (totals->n_fetched, ==, 1);             /* new_1 */
  g_assert_cmpuint (totals->n_files, ==, 2);
  g_assert_cmpuint (totals->bytes, ==, 70);
  g_assert_false (totals->bytes_at_most);
  g_assert_cmpuint (totals->n_unneeded, ==, 1);            /* next_1: nobody who is reached lacks it */

  rings = kab_forecast_get_rings (forecast, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpstr (rings[0].name, ==, "PREPROD");
  g_assert_cmpuint (rings[0].n_pairs, ==, 3);
  g_assert_cmpuint (rings[1].n_hosts, ==, 3);
  g_assert_cmpuint (rings[1].n_changing, ==, 2);

  rows = kab_forecast_get_rows (forecast, &n);
  g_assert_cmpuint (n, ==, 4);
  g_assert_cmpstr (kab_update_get_id (rows[0].update), ==, "crit_1");
  g_assert_cmpuint (rows[0].n_pairs[KAB_FORECAST_EFFECT], ==, 3);
  g_assert_cmpuint (rows[0].n_moves, ==, 2);
  g_assert_cmpuint (rows[0].moves[1].n_pairs, ==, 2);
  g_assert_cmpint (rows[0].decision.reason, ==, KAB_REASON_ALLOWED_SEVERITY);
  g_assert_cmpstr (rows[0].decision.origin, ==, "base 2");
  g_assert_cmpstr (kab_update_get_id (rows[1].update), ==, "low_1");
  g_assert_false (rows[1].is_fetched);
  g_assert_cmpstr (kab_update_get_id (rows[3].update), ==, "next_1");
  g_assert_cmpuint (rows[3].n_moves, ==, 0);

  kab_forecast_get_pair (forecast, 0, &pair);
  g_assert_true (kab_forecast_explain (forecast, &pair, FALSE, &decision));
  g_assert_cmpint (decision.reason, ==, KAB_REASON_DEFAULT_DENY);
  g_assert_true (kab_forecast_explain (forecast, &pair, TRUE, &decision));
  g_assert_cmpstr (decision.line, ==, "Critical");
}

/* Records of updates nobody knows, the same one twice, numbers beyond all reason, empty fleets */
static void
test_hostile (void)
{
  g_autoptr(KabForecastPlan) plan = plan_version ("PROD", "allowed_severities=Critical");
  KabForecastBuilder *builder = begin (plan, "");
  KabStateRecord records[] = {
    { 0, 4, 0, 0 }, { 10, 0xffffffff, 0, 0 }, { 10, 4, 0, 0 }, { 11, 15, 0, 0 }, { G_MAXUINT32, 4, 0, 0 },
  };
  g_autoptr(KabForecast) forecast = NULL;
  g_autoptr(KabForecast) empty = kab_forecast_builder_end (begin (plan, ""));
  KabHostFields host = make_host ("");

  kab_forecast_builder_add_host (builder, &host, records, G_N_ELEMENTS (records));
  host.rules_packages = LIST ("", " ", "x");
  host.rules_uuids = LIST ("base 1");
  host.organizational_unit = ",,,\\";
  host.maturities = LIST ("");
  kab_forecast_builder_add_host (builder, &host, records, G_N_ELEMENTS (records));
  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *ring = g_strdup_printf ("RING-%u", i);

      host = make_host ("many");
      host.maturities = LIST (ring, "PROD");
      kab_forecast_builder_add_host (builder, &host, records, 1);
    }
  forecast = kab_forecast_builder_end (builder);
  g_assert_cmpuint (kab_forecast_get_n_hosts (forecast), ==, 52);
  g_assert_cmpuint (kab_forecast_get_totals (empty)->n_pairs[0], ==, 0);
}

/* The table look-ups and the rules engine, which explains, are one reading. */
static void
test_one_reading (void)
{
  static const char * const words[] = {
    "allowed_updates=crit_1", "forbidden_updates=crit_1", "allowed_severities=Critical", "allowed_severities=Low",
    "forbidden_updates=low_1", "allowed_updates=low_1", "allowed_updates=new_1", "forbidden_updates=new_1",
  };
  g_autoptr(GRand) dice = g_rand_new_with_seed (7);

  for (guint turn = 0; turn < 300; turn++)
    {
      g_autoptr(GString) lines = g_string_new (NULL);
      g_autoptr(KabForecastPlan) plan = NULL;
      KabForecastBuilder *builder;
      g_autoptr(KabForecast) forecast = NULL;
      KabHostFields host = make_host ("a");

      for (guint i = 0; i < 3; i++)
        g_string_append_printf (lines, "%s%s", i > 0 ? " " : "", words[g_rand_int_range (dice, 0, G_N_ELEMENTS (words))]);
      host.install_delay = g_rand_boolean (dice) ? "3d" : "";
      host.default_allow = g_rand_boolean (dice) ? KAB_TRISTATE_TRUE : KAB_TRISTATE_FALSE;
      plan = plan_version ("PROD", lines->str);
      builder = begin (plan, words[g_rand_int_range (dice, 0, G_N_ELEMENTS (words))]);
      add_host (builder, &host, turn % 2 == 0 ? "ddd" : "ppp");
      forecast = kab_forecast_builder_end (builder);
      for (guint64 i = 0; i < kab_forecast_get_n_pairs (forecast); i++)
        {
          KabForecastPair pair;
          KabDecision decision;

          kab_forecast_get_pair (forecast, i, &pair);
          g_assert_true (kab_forecast_explain (forecast, &pair, TRUE, &decision));
          g_assert_true ((decision.verdict == KAB_VERDICT_ALLOWED) == (pair.after != KAB_STATE_DISCARDED));
        }
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/forecast/states", test_states);
  g_test_add_func ("/forecast/superseded", test_superseded);
  g_test_add_func ("/forecast/options", test_options);
  g_test_add_func ("/forecast/doubt", test_doubt);
  g_test_add_func ("/forecast/causes", test_causes);
  g_test_add_func ("/forecast/assignments", test_assignments);
  g_test_add_func ("/forecast/totals", test_totals);
  g_test_add_func ("/forecast/hostile", test_hostile);
  g_test_add_func ("/forecast/one-reading", test_one_reading);
  return g_test_run ();
}
