/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-error.h"
#include "kab-record-list.h"
#include "kab-test-store.h"

#define N_HOSTS 300
#define N_UPDATES 80

typedef struct
{
  char        *folder;
  KabStore    *store;
  KabSnapshot *snapshot;
  GString     *signals;      /* "-12 +5 " */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = kab_test_folder_new ();
  fixture->store = kab_test_store_new (fixture->folder, N_HOSTS, N_UPDATES);
  fixture->snapshot = kab_store_read_snapshot (fixture->store, &kab_test_limits, NULL, NULL);
  fixture->signals = g_string_new (NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (fixture->snapshot);
  g_object_unref (fixture->store);
  kab_test_folder_remove (fixture->folder);
  g_free (fixture->folder);
  g_string_free (fixture->signals, TRUE);
}

static void
changed_cb (GListModel *model,
            guint       position,
            guint       removed,
            guint       added,
            gpointer    user_data)
{
  Fixture *fixture = user_data;

  g_assert_cmpuint (position, ==, 0);
  g_assert_true (removed == 0 || added == 0);
  if (added == 0)
    g_assert_cmpuint (g_list_model_get_n_items (model), ==, 0);
  else
    g_assert_cmpuint (g_list_model_get_n_items (model), ==, added);
  g_string_append_printf (fixture->signals, "%s%u ", added == 0 ? "-" : "+", MAX (removed, added));
}

static void
wait_until_idle (KabRecordList *list)
{
  while (kab_record_list_is_busy (list))
    g_main_context_iteration (NULL, TRUE);
}

static KabRecordList *
make_list (Fixture        *fixture,
           KabQueryDomain  domain)
{
  KabRecordList *list = kab_record_list_new (domain);

  g_signal_connect (list, "items-changed", G_CALLBACK (changed_cb), fixture);
  kab_record_list_set_snapshot (list, fixture->snapshot);
  wait_until_idle (list);
  return list;
}

static void
test_two_steps (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(KabRecordList) list = make_list (fixture, KAB_QUERY_HOSTS);
  g_autoptr(KabSnapshot) again = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpstr (fixture->signals->str, ==, "+300 ");
  g_assert_cmpuint (kab_record_list_get_n_total (list), ==, 300);

  g_string_truncate (fixture->signals, 0);
  g_assert_true (kab_record_list_set_query (list, "site:paris", &error));
  g_assert_true (kab_record_list_is_busy (list));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 300);     /* until the new order is there */
  wait_until_idle (list);
  g_assert_cmpstr (fixture->signals->str, ==, "-300 +150 ");

  /* The same rows again say nothing; a wrong term changes nothing; a new snapshot always speaks. */
  g_string_truncate (fixture->signals, 0);
  g_assert_true (kab_record_list_set_query (list, "site:Paris", &error));
  wait_until_idle (list);
  g_assert_false (kab_record_list_set_query (list, "nonsense:x", &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_USAGE);
  g_assert_cmpstr (kab_record_list_get_query (list), ==, "site:Paris");
  g_assert_false (kab_record_list_is_busy (list));
  g_assert_cmpstr (fixture->signals->str, ==, "");
  again = kab_store_read_snapshot (fixture->store, &kab_test_limits, NULL, NULL);
  kab_record_list_set_snapshot (list, again);
  wait_until_idle (list);
  g_assert_cmpstr (fixture->signals->str, ==, "-150 +150 ");

  g_string_truncate (fixture->signals, 0);
  kab_record_list_set_snapshot (list, NULL);
  g_assert_cmpstr (fixture->signals->str, ==, "-150 ");
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (list), 0));
}

static void
test_only_the_last_question_is_answered (Fixture       *fixture,
                                         gconstpointer  data)
{
  static const char * const typed[] = { "p", "pc", "pc-", "pc-0", "pc-00", "pc-0001", "pc-00017" };
  g_autoptr(KabRecordList) list = make_list (fixture, KAB_QUERY_HOSTS);
  g_autoptr(KabRecord) record = NULL;

  g_string_truncate (fixture->signals, 0);
  for (guint i = 0; i < G_N_ELEMENTS (typed); i++)
    g_assert_true (kab_record_list_set_query (list, typed[i], NULL));
  wait_until_idle (list);
  g_assert_cmpstr (fixture->signals->str, ==, "-300 +1 ");
  record = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_assert_cmpstr (kab_record_get_host (record)->name, ==, "PC-00017");
  g_assert_null (kab_record_get_update (record));
  g_assert_true (kab_record_get_snapshot (record) == fixture->snapshot);
}

/* Letter by letter, each narrowing the one before, ends where the whole word does. */
static void
test_narrowing_is_exact (Fixture       *fixture,
                         gconstpointer  data)
{
  static const char * const words[] = { "reception", "pc-001", "alice pc-0", "office 20", "- site", "example.org" };

  for (guint domain = KAB_QUERY_UPDATES; domain <= KAB_QUERY_HOSTS; domain++)
    for (guint i = 0; i < G_N_ELEMENTS (words); i++)
      {
        g_autoptr(KabRecordList) list = make_list (fixture, (KabQueryDomain) domain);
        g_autoptr(GArray) expected = NULL;
        gboolean descending;
        KabSort sort = kab_record_list_get_sort (list, &descending);

        for (gsize length = 1; length <= strlen (words[i]); length++)
          {
            g_autofree char *typed = g_strndup (words[i], length);

            if (kab_record_list_set_query (list, typed, NULL))
              wait_until_idle (list);
          }
        expected = kab_record_order_now (fixture->snapshot, (KabQueryDomain) domain, kab_record_list_get_query (list),
                                         sort, descending, NULL, NULL);
        g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, expected->len);
        for (guint j = 0; j < expected->len; j++)
          {
            g_autoptr(KabRecord) record = g_list_model_get_item (G_LIST_MODEL (list), j);
            guint index = g_array_index (expected, guint, j);

            g_assert_cmpstr (kab_record_get_id (record), ==,
                             domain == KAB_QUERY_UPDATES ? kab_snapshot_get_updates (fixture->snapshot, NULL)[index].update_id
                                                         : kab_snapshot_get_hosts (fixture->snapshot, NULL)[index].uuid);
          }
      }
}

static void
test_positions (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(KabRecordList) list = make_list (fixture, KAB_QUERY_UPDATES);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (list));
  g_autofree char *hidden = NULL;

  g_assert_cmpuint (n, >, 50);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(KabRecord) record = g_list_model_get_item (G_LIST_MODEL (list), i);

      g_assert_cmpint (kab_record_list_find (list, kab_record_get_id (record)), ==, i);
    }
  g_assert_cmpint (kab_record_list_find (list, "nothing"), ==, -1);
  hidden = kab_test_dup_update_id (0);         /* superseded */
  g_assert_cmpint (kab_record_list_find (list, hidden), ==, -1);
}

/* Each sort puts rows in order, both ways, and loses none. */
static void
test_sorts (Fixture       *fixture,
            gconstpointer  data)
{
  const KabUpdateRecord *updates = kab_snapshot_get_updates (fixture->snapshot, NULL);
  const KabHostRecord *hosts = kab_snapshot_get_hosts (fixture->snapshot, NULL);

  for (guint domain = KAB_QUERY_UPDATES; domain <= KAB_QUERY_HOSTS; domain++)
    for (guint sort = 0; sort < KAB_N_SORTS; sort++)
      {
        const char *query = domain == KAB_QUERY_UPDATES ? "is:any" : "";
        guint n = domain == KAB_QUERY_UPDATES ? N_UPDATES : N_HOSTS;
        g_autoptr(GArray) up = kab_record_order_now (fixture->snapshot, (KabQueryDomain) domain, query, (KabSort) sort,
                                                     FALSE, NULL, NULL);
        g_autoptr(GArray) down = kab_record_order_now (fixture->snapshot, (KabQueryDomain) domain, query, (KabSort) sort,
                                                       TRUE, NULL, NULL);
        g_autofree guint8 *seen = g_new0 (guint8, n);

        g_assert_cmpuint (up->len, ==, n);
        g_assert_cmpuint (down->len, ==, n);
        for (guint i = 0; i < n; i++)
          {
            guint row = g_array_index (up, guint, i);

            g_assert_cmpuint (seen[row]++, ==, 0);
            g_assert_cmpuint (row, ==, g_array_index (down, guint, n - 1 - i));
          }
        for (guint i = 1; i < n; i++)
          {
            guint a = g_array_index (up, guint, i - 1), b = g_array_index (up, guint, i);

            if (domain == KAB_QUERY_UPDATES && sort == KAB_SORT_TITLE)
              g_assert_cmpint (g_ascii_strcasecmp (updates[a].title, updates[b].title), <=, 0);
            if (domain == KAB_QUERY_UPDATES && sort == KAB_SORT_NEEDED)
              g_assert_cmpuint (kab_update_record_needed (&updates[a]), <=, kab_update_record_needed (&updates[b]));
            if (domain == KAB_QUERY_UPDATES && sort == KAB_SORT_KB)
              g_assert_cmpstr (updates[a].kbs, <=, updates[b].kbs);
            if (domain == KAB_QUERY_UPDATES && sort == KAB_SORT_PUBLISHED)
              g_assert_cmpint (updates[a].changed_at, <=, updates[b].changed_at);
            if (domain == KAB_QUERY_HOSTS && sort == KAB_SORT_NAME)
              g_assert_cmpstr (hosts[a].name, <, hosts[b].name);
            if (domain == KAB_QUERY_HOSTS && sort == KAB_SORT_STATE)
              g_assert_cmpuint (hosts[a].state, <=, hosts[b].state);
            if (domain == KAB_QUERY_HOSTS && sort == KAB_SORT_LAST_SEEN)
              g_assert_cmpint (hosts[a].last_seen_at, <=, hosts[b].last_seen_at);
            if (domain == KAB_QUERY_HOSTS && sort == KAB_SORT_DESCRIPTION)
              g_assert_cmpstr (hosts[a].description, <=, hosts[b].description);
          }
      }
}

static guint n_facets_notified;

static void
facets_cb (void)
{
  n_facets_notified++;
}

/* A facet's count is what its value shows when it replaces the group's own terms. */
static void
test_facets_are_doors (Fixture       *fixture,
                       gconstpointer  data)
{
  static const struct {
    KabQueryDomain  domain;
    const char     *query;
  } cases[] = {
    { KAB_QUERY_UPDATES, "" },
    { KAB_QUERY_UPDATES, "is:any severity:critical" },
    { KAB_QUERY_UPDATES, "product:\"Windows 11\" state:error cumulative" },
    { KAB_QUERY_HOSTS, "" },
    { KAB_QUERY_HOSTS, "state:error,pending site:lyon" },
    { KAB_QUERY_HOSTS, "ou:\"OU=Site1,DC=example,DC=org\" ring:prod" },
    { KAB_QUERY_HOSTS, "pc-0001" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(KabRecordList) list = kab_record_list_new (cases[i].domain);
      g_autoptr(GHashTable) fields = g_hash_table_new (g_str_hash, g_str_equal);
      GPtrArray *facets;

      g_assert_true (kab_record_list_set_query (list, cases[i].query, NULL));
      g_signal_connect (list, "notify::facets", G_CALLBACK (facets_cb), NULL);
      n_facets_notified = 0;
      kab_record_list_set_snapshot (list, fixture->snapshot);
      while (n_facets_notified == 0)
        g_main_context_iteration (NULL, TRUE);

      facets = kab_record_list_get_facets (list);
      g_assert_cmpuint (facets->len, >, 5);
      for (guint j = 0; j < facets->len; j++)
        {
          const KabFacet *facet = facets->pdata[j];
          g_autofree char *query = kab_query_text_with (cases[i].query, facet->field, facet->value);
          g_autoptr(GError) error = NULL;
          guint n = kab_record_count_now (fixture->snapshot, cases[i].domain, query, NULL, &error);

          g_assert_no_error (error);
          g_assert_cmpuint (n, ==, facet->count);
          g_hash_table_add (fields, (gpointer) facet->field);
        }
      g_assert_cmpuint (g_hash_table_size (fields), >=, cases[i].domain == KAB_QUERY_UPDATES ? 5 : 9);
    }
}

static void
test_dropped_while_working (Fixture       *fixture,
                            gconstpointer  data)
{
  KabRecordList *list = kab_record_list_new (KAB_QUERY_HOSTS);

  kab_record_list_set_snapshot (list, fixture->snapshot);
  g_object_run_dispose (G_OBJECT (list));
  g_object_unref (list);
  for (guint i = 0; i < 20; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (500);
    }
}

static void
test_cancelled (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (kab_record_order_now (fixture->snapshot, KAB_QUERY_HOSTS, "pc", KAB_SORT_USER, FALSE, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_cmpuint (kab_record_count_now (fixture->snapshot, KAB_QUERY_HOSTS, "wrong:x", NULL, &error), ==, 0);
  g_assert_error (error, KAB_ERROR, KAB_ERROR_USAGE);
}

/* How long it takes is printed, not asserted: 20,000 updates, or a million with -m slow */
static void
test_many_rows (Fixture       *fixture,
                gconstpointer  data)
{
  static const char * const queries[] = { "", "is:any", "cumulative", "is:any kb500001", "is:any severity:critical -office" };
  guint n_updates = g_test_slow () ? 1000000 : 20000;
  g_autofree char *path = g_build_filename (fixture->folder, "many.mirror", NULL);
  g_autoptr(KabStore) store = kab_store_open (path, NULL);
  g_autoptr(KabSnapshot) snapshot = NULL;
  gint64 start = g_get_monotonic_time ();

  kab_test_store_fill (store, 0, 0, n_updates, 0, TRUE);
  g_test_message ("%u updates: written in %" G_GINT64_FORMAT " ms", n_updates, (g_get_monotonic_time () - start) / 1000);
  start = g_get_monotonic_time ();
  snapshot = kab_store_read_snapshot (store, &kab_test_limits, NULL, NULL);
  g_test_message ("snapshot: %" G_GINT64_FORMAT " ms", (g_get_monotonic_time () - start) / 1000);

  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    for (guint round = 0; round < 2; round++)
      {
        g_autoptr(GArray) order = NULL;

        start = g_get_monotonic_time ();
        order = kab_record_order_now (snapshot, KAB_QUERY_UPDATES, queries[i], i == 0 ? KAB_SORT_TITLE : KAB_SORT_SEVERITY,
                                      round == 1, NULL, NULL);
        g_assert_nonnull (order);
        g_test_message ("“%s”: %u rows in %" G_GINT64_FORMAT " ms", queries[i], order->len,
                        (g_get_monotonic_time () - start) / 1000);
      }
}

#define ADD(name, function) g_test_add ("/record-list/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("two-steps", test_two_steps);
  ADD ("only-the-last-question-is-answered", test_only_the_last_question_is_answered);
  ADD ("narrowing-is-exact", test_narrowing_is_exact);
  ADD ("positions", test_positions);
  ADD ("sorts", test_sorts);
  ADD ("facets-are-doors", test_facets_are_doors);
  ADD ("dropped-while-working", test_dropped_while_working);
  ADD ("cancelled", test_cancelled);
  ADD ("many-rows", test_many_rows);
  return g_test_run ();
}
