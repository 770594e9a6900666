/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-duration.h"
#include "kab-forecast-private.h"

#define OWN_RULES "wapt-get.ini"       /* origin of the rules that an agent has of its own options */

static const KabOutcome outcomes[KAB_N_REFUSALS] = {
  [KAB_REFUSAL_NONE] = KAB_OUTCOME_SAME,
  [KAB_REFUSAL_ABSENT] = KAB_OUTCOME_VERSION,
  [KAB_REFUSAL_VERSION] = KAB_OUTCOME_VERSION,
  [KAB_REFUSAL_MATURITY] = KAB_OUTCOME_MATURITY,
  [KAB_REFUSAL_SIGNER] = KAB_OUTCOME_SIGNER,
  [KAB_REFUSAL_ARCHITECTURE] = KAB_OUTCOME_ARCHITECTURE,
  [KAB_REFUSAL_PLATFORM] = KAB_OUTCOME_PLATFORM,
  [KAB_REFUSAL_OS_VERSION] = KAB_OUTCOME_OS_VERSION,
  [KAB_REFUSAL_AGENT_VERSION] = KAB_OUTCOME_AGENT_VERSION,
  [KAB_REFUSAL_LOCALE] = KAB_OUTCOME_LOCALE,
  [KAB_REFUSAL_CONFLICT] = KAB_OUTCOME_CONFLICT,
};

/* The rule packages that one resolution leaves on a host. */
typedef struct {
  KabResolution *resolution;
  GPtrArray     *identities;      /* a KabPackage, or a number of an installed one; to compare, not to use */
  GPtrArray     *contents;        /* KabForecastContent */
  gboolean       is_complete;     /* the content of each is known */
} Applied;

/* One host, looked at. */
typedef struct {
  KabForecastFleet    *fleet;
  const KabHostFields *fields;
  KabAgent             agents[2];     /* as it is, as the plan leaves its host package */
  GStrv                names;         /* of installed ones */
  GStrv                depends;
  GStrv                conflicts;
  KabInstalled        *installed;
  Applied              applied[2];
  gboolean             is_deaf;       /* does not trust who signs its host package */
  gboolean             may_be_deaf;
} Look;

static void
applied_clear (Applied *self)
{
  g_clear_pointer (&self->resolution, kab_resolution_free);
  g_clear_pointer (&self->identities, g_ptr_array_unref);
  g_clear_pointer (&self->contents, g_ptr_array_unref);
}

/* "demo-wua-base 12" → name, version */
static void
read_installed (Look *look)
{
  const KabHostFields *fields = look->fields;
  guint n = fields->rules_packages != NULL ? g_strv_length ((char **) fields->rules_packages) : 0;
  guint n_uuids = fields->rules_uuids != NULL ? g_strv_length ((char **) fields->rules_uuids) : 0;

  look->names = g_strdupv ((char **) fields->rules_packages);
  look->installed = g_new0 (KabInstalled, n + 1);
  for (guint i = 0; i < n; i++)
    {
      char *space = strrchr (look->names[i], ' ');

      if (space != NULL)
        *space = '\0';
      look->installed[i].name = look->names[i];
      look->installed[i].version = space != NULL ? space + 1 : "";
      if (i < n_uuids && *fields->rules_uuids[i] != '\0')
        look->installed[i].package_uuid = fields->rules_uuids[i];
    }
  look->agents[0].installed = look->installed;
  look->agents[0].n_installed = n;
}

static gboolean
trusts_one (const char * const *trusted,
            const char * const *vouchers)
{
  for (; *vouchers != NULL; vouchers++)
    for (guint i = 0; trusted[i] != NULL; i++)
      if (g_ascii_strcasecmp (trusted[i], *vouchers) == 0)
        return TRUE;
  return FALSE;
}

static void
look_begin (Look                *look,
            KabForecastFleet    *fleet,
            const KabHostFields *fields)
{
  const char * const *signer = kab_forecast_plan_get_signer (fleet->plan);
  GPtrArray *assignments = g_hash_table_lookup (fleet->targets, fields->uuid);
  KabAgent *agent = &look->agents[0];

  memset (look, 0, sizeof *look);
  look->fleet = fleet;
  look->fields = fields;
  agent->platform = fields->platform;
  agent->os_name = fields->os_name;
  agent->os_version = fields->os_version;
  agent->architecture = fields->computer_architecture;
  agent->wapt_version = fields->wapt_version;
  agent->organizational_unit = fields->organizational_unit;
  agent->depends = fields->groups;
  agent->ad_groups = fields->ad_groups;
  agent->maturities = fields->maturities;
  agent->locales = fields->locales;
  agent->trusted = fields->trusted;
  read_installed (look);

  look->agents[1] = look->agents[0];
  look->is_deaf = assignments != NULL && signer != NULL && fields->trusted != NULL && !trusts_one (fields->trusted, signer);
  look->may_be_deaf = assignments != NULL && signer != NULL && fields->trusted == NULL;
  if (assignments != NULL && !look->is_deaf)
    {
      look->depends = g_strdupv ((char **) fields->groups);
      look->conflicts = NULL;
      kab_forecast_change_lists (assignments, &look->depends, &look->conflicts);
      look->agents[1].depends = (const char * const *) look->depends;
      look->agents[1].conflicts = (const char * const *) look->conflicts;
    }
}

static void
look_end (Look *look)
{
  applied_clear (&look->applied[0]);
  applied_clear (&look->applied[1]);
  g_strfreev (look->names);
  g_strfreev (look->depends);
  g_strfreev (look->conflicts);
  g_free (look->installed);
}

static KabForecastContent *
find_content (Look              *look,
              const KabResolved *resolved)
{
  KabForecastFleet *fleet = look->fleet;
  const KabInstalled *installed = resolved->installed >= 0 ? &look->installed[resolved->installed] : NULL;
  const char *uuid = resolved->package != NULL ? kab_package_get (resolved->package, "package_uuid")
                                               : installed->package_uuid;
  KabForecastContent *content = NULL;
  g_autofree char *name = NULL;

  if (resolved->package != NULL)
    content = g_hash_table_lookup (fleet->contents_by_plan, resolved->package);
  if (content == NULL && uuid != NULL)
    content = g_hash_table_lookup (fleet->contents_by_uuid, uuid);
  if (content != NULL || (resolved->package == NULL && uuid != NULL))
    return content;

  name = resolved->package != NULL
           ? g_strdup_printf ("%s %s", kab_package_get_name (resolved->package), kab_package_get_version (resolved->package))
           : g_strdup_printf ("%s %s", installed->name, installed->version);
  return g_hash_table_lookup (fleet->contents_by_name, name);
}

static void
apply (Look     *look,
       guint     planned,
       Applied  *applied)
{
  applied->resolution = kab_resolver_resolve (look->fleet->resolvers[planned], &look->agents[planned]);
  applied->identities = g_ptr_array_new ();
  applied->contents = g_ptr_array_new ();
  applied->is_complete = look->fields->rules_packages != NULL;
  for (guint i = 0; i < applied->resolution->packages->len; i++)
    {
      const KabResolved *resolved = &g_array_index (applied->resolution->packages, KabResolved, i);
      KabForecastContent *content;

      if (resolved->package != NULL && strcmp (kab_package_get_section (resolved->package), "wsus") != 0)
        continue;
      content = find_content (look, resolved);
      g_ptr_array_add (applied->identities, resolved->package != NULL ? (gpointer) resolved->package
                                                                      : GINT_TO_POINTER (resolved->installed + 1));
      if (content == NULL)
        applied->is_complete = FALSE;
      else if (content->rules != NULL)
        g_ptr_array_add (applied->contents, content);
    }
}

static gboolean
are_same (GPtrArray *a,
          GPtrArray *b)
{
  return a->len == b->len && (a->len == 0 || memcmp (a->pdata, b->pdata, a->len * sizeof (gpointer)) == 0);
}

/* How the answer hangs on signers of whom it is not known whether the host trusts them. */
typedef enum { SURE, SURE_OF_PLAN, UNSURE } Trust;

static Trust
look_at_trust (Look *look)
{
  Applied others[2] = { { NULL }, { NULL } };
  gboolean is_reached = !are_same (look->applied[0].identities, look->applied[1].identities);
  gboolean differs = FALSE;

  if (look->may_be_deaf)
    return UNSURE;
  if (!look->applied[0].resolution->assumes_trust && !look->applied[1].resolution->assumes_trust)
    return SURE;
  for (guint i = 0; i < 2; i++)
    {
      look->agents[i].doubts = TRUE;
      apply (look, i, &others[i]);
      look->agents[i].doubts = FALSE;
      differs = differs || !are_same (others[i].identities, look->applied[i].identities);
    }
  is_reached = is_reached || !are_same (others[0].identities, others[1].identities);
  applied_clear (&others[0]);
  applied_clear (&others[1]);
  return !differs ? SURE : is_reached ? UNSURE : SURE_OF_PLAN;
}

static const KabRefused *
find_refused (const KabResolution *resolution,
              const char          *name)
{
  for (guint i = 0; i < resolution->refused->len; i++)
    {
      const KabRefused *refused = resolution->refused->pdata[i];
      g_autofree char *refused_name = kab_requirement_dup_name (refused->requirement);

      if (strcmp (refused_name, name) == 0)
        return refused;
    }
  return NULL;
}

static const KabResolved *
find_taken (const KabResolution *resolution,
            const KabInstalled  *installed,
            const char          *name)
{
  for (guint i = 0; i < resolution->packages->len; i++)
    {
      const KabResolved *resolved = &g_array_index (resolution->packages, KabResolved, i);
      const char *other = resolved->package != NULL ? kab_package_get_name (resolved->package)
                                                    : installed[resolved->installed].name;

      if (strcmp (other, name) == 0)
        return resolved;
    }
  return NULL;
}

static KabOutcome
judge_package (Look       *look,
               KabPackage *package)
{
  const KabResolution *resolution = look->applied[1].resolution;
  const char *name = kab_package_get_name (package);
  const KabResolved *taken = find_taken (resolution, look->installed, name);
  const KabRefused *refused = find_refused (resolution, name);
  KabRefusal refusal;

  if (taken != NULL && taken->package == package)
    return KAB_OUTCOME_SAME;
  if (refused != NULL)
    return outcomes[refused->refusal];
  if (taken == NULL)
    return KAB_OUTCOME_NOT_ASSIGNED;
  refusal = kab_resolver_accepts (look->fleet->resolvers[1], &look->agents[1], package);
  return refusal != KAB_REFUSAL_NONE ? outcomes[refusal] : KAB_OUTCOME_VERSION;
}

static KabOutcome
judge_assignment (Look                       *look,
                  const KabPlannedAssignment *planned)
{
  g_autofree char *name = kab_requirement_dup_name (planned->requirement);
  const KabResolution *resolution = look->applied[1].resolution;
  const KabResolved *taken = find_taken (resolution, look->installed, name);
  const KabRefused *refused;

  if (planned->assignment != KAB_ASSIGN)
    return taken != NULL ? KAB_OUTCOME_KEEPS : KAB_OUTCOME_NOT_ASSIGNED;
  if (planned->kind == KAB_TARGET_HOST && strcmp (planned->target, look->fields->uuid) == 0 && look->is_deaf)
    return KAB_OUTCOME_SIGNER;
  refused = find_refused (resolution, name);
  if (refused == NULL && planned->kind != KAB_TARGET_HOST)
    refused = find_refused (resolution, planned->target);
  if (refused != NULL)
    return outcomes[refused->refusal];
  return taken != NULL ? KAB_OUTCOME_SAME : KAB_OUTCOME_NOT_ASSIGNED;
}

/* Why a host applies after the plan what it applies without it: of several reasons the one that tells most. */
static KabOutcome
judge (Look *look)
{
  KabForecastPlan *plan = look->fleet->plan;
  GPtrArray *packages = kab_forecast_plan_get_packages (plan);
  GPtrArray *assignments = kab_forecast_plan_get_assignments (plan);
  GPtrArray *removals = kab_forecast_plan_get_removals (plan);
  KabOutcome outcome = KAB_OUTCOME_NOT_ASSIGNED;

#define CONSIDER(answer) \
  do { \
    KabOutcome other = (answer); \
    if (outcome == KAB_OUTCOME_NOT_ASSIGNED || other == KAB_OUTCOME_SAME || \
        (outcome == KAB_OUTCOME_KEEPS && other != KAB_OUTCOME_NOT_ASSIGNED)) \
      outcome = other; \
  } while (0)

  for (guint i = 0; i < packages->len; i++)
    CONSIDER (judge_package (look, ((KabPlannedPackage *) packages->pdata[i])->package));
  for (guint i = 0; i < assignments->len; i++)
    CONSIDER (judge_assignment (look, assignments->pdata[i]));
  for (guint i = 0; i < removals->len; i++)
    if (find_taken (look->applied[1].resolution, look->installed, ((KabPlannedRemoval *) removals->pdata[i])->name) != NULL)
      CONSIDER (KAB_OUTCOME_KEEPS);
#undef CONSIDER

  if (outcome == KAB_OUTCOME_NOT_ASSIGNED && look->fields->ad_groups == NULL && look->fleet->in_profiles)
    outcome = KAB_OUTCOME_ASSIGNMENT_UNKNOWN;
  return outcome;
}

/* The agent's own options, as far as they are told or assumed */
static void
read_options (Look             *look,
              KabForecastGroup *group,
              KabForecastReach *reach)
{
  KabForecastPlan *plan = look->fleet->plan;
  const KabHostFields *fields = look->fields;
  gint64 delay;

  for (guint i = 0; i < 2; i++)
    {
      group->options[i].default_allow = fields->default_allow;
      group->delay_known[i] = fields->install_delay != NULL;
      if (fields->install_delay != NULL)
        group->options[i].delay_seconds = kab_duration_parse (fields->install_delay);
      if (fields->default_allow == KAB_TRISTATE_NULL)
        {
          group->options[i].default_allow = kab_forecast_plan_get_assumed_default_allow (plan);
          reach->default_assumed = group->options[i].default_allow != KAB_TRISTATE_NULL;
        }
      if (!group->delay_known[i] && kab_forecast_plan_get_assumed_delay (plan, &delay))
        {
          group->options[i].delay_seconds = delay;
          group->delay_known[i] = reach->delay_assumed = TRUE;
        }
    }
  if (kab_forecast_plan_get_new_default_allow (plan) != KAB_TRISTATE_NULL)
    group->options[1].default_allow = kab_forecast_plan_get_new_default_allow (plan);
  if (kab_forecast_plan_get_new_delay (plan, &delay))
    {
      group->options[1].delay_seconds = delay;
      group->delay_known[1] = TRUE;
    }
}

/* (nullable): severities and the wish to see superseded updates, from the agent's own file; the base of all rules */
static KabRuleSet *
make_own_rules (const KabHostFields *fields)
{
  const char * const *severity = fields->allowed_severities;
  KabRuleSetBuilder *builder;

  if (fields->lists_superseded == KAB_TRISTATE_NULL && (severity == NULL || *severity == NULL))
    return NULL;
  builder = kab_rule_set_builder_new (OWN_RULES);
  for (; severity != NULL && *severity != NULL; severity++)
    kab_rule_set_builder_add (builder, KAB_RULE_ALLOWED_SEVERITIES, *severity);
  kab_rule_set_builder_set_include_superseded (builder, fields->lists_superseded);
  return kab_rule_set_builder_end (builder);
}

static char *
dup_group_key (Look                   *look,
               const KabForecastGroup *group)
{
  const KabHostFields *fields = look->fields;
  g_autofree char *severities = fields->allowed_severities != NULL
                                  ? g_strjoinv ("\x1f", (char **) fields->allowed_severities) : NULL;
  GString *key = g_string_new (NULL);

  for (guint i = 0; i < 2; i++)
    {
      for (guint k = 0; k < look->applied[i].contents->len; k++)
        g_string_append_printf (key, "%p ", look->applied[i].contents->pdata[k]);
      g_string_append_printf (key, "| %d %" G_GINT64_FORMAT " %d ", (int) group->options[i].default_allow,
                              group->options[i].delay_seconds, group->delay_known[i]);
    }
  g_string_append_printf (key, "%d %d %d %s", group->is_reached, group->is_current, (int) fields->lists_superseded,
                          severities != NULL ? severities : "");
  return g_string_free (key, FALSE);
}

static void
fill_group (Look             *look,
            KabForecastGroup *group)
{
  KabRuleSet *own = make_own_rules (look->fields);

  for (guint i = 0; i < 2; i++)
    {
      group->sets[i] = g_ptr_array_new_with_free_func (g_object_unref);
      if (own != NULL)
        g_ptr_array_add (group->sets[i], g_object_ref (own));
      for (guint k = 0; k < look->applied[i].contents->len; k++)
        g_ptr_array_add (group->sets[i],
                         g_object_ref (((KabForecastContent *) look->applied[i].contents->pdata[k])->rules));
      for (guint k = 0; k < group->sets[i]->len; k++)
        {
          KabTristate says = kab_rule_set_get_include_superseded (group->sets[i]->pdata[k]);

          if (says != KAB_TRISTATE_NULL)
            group->shows[i] = says == KAB_TRISTATE_TRUE;
        }
    }
  g_clear_object (&own);
}

/* Nothing comes and nothing goes: the rules of the last report are those of today. */
static gboolean
is_current (Look *look)
{
  const GArray *packages = look->applied[0].resolution->packages;
  guint n_kept = 0;

  for (guint i = 0; i < packages->len; i++)
    {
      const KabResolved *resolved = &g_array_index (packages, KabResolved, i);

      if (resolved->installed >= 0)
        n_kept++;
      else if (strcmp (kab_package_get_section (resolved->package), "wsus") == 0)
        return FALSE;
    }
  return n_kept == look->agents[0].n_installed;
}

static void
find_group (Look             *look,
            KabForecastReach *reach)
{
  KabForecastFleet *fleet = look->fleet;
  KabForecastGroup *group = g_new0 (KabForecastGroup, 1);
  g_autofree char *key = NULL;
  guint index;

  read_options (look, group, reach);
  group->is_reached = reach->is_reached = !are_same (look->applied[0].identities, look->applied[1].identities) ||
                                          memcmp (&group->options[0], &group->options[1], sizeof (KabOptions)) != 0 ||
                                          group->delay_known[0] != group->delay_known[1];
  group->is_current = is_current (look);
  key = dup_group_key (look, group);
  index = GPOINTER_TO_UINT (g_hash_table_lookup (fleet->groups_by_key, key));
  if (index == 0)
    {
      fill_group (look, group);
      g_ptr_array_add (fleet->groups, group);
      index = fleet->groups->len;
      g_hash_table_insert (fleet->groups_by_key, g_steal_pointer (&key), GUINT_TO_POINTER (index));
    }
  else
    kab_forecast_group_free (group);
  reach->group_index = index - 1;
  reach->group = fleet->groups->pdata[index - 1];
}

KabForecastReach *
kab_forecast_reach_new (KabForecastFleet    *self,
                        const KabHostFields *fields)
{
  KabForecastReach *reach = g_new0 (KabForecastReach, 1);
  Trust trust;
  Look look;

  look_begin (&look, self, fields);
  apply (&look, 0, &look.applied[0]);
  apply (&look, 1, &look.applied[1]);
  reach->maturity_assumed = fields->maturities == NULL;
  reach->group_index = G_MAXUINT;

  trust = look_at_trust (&look);
  if (trust == UNSURE)
    reach->outcome = KAB_OUTCOME_SIGNER_UNKNOWN;
  else if (trust == SURE_OF_PLAN || !look.applied[0].is_complete || !look.applied[1].is_complete)
    {
      /* What both sides have and nobody knows keeps states from being told, but not that the plan changes nothing here. */
      reach->outcome = fields->rules_packages != NULL && are_same (look.applied[0].identities, look.applied[1].identities)
                         ? judge (&look) : KAB_OUTCOME_RULES_UNKNOWN;
    }
  else
    {
      find_group (&look, reach);
      reach->outcome = reach->is_reached ? KAB_OUTCOME_SAME : judge (&look);
      reach->may_list_more = reach->group->shows[1] && !reach->group->shows[0];
      if (kab_outcome_is_unknown (reach->outcome))
        reach->group = NULL;
    }

  look_end (&look);
  return reach;
}
