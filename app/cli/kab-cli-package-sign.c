/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-cli"

#include "config.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "kab-cli-output.h"
#include "kab-error.h"
#include "kab-package-resign.h"
#include "kab-secrets.h"

KabSigner *
kab_cli_open_signer (KabCli   *cli,
                     GError  **error)
{
  const KabCliOptions *options = &cli->options;
  char *passphrase = NULL;
  KabSigner *signer;

  if (options->key == NULL || options->certificate == NULL)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE,
                           _("whose signature? Give --key FILE and --certificate FILE"));
      return NULL;
    }
  if (options->passphrase_file != NULL || kab_signer_key_needs_passphrase (options->key))
    {
      g_autoptr(GError) local_error = NULL;

      passphrase = kab_cli_get_secret (options->passphrase_file, _("Passphrase of the key:"), &local_error);
      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
    }
  signer = kab_signer_new (options->certificate, options->key, passphrase, error);
  kab_secret_free (passphrase);
  return signer;
}

static gboolean
add_version (GHashTable  *changes,
             KabPackage  *package,
             GError     **error)
{
  char *next = kab_version_dup_next (kab_package_get_version (package));

  if (next == NULL)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, _("%s is no version that has a next one"),
                   kab_package_get_version (package));
      return FALSE;
    }
  g_hash_table_replace (changes, g_strdup ("version"), next);
  return TRUE;
}

/* (element-type utf8 utf8) */
static GHashTable *
read_changes (KabCli      *cli,
              KabPackage  *package,
              GError     **error)
{
  static const char * const ours[] = { "package_uuid", "signer", "signer_fingerprint", "signature", "signature_date",
                                       "signed_attributes", "filename", "size", "md5sum", NULL };
  g_autoptr(GHashTable) changes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const KabCliOptions *options = &cli->options;

  for (guint i = 0; options->set != NULL && options->set[i] != NULL; i++)
    {
      const char *equals = strchr (options->set[i], '=');
      g_autofree char *name = equals != NULL ? g_ascii_strdown (options->set[i], equals - options->set[i]) : NULL;

      if (name == NULL || name[0] == '\0' || g_strv_contains (ours, name))
        {
          g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, _("--set %s: not NAME=VALUE of an attribute that can be set"),
                       options->set[i]);
          return NULL;
        }
      g_hash_table_replace (changes, g_steal_pointer (&name), g_strdup (equals + 1));
    }
  if (options->maturity != NULL)
    g_hash_table_replace (changes, g_strdup ("maturity"), g_strdup (options->maturity));
  if (options->next_version && !add_version (changes, package, error))
    return NULL;
  return g_steal_pointer (&changes);
}

/* Beside the target, then renamed: whoever reads it sees the old package or the new one. */
static gboolean
sign_file (KabPackageReader  *reader,
           KabSigner         *signer,
           GHashTable        *changes,
           gboolean           keeps_date,
           const char        *uuid,
           const char        *path,
           GError           **error)
{
  g_autofree char *beside = g_strdup_printf ("%s.%s.part", path, uuid);
  gint64 date = keeps_date ? KAB_PACKAGE_KEEP_DATE : kab_package_get_wall_clock ();

  if (!kab_package_resign_to_file (reader, signer, changes, uuid, date, beside, error))
    return FALSE;
  if (g_rename (beside, path) == 0)
    return TRUE;
  g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, _("%s cannot be written"), path);
  g_unlink (beside);
  return FALSE;
}

static void
print_signed (KabCli     *cli,
              KabPackage *package,
              const char *path)
{
  static const KabCliColumn columns[] = {
    { "file", N_("File"), KAB_CELL_TEXT },
    { "package", N_("Package"), KAB_CELL_TEXT },
    { "version", N_("Version"), KAB_CELL_TEXT },
    { "maturity", N_("Maturity"), KAB_CELL_TEXT },
    { "package_uuid", N_("Package UUID"), KAB_CELL_TEXT },
    { "signer", N_("Signer"), KAB_CELL_TEXT },
    { "signature_date", N_("Signed"), KAB_CELL_TEXT },
  };
  g_autoptr(KabCliOutput) output = kab_cli_output_new (cli->format, columns, G_N_ELEMENTS (columns));
  g_autofree char *text = NULL;

  kab_cli_output_add_text (output, path);
  for (guint i = 1; i < G_N_ELEMENTS (columns); i++)
    kab_cli_output_add_text (output, i == 3 ? kab_package_get_maturity (package)
                                            : kab_package_get (package, columns[i].key));
  text = kab_cli_output_end_object (output);
  kab_cli_print (text);
}

KabExit
kab_cli_package_sign (KabCli   *cli,
                      GError  **error)
{
  const char *path = cli->options.out != NULL ? cli->options.out : cli->words[0];
  g_autoptr(KabPackageReader) reader = kab_package_reader_open (cli->words[0], error);
  g_autofree char *uuid = g_uuid_string_random ();
  g_autoptr(KabPackageReader) made = NULL;
  g_autoptr(GHashTable) changes = NULL;
  g_autoptr(KabSigner) signer = NULL;

  if (reader == NULL)
    return KAB_EXIT_FAILED;
  changes = read_changes (cli, kab_package_reader_get_package (reader), error);
  if (changes != NULL)
    signer = kab_cli_open_signer (cli, error);
  if (signer == NULL ||
      !sign_file (reader, signer, changes, cli->options.keep_date, uuid, path, error))
    return KAB_EXIT_FAILED;
  made = kab_package_reader_open (path, error);
  if (made == NULL)
    return KAB_EXIT_FAILED;
  print_signed (cli, kab_package_reader_get_package (made), path);
  return KAB_EXIT_DONE;
}
