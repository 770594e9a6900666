/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-detail.h"

#include <string.h>

#include "kab-rules-engine.h"
#include "kab-store.h"

#define MAX_HISTORY 1000
#define MAX_CHAIN 200         /* updates in one chain of supersedence; real ones have some dozens */

static void
verdict_free (gpointer data)
{
  KabPackageVerdict *verdict = data;

  g_free (verdict->origin);
  g_free (verdict->line);
  g_free (verdict);
}

void
kab_update_detail_free (KabUpdateDetail *self)
{
  if (self == NULL)
    return;

  g_clear_object (&self->update);
  g_clear_pointer (&self->verdicts, g_ptr_array_unref);
  g_clear_pointer (&self->supersedes, g_ptr_array_unref);
  g_clear_pointer (&self->superseded_by, g_ptr_array_unref);
  g_clear_pointer (&self->failures, g_array_unref);
  g_clear_pointer (&self->history, g_ptr_array_unref);
  g_free (self);
}

/* Is @origin one of the texts joined by ", " in @packages? */
static gboolean
names_package (const char *packages,
               const char *origin)
{
  gsize length = strlen (origin);

  for (const char *p = packages; (p = strstr (p, origin)) != NULL; p += length)
    {
      if ((p == packages || p[-1] == ' ') && (p[length] == '\0' || p[length] == ','))
        return TRUE;
    }

  return FALSE;
}

static guint
count_hosts_with (KabSnapshot *snapshot,
                  const char  *origin)
{
  guint n_hosts;
  const KabHostRecord *hosts = kab_snapshot_get_hosts (snapshot, &n_hosts);
  guint n = 0;

  for (guint i = 0; i < n_hosts; i++)
    n += names_package (hosts[i].packages, origin);

  return n;
}

/* What each package alone would say. */
static gboolean
read_verdicts (KabStore         *store,
               KabSnapshot      *snapshot,
               KabUpdateDetail  *self,
               gint64            now,
               GError          **error)
{
  g_autoptr(GPtrArray) sets = kab_store_read_rule_sets (store, error);

  if (sets == NULL)
    return FALSE;

  self->verdicts = g_ptr_array_new_with_free_func (verdict_free);
  for (guint i = 0; i < sets->len; i++)
    {
      const KabOptions options = { KAB_TRISTATE_NULL, 0 };
      g_autoptr(KabRulesEngine) engine = kab_rules_engine_new (&options);
      KabPackageVerdict *verdict = g_new0 (KabPackageVerdict, 1);
      KabDecision decision;

      kab_rules_engine_add (engine, sets->pdata[i]);
      kab_rules_engine_decide (engine, self->update, now, &decision);
      verdict->origin = g_strdup (kab_rule_set_get_origin (sets->pdata[i]));
      verdict->reason = decision.line != NULL ? decision.reason : KAB_REASON_NO_RULES;
      verdict->line = g_strdup (decision.line);
      verdict->n_hosts = count_hosts_with (snapshot, verdict->origin);
      g_ptr_array_add (self->verdicts, verdict);
    }

  return TRUE;
}

static gboolean
is_known (GPtrArray *updates,
          KabUpdate *update)
{
  for (guint i = 0; i < updates->len; i++)
    {
      if (g_str_equal (kab_update_get_id (updates->pdata[i]), kab_update_get_id (update)))
        return TRUE;
    }

  return FALSE;
}

/* Older ones that it replaces, and those that they replace. */
static gboolean
read_superseded (KabStore         *store,
                 KabUpdateDetail  *self,
                 GCancellable     *cancellable,
                 GError          **error)
{
  self->supersedes = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint at = 0; at <= self->supersedes->len && self->supersedes->len < MAX_CHAIN; at++)
    {
      KabUpdate *newer = at == 0 ? self->update : self->supersedes->pdata[at - 1];
      const char * const *guids = kab_update_get_fields (newer)->superseded_update_ids;

      for (guint i = 0; guids != NULL && guids[i] != NULL && self->supersedes->len < MAX_CHAIN; i++)
        {
          g_autoptr(GPtrArray) found = kab_store_find_updates (store, guids[i], error);

          if (found == NULL || g_cancellable_set_error_if_cancelled (cancellable, error))
            return FALSE;
          for (guint j = 0; j < found->len; j++)
            {
              if (!is_known (self->supersedes, found->pdata[j]) &&
                  !g_str_equal (kab_update_get_id (found->pdata[j]), kab_update_get_id (self->update)))
                g_ptr_array_add (self->supersedes, g_object_ref (found->pdata[j]));
            }
        }
    }

  return TRUE;
}

/* The ones that replace it, one after the other. */
static gboolean
read_superseding (KabStore         *store,
                  KabSnapshot      *snapshot,
                  KabUpdateDetail  *self,
                  GError          **error)
{
  const KabUpdateRecord *records = kab_snapshot_get_updates (snapshot, NULL);
  int at = kab_snapshot_find_update (snapshot, kab_update_get_id (self->update));

  self->superseded_by = g_ptr_array_new_with_free_func (g_object_unref);
  while (at >= 0 && records[at].superseded_by[0] != '\0' && self->superseded_by->len < MAX_CHAIN)
    {
      g_autoptr(KabUpdate) newer = kab_store_read_update (store, records[at].superseded_by, error);

      if (newer == NULL)
        return FALSE;
      if (is_known (self->superseded_by, newer))
        break;
      at = kab_snapshot_find_update (snapshot, kab_update_get_id (newer));
      g_ptr_array_add (self->superseded_by, g_steal_pointer (&newer));
    }

  return TRUE;
}

static int
compare_failures (gconstpointer a,
                  gconstpointer b)
{
  const KabFailureGroup *left = a;
  const KabFailureGroup *right = b;

  return left->n_hosts < right->n_hosts ? 1 : left->n_hosts > right->n_hosts ? -1 : 0;
}

static void
count_failure (GArray *failures,
               gint32  result)
{
  KabFailureGroup group = { result, 1, 1 };

  for (guint i = 0; i < failures->len; i++)
    {
      KabFailureGroup *known = &g_array_index (failures, KabFailureGroup, i);

      if (known->result == result)
        {
          known->n_hosts++;
          known->n_pairs++;
          return;
        }
    }
  g_array_append_val (failures, group);
}

static gboolean
read_failures (KabStore         *store,
               KabSnapshot      *snapshot,
               KabUpdateDetail  *self,
               GCancellable     *cancellable,
               GError          **error)
{
  const KabHostRecord *hosts = kab_snapshot_get_hosts (snapshot, NULL);
  g_autoptr(GArray) failed = NULL;

  self->failures = g_array_new (FALSE, FALSE, sizeof (KabFailureGroup));
  if (self->counts[KAB_STATE_ERROR] == 0)
    return TRUE;

  failed = kab_snapshot_find_hosts_of (snapshot, kab_update_get_id (self->update), 1u << KAB_STATE_ERROR,
                                       cancellable, error);
  if (failed == NULL)
    return FALSE;

  for (guint i = 0; i < failed->len; i++)
    {
      const KabHostRecord *host = &hosts[g_array_index (failed, guint, i)];
      g_autoptr(GPtrArray) updates = NULL;
      g_autoptr(GArray) records = kab_store_read_host_states (store, host->uuid, &updates, error);

      if (records == NULL || g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      for (guint j = 0; j < records->len; j++)
        {
          if (g_str_equal (kab_update_get_id (updates->pdata[j]), kab_update_get_id (self->update)))
            count_failure (self->failures, g_array_index (records, KabStateRecord, j).result);
        }
    }
  g_array_sort (self->failures, compare_failures);

  return TRUE;
}

KabUpdateDetail *
kab_update_detail_read (KabStore      *store,
                        KabSnapshot   *snapshot,
                        const char    *update_id,
                        GCancellable  *cancellable,
                        GError       **error)
{
  g_autoptr(KabUpdateDetail) self = g_new0 (KabUpdateDetail, 1);
  gint64 now;
  int at;

  g_return_val_if_fail (KAB_IS_STORE (store), NULL);
  g_return_val_if_fail (KAB_IS_SNAPSHOT (snapshot), NULL);
  g_return_val_if_fail (update_id != NULL, NULL);

  now = kab_snapshot_get_limits (snapshot)->now;
  self->update = kab_store_read_update (store, update_id, error);
  if (self->update == NULL)
    return NULL;

  at = kab_snapshot_find_update (snapshot, kab_update_get_id (self->update));
  if (at >= 0)
    memcpy (self->counts, kab_snapshot_get_updates (snapshot, NULL)[at].counts, sizeof self->counts);

  if (!read_verdicts (store, snapshot, self, now, error) ||
      !read_superseded (store, self, cancellable, error) ||
      !read_superseding (store, snapshot, self, error) ||
      !read_failures (store, snapshot, self, cancellable, error))
    return NULL;

  self->history = kab_store_read_history (store, NULL, kab_update_get_id (self->update), MAX_HISTORY, error);
  if (self->history == NULL)
    return NULL;

  return g_steal_pointer (&self);
}
