/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include <string.h>

#include "kab-calendar.h"
#include "kab-evidence-private.h"
#include "kab-rules-news.h"
#include "kab-version.h"

/* Where @word stands in "a 1, b 2" behind a comma, and before a blank, a comma or the end; NULL nowhere. */
static const char *
find_word (const char *list,
           const char *word)
{
  gsize length = strlen (word);

  for (const char *at = strstr (list, word); at != NULL; at = strstr (at + 1, word))
    if ((at == list || (at - list >= 2 && at[-2] == ',')) && strchr (" ,", at[length]) != NULL)
      return at;

  return NULL;
}

static gboolean
accepts (const KabHostRecord *host,
         const char          *maturity)
{
  if (*host->rings == '\0')
    return strcmp (maturity, "PROD") == 0;    /* what an agent accepts that is not told otherwise */
  return find_word (host->rings, maturity) != NULL;
}

/* Is the version of the package that stands in @packages, "name version, …", older (-1), this one (0) or newer (1)? Of
 * none it counts as older. */
static int
compare_version (const char *packages,
                 KabPackage *package)
{
  const char *name = kab_package_get_name (package);
  const char *own = find_word (packages, name);
  g_autofree char *version = NULL;

  if (own == NULL)
    return -1;
  own += strlen (name);
  own += strspn (own, " ");
  version = g_strndup (own, strcspn (own, ","));
  return CLAMP (kab_version_compare (version, kab_package_get_version (package)), -1, 1);
}

/* @orders: what was compared already: equal texts of a snapshot are one text. */
static void
add_hosts (KabEvidenceReading *self,
           KabEvidenceTrial   *trial,
           GArray             *hosts,
           GHashTable         *orders)
{
  KabPackage *package = trial->item->package;

  for (guint i = 0; i < hosts->len; i++)
    {
      KabEvidenceTarget target = { .host = g_array_index (hosts, guint, i) };
      const KabHostRecord *host = &self->hosts[target.host];
      gpointer order;

      if (!host->counted || trial->places[target.host] != 0)
        continue;
      if (!g_hash_table_lookup_extended (orders, host->packages, NULL, &order))
        {
          order = GINT_TO_POINTER (compare_version (host->packages, package));
          g_hash_table_insert (orders, (gpointer) host->packages, order);
        }
      if (GPOINTER_TO_INT (order) > 0 ||
          (GPOINTER_TO_INT (order) < 0 && !accepts (host, kab_package_get_maturity (package))))
        continue;

      target.has = GPOINTER_TO_INT (order) == 0;
      g_array_append_val (trial->targets, target);
      trial->places[target.host] = trial->targets->len;
      self->wanted[target.host] = 1;
    }
}

void
kab_evidence_add_targets (KabEvidenceReading *self,
                          KabEvidenceTrial   *trial)
{
  g_autoptr(GHashTable) orders = g_hash_table_new (NULL, NULL);

  add_hosts (self, trial, trial->item->installed, orders);
  add_hosts (self, trial, trial->item->older, orders);
  add_hosts (self, trial, trial->item->assigned, orders);
}

/* Does another package of the host forbid it? */
static gboolean
is_forbidden (KabEvidenceReading  *self,
              const KabHostRecord *host,
              KabUpdate           *update)
{
  GPtrArray *sets = g_hash_table_lookup (self->sets, host->packages);

  if (sets == NULL)
    {
      g_auto(GStrv) packages = g_strsplit (host->packages, ", ", -1);

      sets = g_ptr_array_new ();
      for (guint i = 0; packages[i] != NULL; i++)
        {
          KabRuleSet *rules = g_hash_table_lookup (self->rules, packages[i]);

          if (rules != NULL)
            g_ptr_array_add (sets, rules);
        }
      g_hash_table_insert (self->sets, (gpointer) host->packages, sets);
    }

  for (guint i = 0; i < sets->len; i++)
    if (kab_rules_news_forbids (sets->pdata[i], update))
      return TRUE;

  return FALSE;
}

static void
judge_pair (KabEvidenceReading   *self,
            KabEvidenceTrial     *trial,
            KabEvidenceTarget    *target,
            const KabRulesNews   *news,
            const KabStateRecord *record)
{
  switch (kab_state_derive (record, news->on_server))
    {
    case KAB_STATE_OK:
      if (record->installed_at != 0 &&
          (gint64) record->installed_at + KAB_SECONDS_PER_DAY / 2 < trial->evidence->since)
        break;      /* before it was published; the host's clock may be half a day off */
      target->n_applies++;
      target->n_installed++;
      target->may_restart |= news->may_restart;
      break;
    case KAB_STATE_ERROR:
      target->n_applies++;
      target->result = target->n_failed++ == 0 ? record->result : target->result;
      break;
    case KAB_STATE_DISCARDED:
      /* Forbidden by another package, or delayed, or it has not scanned with the new rules yet. */
      if (kab_state_record_get_flag (record, KAB_FLAG_DELAYED) == KAB_TRISTATE_TRUE ||
          !is_forbidden (self, &self->hosts[target->host], news->update))
        target->n_applies++;
      break;
    case KAB_STATE_PENDING:
    case KAB_STATE_MISSING:
    case KAB_STATE_UNKNOWN:
      target->n_applies++;
      break;
    case KAB_STATE_SUPERSEDED:
    default:
      break;
    }
}

/* Both the records of a host and the news are sorted by the update's number. */
static void
judge_host (KabEvidenceReading   *self,
            KabEvidenceTrial     *trial,
            KabEvidenceTarget    *target,
            const KabStateRecord *records,
            guint                 n_records)
{
  const KabRulesNews *news = (const KabRulesNews *) (const void *) trial->news->data;

  for (guint i = 0, next = 0; i < n_records && next < trial->news->len; i++)
    {
      while (next < trial->news->len && news[next].number < records[i].update)
        next++;
      if (next < trial->news->len && news[next].number == records[i].update)
        judge_pair (self, trial, target, &news[next], &records[i]);
    }
}

static void
visit_cb (guint                 host,
          const KabStateRecord *records,
          guint                 n_records,
          gpointer              user_data)
{
  KabEvidenceReading *self = user_data;

  for (guint i = 0; i < n_records; i++)
    if (kab_state_derive (&records[i], TRUE) == KAB_STATE_ERROR)
      {
        KabEvidenceFailure failure = { host, records[i].update, records[i].result };

        g_array_append_val (self->failures, failure);
      }

  for (guint i = 0; i < self->trials->len; i++)
    {
      KabEvidenceTrial *trial = self->trials->pdata[i];
      guint32 place = trial != NULL ? trial->places[host] : 0;

      if (place != 0)
        judge_host (self, trial, &g_array_index (trial->targets, KabEvidenceTarget, place - 1), records, n_records);
    }
}

gboolean
kab_evidence_visit_pairs (KabEvidenceReading  *self,
                          GCancellable        *cancellable,
                          GError             **error)
{
  return kab_snapshot_visit_pairs (self->snapshot, self->wanted, visit_cb, self, cancellable, error);
}
