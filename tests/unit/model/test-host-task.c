/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "kab-host-task.h"
#include "kab-identity.h"

static void
test_does (void)
{
  static const struct { const char *classname; int deed; } cases[] = {
    { "WaptWUAScanTask", KAB_DEED_SCAN }, { "WaptWUADowloadTask", KAB_DEED_DOWNLOAD }, { "waptwuadownloadtask", KAB_DEED_DOWNLOAD },
    { "WaptWUAInstallTask", KAB_DEED_INSTALL }, { "WaptUpgrade", KAB_DEED_UPGRADE_PACKAGES }, { "WaptUpdate", -1 },
    { "", -1 }, { NULL, -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(KabHostTask) task = kab_host_task_new (&(KabHostTaskFields) { .classname = cases[i].classname });

      for (guint deed = KAB_DEED_SCAN; deed <= KAB_DEED_CANCEL_TASKS; deed++)
        g_assert_cmpint (kab_host_task_does (task, deed), ==, (int) deed == cases[i].deed);
    }
}

static void
test_fields (void)
{
  g_autoptr(KabHostTask) task = kab_host_task_new (&(KabHostTaskFields) { .id = 7, .progress = 900, .logs = "a\nb" });
  KabDeed deed;

  g_assert_cmpint (kab_host_task_get_fields (task)->progress, ==, 100);
  g_assert_cmpint (kab_host_task_get_fields (task)->id, ==, 7);
  g_assert_cmpstr (kab_host_task_get_fields (task)->logs, ==, "a\nb");
  for (guint i = KAB_DEED_SCAN; i <= KAB_DEED_CANCEL_TASKS; i++)
    {
      g_assert_true (kab_deed_from_text (kab_deed_get_text (i), &deed));
      g_assert_cmpint (deed, ==, i);
      g_assert_cmpstr (kab_deed_get_label (i), !=, "");
    }
  g_assert_false (kab_deed_from_text ("reboot", &deed));
  g_assert_false (kab_deed_from_text (NULL, &deed));
  for (guint i = KAB_HOST_TASK_PENDING; i <= KAB_HOST_TASK_CANCELLED; i++)
    g_assert_cmpstr (kab_host_task_state_get_label (i), !=, kab_host_task_state_get_text (i));
}

static void
test_identity (void)
{
  KabIdentity identity = { .name = (char *) "Demo", .not_after = 10 * 86400 };
  g_autoptr(KabIdentity) copy = kab_identity_copy (&identity);

  g_assert_cmpstr (copy->name, ==, "Demo");
  g_assert_null (copy->issuer);
  g_assert_null (kab_identity_copy (NULL));
  g_assert_cmpint (kab_identity_get_days_left (copy, 0), ==, 10);
  g_assert_cmpint (kab_identity_get_days_left (copy, 10 * 86400 - 1), ==, 0);
  g_assert_cmpint (kab_identity_get_days_left (copy, 10 * 86400 + 1), ==, -1);
  for (guint i = KAB_SIGNATURE_TRUSTED; i <= KAB_SIGNATURE_REVOKED; i++)
    g_assert_cmpstr (kab_signature_status_get_label (i), !=, "");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/host-task/does", test_does);
  g_test_add_func ("/host-task/fields", test_fields);
  g_test_add_func ("/identity/copy", test_identity);
  return g_test_run ();
}
