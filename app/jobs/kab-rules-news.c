/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-rules-news.h"

#include <string.h>

#include "kab-rules-engine.h"

#define FORBIDDING ((1u << KAB_RULE_FORBIDDEN_UPDATES) | (1u << KAB_RULE_FORBIDDEN_KBS))

/* What § 6.4 says of an update when only these rules speak. */
static gboolean
allows (KabRuleSet *rules,
        KabUpdate  *update)
{
  guint matches = kab_rules_engine_match (rules, update);

  return matches != 0 && (matches & FORBIDDING) == 0;
}

gboolean
kab_rules_news_forbids (KabRuleSet *rules,
                        KabUpdate  *update)
{
  return (kab_rules_engine_match (rules, update) & FORBIDDING) != 0;
}

static gboolean
may_restart (KabUpdate *update)
{
  const char *behaviour = kab_update_get_fields (update)->reboot_behaviour;

  return behaviour != NULL && *behaviour != '\0' && strcmp (behaviour, "0") != 0 &&
         g_ascii_strncasecmp (behaviour, "never", 5) != 0;
}

static int
compare_news (gconstpointer a,
              gconstpointer b)
{
  guint32 left = ((const KabRulesNews *) a)->number;
  guint32 right = ((const KabRulesNews *) b)->number;

  return (left > right) - (left < right);
}

GArray *
kab_rules_news_find (KabSnapshot    *snapshot,
                     GPtrArray      *updates,
                     KabRuleSet     *rules,
                     KabRuleSet     *before)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (KabRulesNews));
  const KabUpdateRecord *records = kab_snapshot_get_updates (snapshot, NULL);

  for (guint i = 0; i < updates->len; i++)
    {
      KabUpdate *update = updates->pdata[i];
      int record = kab_snapshot_find_update (snapshot, kab_update_get_id (update));
      KabRulesNews news = { 0, update, kab_update_is_on_server (update), may_restart (update) };

      if (record < 0 || !allows (rules, update) || (before != NULL && allows (before, update)))
        continue;
      news.number = records[record].number;
      g_array_append_val (found, news);
    }
  g_array_sort (found, compare_news);

  return found;
}

guint
kab_rules_news_count_forbidden (KabRuleSet *rules,
                                KabRuleSet *before)
{
  guint n = 0;

  for (KabRuleList list = KAB_RULE_FORBIDDEN_UPDATES; list <= KAB_RULE_FORBIDDEN_KBS; list++)
    {
      const char * const *values = kab_rule_set_get_list (rules, list);

      for (guint i = 0; values[i] != NULL; i++)
        n += before == NULL || !kab_rule_set_contains (before, list, values[i]);
    }

  return n;
}
