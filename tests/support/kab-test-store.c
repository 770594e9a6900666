/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-test"

#include "config.h"

#include <string.h>
#include <glib/gstdio.h>

#include "kab-test-store.h"

#define DAY (24 * 60 * 60)

const KabLimits kab_test_limits = { KAB_TEST_NOW, 14, 7 };

char *
kab_test_folder_new (void)
{
  g_autoptr(GError) error = NULL;
  char *folder = g_dir_make_tmp ("kab-test-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

void
kab_test_folder_remove (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        kab_test_folder_remove (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}

/* A number that only looks thrown */
static guint
mix (guint a,
     guint b)
{
  guint64 x = ((guint64) a << 32 | b) + G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  x = (x ^ x >> 30) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  x = (x ^ x >> 27) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return (guint) (x ^ x >> 31);
}

char *
kab_test_dup_uuid (guint host)
{
  return g_strdup_printf ("%08X-0000-4000-8000-%012X", mix (host, 1), host);
}

char *
kab_test_dup_update_id (guint update)
{
  return g_strdup_printf ("%08x-1111-4111-8111-%012x_%u", mix (update, 2), update, 200 + update % 3);
}

static guint32
write_update (KabStoreWriter *writer,
              guint           update)
{
  static const char * const severities[] = { "Critical", "Important", "Moderate", "Low", NULL };
  static const char * const products[] = {
    "Windows 10, version 1903 and later", "Windows 11", "Windows Server 2019", "Office 2016", NULL
  };
  static const char * const classes[] = { "Security Updates", "Update Rollups", "Definition Updates", "Updates" };
  g_autofree char *id = kab_test_dup_update_id (update);
  g_autofree char *title = g_strdup_printf ("2026-%02u Cumulative Update for %s (KB50%05u)", 1 + update % 12,
                                            products[update % 4], update);
  g_autofree char *kb = g_strdup_printf ("50%05u", update);
  g_autofree char *url = g_strdup_printf ("http://download.windowsupdate.com/d/u%u_%040x.cab", update, update);
  g_autofree char *older = update >= 40 ? kab_test_dup_update_id (update - 40) : NULL;
  const char *kbs[] = { kb, NULL };
  const char *urls[] = { url, NULL };
  const char *supersedes[] = { NULL, NULL };
  KabUpdateFields fields = { id };
  g_autoptr(GError) error = NULL;
  guint32 number;

  if (older != NULL && update % 10 == 0)
    {
      *strrchr (older, '_') = '\0';
      supersedes[0] = older;
    }
  fields.title = title;
  fields.update_type = "Software";
  fields.severity = severities[update % G_N_ELEMENTS (severities)];
  fields.product = products[update % G_N_ELEMENTS (products)];
  fields.classification = classes[update % G_N_ELEMENTS (classes)];
  fields.kbids = kbs;
  fields.download_urls = urls;
  fields.superseded_update_ids = supersedes;
  fields.changed_at = KAB_TEST_NOW - (gint64) (mix (update, 3) % 700) * DAY;
  fields.downloaded_at = mix (update, 4) % 3 != 0 ? fields.changed_at + DAY : 0;
  fields.min_download_size = -1;
  fields.max_download_size = mix (update, 5) % 900000000;

  number = kab_store_write_update (writer, &fields, 0, &error);
  g_assert_no_error (error);
  return number;
}

static KabStateRecord
make_record (guint32 number,
             guint   host,
             guint   update,
             guint   round)
{
  guint thrown = mix (host * 7919 + update, 100 + round) % 1000;
  KabState state = thrown < 800 ? KAB_STATE_OK
                   : thrown < 880 ? KAB_STATE_PENDING
                   : thrown < 980 ? KAB_STATE_DISCARDED
                   : thrown < 995 ? KAB_STATE_ERROR
                                  : KAB_STATE_UNKNOWN;
  KabStateRecord record = { number, (guint32) state, 0, 0 };

  record.flags = kab_state_flags_with (record.flags, KAB_FLAG_INSTALLED,
                                       state == KAB_STATE_OK ? KAB_TRISTATE_TRUE
                                       : state == KAB_STATE_UNKNOWN ? KAB_TRISTATE_NULL : KAB_TRISTATE_FALSE);
  record.flags = kab_state_flags_with (record.flags, KAB_FLAG_ALLOWED,
                                       state == KAB_STATE_DISCARDED ? KAB_TRISTATE_FALSE : KAB_TRISTATE_TRUE);
  record.flags = kab_state_flags_with (record.flags, KAB_FLAG_DOWNLOADED,
                                       thrown % 2 ? KAB_TRISTATE_TRUE : KAB_TRISTATE_FALSE);
  if (state == KAB_STATE_OK)
    record.installed_at = (guint32) (KAB_TEST_NOW - thrown * 3600);
  if (state == KAB_STATE_ERROR)
    record.result = (gint32) (thrown % 2 ? 0x800f0922 : 0x80240017);
  return record;
}

static void
write_host (KabStoreWriter *writer,
            const guint32  *numbers,
            guint           host,
            guint           n_updates,
            guint           round)
{
  static const char * const maturities[][3] = { { "PROD", NULL }, { "PREPROD", "PROD", NULL }, { "DEV", NULL } };
  static const char * const packages[] = { "demo-wua-base 12", "demo-wua-servers 3", NULL };
  static const char * const groups[] = { "grp-office", "grp-sales", NULL };
  static const char * const reasons[] = { "Windows Update: restart", NULL };
  static const char * const versions[] = { "10.0.19045.3570", "10.0.22631.4317", "10.0.17763.5000" };
  g_autofree KabStateRecord *records = g_new (KabStateRecord, MAX (n_updates, 1));
  g_autofree char *uuid = kab_test_dup_uuid (host);
  g_autofree char *name = g_strdup_printf ("PC-%05u", host);
  g_autofree char *fqdn = g_strdup_printf ("pc-%05u.example.org", host);
  g_autofree char *ou = g_strdup_printf ("OU=Unit%u,OU=Site%u,DC=example,DC=org", host % 7, host % 3);
  g_autofree char *hash = g_strdup_printf ("%08x%08x", mix (host, round), round);
  KabHostFields fields = { uuid };
  g_autoptr(GError) error = NULL;

  fields.computer_fqdn = fqdn;
  fields.computer_name = name;
  fields.description = host % 5 == 0 ? "Reception, ground floor" : NULL;
  fields.platform = host % 50 == 49 ? "Linux" : "Windows";
  fields.os_name = host % 3 == 2 ? "Windows Server 2019" : "Windows 10";
  fields.os_version = versions[host % 3];
  fields.organizational_unit = ou;
  fields.ad_site = host % 2 ? "Paris" : "Lyon";
  fields.wapt_version = "2.5.5.15697";
  fields.users = host % 4 == 0 ? "alice" : "";
  fields.addresses = "192.0.2.17";
  fields.reachable = host % 3 ? "OK" : "UNREACHABLE";
  fields.listening_protocol = "websockets";
  fields.wua_status = host % 9 == 0 ? "PENDING_UPDATES" : "OK";
  fields.updates_hash = hash;
  fields.maturities = maturities[host % 3];
  fields.groups = groups;
  fields.rules_packages = packages;
  fields.restart_reasons = host % 20 == 7 ? reasons : NULL;
  fields.last_seen_at = KAB_TEST_NOW - (gint64) (mix (host, 6) % 20) * DAY;
  fields.last_scan_at = fields.last_seen_at - DAY;
  fields.catalogue_at = KAB_TEST_NOW - 11 * DAY;
  fields.enabled = host % 60 == 58 ? KAB_TRISTATE_FALSE : KAB_TRISTATE_TRUE;

  for (guint i = 0; i < n_updates; i++)
    records[i] = make_record (numbers[i], host, i, round);

  kab_store_write_host (writer, &fields, records, n_updates, NULL, &error);
  g_assert_no_error (error);
}

KabSyncReport
kab_test_store_fill (KabStore *store,
                     guint     first,
                     guint     n_hosts,
                     guint     n_updates,
                     guint     round,
                     gboolean  full)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabStoreWriter) writer = kab_store_write_begin (store, NULL, &error);
  g_autofree guint32 *numbers = g_new0 (guint32, MAX (n_updates, 1));
  KabSyncReport report = { 0 };

  g_assert_no_error (error);
  kab_store_write_set_full (writer, full, full);
  for (guint i = 0; i < n_updates; i++)
    numbers[i] = write_update (writer, i);
  for (guint i = 0; i < n_hosts; i++)
    write_host (writer, numbers, first + i, n_updates, round);

  report.started_at = KAB_TEST_NOW + (gint64) round * DAY;
  report.finished_at = report.started_at + 5;
  g_strlcpy (report.level, "bulk", sizeof report.level);
  kab_store_write_commit (g_steal_pointer (&writer), &report, &error);
  g_assert_no_error (error);
  return report;
}

KabStore *
kab_test_store_new (const char *folder,
                    guint       n_hosts,
                    guint       n_updates)
{
  g_autofree char *path = g_build_filename (folder, "test.mirror", NULL);
  g_autoptr(GError) error = NULL;
  KabStore *store = kab_store_open (path, &error);

  g_assert_no_error (error);
  kab_test_store_fill (store, 0, n_hosts, n_updates, 0, TRUE);
  return store;
}
