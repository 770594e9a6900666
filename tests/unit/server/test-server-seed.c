/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include <glib.h>

#include "kab-error.h"
#include "kab-explanation.h"
#include "kab-package-reader.h"
#include "kab-server-seed-host.h"
#include "kab-wire-update.h"
#include "kab-wire.h"

#define NOW  G_GINT64_CONSTANT (1795258800)   /* 2026-11-21T11:00:00 */

static void
make_plan (KabSeedPlan *plan,
           guint64      seed,
           guint        n_updates)
{
  plan->seed = seed;
  plan->now = NOW;
  plan->trusted = NULL;
  plan->updates = kab_seed_updates_new (seed, n_updates, NOW);
  plan->rules = kab_seed_rules_new (seed, plan->updates, NOW);
}

static void
drop_plan (KabSeedPlan *plan)
{
  kab_seed_rules_free (plan->rules);
  g_array_unref (plan->updates);
}

/* Everything that a client could see of a fleet, as one number. */
static char *
digest (guint64 seed,
        guint   n_hosts,
        guint   n_updates)
{
  g_autoptr(GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr(KabSeedHost) host = kab_seed_host_new ();
  KabSeedPlan plan;

  make_plan (&plan, seed, n_updates);
  for (guint i = 0; i < plan.updates->len; i++)
    {
      KabUpdate *update = g_array_index (plan.updates, KabSeedUpdate, i).update;

      g_checksum_update (sum, (const guchar *) kab_update_get_id (update), -1);
      g_checksum_update (sum, (const guchar *) kab_update_get_title (update), -1);
      g_checksum_update (sum, (const guchar *) kab_update_get_fields (update)->download_urls[0], -1);
    }
  for (guint i = 0; i < n_hosts; i++)
    {
      kab_seed_host_fill (host, &plan, i);
      g_checksum_update (sum, (const guchar *) host->uuid, -1);
      g_checksum_update (sum, (const guchar *) host->wua_status->str, -1);
      g_checksum_update (sum, (const guchar *) host->history->str, -1);
      g_checksum_update (sum, (const guchar *) host->records->data, host->records->len * sizeof (KabStateRecord));
    }
  drop_plan (&plan);
  return g_strdup (g_checksum_get_string (sum));
}

static void
test_same_number (void)
{
  g_autofree char *first = digest (7, 200, 150);
  g_autofree char *again = digest (7, 200, 150);
  g_autofree char *other = digest (8, 200, 150);

  g_assert_cmpstr (first, ==, again);
  g_assert_cmpstr (first, !=, other);
}

static void
test_updates (void)
{
  static const guint numbers[] = { 0, 1, 5, 27, 28, 29, 150, 300, 1000 };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autoptr(GArray) updates = kab_seed_updates_new (1, numbers[i], NOW);
      g_autoptr(GHashTable) guids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

      g_assert_cmpuint (updates->len, ==, numbers[i]);
      for (guint k = 0; k < updates->len; k++)
        g_assert_true (g_hash_table_add (guids, kab_update_dup_guid (g_array_index (updates, KabSeedUpdate, k).update)));

      for (guint k = 0; k < updates->len; k++)
        {
          const KabSeedUpdate *update = &g_array_index (updates, KabSeedUpdate, k);
          const KabUpdateFields *fields = kab_update_get_fields (update->update);
          g_autofree char *sha1 = kab_download_url_dup_sha1 (fields->download_urls[0]);

          g_assert_nonnull (sha1);
          g_assert_cmpint (fields->changed_at, <, NOW);
          g_assert_true (fields->downloaded_at == 0 ||
                         (fields->downloaded_at > fields->changed_at && fields->downloaded_at < NOW));
          if (fields->superseded_update_ids != NULL && fields->superseded_update_ids[0] != NULL)
            g_assert_true (g_hash_table_contains (guids, fields->superseded_update_ids[0]));
        }
    }
}

/* Does @newer replace @older, perhaps through others? */
static gboolean
replaces (GArray *updates,
          guint   newer,
          guint   older)
{
  const KabSeedUpdate *a = &g_array_index (updates, KabSeedUpdate, newer);
  const KabSeedUpdate *b = &g_array_index (updates, KabSeedUpdate, older);

  return a->stream == b->stream && a->model < 0 && a->month < b->month;
}

static void
check_state (GArray               *updates,
             GArray               *records,
             const KabStateRecord *record,
             KabRulesEngine       *engine,
             gboolean              shows_superseded)
{
  KabUpdate *update = g_array_index (updates, KabSeedUpdate, record->update - 1).update;
  KabState state = kab_state_record_get_reported (record);
  gboolean is_replaced = FALSE;
  KabDecision decision;

  for (guint i = 0; i < records->len; i++)
    {
      const KabStateRecord *other = &g_array_index (records, KabStateRecord, i);
      KabState word = kab_state_record_get_reported (other);

      is_replaced = is_replaced || ((word == KAB_STATE_OK || word == KAB_STATE_PENDING || word == KAB_STATE_ERROR) &&
                                    replaces (updates, other->update - 1, record->update - 1));
    }

  kab_rules_engine_decide (engine, update, NOW, &decision);
  if (kab_state_record_get_flag (record, KAB_FLAG_INSTALLED) == KAB_TRISTATE_TRUE)
    g_assert_cmpint (state, ==, KAB_STATE_OK);
  else if (is_replaced && shows_superseded)
    g_assert_cmpint (state, ==, KAB_STATE_SUPERSEDED);
  else if (decision.verdict == KAB_VERDICT_ALLOWED)
    g_assert_cmpint (state, ==, record->result != 0 ? KAB_STATE_ERROR : KAB_STATE_PENDING);
  else
    {
      g_assert_cmpint (state, ==, KAB_STATE_DISCARDED);
      g_assert_cmpint (kab_state_record_get_flag (record, KAB_FLAG_ALLOWED), ==, KAB_TRISTATE_FALSE);
      g_assert_cmpint (kab_state_record_get_flag (record, KAB_FLAG_DELAYED), ==,
                       decision.delayed ? KAB_TRISTATE_TRUE : KAB_TRISTATE_FALSE);
    }
}

/* What people are told must not contradict what they see. */
static void
check_explanation (const KabSeedPlan    *plan,
                   KabSeedHost          *seeded,
                   const KabStateRecord *record,
                   KabRulesEngine       *engine)
{
  KabHostFields fields = { .uuid = seeded->uuid, .platform = seeded->platform };
  g_autoptr(KabHost) host = kab_host_new (&fields);
  KabUpdate *update = g_array_index (plan->updates, KabSeedUpdate, record->update - 1).update;
  g_autoptr(KabExplanation) explanation = kab_explanation_new (host, update, record, engine, NULL, plan->now);

  g_assert_false (explanation->disagrees);
  if (explanation->state != KAB_STATE_SUPERSEDED && explanation->state != KAB_STATE_OK)
    g_assert_false (explanation->estimate_differs);
}

/* From the very bytes of the packages, as a client reads them. */
static void
test_states_follow_rules (void)
{
  g_autoptr(KabSeedHost) host = kab_seed_host_new ();
  guint counts[KAB_N_STATES] = { 0 };
  KabSeedPlan plan;

  make_plan (&plan, 3, 150);
  for (guint i = 0; i < 300; i++)
    {
      g_autoptr(KabRulesEngine) engine = NULL;
      gboolean shows_superseded = FALSE;

      kab_seed_host_fill (host, &plan, i);
      engine = kab_rules_engine_new (&plan.rules->options[host->profile]);
      for (guint k = 0; k < plan.rules->installed[host->profile]->len; k++)
        {
          const KabSeedPackage *package = plan.rules->installed[host->profile]->pdata[k];
          g_autoptr(KabRuleSet) rules = NULL;

          if (package->rules == NULL)
            continue;
          rules = kab_wire_read_rules (package->rules, -1, package->name, NULL);
          g_assert_nonnull (rules);
          g_assert_null (kab_rule_set_get_dropped_keys (rules)[0]);
          if (kab_rule_set_get_include_superseded (rules) != KAB_TRISTATE_NULL)
            shows_superseded = kab_rule_set_get_include_superseded (rules) == KAB_TRISTATE_TRUE;
          kab_rules_engine_add (engine, rules);
        }
      for (guint k = 0; k < host->records->len; k++)
        {
          const KabStateRecord *record = &g_array_index (host->records, KabStateRecord, k);

          g_assert_true (k == 0 || record[-1].update < record->update);
          check_state (plan.updates, host->records, record, engine, shows_superseded);
          check_explanation (&plan, host, record, engine);
          counts[kab_state_record_get_reported (record)]++;
        }
    }
  for (guint state = KAB_STATE_OK; state < KAB_N_STATES; state++)
    {
      g_test_message ("%s: %u", kab_state_get_text (state), counts[state]);
      if (state != KAB_STATE_MISSING)     /* no agent says it */
        g_assert_cmpuint (counts[state], >, 5);
    }
  drop_plan (&plan);
}

static void
assert_json (GString *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = NULL;

  if (text->len == 0)
    return;
  node = kab_wire_parse (text->str, text->len, &error);
  g_assert_no_error (error);
}

static void
check_history (KabSeedHost *host)
{
  g_autoptr(JsonNode) node = host->history->len > 0 ? kab_wire_parse (host->history->str, -1, NULL) : NULL;

  for (guint i = 0; i < host->records->len; i++)
    {
      const KabStateRecord *record = &g_array_index (host->records, KabStateRecord, i);
      g_autofree char *key = g_strdup_printf ("%u", record->update);
      JsonNode *entries = node != NULL ? json_object_get_member (json_node_get_object (node), key) : NULL;
      g_autofree char *text = entries != NULL ? json_to_string (entries, FALSE) : NULL;

      g_assert_cmpint (kab_history_get_result (text), ==, record->result);
    }
}

static void
test_hosts (void)
{
  g_autoptr(KabSeedHost) host = kab_seed_host_new ();
  g_autoptr(GHashTable) uuids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint kinds[KAB_SEED_HOST_RESTART + 1] = { 0 };
  KabSeedPlan plan;

  make_plan (&plan, 42, 150);
  for (guint i = 0; i < 200; i++)
    {
      GString *texts[12];

      kab_seed_host_fill (host, &plan, i);
      memcpy (texts, &host->users, sizeof texts);
      for (guint k = 0; k < G_N_ELEMENTS (texts); k++)
        assert_json (texts[k]);
      check_history (host);
      kinds[host->kind]++;
      g_assert_true (g_hash_table_add (uuids, g_strdup (host->uuid)));
      g_assert_true (g_str_has_suffix (host->ou->str, KAB_SEED_BASE_DN));
      g_assert_cmpint (host->last_seen_at, <=, NOW);

      /* The build is that of the newest cumulative update that it has. */
      for (guint k = 0; k < host->records->len; k++)
        {
          const KabStateRecord *record = &g_array_index (host->records, KabStateRecord, k);

          if (kab_state_record_get_reported (record) == KAB_STATE_OK)
            g_assert_cmpuint (g_array_index (plan.updates, KabSeedUpdate, record->update - 1).revision, <=, host->revision);
        }
    }
  g_assert_cmpuint (kinds[KAB_SEED_HOST_LINUX], ==, 4);
  g_assert_cmpuint (kinds[KAB_SEED_HOST_DISABLED], ==, 4);
  g_assert_cmpuint (kinds[KAB_SEED_HOST_SILENT], ==, 8);
  g_assert_cmpuint (kinds[KAB_SEED_HOST_RESTART], ==, 12);
  drop_plan (&plan);
}

static void
test_packages (void)
{
  g_autofree char *certificate = g_test_build_filename (G_TEST_DIST, "data", "wapt-1.8.2", "keys", "self.crt", NULL);
  g_autofree char *key = g_test_build_filename (G_TEST_DIST, "data", "wapt-1.8.2", "keys", "self.pem", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(KabSigner) signer = kab_signer_new (certificate, key, NULL, &error);
  g_autoptr(GPtrArray) trusted = g_ptr_array_new ();
  KabSeedPlan plan;

  g_assert_no_error (error);
  g_ptr_array_add (trusted, kab_signer_get_certificate (signer));
  make_plan (&plan, 1, 150);
  for (guint i = 0; i < plan.rules->packages->len; i++)
    {
      const KabSeedPackage *package = plan.rules->packages->pdata[i];
      g_autoptr(GBytes) bytes = kab_seed_rules_build (package, signer, NOW, &error);
      g_autoptr(KabPackageReader) reader = NULL;
      g_autoptr(KabSignature) signature = NULL;

      g_assert_no_error (error);
      reader = kab_package_reader_open_bytes (bytes, &error);
      g_assert_no_error (error);
      signature = kab_package_reader_verify (reader, trusted, NOW);
      g_assert_cmpint (signature->status, ==, KAB_SIGNATURE_TRUSTED);
      g_assert_cmpstr (kab_package_get_maturity (kab_package_reader_get_package (reader)), ==, package->maturity);
      if (package->rules != NULL)
        {
          g_autoptr(GBytes) rules = kab_package_reader_read_rules (reader, &error);

          g_assert_no_error (error);
          g_assert_cmpmem (g_bytes_get_data (rules, NULL), g_bytes_get_size (rules), package->rules, strlen (package->rules));
        }
    }
  drop_plan (&plan);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server-seed/same-number", test_same_number);
  g_test_add_func ("/server-seed/updates", test_updates);
  g_test_add_func ("/server-seed/states-follow-rules", test_states_follow_rules);
  g_test_add_func ("/server-seed/hosts", test_hosts);
  g_test_add_func ("/server-seed/packages", test_packages);
  return g_test_run ();
}
