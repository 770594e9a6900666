/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-cli"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "kab-certificate.h"
#include "kab-cli-output.h"
#include "kab-cli-rules.h"
#include "kab-duration.h"
#include "kab-error.h"
#include "kab-forecast-job.h"
#include "kab-store.h"

/* Who vouches for a certificate: itself and those who issued it, by fingerprint. NULL without one: then whoever signs is
 * taken for somebody whom every host trusts. */
static gboolean
read_vouchers (KabCli   *cli,
               char   ***vouchers,
               GError  **error)
{
  const char *path = cli->profile->signing_certificate;
  g_autoptr(KabCertificate) certificate = NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  const char *pem;

  *vouchers = NULL;
  if (path == NULL || *path == '\0')
    return TRUE;
  certificate = kab_certificate_new_from_file (path, error);
  if (certificate == NULL)
    return FALSE;

  g_strv_builder_add (builder, kab_certificate_get_identity (certificate)->fingerprint);
  for (pem = kab_certificate_get_chain_pem (certificate); pem != NULL; pem = strstr (pem + 1, "-----BEGIN"))
    {
      g_autoptr(KabCertificate) issuer = kab_certificate_new_from_pem (pem, -1, NULL);

      if (issuer != NULL)
        g_strv_builder_add (builder, kab_certificate_get_identity (issuer)->fingerprint);
    }
  *vouchers = g_strv_builder_end (builder);

  return TRUE;
}

gboolean
kab_cli_visit_targets (KabCli             *cli,
                       KabCliTargetFunc    func,
                       gpointer            user_data,
                       GError            **error)
{
  const struct {
    KabTargetKind   kind;
    char          **words;
  } kinds[] = {
    { KAB_TARGET_HOST, cli->options.hosts },
    { KAB_TARGET_UNIT, cli->options.units },
    { KAB_TARGET_GROUP, cli->options.groups },
    { KAB_TARGET_PROFILE, cli->options.ad_groups },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (char **word = kinds[i].words; word != NULL && *word != NULL; word++)
      {
        g_autoptr(KabHost) host = NULL;
        KabStore *store = NULL;

        if (kinds[i].kind == KAB_TARGET_HOST)
          {
            store = kab_cli_open_snapshot (cli, error) ? kab_mirror_open (cli->mirror, error) : NULL;
            host = store != NULL ? kab_store_read_host (store, *word, error) : NULL;
            if (host == NULL)
              return FALSE;
          }
        func (kinds[i].kind, host != NULL ? kab_host_get_uuid (host) : *word, host != NULL ? kab_host_get_name (host) : *word,
              user_data);
      }

  return TRUE;
}

typedef struct {
  KabForecastPlan *plan;
  const char      *name;
  KabAssignment    assignment;
} Assigning;

static void
assign_cb (KabTargetKind  kind,
           const char    *target,
           const char    *name,
           gpointer       user_data)
{
  const Assigning *assigning = user_data;

  kab_forecast_plan_assign (assigning->plan, assigning->assignment, kind, target, assigning->name);
}

/* The package under its new maturity in place of the old one. */
static void
plan_promotion (KabCli             *cli,
                KabForecastPlan    *plan,
                KabPackage         *package,
                const char * const *vouchers)
{
  g_autoptr(GHashTable) control = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto(GStrv) names = kab_package_dup_attribute_names (package);
  g_autoptr(KabPackage) promoted = NULL;

  for (guint i = 0; names[i] != NULL; i++)
    g_hash_table_insert (control, names[i], (gpointer) kab_package_get (package, names[i]));
  g_hash_table_remove (control, "package_uuid");
  g_hash_table_remove (control, "signature_date");
  g_hash_table_insert (control, (gpointer) "maturity", cli->options.maturity);
  if (vouchers != NULL)
    g_hash_table_insert (control, (gpointer) "signer_fingerprint", (gpointer) vouchers[0]);
  promoted = kab_package_new (control);

  kab_forecast_plan_add_package (plan, promoted,
                                 kab_rules_context_get_rules (cli->rules, kab_package_get_name (package),
                                                              kab_package_get_version (package)), vouchers);
  kab_forecast_plan_remove_package (plan, kab_package_get_name (package), kab_package_get_version (package),
                                    kab_package_get_maturity (package));
}

static KabForecastPlan *
make_plan (KabCli   *cli,
           GError  **error)
{
  KabRulesContext *context = kab_cli_open_rules (cli, error);
  g_autoptr(KabForecastPlan) plan = kab_forecast_plan_new ();
  g_autoptr(KabRulesDocument) document = NULL;
  g_auto(GStrv) vouchers = NULL;
  Assigning assigning = { plan, NULL, cli->options.remove ? KAB_UNASSIGN : KAB_ASSIGN };
  gboolean is_file = kab_cli_is_rules_file (cli->words[0]);
  KabPackage *package = NULL;

  if (context == NULL || !read_vouchers (cli, &vouchers, error))
    return NULL;

  if (!is_file)
    {
      package = kab_cli_find_rule_package (cli, cli->words[0], error);
      if (package == NULL)
        return NULL;
      assigning.name = kab_package_get_name (package);
      if (cli->options.maturity != NULL)
        plan_promotion (cli, plan, package, (const char * const *) vouchers);
    }
  else
    {
      g_autoptr(KabForecastPlan) published = NULL;
      GPtrArray *packages;

      document = kab_cli_read_rules (cli, cli->words[0], NULL, error);
      if (document == NULL)
        return NULL;
      if (cli->options.maturity != NULL)
        kab_rules_document_set_maturity (document, cli->options.maturity);
      if (!kab_rules_document_check (document, error))
        return NULL;
      published = kab_rules_context_plan (context, document, (const char * const *) vouchers);
      packages = kab_forecast_plan_get_packages (published);
      for (guint i = 0; i < packages->len; i++)
        {
          const KabPlannedPackage *planned = packages->pdata[i];

          kab_forecast_plan_add_package (plan, planned->package, planned->rules, (const char * const *) vouchers);
        }
      assigning.name = kab_rules_document_get_name (document);
    }
  if (!kab_cli_visit_targets (cli, assign_cb, &assigning, error))
    return NULL;
  if (package != NULL && cli->options.maturity == NULL && kab_forecast_plan_get_assignments (plan)->len == 0)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE,
                           _("nothing would change: give a file with other rules, --maturity, or whom the package goes to"));
      return NULL;
    }
  kab_forecast_plan_set_signer (plan, (const char * const *) vouchers);

  return g_steal_pointer (&plan);
}

static gboolean
assume (KabCli           *cli,
        KabForecastPlan  *plan,
        GError          **error)
{
  const char *allow = cli->options.default_allow;
  gint64 seconds;

  if (allow != NULL)
    {
      gboolean yes = g_str_equal (allow, "yes") || g_ascii_strcasecmp (allow, "true") == 0 || g_str_equal (allow, "1");
      gboolean no = g_str_equal (allow, "no") || g_ascii_strcasecmp (allow, "false") == 0 || g_str_equal (allow, "0");

      if (!yes && !no)
        {
          g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, _("--default-allow is yes or no, not “%s”"), allow);
          return FALSE;
        }
      kab_forecast_plan_assume_default_allow (plan, yes ? KAB_TRISTATE_TRUE : KAB_TRISTATE_FALSE);
    }
  if (cli->options.delay != NULL)
    {
      seconds = kab_duration_parse (cli->options.delay);
      if (seconds < 0)
        {
          g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, _("“%s” is no time that agents read, such as 7d or 12h"),
                       cli->options.delay);
          return FALSE;
        }
      kab_forecast_plan_assume_delay (plan, seconds);
    }

  return TRUE;
}

KabExit
kab_cli_rules_forecast (KabCli   *cli,
                        GError  **error)
{
  g_autoptr(KabForecastPlan) plan = make_plan (cli, error);
  g_autoptr(KabJob) job = NULL;

  if (plan == NULL || !assume (cli, plan, error))
    return KAB_EXIT_FAILED;

  job = kab_forecast_job_new (cli->mirror, plan, kab_snapshot_get_limits (cli->snapshot));
  if (!kab_cli_run_job (cli, job, error))
    return KAB_EXIT_FAILED;
  kab_cli_print_forecast (cli, KAB_FORECAST_JOB (job));

  return KAB_EXIT_DONE;
}
