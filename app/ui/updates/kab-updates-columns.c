/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <string.h>
#include <glib/gi18n.h>

#include "kab-category.h"
#include "kab-column.h"
#include "kab-format.h"
#include "kab-query.h"
#include "kab-updates-columns.h"

#define NEEDED ((1 << KAB_STATE_PENDING) | (1 << KAB_STATE_MISSING) | (1 << KAB_STATE_ERROR))

static const KabUpdateRecord *
get (gpointer item)
{
  return kab_record_get_update (KAB_RECORD (item));
}

/* Doors */

char *
kab_update_dup_hosts_query (const char *update_id,
                            guint       mask)
{
  g_autoptr(GString) query = g_string_new ("update:");
  g_autofree char *plain = NULL;
  const char *comma = "";

  if (mask == 0)
    {
      plain = kab_query_quote (update_id);
      g_string_append (query, plain);
    }
  for (guint state = 0; state < KAB_N_STATES; state++)
    {
      g_autofree char *folded = NULL;
      g_autofree char *value = NULL;
      g_autofree char *quoted = NULL;

      if ((mask & (1u << state)) == 0)
        continue;
      folded = g_ascii_strdown (kab_state_get_text (state), -1);
      value = g_strconcat (update_id, "/", folded, NULL);
      quoted = kab_query_quote (value);
      g_string_append_printf (query, "%s%s", comma, quoted);
      comma = ",";
    }

  return g_string_free (g_steal_pointer (&query), FALSE);
}

static char *
dup_needed_query (gpointer item)
{
  return kab_update_record_needed (get (item)) > 0
         ? kab_update_dup_hosts_query (get (item)->update_id, NEEDED) : NULL;
}

static char *
dup_installed_query (gpointer item)
{
  return get (item)->counts[KAB_STATE_OK] > 0
         ? kab_update_dup_hosts_query (get (item)->update_id, 1 << KAB_STATE_OK) : NULL;
}

static char *
dup_errors_query (gpointer item)
{
  return get (item)->counts[KAB_STATE_ERROR] > 0
         ? kab_update_dup_hosts_query (get (item)->update_id, 1 << KAB_STATE_ERROR) : NULL;
}

/* Verdict */

char *
kab_update_record_dup_verdict (const KabUpdateRecord *record)
{
  guint n_all = record->n_allowed + record->n_not_allowed;
  g_autofree char *some = NULL;
  g_autofree char *all = NULL;

  if (n_all == 0)
    return g_strdup (C_("verdict", "Undecided"));
  if (record->n_not_allowed == 0)
    return g_strdup (C_("verdict", "Allowed"));
  if (record->n_allowed == 0)
    return g_strdup (C_("verdict", "Forbidden"));

  some = kab_format_count (record->n_allowed);
  all = kab_format_count (n_all);
  /* Translators: hosts that allow an update, of those that say: "Allowed on 118 of 1,941" */
  return g_strdup_printf (C_("verdict", "Allowed on %1$s of %2$s"), some, all);
}

const char *
kab_update_record_verdict_kind (const KabUpdateRecord *record)
{
  if (record->n_allowed + record->n_not_allowed == 0)
    return "neutral";
  if (record->n_not_allowed == 0)
    return "success";
  return record->n_allowed == 0 ? "error" : "warning";
}

const char *
kab_update_record_verdict_icon (const KabUpdateRecord *record)
{
  if (record->n_allowed + record->n_not_allowed == 0)
    return "dialog-question-symbolic";
  return record->n_allowed == 0 ? "action-unavailable-symbolic" : "emblem-ok-symbolic";
}

/* Texts */

const char *
kab_update_record_get_short (const KabUpdateRecord *record)
{
  return *record->kbs != '\0' ? record->kbs : record->update_id;
}

KAB_CELL (severity, g_strdup (kab_format_severity (get (item)->severity)))

static void
bind_severity (KabBadge *badge,
               gpointer  item)
{
  kab_badge_set_severity (badge, get (item)->severity);
}

static void
bind_verdict (KabBadge *badge,
              gpointer  item)
{
  const KabUpdateRecord *record = get (item);
  g_autofree char *text = kab_update_record_dup_verdict (record);

  kab_badge_set (badge, kab_update_record_verdict_kind (record),
                 kab_update_record_verdict_icon (record), text,
                 _("What the hosts that lack it report"));
}

#define TEXT_CELL(name, member) KAB_CELL (name, g_strdup (get (item)->member))

TEXT_CELL (kb, kbs)
TEXT_CELL (title, title)
TEXT_CELL (product, product)
TEXT_CELL (classification, classification)
TEXT_CELL (id, update_id)
TEXT_CELL (restart, reboot_behaviour)
TEXT_CELL (bulletins, bulletins)
TEXT_CELL (languages, languages)
KAB_CELL (needed, kab_format_count (kab_update_record_needed (get (item))))
KAB_CELL (installed, kab_format_count (get (item)->counts[KAB_STATE_OK]))
KAB_CELL (errors, kab_format_count (get (item)->counts[KAB_STATE_ERROR]))
KAB_CELL (published, kab_format_date (get (item)->changed_at))
KAB_CELL (size, kab_format_size_at_most (get (item)->max_size))
KAB_CELL (downloaded, kab_format_date (get (item)->downloaded_at))
KAB_CELL (verdict, kab_update_record_dup_verdict (get (item)))

static char *
dup_revision (gpointer item)
{
  int revision = kab_update_id_split (get (item)->update_id, &(gsize) { 0 });

  return revision >= 0 ? g_strdup_printf ("%d", revision) : g_strdup ("");
}

static char *
dup_superseded_by (gpointer item)
{
  const KabUpdateRecord *record = get (item);
  KabSnapshot *snapshot = kab_record_get_snapshot (KAB_RECORD (item));
  int index;

  if (*record->superseded_by == '\0')
    return g_strdup ("");
  index = kab_snapshot_find_update (snapshot, record->superseded_by);
  if (index < 0)
    return g_strdup (record->superseded_by);

  return g_strdup (kab_update_record_get_short (&kab_snapshot_get_updates (snapshot, NULL)[index]));
}

static const KabTableColumn columns[] = {
  { "severity", N_("Severity"), 12, FALSE, TRUE, KAB_CELL_BADGE, KAB_SORT_SEVERITY, dup_severity, NULL,
    bind_severity },
  { "kb", N_("KB"), 9, FALSE, TRUE, KAB_CELL_TEXT, KAB_SORT_KB, dup_kb },
  { "title", N_("Title"), 44, TRUE, TRUE, KAB_CELL_TEXT, KAB_SORT_TITLE, dup_title },
  { "published", N_("Published"), 11, FALSE, TRUE, KAB_CELL_TEXT, KAB_SORT_PUBLISHED, dup_published },
  { "needed", N_("Needed On"), 6, FALSE, TRUE, KAB_CELL_NUMBER, KAB_SORT_NEEDED, dup_needed, NULL, NULL,
    "hosts", dup_needed_query },
  { "installed", N_("Installed On"), 6, FALSE, TRUE, KAB_CELL_NUMBER, KAB_SORT_INSTALLED, dup_installed,
    NULL, NULL, "hosts", dup_installed_query },
  { "errors", N_("Errors"), 6, FALSE, TRUE, KAB_CELL_NUMBER, KAB_SORT_UPDATE_ERRORS, dup_errors, NULL,
    NULL, "hosts", dup_errors_query },
  { "verdict", N_("Verdict"), 14, FALSE, TRUE, KAB_CELL_BADGE, KAB_SORT_VERDICT, dup_verdict, NULL,
    bind_verdict },
  { "product", N_("Product"), 14, FALSE, TRUE, KAB_CELL_TEXT, KAB_SORT_PRODUCT, dup_product },
  { "classification", N_("Classification"), 14, FALSE, TRUE, KAB_CELL_TEXT, KAB_SORT_CLASSIFICATION,
    dup_classification },
  { "size", N_("Size"), 13, FALSE, TRUE, KAB_CELL_NUMBER, KAB_SORT_SIZE, dup_size },
  { "downloaded", N_("Downloaded"), 11, FALSE, TRUE, KAB_CELL_TEXT, KAB_SORT_DOWNLOADED, dup_downloaded },
  { "superseded-by", N_("Superseded By"), 10, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_superseded_by },
  { "id", N_("Update ID"), 30, FALSE, FALSE, KAB_CELL_TEXT, KAB_SORT_ID, dup_id },
  { "revision", N_("Revision"), 8, FALSE, FALSE, KAB_CELL_NUMBER, KAB_NO_SORT, dup_revision },
  { "restart", N_("Restart"), 14, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_restart },
  { "bulletins", N_("Bulletins"), 12, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_bulletins },
  { "languages", N_("Languages"), 12, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_languages },
};

static const char *
get_id (gpointer item)
{
  return kab_record_get_id (KAB_RECORD (item));
}

static char *
dup_name (gpointer item)
{
  const KabUpdateRecord *record = get (item);

  /* Translators: what a screen reader says of an update: severity, KB, title */
  return g_strdup_printf (C_("row", "%1$s, %2$s, %3$s"), kab_format_severity (record->severity),
                          kab_update_record_get_short (record), record->title);
}

static char *
dup_line (gpointer item)
{
  const KabUpdateRecord *record = get (item);
  g_autofree char *needed = kab_format_count (kab_update_record_needed (record));
  g_autofree char *date = kab_format_date (record->changed_at);

  if (*record->kbs == '\0')
    /* Translators: date of publication, number of hosts that need the update */
    return g_strdup_printf (C_("row", "%1$s · needed on %2$s"), date, needed);

  /* Translators: KB, date of publication, number of hosts that need the update */
  return g_strdup_printf (C_("row", "%1$s · %2$s · needed on %3$s"),
                          kab_update_record_get_short (record), date, needed);
}

const KabTableInfo kab_updates_table = {
  .id = "updates",
  .name = N_("Updates"),
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .sort = "published",
  .descending = TRUE,
  .get_id = get_id,
  .dup_name = dup_name,
  .narrow_title = N_("Update"),
  .dup_head = dup_title,
  .dup_line = dup_line,
  .bind_badge = bind_severity,
};

/* Filters */

static const char * const severities[] = { "critical", "important", "moderate", "low", "none", NULL };
static const char * const states[] = { "ok", "pending", "missing", "discarded", "error", NULL };
static const char * const copies[] = { "downloaded", "lacking", "unwanted", NULL };
static const char * const verdicts[] = { "allowed", "forbidden", "undecided", NULL };
static const char * const shown[] = { "any", "superseded", NULL };

static char *
label_severity (const char *value,
                gint64      now)
{
  return g_strdup (kab_format_severity (kab_severity_from_text (value)));
}

static char *
label_state (const char *value,
             gint64      now)
{
  g_autofree char *upper = g_ascii_strup (value, -1);

  return g_strdup (kab_format_state (kab_state_from_text (upper, -1)));
}

static char *
label_copy (const char *value,
            gint64      now)
{
  if (g_str_equal (value, "downloaded"))
    return g_strdup (C_("server copy", "Downloaded"));
  return g_strdup (g_str_equal (value, "lacking") ? C_("server copy", "Lacking")
                                                  : C_("server copy", "Not wanted"));
}

static char *
label_verdict (const char *value,
               gint64      now)
{
  if (g_str_equal (value, "allowed"))
    return g_strdup (C_("verdict", "Allowed"));
  return g_strdup (g_str_equal (value, "forbidden") ? C_("verdict", "Forbidden")
                                                    : C_("verdict", "Undecided"));
}

static char *
label_shown (const char *value,
             gint64      now)
{
  return g_strdup (g_str_equal (value, "any") ? _("Superseded too") : _("Superseded only"));
}

char *
kab_updates_dup_family_label (const char *value,
                              gint64      now)
{
  static const struct { const char *family, *label; } labels[] = {
    { "windows-client", N_("Windows") },
    { "windows-server", N_("Windows Server") },
    { "office", N_("Office") },
    { "sql", N_("SQL Server") },
    { "exchange", N_("Exchange") },
    { "sharepoint", N_("SharePoint") },
    { "system-center", N_("System Center") },
    { "developer", N_("Developer tools") },
    { "servicing", N_("Servicing") },
    { "security", N_("Security") },
    { "communication", N_("Communication") },
    { "azure-and-management", N_("Azure and management") },
    { "legacy-consumer", N_("Old consumer products") },
    { "drivers", N_("Drivers") },
    { "browser", N_("Browsers") },
    { "other", N_("Other products") },
    { "", N_("No product said") },
  };
  g_autofree char *words = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    if (g_str_equal (labels[i].family, value))
      return g_strdup (_(labels[i].label));

  words = g_strdelimit (g_strdup (value), "-_", ' ');
  *words = g_ascii_toupper (*words);
  return g_steal_pointer (&words);
}

/* Since Patch Tuesday, then ages. */
static char **
dup_since (gint64 now)
{
  char **values = g_new0 (char *, 6);
  g_autoptr(GDateTime) tuesday = g_date_time_new_from_unix_utc (kab_patch_tuesday_before (now));
  g_autofree char *date = tuesday != NULL ? g_date_time_format (tuesday, "%Y-%m-%d") : g_strdup ("1970-01-01");

  values[0] = g_strconcat (">=", date, NULL);
  values[1] = g_strdup ("<7d");
  values[2] = g_strdup ("<30d");
  values[3] = g_strdup ("<90d");
  values[4] = g_strdup ("<365d");
  return values;
}

static char *
label_since (const char *value,
             gint64      now)
{
  g_autofree char *day = NULL;
  int days;

  if (g_str_has_prefix (value, ">="))
    {
      day = kab_format_day (kab_patch_tuesday_before (now));
      /* Translators: %s is the day of the last Patch Tuesday: "10 Nov" */
      return g_strdup_printf (_("Patch Tuesday, %s"), day);
    }

  days = (int) g_ascii_strtoll (value + 1, NULL, 10);
  return g_strdup_printf (ngettext ("Last %d day", "Last %d days", (gulong) days), days);
}

const KabFilterGroup *
kab_updates_get_filters (guint *n_groups)
{
  static const KabFilterGroup groups[] = {
    { "severity", N_("Severity"), KAB_FILTER_VALUES, severities, NULL, label_severity },
    { "state", N_("On Hosts"), KAB_FILTER_VALUES, states, NULL, label_state },
    { "classification", N_("Classification"), KAB_FILTER_VALUES, NULL, NULL, NULL },
    { "family", N_("Product"), KAB_FILTER_FAMILIES, NULL, NULL, kab_updates_dup_family_label },
    { "server", N_("On the Server"), KAB_FILTER_VALUES, copies, NULL, label_copy },
    { "verdict", N_("Verdict"), KAB_FILTER_VALUES, verdicts, NULL, label_verdict },
    { "published", N_("Published Since"), KAB_FILTER_CHOICE, NULL, dup_since, label_since },
    { "is", N_("Show"), KAB_FILTER_CHOICE, shown, NULL, label_shown },
  };

  *n_groups = G_N_ELEMENTS (groups);
  return groups;
}
