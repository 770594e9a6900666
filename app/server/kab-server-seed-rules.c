/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-server-seed-private.h"

#include <string.h>

#include "kab-calendar.h"
#include "kab-category.h"
#include "kab-package-builder.h"
#include "kab-wire.h"

/* What the parts of a rules file look for in the catalogue. */
typedef struct {
  GArray *updates;
  char   *this_month;      /* "2026-11" */
  char   *last_month;
} Source;

static void
package_free (gpointer data)
{
  KabSeedPackage *package = data;

  g_free (package->name);
  g_free (package->version);
  g_free (package->depends);
  g_free (package->uuid);
  g_free (package->rules);
  g_clear_object (&package->set);
  g_free (package);
}

static const KabSeedUpdate *
find_update (GArray        *updates,
             KabSeedSystem  system,
             guint          month)
{
  for (guint i = 0; i < updates->len; i++)
    {
      const KabSeedUpdate *update = &g_array_index (updates, KabSeedUpdate, i);

      if (update->systems == 1u << system && update->month == month && update->revision != 0)
        return update;
    }
  return NULL;
}

static void
add_kb (KabRuleSetBuilder   *builder,
        KabRuleList          list,
        const KabSeedUpdate *update)
{
  g_autofree char *text = NULL;

  if (update == NULL || kab_update_get_fields (update->update)->kbids == NULL ||
      kab_update_get_fields (update->update)->kbids[0] == NULL)
    return;
  text = g_strconcat ("KB", kab_update_get_fields (update->update)->kbids[0], NULL);
  kab_rule_set_builder_add (builder, list, text);
}

static void
add_month (KabRuleSetBuilder *builder,
           GArray            *updates,
           guint              month)
{
  for (guint i = 0; i < updates->len; i++)
    {
      const KabSeedUpdate *update = &g_array_index (updates, KabSeedUpdate, i);

      if (update->month == month && update->model < 0)
        kab_rule_set_builder_add (builder, KAB_RULE_ALLOWED_UPDATES, kab_update_get_id (update->update));
    }
}

/* The @skip-th update of a product in the newest month */
static void
forbid_of_product (KabRuleSetBuilder *builder,
                   GArray            *updates,
                   const char        *product,
                   guint              skip)
{
  for (guint i = 0; i < updates->len; i++)
    {
      const KabSeedUpdate *update = &g_array_index (updates, KabSeedUpdate, i);

      if (update->month == 0 && g_strcmp0 (kab_update_get_fields (update->update)->product, product) == 0 &&
          skip-- == 0)
        {
          kab_rule_set_builder_add (builder, KAB_RULE_FORBIDDEN_UPDATES, kab_update_get_id (update->update));
          return;
        }
    }
}

static void
base_rules (KabRuleSetBuilder *builder,
            Source            *source,
            guint              version)
{
  kab_rule_set_builder_add (builder, KAB_RULE_ALLOWED_CLASSIFICATIONS, "Critical Updates");
  kab_rule_set_builder_add (builder, KAB_RULE_ALLOWED_CLASSIFICATIONS, "Definition Updates");
  if (version == 11)
    {
      kab_rule_set_builder_add (builder, KAB_RULE_ALLOWED_SEVERITIES, "Critical");
      return;
    }
  kab_rule_set_builder_add (builder, KAB_RULE_ALLOWED_CLASSIFICATIONS, "Security Updates");
  kab_rule_set_builder_set_include_superseded (builder, KAB_TRISTATE_TRUE);
  if (version == 12)   /* printers failed after it, so it waits in production */
    add_kb (builder, KAB_RULE_FORBIDDEN_KBS, find_update (source->updates, KAB_SEED_W10_22H2, 0));
  else
    kab_rule_set_builder_add (builder, KAB_RULE_ALLOWED_CLASSIFICATIONS, "Update Rollups");
}

static void
base_old_rules (KabRuleSetBuilder *builder, Source *source)
{
  base_rules (builder, source, 11);
}

static void
base_current_rules (KabRuleSetBuilder *builder, Source *source)
{
  base_rules (builder, source, 12);
}

static void
base_next_rules (KabRuleSetBuilder *builder, Source *source)
{
  base_rules (builder, source, 13);
}

static void
server_rules (KabRuleSetBuilder *builder, Source *source)
{
  const KabSeedUpdate *held = find_update (source->updates, KAB_SEED_S2016, 0);

  kab_rule_set_builder_add (builder, KAB_RULE_ALLOWED_KBS, "KB890830");
  kab_rule_set_builder_add (builder, KAB_RULE_ALLOWED_SEVERITIES, "Critical");
  forbid_of_product (builder, source->updates, "Microsoft Edge", 0);
  if (held != NULL)
    kab_rule_set_builder_add (builder, KAB_RULE_FORBIDDEN_UPDATES, kab_update_get_id (held->update));
}

static void
office_rules (KabRuleSetBuilder *builder, Source *source)
{
  kab_rule_set_builder_add (builder, KAB_RULE_ALLOWED_PRODUCTS, "Office 2016");
  forbid_of_product (builder, source->updates, "Office 2016", 1);
}

static void
this_month_rules (KabRuleSetBuilder *builder, Source *source)
{
  add_month (builder, source->updates, 0);
}

static void
last_month_rules (KabRuleSetBuilder *builder, Source *source)
{
  add_month (builder, source->updates, 1);
}

static void
driver_rules (KabRuleSetBuilder *builder, Source *source)
{
  kab_rule_set_builder_add (builder, KAB_RULE_ALLOWED_CLASSIFICATIONS, "Drivers");
}

typedef void (*RulesFunc) (KabRuleSetBuilder *builder, Source *source);

/* @THIS@ and @LAST@ become the months. Which profile has which: bit sets of KabSeedProfile. */
#define P(name)   (1u << KAB_SEED_PROFILE_##name)
#define DESKS     (P (DESK) | P (DESK_OLD) | P (DESK_DELAYED) | P (DESK_PILOT) | P (DESK_LAB))
#define SERVERS   (P (SERVER) | P (SERVER_DELAYED) | P (SERVER_PILOT))
#define PILOTS    KAB_SEED_PILOTS

static const struct {
  const char *name;
  const char *version;
  const char *maturity;
  const char *section;
  const char *description;
  const char *depends;
  guint       profiles;
  RulesFunc   rules;
} recipes[] = {
  { "grp-workstations", "5", "PROD", "group", "Postes de travail / Workstations",
    "demo-wua-base,demo-wua-office,demo-wua-@LAST@", DESKS, NULL },
  { "grp-servers", "3", "PROD", "group", "Serveurs / Servers", "demo-wua-base,demo-wua-servers", SERVERS, NULL },
  { "grp-pilot", "2", "PROD", "group", "Pilot ring: tries each month first", "demo-wua-@THIS@", PILOTS, NULL },
  { "grp-lab", "1", "PROD", "group", "Lab machines", "demo-wua-drivers", P (DESK_LAB), NULL },
  { KAB_SEED_PILOTS_GROUP, "1", "PROD", "profile", "Pilots, by their group in the directory", "grp-pilot", PILOTS, NULL },
  { "OU=Servers,OU=London,OU=United Kingdom," KAB_SEED_BASE_DN, "1", "PROD", "unit", "Servers in London",
    "demo-wua-servers(>=4)", 0, NULL },
  { "demo-wua-base", "11", "PROD", "wsus", "Base rules of the company", "", P (DESK_OLD), base_old_rules },
  { "demo-wua-base", "12", "PROD", "wsus", "Base rules of the company",
    "", (DESKS | SERVERS) & ~(PILOTS | P (DESK_OLD)), base_current_rules },
  { "demo-wua-base", "13", "PREPROD", "wsus", "Base rules of the company", "", PILOTS, base_next_rules },
  { "demo-wua-servers", "4", "PROD", "wsus", "Servers: only what is critical", "", SERVERS, server_rules },
  { "demo-wua-office", "3", "PROD", "wsus", "Office 2016 on workstations", "", DESKS, office_rules },
  { "demo-wua-@LAST@", "2", "PROD", "wsus", "Approved in the month before", "", DESKS, last_month_rules },
  { "demo-wua-@THIS@", "1", "PREPROD", "wsus", "Approved this month, on trial", "", PILOTS, this_month_rules },
  { "demo-wua-drivers", "1", "DEV", "wsus", "Drivers, on lab machines only", "", P (DESK_LAB), driver_rules },
};

static char *
expand (const char *text,
        Source     *source)
{
  g_autoptr(GString) out = g_string_new (text);

  g_string_replace (out, "@THIS@", source->this_month, 0);
  g_string_replace (out, "@LAST@", source->last_month, 0);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static KabSeedPackage *
make_package (guint64  seed,
              guint    index,
              Source  *source)
{
  KabSeedPackage *package = g_new0 (KabSeedPackage, 1);
  KabSeedRandom random = kab_seed_random (seed, KAB_SEED_FOR_RULES, index);

  package->name = expand (recipes[index].name, source);
  package->version = g_strdup (recipes[index].version);
  package->maturity = recipes[index].maturity;
  package->section = recipes[index].section;
  package->description = recipes[index].description;
  package->depends = expand (recipes[index].depends, source);
  package->uuid = kab_seed_dup_guid (&random);
  if (recipes[index].rules != NULL)
    {
      g_autofree char *origin = g_strdup_printf ("%s %s", package->name, package->version);
      KabRuleSetBuilder *builder = kab_rule_set_builder_new (origin);

      recipes[index].rules (builder, source);
      package->set = kab_rule_set_builder_end (builder);
      package->rules = kab_wire_write_rules (package->set);
    }
  return package;
}

static void
set_options (KabSeedRules *self)
{
  for (guint profile = 0; profile < KAB_SEED_N_PROFILES; profile++)
    {
      self->options[profile] = (KabOptions) { KAB_TRISTATE_FALSE, 0 };
      self->maturities[profile] = "PROD";
    }
  self->maturities[KAB_SEED_PROFILE_DESK_PILOT] = "PREPROD,PROD";
  self->maturities[KAB_SEED_PROFILE_SERVER_PILOT] = "PREPROD,PROD";
  self->maturities[KAB_SEED_PROFILE_DESK_LAB] = "DEV,PREPROD,PROD";
  self->delay[KAB_SEED_PROFILE_DESK_DELAYED] = "14d";
  self->delay[KAB_SEED_PROFILE_SERVER_DELAYED] = "3w";
  self->options[KAB_SEED_PROFILE_DESK_DELAYED].delay_seconds = 14 * KAB_SECONDS_PER_DAY;
  self->options[KAB_SEED_PROFILE_SERVER_DELAYED].delay_seconds = 21 * KAB_SECONDS_PER_DAY;
}

/* What the rules engine says of every update, once per kind of host and not once per host. */
static void
judge (KabSeedRules   *self,
       KabSeedProfile  profile,
       GArray         *updates,
       gint64          now)
{
  g_autoptr(KabRulesEngine) engine = kab_rules_engine_new (&self->options[profile]);

  for (guint i = 0; i < self->installed[profile]->len; i++)
    {
      KabSeedPackage *package = self->installed[profile]->pdata[i];

      if (package->set != NULL)
        kab_rules_engine_add (engine, package->set);
    }

  self->shows_superseded[profile] = kab_rules_engine_includes_superseded (engine);
  self->verdicts[profile] = g_array_sized_new (FALSE, FALSE, sizeof (KabSeedVerdict), updates->len);
  for (guint i = 0; i < updates->len; i++)
    {
      KabSeedVerdict verdict;
      KabDecision decision;

      kab_rules_engine_decide (engine, g_array_index (updates, KabSeedUpdate, i).update, now, &decision);
      verdict = (KabSeedVerdict) { decision.verdict, decision.delayed };
      g_array_append_val (self->verdicts[profile], verdict);
    }
}

KabSeedRules *
kab_seed_rules_new (guint64  seed,
                    GArray  *updates,
                    gint64   now)
{
  KabSeedRules *self = g_new0 (KabSeedRules, 1);
  gint64 tuesday = kab_patch_tuesday_before (now);
  gint64 before = kab_patch_tuesday_before (tuesday - 1);
  Source source = { updates, NULL, NULL };
  int year, month, day;

  kab_calendar_from_days (tuesday / KAB_SECONDS_PER_DAY, &year, &month, &day);
  source.this_month = g_strdup_printf ("%04d-%02d", year, month);
  kab_calendar_from_days (before / KAB_SECONDS_PER_DAY, &year, &month, &day);
  source.last_month = g_strdup_printf ("%04d-%02d", year, month);

  set_options (self);
  self->packages = g_ptr_array_new_with_free_func (package_free);
  self->units = g_ptr_array_new ();
  for (guint profile = 0; profile < KAB_SEED_N_PROFILES; profile++)
    {
      self->installed[profile] = g_ptr_array_new ();
      self->groups[profile] = g_ptr_array_new ();
    }

  for (guint i = 0; i < G_N_ELEMENTS (recipes); i++)
    {
      KabSeedPackage *package = make_package (seed, i, &source);

      g_ptr_array_add (self->packages, package);
      if (g_str_equal (package->section, "unit"))
        g_ptr_array_add (self->units, package);
      for (guint profile = 0; profile < KAB_SEED_N_PROFILES; profile++)
        if (recipes[i].profiles & 1u << profile)
          {
            g_ptr_array_add (self->installed[profile], package);
            if (g_str_equal (package->section, "group"))
              g_ptr_array_add (self->groups[profile], package->name);
          }
    }
  for (guint profile = 0; profile < KAB_SEED_N_PROFILES; profile++)
    judge (self, profile, updates, now);

  g_free (source.this_month);
  g_free (source.last_month);
  return self;
}

void
kab_seed_rules_free (KabSeedRules *self)
{
  if (self == NULL)
    return;
  for (guint profile = 0; profile < KAB_SEED_N_PROFILES; profile++)
    {
      g_ptr_array_unref (self->installed[profile]);
      g_ptr_array_unref (self->groups[profile]);
      g_array_unref (self->verdicts[profile]);
    }
  g_ptr_array_unref (self->units);
  g_ptr_array_unref (self->packages);
  g_free (self);
}

GBytes *
kab_seed_rules_build (const KabSeedPackage  *package,
                      KabSigner             *signer,
                      gint64                 now,
                      GError               **error)
{
  g_autoptr(KabPackageBuilder) builder = kab_package_builder_new ();
  /* By the day, so that a seed that was killed writes the same files again and not others beside them. */
  gint64 signed_at = kab_calendar_midnight (now) - 5 * KAB_SECONDS_PER_DAY;

  kab_package_builder_set (builder, "package", package->name);
  kab_package_builder_set (builder, "version", package->version);
  kab_package_builder_set (builder, "architecture", "all");
  kab_package_builder_set (builder, "section", package->section);
  kab_package_builder_set (builder, "priority", "critical");
  kab_package_builder_set (builder, "maturity", package->maturity);
  kab_package_builder_set (builder, "description", package->description);
  kab_package_builder_set (builder, "depends", package->depends);
  kab_package_builder_set (builder, "min_wapt_version", "1.7.3");
  if (package->rules != NULL)
    {
      g_autoptr(GBytes) rules = g_bytes_new (package->rules, strlen (package->rules));

      /* Both places, for agents of both generations (wapt-package-format § 10). */
      kab_package_builder_add (builder, "WAPT/persistent/waptwua_rules.json", rules);
      kab_package_builder_add (builder, "WAPT/waptwua_rules.json", rules);
    }
  return kab_package_builder_sign (builder, signer, package->uuid,
                                   signed_at * G_USEC_PER_SEC, error);
}
