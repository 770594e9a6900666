/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-cli"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-cli-output.h"
#include "kab-store.h"
#include "kab-wire.h"

/* What the whole fleet comes to. */
typedef struct {
  guint   n_updates;
  guint   n_hosts;
  guint64 states[KAB_N_STATES];       /* pairs of all hosts, counted or not */
  guint64 n_pairs;
} Totals;

static void
sum_up (KabSnapshot *snapshot,
        Totals      *totals)
{
  const KabHostRecord *hosts = kab_snapshot_get_hosts (snapshot, &totals->n_hosts);

  kab_snapshot_get_updates (snapshot, &totals->n_updates);
  for (guint i = 0; i < totals->n_hosts; i++)
    {
      for (guint state = 0; state < KAB_N_STATES; state++)
        {
          totals->states[state] += hosts[i].counts[state];
          totals->n_pairs += hosts[i].counts[state];
        }
    }
}

/* "3 hours ago" */
static char *
format_age (gint64 seconds)
{
  if (seconds < 60)
    return g_strdup (_("less than a minute ago"));
  if (seconds < 60 * 60)
    return g_strdup_printf (ngettext ("%d minute ago", "%d minutes ago", (gulong) (seconds / 60)), (int) (seconds / 60));
  if (seconds < 2 * 24 * 60 * 60)
    return g_strdup_printf (ngettext ("%d hour ago", "%d hours ago", (gulong) (seconds / 3600)), (int) (seconds / 3600));

  return g_strdup_printf (ngettext ("%d day ago", "%d days ago", (gulong) (seconds / 86400)), (int) (seconds / 86400));
}

static void
append_member (GString    *out,
               const char *key,
               const char *text)
{
  g_string_append_printf (out, ",\"%s\":", key);
  if (text != NULL)
    kab_wire_append_text (out, text);
  else
    g_string_append (out, "null");
}

static void
print_json (KabCli       *cli,
            const Totals *totals,
            const char   *url,
            const char   *level,
            const char   *version)
{
  g_autoptr(GString) out = g_string_new ("{");
  gint64 synced_at = kab_snapshot_get_synced_at (cli->snapshot);
  gint64 catalogue_at = kab_snapshot_get_catalogue_at (cli->snapshot);
  g_autofree char *synced = kab_wire_format_time (synced_at);
  g_autofree char *catalogue = catalogue_at > 0 ? kab_wire_format_time (catalogue_at) : NULL;

  g_string_append_printf (out, "\"updates\":%u,\"hosts\":%u,\"hosts_counted\":%u,\"hosts_restart\":%u,"
                          "\"pairs\":%" G_GUINT64_FORMAT ",\"states\":{",
                          totals->n_updates, totals->n_hosts, kab_snapshot_count_counted (cli->snapshot),
                          kab_snapshot_count_restarts (cli->snapshot), totals->n_pairs);
  for (guint i = 0; i < KAB_N_STATES; i++)
    g_string_append_printf (out, "%s\"%s\":%" G_GUINT64_FORMAT, i > 0 ? "," : "", kab_state_get_text (i),
                            totals->states[i]);
  g_string_append (out, "},\"host_states\":{");
  for (guint i = 0; i < KAB_N_HOST_STATES; i++)
    g_string_append_printf (out, "%s\"%s\":%u", i > 0 ? "," : "", kab_host_state_get_text (i),
                            kab_snapshot_count_hosts (cli->snapshot, i));
  g_string_append_printf (out, "},\"age_seconds\":%" G_GINT64_FORMAT, MAX (kab_cli_get_now () - synced_at, 0));
  append_member (out, "synced_at", synced);
  append_member (out, "catalogue_at", catalogue);
  append_member (out, "level", level);
  append_member (out, "server", url);
  append_member (out, "version", version);
  append_member (out, "store", kab_mirror_get_path (cli->mirror));
  g_string_append (out, "}\n");
  kab_cli_print (out->str);
}

static void
print_csv (KabCli       *cli,
           const Totals *totals)
{
  static const KabCliColumn columns[] = {
    { "kind", N_("Kind"), KAB_CELL_TEXT },
    { "state", N_("State"), KAB_CELL_TEXT },
    { "count", N_("Count"), KAB_CELL_NUMBER },
  };
  g_autoptr(KabCliOutput) output = kab_cli_output_new (cli->format, columns, G_N_ELEMENTS (columns));

  for (guint i = 0; i < KAB_N_HOST_STATES; i++)
    {
      kab_cli_output_add_text (output, "hosts");
      kab_cli_output_add_text (output, kab_host_state_get_text (i));
      kab_cli_output_add_number (output, kab_snapshot_count_hosts (cli->snapshot, i));
    }
  for (guint i = 0; i < KAB_N_STATES; i++)
    {
      kab_cli_output_add_text (output, "pairs");
      kab_cli_output_add_text (output, kab_state_get_text (i));
      kab_cli_output_add_number (output, (gint64) totals->states[i]);
    }
  kab_cli_output_print (output, NULL);
}

/* The level of a sync in words: what it costs to look. */
static const char *
describe_level (const char *level)
{
  if (g_strcmp0 (level, "bulk") == 0)
    return _("bulk (one answer for all hosts)");
  if (g_strcmp0 (level, "configured") == 0)
    return _("configured (paths given by the administrator)");
  if (g_strcmp0 (level, "open") == 0)
    return _("open (one question per changed host)");

  return "";
}

static void
append_line (GString    *out,
             const char *words,
             const char *value)
{
  g_autofree char *harmless = kab_cli_dup_harmless (value);

  g_string_append_printf (out, "%s\t%s\n", words, harmless);
}

static void
append_count (GString    *out,
              const char *words,
              guint64     count)
{
  g_autofree char *value = g_strdup_printf ("%10" G_GUINT64_FORMAT, count);
  g_autofree char *indented = g_strconcat ("  ", words, NULL);

  append_line (out, indented, value);
}

static void
print_table (KabCli       *cli,
             const Totals *totals,
             const char   *url,
             const char   *level,
             const char   *version)
{
  g_autoptr(GString) out = g_string_new (NULL);
  gint64 synced_at = kab_snapshot_get_synced_at (cli->snapshot);
  g_autofree char *age = format_age (MAX (kab_cli_get_now () - synced_at, 0));
  g_autofree char *date = kab_cli_format_time (synced_at);
  g_autofree char *catalogue = kab_cli_format_time (kab_snapshot_get_catalogue_at (cli->snapshot));
  /* Translators: %1$s is a date, %2$s how long ago that was */
  g_autofree char *synced = g_strdup_printf (_("%1$s (%2$s)"), date, age);
  guint counted = kab_snapshot_count_counted (cli->snapshot);
  guint compliant = kab_snapshot_count_hosts (cli->snapshot, KAB_HOST_STATE_COMPLIANT);
  /* Translators: %1$u of %2$u hosts have every update that they should have */
  g_autofree char *compliance = g_strdup_printf (_("%1$u of %2$u counted hosts"), compliant, counted);

  append_line (out, _("Server"), url != NULL ? url : "");
  append_line (out, _("Version"), version != NULL ? version : "");
  append_line (out, _("Last sync"), synced);
  append_line (out, _("Level"), describe_level (level));
  append_line (out, _("Catalogue"), catalogue);
  append_line (out, _("Compliant"), compliance);

  g_string_append_printf (out, "\n%s\n", _("Hosts"));
  for (guint i = 0; i < KAB_N_HOST_STATES; i++)
    append_count (out, _(kab_host_state_get_label (i)), kab_snapshot_count_hosts (cli->snapshot, i));
  append_count (out, C_("hosts", "All"), totals->n_hosts);

  g_string_append_printf (out, "\n%s\n", _("Updates on hosts"));
  for (guint i = 0; i < KAB_N_STATES; i++)
    append_count (out, _(kab_state_get_label (i)), totals->states[i]);
  append_count (out, _("All"), totals->n_pairs);
  g_string_append_c (out, '\n');
  append_count (out, _("Updates known"), totals->n_updates);
  kab_cli_print_aligned (out->str);
}

KabExit
kab_cli_status (KabCli   *cli,
                GError  **error)
{
  g_autofree char *url = NULL;
  g_autofree char *level = NULL;
  g_autofree char *version = NULL;
  Totals totals = { 0 };
  KabStore *store = kab_cli_open_store (cli, error);

  if (store == NULL)
    return KAB_EXIT_FAILED;
  url = kab_store_read_value (store, "server_url");
  level = kab_store_read_value (store, "level");
  version = kab_store_read_value (store, "server_version");
  sum_up (cli->snapshot, &totals);

  switch (cli->format)
    {
    case KAB_FORMAT_JSON:
      print_json (cli, &totals, url, level, version);
      break;
    case KAB_FORMAT_CSV:
      print_csv (cli, &totals);
      break;
    case KAB_FORMAT_TABLE:
    default:
      print_table (cli, &totals, url, level, version);
      break;
    }

  return KAB_EXIT_DONE;
}
