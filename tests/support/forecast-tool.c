/* forecast-tool.c: a forecast as JSON, for tests and benches: forecast-tool MIRROR PLAN.json [--pairs] [--runs N]
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kab-forecast-job.h"
#include "kab-wire.h"

static GStrv
read_list (JsonObject *object,
           const char *name)
{
  return json_object_has_member (object, name) ? kab_json_dup_strv (object, name) : NULL;
}

static void
read_package (JsonArray *array,
              guint      index,
              JsonNode  *node,
              gpointer   user_data)
{
  JsonObject *object = json_node_get_object (node);
  JsonObject *control = json_object_get_object_member (object, "control");
  g_autoptr(GHashTable) attributes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GList) names = json_object_get_members (control);
  g_auto(GStrv) vouchers = read_list (object, "vouchers");
  g_autoptr(KabPackage) package = NULL;
  g_autoptr(KabRuleSet) rules = NULL;

  for (GList *l = names; l != NULL; l = l->next)
    g_hash_table_insert (attributes, g_strdup (l->data), g_strdup (json_object_get_string_member (control, l->data)));
  package = kab_package_new (attributes);
  if (json_object_has_member (object, "rules"))
    {
      const char *text = json_object_get_string_member (object, "rules");
      g_autofree char *origin = g_strdup_printf ("%s %s", kab_package_get_name (package), kab_package_get_version (package));

      rules = kab_wire_read_rules (text, strlen (text), origin, NULL);
    }
  kab_forecast_plan_add_package (user_data, package, rules, (const char * const *) vouchers);
}

static void
read_removal (JsonArray *array,
              guint      index,
              JsonNode  *node,
              gpointer   user_data)
{
  JsonObject *object = json_node_get_object (node);

  kab_forecast_plan_remove_package (user_data, kab_json_get_text (object, "name"), kab_json_get_text (object, "version"),
                                    kab_json_get_text (object, "maturity"));
}

static void
read_assignment (JsonArray *array,
                 guint      index,
                 JsonNode  *node,
                 gpointer   user_data)
{
  JsonObject *object = json_node_get_object (node);
  const char *what = kab_json_get_text (object, "assignment");
  KabTargetKind kind = KAB_TARGET_HOST;

  while (kind < KAB_N_TARGET_KINDS - 1 &&
         g_strcmp0 (kab_target_kind_get_section (kind), kab_json_get_text (object, "kind")) != 0)
    kind++;
  kab_forecast_plan_assign (user_data, g_strcmp0 (what, "forbid") == 0 ? KAB_FORBID
                                       : g_strcmp0 (what, "unassign") == 0 ? KAB_UNASSIGN : KAB_ASSIGN,
                            kind, kab_json_get_text (object, "target"), kab_json_get_text (object, "requirement"));
}

static KabForecastPlan *
read_plan (JsonObject *object)
{
  KabForecastPlan *plan = kab_forecast_plan_new ();
  g_auto(GStrv) signer = read_list (object, "signer");
  static const struct {
    const char       *name;
    JsonArrayForeach  read;
  } parts[] = { { "packages", read_package }, { "removals", read_removal }, { "assignments", read_assignment } };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (json_object_has_member (object, parts[i].name))
      json_array_foreach_element (json_object_get_array_member (object, parts[i].name), parts[i].read, plan);
  if (signer != NULL)
    kab_forecast_plan_set_signer (plan, (const char * const *) signer);
  kab_forecast_plan_assume_default_allow (plan, kab_json_get_tristate (object, "assumed_default_allow"));
  kab_forecast_plan_change_default_allow (plan, kab_json_get_tristate (object, "new_default_allow"));
  if (json_object_has_member (object, "assumed_delay"))
    kab_forecast_plan_assume_delay (plan, json_object_get_int_member (object, "assumed_delay"));
  if (json_object_has_member (object, "new_delay"))
    kab_forecast_plan_change_delay (plan, json_object_get_int_member (object, "new_delay"));
  return plan;
}

static void
print_pairs (KabForecast *forecast)
{
  static const char * const kinds[] = { "effect", "catch-up", "unknown" };
  const KabForecastRow *rows = kab_forecast_get_rows (forecast, NULL);
  guint64 n = kab_forecast_get_n_pairs (forecast);

  printf (",\"pairs\":[");
  for (guint64 i = 0; i < n; i++)
    {
      KabForecastPair pair;
      KabForecastHost host;

      kab_forecast_get_pair (forecast, i, &pair);
      kab_forecast_get_host (forecast, pair.host, &host);
      printf ("%s[\"%s\",\"%s\",\"%s\",\"%s\",\"%s\"]", i > 0 ? ",\n" : "", host.uuid,
              kab_update_get_id (rows[pair.row].update), kab_forecast_state_get_text (pair.before),
              kab_forecast_state_get_text (pair.after), kinds[pair.kind]);
    }
  printf ("],\"hosts\":{");
  for (guint i = 0; i < kab_forecast_get_n_hosts (forecast); i++)
    {
      KabForecastHost host;

      kab_forecast_get_host (forecast, i, &host);
      printf ("%s\"%s\":[\"%s\",%s]", i > 0 ? ",\n" : "", host.uuid, kab_outcome_get_text (host.outcome),
              host.restarts ? "true" : "false");
    }
  printf ("}");
}

static void
print_rings (KabForecast *forecast)
{
  guint n;
  const KabForecastRing *rings = kab_forecast_get_rings (forecast, &n);

  printf (",\"rings\":{");
  for (guint i = 0; i < n; i++)
    printf ("%s\"%s\":[%u,%u,%" G_GUINT64_FORMAT ",%u,%d]", i > 0 ? "," : "", rings[i].name, rings[i].n_hosts,
            rings[i].n_changing, rings[i].n_pairs, rings[i].n_restarts, rings[i].is_reached);
  printf ("}");
}

static void
print (KabForecastJob *job,
       gboolean        with_pairs)
{
  KabForecast *forecast = kab_forecast_job_get_forecast (job);
  const KabForecastTotals *totals = kab_forecast_get_totals (forecast);
  guint n_rows;

  kab_forecast_get_rows (forecast, &n_rows);
  printf ("{\"duration_us\":%" G_GINT64_FORMAT ",\"n_hosts\":%u,\"n_updates\":%u,\"effects\":%" G_GUINT64_FORMAT
          ",\"catch_up\":%" G_GUINT64_FORMAT ",\"unknown\":%" G_GUINT64_FORMAT ",\"rows\":%u,\"restarts\":%u"
          ",\"restart_servers\":%u,\"fetched\":%u,\"files\":%u,\"bytes\":%" G_GUINT64_FORMAT ",\"at_most\":%d"
          ",\"unneeded\":%u,\"overruled\":%u,\"may_list_more\":%u,\"default_unknown\":%u,\"delay_unknown\":%u,\"is_cut\":%d",
          kab_forecast_job_get_duration (job), totals->n_hosts, totals->n_updates, totals->n_pairs[KAB_FORECAST_EFFECT],
          totals->n_pairs[KAB_FORECAST_CATCH_UP], totals->n_pairs[KAB_FORECAST_UNKNOWN], n_rows, totals->n_restarts,
          totals->n_restart_servers, totals->n_fetched, totals->n_files, totals->bytes, totals->bytes_at_most,
          totals->n_unneeded, totals->n_overruled, totals->n_may_list_more, totals->n_default_unknown,
          totals->n_delay_unknown, totals->is_cut);
  printf (",\"outcomes\":{");
  for (guint i = 0; i < KAB_N_OUTCOMES; i++)
    printf ("%s\"%s\":%u", i > 0 ? "," : "", kab_outcome_get_text ((KabOutcome) i), totals->outcomes[i]);
  printf ("}");
  print_rings (forecast);
  if (with_pairs)
    print_pairs (forecast);
  printf ("}\n");
}

int
main (int    argc,
      char **argv)
{
  gboolean with_pairs = FALSE;
  int n_runs = 1;
  const GOptionEntry entries[] = {
    { "pairs", 0, 0, G_OPTION_ARG_NONE, &with_pairs, "List pairs and hosts", NULL },
    { "runs", 0, 0, G_OPTION_ARG_INT, &n_runs, "One line for each", "N" },
    { NULL }
  };
  g_autoptr(GOptionContext) context = g_option_context_new ("MIRROR PLAN");
  g_autoptr(KabMirror) mirror = NULL;
  g_autoptr(KabForecastPlan) plan = NULL;
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  KabLimits limits = { 0, 14, 30 };
  gsize length;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 3 ||
      !g_file_get_contents (argv[2], &text, &length, &error) || (node = kab_wire_parse (text, (gssize) length, &error)) == NULL)
    {
      fprintf (stderr, "%s\n", error != NULL ? error->message : "forecast-tool MIRROR PLAN [--pairs] [--runs N]");
      return 2;
    }
  plan = read_plan (json_node_get_object (node));
  limits.now = json_object_get_int_member_with_default (json_node_get_object (node), "now",
                                                        g_get_real_time () / G_USEC_PER_SEC);
  mirror = kab_mirror_new (argv[1]);
  for (int i = 0; i < n_runs; i++)
    {
      g_autoptr(KabJob) job = kab_forecast_job_new (mirror, plan, &limits);

      if (!kab_job_run (job, NULL, &error))
        {
          fprintf (stderr, "%s\n", error->message);
          return 1;
        }
      print (KAB_FORECAST_JOB (job), with_pairs);
    }
  return 0;
}
