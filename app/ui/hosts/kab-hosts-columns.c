/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-column.h"
#include "kab-format.h"
#include "kab-hosts-columns.h"
#include "kab-query.h"

static const KabHostRecord *
get (gpointer item)
{
  return kab_record_get_host (KAB_RECORD (item));
}

static const KabLimits *
get_limits (gpointer item)
{
  return kab_snapshot_get_limits (kab_record_get_snapshot (KAB_RECORD (item)));
}

/* Doors */

char *
kab_host_dup_updates_query (const char *uuid,
                            guint       state)
{
  g_autofree char *word = NULL;
  g_autofree char *value = NULL;
  g_autofree char *quoted = NULL;

  if (state < KAB_N_STATES)
    {
      word = g_ascii_strdown (kab_state_get_text (state), -1);
      value = g_strconcat (uuid, "/", word, NULL);
    }
  quoted = kab_query_quote (value != NULL ? value : uuid);

  return g_strconcat ("host:", quoted, NULL);
}

static char *
dup_state_query (gpointer item,
                 KabState state)
{
  return get (item)->counts[state] > 0 ? kab_host_dup_updates_query (get (item)->uuid, state) : NULL;
}

#define COUNT_CELL(name, state) \
  KAB_CELL (name, kab_format_count (get (item)->counts[state])) \
  KAB_CELL (name##_query, dup_state_query (item, state))

#define TEXT_CELL(name, member) KAB_CELL (name, g_strdup (get (item)->member))

COUNT_CELL (pending, KAB_STATE_PENDING)
COUNT_CELL (missing, KAB_STATE_MISSING)
COUNT_CELL (discarded, KAB_STATE_DISCARDED)
COUNT_CELL (errors, KAB_STATE_ERROR)
COUNT_CELL (installed, KAB_STATE_OK)
TEXT_CELL (host_name, name)
TEXT_CELL (description, description)
TEXT_CELL (windows, windows)
TEXT_CELL (build, build)
TEXT_CELL (ring, rings)
TEXT_CELL (packages, packages)
TEXT_CELL (user, users)
TEXT_CELL (address, addresses)
TEXT_CELL (ou, ou)
TEXT_CELL (site, site)
TEXT_CELL (groups, groups)
TEXT_CELL (agent, agent)
TEXT_CELL (fqdn, fqdn)
TEXT_CELL (uuid, uuid)
TEXT_CELL (status, wua_status)
TEXT_CELL (last_error, last_error)
KAB_CELL (state, g_strdup (kab_format_host_state (get (item)->state)))

static void
bind_state (KabBadge *badge,
            gpointer  item)
{
  kab_badge_set_host_state (badge, get (item)->state, get_limits (item));
}

KAB_CELL (restart, g_strdup (get (item)->restart ? C_("restart", "Pending") : ""))
KAB_CELL (reachable, g_strdup (get (item)->triggerable ? _("yes") : _("no")))
KAB_CELL (last_scan, kab_format_age (get (item)->last_scan_at, get_limits (item)->now))
KAB_CELL (last_seen, kab_format_age (get (item)->last_seen_at, get_limits (item)->now))
KAB_CELL (catalogue, kab_format_date (get (item)->catalogue_at))

static const KabTableColumn columns[] = {
  { "name", N_("Name"), 20, TRUE, TRUE, KAB_CELL_TEXT, KAB_SORT_NAME, dup_host_name },
  { "state", N_("State"), 14, FALSE, TRUE, KAB_CELL_BADGE, KAB_SORT_STATE, dup_state, NULL, bind_state },
  { "pending", N_("Pending"), 6, FALSE, TRUE, KAB_CELL_NUMBER, KAB_SORT_PENDING, dup_pending, NULL, NULL,
    "updates", dup_pending_query },
  { "missing", N_("Missing"), 6, FALSE, TRUE, KAB_CELL_NUMBER, KAB_SORT_MISSING, dup_missing, NULL, NULL,
    "updates", dup_missing_query },
  { "discarded", N_("Discarded"), 6, FALSE, TRUE, KAB_CELL_NUMBER, KAB_SORT_DISCARDED, dup_discarded, NULL,
    NULL, "updates", dup_discarded_query },
  { "errors", N_("Errors"), 6, FALSE, TRUE, KAB_CELL_NUMBER, KAB_SORT_HOST_ERRORS, dup_errors, NULL, NULL,
    "updates", dup_errors_query },
  { "restart", N_("Restart"), 9, FALSE, TRUE, KAB_CELL_TEXT, KAB_SORT_RESTART, dup_restart },
  { "last-scan", N_("Last Scan"), 14, FALSE, TRUE, KAB_CELL_TEXT, KAB_SORT_LAST_SCAN, dup_last_scan },
  { "last-seen", N_("Last Seen"), 14, FALSE, TRUE, KAB_CELL_TEXT, KAB_SORT_LAST_SEEN, dup_last_seen },
  { "description", N_("Description"), 18, FALSE, TRUE, KAB_CELL_TEXT, KAB_SORT_DESCRIPTION, dup_description },
  { "windows", N_("Windows"), 20, FALSE, TRUE, KAB_CELL_TEXT, KAB_SORT_WINDOWS, dup_windows },
  { "ring", N_("Ring"), 10, FALSE, TRUE, KAB_CELL_TEXT, KAB_SORT_RING, dup_ring },
  { "packages", N_("Rule Packages"), 20, FALSE, TRUE, KAB_CELL_TEXT, KAB_SORT_PACKAGES, dup_packages },
  { "user", N_("User"), 12, FALSE, TRUE, KAB_CELL_TEXT, KAB_SORT_USER, dup_user },
  { "address", N_("Address"), 14, FALSE, TRUE, KAB_CELL_TEXT, KAB_SORT_ADDRESS, dup_address },
  { "installed", N_("Installed"), 6, FALSE, FALSE, KAB_CELL_NUMBER, KAB_NO_SORT, dup_installed, NULL, NULL,
    "updates", dup_installed_query },
  { "build", N_("Build"), 12, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_build },
  { "reachable", N_("Reachable"), 8, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_reachable },
  { "ou", N_("Organisational Unit"), 24, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_ou },
  { "site", N_("Site"), 12, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_site },
  { "groups", N_("Groups"), 16, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_groups },
  { "agent", N_("Agent"), 10, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_agent },
  { "catalogue", N_("Catalogue"), 11, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_catalogue },
  { "status", N_("Agent’s Status"), 16, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_status },
  { "last-error", N_("Last Error"), 24, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_last_error },
  { "fqdn", N_("Full Name"), 24, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_fqdn },
  { "uuid", N_("UUID"), 30, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_uuid },
};

static const char *
get_id (gpointer item)
{
  return kab_record_get_id (KAB_RECORD (item));
}

static char *
dup_name (gpointer item)
{
  /* Translators: what a screen reader says of a host: its name and its state */
  return g_strdup_printf (C_("row", "%1$s, %2$s"), get (item)->name,
                          kab_format_host_state (get (item)->state));
}

static char *
dup_line (gpointer item)
{
  const KabHostRecord *record = get (item);
  g_autofree char *needed = kab_format_count ((guint64) record->counts[KAB_STATE_PENDING] +
                                              record->counts[KAB_STATE_MISSING] +
                                              record->counts[KAB_STATE_ERROR]);
  g_autofree char *seen = dup_last_seen (item);

  /* Translators: version of Windows, number of updates that a host needs, when it was last seen */
  return g_strdup_printf (C_("row", "%1$s · %2$s needed · seen %3$s"), record->windows, needed, seen);
}

const KabTableInfo kab_hosts_table = {
  .id = "hosts",
  .name = N_("Hosts"),
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .sort = "name",
  .get_id = get_id,
  .dup_name = dup_name,
  .narrow_title = N_("Host"),
  .dup_head = dup_host_name,
  .dup_line = dup_line,
  .bind_badge = bind_state,
};

/* Filters */

static const char * const states[] = {
  "compliant", "pending", "error", "restart", "busy", "silent", "never-scanned", "disabled", "not-windows", NULL
};
static const char * const yes_no[] = { "yes", "no", NULL };
static const char * const scans[] = { ">7d", ">14d", ">30d", ">90d", NULL };
static const char * const needs[] = { "attention", "stale", "uncounted", NULL };

static char *
label_state (const char *value,
             gint64      now)
{
  for (guint state = 0; state < KAB_N_HOST_STATES; state++)
    if (g_str_equal (kab_host_state_get_text (state), value))
      return g_strdup (kab_format_host_state (state));

  return NULL;
}

static char *
label_ring (const char *value,
            gint64      now)
{
  return g_strdup (g_str_equal (value, "unknown") || *value == '\0' ? C_("ring", "Not said") : value);
}

static char *
label_reachable (const char *value,
                 gint64      now)
{
  return g_strdup (g_str_equal (value, "yes") ? C_("host", "Connected") : C_("host", "Not connected"));
}

static char *
label_restart (const char *value,
               gint64      now)
{
  return g_strdup (g_str_equal (value, "yes") ? C_("restart", "Pending") : C_("restart", "Not pending"));
}

static char *
label_scan (const char *value,
            gint64      now)
{
  int days = (int) g_ascii_strtoll (value + 1, NULL, 10);

  return g_strdup_printf (ngettext ("More than %d day ago", "More than %d days ago", (gulong) days), days);
}

static char *
label_needs (const char *value,
             gint64      now)
{
  if (g_str_equal (value, "attention"))
    return g_strdup (_("Need attention"));
  return g_strdup (g_str_equal (value, "stale") ? _("Scan too old") : _("Not counted"));
}

const KabFilterGroup *
kab_hosts_get_filters (guint *n_groups)
{
  static const KabFilterGroup groups[] = {
    { "state", N_("State"), KAB_FILTER_VALUES, states, NULL, label_state },
    { "is", N_("Show"), KAB_FILTER_CHOICE, needs, NULL, label_needs },
    { "ring", N_("Ring"), KAB_FILTER_VALUES, NULL, NULL, label_ring },
    { "ou", N_("Organisational Unit"), KAB_FILTER_UNITS, NULL, NULL, NULL },
    { "site", N_("Site"), KAB_FILTER_VALUES, NULL, NULL, NULL },
    { "group", N_("Group"), KAB_FILTER_VALUES, NULL, NULL, NULL },
    { "windows", N_("Windows"), KAB_FILTER_VALUES, NULL, NULL, NULL },
    { "build", N_("Build"), KAB_FILTER_VALUES, NULL, NULL, NULL },
    { "reachable", N_("Reachable"), KAB_FILTER_VALUES, yes_no, NULL, label_reachable },
    { "restart", N_("Restart"), KAB_FILTER_VALUES, yes_no, NULL, label_restart },
    { "scan", N_("Last Scan"), KAB_FILTER_CHOICE, scans, NULL, label_scan },
    { "agent", N_("Agent"), KAB_FILTER_VALUES, NULL, NULL, NULL },
    { "package", N_("Rule Package"), KAB_FILTER_VALUES, NULL, NULL, NULL },
  };

  *n_groups = G_N_ELEMENTS (groups);
  return groups;
}
