/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-detail-lines.h"
#include "kab-facts.h"
#include "kab-format.h"
#include "kab-host-parts.h"
#include "kab-report-facts.h"

#define MAX_CHANGES 40
#define MAX_TRIES 40
#define MAX_DOORS 6

/* Failures */

/* By code: the updates that failed with it, in the order of the list */
static GHashTable *
group_failures (KabHostDetail *detail)
{
  GHashTable *groups = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  guint n_items = detail->pairs != NULL ? g_list_model_get_n_items (detail->pairs) : 0;

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(KabPair) pair = g_list_model_get_item (detail->pairs, i);
      gpointer code = GINT_TO_POINTER (pair->record.result);
      GPtrArray *updates;

      if (pair->record.result == 0 || pair->why == NULL || pair->why->state == KAB_STATE_OK)
        continue;
      updates = g_hash_table_lookup (groups, code);
      if (updates == NULL)
        {
          updates = g_ptr_array_new_with_free_func (g_object_unref);
          g_hash_table_insert (groups, code, updates);
        }
      g_ptr_array_add (updates, g_object_ref (pair->update));
    }

  return groups;
}

static void
add_failures (GtkBox        *box,
              KabHostDetail *detail)
{
  g_autoptr(GHashTable) groups = group_failures (detail);
  GHashTableIter iter;
  gpointer code, updates;

  if (g_hash_table_size (groups) == 0)
    return;

  kab_facts_add_heading (box, _("Failures"));
  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, &code, &updates))
    kab_detail_add_updates (GTK_BOX (kab_detail_add_failure (box, GPOINTER_TO_INT (code))), updates, MAX_DOORS);
}

/* History */

typedef struct {
  const KabTry *attempt;
  KabPair      *pair;
} Attempt;

static int
compare_attempts (gconstpointer a,
                  gconstpointer b)
{
  const Attempt *one = a, *two = b;

  return one->attempt->date < two->attempt->date ? 1 : one->attempt->date > two->attempt->date ? -1 : 0;
}

static void
add_tries (GtkBox        *box,
           KabHostDetail *detail)
{
  g_autoptr(GArray) all = g_array_new (FALSE, FALSE, sizeof (Attempt));
  g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  guint n_items = detail->pairs != NULL ? g_list_model_get_n_items (detail->pairs) : 0;
  GtkGrid *grid;

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(KabPair) pair = g_list_model_get_item (detail->pairs, i);
      GPtrArray *tries;

      if (pair->history_json == NULL)
        continue;
      tries = kab_report_tries_read (pair->history_json);
      g_ptr_array_add (owned, tries);
      for (guint j = 0; j < tries->len; j++)
        {
          Attempt attempt = { tries->pdata[j], pair };      /* the list keeps the pair */

          g_array_append_val (all, attempt);
        }
    }
  if (all->len == 0)
    return;

  g_array_sort (all, compare_attempts);
  kab_facts_add_heading (box, _("What Windows Remembers"));
  grid = GTK_GRID (kab_facts_add_grid (box));
  for (guint i = 0; i < MIN (all->len, MAX_TRIES); i++)
    {
      const Attempt *attempt = &g_array_index (all, Attempt, i);
      g_autofree char *when = kab_format_date_time (attempt->attempt->date);
      g_autofree char *kbs = kab_update_dup_kbs (attempt->pair->update);
      const char *name = *kbs != '\0' ? kbs : kab_update_get_title (attempt->pair->update);
      g_autofree char *what = NULL;

      if (attempt->attempt->operation == 2)
        /* Translators: %1$s is an update, %2$s the result in the words of Windows */
        what = g_strdup_printf (_("Removing %1$s: %2$s"), name, attempt->attempt->result);
      else
        /* Translators: %1$s is an update, %2$s the result in the words of Windows */
        what = g_strdup_printf (_("Installing %1$s: %2$s"), name, attempt->attempt->result);
      kab_facts_add (grid, *when != '\0' ? when : "–", what);
    }
}

static void
add_changes (GtkBox        *box,
             KabHostDetail *detail,
             KabSnapshot   *snapshot)
{
  GtkGrid *grid;

  kab_facts_add_heading (box, _("Changes Between Syncs"));
  if (detail->history == NULL || detail->history->len == 0)
    {
      kab_facts_add_dim (box, _("Nothing has changed since this program first saw the host."));
      return;
    }

  grid = GTK_GRID (kab_facts_add_grid (box));
  for (guint i = 0; i < MIN (detail->history->len, MAX_CHANGES); i++)
    {
      const KabHistoryEntry *change = detail->history->pdata[i];
      int index = snapshot != NULL ? kab_snapshot_find_update (snapshot, change->update_id) : -1;
      const KabUpdateRecord *update = index >= 0 ? &kab_snapshot_get_updates (snapshot, NULL)[index] : NULL;
      const char *name = update == NULL ? change->update_id : *update->kbs != '\0' ? update->kbs : update->title;
      g_autofree char *when = kab_format_date_time (change->from);
      /* Translators: an update and the state that it has since then */
      g_autofree char *what = g_strdup_printf (_("%1$s: %2$s"), name, kab_format_state (change->state));

      kab_facts_add (grid, when, what);
    }
}

void
kab_host_parts_fill_history (GtkBox        *box,
                             KabHostDetail *detail,
                             KabSnapshot   *snapshot)
{
  add_failures (box, detail);
  add_changes (box, detail, snapshot);
  add_tries (box, detail);
}
