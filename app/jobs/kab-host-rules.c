/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-host-rules.h"

void
kab_host_rules_free (KabHostRules *self)
{
  if (self == NULL)
    return;

  g_clear_object (&self->engine);
  g_clear_pointer (&self->sets, g_ptr_array_unref);
  g_free (self);
}

/* What agent and server tell of its own options; a delay that is not told is taken for none. */
static void
read_options (KabHost    *host,
              KabOptions *options)
{
  const KabHostFields *fields = kab_host_get_fields (host);

  options->default_allow = fields->default_allow;
  options->delay_seconds = kab_duration_parse (fields->install_delay);
}

KabHostRules *
kab_host_rules_read (KabStore  *store,
                     KabHost   *host,
                     GError   **error)
{
  g_autoptr(KabHostRules) self = g_new0 (KabHostRules, 1);
  KabOptions options;

  self->complete = TRUE;
  if (kab_host_get_fields (host)->rules_packages == NULL)
    {
      self->sets = g_ptr_array_new ();
      return g_steal_pointer (&self);
    }

  self->sets = kab_store_read_host_rules (store, kab_host_get_uuid (host), &self->complete, error);
  if (self->sets == NULL)
    return NULL;

  read_options (host, &options);
  self->engine = kab_rules_engine_new (&options);
  for (guint i = 0; i < self->sets->len; i++)
    kab_rules_engine_add (self->engine, self->sets->pdata[i]);

  return g_steal_pointer (&self);
}

static void
rule_line_free (gpointer data)
{
  KabRuleLine *line = data;

  g_free (line->value);
  g_free (line->origin);
  g_free (line);
}

/* Lists whose match on the same text decides before @list; the lists are in order of precedence. */
static gboolean
is_shadowed (GHashTable  *seen,
             KabRuleList  list,
             const char  *value)
{
  static const KabRuleList stronger[KAB_N_RULE_LISTS] = {
    [KAB_RULE_FORBIDDEN_UPDATES] = KAB_RULE_FORBIDDEN_UPDATES,
    [KAB_RULE_FORBIDDEN_KBS] = KAB_RULE_FORBIDDEN_KBS,
    [KAB_RULE_ALLOWED_UPDATES] = KAB_RULE_FORBIDDEN_UPDATES,
    [KAB_RULE_ALLOWED_KBS] = KAB_RULE_FORBIDDEN_KBS,
    [KAB_RULE_ALLOWED_PRODUCTS] = KAB_RULE_ALLOWED_PRODUCTS,
    [KAB_RULE_ALLOWED_SEVERITIES] = KAB_RULE_ALLOWED_SEVERITIES,
    [KAB_RULE_ALLOWED_CLASSIFICATIONS] = KAB_RULE_ALLOWED_CLASSIFICATIONS,
  };
  g_autofree char *same = g_strdup_printf ("%u %s", (guint) list, value);
  g_autofree char *before = g_strdup_printf ("%u %s", (guint) stronger[list], value);

  return g_hash_table_contains (seen, before) || !g_hash_table_add (seen, g_steal_pointer (&same));
}

GPtrArray *
kab_host_rules_list_lines (KabHostRules *self)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *lines = g_ptr_array_new_with_free_func (rule_line_free);

  for (guint list = 0; list < KAB_N_RULE_LISTS; list++)
    {
      for (guint i = 0; i < self->sets->len; i++)
        {
          const char * const *values = kab_rule_set_get_list (self->sets->pdata[i], list);

          for (guint j = 0; values[j] != NULL; j++)
            {
              KabRuleLine *line = g_new0 (KabRuleLine, 1);

              line->list = list;
              line->value = g_strdup (values[j]);
              line->origin = g_strdup (kab_rule_set_get_origin (self->sets->pdata[i]));
              line->shadowed = is_shadowed (seen, list, values[j]);
              g_ptr_array_add (lines, line);
            }
        }
    }

  return lines;
}
