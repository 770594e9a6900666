/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-badge.h"
#include "kab-detail-lines.h"
#include "kab-door.h"
#include "kab-facts.h"
#include "kab-format.h"
#include "kab-query-text.h"
#include "kab-state-bar.h"
#include "kab-update-parts.h"
#include "kab-updates-columns.h"

/* A chain this long is cut, with the number of those that follow. */
#define MAX_CHAIN 12
#define MAX_HISTORY 20

void
kab_update_parts_fill_head (GtkBox                *box,
                            const KabUpdateRecord *record)
{
  GtkBox *line = GTK_BOX (kab_facts_add_line (box));
  g_autofree char *verdict = kab_update_record_dup_verdict (record);

  kab_badge_set_severity (kab_detail_add_badge (line), record->severity);
  if (record->superseded)
    kab_badge_set_state (kab_detail_add_badge (line), KAB_STATE_SUPERSEDED, _("Another known update replaces it"));
  kab_badge_set (kab_detail_add_badge (line), kab_update_record_verdict_kind (record),
                 kab_update_record_verdict_icon (record), verdict, _("What the hosts that lack it report"));
}

static char *
dup_state_query (KabState state,
                 gpointer user_data)
{
  return kab_update_dup_hosts_query (user_data, 1u << state);
}

static void
add_hosts (GtkBox                *box,
           const KabUpdateRecord *record)
{
  GtkWidget *bar;
  guint total = 0;
  g_autofree char *count = NULL;
  g_autofree char *heading = NULL;

  for (guint state = 0; state < KAB_N_STATES; state++)
    total += record->counts[state];
  count = kab_format_count (total);
  heading = g_strdup_printf (ngettext ("On %s host", "On %s hosts", total), count);
  kab_facts_add_heading (box, heading);
  if (total == 0)
    {
      kab_facts_add_dim (box, _("No host reports it."));
      return;
    }
  bar = kab_state_bar_new ();
  kab_state_bar_set_counts (KAB_STATE_BAR (bar), "hosts", record->counts, dup_state_query,
                            (gpointer) record->update_id);
  gtk_box_append (box, bar);
}

/* Returns: %NULL when no line of the package is about the update */
static char *
describe_verdict (const KabPackageVerdict *verdict)
{
  const char *line = verdict->line != NULL ? verdict->line : "";

  switch (verdict->reason)
    {
    case KAB_REASON_FORBIDDEN_UPDATE:
    case KAB_REASON_FORBIDDEN_KB:
      /* Translators: %s is the line of the rules that forbids the update */
      return g_strdup_printf (_("Forbidden, line “%s”"), line);
    case KAB_REASON_ALLOWED_UPDATE:
    case KAB_REASON_ALLOWED_KB:
      /* Translators: %s is the line of the rules that allows the update */
      return g_strdup_printf (_("Allowed, line “%s”"), line);
    case KAB_REASON_ALLOWED_PRODUCT:
      return g_strdup_printf (_("Allowed by its product “%s”"), line);
    case KAB_REASON_ALLOWED_SEVERITY:
      return g_strdup_printf (_("Allowed by its severity “%s”"), line);
    case KAB_REASON_ALLOWED_CLASSIFICATION:
      return g_strdup_printf (_("Allowed by its classification “%s”"), line);
    case KAB_REASON_DEFAULT_ALLOW:
    case KAB_REASON_DEFAULT_DENY:
    case KAB_REASON_NO_RULES:
    default:
      return NULL;
    }
}

/* "demo-wua-base 12" → what `package:` wants */
static char *
dup_package_query (const char *origin)
{
  g_autofree char *quoted = kab_query_quote (origin);

  return g_strconcat ("package:", quoted, NULL);
}

static void
add_package (GtkBox                  *box,
             const KabPackageVerdict *verdict)
{
  g_autofree char *query = dup_package_query (verdict->origin);
  g_autofree char *count = kab_format_count (verdict->n_hosts);
  g_autofree char *hosts = g_strdup_printf (ngettext ("%s host", "%s hosts", verdict->n_hosts), count);
  GtkWidget *line = kab_facts_add_line (box);
  GtkWidget *name = kab_facts_new_text (verdict->origin);
  GtkWidget *door = kab_door_new ("hosts", query, hosts);

  kab_door_set_count (KAB_DOOR (door), verdict->n_hosts);
  gtk_widget_add_css_class (name, "heading");
  gtk_box_append (GTK_BOX (line), name);
  gtk_box_append (GTK_BOX (line), door);
}

static void
add_verdicts (GtkBox          *box,
              KabUpdateDetail *detail)
{
  g_autoptr(GPtrArray) silent = g_ptr_array_new ();

  kab_facts_add_heading (box, _("Verdict"));
  if (detail->verdicts == NULL || detail->verdicts->len == 0)
    {
      kab_facts_add_dim (box, _("No rule package is known. The agents’ default applies."));
      return;
    }

  for (guint i = 0; i < detail->verdicts->len; i++)
    {
      const KabPackageVerdict *verdict = detail->verdicts->pdata[i];
      g_autofree char *words = describe_verdict (verdict);

      if (words != NULL)
        {
          add_package (box, verdict);
          kab_facts_add_text (box, words);
        }
      else
        g_ptr_array_add (silent, (gpointer) verdict);
    }

  /* Those that say nothing come last, with one sentence for all. */
  if (silent->len > 0)
    kab_facts_add_dim (box, ngettext ("Does not name it: the agent’s default applies",
                                      "These do not name it: the agent’s default applies", silent->len));
  for (guint i = 0; i < silent->len; i++)
    add_package (box, silent->pdata[i]);
}

static void
add_chain (GtkBox     *box,
           const char *heading,
           GPtrArray  *updates)
{
  GtkWidget *line;

  if (updates == NULL || updates->len == 0)
    return;

  kab_facts_add_heading (box, heading);
  line = kab_facts_add_line (box);
  kab_detail_add_updates (GTK_BOX (line), updates, MAX_CHAIN);
}

static void
add_files (GtkBox                *box,
           const KabUpdateFields *fields)
{
  g_autofree char *size = kab_format_size_at_most (fields->max_download_size);
  g_autofree char *date = kab_format_date (fields->downloaded_at);
  g_autofree char *since = NULL;
  GtkWidget *grid;

  kab_facts_add_heading (box, _("Files"));
  grid = kab_facts_add_grid (box);
  if (fields->downloaded_at > 0)
    /* Translators: %s is a date */
    since = g_strdup_printf (_("yes, since %s"), date);
  kab_facts_add (GTK_GRID (grid), _("On the server"), since != NULL ? since : _("no"));
  kab_facts_add (GTK_GRID (grid), _("Size"), size);
  if (fields->download_urls == NULL || fields->download_urls[0] == NULL)
    {
      kab_facts_add_dim (box, _("No host has told the address of a file."));
      return;
    }

  for (guint i = 0; fields->download_urls[i] != NULL; i++)
    {
      g_autofree char *name = kab_download_url_dup_name (fields->download_urls[i]);
      g_autofree char *sha1 = kab_download_url_dup_sha1 (fields->download_urls[i]);

      kab_facts_add_code (GTK_GRID (grid), _("File"), name);
      kab_facts_add_code (GTK_GRID (grid), _("SHA-1"), sha1);
      kab_facts_add_code (GTK_GRID (grid), _("Address"), fields->download_urls[i]);
    }
}

static const char *
format_restart (const char *behaviour)
{
  static const struct { const char *value, *words; } known[] = {
    { "0", N_("never") }, { "1", N_("always") }, { "2", N_("may be required") },
    { "never", N_("never") }, { "neverreboots", N_("never") },
    { "always", N_("always") }, { "alwaysrequiresreboot", N_("always") },
    { "canrequestreboot", N_("may be required") }, { "may", N_("may be required") },
  };

  for (guint i = 0; behaviour != NULL && i < G_N_ELEMENTS (known); i++)
    if (g_ascii_strcasecmp (behaviour, known[i].value) == 0)
      return _(known[i].words);

  return behaviour;
}

static void
add_facts (GtkBox                *box,
           const KabUpdateFields *fields)
{
  GtkWidget *grid;
  g_autofree char *date = kab_format_date (fields->changed_at);
  g_autofree char *bulletins = kab_detail_join (fields->security_bulletin_ids);
  g_autofree char *languages = kab_detail_join (fields->languages);

  kab_facts_add_heading (box, _("Facts"));
  grid = kab_facts_add_grid (box);
  for (guint i = 0; fields->kbids != NULL && fields->kbids[i] != NULL; i++)
    {
      g_autofree char *kb = g_strconcat ("KB", fields->kbids[i], NULL);

      kab_facts_add_code (GTK_GRID (grid), _("Article"), kb);
    }
  kab_facts_add_code (GTK_GRID (grid), _("Update ID"), fields->update_id);
  kab_facts_add (GTK_GRID (grid), _("Published"), date);
  kab_facts_add (GTK_GRID (grid), _("Product"), fields->product);
  kab_facts_add (GTK_GRID (grid), _("Classification"), fields->classification);
  kab_facts_add (GTK_GRID (grid), _("Type"), fields->update_type);
  kab_facts_add (GTK_GRID (grid), _("Restart"), format_restart (fields->reboot_behaviour));
  if (fields->is_uninstallable != KAB_TRISTATE_NULL)
    kab_facts_add (GTK_GRID (grid), _("Can be removed"),
                   fields->is_uninstallable == KAB_TRISTATE_TRUE ? _("yes") : _("no"));
  if (fields->is_beta == KAB_TRISTATE_TRUE)
    kab_facts_add (GTK_GRID (grid), _("Beta"), _("yes"));
  if (fields->is_mandatory == KAB_TRISTATE_TRUE)
    kab_facts_add (GTK_GRID (grid), _("Mandatory"), _("yes"));
  kab_facts_add (GTK_GRID (grid), _("Bulletins"), bulletins);
  kab_facts_add (GTK_GRID (grid), _("Languages"), languages);
  if (fields->release_notes != NULL && *fields->release_notes != '\0')
    kab_facts_add (GTK_GRID (grid), _("Notes"), fields->release_notes);
}

static void
add_failures (GtkBox          *box,
              KabUpdateDetail *detail)
{
  if (detail->failures == NULL || detail->failures->len == 0)
    return;

  kab_facts_add_heading (box, _("Failures"));
  for (guint i = 0; i < detail->failures->len; i++)
    {
      const KabFailureGroup *failure = &g_array_index (detail->failures, KabFailureGroup, i);
      g_autofree char *count = kab_format_count (failure->n_hosts);
      g_autofree char *hosts = g_strdup_printf (ngettext ("%s host", "%s hosts", failure->n_hosts),
                                                count);
      g_autofree char *update = kab_update_dup_hosts_query (kab_update_get_id (detail->update),
                                                            1u << KAB_STATE_ERROR);
      GtkWidget *line = kab_detail_add_failure (box, failure->result);

      gtk_box_append (GTK_BOX (line), kab_door_new ("hosts", detail->failures->len == 1 ? update : NULL, hosts));
    }
}

static void
add_history (GtkBox          *box,
             KabUpdateDetail *detail,
             KabSnapshot     *snapshot)
{
  GtkWidget *grid;

  if (detail->history == NULL || detail->history->len == 0)
    return;

  kab_facts_add_heading (box, _("History"));
  grid = kab_facts_add_grid (box);
  for (guint i = 0; i < MIN (detail->history->len, MAX_HISTORY); i++)
    {
      const KabHistoryEntry *change = detail->history->pdata[i];
      int index = kab_snapshot_find_host (snapshot, change->host);
      const char *name = index >= 0 ? kab_snapshot_get_hosts (snapshot, NULL)[index].name : change->host;
      g_autofree char *when = kab_format_date (change->from);
      /* Translators: a host and the state that an update has on it since then */
      g_autofree char *what = g_strdup_printf (_("%1$s: %2$s"), name, kab_format_state (change->state));

      kab_facts_add (GTK_GRID (grid), when, what);
    }
}

void
kab_update_parts_fill (GtkBox                *box,
                       const KabUpdateRecord *record,
                       KabUpdateDetail       *detail,
                       KabSnapshot           *snapshot)
{
  const KabUpdateFields *fields;

  add_hosts (box, record);
  if (detail == NULL)
    return;

  fields = kab_update_get_fields (detail->update);
  add_verdicts (box, detail);
  add_chain (box, _("Replaced By"), detail->superseded_by);
  add_chain (box, _("Replaces"), detail->supersedes);
  add_files (box, fields);
  add_failures (box, detail);
  add_facts (box, fields);
  add_history (box, detail, snapshot);
}
