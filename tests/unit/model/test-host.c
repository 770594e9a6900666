/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "kab-host.h"

#define NOW G_GINT64_CONSTANT (1795000000)
#define DAY (24 * 60 * 60)

static const KabLimits limits = { NOW, 14, 7 };

static void
test_judge (void)
{
  static const struct {
    const char   *name;
    const char   *platform;
    const char   *os_name;
    KabTristate   enabled;
    gint64        seen_days;      /* -1 = never */
    gint64        scan_days;
    const char   *status;
    KabTristate   reboot;
    KabState      state;          /* of its one update */
    KabHostState  expected;
  } cases[] = {
    { "compliant", "Windows", NULL, KAB_TRISTATE_TRUE, 0, 0, "OK", KAB_TRISTATE_FALSE, KAB_STATE_OK, KAB_HOST_STATE_COMPLIANT },
    { "Linux", "Linux", NULL, KAB_TRISTATE_TRUE, 0, 0, "OK", 0, KAB_STATE_OK, KAB_HOST_STATE_NOT_WINDOWS },
    { "old agent", NULL, "Microsoft Windows 10 Pro", KAB_TRISTATE_TRUE, 0, 0, "OK", 0, KAB_STATE_OK, KAB_HOST_STATE_COMPLIANT },
    { "old agent, silent on all", NULL, NULL, KAB_TRISTATE_NULL, 0, 0, "OK", 0, KAB_STATE_OK, KAB_HOST_STATE_COMPLIANT },
    { "Debian without platform", "", "Debian", KAB_TRISTATE_TRUE, 0, 0, "OK", 0, KAB_STATE_OK, KAB_HOST_STATE_NOT_WINDOWS },
    { "off", "windows", NULL, KAB_TRISTATE_FALSE, 99, 99, "ERROR", 0, KAB_STATE_ERROR, KAB_HOST_STATE_DISABLED },
    { "never", "Windows", NULL, KAB_TRISTATE_TRUE, 0, -1, NULL, 0, -1, KAB_HOST_STATE_NEVER_SCANNED },
    { "no date but updates", "Windows", NULL, KAB_TRISTATE_TRUE, 0, -1, NULL, 0, KAB_STATE_PENDING, KAB_HOST_STATE_PENDING },
    { "silent", "Windows", NULL, KAB_TRISTATE_TRUE, 15, 15, "ERROR", 0, KAB_STATE_ERROR, KAB_HOST_STATE_SILENT },
    { "on the edge", "Windows", NULL, KAB_TRISTATE_TRUE, 14, 14, "OK", 0, KAB_STATE_OK, KAB_HOST_STATE_COMPLIANT },
    { "never seen", "Windows", NULL, KAB_TRISTATE_TRUE, -1, 1, "OK", 0, KAB_STATE_OK, KAB_HOST_STATE_SILENT },
    { "busy", "Windows", NULL, KAB_TRISTATE_TRUE, 0, 0, "SCANNING", KAB_TRISTATE_TRUE, KAB_STATE_ERROR, KAB_HOST_STATE_BUSY },
    { "failed scan", "Windows", NULL, KAB_TRISTATE_TRUE, 0, 0, "ERROR SCANNING UPDATES", 0, KAB_STATE_OK, KAB_HOST_STATE_ERROR },
    { "disk full", "Windows", NULL, KAB_TRISTATE_TRUE, 0, 0, "DISK_SPACE_ERROR", 0, KAB_STATE_OK, KAB_HOST_STATE_ERROR },
    { "failed update", "Windows", NULL, KAB_TRISTATE_TRUE, 0, 0, "OK", 0, KAB_STATE_ERROR, KAB_HOST_STATE_ERROR },
    { "restart", "Windows", NULL, KAB_TRISTATE_TRUE, 0, 0, "OK", KAB_TRISTATE_TRUE, KAB_STATE_PENDING, KAB_HOST_STATE_RESTART },
    { "pending", "Windows", NULL, KAB_TRISTATE_TRUE, 0, 0, "OK", 0, KAB_STATE_PENDING, KAB_HOST_STATE_PENDING },
    { "missing", "Windows", NULL, KAB_TRISTATE_TRUE, 0, 0, "OK", 0, KAB_STATE_MISSING, KAB_HOST_STATE_PENDING },
    { "says so itself", "Windows", NULL, KAB_TRISTATE_TRUE, 0, 0, "PENDING_UPDATES", 0, KAB_STATE_OK, KAB_HOST_STATE_PENDING },
    { "unknown pair", "Windows", NULL, KAB_TRISTATE_TRUE, 0, 0, "OK", 0, KAB_STATE_UNKNOWN, KAB_HOST_STATE_PENDING },
    { "discarded only", "Windows", NULL, KAB_TRISTATE_TRUE, 0, 0, "READY", 0, KAB_STATE_DISCARDED, KAB_HOST_STATE_COMPLIANT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      KabHostFields fields = {
        .uuid = "u", .platform = cases[i].platform, .os_name = cases[i].os_name, .enabled = cases[i].enabled,
        .wua_status = cases[i].status, .reboot_needed = cases[i].reboot,
        .last_seen_at = cases[i].seen_days < 0 ? 0 : NOW - cases[i].seen_days * DAY,
        .last_scan_at = cases[i].scan_days < 0 ? 0 : NOW - cases[i].scan_days * DAY,
      };
      guint counts[KAB_N_STATES] = { 0 };

      if ((int) cases[i].state >= 0)
        counts[cases[i].state] = 1;
      g_test_message ("%s", cases[i].name);
      g_assert_cmpint (kab_host_fields_judge (&fields, counts, &limits), ==, cases[i].expected);
      g_assert_cmpint (kab_host_fields_is_counted (&fields), ==,
                       cases[i].expected != KAB_HOST_STATE_NOT_WINDOWS && cases[i].expected != KAB_HOST_STATE_DISABLED);
    }
}

static void
test_copies (void)
{
  char name[] = "pc-1";
  char *rings[] = { name, (char *) "PROD", NULL };
  const char * const none[] = { NULL };
  KabHostFields fields = { .uuid = "u-1", .computer_name = name, .maturities = (const char * const *) rings,
                           .restart_reasons = none, .reachable = "OK", .last_seen_at = NOW };
  g_autoptr(KabHost) host = kab_host_new (&fields);
  const KabHostFields *copy = kab_host_get_fields (host);

  memset (name, 'x', 4);
  rings[1] = NULL;
  g_assert_cmpstr (kab_host_get_name (host), ==, "pc-1");
  g_assert_cmpstr (copy->maturities[0], ==, "pc-1");
  g_assert_cmpstr (copy->maturities[1], ==, "PROD");
  g_assert_null (copy->maturities[2]);
  g_assert_nonnull (copy->restart_reasons);
  g_assert_null (copy->restart_reasons[0]);
  g_assert_null (copy->groups);
  g_assert_null (copy->model);
  g_assert_cmpint (copy->last_seen_at, ==, NOW);
  g_assert_true (kab_host_is_reachable (host));
  g_assert_false (kab_host_needs_restart (host));
}

static void
test_names (void)
{
  g_autoptr(KabHost) bare = kab_host_new (&(KabHostFields) { .uuid = "u-1", .computer_name = "" });
  g_autoptr(KabHost) full = kab_host_new (&(KabHostFields) { .uuid = "u-1", .computer_fqdn = "pc.example" });

  g_assert_cmpstr (kab_host_get_name (bare), ==, "u-1");
  g_assert_cmpstr (kab_host_get_name (full), ==, "pc.example");
  for (guint i = 0; i < KAB_N_HOST_STATES; i++)
    {
      g_assert_cmpstr (kab_host_state_get_text (i), !=, "");
      g_assert_cmpstr (kab_host_state_get_label (i), !=, "");
    }
}

/* One block each: an old machine makes its fleet in a blink. */
static void
test_many (void)
{
  const char * const list[] = { "demo-wua-base 12", "demo-wua-servers 3", NULL };
  KabHostFields fields = { .uuid = "4c4c4544-0051-3610-8052-b4c04f4e3132", .computer_name = "pc-000001",
                           .computer_fqdn = "pc-000001.example.org", .os_name = "Windows 11 Pro",
                           .organizational_unit = "OU=a,DC=example,DC=org", .rules_packages = list };
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < 100000; i++)
    g_object_unref (kab_host_new (&fields));
  g_test_message ("100,000 hosts in %.0f ms", (double) (g_get_monotonic_time () - start) / 1000);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/host/judge", test_judge);
  g_test_add_func ("/host/copies", test_copies);
  g_test_add_func ("/host/names", test_names);
  g_test_add_func ("/host/many", test_many);
  return g_test_run ();
}
