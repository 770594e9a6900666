/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-detail-lines.h"
#include "kab-facts.h"
#include "kab-format.h"
#include "kab-host-parts.h"
#include "kab-report-facts.h"

static const char *
format_tristate (KabTristate value)
{
  return value == KAB_TRISTATE_NULL ? NULL : value == KAB_TRISTATE_TRUE ? _("yes") : _("no");
}

static void
add_machine (GtkBox              *box,
             const KabHostFields *fields)
{
  GtkGrid *grid;
  g_autofree char *model = NULL;
  g_autofree char *groups = kab_detail_join (fields->groups);

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
  g_autofree char *rings = kab_detail_join (fields->maturities);
  g_autofree char *packages = kab_detail_join (fields->rules_packages);
  g_autofree char *reasons = kab_detail_join (fields->restart_reasons);

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

  add_machine (box, fields);
  add_agent (box, fields, now);
  add_report (box, _("Reported, Unknown to Kabinet"), fields->status_json, FALSE);
  add_report (box, _("Windows Update Service"), fields->service_json, TRUE);
  add_report (box, _("Service, Unknown to Kabinet"), fields->service_json, FALSE);
}
