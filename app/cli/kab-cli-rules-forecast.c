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
#include "kab-vouchers.h"

/* Who will sign: @vouchers: NULL without a certificate, or where its chain does not say who stands behind it; then he is
 * taken for somebody whom every host trusts. */
static gboolean
read_signer (KabCli   *cli,
             char    **fingerprint,
             char   ***vouchers,
             GError  **error)
{
  const char *path = cli->profile->signing_certificate;
  g_autoptr(KabCertificate) certificate = NULL;

  if (path == NULL || *path == '\0')
    return TRUE;
  certificate = kab_certificate_new_from_file (path, error);
  if (certificate == NULL)
    return FALSE;
  *fingerprint = g_strdup (kab_certificate_get_identity (certificate)->fingerprint);
  *vouchers = kab_vouchers_find (certificate, NULL, kab_cli_get_now ());

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
            store = kab_cli_open_store (cli, error);
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
                const char         *fingerprint,
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
  if (fingerprint != NULL)
    g_hash_table_insert (control, (gpointer) "signer_fingerprint", (gpointer) fingerprint);
  promoted = kab_package_new (control);

  kab_forecast_plan_add_package (plan, promoted,
                                 kab_rules_context_get_rules (cli->rules, kab_package_get_name (package),
                                                              kab_package_get_version (package)), vouchers);
  kab_forecast_plan_remove_package (plan, kab_package_get_name (package), kab_package_get_version (package),
                                    kab_package_get_maturity (package));
}

/* What publishing a file would bring */
static KabForecastPlan *
plan_document (KabCli              *cli,
               const char * const  *vouchers,
               char               **name,
               GError             **error)
{
  g_autoptr(KabRulesDocument) document = kab_cli_read_rules (cli, cli->words[0], NULL, error);

  if (document == NULL)
    return NULL;
  if (cli->options.maturity != NULL)
    kab_rules_document_set_maturity (document, cli->options.maturity);
  if (!kab_rules_document_check (document, error))
    return NULL;
  *name = g_strdup (kab_rules_document_get_name (document));

  return kab_rules_context_plan (cli->rules, document, vouchers);
}

static gboolean
has_targets (KabCli *cli)
{
  return cli->options.hosts != NULL || cli->options.units != NULL || cli->options.groups != NULL ||
         cli->options.ad_groups != NULL;
}

/* A package that is there: another maturity, other hosts, or gone from the server */
static KabForecastPlan *
plan_package (KabCli              *cli,
              const char          *fingerprint,
              const char * const  *vouchers,
              char               **name,
              GError             **error)
{
  KabPackage *package = kab_cli_find_rule_package (cli, cli->words[0], error);
  KabForecastPlan *plan;

  if (package == NULL)
    return NULL;
  *name = g_strdup (kab_package_get_name (package));
  plan = kab_forecast_plan_new ();
  if (cli->options.maturity != NULL)
    plan_promotion (cli, plan, package, fingerprint, vouchers);
  else if (cli->options.remove && !has_targets (cli))
    kab_forecast_plan_remove_package (plan, kab_package_get_name (package), kab_package_get_version (package),
                                      kab_package_get_maturity (package));
  kab_forecast_plan_set_signer (plan, vouchers);

  return plan;
}

static gboolean
parse_delay (const char  *text,
             gint64      *seconds,
             GError     **error)
{
  *seconds = kab_duration_parse (text);
  if (*seconds < 0)
    g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, _("“%s” is no time that agents read, such as 7d or 12h"), text);

  return *seconds >= 0;
}

/* The change is one of the agents' own option. */
static gboolean
change_delay (KabCli           *cli,
              KabForecastPlan  *plan,
              GError          **error)
{
  gint64 seconds;

  if (cli->options.new_delay == NULL)
    return TRUE;
  if (!parse_delay (cli->options.new_delay, &seconds, error))
    return FALSE;
  kab_forecast_plan_change_delay (plan, seconds);

  return TRUE;
}

static KabForecastPlan *
make_plan (KabCli   *cli,
           GError  **error)
{
  g_autoptr(KabForecastPlan) plan = NULL;
  g_autofree char *fingerprint = NULL;
  g_autofree char *name = NULL;
  g_auto(GStrv) vouchers = NULL;
  Assigning assigning;

  if (kab_cli_open_rules (cli, error) == NULL || !read_signer (cli, &fingerprint, &vouchers, error))
    return NULL;
  if (cli->words[0] == NULL)
    plan = kab_forecast_plan_new ();
  else if (kab_cli_is_rules_file (cli->words[0]))
    plan = plan_document (cli, (const char * const *) vouchers, &name, error);
  else
    plan = plan_package (cli, fingerprint, (const char * const *) vouchers, &name, error);
  if (plan == NULL)
    return NULL;

  assigning = (Assigning) { plan, name, cli->options.remove ? KAB_UNASSIGN : KAB_ASSIGN };
  if (!kab_cli_visit_targets (cli, assign_cb, &assigning, error))
    return NULL;
  if (!change_delay (cli, plan, error))
    return NULL;
  if (kab_forecast_plan_get_packages (plan)->len == 0 && kab_forecast_plan_get_assignments (plan)->len == 0 &&
      kab_forecast_plan_get_removals (plan)->len == 0 && cli->options.new_delay == NULL)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE,
                           _("nothing would change: give a file with other rules, --maturity, whom the package goes to, "
                             "--remove or --new-delay"));
      return NULL;
    }

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
      if (!parse_delay (cli->options.delay, &seconds, error))
        return FALSE;
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
