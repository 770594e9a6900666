/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-cli"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-cli-output.h"
#include "kab-error.h"
#include "kab-key-store.h"
#include "kab-secrets.h"
#include "kab-signing-keys.h"

#define MAX_DAYS 36500

static const KabCliColumn columns[] = {
  { "name", N_("Name"), KAB_CELL_TEXT },
  { "valid_until", N_("Valid until"), KAB_CELL_TIME },
  { "days_left", NULL, KAB_CELL_NUMBER },
  { "expiry", N_("Validity"), KAB_CELL_TEXT },
  { "purpose", N_("Purpose"), KAB_CELL_TEXT },
  { "code_signing", NULL, KAB_CELL_BOOL },
  { "authority", NULL, KAB_CELL_BOOL },
  { "issuer", NULL, KAB_CELL_TEXT },
  { "bits", NULL, KAB_CELL_NUMBER },
  { "weak", NULL, KAB_CELL_BOOL },
  { "encrypted", NULL, KAB_CELL_BOOL },
  { "fingerprint", NULL, KAB_CELL_TEXT },
  { "certificate", N_("Certificate"), KAB_CELL_TEXT },
  { "key", N_("Key"), KAB_CELL_TEXT },
};

static char *
dup_folder (KabCli *cli)
{
  return cli->options.folder != NULL ? g_strdup (cli->options.folder) : kab_signing_keys_dup_folder ();
}

static char *
dup_expiry (const KabCli      *cli,
            const KabIdentity *identity,
            gint64             now)
{
  static const char * const words[] = {
    [KAB_EXPIRY_FINE] = "valid", [KAB_EXPIRY_SOON] = "soon", [KAB_EXPIRY_PAST] = "expired", [KAB_EXPIRY_NOT_YET] = "not-yet",
  };
  KabExpiry expiry = kab_identity_get_expiry (identity, now);
  gint64 days = kab_identity_get_days_left (identity, now);

  if (cli->format != KAB_FORMAT_TABLE)
    return g_strdup (words[expiry]);
  switch (expiry)
    {
    case KAB_EXPIRY_PAST:
      return g_strdup (_("expired: packages signed with it are refused"));
    case KAB_EXPIRY_NOT_YET:
      return g_strdup (_("not valid yet"));
    case KAB_EXPIRY_SOON:
      return g_strdup_printf (ngettext ("ends in %d day", "ends in %d days", (gulong) days), (int) days);
    case KAB_EXPIRY_FINE:
    default:
      return g_strdup (_("valid"));
    }
}

static void
add_row (KabCli            *cli,
         KabCliOutput      *output,
         const KabKeyEntry *entry)
{
  const KabIdentity *identity = entry->identity;
  gint64 now = kab_cli_get_now ();
  g_autofree char *expiry = dup_expiry (cli, identity, now);

  kab_cli_output_add_text (output, identity->name);
  kab_cli_output_add_time (output, identity->not_after);
  kab_cli_output_add_number (output, kab_identity_get_days_left (identity, now));
  kab_cli_output_add_text (output, expiry);
  kab_cli_output_add_text (output, _(kab_identity_get_purpose (identity)));
  kab_cli_output_add_bool (output, identity->can_sign_code);
  kab_cli_output_add_bool (output, identity->is_authority);
  kab_cli_output_add_text (output, identity->issuer);
  kab_cli_output_add_number (output, entry->bits);
  kab_cli_output_add_bool (output, entry->has_legacy_strength);
  kab_cli_output_add_bool (output, entry->key_is_encrypted);
  kab_cli_output_add_text (output, identity->fingerprint);
  kab_cli_output_add_text (output, entry->certificate_path);
  kab_cli_output_add_text (output, entry->key_path);
}

static KabExit
print_entry (KabCli            *cli,
             const KabKeyEntry *entry)
{
  g_autoptr(KabCliOutput) output = NULL;
  g_autofree char *text = NULL;

  if (entry == NULL)
    return KAB_EXIT_FAILED;
  output = kab_cli_output_new (cli->format, columns, G_N_ELEMENTS (columns));
  add_row (cli, output, entry);
  text = kab_cli_output_end_object (output);
  kab_cli_print (text);
  return KAB_EXIT_DONE;
}

KabExit
kab_cli_keys_list (KabCli   *cli,
                   GError  **error)
{
  g_autofree char *folder = dup_folder (cli);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GPtrArray) entries = kab_key_store_list (folder, &local_error);
  g_autoptr(KabCliOutput) output = kab_cli_output_new (cli->format, columns, G_N_ELEMENTS (columns));

  /* The folder of the desktop is made with the first key. */
  if (entries == NULL && (cli->options.folder != NULL || !g_error_matches (local_error, KAB_ERROR, KAB_ERROR_NOT_FOUND)))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return KAB_EXIT_FAILED;
    }
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    add_row (cli, output, entries->pdata[i]);
  kab_cli_output_print (output, N_("No certificate is there."));
  return KAB_EXIT_DONE;
}

/* Returns: (nullable): %NULL with @error also when there is nobody to ask */
static char *
need_secret (const char  *path,
             const char  *question,
             GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  char *secret = kab_cli_get_secret (path, question, &local_error);

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (secret == NULL || secret[0] == '\0')
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE,
                           _("a key on disk needs a passphrase; give --passphrase-file FILE"));
      g_clear_pointer (&secret, kab_secret_free);
    }
  return secret;
}

KabExit
kab_cli_keys_new (KabCli   *cli,
                  GError  **error)
{
  g_autofree char *folder = dup_folder (cli);
  g_autoptr(KabKeyEntry) entry = NULL;
  char *passphrase;

  if (cli->options.days < 0 || cli->options.days > MAX_DAYS)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, _("--days takes 1 to %d"), MAX_DAYS);
      return KAB_EXIT_FAILED;
    }
  passphrase = need_secret (cli->options.passphrase_file, _("Passphrase of the new key:"), error);
  if (passphrase == NULL)
    return KAB_EXIT_FAILED;
  entry = kab_key_store_create (folder, cli->words[0], passphrase, !cli->options.no_code, (guint) cli->options.days, error);
  kab_secret_free (passphrase);
  return print_entry (cli, entry);
}

KabExit
kab_cli_keys_import (KabCli   *cli,
                     GError  **error)
{
  g_autofree char *folder = dup_folder (cli);
  g_autoptr(KabKeyEntry) entry = NULL;
  char *passphrase = NULL;
  char *fresh = NULL;

  /* A source without a passphrase is one for which only the new one is given. */
  if (cli->options.passphrase_file != NULL || cli->options.new_passphrase_file == NULL)
    {
      passphrase = need_secret (cli->options.passphrase_file, _("Passphrase of the key:"), error);
      if (passphrase == NULL)
        return KAB_EXIT_FAILED;
    }
  if (cli->options.new_passphrase_file != NULL)
    {
      fresh = need_secret (cli->options.new_passphrase_file, "", error);
      if (fresh == NULL)
        {
          kab_secret_free (passphrase);
          return KAB_EXIT_FAILED;
        }
    }
  entry = kab_key_store_import (folder, cli->words[0], cli->options.certificate, passphrase,
                                fresh != NULL ? fresh : passphrase, error);
  kab_secret_free (passphrase);
  kab_secret_free (fresh);
  return print_entry (cli, entry);
}
