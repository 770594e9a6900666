/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-server-seed.h"

#include "kab-server-seed-private.h"
#include "kab-wire.h"

#define N_NEW_UPDATES  2     /* that come out with each change */

static gboolean
is_reporting (const KabDepotHost *host)
{
  return g_strcmp0 (host->platform, "Windows") == 0 && host->n_records > 0;
}

/* Updates that nobody had before: a definition and an update of the browser, say */
static guint32
add_updates (KabDepot       *depot,
             guint           first,
             KabSeedRandom  *random,
             gint64          now,
             GError        **error)
{
  for (guint i = 0; i < N_NEW_UPDATES; i++)
    {
      g_autofree char *guid = kab_seed_dup_guid (random);
      g_autofree char *update_id = g_strdup_printf ("%s_200", guid);
      g_autofree char *kb = g_strdup_printf ("%u", 5100000 + first + i);
      g_autofree char *title = g_strdup_printf ("Update for Windows Security platform (KB%s)", kb);
      g_autofree char *sha1 = g_compute_checksum_for_string (G_CHECKSUM_SHA1, guid, -1);
      g_autofree char *url = g_strdup_printf ("http://download.windowsupdate.com/c/msdownload/update/software/updt/"
                                              "windows-kb%s-x64_%s.cab", kb, sha1);
      const char *kbids[] = { kb, NULL };
      const char *urls[] = { url, NULL };
      KabUpdateFields fields = { 0 };

      fields.update_id = update_id;
      fields.title = title;
      fields.update_type = "Software";
      fields.classification = "Updates";
      fields.kbids = kbids;
      fields.download_urls = urls;
      fields.changed_at = now - 60 * 60;
      fields.min_download_size = 4000000;
      fields.max_download_size = 8000000;
      if (!kab_depot_put_update (depot, first + i, &fields, error))
        return 0;
    }
  return first;
}

static gboolean
has_waiting (GArray *records)
{
  for (guint i = 0; i < records->len; i++)
    {
      KabState state = kab_state_record_get_reported (&g_array_index (records, KabStateRecord, i));

      if (state == KAB_STATE_PENDING || state == KAB_STATE_ERROR)
        return TRUE;
    }
  return FALSE;
}

static char *
dup_scanned_status (const char *status,
                    gboolean    waits,
                    gint64      now)
{
  g_autoptr(JsonNode) node = status != NULL ? kab_wire_parse (status, -1, NULL) : NULL;
  g_autofree char *date = kab_wire_format_time (now);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return g_strdup (status);
  json_object_set_string_member (json_node_get_object (node), "last_scan_date", date);
  json_object_set_string_member (json_node_get_object (node), "status", waits ? "PENDING_UPDATES" : "OK");
  return json_to_string (node, FALSE);
}

/* One waiting update becomes installed; one of the new ones appears, which no rule of the seed allows. */
static void
change_records (GArray        *records,
                KabSeedRandom *random,
                guint32        new_update,
                gint64         now)
{
  guint start = kab_seed_below (random, records->len);
  KabStateRecord added = { new_update, KAB_STATE_DISCARDED, 0, 0 };

  for (guint i = 0; i < records->len; i++)
    {
      KabStateRecord *record = &g_array_index (records, KabStateRecord, (start + i) % records->len);

      if (kab_state_record_get_reported (record) != KAB_STATE_PENDING)
        continue;
      record->flags = (record->flags & ~0xfu) | KAB_STATE_OK;
      record->flags = kab_state_flags_with (record->flags, KAB_FLAG_INSTALLED, KAB_TRISTATE_TRUE);
      record->flags = kab_state_flags_with (record->flags, KAB_FLAG_PRESENT, KAB_TRISTATE_TRUE);
      record->installed_at = (guint32) now;
      break;
    }

  added.flags = kab_state_flags_with (added.flags, KAB_FLAG_ALLOWED, KAB_TRISTATE_FALSE);
  added.flags = kab_state_flags_with (added.flags, KAB_FLAG_INSTALLED, KAB_TRISTATE_FALSE);
  added.flags = kab_state_flags_with (added.flags, KAB_FLAG_PRESENT, KAB_TRISTATE_FALSE);
  added.flags = kab_state_flags_with (added.flags, KAB_FLAG_HIDDEN, KAB_TRISTATE_TRUE);
  added.flags = kab_state_flags_with (added.flags, KAB_FLAG_DOWNLOADED, KAB_TRISTATE_FALSE);
  added.flags = kab_state_flags_with (added.flags, KAB_FLAG_DELAYED, KAB_TRISTATE_FALSE);
  g_array_append_val (records, added);
}

static gboolean
change_host (KabDepot      *depot,
             KabDepotHost  *host,
             KabSeedRandom *random,
             guint32        first_new,
             gint64         now,
             GError       **error)
{
  g_autoptr(GArray) records = g_array_new (FALSE, FALSE, sizeof (KabStateRecord));
  g_autofree char *status = NULL;
  KabDepotHost changed = *host;

  g_array_append_vals (records, host->records, host->n_records);
  change_records (records, random, first_new + kab_seed_below (random, N_NEW_UPDATES), now);
  status = dup_scanned_status (host->waptwua_status_json, has_waiting (records), now);
  changed.records = (gconstpointer) records->data;
  changed.n_records = records->len;
  changed.waptwua_status_json = status;
  changed.last_seen_at = now;
  return kab_depot_put_host (depot, &changed, error);
}

static gboolean
change_some (KabDepot  *depot,
             GStrv      uuids,
             guint      percent,
             guint64    seed,
             guint     *n_changed,
             GError   **error)
{
  /* Which hosts depends on the seed alone, what happens to them on what happened before. */
  KabSeedRandom random = kab_seed_random (seed, KAB_SEED_FOR_CHANGES, (guint64) kab_depot_count_updates (depot));
  KabSeedRandom place = kab_seed_random (seed, KAB_SEED_FOR_CHANGES, 0);
  guint n_uuids = g_strv_length (uuids);
  guint n_wanted = (guint) ((guint64) n_uuids * MIN (percent, 100) / 100);
  guint start = n_uuids > 0 ? kab_seed_below (&place, n_uuids) : 0;
  gint64 now = kab_depot_get_now (depot);
  guint32 first_new;

  first_new = add_updates (depot, (guint) kab_depot_count_updates (depot) + 1, &random, now, error);
  if (first_new == 0)
    return FALSE;

  for (guint i = 0; i < n_uuids && *n_changed < n_wanted; i++)
    {
      g_autoptr(KabDepotHost) host = kab_depot_get_host (depot, uuids[(start + i) % n_uuids], error);

      if (host == NULL)
        return FALSE;
      if (!is_reporting (host))
        continue;
      if (!change_host (depot, host, &random, first_new, now, error))
        return FALSE;
      (*n_changed)++;
    }
  return TRUE;
}

gboolean
kab_server_seed_change (KabDepot  *depot,
                        guint      percent,
                        guint64    seed,
                        guint     *n_changed,
                        GError   **error)
{
  g_auto(GStrv) uuids = NULL;

  *n_changed = 0;
  if (!kab_depot_begin (depot, error))
    return FALSE;
  uuids = kab_depot_dup_uuids (depot, error);
  if (uuids == NULL || !change_some (depot, uuids, percent, seed, n_changed, error))
    {
      kab_depot_rollback (depot);
      return FALSE;
    }
  return kab_depot_commit (depot, error);
}
