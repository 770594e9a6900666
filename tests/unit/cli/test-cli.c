/* test-cli.c: what is printed can be read by people, programs and spreadsheets, and runs in none of them
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "kab-cli-output.h"
#include "kab-error.h"

static void
test_csv (void)
{
  const struct {
    const char *in;
    const char *out;
  } cases[] = {
    { "", "" },
    { "plain", "plain" },
    { "a,b", "\"a,b\"" },
    { "say \"hi\"", "\"say \"\"hi\"\"\"" },
    { "two\nlines", "\"two\nlines\"" },
    { "=1+1", "\"'=1+1\"" },
    { "+cmd|' /C calc'!A0", "\"'+cmd|' /C calc'!A0\"" },
    { "-2+3+cmd", "\"'-2+3+cmd\"" },
    { "@SUM(A1)", "\"'@SUM(A1)\"" },
    { "\t=1", "\"'\t=1\"" },
    { "\r=1", "\"'\r=1\"" },
    { "=\"a\"", "\"'=\"\"a\"\"\"" },
    { "-5", "-5" },
    { "+3.25", "+3.25" },
    { "-", "\"'-\"" },
    { "--5", "\"'--5\"" },
    { "a=b", "a=b" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GString) out = g_string_new (NULL);

      kab_cli_csv_append (out, cases[i].in);
      g_assert_cmpstr (out->str, ==, cases[i].out);
    }
}

static const KabCliColumn columns[] = {
  { "uuid", NULL, KAB_CELL_TEXT },
  { "computer_name", "Name", KAB_CELL_TEXT },
  { "pending", "Pending", KAB_CELL_NUMBER },
  { "last_seen_on", "Last seen", KAB_CELL_TIME },
  { "reachable", "Connected", KAB_CELL_BOOL },
  { "kbids", "KB", KAB_CELL_LIST },
};

static KabCliOutput *
new_output (KabFormat format)
{
  static const char * const kbs[] = { "5031354", "5031356", NULL };
  KabCliOutput *output = kab_cli_output_new (format, columns, G_N_ELEMENTS (columns));

  kab_cli_output_add_text (output, "u-1");
  kab_cli_output_add_text (output, "=PC\x1b[31m\n1");
  kab_cli_output_add_number (output, 12);
  kab_cli_output_add_time (output, 1700000000);
  kab_cli_output_add_bool (output, TRUE);
  kab_cli_output_add_list (output, kbs);

  kab_cli_output_add_text (output, "u-2");
  kab_cli_output_add_text (output, NULL);
  kab_cli_output_add_number (output, 3);
  kab_cli_output_add_time (output, 0);
  kab_cli_output_add_bool (output, FALSE);
  kab_cli_output_add_joined (output, "");

  return output;
}

static void
test_json (void)
{
  g_autoptr(KabCliOutput) output = new_output (KAB_FORMAT_JSON);
  g_autoptr(KabCliOutput) none = kab_cli_output_new (KAB_FORMAT_JSON, columns, G_N_ELEMENTS (columns));
  g_autofree char *text = kab_cli_output_end (output);
  g_autofree char *empty = kab_cli_output_end (none);

  g_assert_cmpstr (text, ==,
                   "[\n"
                   "{\"uuid\":\"u-1\",\"computer_name\":\"=PC\\u001b[31m\\n1\",\"pending\":12,"
                   "\"last_seen_on\":\"2023-11-14T22:13:20\",\"reachable\":true,\"kbids\":[\"5031354\",\"5031356\"]},\n"
                   "{\"uuid\":\"u-2\",\"computer_name\":null,\"pending\":3,"
                   "\"last_seen_on\":null,\"reachable\":false,\"kbids\":[]}\n"
                   "]\n");
  g_assert_cmpstr (empty, ==, "[]\n");
}

static void
test_csv_rows (void)
{
  g_autoptr(KabCliOutput) output = new_output (KAB_FORMAT_CSV);
  g_autofree char *text = kab_cli_output_end (output);

  g_assert_cmpstr (text, ==,
                   "uuid,computer_name,pending,last_seen_on,reachable,kbids\r\n"
                   "u-1,\"'=PC\x1b[31m\n1\",12,2023-11-14T22:13:20,true,\"5031354, 5031356\"\r\n"
                   "u-2,,3,,false,\r\n");
}

static void
test_harmless (void)
{
  const struct {
    const char *in;
    const char *out;
  } cases[] = {
    { "Postes été – 日本", "Postes été – 日本" },
    { "a\x1b[31m\tb\x7f", "a [31m b " },
    { "a\302\233 31m", "a  31m" },                                        /* CSI as one sign, U+009B */
    { "invoice\342\200\256txt.exe", "invoicetxt.exe" },                    /* U+202E turns what follows */
    { "\342\201\246x\342\201\251\342\200\217\330\234y\342\200\250z", "xy z" },
    { "bad\377byte", "bad\357\277\275byte" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *out = kab_cli_dup_harmless (cases[i].in);

      g_assert_cmpstr (out, ==, cases[i].out);
    }
}

/* A long list of one thing stands in lines below each other. */
static void
test_object (void)
{
  static const KabCliColumn shown[] = {
    { "name", "Name", KAB_CELL_TEXT }, { "rules", "Rules", KAB_CELL_LIST }, { "size", "Size", KAB_CELL_NUMBER },
  };
  static const char * const rules[] = {
    "0123456789012345678901234567890123456789", "0123456789012345678901234567890123456789", "the last one", NULL
  };
  g_autoptr(KabCliOutput) output = kab_cli_output_new (KAB_FORMAT_TABLE, shown, G_N_ELEMENTS (shown));
  g_autofree char *text = NULL;

  kab_cli_output_add_text (output, "a");
  kab_cli_output_add_list (output, rules);
  kab_cli_output_add_size (output, 0);
  text = kab_cli_output_end_object (output);
  g_assert_cmpstr (text, ==,
                   "Name   a\n"
                   "Rules  0123456789012345678901234567890123456789, 0123456789012345678901234567890123456789,\n"
                   "       the last one\n");
}

/* A host's name must not colour the terminal or break the table. */
static void
test_table (void)
{
  g_autoptr(KabCliOutput) output = new_output (KAB_FORMAT_TABLE);
  g_autofree char *text = kab_cli_output_end (output);

  g_assert_cmpstr (text, ==,
                   "Name        Pending  Last seen         Connected  KB\n"
                   "=PC [31m 1       12  2023-11-14 22:13  yes        5031354, 5031356\n"
                   "                  3                    no         \n");
}

static void
test_exit_codes (void)
{
  const struct {
    KabError error;
    KabExit  exit;
  } cases[] = {
    { KAB_ERROR_FAILED, 1 },
    { KAB_ERROR_USAGE, 2 },
    { KAB_ERROR_REFUSED, 3 },
    { KAB_ERROR_NETWORK, 4 },
    { KAB_ERROR_AUTH, 5 },
    { KAB_ERROR_UNTRUSTED, 6 },
    { KAB_ERROR_BAD_DATA, 6 },
    { KAB_ERROR_BAD_SIGNATURE, 6 },
    { KAB_ERROR_STORAGE, 7 },
  };
  g_autoptr(GError) cancelled = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "x");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = g_error_new_literal (KAB_ERROR, (int) cases[i].error, "x");

      g_assert_cmpint (kab_cli_exit_of (error), ==, cases[i].exit);
    }
  g_assert_cmpint (kab_cli_exit_of (cancelled), ==, 130);
  g_assert_cmpint (kab_cli_exit_of (NULL), ==, 0);
}

/* What is typed, and which verb is understood; NULL = refused */
static void
test_parsing (void)
{
  const struct {
    const char *line;
    const char *verb;
    const char *words;
  } cases[] = {
    { "sync", "sync", "" },
    { "--profile x sync", "sync", "" },
    { "sync --format json", "sync", "" },
    { "sync --format xml", NULL, NULL },
    { "sync now", NULL, NULL },
    { "updates list severity:critical teams", "updates list", "severity:critical|teams" },
    { "updates list -- -teams", "updates list", "-teams" },
    { "updates list -- -- x", "updates list", "--|x" },
    { "updates list --descending --limit 3", "updates list", "" },
    { "updates list --limit three", NULL, NULL },
    { "updates", NULL, NULL },
    { "updates lst", NULL, NULL },
    { "updates show", NULL, NULL },
    { "updates show a b", NULL, NULL },
    { "hosts show PC-1", "hosts show", "PC-1" },
    { "hosts show --limit 3 PC-1", NULL, NULL },
    { "status --password-file x", "status", "" },
    { "status --key x", NULL, NULL },
    { "explain PC-1", NULL, NULL },
    { "explain PC-1 KB5", "explain", "PC-1|KB5" },
    { "tasks trigger scan a b --update x --update y", "tasks trigger", "scan|a|b" },
    { "tasks trigger scan", NULL, NULL },
    { "--frobnicate sync", NULL, NULL },
    { "", NULL, NULL },
    { "frobnicate", NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *line = g_strconcat ("kabinetctl ", cases[i].line, NULL);
      g_auto(GStrv) argv = g_strsplit (g_strchomp (line), " ", -1);
      g_autoptr(GError) error = NULL;
      g_autofree char *words = NULL;
      const KabCliVerb *verb = NULL;
      KabCli cli = { 0 };

      g_test_message ("%s", line);
      g_assert_true (kab_cli_parse (&cli, (int) g_strv_length (argv), argv, &verb, &error) == (cases[i].verb != NULL));
      if (cases[i].verb != NULL)
        {
          g_assert_cmpstr (verb->name, ==, cases[i].verb);
          words = g_strjoinv ("|", cli.words);
          g_assert_cmpstr (words, ==, cases[i].words);
        }
      else
        g_assert_error (error, KAB_ERROR, KAB_ERROR_USAGE);
      kab_cli_clear (&cli);
    }
}

static void
test_help (void)
{
  guint n_verbs;
  const KabCliVerb *verbs = kab_cli_get_verbs (&n_verbs);
  g_autofree char *all = kab_cli_get_help (NULL);

  for (guint i = 0; i < n_verbs; i++)
    {
      g_autofree char *help = kab_cli_get_help (&verbs[i]);

      g_assert_nonnull (strstr (all, verbs[i].name));
      g_assert_nonnull (strstr (help, verbs[i].name));
      g_assert_nonnull (strstr (help, "--format"));
      g_assert_null (strstr (help, "\n\n\n"));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cli/csv", test_csv);
  g_test_add_func ("/cli/csv-rows", test_csv_rows);
  g_test_add_func ("/cli/json", test_json);
  g_test_add_func ("/cli/table", test_table);
  g_test_add_func ("/cli/harmless", test_harmless);
  g_test_add_func ("/cli/object", test_object);
  g_test_add_func ("/cli/exit-codes", test_exit_codes);
  g_test_add_func ("/cli/parsing", test_parsing);
  g_test_add_func ("/cli/help", test_help);

  return g_test_run ();
}
