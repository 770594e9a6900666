/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-overview-figures.h"
#include "kab-result-code.h"

#define MAX_FAILURES 6      /* rows that the overview shows */
#define MAX_RINGS 12        /* hosts may write anything there */

static const struct {
  KabQueryDomain domain;
  const char    *query;
} figures[KAB_N_FIGURES] = {
  [KAB_FIGURE_COUNTED] = { KAB_QUERY_HOSTS, "is:counted" },
  [KAB_FIGURE_COMPLIANT] = { KAB_QUERY_HOSTS, "state:compliant" },
  [KAB_FIGURE_UNKNOWN] = { KAB_QUERY_HOSTS, "state:silent,never-scanned" },
  [KAB_FIGURE_NOT_WINDOWS] = { KAB_QUERY_HOSTS, "state:not-windows" },
  [KAB_FIGURE_DISABLED] = { KAB_QUERY_HOSTS, "state:disabled" },
  [KAB_FIGURE_ATTENTION] = { KAB_QUERY_HOSTS, "is:attention" },
  [KAB_FIGURE_ERROR] = { KAB_QUERY_HOSTS, "state:error" },
  [KAB_FIGURE_RESTART] = { KAB_QUERY_HOSTS, "state:restart" },
  [KAB_FIGURE_SILENT] = { KAB_QUERY_HOSTS, "state:silent" },
  [KAB_FIGURE_LACKING] = { KAB_QUERY_UPDATES, "server:lacking" },
  [KAB_FIGURE_WAITING] = { KAB_QUERY_HOSTS, "missing:>0 is:counted" },
  [KAB_FIGURE_CRITICAL] = { KAB_QUERY_UPDATES, "severity:critical is:needed" },
  [KAB_FIGURE_IMPORTANT] = { KAB_QUERY_UPDATES, "severity:important is:needed" },
  [KAB_FIGURE_UNDECIDED] = { KAB_QUERY_UPDATES, "verdict:undecided" },
  [KAB_FIGURE_OLD_CATALOGUE] = { KAB_QUERY_HOSTS, "catalogue:<patch-tuesday is:counted" },
  [KAB_FIGURE_NO_RULES] = { KAB_QUERY_HOSTS, "is:counted package:\"\"" },
  [KAB_FIGURE_UPDATES] = { KAB_QUERY_UPDATES, "" },
  [KAB_FIGURE_HOSTS] = { KAB_QUERY_HOSTS, "" },
};

static void
ring_free (KabRingFigure *ring)
{
  g_free (ring->name);
  g_free (ring->query);
  g_free (ring->compliant_query);
  g_free (ring);
}

static void
failure_free (KabFailureFigure *failure)
{
  g_free (failure->query);
  g_free (failure);
}

void
kab_overview_figures_free (KabOverviewFigures *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->rings, g_ptr_array_unref);
  g_clear_pointer (&self->failures, g_ptr_array_unref);
  g_free (self);
}

const char *
kab_figure_get_page (KabFigure figure)
{
  g_return_val_if_fail (figure < KAB_N_FIGURES, NULL);

  return figures[figure].domain == KAB_QUERY_HOSTS ? "hosts" : "updates";
}

KabQueryDomain
kab_figure_get_domain (KabFigure figure)
{
  g_return_val_if_fail (figure < KAB_N_FIGURES, KAB_QUERY_HOSTS);

  return figures[figure].domain;
}

const char *
kab_figure_get_query (KabFigure figure)
{
  g_return_val_if_fail (figure < KAB_N_FIGURES, NULL);

  return figures[figure].query;
}

char *
kab_figure_dup_matrix_query (KabSeverity severity,
                             KabState    state)
{
  g_autofree char *severity_word = g_ascii_strdown (kab_severity_get_text (severity), -1);
  g_autofree char *state_word = g_ascii_strdown (kab_state_get_text (state), -1);

  return g_strdup_printf ("severity:%s worst:%s since:patch-tuesday",
                          *severity_word != '\0' ? severity_word : "none", state_word);
}

static gboolean
count (KabSnapshot     *snapshot,
       KabQueryDomain   domain,
       const char      *query,
       guint           *n,
       GCancellable    *cancellable,
       GError         **error)
{
  g_autoptr(GError) local_error = NULL;

  *n = kab_record_count_now (snapshot, domain, query, cancellable, &local_error);
  if (local_error == NULL)
    return TRUE;

  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "%s: ", query);

  return FALSE;
}

/* Maturities in the order that updates travel, then others by name, then "not said". */
static int
compare_rings (gconstpointer a,
               gconstpointer b)
{
  static const char * const order[] = { "DEV", "PREPROD", "PROD", NULL };
  const char *name_a = (*(KabRingFigure * const *) a)->name;
  const char *name_b = (*(KabRingFigure * const *) b)->name;
  guint rank_a = 0;
  guint rank_b = 0;

  while (order[rank_a] != NULL && !g_str_equal (order[rank_a], name_a))
    rank_a++;
  while (order[rank_b] != NULL && !g_str_equal (order[rank_b], name_b))
    rank_b++;
  if (rank_a != rank_b)
    return rank_a < rank_b ? -1 : 1;
  if ((*name_a == '\0') != (*name_b == '\0'))
    return *name_a == '\0' ? 1 : -1;

  return strcmp (name_a, name_b);
}

static void
add_ring (GPtrArray  *rings,
          const char *name)
{
  KabRingFigure *ring = g_new0 (KabRingFigure, 1);
  g_autofree char *quoted = kab_query_quote (*name != '\0' ? name : "unknown");

  ring->name = g_strdup (name);
  ring->query = g_strdup_printf ("ring:%s is:counted", quoted);
  ring->compliant_query = g_strdup_printf ("ring:%s state:compliant", quoted);
  g_ptr_array_add (rings, ring);
}

static gboolean
count_rings (KabOverviewFigures  *self,
             KabSnapshot         *snapshot,
             GCancellable        *cancellable,
             GError             **error)
{
  g_autoptr(GHashTable) texts = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const KabHostRecord *hosts;
  GHashTableIter iter;
  gpointer key;
  guint n;

  hosts = kab_snapshot_get_hosts (snapshot, &n);
  for (guint i = 0; i < n; i++)
    if (hosts[i].counted)
      g_hash_table_add (texts, (gpointer) hosts[i].rings);

  g_hash_table_iter_init (&iter, texts);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      g_auto(GStrv) parts = g_strsplit (key, ",", -1);

      if (parts[0] == NULL)
        g_hash_table_add (names, g_strdup (""));
      for (guint i = 0; parts[i] != NULL; i++)
        g_hash_table_add (names, g_strdup (g_strstrip (parts[i])));
    }

  g_hash_table_iter_init (&iter, names);
  while (self->rings->len < MAX_RINGS && g_hash_table_iter_next (&iter, &key, NULL))
    add_ring (self->rings, key);
  g_ptr_array_sort (self->rings, compare_rings);

  for (guint i = 0; i < self->rings->len; i++)
    {
      KabRingFigure *ring = self->rings->pdata[i];

      if (!count (snapshot, KAB_QUERY_HOSTS, ring->query, &ring->n_hosts, cancellable, error) ||
          !count (snapshot, KAB_QUERY_HOSTS, ring->compliant_query, &ring->n_compliant,
                  cancellable, error))
        return FALSE;
    }

  return TRUE;
}

/* The snapshot has counted the hosts that `result:` would look for in all pairs. */
static void
add_failures (KabOverviewFigures *self,
              KabSnapshot        *snapshot)
{
  const KabFailureGroup *groups;
  guint n;

  groups = kab_snapshot_get_failures (snapshot, &n);
  for (guint i = 0; i < MIN (n, MAX_FAILURES); i++)
    {
      KabFailureFigure *failure = g_new0 (KabFailureFigure, 1);
      g_autofree char *code = kab_result_code_format ((guint32) groups[i].result);

      g_ptr_array_add (self->failures, failure);
      failure->result = groups[i].result;
      failure->query = g_strdup_printf ("result:%s", code);
      failure->n_hosts = groups[i].n_hosts;
    }
}

/**
 * kab_overview_figures_count:
 * @snapshot: the fleet
 * @cancellable: (nullable): stops it
 * @error: a #GError, or %NULL
 *
 * Blocks; any thread.
 *
 * Returns: (transfer full): all figures, %NULL when cancelled or when the mirror cannot be read
 */
KabOverviewFigures *
kab_overview_figures_count (KabSnapshot   *snapshot,
                            GCancellable  *cancellable,
                            GError       **error)
{
  g_autoptr(KabOverviewFigures) self = g_new0 (KabOverviewFigures, 1);

  self->rings = g_ptr_array_new_with_free_func ((GDestroyNotify) ring_free);
  self->failures = g_ptr_array_new_with_free_func ((GDestroyNotify) failure_free);

  for (guint i = 0; i < KAB_N_FIGURES; i++)
    if (!count (snapshot, figures[i].domain, figures[i].query, &self->n[i], cancellable, error))
      return NULL;

  for (guint severity = 0; severity < KAB_N_SEVERITIES; severity++)
    for (guint state = 0; state < KAB_N_STATES; state++)
      {
        g_autofree char *query = kab_figure_dup_matrix_query (severity, state);

        if (!count (snapshot, KAB_QUERY_UPDATES, query, &self->matrix[severity][state],
                    cancellable, error))
          return NULL;
      }

  if (!count_rings (self, snapshot, cancellable, error))
    return NULL;
  add_failures (self, snapshot);

  return g_steal_pointer (&self);
}

static GQuark
prepared_quark (void)
{
  return g_quark_from_static_string ("kab-overview-figures");
}

void
kab_overview_figures_prepare (KabSnapshot *snapshot)
{
  g_object_set_qdata_full (G_OBJECT (snapshot), prepared_quark (), kab_overview_figures_count (snapshot, NULL, NULL),
                           (GDestroyNotify) kab_overview_figures_free);
}

const KabOverviewFigures *
kab_overview_figures_peek_prepared (KabSnapshot *snapshot)
{
  return g_object_get_qdata (G_OBJECT (snapshot), prepared_quark ());
}

KabOverviewFigures *
kab_overview_figures_take_prepared (KabSnapshot *snapshot)
{
  return g_object_steal_qdata (G_OBJECT (snapshot), prepared_quark ());
}

static void
count_in_thread (GTask        *task,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;
  KabOverviewFigures *self = kab_overview_figures_count (task_data, cancellable, &error);

  if (self != NULL)
    g_task_return_pointer (task, self, (GDestroyNotify) kab_overview_figures_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
kab_overview_figures_count_async (KabSnapshot         *snapshot,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_return_if_fail (KAB_IS_SNAPSHOT (snapshot));

  g_task_set_source_tag (task, kab_overview_figures_count_async);
  g_task_set_task_data (task, g_object_ref (snapshot), g_object_unref);
  g_task_run_in_thread (task, count_in_thread);
}

KabOverviewFigures *
kab_overview_figures_count_finish (GAsyncResult  *result,
                                   GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
