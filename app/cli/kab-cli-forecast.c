/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-cli"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "kab-cli-output.h"
#include "kab-cli-rules.h"
#include "kab-rules-engine.h"

static const KabCliColumn total_columns[] = {
  { "hosts", NULL, KAB_CELL_NUMBER },
  { "hosts_changed", N_("Hosts that change"), KAB_CELL_NUMBER },
  { "pairs_changed", N_("States that change"), KAB_CELL_NUMBER },
  { "catching_up", N_("Change anyway at the next scan"), KAB_CELL_NUMBER },
  { "unknown", N_("Cannot be told"), KAB_CELL_NUMBER },
  { "restarts", N_("Hosts that may restart"), KAB_CELL_NUMBER },
  { "restart_servers", N_("Servers among them"), KAB_CELL_NUMBER },
  { "updates_to_fetch", N_("Updates the server must fetch"), KAB_CELL_NUMBER },
  { "files_to_fetch", N_("Files"), KAB_CELL_NUMBER },
  { "bytes_to_fetch", N_("Bytes"), KAB_CELL_NUMBER },
  { "bytes_at_most", NULL, KAB_CELL_BOOL },
  { "sizes_unknown", NULL, KAB_CELL_NUMBER },
  { "updates_nobody_needs", N_("Allowed updates nobody needs"), KAB_CELL_NUMBER },
  { "updates_overruled", N_("Allowed updates that another line forbids"), KAB_CELL_NUMBER },
  { "default_allow_unknown", N_("Hosts whose default_allow is not known"), KAB_CELL_NUMBER },
  { "install_delay_unknown", N_("Hosts whose install_delay is not known"), KAB_CELL_NUMBER },
  { "maturity_assumed", N_("Hosts taken for PROD, as they do not say"), KAB_CELL_NUMBER },
  { "pairs_cut", NULL, KAB_CELL_BOOL },
  { "data_of", N_("Data of"), KAB_CELL_TIME },
};

static const KabCliColumn ring_columns[] = {
  { "ring", N_("Ring"), KAB_CELL_TEXT },
  { "hosts", N_("Hosts"), KAB_CELL_NUMBER },
  { "hosts_changed", N_("Change"), KAB_CELL_NUMBER },
  { "pairs_changed", N_("States"), KAB_CELL_NUMBER },
  { "restarts", N_("Restarts"), KAB_CELL_NUMBER },
  { "reached", N_("Reached"), KAB_CELL_BOOL },
};

static const KabCliColumn outcome_columns[] = {
  { "outcome", N_("Hosts"), KAB_CELL_TEXT },
  { "hosts", N_("Count"), KAB_CELL_NUMBER },
};

static const KabCliColumn row_columns[] = {
  { "update_id", NULL, KAB_CELL_TEXT },
  { "kbids", N_("KB"), KAB_CELL_LIST },
  { "title", NULL, KAB_CELL_TEXT },
  { "kind", NULL, KAB_CELL_TEXT },
  { "ring", N_("Ring"), KAB_CELL_TEXT },
  { "before", N_("Before"), KAB_CELL_TEXT },
  { "after", N_("After"), KAB_CELL_TEXT },
  { "hosts", N_("Hosts"), KAB_CELL_NUMBER },
  { "hosts_delayed", NULL, KAB_CELL_NUMBER },
  { "verdict", NULL, KAB_CELL_TEXT },
  { "reason", N_("Because of"), KAB_CELL_TEXT },
  { "line", N_("Line"), KAB_CELL_TEXT },
  { "package", N_("Package"), KAB_CELL_TEXT },
  { "to_fetch", NULL, KAB_CELL_BOOL },
};

static const KabCliColumn pair_columns[] = {
  { "uuid", NULL, KAB_CELL_TEXT },
  { "computer_name", N_("Host"), KAB_CELL_TEXT },
  { "update_id", NULL, KAB_CELL_TEXT },
  { "kbids", N_("KB"), KAB_CELL_LIST },
  { "kind", N_("Kind"), KAB_CELL_TEXT },
  { "ring", N_("Ring"), KAB_CELL_TEXT },
  { "before", N_("Before"), KAB_CELL_TEXT },
  { "after", N_("After"), KAB_CELL_TEXT },
  { "title", N_("Title"), KAB_CELL_TEXT },
};

static const char * const kind_texts[] = {
  [KAB_FORECAST_EFFECT] = "effect",
  [KAB_FORECAST_CATCH_UP] = "catching-up",
  [KAB_FORECAST_UNKNOWN] = "unknown",
};

/* @state: -1 = none */
static void
add_state (KabCliOutput *output,
           int           state)
{
  kab_cli_output_add_word (output, state >= 0 ? kab_forecast_state_get_text ((guint) state) : NULL,
                           state >= 0 ? kab_forecast_state_get_label ((guint) state) : NULL);
}

static const char *
ring_of (KabForecast *forecast,
         guint        ring)
{
  guint n;
  const KabForecastRing *rings = kab_forecast_get_rings (forecast, &n);

  return ring < n ? rings[ring].name : "";
}

static KabCliOutput *
new_totals (KabCli         *cli,
            KabForecastJob *job)
{
  KabCliOutput *output = kab_cli_output_new (cli->format, total_columns, G_N_ELEMENTS (total_columns));
  const KabForecastTotals *totals = kab_forecast_get_totals (kab_forecast_job_get_forecast (job));

  kab_cli_output_add_number (output, totals->n_hosts);
  kab_cli_output_add_number (output, totals->outcomes[KAB_OUTCOME_CHANGES]);
  kab_cli_output_add_number (output, (gint64) totals->n_pairs[KAB_FORECAST_EFFECT]);
  kab_cli_output_add_number (output, (gint64) totals->n_pairs[KAB_FORECAST_CATCH_UP]);
  kab_cli_output_add_number (output, (gint64) totals->n_pairs[KAB_FORECAST_UNKNOWN]);
  kab_cli_output_add_number (output, totals->n_restarts);
  kab_cli_output_add_number (output, totals->n_restart_servers);
  kab_cli_output_add_number (output, totals->n_fetched);
  kab_cli_output_add_number (output, totals->n_files);
  kab_cli_output_add_number (output, (gint64) totals->bytes);
  kab_cli_output_add_bool (output, totals->bytes_at_most);
  kab_cli_output_add_number (output, totals->n_sizes_unknown);
  kab_cli_output_add_number (output, totals->n_unneeded);
  kab_cli_output_add_number (output, totals->n_overruled);
  kab_cli_output_add_number (output, totals->n_default_unknown);
  kab_cli_output_add_number (output, totals->n_delay_unknown);
  kab_cli_output_add_number (output, totals->n_maturity_assumed);
  kab_cli_output_add_bool (output, totals->is_cut);
  kab_cli_output_add_time (output, kab_forecast_job_get_data_at (job));

  return output;
}

static KabCliOutput *
new_rings (KabCli      *cli,
           KabForecast *forecast)
{
  KabCliOutput *output = kab_cli_output_new (cli->format, ring_columns, G_N_ELEMENTS (ring_columns));
  guint n;
  const KabForecastRing *rings = kab_forecast_get_rings (forecast, &n);

  for (guint i = 0; i < n; i++)
    {
      kab_cli_output_add_text (output, rings[i].name);
      kab_cli_output_add_number (output, rings[i].n_hosts);
      kab_cli_output_add_number (output, rings[i].n_changing);
      kab_cli_output_add_number (output, (gint64) rings[i].n_pairs);
      kab_cli_output_add_number (output, rings[i].n_restarts);
      kab_cli_output_add_bool (output, rings[i].is_reached);
    }

  return output;
}

static KabCliOutput *
new_outcomes (KabCli      *cli,
              KabForecast *forecast)
{
  KabCliOutput *output = kab_cli_output_new (cli->format, outcome_columns, G_N_ELEMENTS (outcome_columns));
  const KabForecastTotals *totals = kab_forecast_get_totals (forecast);

  for (guint i = 0; i < KAB_N_OUTCOMES; i++)
    {
      if (totals->outcomes[i] == 0)
        continue;
      kab_cli_output_add_word (output, kab_outcome_get_text (i), kab_outcome_get_label (i));
      kab_cli_output_add_number (output, totals->outcomes[i]);
    }

  return output;
}

static void
add_move (KabCliOutput          *output,
          KabForecast           *forecast,
          const KabForecastRow  *row,
          const KabForecastMove *move)
{
  const KabUpdateFields *fields = kab_update_get_fields (row->update);
  gboolean is_decided = row->decision.line != NULL || row->decision.reason >= KAB_REASON_DEFAULT_ALLOW;

  kab_cli_output_add_text (output, fields->update_id);
  kab_cli_output_add_list (output, fields->kbids);
  kab_cli_output_add_text (output, fields->title);
  kab_cli_output_add_text (output, move != NULL ? kind_texts[move->kind] : "unneeded");
  kab_cli_output_add_text (output, move != NULL ? ring_of (forecast, move->ring) : NULL);
  add_state (output, move != NULL ? (int) move->before : -1);
  add_state (output, move != NULL ? (int) move->after : -1);
  kab_cli_output_add_number (output, move != NULL ? move->n_pairs : 0);
  kab_cli_output_add_number (output, row->n_hosts_delayed);
  kab_cli_output_add_text (output, is_decided ? kab_verdict_get_text (row->decision.verdict) : NULL);
  kab_cli_output_add_text (output, is_decided ? kab_reason_get_text (row->decision.reason) : NULL);
  kab_cli_output_add_text (output, row->decision.line);
  kab_cli_output_add_text (output, row->decision.origin);
  kab_cli_output_add_bool (output, row->is_fetched);
}

/* One row a move: an update in one ring from one state to another. */
static KabCliOutput *
new_rows (KabCli      *cli,
          KabForecast *forecast)
{
  KabCliOutput *output = kab_cli_output_new (cli->format, row_columns, G_N_ELEMENTS (row_columns));
  guint n;
  const KabForecastRow *rows = kab_forecast_get_rows (forecast, &n);

  for (guint i = 0; i < n; i++)
    {
      if (rows[i].n_moves == 0 && cli->format != KAB_FORMAT_TABLE)
        add_move (output, forecast, &rows[i], NULL);
      for (guint j = 0; j < rows[i].n_moves; j++)
        if (rows[i].moves[j].kind == KAB_FORECAST_EFFECT || cli->format != KAB_FORMAT_TABLE)
          add_move (output, forecast, &rows[i], &rows[i].moves[j]);
    }

  return output;
}

static KabCliOutput *
new_pairs (KabCli      *cli,
           KabForecast *forecast)
{
  KabCliOutput *output = kab_cli_output_new (cli->format, pair_columns, G_N_ELEMENTS (pair_columns));
  const KabForecastRow *rows = kab_forecast_get_rows (forecast, NULL);
  guint64 n = kab_forecast_get_n_pairs (forecast);

  for (guint64 i = 0; i < n; i++)
    {
      const KabUpdateFields *fields;
      KabForecastPair pair;
      KabForecastHost host;

      kab_forecast_get_pair (forecast, i, &pair);
      kab_forecast_get_host (forecast, pair.host, &host);
      fields = kab_update_get_fields (rows[pair.row].update);
      kab_cli_output_add_text (output, host.uuid);
      kab_cli_output_add_text (output, host.name);
      kab_cli_output_add_text (output, fields->update_id);
      kab_cli_output_add_list (output, fields->kbids);
      kab_cli_output_add_text (output, kind_texts[pair.kind]);
      kab_cli_output_add_text (output, ring_of (forecast, host.ring));
      add_state (output, (int) pair.before);
      add_state (output, (int) pair.after);
      kab_cli_output_add_text (output, fields->title);
    }

  return output;
}

void
kab_cli_print_forecast (KabCli         *cli,
                        KabForecastJob *job)
{
  KabForecast *forecast = kab_forecast_job_get_forecast (job);
  g_autoptr(KabCliOutput) totals = new_totals (cli, job);
  g_autoptr(KabCliOutput) rings = new_rings (cli, forecast);
  g_autoptr(KabCliOutput) outcomes = new_outcomes (cli, forecast);
  g_autoptr(KabCliOutput) rows = new_rows (cli, forecast);
  g_autoptr(KabCliOutput) pairs = cli->options.pairs ? new_pairs (cli, forecast) : NULL;
  g_autofree char *row_text = kab_cli_output_end (rows);
  g_autofree char *pair_text = pairs != NULL ? kab_cli_output_end (pairs) : NULL;
  g_autofree char *ring_text = NULL;
  g_autofree char *outcome_text = NULL;
  g_autofree char *total_text = NULL;
  g_autofree char *text = NULL;

  if (cli->format == KAB_FORMAT_CSV)
    {
      kab_cli_print (pair_text != NULL ? pair_text : row_text);
      return;
    }

  ring_text = kab_cli_output_end (rings);
  outcome_text = kab_cli_output_end (outcomes);
  if (cli->format == KAB_FORMAT_JSON)
    {
      total_text = kab_cli_output_end_members (totals);
      text = g_strdup_printf ("{%s,\"rings\":%s,\"outcomes\":%s,\"updates\":%s%s%s}\n", total_text, ring_text, outcome_text,
                              row_text, pair_text != NULL ? ",\"pairs\":" : "", pair_text != NULL ? pair_text : "");
    }
  else
    {
      total_text = kab_cli_output_end_object (totals);
      text = g_strdup_printf ("%s\n%s\n%s\n%s%s%s", total_text, ring_text, outcome_text, row_text,
                              pair_text != NULL ? "\n" : "", pair_text != NULL ? pair_text : "");
    }
  kab_cli_print (text);
}
