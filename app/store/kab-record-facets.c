/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-query-text.h"
#include "kab-record-order.h"
#include "kab-record-rows.h"

#define ROWS_BETWEEN_LOOKS 4096

static const char * const update_fields[] = {
  "severity", "state", "classification", "family", "product", "server", "verdict", NULL
};

static const char * const host_fields[] = {
  "state", "ring", "ou", "site", "group", "windows", "build", "reachable", "restart", "agent", "package", NULL
};

/* Counts of one group. Values are interned texts of the arena or fixed words, so that most look-ups compare pointers. */
typedef struct
{
  KabSnapshot *snapshot;
  int          field;          /* KabUpdateField or KabHostField */
  GHashTable  *counts;         /* value → count */
  const char  *last;           /* the value of the row before, which is often that of this one */
  guint       *last_count;
} Group;

static void
add_value (Group      *group,
           const char *value)
{
  if (*value == '\0')
    return;

  if (value != group->last)
    {
      guint *count = g_hash_table_lookup (group->counts, value);

      if (count == NULL)
        {
          count = g_new0 (guint, 1);
          g_hash_table_insert (group->counts, g_strdup (value), count);
        }
      group->last = value;
      group->last_count = count;
    }
  (*group->last_count)++;
}

/* Each entry of "a, b" once; @up_to_blank cuts "name version" after the name. */
static void
add_list (Group      *group,
          const char *list,
          gboolean    up_to_blank)
{
  g_auto(GStrv) entries = NULL;

  if (*list == '\0')
    return;

  entries = g_strsplit (list, ", ", -1);
  for (guint i = 0; entries[i] != NULL; i++)
    {
      char *blank = up_to_blank ? strchr (entries[i], ' ') : NULL;
      gboolean is_new = TRUE;

      if (blank != NULL)
        *blank = '\0';
      for (guint j = 0; j < i && is_new; j++)
        is_new = strcmp (entries[j], entries[i]) != 0;
      group->last = NULL;      /* an entry's address may come again with another text */
      if (is_new)
        add_value (group, entries[i]);
      group->last = NULL;
    }
}

static void
add_update (Group *group,
            guint  row)
{
  static const char * const severities[] = { "none", "low", "moderate", "important", "critical" };
  static const char * const states[] = {
    "unknown", "ok", "pending", "missing", "discarded", "error", "superseded"
  };
  const KabUpdateRecord *record = &group->snapshot->updates[row];

  switch ((guint) group->field)
    {
    case KAB_UPDATE_FIELD_SEVERITY:
      add_value (group, severities[MIN (record->severity, G_N_ELEMENTS (severities) - 1)]);
      break;
    case KAB_UPDATE_FIELD_STATE:
      for (guint i = 0; i < KAB_N_STATES; i++)
        if (record->counts[i] > 0)
          add_value (group, states[i]);
      break;
    case KAB_UPDATE_FIELD_CLASSIFICATION:
      add_value (group, record->classification);
      break;
    case KAB_UPDATE_FIELD_FAMILY:
      add_value (group, record->family);
      break;
    case KAB_UPDATE_FIELD_PRODUCT:
      add_value (group, record->product);
      break;
    case KAB_UPDATE_FIELD_SERVER:
      add_value (group, kab_update_record_get_server (record));
      break;
    case KAB_UPDATE_FIELD_VERDICT:
      if (record->n_allowed > 0)
        add_value (group, "allowed");
      if (record->n_not_allowed > 0)
        add_value (group, "forbidden");
      if (record->n_allowed == 0 && record->n_not_allowed == 0)
        add_value (group, "undecided");
      break;
    default:
      break;
    }
}

static void
add_host (Group *group,
          guint  row)
{
  const KabHostRecord *record = &group->snapshot->hosts[row];

  switch ((guint) group->field)
    {
    case KAB_HOST_FIELD_STATE:
      add_value (group, kab_host_state_get_text ((KabHostState) record->state));
      break;
    case KAB_HOST_FIELD_RING:
      if (*record->rings == '\0')
        add_value (group, "unknown");
      else
        add_list (group, record->rings, FALSE);
      break;
    case KAB_HOST_FIELD_OU:
      add_value (group, record->ou);
      break;
    case KAB_HOST_FIELD_SITE:
      add_value (group, record->site);
      break;
    case KAB_HOST_FIELD_GROUP:
      add_list (group, record->groups, FALSE);
      break;
    case KAB_HOST_FIELD_WINDOWS:
      add_value (group, record->windows);
      break;
    case KAB_HOST_FIELD_BUILD:
      add_value (group, record->build);
      break;
    case KAB_HOST_FIELD_REACHABLE:
      add_value (group, record->reachable ? "yes" : "no");
      break;
    case KAB_HOST_FIELD_RESTART:
      add_value (group, record->restart ? "yes" : "no");
      break;
    case KAB_HOST_FIELD_AGENT:
      add_value (group, record->agent);
      break;
    case KAB_HOST_FIELD_PACKAGE:
      add_list (group, record->packages, TRUE);
      break;
    default:
      break;
    }
}

/* Rows that the query would show if the group said nothing. Returns: (transfer full) */
static GArray *
rows_without (KabSnapshot     *snapshot,
              KabQueryDomain   domain,
              const char      *query,
              const char      *field,
              GArray          *order,
              GCancellable    *cancellable,
              GError         **error)
{
  g_autofree char *without = kab_query_text_with (query, field, NULL);
  g_autoptr(KabQuery) parsed = NULL;

  if (strcmp (without, query) == 0)
    return g_array_ref (order);

  parsed = kab_query_parse (without, domain, kab_snapshot_get_limits (snapshot)->now, error);
  if (parsed == NULL)
    return NULL;

  return kab_record_order_make (snapshot, domain, parsed, domain == KAB_QUERY_UPDATES ? KAB_SORT_ID : KAB_SORT_NAME,
                                FALSE, NULL, cancellable, error);
}

static int
compare_facets (gconstpointer a,
                gconstpointer b)
{
  return strcmp ((*(KabFacet * const *) a)->value, (*(KabFacet * const *) b)->value);
}

static void
facet_free (gpointer data)
{
  KabFacet *facet = data;

  g_free (facet->value);
  g_free (facet);
}

/* A unit's count is that of `ou:`: its own hosts and those of all units below. */
static guint
count_below (GHashTable *counts,
             const char *unit)
{
  g_autofree char *folded = kab_text_fold (unit, -1);
  GHashTableIter iter;
  gpointer value, count;
  guint n = 0;

  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &value, &count))
    if (kab_text_tree_has (value, folded))
      n += *(guint *) count;

  return n;
}

static void
take_facets (Group      *group,
             const char *field,
             GPtrArray  *facets)
{
  g_autoptr(GPtrArray) found = g_ptr_array_new ();
  gboolean is_tree = strcmp (field, "ou") == 0;
  GHashTableIter iter;
  gpointer value, count;

  g_hash_table_iter_init (&iter, group->counts);
  while (g_hash_table_iter_next (&iter, &value, &count))
    {
      KabFacet *facet = g_new0 (KabFacet, 1);

      facet->field = field;
      facet->value = g_strdup (value);
      facet->count = is_tree ? count_below (group->counts, value) : *(guint *) count;
      g_ptr_array_add (found, facet);
    }

  g_ptr_array_sort (found, compare_facets);
  for (guint i = 0; i < found->len; i++)
    g_ptr_array_add (facets, found->pdata[i]);
}

GPtrArray *
kab_record_facets_make (KabSnapshot     *snapshot,
                        KabQueryDomain   domain,
                        const char      *query,
                        GArray          *order,
                        GCancellable    *cancellable,
                        GError         **error)
{
  const char * const *fields = domain == KAB_QUERY_UPDATES ? update_fields : host_fields;
  g_autoptr(GPtrArray) facets = g_ptr_array_new_with_free_func (facet_free);

  for (guint i = 0; fields[i] != NULL; i++)
    {
      g_autoptr(GArray) rows = rows_without (snapshot, domain, query, fields[i], order, cancellable, error);
      g_autoptr(GHashTable) counts = NULL;
      Group group = { snapshot, kab_query_find_field (domain, fields[i]) };

      if (rows == NULL)
        return NULL;

      counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      group.counts = counts;
      for (guint j = 0; j < rows->len; j++)
        {
          if (domain == KAB_QUERY_UPDATES)
            add_update (&group, g_array_index (rows, guint, j));
          else
            add_host (&group, g_array_index (rows, guint, j));
          if (j % ROWS_BETWEEN_LOOKS == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
            return NULL;
        }
      take_facets (&group, fields[i], facets);
    }

  return g_steal_pointer (&facets);
}
