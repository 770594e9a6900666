/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "kab-test-server.h"

#include <string.h>

#include "kab-wire.h"

static int
compare_lines (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

/* @reported: of which ids there are pairs: the open interface knows no others */
static void
add_updates (KabSnapshot *snapshot,
             KabStore    *store,
             GHashTable  *reported,
             GPtrArray   *lines)
{
  guint n;
  const KabUpdateRecord *records = kab_snapshot_get_updates (snapshot, &n);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(KabUpdate) update = kab_store_read_update (store, records[i].update_id, NULL);
      const KabUpdateFields *fields;
      g_autofree char *kbs = NULL;

      g_assert_nonnull (update);
      if (!g_hash_table_contains (reported, records[i].update_id))
        continue;
      fields = kab_update_get_fields (update);
      kbs = kab_update_dup_kbs (update);
      g_ptr_array_add (lines, g_strdup_printf ("update %s|%s|%s|%s|%s|%s|%" G_GINT64_FORMAT "|%" G_GINT64_FORMAT
                                               "|%" G_GINT64_FORMAT "|%u %u %u %u %u %u",
                                               fields->update_id, fields->title, kbs, fields->severity, fields->product,
                                               fields->classification, fields->changed_at, fields->downloaded_at,
                                               fields->max_download_size, records[i].counts[1], records[i].counts[2],
                                               records[i].counts[3], records[i].counts[4], records[i].counts[5],
                                               records[i].counts[6]));
    }
}

/* The same JSON may be written with or without \u escapes. */
static char *
dup_canonical (KabStore   *store,
               const char *uuid,
               const char *id)
{
  g_autofree char *json = kab_store_read_host_history (store, uuid, id, NULL);
  g_autoptr(JsonNode) node = json != NULL ? kab_wire_parse (json, -1, NULL) : NULL;

  return node != NULL ? kab_wire_canonical (node, NULL) : g_strdup ("");
}

static void
add_pairs (KabStore   *store,
           const char *uuid,
           GHashTable *reported,
           GPtrArray  *lines,
           gboolean    histories)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) updates = NULL;
  g_autoptr(GArray) records = kab_store_read_host_states (store, uuid, &updates, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < records->len; i++)
    {
      const KabStateRecord *record = &g_array_index (records, KabStateRecord, i);
      const char *id = kab_update_get_id (updates->pdata[i]);
      g_autofree char *history = histories ? dup_canonical (store, uuid, id) : NULL;

      g_hash_table_add (reported, g_strdup (id));
      g_ptr_array_add (lines, g_strdup_printf ("pair %s %s %x %u %d %s", uuid, id,
                                               record->flags & ~(3u << (4 + 2 * KAB_FLAG_DELAYED)), record->installed_at,
                                               record->result, history != NULL ? history : ""));
    }
}

static void
add_hosts (KabSnapshot *snapshot,
           KabStore    *store,
           GHashTable  *reported,
           GPtrArray   *lines,
           gboolean     histories)
{
  guint n;
  const KabHostRecord *records = kab_snapshot_get_hosts (snapshot, &n);

  for (guint i = 0; i < n; i++)
    {
      const KabHostRecord *host = &records[i];

      g_ptr_array_add (lines, g_strdup_printf ("host %s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%d %d %d|%" G_GINT64_FORMAT
                                               "|%" G_GINT64_FORMAT, host->uuid, host->name, host->fqdn,
                                               host->description, host->windows, host->build, host->rings,
                                               host->packages, host->groups, host->users, host->ou, host->counted,
                                               host->restart, host->triggerable, host->last_seen_at,
                                               host->last_scan_at));
      add_pairs (store, host->uuid, reported, lines, histories);
    }
}

char *
kab_test_dump (KabStore *store,
               gboolean  histories)
{
  const KabLimits limits = { .now = 1795251600, .silent_days = 14, .stale_scan_days = 7 };
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GHashTable) reported = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(KabSnapshot) snapshot = NULL;
  g_autoptr(GError) error = NULL;

  snapshot = kab_store_read_snapshot (store, &limits, NULL, &error);
  g_assert_no_error (error);
  add_hosts (snapshot, store, reported, lines, histories);
  add_updates (snapshot, store, reported, lines);
  g_ptr_array_sort (lines, compare_lines);
  g_ptr_array_add (lines, NULL);

  return g_strjoinv ("\n", (char **) lines->pdata);
}

char *
kab_test_dump_file (const char *path)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabStore) store = kab_store_open (path, &error);

  g_assert_no_error (error);

  return kab_test_dump (store, TRUE);
}

void
kab_test_check_same (const char *a,
                     const char *b,
                     const char *place)
{
  g_auto(GStrv) left = g_strsplit (a, "\n", -1);
  g_auto(GStrv) right = g_strsplit (b, "\n", -1);

  for (guint i = 0; left[i] != NULL || right[i] != NULL; i++)
    {
      if (g_strcmp0 (left[i], right[i]) == 0)
        continue;
      g_error ("%s: line %u of %u and %u:\n  %s\n  %s", place, i, g_strv_length (left), g_strv_length (right),
               left[i] != NULL ? left[i] : "(end)", right[i] != NULL ? right[i] : "(end)");
    }
}
