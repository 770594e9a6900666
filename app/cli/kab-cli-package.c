/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-cli"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "kab-cli-output.h"
#include "kab-error.h"
#include "kab-package-judge.h"
#include "kab-wire.h"

#define MAX_FIELDS 600      /* of one record, and some more; a package has 46 */

/* That is no fault of this program or of the file, and nothing newer would help. */
static KabExit
fail_to_read (GError  *local_error,
              GError **error)
{
  if (!g_error_matches (local_error, KAB_ERROR, KAB_ERROR_UNSUPPORTED))
    {
      g_propagate_error (error, local_error);
      return KAB_EXIT_FAILED;
    }
  g_printerr ("kabinetctl: %s\n", _("This is the package of a host, encrypted: only its host can read it."));
  g_error_free (local_error);
  return KAB_EXIT_FAILED;
}

/* Every attribute that has a value, in its order; a table leaves out what only programs read. */
static void
add_attributes (KabPackage   *package,
                KabCliColumn *columns,
                guint        *n_columns,
                char        **names)
{
  for (guint i = 0; names[i] != NULL && *n_columns < MAX_FIELDS; i++)
    {
      if (kab_package_get (package, names[i])[0] == '\0')
        continue;
      columns[*n_columns] = (KabCliColumn) { names[i], names[i], KAB_CELL_TEXT };
      if (g_str_equal (names[i], "signature") || g_str_equal (names[i], "signed_attributes"))
        columns[*n_columns].heading = NULL;
      (*n_columns)++;
    }
}

KabExit
kab_cli_package_show (KabCli   *cli,
                      GError  **error)
{
  static const KabCliColumn own[] = {
    { "filename", N_("File on a server"), KAB_CELL_TEXT },
    { "members", N_("Members"), KAB_CELL_LIST },
  };
  GError *local_error = NULL;
  g_autoptr(KabPackageReader) reader = kab_package_reader_open (cli->words[0], &local_error);
  g_autofree KabCliColumn *columns = g_new0 (KabCliColumn, MAX_FIELDS + G_N_ELEMENTS (own));
  g_autoptr(KabCliOutput) output = NULL;
  g_autofree char *file_name = NULL;
  g_autofree char *text = NULL;
  g_auto(GStrv) names = NULL;
  guint n_columns = 0;
  KabPackage *package;
  GPtrArray *members;
  g_autoptr(GStrvBuilder) list = g_strv_builder_new ();
  g_auto(GStrv) member_names = NULL;

  if (reader == NULL)
    return fail_to_read (local_error, error);
  package = kab_package_reader_get_package (reader);
  names = kab_package_dup_attribute_names (package);
  add_attributes (package, columns, &n_columns, names);
  memcpy (columns + n_columns, own, sizeof own);

  output = kab_cli_output_new (cli->format, columns, n_columns + G_N_ELEMENTS (own));
  for (guint i = 0; i < n_columns; i++)
    kab_cli_output_add_text (output, kab_package_get (package, columns[i].key));
  file_name = kab_package_dup_file_name (package, NULL);
  kab_cli_output_add_text (output, file_name);
  members = kab_package_reader_get_members (reader);
  for (guint i = 0; i < members->len; i++)
    g_strv_builder_add (list, members->pdata[i]);
  member_names = g_strv_builder_end (list);
  kab_cli_output_add_list (output, (const char * const *) member_names);

  text = kab_cli_output_end_object (output);
  kab_cli_print (text);
  return KAB_EXIT_DONE;
}

/* What a code of a judgement means to people. */
static const struct {
  const char *code;
  const char *words;
} meanings[] = {
  { "good", N_("WAPT accepts it, and both signatures and the chain are good") },
  { "no-package", N_("WAPT refuses it: it is no package") },
  { "no-control", N_("WAPT refuses it: it does not say what it is") },
  { "not-signed", N_("WAPT refuses it: it is not signed") },
  { "broken", N_("WAPT refuses it: it is not what its signer signed") },
  { "untrusted", N_("WAPT refuses it: its signer leads to nobody who is trusted") },
  { "expired", N_("WAPT refuses it: a certificate, or a revocation list, is not valid at that time") },
  { "revoked", N_("WAPT refuses it: the certificate of its signer is revoked") },
  { "not-for-code", N_("WAPT refuses it: it holds a program, and its signer may sign none") },
  { "stub", N_("WAPT accepts it, but it is unsafe: something else is before the archive") },
  { "trailing", N_("WAPT accepts it, but it is unsafe: something else is behind the archive") },
  { "member-name", N_("WAPT accepts it, but it is unsafe: a member leads out of the package, or is no name on Windows") },
  { "member-twice", N_("WAPT accepts it, but it is unsafe: a member is there twice") },
  { "member-case", N_("WAPT accepts it, but it is unsafe: two members differ only in their letters' case") },
  { "link", N_("WAPT accepts it, but it is unsafe: a member is a link") },
  { "headers", N_("WAPT accepts it, but it is unsafe: a member is described in two ways") },
  { "overlap", N_("WAPT accepts it, but it is unsafe: members share their bytes") },
  { "limit", N_("It is unsafe: it breaks a limit, and nobody should open it") },
  { "unsigned-attributes", N_("WAPT accepts it, but it is unsafe: what decides on it is not all signed") },
  { "weak-certificate", N_("WAPT accepts it, but it is unsafe: the certificate of its signer could be forged") },
  { "two-rules", N_("WAPT accepts it, but it is unsafe: agents of different age would follow different rules") },
};

static const char *
get_meaning (const KabJudgement *judgement)
{
  if (judgement->outcome == KAB_JUDGEMENT_REFUSED && g_str_equal (judgement->code, "stub"))
    return N_("WAPT refuses it: its host would take it for an encrypted package");
  for (guint i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (g_str_equal (meanings[i].code, judgement->code))
      return meanings[i].words;
  return "";
}

static gboolean
add_certificate (GPtrArray   *trusted,
                 const char  *path,
                 GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  KabCertificate *certificate = kab_certificate_new_from_file (path, &local_error);

  if (certificate != NULL)
    g_ptr_array_add (trusted, certificate);
  else
    g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE, local_error->message);
  return certificate != NULL;
}

/* A file, or every certificate of a folder such as an agent's. */
static gboolean
add_trusted (GPtrArray   *trusted,
             const char  *path,
             GError     **error)
{
  g_autoptr(GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  if (folder == NULL)
    return add_certificate (trusted, path, error);
  while ((name = g_dir_read_name (folder)) != NULL)
    if (g_str_has_suffix (name, ".crt") || g_str_has_suffix (name, ".cer") || g_str_has_suffix (name, ".pem"))
      {
        g_autofree char *file = g_build_filename (path, name, NULL);

        add_certificate (trusted, file, NULL);
      }
  return TRUE;
}

static gboolean
read_trusted (KabCli     *cli,
              GPtrArray  *trusted,
              GPtrArray  *lists,
              GError    **error)
{
  const KabCliOptions *options = &cli->options;

  for (guint i = 0; options->trust != NULL && options->trust[i] != NULL; i++)
    if (!add_trusted (trusted, options->trust[i], error))
      return FALSE;
  for (guint i = 1; cli->words[i] != NULL; i++)
    if (!add_trusted (trusted, cli->words[i], error))
      return FALSE;
  for (guint i = 0; options->revoked != NULL && options->revoked[i] != NULL; i++)
    {
      g_autoptr(GError) local_error = NULL;
      KabRevocationList *list = kab_revocation_list_new_from_file (options->revoked[i], &local_error);

      if (list == NULL)
        {
          g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE, local_error->message);
          return FALSE;
        }
      g_ptr_array_add (lists, list);
    }
  if (trusted->len > 0)
    return TRUE;
  g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE, _("whom does the agent trust? Give --trust CERT"));
  return FALSE;
}

static void
print_judgement (KabCli             *cli,
                 const KabJudgement *judgement)
{
  static const KabCliColumn columns[] = {
    { "file", NULL, KAB_CELL_TEXT },
    { "outcome", NULL, KAB_CELL_TEXT },
    { "code", NULL, KAB_CELL_TEXT },
    { "reason", NULL, KAB_CELL_TEXT },
    { "package", NULL, KAB_CELL_TEXT },
    { "version", NULL, KAB_CELL_TEXT },
    { "maturity", NULL, KAB_CELL_TEXT },
    { "signer", NULL, KAB_CELL_TEXT },
    { "signer_fingerprint", NULL, KAB_CELL_TEXT },
  };
  const KabIdentity *signer = judgement->signature != NULL ? judgement->signature->signer : NULL;
  g_autoptr(KabCliOutput) output = NULL;
  g_autofree char *text = NULL;

  if (cli->format == KAB_FORMAT_TABLE)
    {
      g_autofree char *line = g_strdelimit (g_strdup (judgement->reason), "\r\n\t\033", ' ');

      /* Translators: a sentence, then what exactly, in the words of the log */
      text = g_strdup_printf (_("%s (%s)\n"), _(get_meaning (judgement)), line);
      kab_cli_print (text);
      return;
    }
  output = kab_cli_output_new (cli->format, columns, G_N_ELEMENTS (columns));
  kab_cli_output_add_text (output, cli->words[0]);
  kab_cli_output_add_text (output, kab_judgement_outcome_get_text (judgement->outcome));
  kab_cli_output_add_text (output, judgement->code);
  kab_cli_output_add_text (output, judgement->reason);
  kab_cli_output_add_text (output, judgement->package != NULL ? kab_package_get_name (judgement->package) : NULL);
  kab_cli_output_add_text (output, judgement->package != NULL ? kab_package_get_version (judgement->package) : NULL);
  kab_cli_output_add_text (output, judgement->package != NULL ? kab_package_get_maturity (judgement->package) : NULL);
  kab_cli_output_add_text (output, signer != NULL ? signer->name : NULL);
  kab_cli_output_add_text (output, signer != NULL ? signer->fingerprint : NULL);
  text = kab_cli_output_end_object (output);
  kab_cli_print (text);
}

KabExit
kab_cli_package_verify (KabCli   *cli,
                        GError  **error)
{
  static const KabExit exits[] = {
    [KAB_JUDGEMENT_ACCEPTED] = KAB_EXIT_DONE,
    [KAB_JUDGEMENT_REFUSED] = KAB_EXIT_REFUSED,
    [KAB_JUDGEMENT_UNSAFE] = KAB_EXIT_BAD_DATA,
  };
  g_autoptr(GPtrArray) trusted = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(KabJudgement) judgement = NULL;
  GError *local_error = NULL;
  gint64 now = kab_cli_get_now ();

  if (!read_trusted (cli, trusted, lists, error))
    return KAB_EXIT_FAILED;
  if (cli->options.at != NULL)
    now = kab_wire_parse_time (cli->options.at, -1);
  if (now <= 0)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, _("--at %s: not a time such as 2026-11-21T07:30"), cli->options.at);
      return KAB_EXIT_FAILED;
    }
  judgement = kab_package_judge (cli->words[0], trusted, lists, now, &local_error);
  if (judgement == NULL)
    return fail_to_read (local_error, error);
  print_judgement (cli, judgement);
  return exits[judgement->outcome];
}
