/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-explanation.h"

/* The decision borrows its texts from the engine's rule sets: the engine lives as long as the explanation. */
typedef struct {
  KabExplanation  explanation;
  KabRulesEngine *engine;
} Private;

/* Does the host's own report differ from what the rules say now? Only where a report speaks of the rules at all. */
static gboolean
differs_from_report (const KabExplanation *self,
                     KabTristate           allowed)
{
  if (!self->rules_known || allowed == KAB_TRISTATE_NULL || self->decision.verdict == KAB_VERDICT_UNDECIDED)
    return FALSE;
  if (self->state == KAB_STATE_OK || self->state == KAB_STATE_SUPERSEDED || self->state == KAB_STATE_UNKNOWN)
    return FALSE;

  if (self->decision.verdict == KAB_VERDICT_ALLOWED)
    return allowed == KAB_TRISTATE_FALSE && !self->host_says_delayed;
  return allowed == KAB_TRISTATE_TRUE;
}

/* The file that the host names among its missing_downloads, else the first. Not parsed: looking for a name is enough. */
static char *
dup_missing_url (const KabHostFields   *host,
                 const KabUpdateFields *update)
{
  if (update->download_urls == NULL || update->download_urls[0] == NULL)
    return NULL;

  for (gsize i = 0; host->status_json != NULL && update->download_urls[i] != NULL; i++)
    {
      g_autofree char *name = kab_download_url_dup_name (update->download_urls[i]);

      if (name != NULL && strstr (host->status_json, name) != NULL)
        return g_strdup (update->download_urls[i]);
    }

  return g_strdup (update->download_urls[0]);
}

KabExplanation *
kab_explanation_new (KabHost              *host,
                     KabUpdate            *update,
                     const KabStateRecord *record,
                     KabRulesEngine       *engine,
                     const char           *superseded_by,
                     gint64                now)
{
  static const KabStateRecord nothing = { 0, 0, 0, 0 };
  KabExplanation *self;
  Private *private;

  g_return_val_if_fail (KAB_IS_HOST (host), NULL);
  g_return_val_if_fail (KAB_IS_UPDATE (update), NULL);

  /* A pair that the host never spoke of. */
  if (record == NULL)
    record = &nothing;

  private = g_new0 (Private, 1);
  self = &private->explanation;
  self->server_has_files = kab_update_is_on_server (update);
  self->state = kab_state_derive (record, self->server_has_files);
  self->reported = kab_state_record_get_reported (record);
  self->disagrees = kab_state_disagrees (record);
  self->host_has_files = kab_state_record_get_flag (record, KAB_FLAG_DOWNLOADED) == KAB_TRISTATE_TRUE;
  self->host_says_delayed = kab_state_record_get_flag (record, KAB_FLAG_DELAYED) == KAB_TRISTATE_TRUE;
  self->result = record->result;
  self->installed_at = record->installed_at;
  self->restart_pending = kab_host_needs_restart (host);
  self->superseded_by = g_strdup (superseded_by);

  if (engine != NULL)
    {
      private->engine = g_object_ref (engine);
      self->rules_known = TRUE;
      kab_rules_engine_decide (engine, update, now, &self->decision);
      self->estimate_differs = differs_from_report (self, kab_state_record_get_flag (record, KAB_FLAG_ALLOWED));
    }
  if (self->state == KAB_STATE_MISSING)
    self->missing_url = dup_missing_url (kab_host_get_fields (host), kab_update_get_fields (update));

  return self;
}

void
kab_explanation_free (KabExplanation *self)
{
  Private *private = (Private *) self;

  if (self == NULL)
    return;

  g_clear_object (&private->engine);
  g_free (self->missing_url);
  g_free (self->superseded_by);
  g_free (private);
}
