/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-cli"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-cli-output.h"
#include "kab-ledger-deeds.h"

static const KabCliColumn columns[] = {
  { "id", NULL, KAB_CELL_NUMBER },
  { "at", N_("When"), KAB_CELL_TIME },
  { "deed", N_("What"), KAB_CELL_TEXT },
  { "package", N_("Package"), KAB_CELL_TEXT },
  { "version", N_("Version"), KAB_CELL_TEXT },
  { "maturity", N_("Maturity"), KAB_CELL_TEXT },
  { "target", N_("For"), KAB_CELL_TEXT },
  { "who", N_("Account"), KAB_CELL_TEXT },
  { "person", N_("Who"), KAB_CELL_TEXT },
  { "signer", NULL, KAB_CELL_TEXT },
  { "signer_fingerprint", NULL, KAB_CELL_TEXT },
  { "package_uuid", NULL, KAB_CELL_TEXT },
  { "filename", NULL, KAB_CELL_TEXT },
  { "sha256", NULL, KAB_CELL_TEXT },
  { "gate", NULL, KAB_CELL_TEXT },
  { "reason", N_("Why"), KAB_CELL_TEXT },
  { "note", NULL, KAB_CELL_TEXT },
};

static void
add_row (KabCliOutput *output,
         KabApproval  *approval)
{
  const char *texts[] = {
    approval->deed, approval->package, approval->version, approval->maturity, approval->target, approval->who,
    approval->person, approval->signer, approval->signer_fingerprint, approval->package_uuid, approval->file_name,
    approval->sha256, approval->gate, approval->reason, approval->note,
  };

  kab_cli_output_add_number (output, approval->id);
  kab_cli_output_add_time (output, approval->at);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    kab_cli_output_add_text (output, texts[i]);
}

/* The approval log as a whole, or of one package: what people decided, and what went out. */
KabExit
kab_cli_package_log (KabCli   *cli,
                     GError  **error)
{
  g_autoptr(KabLedger) ledger = kab_cli_open_mirror (cli, error) ? kab_mirror_open_ledger (cli->mirror, error) : NULL;
  g_autoptr(GPtrArray) approvals = NULL;
  g_autoptr(KabCliOutput) output = kab_cli_output_new (cli->format, columns, G_N_ELEMENTS (columns));

  approvals = ledger != NULL ? kab_ledger_read_approvals (ledger, cli->words[0], 0, error) : NULL;
  if (approvals == NULL)
    return KAB_EXIT_FAILED;

  for (guint i = approvals->len; i > 0; i--)
    add_row (output, approvals->pdata[i - 1]);
  kab_cli_output_print (output, N_("Nothing was published from here yet."));

  return KAB_EXIT_DONE;
}
