/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-evidence.h"

#include <string.h>

#include "kab-calendar.h"
#include "kab-error.h"
#include "kab-ledger-deeds.h"
#include "kab-rules-context.h"
#include "kab-rules-lookup.h"
#include "kab-rules-news.h"
#include "kab-store.h"
#include "kab-version.h"

/* An update in error on a host, for packages that only forbid. */
typedef struct {
  guint32 update;
  gint32  result;
} Failure;

/* One targeted host. */
typedef struct {
  guint    host;               /* index in the snapshot */
  gboolean has;                /* the package in this version */
  guint    n_applies;
  guint    n_installed;
  guint    n_failed;
  gint32   result;             /* of the first failure */
  gboolean may_restart;        /* something installed may want a restart */
  GArray  *failures;           /* (element-type Failure) (nullable): all pairs in error */
} Target;

typedef struct {
  KabStore            *store;
  KabSnapshot         *snapshot;
  KabRulesContext     *context;
  const KabHostRecord *hosts;
  KabRulePackage      *item;
  KabRuleSet          *before;        /* (nullable): rules of the version before */
  KabEvidence         *evidence;
  GArray              *news;          /* (element-type KabRulesNews), by number */
  GArray              *targets;       /* (element-type Target), by host */
  guint8              *wanted;        /* a byte a host */
  guint32             *places;        /* host → index in @targets + 1 */
  GHashTable          *sets;          /* packages of a host, one text → (element-type KabRuleSet) */
} Reading;

static void
target_clear (gpointer data)
{
  Target *target = data;

  g_clear_pointer (&target->failures, g_array_unref);
}

static gboolean
find_package (Reading     *self,
              GPtrArray   *items,
              const char  *name,
              const char  *version,
              const char  *maturity,
              GError     **error)
{
  for (guint i = 0; i < items->len; i++)
    {
      KabRulePackage *item = items->pdata[i];
      const char *own = kab_package_get_version (item->package);
      int order = self->item != NULL ? kab_version_compare (own, kab_package_get_version (self->item->package)) : 0;

      if (!item->is_rules || strcmp (kab_package_get_name (item->package), name) != 0)
        continue;
      /* By version, the newest first. */
      if (self->item != NULL)
        {
          if (order < 0 && self->before == NULL && item->rules != NULL)
            {
              self->before = item->rules;
              self->evidence->predecessor = g_strdup (item->origin);
            }
        }
      else if ((version == NULL || strcmp (own, version) == 0) &&
               (maturity == NULL || strcmp (kab_package_get_maturity (item->package), maturity) == 0))
        {
          self->item = item;
        }
    }
  if (self->item != NULL && self->item->rules != NULL)
    return TRUE;

  g_set_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND, "the server has no rule package %s %s %s", name,
               version != NULL ? version : "", maturity != NULL ? maturity : "");
  return FALSE;
}

/* When it came to the server: the approval log knows it of packages that went out from here; else its signature's date,
 * which is the local time of whoever signed it. */
static gboolean
find_since (Reading  *self,
            GError  **error)
{
  const char *uuid = kab_package_get (self->item->package, "package_uuid");
  g_autoptr(KabLedger) ledger = kab_store_open_ledger (self->store, error);
  g_autoptr(GPtrArray) approvals = NULL;

  if (ledger != NULL)
    approvals = kab_ledger_read_approvals (ledger, kab_package_get_name (self->item->package), 0, error);
  if (approvals == NULL)
    return FALSE;

  self->evidence->since = self->item->signed_at;
  for (guint i = 0; i < approvals->len; i++)
    {
      const KabApproval *approval = approvals->pdata[i];

      if (*uuid != '\0' && strcmp (approval->package_uuid, uuid) == 0 && strcmp (approval->deed, "delete") != 0)
        self->evidence->since = approval->at;
    }

  return TRUE;
}

static gboolean
accepts (const KabHostRecord *host,
         const char          *maturity)
{
  g_auto(GStrv) rings = NULL;

  if (*host->rings == '\0')
    return strcmp (maturity, "PROD") == 0;    /* what an agent accepts that is not told otherwise */
  rings = g_strsplit (host->rings, ", ", -1);
  return g_strv_contains ((const char * const *) rings, maturity);
}

/* The version of the package that a host has; NULL none. */
static char *
dup_version (const KabHostRecord *host,
             const char          *name)
{
  g_auto(GStrv) packages = g_strsplit (host->packages, ", ", -1);
  gsize length = strlen (name);

  for (guint i = 0; packages[i] != NULL; i++)
    if (strncmp (packages[i], name, length) == 0 && packages[i][length] == ' ')
      return g_strdup (packages[i] + length + 1);

  return NULL;
}

static void
add_targets (Reading *self,
             GArray  *hosts)
{
  const char *name = kab_package_get_name (self->item->package);
  const char *version = kab_package_get_version (self->item->package);
  const char *maturity = kab_package_get_maturity (self->item->package);

  for (guint i = 0; i < hosts->len; i++)
    {
      Target target = { .host = g_array_index (hosts, guint, i) };
      const KabHostRecord *host = &self->hosts[target.host];
      g_autofree char *own = dup_version (host, name);
      int order = own != NULL ? kab_version_compare (own, version) : -1;

      if (!host->counted || self->wanted[target.host] || order > 0 || (order != 0 && !accepts (host, maturity)))
        continue;
      target.has = order == 0;
      self->wanted[target.host] = 1;
      g_array_append_val (self->targets, target);
      self->places[target.host] = self->targets->len;
    }
}

/* Does another package of the host forbid it? */
static gboolean
is_forbidden (Reading             *self,
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
          char *blank = strchr (packages[i], ' ');
          KabRuleSet *rules = NULL;

          if (blank != NULL)
            {
              *blank = '\0';
              rules = kab_rules_context_get_rules (self->context, packages[i], blank + 1);
            }
          if (rules != NULL)
            g_ptr_array_add (sets, rules);
        }
      g_hash_table_insert (self->sets, g_strdup (host->packages), sets);
    }

  for (guint i = 0; i < sets->len; i++)
    if (kab_rules_news_forbids (sets->pdata[i], update))
      return TRUE;

  return FALSE;
}

static void
judge_pair (Reading              *self,
            Target               *target,
            const KabRulesNews   *news,
            const KabStateRecord *record)
{
  switch (kab_state_derive (record, news->on_server))
    {
    case KAB_STATE_OK:
      if (record->installed_at != 0 && (gint64) record->installed_at + KAB_SECONDS_PER_DAY / 2 < self->evidence->since)
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

static void
visit_cb (guint                 host,
          const KabStateRecord *records,
          guint                 n_records,
          gpointer              user_data)
{
  Reading *self = user_data;
  Target *target = &g_array_index (self->targets, Target, self->places[host] - 1);
  guint next = 0;

  for (guint i = 0; i < n_records; i++)
    {
      if (kab_state_derive (&records[i], TRUE) == KAB_STATE_ERROR)
        {
          Failure failure = { records[i].update, records[i].result };

          if (target->failures == NULL)
            target->failures = g_array_new (FALSE, FALSE, sizeof (Failure));
          g_array_append_val (target->failures, failure);
        }
      while (next < self->news->len && g_array_index (self->news, KabRulesNews, next).number < records[i].update)
        next++;
      if (next < self->news->len && g_array_index (self->news, KabRulesNews, next).number == records[i].update)
        judge_pair (self, target, &g_array_index (self->news, KabRulesNews, next), &records[i]);
    }
}

/* For packages that only forbid: a failure that was there before it is none of its making. */
static gboolean
find_new_failures (Reading  *self,
                   GError  **error)
{
  g_autoptr(KabLedger) ledger = kab_store_open_ledger (self->store, error);
  const KabUpdateRecord *updates;
  g_autoptr(GHashTable) ids = g_hash_table_new (NULL, NULL);
  guint n_updates;

  if (ledger == NULL)
    return FALSE;

  updates = kab_snapshot_get_updates (self->snapshot, &n_updates);
  for (guint i = 0; i < n_updates; i++)
    g_hash_table_insert (ids, GUINT_TO_POINTER (updates[i].number), (gpointer) updates[i].update_id);

  for (guint i = 0; i < self->targets->len; i++)
    {
      Target *target = &g_array_index (self->targets, Target, i);

      for (guint j = 0; target->has && target->failures != NULL && j < target->failures->len; j++)
        {
          const Failure *failure = &g_array_index (target->failures, Failure, j);
          const char *id = g_hash_table_lookup (ids, GUINT_TO_POINTER (failure->update));
          g_autoptr(GError) local_error = NULL;
          gboolean is_exact = FALSE;
          gint64 since;

          if (id == NULL)
            continue;
          since = kab_ledger_read_since (ledger, self->hosts[target->host].uuid, id, KAB_STATE_ERROR, FALSE, &is_exact,
                                         &local_error);
          if (!kab_error_is_none (&local_error, error))
            return FALSE;
          if (is_exact && since >= self->evidence->since)
            target->result = target->n_failed++ == 0 ? failure->result : target->result;
        }
    }

  return TRUE;
}

typedef enum {
  OUTCOME_SUCCEEDED,
  OUTCOME_FAILED,
  OUTCOME_SILENT,
  OUTCOME_WAITING,
  OUTCOME_UNTOUCHED,
} Outcome;

static Outcome
get_outcome (Reading      *self,
             const Target *target)
{
  const KabHostRecord *host = &self->hosts[target->host];
  gboolean was_heard = !host->silent && host->last_seen_at >= self->evidence->since;

  if (target->has && target->n_failed > 0)
    return OUTCOME_FAILED;
  if (target->has && self->evidence->only_forbids)
    return was_heard ? OUTCOME_SUCCEEDED : OUTCOME_SILENT;
  if (target->has && target->n_applies == 0)
    return OUTCOME_UNTOUCHED;
  if (target->has && target->n_installed == target->n_applies)
    return OUTCOME_SUCCEEDED;

  return was_heard ? OUTCOME_WAITING : OUTCOME_SILENT;
}

static void
count (KabGateCounts *counts,
       Outcome        outcome)
{
  guint * const into[] = {
    [OUTCOME_SUCCEEDED] = &counts->succeeded, [OUTCOME_FAILED] = &counts->failed, [OUTCOME_SILENT] = &counts->silent,
    [OUTCOME_WAITING] = &counts->waiting, [OUTCOME_UNTOUCHED] = &counts->untouched,
  };

  (*into[outcome])++;
  counts->targeted += outcome != OUTCOME_UNTOUCHED;
}

static void
count_targets (Reading *self)
{
  KabEvidence *evidence = self->evidence;
  GPtrArray * const lists[] = {
    [OUTCOME_SUCCEEDED] = evidence->succeeded_hosts, [OUTCOME_FAILED] = evidence->failed_hosts,
    [OUTCOME_SILENT] = evidence->silent_hosts, [OUTCOME_WAITING] = evidence->waiting_hosts,
    [OUTCOME_UNTOUCHED] = evidence->untouched_hosts,
  };

  for (guint i = 0; i < self->targets->len; i++)
    {
      const Target *target = &g_array_index (self->targets, Target, i);
      const KabHostRecord *host = &self->hosts[target->host];
      g_autofree char *build = g_strndup (host->build, strcspn (host->build, "."));
      Outcome outcome = get_outcome (self, target);

      count (&evidence->counts, outcome);
      count (kab_evidence_get_stratum (evidence, build), outcome);
      g_ptr_array_add (lists[outcome], g_strdup (host->uuid));
      if (outcome == OUTCOME_FAILED)
        kab_evidence_add_failure (evidence, target->result);
      if (target->may_restart && host->restart)
        evidence->restart_pending++;
      else if (target->may_restart)
        evidence->restarts++;
    }
}

static void
reading_clear (Reading *self)
{
  g_clear_object (&self->context);
  g_clear_pointer (&self->evidence, kab_evidence_free);
  g_clear_pointer (&self->news, g_array_unref);
  g_clear_pointer (&self->targets, g_array_unref);
  g_clear_pointer (&self->wanted, g_free);
  g_clear_pointer (&self->places, g_free);
  g_clear_pointer (&self->sets, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reading, reading_clear)

/* Nothing that is new applies to any host that has it: then only failures can tell. */
static gboolean
look_at_failures_only (Reading *self)
{
  for (guint i = 0; i < self->targets->len; i++)
    if (g_array_index (self->targets, Target, i).n_applies > 0)
      return FALSE;

  return TRUE;
}

KabEvidence *
kab_evidence_read (KabStore      *store,
                   KabSnapshot   *snapshot,
                   const char    *name,
                   const char    *version,
                   const char    *maturity,
                   GCancellable  *cancellable,
                   GError       **error)
{
  g_autoptr(GPtrArray) items = NULL;
  g_auto(Reading) self = { store, snapshot };
  guint n_hosts;

  g_return_val_if_fail (KAB_IS_STORE (store), NULL);
  g_return_val_if_fail (KAB_IS_SNAPSHOT (snapshot), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  items = kab_rule_packages_read (store, snapshot, error);
  if (items == NULL)
    return NULL;

  self.evidence = kab_evidence_new ();
  if (!find_package (&self, items, name, version, maturity, error))
    return NULL;
  self.context = kab_rules_context_read (store, snapshot, cancellable, error);
  if (self.context == NULL || !find_since (&self, error))
    return NULL;

  self.hosts = kab_snapshot_get_hosts (snapshot, &n_hosts);
  self.news = kab_rules_news_find (snapshot, kab_rules_context_get_index (self.context), self.item->rules, self.before);
  self.targets = g_array_new (FALSE, FALSE, sizeof (Target));
  g_array_set_clear_func (self.targets, target_clear);
  self.wanted = g_new0 (guint8, MAX (n_hosts, 1));
  self.places = g_new0 (guint32, MAX (n_hosts, 1));
  self.sets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self.evidence->package = g_strdup (name);
  self.evidence->version = g_strdup (kab_package_get_version (self.item->package));
  self.evidence->maturity = g_strdup (kab_package_get_maturity (self.item->package));
  self.evidence->n_allowed = self.news->len;
  self.evidence->n_forbidden = kab_rules_news_count_forbidden (self.item->rules, self.before);
  self.evidence->now = kab_snapshot_get_limits (snapshot)->now;

  add_targets (&self, self.item->installed);
  add_targets (&self, self.item->older);
  add_targets (&self, self.item->assigned);
  if (!kab_snapshot_visit_pairs (snapshot, self.wanted, visit_cb, &self, cancellable, error))
    return NULL;

  self.evidence->only_forbids = look_at_failures_only (&self);
  if (self.evidence->only_forbids && !find_new_failures (&self, error))
    return NULL;
  count_targets (&self);

  return g_steal_pointer (&self.evidence);
}
