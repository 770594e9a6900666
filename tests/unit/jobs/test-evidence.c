/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "kab-error.h"
#include "kab-evidence.h"
#include "kab-test-store.h"

#define NAME "demo-wua-pilot"
#define DAY (24 * 60 * 60)
#define SINCE (KAB_TEST_NOW - 2 * DAY)     /* the date in the signature below */

enum { FIRST, SECOND, OLD, FORBIDDEN, N_UPDATES };

/* Ids, and what the package says: FIRST and SECOND are newly allowed, OLD was before, FORBIDDEN another package forbids. */
static const char * const ids[N_UPDATES] = { "first_1", "second_1", "old_1", "forbidden_1" };

/* One host: what it has, and "state of FIRST, SECOND, OLD, FORBIDDEN": O OK, P pending, E error, D discarded, L discarded
 * for the delay, S superseded, "." not reported; small o: installed long before. */
typedef struct {
  const char *name;
  const char *packages[4];
  const char *ring;
  const char *states;
  gint64      seen;           /* days before now */
  gboolean    restart;
} HostCase;

static const char * const bare_packages[] = { NULL };

static const HostCase hosts[] = {
  { "succeeded", { NAME " 2" }, "PREPROD", "OOP.", 0, FALSE },
  { "only-first-applies", { NAME " 2" }, "PREPROD", "O.E.", 0, TRUE },
  { "failed", { NAME " 2" }, "PREPROD", "EO..", 0, FALSE },
  { "pending", { NAME " 2" }, "PREPROD", "OP..", 0, FALSE },
  { "not-scanned-yet", { NAME " 2" }, "PREPROD", "DD..", 0, FALSE },
  { "delayed", { NAME " 2" }, "PREPROD", "LO..", 0, FALSE },
  { "installed-before", { NAME " 2" }, "PREPROD", "oo..", 0, FALSE },
  { "another-forbids", { NAME " 2", "demo-wua-strict 1" }, "PREPROD", "O..D", 0, FALSE },
  { "nothing-applies", { NAME " 2" }, "PREPROD", "..O.", 0, FALSE },
  { "superseded", { NAME " 2" }, "PREPROD", "OS..", 0, FALSE },
  { "older-version", { NAME " 1" }, "PREPROD", "D...", 0, FALSE },
  { "older-and-silent", { NAME " 1" }, "PREPROD", "D...", 5, FALSE },
  { "older-in-prod", { NAME " 1" }, "PROD", "D...", 0, FALSE },
  { "newer", { NAME " 3" }, "PREPROD", "O...", 0, FALSE },
  { "away", { NAME " 2" }, "PREPROD", "P...", 30, FALSE },
};

static KabPackage *
make_package (const char *version,
              const char *maturity,
              const char *signed_on)
{
  g_autofree char *control = g_strdup_printf ("package           : %s\nversion           : %s\nsection           : wsus\n"
                                              "maturity          : %s\nsignature_date    : %s\npackage_uuid      : uuid-%s\n",
                                              NAME, version, maturity, signed_on, version);
  g_autoptr(GError) error = NULL;
  KabPackage *package = kab_package_new_from_control (control, -1, &error);

  g_assert_no_error (error);
  return package;
}

static KabStateRecord
make_record (guint32 number,
             char    sign)
{
  KabState state = sign == 'O' || sign == 'o' ? KAB_STATE_OK
                   : sign == 'P' ? KAB_STATE_PENDING
                   : sign == 'E' ? KAB_STATE_ERROR
                   : sign == 'S' ? KAB_STATE_SUPERSEDED
                                 : KAB_STATE_DISCARDED;
  KabStateRecord record = { number, (guint32) state, 0, 0 };

  record.flags = kab_state_flags_with (record.flags, KAB_FLAG_INSTALLED,
                                       state == KAB_STATE_OK ? KAB_TRISTATE_TRUE : KAB_TRISTATE_FALSE);
  if (state == KAB_STATE_OK)
    record.installed_at = (guint32) (sign == 'o' ? SINCE - 30 * DAY : KAB_TEST_NOW - DAY);
  if (state == KAB_STATE_ERROR)
    record.result = (gint32) 0x80240017;
  if (state == KAB_STATE_DISCARDED)
    record.flags = kab_state_flags_with (record.flags, KAB_FLAG_HIDDEN, KAB_TRISTATE_TRUE);
  if (sign == 'L')
    record.flags = kab_state_flags_with (record.flags, KAB_FLAG_DELAYED, KAB_TRISTATE_TRUE);

  return record;
}

static void
write_host (KabStoreWriter *writer,
            const guint32  *numbers,
            const HostCase *host,
            gint64          now)
{
  static const char * const reasons[] = { "Windows Update: restart", NULL };
  const char *maturities[] = { host->ring, NULL };
  g_autofree char *hash = g_strdup_printf ("%s %s", host->name, host->states);
  KabStateRecord records[N_UPDATES];
  guint n = 0;
  KabHostFields fields = { host->name };
  g_autoptr(GError) error = NULL;

  fields.computer_name = host->name;
  fields.platform = "Windows";
  fields.os_version = "10.0.19045.3570";
  fields.enabled = KAB_TRISTATE_TRUE;
  fields.maturities = maturities;
  fields.rules_packages = host->packages[0] != NULL ? host->packages : bare_packages;
  fields.restart_reasons = host->restart ? reasons : NULL;
  fields.last_seen_at = now - host->seen * DAY;
  fields.last_scan_at = fields.last_seen_at;
  fields.updates_hash = hash;
  for (guint i = 0; i < N_UPDATES; i++)
    if (host->states[i] != '.')
      records[n++] = make_record (numbers[i], host->states[i]);

  kab_store_write_host (writer, &fields, records, n, NULL, &error);
  g_assert_no_error (error);
}

/* @second_rules: of version 2 */
static void
fill (KabStore       *store,
      const char     *second_rules,
      const HostCase *cases,
      guint           n_cases,
      gint64          at)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabStoreWriter) writer = kab_store_write_begin (store, NULL, &error);
  g_autoptr(GPtrArray) packages = g_ptr_array_new_with_free_func (g_object_unref);
  guint32 numbers[N_UPDATES];
  KabSyncReport report = { .started_at = at, .finished_at = at + 5, .level = "bulk" };

  g_assert_no_error (error);
  kab_store_write_set_full (writer, TRUE, TRUE);
  for (guint i = 0; i < N_UPDATES; i++)
    {
      KabUpdateFields fields = { ids[i] };

      fields.title = ids[i];
      fields.reboot_behaviour = i == FIRST ? "CanRequestReboot" : "NeverReboots";
      fields.downloaded_at = KAB_TEST_NOW - 9 * DAY;
      numbers[i] = kab_store_write_update (writer, &fields, 0, &error);
      g_assert_no_error (error);
    }
  g_ptr_array_add (packages, make_package ("1", "PREPROD", "2026-10-01T00:00:00"));
  g_ptr_array_add (packages, make_package ("2", "PREPROD", "2026-11-19T09:00:00"));
  g_assert_true (kab_store_write_packages (writer, packages, &error));
  g_assert_true (kab_store_write_rules (writer, NAME " 1", "uuid-1", "{\"allowed_updates\":[\"old_1\"]}", "trusted", &error));
  g_assert_true (kab_store_write_rules (writer, NAME " 2", "uuid-2", second_rules, "trusted", &error));
  for (guint i = 0; i < n_cases; i++)
    write_host (writer, numbers, &cases[i], at);
  kab_store_write_commit (g_steal_pointer (&writer), &report, &error);
  g_assert_no_error (error);
}

typedef struct {
  char     *folder;
  KabStore *store;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;

  fixture->folder = kab_test_folder_new ();
  path = g_build_filename (fixture->folder, "test.mirror", NULL);
  fixture->store = kab_store_open (path, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_object_unref (fixture->store);
  kab_test_folder_remove (fixture->folder);
  g_free (fixture->folder);
}

static KabEvidence *
read_evidence (Fixture    *fixture,
               const char *version,
               GError    **error)
{
  g_autoptr(KabSnapshot) snapshot = kab_store_read_snapshot (fixture->store, &kab_test_limits, NULL, error);
  g_autoptr(KabPackage) package = make_package (version, "PREPROD", "2026-11-19T09:00:00");

  g_assert_nonnull (snapshot);
  return kab_evidence_read (fixture->store, snapshot, package, NULL, error);
}

static char *
join (GPtrArray *uuids)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < uuids->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "", (const char *) uuids->pdata[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

#define ASSERT_HOSTS(list, expected) \
  G_STMT_START { g_autofree char *joined = join (list); g_assert_cmpstr (joined, ==, expected); } G_STMT_END

/* What each kind of host counts as. */
static void
test_outcomes (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabEvidence) evidence = NULL;
  const KabGateFailure *failure;

  fill (fixture->store, "{\"allowed_updates\":[\"old_1\",\"first_1\",\"second_1\",\"forbidden_1\"],"
                        "\"forbidden_kbs\":[\"KB1\"]}", hosts, G_N_ELEMENTS (hosts), KAB_TEST_NOW);
  {
    g_autoptr(KabStoreWriter) writer = kab_store_write_begin (fixture->store, NULL, &error);
    KabSyncReport report = { .started_at = KAB_TEST_NOW, .finished_at = KAB_TEST_NOW + 5, .level = "bulk" };

    kab_store_write_set_full (writer, FALSE, FALSE);
    g_assert_true (kab_store_write_rules (writer, "demo-wua-strict 1", "strict", "{\"forbidden_updates\":[\"forbidden_1\"]}",
                                          "trusted", &error));
    kab_store_write_commit (g_steal_pointer (&writer), &report, &error);
    g_assert_no_error (error);
  }

  evidence = read_evidence (fixture, "2", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (evidence->version, ==, "2");
  g_assert_cmpstr (evidence->maturity, ==, "PREPROD");
  g_assert_cmpstr (evidence->predecessor, ==, NAME " 1");
  g_assert_cmpint (evidence->since, ==, SINCE);
  g_assert_false (evidence->only_forbids);
  g_assert_cmpuint (evidence->n_allowed, ==, 3);
  g_assert_cmpuint (evidence->n_forbidden, ==, 1);

  ASSERT_HOSTS (evidence->succeeded_hosts, "succeeded only-first-applies another-forbids superseded");
  ASSERT_HOSTS (evidence->failed_hosts, "failed");
  ASSERT_HOSTS (evidence->waiting_hosts, "pending not-scanned-yet delayed older-version");
  ASSERT_HOSTS (evidence->silent_hosts, "away older-and-silent");
  ASSERT_HOSTS (evidence->untouched_hosts, "installed-before nothing-applies");
  g_assert_cmpuint (evidence->counts.targeted, ==, 4 + 1 + 4 + 2);
  g_assert_cmpuint (evidence->counts.untouched, ==, 2);
  g_assert_cmpuint (evidence->failures->len, ==, 1);
  failure = &g_array_index (evidence->failures, KabGateFailure, 0);
  g_assert_cmpint (failure->result, ==, (gint32) 0x80240017);
  g_assert_cmpuint (evidence->strata->len, ==, 1);
  g_assert_cmpstr (g_array_index (evidence->strata, KabGateStratum, 0).build, ==, "19045");
  /* FIRST may want a restart: who installed it wants one now, or had it. */
  g_assert_cmpuint (evidence->restart_pending, ==, 1);
  g_assert_cmpuint (evidence->restarts, ==, 4);
}

/* A package that allows nothing new is judged by failures that came after it. */
static void
test_only_forbids (Fixture       *fixture,
                   gconstpointer  data)
{
  static const HostCase before[] = {
    { "fine", { NAME " 1" }, "PREPROD", "..O.", 0, FALSE },
    { "failed-before", { NAME " 1" }, "PREPROD", "..E.", 0, FALSE },
    { "fails-now", { NAME " 1" }, "PREPROD", "..P.", 0, FALSE },
    { "silent", { NAME " 2" }, "PREPROD", "..P.", 0, FALSE },
  };
  static const HostCase after[] = {
    { "fine", { NAME " 2" }, "PREPROD", "..O.", 0, FALSE },
    { "failed-before", { NAME " 2" }, "PREPROD", "..E.", 0, FALSE },
    { "fails-now", { NAME " 2" }, "PREPROD", "..E.", 0, FALSE },
    { "silent", { NAME " 2" }, "PREPROD", "..P.", 4, FALSE },
  };
  static const char rules[] = "{\"allowed_updates\":[\"old_1\"],\"forbidden_updates\":[\"first_1\"]}";
  g_autoptr(GError) error = NULL;
  g_autoptr(KabEvidence) evidence = NULL;

  fill (fixture->store, rules, before, G_N_ELEMENTS (before), SINCE - 10 * DAY);
  fill (fixture->store, rules, after, G_N_ELEMENTS (after), KAB_TEST_NOW);
  evidence = read_evidence (fixture, "2", &error);
  g_assert_no_error (error);
  g_assert_true (evidence->only_forbids);
  ASSERT_HOSTS (evidence->succeeded_hosts, "fine failed-before");
  ASSERT_HOSTS (evidence->failed_hosts, "fails-now");
  ASSERT_HOSTS (evidence->silent_hosts, "silent");
  g_assert_cmpuint (evidence->counts.targeted, ==, 4);
}

static void
assert_same_counts (const KabEvidence *one,
                    const KabEvidence *two)
{
  g_assert_cmpmem (&one->counts, sizeof one->counts, &two->counts, sizeof two->counts);
}

/* Several packages in one reading say what each says alone, in the order in which they were asked for. */
static void
test_several (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GPtrArray) packages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) all = NULL;
  g_autoptr(KabSnapshot) snapshot = NULL;
  g_autoptr(KabEvidence) first = NULL;
  g_autoptr(KabEvidence) second = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  const KabEvidence *newer, *older;

  fill (fixture->store, "{\"allowed_updates\":[\"old_1\",\"first_1\",\"second_1\"]}", hosts, G_N_ELEMENTS (hosts),
        KAB_TEST_NOW);
  first = read_evidence (fixture, "1", &error);
  g_assert_no_error (error);
  second = read_evidence (fixture, "2", &error);
  g_assert_no_error (error);

  g_ptr_array_add (packages, make_package ("2", "PREPROD", ""));
  g_ptr_array_add (packages, make_package ("9", "PREPROD", ""));
  g_ptr_array_add (packages, make_package ("1", "PREPROD", ""));
  g_ptr_array_add (packages, make_package ("2", "PROD", ""));
  snapshot = kab_store_read_snapshot (fixture->store, &kab_test_limits, NULL, &error);
  all = kab_evidence_read_all (fixture->store, snapshot, packages, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, 4);
  g_assert_null (all->pdata[1]);
  g_assert_null (all->pdata[3]);

  newer = all->pdata[0];
  g_assert_cmpstr (newer->version, ==, "2");
  g_assert_cmpuint (newer->counts.failed, ==, 1);
  g_assert_cmpuint (newer->n_allowed, ==, 2);
  assert_same_counts (newer, second);
  /* What the older one allows applies to others, and is installed elsewhere. */
  older = all->pdata[2];
  g_assert_cmpstr (older->version, ==, "1");
  g_assert_cmpuint (older->n_allowed, ==, 1);
  g_assert_null (older->predecessor);
  g_assert_cmpuint (older->counts.targeted, !=, newer->counts.targeted);
  assert_same_counts (older, first);

  g_cancellable_cancel (cancellable);
  g_assert_null (kab_evidence_read_all (fixture->store, snapshot, packages, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_absent (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fill (fixture->store, "{}", hosts, 2, KAB_TEST_NOW);
  g_assert_null (read_evidence (fixture, "9", &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/jobs/evidence/outcomes", Fixture, NULL, set_up, test_outcomes, tear_down);
  g_test_add ("/jobs/evidence/only-forbids", Fixture, NULL, set_up, test_only_forbids, tear_down);
  g_test_add ("/jobs/evidence/several", Fixture, NULL, set_up, test_several, tear_down);
  g_test_add ("/jobs/evidence/absent", Fixture, NULL, set_up, test_absent, tear_down);
  return g_test_run ();
}
