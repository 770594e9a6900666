/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-rules-lint-private.h"

typedef struct {
  KabRuleSet *rules;
  char       *name;            /* without its version */
  guint       n_hosts;
} Package;

/* Hosts that have the same rule packages. */
typedef struct {
  GArray *packages;            /* (element-type guint), ascending */
  guint   n_hosts;
} Combination;

struct _KabLintFleet
{
  KabUpdateIndex *index;
  GPtrArray      *packages;        /* (element-type Package) */
  GHashTable     *by_origin;       /* origin → position + 1 */
  GPtrArray      *combinations;    /* (element-type Combination) */
  GHashTable     *by_packages;     /* origins joined by LF → Combination */
  guint           n_bare;          /* hosts without any rule package */
};

static void
package_free (gpointer data)
{
  Package *package = data;

  g_object_unref (package->rules);
  g_free (package->name);
  g_free (package);
}

static void
combination_free (gpointer data)
{
  Combination *combination = data;

  g_array_unref (combination->packages);
  g_free (combination);
}

KabLintFleet *
kab_lint_fleet_new (KabUpdateIndex *index)
{
  KabLintFleet *self = g_new0 (KabLintFleet, 1);

  g_return_val_if_fail (index != NULL, NULL);

  self->index = kab_update_index_ref (index);
  self->packages = g_ptr_array_new_with_free_func (package_free);
  self->by_origin = g_hash_table_new (g_str_hash, g_str_equal);
  self->combinations = g_ptr_array_new_with_free_func (combination_free);
  self->by_packages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

void
kab_lint_fleet_free (KabLintFleet *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->by_packages);
  g_ptr_array_unref (self->combinations);
  g_hash_table_unref (self->by_origin);
  g_ptr_array_unref (self->packages);
  kab_update_index_unref (self->index);
  g_free (self);
}

void
kab_lint_fleet_add_package (KabLintFleet *self,
                            KabRuleSet   *rules)
{
  const char *origin;
  const char *blank;
  Package *package;
  guint known;

  g_return_if_fail (self != NULL);
  g_return_if_fail (KAB_IS_RULE_SET (rules));
  g_return_if_fail (self->combinations->len == 0);

  origin = kab_rule_set_get_origin (rules);
  blank = strchr (origin, ' ');
  package = g_new0 (Package, 1);
  package->rules = g_object_ref (rules);
  package->name = blank != NULL ? g_strndup (origin, (gsize) (blank - origin)) : g_strdup (origin);

  known = GPOINTER_TO_UINT (g_hash_table_lookup (self->by_origin, origin));
  if (known == 0)
    {
      g_ptr_array_add (self->packages, package);
      known = self->packages->len;
    }
  else
    {
      g_hash_table_remove (self->by_origin, origin);
      package_free (self->packages->pdata[known - 1]);
      self->packages->pdata[known - 1] = package;
    }
  g_hash_table_insert (self->by_origin, (gpointer) kab_rule_set_get_origin (rules), GUINT_TO_POINTER (known));
}

static int
compare_guints (gconstpointer a,
                gconstpointer b)
{
  guint left = *(const guint *) a;
  guint right = *(const guint *) b;

  return (left > right) - (left < right);
}

void
kab_lint_fleet_add_host (KabLintFleet       *self,
                         const char * const *packages)
{
  g_autofree char *key = NULL;
  Combination *combination;

  g_return_if_fail (self != NULL);

  if (packages == NULL || packages[0] == NULL)
    {
      self->n_bare++;
      return;
    }

  key = g_strjoinv ("\n", (char **) packages);
  combination = g_hash_table_lookup (self->by_packages, key);
  if (combination == NULL)
    {
      combination = g_new0 (Combination, 1);
      combination->packages = g_array_new (FALSE, FALSE, sizeof (guint));
      for (; *packages != NULL; packages++)
        {
          guint known = GPOINTER_TO_UINT (g_hash_table_lookup (self->by_origin, *packages));

          if (known > 0)
            {
              known--;
              g_array_append_val (combination->packages, known);
            }
        }
      g_array_sort (combination->packages, compare_guints);
      g_ptr_array_add (self->combinations, combination);
      g_hash_table_insert (self->by_packages, g_steal_pointer (&key), combination);
    }

  combination->n_hosts++;
  for (guint i = 0; i < combination->packages->len; i++)
    {
      guint package = g_array_index (combination->packages, guint, i);

      ((Package *) self->packages->pdata[package])->n_hosts++;
    }
}

static gboolean
has_any (const Combination *combination,
         const gboolean    *own)
{
  for (guint i = 0; i < combination->packages->len; i++)
    if (own[g_array_index (combination->packages, guint, i)])
      return TRUE;

  return FALSE;
}

static int
compare_peers (gconstpointer a,
               gconstpointer b)
{
  const KabLintPeer *left = a;
  const KabLintPeer *right = b;

  return left->n_hosts != right->n_hosts ? (left->n_hosts < right->n_hosts) - (left->n_hosts > right->n_hosts)
                                         : strcmp (left->origin, right->origin);
}

/* @own: which packages of the fleet stand for the subject */
static void
find_peers (KabLintFleet   *self,
            const gboolean *own,
            KabLintSubject *subject)
{
  g_autofree guint *shared = g_new0 (guint, MAX (self->packages->len, 1));

  for (guint i = 0; i < self->combinations->len; i++)
    {
      const Combination *combination = self->combinations->pdata[i];

      if (!has_any (combination, own))
        continue;
      subject->n_hosts += combination->n_hosts;
      for (guint j = 0; j < combination->packages->len; j++)
        shared[g_array_index (combination->packages, guint, j)] += combination->n_hosts;
    }

  for (guint i = 0; i < self->packages->len; i++)
    {
      const Package *package = self->packages->pdata[i];
      KabLintPeer peer = { kab_rule_set_get_origin (package->rules), package->rules, shared[i] };

      if (shared[i] > 0 && !own[i])
        g_array_append_val (subject->peers, peer);
    }
  g_array_sort (subject->peers, compare_peers);
}

static void
look_at (KabLintFleet     *self,
         KabRulesDocument *document,
         KabRuleSet       *rules,
         const gboolean   *own,
         const char       *door,
         gboolean          both_sides,
         GPtrArray        *findings)
{
  guint n_updates = kab_update_index_get_updates (self->index)->len;
  g_autofree gint8 *deciding = g_malloc (MAX (n_updates, 1));
  g_autoptr(GArray) peers = g_array_new (FALSE, FALSE, sizeof (KabLintPeer));
  KabLintSubject subject = {
    self->index, document, rules, kab_rule_set_get_origin (rules), door, peers, 0, deciding, both_sides, findings,
  };

  memset (deciding, -1, n_updates);
  find_peers (self, own, &subject);
  kab_lint_subject_look (&subject);
}

static void
look_at_fleet (KabLintFleet *self,
               GPtrArray    *findings)
{
  g_autofree gboolean *own = g_new0 (gboolean, MAX (self->packages->len, 1));

  for (guint i = 0; i < self->packages->len; i++)
    {
      const Package *package = self->packages->pdata[i];
      g_autoptr(KabRulesDocument) document = NULL;

      if (package->n_hosts == 0)
        continue;
      document = kab_rules_document_new_from_rules (package->rules, NULL);
      own[i] = TRUE;
      look_at (self, document, package->rules, own, kab_rule_set_get_origin (package->rules), FALSE, findings);
      own[i] = FALSE;
    }

  if (self->n_bare > 0)
    {
      KabLintFinding *finding = g_new0 (KabLintFinding, 1);

      finding->kind = KAB_LINT_NO_RULES;
      finding->level = KAB_LINT_WARNING;
      finding->n_hosts = self->n_bare;
      finding->query = g_strdup ("is:counted package:\"\"");
      finding->query_is_hosts = TRUE;
      g_ptr_array_add (findings, finding);
    }
}

static void
look_at_document (KabLintFleet     *self,
                  KabRulesDocument *document,
                  GPtrArray        *findings)
{
  const char *name = kab_rules_document_get_name (document);
  g_autofree gboolean *own = g_new0 (gboolean, MAX (self->packages->len, 1));
  g_autoptr(KabRuleSet) rules = kab_rules_document_to_rules (document, NULL);

  for (guint i = 0; i < self->packages->len; i++)
    own[i] = strcmp (((const Package *) self->packages->pdata[i])->name, name) == 0;
  look_at (self, document, rules, own, name, TRUE, findings);
}

static int
compare_findings (gconstpointer a,
                  gconstpointer b)
{
  const KabLintFinding *left = *(const KabLintFinding * const *) a;
  const KabLintFinding *right = *(const KabLintFinding * const *) b;
  int order = (int) right->level - (int) left->level;

  if (order == 0)
    order = g_strcmp0 (left->package, right->package);
  if (order == 0)
    order = (int) left->kind - (int) right->kind;
  if (order == 0)
    order = (int) left->list - (int) right->list;
  if (order == 0)
    order = g_strcmp0 (left->value, right->value);
  return order != 0 ? order : g_strcmp0 (left->other_package, right->other_package);
}

GPtrArray *
kab_rules_lint (KabLintFleet     *fleet,
                KabRulesDocument *document)
{
  GPtrArray *findings = g_ptr_array_new_with_free_func ((GDestroyNotify) kab_lint_finding_free);

  g_return_val_if_fail (fleet != NULL, findings);

  if (document != NULL)
    look_at_document (fleet, document, findings);
  else
    look_at_fleet (fleet, findings);
  g_ptr_array_sort (findings, compare_findings);

  return findings;
}

void
kab_lint_finding_free (KabLintFinding *finding)
{
  if (finding == NULL)
    return;

  g_free (finding->package);
  g_free (finding->value);
  g_free (finding->other_package);
  g_free (finding->other_value);
  g_free (finding->replaced_by);
  g_free (finding->query);
  g_free (finding->fix.remove_value);
  g_free (finding->fix.add_value);
  g_free (finding);
}

gboolean
kab_lint_finding_apply (const KabLintFinding *finding,
                        KabRulesDocument     *document)
{
  const KabLintFix *fix;
  g_autofree char *reason = NULL;
  gboolean applied = FALSE;

  g_return_val_if_fail (finding != NULL, FALSE);
  g_return_val_if_fail (KAB_IS_RULES_DOCUMENT (document), FALSE);

  fix = &finding->fix;
  if (finding->value != NULL && (fix->removes || fix->adds))
    {
      const KabRulesLine *line = kab_rules_document_find (document, finding->list, finding->value);

      if (line == NULL)
        return FALSE;
      reason = g_strdup (line->reason);
    }
  if (fix->removes)
    applied |= kab_rules_document_remove (document, fix->remove_list, fix->remove_value);
  if (fix->adds)
    applied |= kab_rules_document_put (document, fix->add_list, fix->add_value, reason);
  if (fix->clears_default_allow && kab_rules_document_get_default_allow (document) != KAB_TRISTATE_NULL)
    {
      kab_rules_document_set_default_allow (document, KAB_TRISTATE_NULL);
      applied = TRUE;
    }

  return applied;
}
