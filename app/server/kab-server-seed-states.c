/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-server-seed-host.h"

#include "kab-calendar.h"

#define HISTORY_DAYS       30     /* agents keep more; a fleet of 100,000 would be mostly that */
#define MAX_MISSING        4      /* addresses in missing_downloads; a scan that lacks more says so no better */

/* What installing fails with in real fleets, the most frequent first. */
static const guint32 failure_codes[] = {
  0x80070643, 0x800f0922, 0x80240022, 0x800f081f, 0x80070070, 0x800705b4, 0x80070005, 0x8024200d, 0x800f0831, 0x80240017,
};

typedef struct {
  KabSeedHost       *host;
  const KabSeedPlan *plan;
  KabSeedRandom     *random;
  GArray            *verdicts;
  guint              stream;
  guint              level;           /* newest month of this stream that the host may have installed */
  gboolean           has_newer;       /* a newer one of this stream is known */
  gboolean           has_better;      /* a newer one of this stream is pending or installed */
  gboolean           has_installed;
  guint              n_missing;
  guint              oldest_revision;
  gint64             last_install_at;
  GString           *batch;           /* ids of the last install */
  GString           *missing;
} Report;

static gboolean
is_applicable (Report              *report,
               const KabSeedUpdate *update)
{
  KabSeedHost *host = report->host;
  const char *product = kab_update_get_fields (update->update)->product;

  if (!(update->systems & 1u << host->system) || (update->model >= 0 && update->model != (int) host->model))
    return FALSE;
  if (!host->has_office && g_strcmp0 (product, "Office 2016") == 0)
    return FALSE;
  return kab_update_get_changed_at (update->update) <= host->last_scan_at;
}

static gboolean
choose_installed (Report              *report,
                  const KabSeedUpdate *update,
                  gboolean             is_allowed)
{
  if (update->month < report->level)
    return FALSE;
  if (report->has_installed)
    return kab_seed_chance (report->random, 82);     /* a cumulative one may have been left out since */
  if (is_allowed)
    return report->host->lag == 0 || kab_seed_chance (report->random, 93);
  /* Not allowed by these rules, but there before them, or by hand. */
  return kab_seed_chance (report->random, update->month >= 2 ? 60 : 8);
}

static void
append_entry (Report              *report,
              const KabSeedUpdate *update,
              gint64               date,
              guint32              code)
{
  GString *out = report->host->history;

  g_string_append (out, "{\"date\":");
  kab_seed_append_time (out, date);
  g_string_append (out, ",\"operation\":1,\"application_id\":\"wapt\",\"categories\":[],\"update_id\":");
  kab_seed_append_json (out, kab_update_get_id (update->update));
  g_string_append (out, ",\"title\":");
  kab_seed_append_json (out, kab_update_get_title (update->update));

  /* Agents and Windows spell a code in several ways; all of them are out there. */
  if (code == 0)
    g_string_append (out, ",\"result_code\":\"Succeeded\"}");
  else if (code % 3 == 0)
    g_string_append_printf (out, ",\"result_code\":\"Failed\",\"hresult\":\"0x%08X\"}", code);
  else if (code % 3 == 1)
    g_string_append_printf (out, ",\"result_code\":\"Failed\",\"hresult\":\"%d\"}", (gint32) code);
  else
    g_string_append_printf (out, ",\"result_code\":\"Failed\",\"description\":\"Installation Failure: error 0x%08x\"}", code);
}

static void
append_history (Report              *report,
                guint32              number,
                const KabSeedUpdate *update,
                gint64               date,
                guint32              code)
{
  GString *out = report->host->history;

  g_string_append_printf (out, "%c\"%u\":[", out->len == 0 ? '{' : ',', number);
  append_entry (report, update, date, code);
  if (code == 0 && kab_seed_chance (report->random, 12))
    {
      g_string_append_c (out, ',');
      append_entry (report, update, date - KAB_SECONDS_PER_DAY,
                    failure_codes[kab_seed_below (report->random, G_N_ELEMENTS (failure_codes))]);
    }
  g_string_append_c (out, ']');
}

static void
report_installed (Report              *report,
                  const KabSeedUpdate *update,
                  KabStateRecord      *record)
{
  KabSeedHost *host = report->host;
  gint64 changed_at = kab_update_get_changed_at (update->update);
  gint64 at = changed_at + (1 + kab_seed_below (report->random, 18)) * KAB_SECONDS_PER_DAY +
              kab_seed_below (report->random, 6 * 60 * 60);

  at = CLAMP (at, changed_at, host->last_scan_at);
  record->flags |= KAB_STATE_OK;
  record->flags = kab_state_flags_with (record->flags, KAB_FLAG_INSTALLED, KAB_TRISTATE_TRUE);
  record->flags = kab_state_flags_with (record->flags, KAB_FLAG_PRESENT, KAB_TRISTATE_TRUE);
  record->flags = kab_state_flags_with (record->flags, KAB_FLAG_HIDDEN, KAB_TRISTATE_FALSE);
  record->installed_at = (guint32) at;
  host->revision = MAX (host->revision, update->revision);

  if (at > report->last_install_at)
    {
      report->last_install_at = at;
      g_string_assign (report->batch, kab_update_get_id (update->update));
    }
  if (at > report->plan->now - HISTORY_DAYS * KAB_SECONDS_PER_DAY && kab_seed_chance (report->random, 40))
    append_history (report, record->update, update, at, 0);
}

static void
report_wanted (Report              *report,
               const KabSeedUpdate *update,
               KabStateRecord      *record)
{
  const KabUpdateFields *fields = kab_update_get_fields (update->update);
  gboolean on_server = fields->downloaded_at != 0 && fields->downloaded_at <= report->host->last_scan_at;
  gboolean on_host = on_server && kab_seed_chance (report->random, 45);
  gboolean failed = on_host && kab_seed_chance (report->random, report->host->lag > 1 ? 8 : 3);

  report->host->n_pending++;
  record->flags |= failed ? KAB_STATE_ERROR : KAB_STATE_PENDING;
  record->flags = kab_state_flags_with (record->flags, KAB_FLAG_INSTALLED, KAB_TRISTATE_FALSE);
  record->flags = kab_state_flags_with (record->flags, KAB_FLAG_PRESENT, KAB_TRISTATE_FALSE);
  record->flags = kab_state_flags_with (record->flags, KAB_FLAG_HIDDEN, KAB_TRISTATE_FALSE);
  record->flags = kab_state_flags_with (record->flags, KAB_FLAG_DOWNLOADED, on_host ? KAB_TRISTATE_TRUE : KAB_TRISTATE_FALSE);
  if (failed)
    {
      guint first = kab_seed_below (report->random, G_N_ELEMENTS (failure_codes));
      guint second = kab_seed_below (report->random, G_N_ELEMENTS (failure_codes));
      guint32 code = failure_codes[MIN (first, second)];
      gint64 at = MAX (kab_update_get_changed_at (update->update), report->host->last_scan_at - KAB_SECONDS_PER_DAY / 3);

      record->result = (gint32) code;
      append_history (report, record->update, update, at, code);
    }
  else if (!on_server && !on_host && report->n_missing < MAX_MISSING && fields->download_urls != NULL &&
           fields->download_urls[0] != NULL)
    {
      g_string_append_c (report->missing, report->n_missing++ == 0 ? '[' : ',');
      kab_seed_append_json (report->missing, fields->download_urls[0]);
    }
}

static void
report_unwanted (KabStateRecord *record,
                 KabState        state)
{
  record->flags |= state;
  record->flags = kab_state_flags_with (record->flags, KAB_FLAG_INSTALLED, KAB_TRISTATE_FALSE);
  record->flags = kab_state_flags_with (record->flags, KAB_FLAG_PRESENT, KAB_TRISTATE_FALSE);
  record->flags = kab_state_flags_with (record->flags, KAB_FLAG_HIDDEN, KAB_TRISTATE_TRUE);
  record->flags = kab_state_flags_with (record->flags, KAB_FLAG_DOWNLOADED, KAB_TRISTATE_FALSE);
}

/* waptwua-model § 6.4, "State" */
static void
report_update (Report              *report,
               guint32              number,
               const KabSeedUpdate *update)
{
  const KabSeedVerdict *judged = &g_array_index (report->verdicts, KabSeedVerdict, number - 1);
  gboolean is_allowed = judged->verdict == KAB_VERDICT_ALLOWED;
  gboolean has_newer = report->has_newer;
  gboolean has_better = report->has_better;
  KabStateRecord record = { number, 0, 0, 0 };

  report->has_newer = TRUE;
  record.flags = kab_state_flags_with (0, KAB_FLAG_DELAYED, judged->delayed ? KAB_TRISTATE_TRUE : KAB_TRISTATE_FALSE);

  if (choose_installed (report, update, is_allowed))
    {
      record.flags = kab_state_flags_with (record.flags, KAB_FLAG_ALLOWED, is_allowed ? KAB_TRISTATE_TRUE : KAB_TRISTATE_FALSE);
      report->has_installed = report->has_better = TRUE;
      report_installed (report, update, &record);
    }
  else if (has_newer && !report->plan->rules->shows_superseded[report->host->profile])
    return;     /* Windows Update does not even offer it */
  else if (has_better)
    {
      record.flags = kab_state_flags_with (record.flags, KAB_FLAG_ALLOWED, KAB_TRISTATE_FALSE);
      report_unwanted (&record, KAB_STATE_SUPERSEDED);
    }
  else if (is_allowed)
    {
      record.flags = kab_state_flags_with (record.flags, KAB_FLAG_ALLOWED, KAB_TRISTATE_TRUE);
      report->has_better = TRUE;
      report_wanted (report, update, &record);
    }
  else
    {
      record.flags = kab_state_flags_with (record.flags, KAB_FLAG_ALLOWED, KAB_TRISTATE_FALSE);
      report_unwanted (&record, KAB_STATE_DISCARDED);
    }
  g_array_append_val (report->host->records, record);
}

static void
write_rules (KabSeedHost       *host,
             const KabSeedPlan *plan)
{
  const char *delay = plan->rules->delay[host->profile];

  /* Newer agents tell their own options here; of older ones a server never hears. */
  g_string_truncate (host->wua_rules, 0);
  if (delay != NULL)
    g_string_printf (host->wua_rules, "{\"params\":{\"default_allow\":false,\"install_delay\":\"%s\"}}", delay);
  else if (g_str_has_prefix (host->wapt_version, "2.5"))
    g_string_assign (host->wua_rules, "{\"params\":{\"default_allow\":false,\"install_delay\":null}}");
}

static void
write_rules_packages (GString   *out,
                      GPtrArray *installed)
{
  gboolean is_first = TRUE;

  g_string_append (out, ",\"rules_packages\":[");
  for (guint i = 0; i < installed->len; i++)
    {
      const KabSeedPackage *package = installed->pdata[i];

      if (package->set == NULL)
        continue;
      g_string_append_printf (out, "%s{\"package_uuid\":\"%s\",\"package\":\"%s\",\"version\":\"%s\",\"persistent_dir\":"
                              "\"C:\\\\Program Files (x86)\\\\wapt\\\\private\\\\persistent\\\\%s\"}",
                              is_first ? "" : ",", package->uuid, package->name, package->version, package->uuid);
      is_first = FALSE;
    }
  g_string_append_c (out, ']');
}

static void
write_status (Report *report)
{
  KabSeedHost *host = report->host;
  GString *out = host->wua_status;
  gboolean has_error = host->kind == KAB_SEED_HOST_ERROR;

  g_string_assign (out, "{\"enabled\":true,\"status\":");
  kab_seed_append_json (out, has_error ? "ERROR SCANNING UPDATES" : host->n_pending > 0 ? "PENDING_UPDATES" : "OK");
  g_string_append (out, ",\"wsusscn2cab_date\":");
  kab_seed_append_time (out, host->last_scan_at - 3 * 60 * 60);
  g_string_append (out, ",\"last_scan_date\":");
  kab_seed_append_time (out, host->last_scan_at);
  g_string_append_printf (out, ",\"last_scan_duration\":%u", 60 + kab_seed_below (report->random, 400));
  if (report->last_install_at != 0)
    {
      g_string_append (out, ",\"last_install_batch\":[");
      kab_seed_append_json (out, report->batch->str);
      g_string_append (out, "],\"last_install_date\":");
      kab_seed_append_time (out, report->last_install_at);
      g_string_append (out, ",\"last_install_result\":\"Succeeded\",\"last_install_reboot_required\":null");
    }
  g_string_append_printf (out, ",\"missing_downloads\":%s%s", report->n_missing > 0 ? report->missing->str : "[",
                          "]");
  write_rules_packages (out, report->plan->rules->installed[host->profile]);
  g_string_append (out, ",\"last_error\":");
  kab_seed_append_json (out, has_error ? "(-2145107952, 'The catalogue could not be searched', 0x80244010)" : "");
  g_string_append_printf (out, ",\"wua_agent_version\":\"%s\"}", host->os_version);
}

static void
write_service (KabSeedHost *host,
               gboolean     is_managed)
{
  g_string_printf (host->service,
                   "{\"start_mode\":\"%s\",\"running\":%s,\"auto_update\":%s,\"use_wuserver\":false,\"reboot_needed\":%s,"
                   "\"agent_version\":\"%s\"}",
                   is_managed ? "Disabled" : "Manual", is_managed ? "false" : "true", is_managed ? "false" : "true",
                   host->kind == KAB_SEED_HOST_RESTART ? "true" : "false", host->os_version);
}

void
kab_seed_host_report (KabSeedHost       *self,
                      const KabSeedPlan *plan,
                      KabSeedRandom     *random)
{
  const KabSeedSystemInfo *system = kab_seed_system (self->system);
  g_autoptr(GString) batch = g_string_new (NULL);
  g_autoptr(GString) missing = g_string_new (NULL);
  Report report = { self, plan, random, plan->rules->verdicts[self->profile], G_MAXUINT };

  report.batch = batch;
  report.missing = missing;
  g_array_set_size (self->records, 0);
  g_string_truncate (self->history, 0);
  self->n_pending = 0;
  self->revision = 0;

  for (guint i = 0; self->last_scan_at != 0 && i < plan->updates->len; i++)
    {
      const KabSeedUpdate *update = &g_array_index (plan->updates, KabSeedUpdate, i);

      /* Drivers replace nothing, so each is a stream of its own. */
      if (update->stream != report.stream || update->model >= 0)
        {
          report.stream = update->stream;
          report.level = self->lag + (kab_seed_below (random, 200) < (self->lag == 0 ? 1 : 20) ? 1 : 0);
          report.has_newer = report.has_better = report.has_installed = FALSE;
        }
      if (update->revision != 0 && update->systems == 1u << self->system)
        report.oldest_revision = update->revision;     /* the months of a stream go back */
      if (is_applicable (&report, update))
        report_update (&report, i + 1, update);
    }
  if (self->history->len > 0)
    g_string_append_c (self->history, '}');

  /* A machine without any of the known cumulative updates is older than all of them. */
  if (self->revision == 0)
    {
      guint behind = system->step * (1 + kab_seed_below (random, 4));
      guint oldest = report.oldest_revision != 0 ? report.oldest_revision : system->revision;

      self->revision = oldest - MIN (oldest - 1, behind);
    }
  g_snprintf (self->os_version, sizeof self->os_version, "%s.%u", system->build, self->revision);

  write_rules (self, plan);
  write_service (self, self->kind != KAB_SEED_HOST_DISABLED);
  if (self->kind == KAB_SEED_HOST_DISABLED)
    g_string_assign (self->wua_status, "{\"enabled\":false,\"status\":null}");
  else if (self->kind == KAB_SEED_HOST_NEVER_SCANNED)
    {
      g_string_assign (self->wua_status, "{\"enabled\":true,\"status\":null,\"last_scan_date\":null");
      write_rules_packages (self->wua_status, plan->rules->installed[self->profile]);
      g_string_append_c (self->wua_status, '}');
    }
  else
    write_status (&report);
}
