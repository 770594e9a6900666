/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-evidence.h"

#include <string.h>

#include "kab-error.h"
#include "kab-evidence-private.h"
#include "kab-ledger-deeds.h"
#include "kab-rules-news.h"
#include "kab-store.h"
#include "kab-version.h"

static void
trial_free (gpointer data)
{
  KabEvidenceTrial *trial = data;

  if (trial == NULL)
    return;

  g_clear_pointer (&trial->evidence, kab_evidence_free);
  g_clear_pointer (&trial->news, g_array_unref);
  g_clear_pointer (&trial->targets, g_array_unref);
  g_free (trial->places);
  g_free (trial);
}

static void
reading_clear (KabEvidenceReading *self)
{
  g_clear_pointer (&self->ledger, kab_ledger_close);
  g_clear_pointer (&self->trials, g_ptr_array_unref);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->rules, g_hash_table_unref);
  g_clear_pointer (&self->updates, g_ptr_array_unref);
  g_clear_pointer (&self->wanted, g_free);
  g_clear_pointer (&self->sets, g_hash_table_unref);
  g_clear_pointer (&self->failures, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KabEvidenceReading, reading_clear)

/* What all trials look things up in. */
static gboolean
reading_begin (KabEvidenceReading  *self,
               KabStore            *store,
               KabSnapshot         *snapshot,
               GCancellable        *cancellable,
               GError             **error)
{
  self->snapshot = snapshot;
  self->hosts = kab_snapshot_get_hosts (snapshot, &self->n_hosts);
  self->trials = g_ptr_array_new_with_free_func (trial_free);
  self->wanted = g_new0 (guint8, MAX (self->n_hosts, 1));
  self->failures = g_array_new (FALSE, FALSE, sizeof (KabEvidenceFailure));
  /* Equal texts of a snapshot are one text. */
  self->sets = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);

  self->items = kab_rule_packages_read (store, snapshot, &self->rules, error);
  if (self->items != NULL)
    self->updates = kab_store_read_updates (store, cancellable, error);
  if (self->updates != NULL)
    self->ledger = kab_store_open_ledger (store, error);

  return self->ledger != NULL;
}

/* NULL: the server has no such rule package */
static KabEvidenceTrial *
trial_new (KabEvidenceReading *self,
           KabPackage         *package)
{
  KabEvidenceTrial *trial = g_new0 (KabEvidenceTrial, 1);
  const char *version = kab_package_get_version (package);

  trial->evidence = kab_evidence_new ();
  for (guint i = 0; i < self->items->len; i++)
    {
      KabRulePackage *item = self->items->pdata[i];
      const char *own = kab_package_get_version (item->package);

      if (!item->is_rules || strcmp (kab_package_get_name (item->package), kab_package_get_name (package)) != 0)
        continue;
      /* By version, the newest first. */
      if (trial->item == NULL)
        {
          if (strcmp (own, version) == 0 &&
              strcmp (kab_package_get_maturity (item->package), kab_package_get_maturity (package)) == 0)
            trial->item = item;
        }
      else if (trial->before == NULL && item->rules != NULL && kab_version_compare (own, version) < 0)
        {
          trial->before = item->rules;
          trial->evidence->predecessor = g_strdup (item->origin);
        }
    }
  if (trial->item != NULL && trial->item->rules != NULL)
    return trial;

  trial_free (trial);
  return NULL;
}

/* When it came to the server: the approval log knows it of packages that went out from here; else its signature's date,
 * which is the local time of whoever signed it. */
static gboolean
find_since (KabEvidenceReading  *self,
            KabEvidenceTrial    *trial,
            GError             **error)
{
  const char *uuid = kab_package_get (trial->item->package, "package_uuid");
  g_autoptr(GPtrArray) approvals = kab_ledger_read_approvals (self->ledger, kab_package_get_name (trial->item->package), 0,
                                                              error);

  if (approvals == NULL)
    return FALSE;

  trial->evidence->since = trial->item->signed_at;
  for (guint i = 0; i < approvals->len; i++)
    {
      const KabApproval *approval = approvals->pdata[i];

      if (*uuid != '\0' && strcmp (approval->package_uuid, uuid) == 0 && strcmp (approval->deed, "delete") != 0)
        trial->evidence->since = approval->at;
    }

  return TRUE;
}

static gboolean
trial_begin (KabEvidenceReading  *self,
             KabEvidenceTrial    *trial,
             GError             **error)
{
  KabEvidence *evidence = trial->evidence;
  KabPackage *package = trial->item->package;

  if (!find_since (self, trial, error))
    return FALSE;

  trial->news = kab_rules_news_find (self->snapshot, self->updates, trial->item->rules, trial->before);
  trial->targets = g_array_new (FALSE, FALSE, sizeof (KabEvidenceTarget));
  trial->places = g_new0 (guint32, MAX (self->n_hosts, 1));
  evidence->package = g_strdup (kab_package_get_name (package));
  evidence->version = g_strdup (kab_package_get_version (package));
  evidence->maturity = g_strdup (kab_package_get_maturity (package));
  evidence->n_allowed = trial->news->len;
  evidence->n_forbidden = kab_rules_news_count_forbidden (trial->item->rules, trial->before);
  evidence->now = kab_snapshot_get_limits (self->snapshot)->now;
  kab_evidence_add_targets (self, trial);

  return TRUE;
}

GPtrArray *
kab_evidence_read_all (KabStore      *store,
                       KabSnapshot   *snapshot,
                       GPtrArray     *packages,
                       GCancellable  *cancellable,
                       GError       **error)
{
  g_autoptr(GPtrArray) evidence = g_ptr_array_new_with_free_func ((GDestroyNotify) kab_evidence_free);
  g_auto(KabEvidenceReading) self = { NULL };

  g_return_val_if_fail (KAB_IS_STORE (store), NULL);
  g_return_val_if_fail (KAB_IS_SNAPSHOT (snapshot), NULL);
  g_return_val_if_fail (packages != NULL, NULL);

  if (!reading_begin (&self, store, snapshot, cancellable, error))
    return NULL;

  for (guint i = 0; i < packages->len; i++)
    {
      KabEvidenceTrial *trial = trial_new (&self, packages->pdata[i]);

      g_ptr_array_add (self.trials, trial);
      if (trial != NULL && !trial_begin (&self, trial, error))
        return NULL;
    }
  if (!kab_evidence_visit_pairs (&self, cancellable, error))
    return NULL;

  for (guint i = 0; i < self.trials->len; i++)
    {
      KabEvidenceTrial *trial = self.trials->pdata[i];

      if (trial != NULL && !kab_evidence_count_outcomes (&self, trial, cancellable, error))
        return NULL;
      g_ptr_array_add (evidence, trial != NULL ? g_steal_pointer (&trial->evidence) : NULL);
    }

  return g_steal_pointer (&evidence);
}

KabEvidence *
kab_evidence_read (KabStore      *store,
                   KabSnapshot   *snapshot,
                   KabPackage    *package,
                   GCancellable  *cancellable,
                   GError       **error)
{
  g_autoptr(GPtrArray) packages = g_ptr_array_new ();
  g_autoptr(GPtrArray) all = NULL;
  KabEvidence *evidence;

  g_return_val_if_fail (KAB_IS_PACKAGE (package), NULL);

  g_ptr_array_add (packages, package);
  all = kab_evidence_read_all (store, snapshot, packages, cancellable, error);
  if (all == NULL)
    return NULL;

  evidence = g_ptr_array_steal_index (all, 0);
  if (evidence == NULL)
    g_set_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND, "the server has no rule package %s %s %s",
                 kab_package_get_name (package), kab_package_get_version (package), kab_package_get_maturity (package));
  return evidence;
}
