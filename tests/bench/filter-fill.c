/* filter-fill.c: a mirror with N updates and no host, for the filter bench: filter-fill STORE N
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "kab-store.h"

static const char * const products[] = { "Windows 11", "Windows 10, version 1903 and later", "Windows Server 2019",
                                         "Office 2016", "Microsoft SQL Server 2019", NULL };
static const char * const kinds[] = { "Cumulative Update", "Security Update", "Servicing Stack Update",
                                      ".NET Framework Security Update", "Définition de sécurité", NULL };

int
main (int    argc,
      char **argv)
{
  g_autoptr(KabStore) store = NULL;
  g_autoptr(KabStoreWriter) writer = NULL;
  g_autoptr(GError) error = NULL;
  KabSyncReport report = { .level = "bulk" };
  guint n = argc == 3 ? (guint) g_ascii_strtoull (argv[2], NULL, 10) : 0;

  if (n == 0)
    g_error ("usage: filter-fill STORE N");
  store = kab_store_open (argv[1], &error);
  if (store != NULL)
    writer = kab_store_write_begin (store, NULL, &error);
  if (writer == NULL)
    g_error ("%s: %s", argv[1], error->message);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("%08x-1111-4222-8333-444455556666_200", i);
      g_autofree char *kb = g_strdup_printf ("%u", 5000000 + i);
      const char *product = products[i % 5];
      g_autofree char *title = g_strdup_printf ("20%02u-%02u %s for %s (KB%s)", 16 + i / 12 % 11, 1 + i % 12,
                                                kinds[i / 5 % 5], product, kb);
      const char *kbids[] = { kb, NULL };
      const KabUpdateFields fields = { .update_id = id, .title = title, .severity = i % 3 ? "Important" : "Critical",
                                       .product = product, .classification = "Security Updates", .kbids = kbids,
                                       .changed_at = 1700000000 + i, .max_download_size = 1000 * (gint64) i };

      if (kab_store_write_update (writer, &fields, i + 1, &error) == 0)
        g_error ("%s", error->message);
    }
  if (!kab_store_write_commit (g_steal_pointer (&writer), &report, &error))
    g_error ("%s", error->message);
  return 0;
}
