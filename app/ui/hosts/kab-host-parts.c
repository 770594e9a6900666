/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-badge.h"
#include "kab-door.h"
#include "kab-facts.h"
#include "kab-format.h"
#include "kab-host-parts.h"
#include "kab-query.h"
#include "kab-report-facts.h"

#define MAX_CHANGES 40
#define MAX_TRIES 40
#define MAX_DOORS 6

static char *
join (const char * const *list)
{
  return list != NULL ? g_strjoinv (", ", (char **) list) : g_strdup ("");
}

static const char *
format_tristate (KabTristate value)
{
  return value == KAB_TRISTATE_NULL ? NULL : value == KAB_TRISTATE_TRUE ? _("yes") : _("no");
}

/* Facts */

static void
add_machine (GtkBox              *box,
             const KabHostFields *fields)
{
  GtkGrid *grid;
  g_autofree char *model = NULL;
  g_autofree char *groups = join (fields->groups);

  kab_facts_add_heading (box, _("Machine"));
  grid = GTK_GRID (kab_facts_add_grid (box));
  if (fields->manufacturer != NULL && fields->model != NULL)
    model = g_strdup_printf ("%s %s", fields->manufacturer, fields->model);
  kab_facts_add (grid, _("Description"), fields->description);
  kab_facts_add (grid, _("Full name"), fields->computer_fqdn);
  kab_facts_add (grid, _("Windows"), fields->os_name);
  kab_facts_add (grid, _("Version"), fields->os_version);
  kab_facts_add (grid, _("Architecture"), fields->computer_architecture);
  kab_facts_add (grid, _("Model"), model != NULL ? model : fields->model);
  kab_facts_add_code (grid, _("Serial number"), fields->serial);
  kab_facts_add (grid, _("Unit"), fields->organizational_unit);
  kab_facts_add (grid, _("Site"), fields->ad_site);
  kab_facts_add (grid, _("Groups"), groups);
  kab_facts_add (grid, _("User"), fields->users);
  kab_facts_add (grid, _("Address"), fields->addresses);
  kab_facts_add_code (grid, _("UUID"), fields->uuid);
}

static void
add_agent (GtkBox              *box,
           const KabHostFields *fields,
           gint64               now)
{
  GtkGrid *grid;
  g_autofree char *seen = kab_format_age (fields->last_seen_at, now);
  g_autofree char *scan = kab_format_age (fields->last_scan_at, now);
  g_autofree char *catalogue = kab_format_date (fields->catalogue_at);
  g_autofree char *install = kab_format_date_time (fields->last_install_at);
  g_autofree char *rings = join (fields->maturities);
  g_autofree char *packages = join (fields->rules_packages);
  g_autofree char *reasons = join (fields->restart_reasons);

  kab_facts_add_heading (box, _("Agent and Windows Update"));
  grid = GTK_GRID (kab_facts_add_grid (box));
  kab_facts_add (grid, _("Agent"), fields->wapt_version);
  kab_facts_add (grid, _("Last seen"), seen);
  kab_facts_add (grid, _("Reachable"), g_strcmp0 (fields->reachable, "OK") == 0 ? _("yes") : _("no"));
  kab_facts_add (grid, _("Enabled"), format_tristate (fields->enabled));
  kab_facts_add (grid, _("Status"), fields->wua_status);
  kab_facts_add (grid, _("Last scan"), scan);
  kab_facts_add (grid, _("Catalogue"), catalogue);
  kab_facts_add (grid, _("Last install"), install);
  kab_facts_add (grid, _("Its result"), fields->last_install_result);
  kab_facts_add (grid, _("Last error"), fields->last_error);
  kab_facts_add (grid, _("WUA version"), fields->wua_agent_version);
  kab_facts_add (grid, _("Restart"), fields->reboot_needed == KAB_TRISTATE_TRUE || *reasons != '\0'
                                     ? *reasons != '\0' ? reasons : _("pending") : _("not pending"));
  kab_facts_add (grid, _("Ring"), *rings != '\0' ? rings : _("not said; the agent’s default is PROD"));
  kab_facts_add (grid, _("Rule packages"), packages);
}

/* The members of a report; those nobody knows yet go apart, so that none is lost. */
static void
add_report (GtkBox     *box,
            const char *heading,
            const char *json,
            gboolean    known)
{
  g_autoptr(GPtrArray) facts = kab_report_facts_read (json);
  GtkGrid *grid = NULL;

  for (guint i = 0; i < facts->len; i++)
    {
      const KabFact *fact = facts->pdata[i];

      if (fact->known != known)
        continue;
      if (grid == NULL)
        {
          kab_facts_add_heading (box, heading);
          grid = GTK_GRID (kab_facts_add_grid (box));
        }
      kab_facts_add (grid, fact->name, *fact->value != '\0' ? fact->value : "–");
    }
}

void
kab_host_parts_fill_facts (GtkBox        *box,
                           KabHostDetail *detail,
                           gint64         now)
{
  const KabHostFields *fields = kab_host_get_fields (detail->host);

  kab_facts_clear (box);
  add_machine (box, fields);
  add_agent (box, fields, now);
  add_report (box, _("Reported, Unknown to Kabinet"), fields->status_json, FALSE);
  add_report (box, _("Windows Update Service"), fields->service_json, TRUE);
  add_report (box, _("Service, Unknown to Kabinet"), fields->service_json, FALSE);
}

/* Failures */

static GHashTable *
group_failures (KabHostDetail *detail)
{
  GHashTable *groups = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  guint n_items = detail->pairs != NULL ? g_list_model_get_n_items (detail->pairs) : 0;

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(KabPair) pair = g_list_model_get_item (detail->pairs, i);
      gpointer code = GINT_TO_POINTER (pair->record.result);
      GPtrArray *pairs;

      if (pair->record.result == 0 || pair->why == NULL || pair->why->state == KAB_STATE_OK)
        continue;
      pairs = g_hash_table_lookup (groups, code);
      if (pairs == NULL)
        {
          pairs = g_ptr_array_new_with_free_func (g_object_unref);
          g_hash_table_insert (groups, code, pairs);
        }
      g_ptr_array_add (pairs, g_steal_pointer (&pair));
    }

  return groups;
}

static void
add_failures (GtkBox        *box,
              KabHostDetail *detail)
{
  g_autoptr(GHashTable) groups = group_failures (detail);
  GHashTableIter iter;
  gpointer code, value;

  if (g_hash_table_size (groups) == 0)
    return;

  kab_facts_add_heading (box, _("Failures"));
  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, &code, &value))
    {
      GPtrArray *pairs = value;
      gint32 result = GPOINTER_TO_INT (code);
      g_autofree char *text = kab_format_result (result);
      const char *remedy = kab_format_result_remedy (result);
      GtkWidget *line = kab_facts_add_line (box);
      GtkWidget *badge = kab_badge_new ();

      kab_badge_set (KAB_BADGE (badge), "error", NULL, text, NULL);
      gtk_box_append (GTK_BOX (line), badge);
      for (guint i = 0; i < MIN (pairs->len, MAX_DOORS); i++)
        {
          KabPair *pair = pairs->pdata[i];
          g_autofree char *kbs = kab_update_dup_kbs (pair->update);
          g_autofree char *quoted = kab_query_quote (kab_update_get_id (pair->update));
          g_autofree char *query = g_strconcat ("id:", quoted, NULL);
          GtkWidget *door = kab_door_new ("updates", query, *kbs != '\0' ? kbs : kab_update_get_id (pair->update));

          kab_door_set_count (KAB_DOOR (door), 1);
          gtk_widget_set_tooltip_text (door, kab_update_get_title (pair->update));
          gtk_box_append (GTK_BOX (line), door);
        }
      if (pairs->len > MAX_DOORS)
        {
          guint more = pairs->len - MAX_DOORS;
          g_autofree char *words = g_strdup_printf (ngettext ("and %u more", "and %u more", more), more);

          gtk_box_append (GTK_BOX (line), kab_facts_new_text (words));
        }
      kab_facts_add_text (box, kab_format_result_meaning (result));
      if (*remedy != '\0')
        kab_facts_add_dim (box, remedy);
    }
}

/* History */

typedef struct {
  const KabTry *attempt;
  KabPair      *pair;
} Attempt;

static int
compare_attempts (gconstpointer a,
                  gconstpointer b)
{
  const Attempt *one = a, *two = b;

  return one->attempt->date < two->attempt->date ? 1 : one->attempt->date > two->attempt->date ? -1 : 0;
}

static void
add_tries (GtkBox        *box,
           KabHostDetail *detail)
{
  g_autoptr(GArray) all = g_array_new (FALSE, FALSE, sizeof (Attempt));
  g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  guint n_items = detail->pairs != NULL ? g_list_model_get_n_items (detail->pairs) : 0;
  GtkGrid *grid;

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(KabPair) pair = g_list_model_get_item (detail->pairs, i);
      GPtrArray *tries;

      if (pair->history_json == NULL)
        continue;
      tries = kab_report_tries_read (pair->history_json);
      g_ptr_array_add (owned, tries);
      for (guint j = 0; j < tries->len; j++)
        {
          Attempt attempt = { tries->pdata[j], pair };      /* the list keeps the pair */

          g_array_append_val (all, attempt);
        }
    }
  if (all->len == 0)
    return;

  g_array_sort (all, compare_attempts);
  kab_facts_add_heading (box, _("What Windows Remembers"));
  grid = GTK_GRID (kab_facts_add_grid (box));
  for (guint i = 0; i < MIN (all->len, MAX_TRIES); i++)
    {
      const Attempt *attempt = &g_array_index (all, Attempt, i);
      g_autofree char *when = kab_format_date_time (attempt->attempt->date);
      g_autofree char *kbs = kab_update_dup_kbs (attempt->pair->update);
      const char *name = *kbs != '\0' ? kbs : kab_update_get_title (attempt->pair->update);
      g_autofree char *what = NULL;

      if (attempt->attempt->operation == 2)
        /* Translators: %1$s is an update, %2$s the result in the words of Windows */
        what = g_strdup_printf (_("Removing %1$s: %2$s"), name, attempt->attempt->result);
      else
        /* Translators: %1$s is an update, %2$s the result in the words of Windows */
        what = g_strdup_printf (_("Installing %1$s: %2$s"), name, attempt->attempt->result);
      kab_facts_add (grid, *when != '\0' ? when : "–", what);
    }
}

static void
add_changes (GtkBox        *box,
             KabHostDetail *detail,
             KabSnapshot   *snapshot)
{
  GtkGrid *grid;

  kab_facts_add_heading (box, _("Changes Between Syncs"));
  if (detail->history == NULL || detail->history->len == 0)
    {
      kab_facts_add_dim (box, _("Nothing has changed since this program first saw the host."));
      return;
    }

  grid = GTK_GRID (kab_facts_add_grid (box));
  for (guint i = 0; i < MIN (detail->history->len, MAX_CHANGES); i++)
    {
      const KabHistoryEntry *change = detail->history->pdata[i];
      int index = snapshot != NULL ? kab_snapshot_find_update (snapshot, change->update_id) : -1;
      const KabUpdateRecord *update = index >= 0 ? &kab_snapshot_get_updates (snapshot, NULL)[index] : NULL;
      const char *name = update == NULL ? change->update_id : *update->kbs != '\0' ? update->kbs : update->title;
      g_autofree char *when = kab_format_date_time (change->from);
      /* Translators: an update and the state that it has since then */
      g_autofree char *what = g_strdup_printf (_("%1$s: %2$s"), name, kab_format_state (change->state));

      kab_facts_add (grid, when, what);
    }
}

void
kab_host_parts_fill_history (GtkBox        *box,
                             KabHostDetail *detail,
                             KabSnapshot   *snapshot)
{
  kab_facts_clear (box);
  add_failures (box, detail);
  add_changes (box, detail, snapshot);
  add_tries (box, detail);
}
