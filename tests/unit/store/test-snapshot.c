/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-query.h"
#include "kab-record-list.h"
#include "kab-test-store.h"

#define N_HOSTS 130
#define N_UPDATES 60

typedef struct
{
  char        *folder;
  KabStore    *store;
  KabSnapshot *snapshot;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = kab_test_folder_new ();
  fixture->store = kab_test_store_new (fixture->folder, N_HOSTS, N_UPDATES);
  fixture->snapshot = kab_store_read_snapshot (fixture->store, &kab_test_limits, NULL, NULL);
  g_assert_nonnull (fixture->snapshot);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_object_unref (fixture->snapshot);
  g_object_unref (fixture->store);
  kab_test_folder_remove (fixture->folder);
  g_free (fixture->folder);
}

static guint
count (KabSnapshot    *snapshot,
       KabQueryDomain  domain,
       const char     *query)
{
  g_autoptr(GError) error = NULL;
  guint n = kab_record_count_now (snapshot, domain, query, NULL, &error);

  g_assert_no_error (error);
  return n;
}

/* Every count again, by objects and one pair at a time */
static void
test_counts_are_those_of_the_pairs (Fixture       *fixture,
                                    gconstpointer  data)
{
  guint n_hosts, n_updates;
  const KabHostRecord *hosts = kab_snapshot_get_hosts (fixture->snapshot, &n_hosts);
  const KabUpdateRecord *updates = kab_snapshot_get_updates (fixture->snapshot, &n_updates);
  g_autofree guint *of_updates = g_new0 (guint, N_UPDATES * KAB_N_STATES);
  guint n_counted = 0, n_restarts = 0;

  g_assert_cmpuint (n_hosts, ==, N_HOSTS);
  g_assert_cmpuint (n_updates, ==, N_UPDATES);
  for (guint i = 0; i < n_hosts; i++)
    {
      g_autoptr(KabHost) host = kab_store_read_host (fixture->store, hosts[i].uuid, NULL);
      g_autoptr(GPtrArray) beside = NULL;
      g_autoptr(GArray) states = kab_store_read_host_states (fixture->store, hosts[i].uuid, &beside, NULL);
      guint counts[KAB_N_STATES] = { 0 };

      for (guint j = 0; j < states->len; j++)
        {
          KabState state = kab_state_derive (&g_array_index (states, KabStateRecord, j),
                                             kab_update_is_on_server (beside->pdata[j]));
          int update = kab_snapshot_find_update (fixture->snapshot, kab_update_get_id (beside->pdata[j]));

          counts[state]++;
          if (hosts[i].counted)
            {
              of_updates[update * KAB_N_STATES + (int) state]++;
            }
        }
      g_assert_cmpmem (counts, sizeof counts, hosts[i].counts, sizeof counts);
      g_assert_cmpint (hosts[i].state, ==, kab_host_fields_judge (kab_host_get_fields (host), counts, &kab_test_limits));
      g_assert_cmpint (hosts[i].counted, ==, kab_host_fields_is_counted (kab_host_get_fields (host)));
      g_assert_cmpstr (hosts[i].name, ==, kab_host_get_name (host));
      g_assert_cmpint (kab_snapshot_find_host (fixture->snapshot, hosts[i].uuid), ==, i);
      n_counted += hosts[i].counted;
      n_restarts += hosts[i].restart;
    }

  for (guint i = 0; i < n_updates; i++)
    g_assert_cmpmem (updates[i].counts, sizeof updates[i].counts, &of_updates[i * KAB_N_STATES], sizeof updates[i].counts);
  g_assert_cmpuint (kab_snapshot_count_counted (fixture->snapshot), ==, n_counted);
  g_assert_cmpuint (n_counted, <, N_HOSTS);
  g_assert_cmpuint (kab_snapshot_count_restarts (fixture->snapshot), ==, n_restarts);
  g_assert_cmpint (kab_snapshot_get_synced_at (fixture->snapshot), ==, KAB_TEST_NOW + 5);
}

/* Updates that nothing replaces, of one severity, changed since then, whose worst state it is */
static guint
count_updates (KabSnapshot *snapshot,
               KabSeverity  severity,
               KabState     worst,
               gint64       since)
{
  guint n_updates;
  const KabUpdateRecord *updates = kab_snapshot_get_updates (snapshot, &n_updates);
  guint n = 0;

  for (guint i = 0; i < n_updates; i++)
    n += !updates[i].superseded && updates[i].severity == severity && updates[i].changed_at >= since &&
         kab_query_get_worst (updates[i].counts) == (int) worst;
  return n;
}

/* Laws of the house, 1: every count is a door, and behind it are exactly so many rows. */
static void
test_every_count_is_a_door (Fixture       *fixture,
                            gconstpointer  data)
{
  static const char * const state_words[] = { "unknown", "ok", "pending", "missing", "discarded", "error", "superseded" };
  static const char * const severity_words[] = { "none", "low", "moderate", "important", "critical" };
  KabSnapshot *snapshot = fixture->snapshot;
  guint n_hosts, n_updates, n_groups;
  const KabHostRecord *hosts = kab_snapshot_get_hosts (snapshot, &n_hosts);
  const KabUpdateRecord *updates = kab_snapshot_get_updates (snapshot, &n_updates);
  const KabFailureGroup *groups = kab_snapshot_get_failures (snapshot, &n_groups);
  const gint64 since = KAB_TEST_NOW - 200 * 24 * 60 * 60;
  guint n_superseded = 0;

  for (guint i = 0; i < KAB_N_HOST_STATES; i++)
    {
      g_autofree char *query = g_strdup_printf ("state:%s", kab_host_state_get_text ((KabHostState) i));

      g_assert_cmpuint (count (snapshot, KAB_QUERY_HOSTS, query), ==, kab_snapshot_count_hosts (snapshot, (KabHostState) i));
    }
  g_assert_cmpuint (count (snapshot, KAB_QUERY_HOSTS, "is:counted"), ==, kab_snapshot_count_counted (snapshot));
  g_assert_cmpuint (count (snapshot, KAB_QUERY_HOSTS, "restart:yes"), ==, kab_snapshot_count_restarts (snapshot));

  g_assert_cmpuint (n_groups, ==, 2);
  for (guint i = 0; i < n_groups; i++)
    {
      g_autofree char *query = g_strdup_printf ("result:0x%08x", (guint) groups[i].result);

      g_assert_cmpuint (count (snapshot, KAB_QUERY_HOSTS, query), ==, groups[i].n_hosts);
      g_assert_cmpuint (groups[i].n_pairs, >=, groups[i].n_hosts);
    }

  for (guint i = 0; i < n_updates; i++)
    for (guint j = 0; j < KAB_N_STATES; j++)
      {
        g_autofree char *query = g_strdup_printf ("update:%s/%s", updates[i].update_id, state_words[j]);
        g_autoptr(GArray) found = kab_snapshot_find_hosts_of (snapshot, updates[i].update_id, 1u << j, NULL, NULL);

        g_assert_cmpuint (count (snapshot, KAB_QUERY_HOSTS, query), ==, updates[i].counts[j]);
        g_assert_cmpuint (found->len, ==, updates[i].counts[j]);
      }
  for (guint i = 0; i < n_hosts; i += 7)
    for (guint j = 0; j < KAB_N_STATES; j++)
      {
        g_autofree char *query = g_strdup_printf ("host:%s/%s", hosts[i].uuid, state_words[j]);

        g_assert_cmpuint (count (snapshot, KAB_QUERY_UPDATES, query), ==, hosts[i].counts[j]);
      }

  for (guint i = 0; i < KAB_N_SEVERITIES; i++)
    for (guint j = 0; j < KAB_N_STATES; j++)
      {
        g_autofree char *query = g_strdup_printf ("severity:%s worst:%s since:2026-05-05", severity_words[i],
                                                  state_words[j]);

        g_assert_cmpuint (count (snapshot, KAB_QUERY_UPDATES, query), ==,
                          count_updates (snapshot, (KabSeverity) i, (KabState) j, since - since % (24 * 60 * 60)));
      }

  for (guint i = 0; i < n_updates; i++)
    n_superseded += updates[i].superseded;
  g_assert_cmpuint (n_superseded, >, 0);
  g_assert_cmpuint (count (snapshot, KAB_QUERY_UPDATES, ""), ==, n_updates - n_superseded);
  g_assert_cmpuint (count (snapshot, KAB_QUERY_UPDATES, "is:superseded"), ==, n_superseded);
  g_assert_cmpuint (count (snapshot, KAB_QUERY_UPDATES, "is:any"), ==, n_updates);
}

static void
test_queries (Fixture       *fixture,
              gconstpointer  data)
{
  static const struct {
    KabQueryDomain  domain;
    const char     *query;
    guint           n;
  } cases[] = {
    { KAB_QUERY_HOSTS, "", N_HOSTS },
    { KAB_QUERY_HOSTS, "pc-00017", 1 },
    { KAB_QUERY_HOSTS, "name:PC-0001", 10 },
    { KAB_QUERY_HOSTS, "reception", 26 },
    { KAB_QUERY_HOSTS, "description:ground", 26 },
    { KAB_QUERY_HOSTS, "ou:\"DC=example,DC=org\"", N_HOSTS },
    { KAB_QUERY_HOSTS, "ou:\"OU=Site1,DC=example,DC=org\"", 43 },
    { KAB_QUERY_HOSTS, "site:paris", 65 },
    { KAB_QUERY_HOSTS, "site:par", 0 },
    { KAB_QUERY_HOSTS, "ring:prod", 87 },
    { KAB_QUERY_HOSTS, "ring:dev,preprod", 86 },
    { KAB_QUERY_HOSTS, "group:grp-sales", N_HOSTS },
    { KAB_QUERY_HOSTS, "package:demo-wua-base", N_HOSTS },
    { KAB_QUERY_HOSTS, "package:\"demo-wua-base 12\"", N_HOSTS },
    { KAB_QUERY_HOSTS, "package:\"demo-wua-base 1\"", 0 },
    { KAB_QUERY_HOSTS, "windows:\"Windows 10 22H2\"", 44 },
    { KAB_QUERY_HOSTS, "windows:\"Windows Server 2019\"", 43 },
    { KAB_QUERY_HOSTS, "build:22631.4317", 43 },
    { KAB_QUERY_HOSTS, "reachable:yes", 86 },
    { KAB_QUERY_HOSTS, "reachable:no -site:paris", 22 },
    { KAB_QUERY_HOSTS, "user:alice", 33 },
    { KAB_QUERY_HOSTS, "agent:2.5.5.15697", N_HOSTS },
    { KAB_QUERY_HOSTS, "address:192.0.2", N_HOSTS },
    { KAB_QUERY_HOSTS, "is:uncounted", 4 },
    { KAB_QUERY_HOSTS, "is:counted,uncounted", N_HOSTS },
    { KAB_QUERY_HOSTS, "status:pending_updates", 15 },
    { KAB_QUERY_HOSTS, "update:nothing", 0 },
    { KAB_QUERY_HOSTS, "update:KB5000003", 126 },
    { KAB_QUERY_HOSTS, "result:0x12345678", 0 },
    { KAB_QUERY_UPDATES, "kb:5000007", 1 },
    { KAB_QUERY_UPDATES, "kb:KB5000007", 1 },
    { KAB_QUERY_UPDATES, "kb:500000", 0 },
    { KAB_QUERY_UPDATES, "is:any severity:none", 12 },
    { KAB_QUERY_UPDATES, "is:any classification:\"security updates\"", 15 },
    { KAB_QUERY_UPDATES, "is:any product:\"Windows 11\"", 12 },
    { KAB_QUERY_UPDATES, "is:any sha1:0000000000000000000000000000000000000005", 1 },
    { KAB_QUERY_UPDATES, "is:any cumulative", N_UPDATES },
    { KAB_QUERY_UPDATES, "is:any title:cumulative", N_UPDATES },
    { KAB_QUERY_UPDATES, "cve:2026", 0 },
    { KAB_QUERY_UPDATES, "host:nobody", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint n = count (fixture->snapshot, cases[i].domain, cases[i].query);

      if (n != cases[i].n)
        g_test_message ("%s", cases[i].query);
      g_assert_cmpuint (n, ==, cases[i].n);
    }
}

/* All fields are answered: a term and its negation divide the rows. */
static void
test_every_field_is_answered (Fixture       *fixture,
                              gconstpointer  data)
{
  for (guint domain = KAB_QUERY_UPDATES; domain <= KAB_QUERY_HOSTS; domain++)
    {
      guint n_fields;
      const KabFieldInfo *fields = kab_query_get_fields ((KabQueryDomain) domain, &n_fields);
      guint n_rows = domain == KAB_QUERY_UPDATES ? N_UPDATES : N_HOSTS;
      const char *all = domain == KAB_QUERY_UPDATES ? "is:any " : "";

      for (guint i = 0; i < n_fields; i++)
        {
          const char *value = fields[i].kind == KAB_FIELD_WORD ? fields[i].words[0]
                              : fields[i].kind == KAB_FIELD_NUMBER ? ">0"
                              : fields[i].kind == KAB_FIELD_DATE ? "<30d"
                                                                 : "5";
          g_autofree char *with = g_strdup_printf ("%s%s:%s", all, fields[i].name, value);
          g_autofree char *without = g_strdup_printf ("%s-%s:%s", all, fields[i].name, value);

          if (strcmp (fields[i].name, "since") == 0 || strcmp (fields[i].name, "result") == 0)
            continue;
          g_assert_cmpuint (count (fixture->snapshot, (KabQueryDomain) domain, with) +
                            count (fixture->snapshot, (KabQueryDomain) domain, without), ==, n_rows);
        }
    }
}

static void
write_chain (KabStoreWriter *writer,
             const char     *id,
             gint64          changed_at,
             const char     *older,
             const char     *oldest)
{
  const char *supersedes[] = { older, oldest, NULL };
  KabUpdateFields fields = { id };

  fields.superseded_update_ids = older != NULL ? supersedes : NULL;
  fields.changed_at = changed_at;
  g_assert_cmpuint (kab_store_write_update (writer, &fields, 0, NULL), >, 0);
}

static void
test_supersedence_is_inverted (Fixture       *fixture,
                               gconstpointer  data)
{
  static const struct {
    const char *id;
    const char *by;
  } cases[] = {
    { "a_1", "b_1" }, { "a_2", "b_1" }, { "b_1", "c_9" }, { "c_9", "" },
    { "x_1", "" }, { "y_1", "" }, { "self_1", "" },
  };
  g_autoptr(KabStoreWriter) writer = kab_store_write_begin (fixture->store, NULL, NULL);
  g_autoptr(KabSnapshot) snapshot = NULL;
  KabSyncReport report = { 0 };

  write_chain (writer, "a_1", 10, NULL, NULL);
  write_chain (writer, "a_2", 11, NULL, NULL);
  write_chain (writer, "c_9", 5, "B", "A");              /* newer, whatever its date says */
  write_chain (writer, "b_1", 20, "a", NULL);
  write_chain (writer, "x_1", 20, "y", NULL);            /* each the other: says nothing */
  write_chain (writer, "y_1", 20, "x", NULL);
  write_chain (writer, "self_1", 20, "self", "unknown");
  g_assert_true (kab_store_write_commit (g_steal_pointer (&writer), &report, NULL));

  snapshot = kab_store_read_snapshot (fixture->store, &kab_test_limits, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      int index = kab_snapshot_find_update (snapshot, cases[i].id);
      const KabUpdateRecord *record;

      g_assert_cmpint (index, >=, 0);
      record = &kab_snapshot_get_updates (snapshot, NULL)[index];
      g_assert_cmpstr (record->superseded_by, ==, cases[i].by);
      g_assert_cmpint (record->superseded, ==, *cases[i].by != '\0');
    }
}

static void
test_an_empty_store (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "empty.mirror", NULL);
  g_autoptr(KabStore) store = kab_store_open (path, NULL);
  g_autoptr(KabSnapshot) snapshot = kab_store_read_snapshot (store, &kab_test_limits, NULL, NULL);
  g_autoptr(GCancellable) cancelled = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (kab_snapshot_get_synced_at (snapshot), ==, 0);
  g_assert_cmpint (kab_snapshot_find_host (snapshot, "x"), ==, -1);
  g_assert_cmpuint (count (snapshot, KAB_QUERY_HOSTS, "update:x/pending"), ==, 0);
  g_assert_cmpuint (count (snapshot, KAB_QUERY_UPDATES, ""), ==, 0);

  g_cancellable_cancel (cancelled);
  g_assert_null (kab_store_read_snapshot (fixture->store, &kab_test_limits, cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define ADD(name, function) g_test_add ("/snapshot/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("counts-are-those-of-the-pairs", test_counts_are_those_of_the_pairs);
  ADD ("every-count-is-a-door", test_every_count_is_a_door);
  ADD ("queries", test_queries);
  ADD ("every-field-is-answered", test_every_field_is_answered);
  ADD ("supersedence-is-inverted", test_supersedence_is_inverted);
  ADD ("an-empty-store", test_an_empty_store);
  return g_test_run ();
}
