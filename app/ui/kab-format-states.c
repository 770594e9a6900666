/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-format.h"
#include "kab-result-code.h"

static const KabLook severities[KAB_N_SEVERITIES] = {
  [KAB_SEVERITY_NONE] = { "plain", NULL, NULL },
  [KAB_SEVERITY_LOW] = { "neutral", "kab-severity-low-symbolic", NULL },
  [KAB_SEVERITY_MODERATE] = { "neutral", "kab-severity-moderate-symbolic", NULL },
  [KAB_SEVERITY_IMPORTANT] = { "warning", "kab-severity-important-symbolic", NULL },
  [KAB_SEVERITY_CRITICAL] = { "error", "kab-severity-critical-symbolic", NULL },
};

static const KabLook states[KAB_N_STATES] = {
  [KAB_STATE_UNKNOWN] = { "neutral", "dialog-question-symbolic",
                          N_("The host did not say. It is not counted as compliant.") },
  [KAB_STATE_OK] = { "success", "emblem-ok-symbolic", N_("Installed.") },
  [KAB_STATE_PENDING] = { "accent", "document-open-recent-symbolic",
                          N_("Allowed, not installed yet, and the file can be had.") },
  [KAB_STATE_MISSING] = { "purple", "folder-download-symbolic",
                          N_("Allowed, but neither the host nor the server has the file.") },
  [KAB_STATE_DISCARDED] = { "neutral", "action-unavailable-symbolic",
                            N_("Not installed, and the rules do not allow it, or not yet.") },
  [KAB_STATE_ERROR] = { "error", "dialog-error-symbolic",
                        N_("Allowed, not installed, and the newest try failed.") },
  [KAB_STATE_SUPERSEDED] = { "neutral", "media-skip-forward-symbolic",
                             N_("Replaced by an update that is pending or installed.") },
};

static const KabLook host_states[KAB_N_HOST_STATES] = {
  [KAB_HOST_STATE_NOT_WINDOWS] = { "neutral", "computer-symbolic",
                                   N_("Not a Windows host: left out of compliance.") },
  [KAB_HOST_STATE_DISABLED] = { "neutral", "action-unavailable-symbolic",
                                N_("Windows Update is switched off in its agent: left out of compliance.") },
  [KAB_HOST_STATE_NEVER_SCANNED] = { "warning", "dialog-question-symbolic",
                                     N_("It has never reported its updates.") },
  [KAB_HOST_STATE_SILENT] = { "warning", "network-offline-symbolic",
                              N_("No contact for longer than the limit.") },
  [KAB_HOST_STATE_BUSY] = { "accent", "emblem-synchronizing-symbolic",
                            N_("It is scanning, downloading or installing now.") },
  [KAB_HOST_STATE_ERROR] = { "error", "dialog-error-symbolic",
                             N_("At least one allowed update failed.") },
  [KAB_HOST_STATE_RESTART] = { "warning", "system-reboot-symbolic",
                               N_("It must restart to finish what was installed.") },
  [KAB_HOST_STATE_PENDING] = { "accent", "document-open-recent-symbolic",
                               N_("An allowed update is not installed yet.") },
  [KAB_HOST_STATE_COMPLIANT] = { "success", "emblem-ok-symbolic",
                                 N_("It has every update that its rules allow.") },
};

static const KabLook task_states[] = {
  [KAB_HOST_TASK_PENDING] = { "neutral", "document-open-recent-symbolic", N_("Waiting") },
  [KAB_HOST_TASK_RUNNING] = { "accent", "emblem-synchronizing-symbolic", N_("Running") },
  [KAB_HOST_TASK_DONE] = { "success", "emblem-ok-symbolic", N_("Done") },
  [KAB_HOST_TASK_ERROR] = { "error", "dialog-error-symbolic", N_("Failed") },
  [KAB_HOST_TASK_CANCELLED] = { "neutral", "process-stop-symbolic", N_("Cancelled") },
};

static const KabLook job_states[] = {
  [KAB_JOB_WAITING] = { "neutral", "document-open-recent-symbolic", N_("Waiting") },
  [KAB_JOB_RUNNING] = { "accent", "emblem-synchronizing-symbolic", N_("Running") },
  [KAB_JOB_DONE] = { "success", "emblem-ok-symbolic", N_("Done") },
  [KAB_JOB_FAILED] = { "error", "dialog-error-symbolic", N_("Failed") },
  [KAB_JOB_CANCELLED] = { "neutral", "process-stop-symbolic", N_("Cancelled") },
};

static const KabLook trigger_states[KAB_N_TRIGGER_STATES] = {
  [KAB_TRIGGER_WAITING] = { "neutral", "document-open-recent-symbolic", NULL },
  [KAB_TRIGGER_SENT] = { "accent", "document-send-symbolic", NULL },
  [KAB_TRIGGER_RUNNING] = { "accent", "emblem-synchronizing-symbolic", NULL },
  [KAB_TRIGGER_DONE] = { "success", "emblem-ok-symbolic", NULL },
  [KAB_TRIGGER_FAILED] = { "error", "dialog-error-symbolic", NULL },
  [KAB_TRIGGER_UNREACHABLE] = { "warning", "network-offline-symbolic", NULL },
  [KAB_TRIGGER_REFUSED] = { "error", "action-unavailable-symbolic", NULL },
  [KAB_TRIGGER_UNKNOWN] = { "warning", "dialog-question-symbolic", NULL },
};

static const KabLook connections[] = {
  [KAB_CONNECTION_OFFLINE] = { "warning", "network-offline-symbolic", N_("Not connected") },
  [KAB_CONNECTION_CONNECTING] = { "accent", "network-idle-symbolic", N_("Connecting…") },
  [KAB_CONNECTION_ONLINE] = { "success", "network-server-symbolic", N_("Connected") },
  [KAB_CONNECTION_SIGN_IN] = { "warning", "dialog-password-symbolic", N_("Sign-in needed") },
  [KAB_CONNECTION_UNTRUSTED] = { "error", "channel-insecure-symbolic", N_("Certificate not trusted") },
};

static const struct {
  const char *level;
  const char *text;
} levels[] = {
  { "open", N_("host by host (the routes of every WAPT server)") },
  { "configured", N_("configured addresses of the server") },
  { "bulk", N_("changes only (the fast route of Kabinet’s server)") },
};

/* A value out of range comes from a newer room than this face: shown plain, never a crash. */
static const KabLook *
look (const KabLook *looks,
      guint          n,
      guint          value)
{
  static const KabLook none = { "neutral", NULL, NULL };

  return value < n ? &looks[value] : &none;
}
#define LOOK(table, value) look (table, G_N_ELEMENTS (table), (guint) (value))

static const char *
translate_or_empty (const char *text)
{
  return text != NULL && *text != '\0' ? _(text) : "";
}

const char *
kab_format_translate (const char *msgid)
{
  return translate_or_empty (msgid);
}

const char *
kab_format_severity (KabSeverity severity)
{
  return translate_or_empty (kab_severity_get_label (severity));
}

const KabLook *
kab_format_severity_look (KabSeverity severity)
{
  return LOOK (severities, severity);
}

const char *
kab_format_state (KabState state)
{
  return translate_or_empty (kab_state_get_label (state));
}

const KabLook *
kab_format_state_look (KabState state)
{
  return LOOK (states, state);
}

const char *
kab_format_state_hint (KabState state)
{
  return translate_or_empty (LOOK (states, state)->hint);
}

const char *
kab_format_host_state (KabHostState state)
{
  return translate_or_empty (kab_host_state_get_label (state));
}

const KabLook *
kab_format_host_state_look (KabHostState state)
{
  return LOOK (host_states, state);
}

char *
kab_format_host_state_hint (KabHostState     state,
                            const KabLimits *limits)
{
  if (state == KAB_HOST_STATE_SILENT && limits != NULL)
    return g_strdup_printf (ngettext ("No contact for more than %u day.",
                                      "No contact for more than %u days.", limits->silent_days),
                            limits->silent_days);

  return g_strdup (translate_or_empty (LOOK (host_states, state)->hint));
}

const char *
kab_format_task_state (KabHostTaskState state)
{
  return translate_or_empty (LOOK (task_states, state)->hint);
}

const KabLook *
kab_format_task_state_look (KabHostTaskState state)
{
  return LOOK (task_states, state);
}

const char *
kab_format_job_state (KabJobState state)
{
  return translate_or_empty (LOOK (job_states, state)->hint);
}

const KabLook *
kab_format_job_state_look (KabJobState state)
{
  return LOOK (job_states, state);
}

const char *
kab_format_trigger_state (KabTriggerState state)
{
  return translate_or_empty (kab_trigger_state_get_label (state));
}

const KabLook *
kab_format_trigger_state_look (KabTriggerState state)
{
  return LOOK (trigger_states, state);
}

const char *
kab_format_connection (KabConnection connection)
{
  return translate_or_empty (LOOK (connections, connection)->hint);
}

const KabLook *
kab_format_connection_look (KabConnection connection)
{
  return LOOK (connections, connection);
}

const char *
kab_format_level (const char *level)
{
  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    if (g_strcmp0 (levels[i].level, level) == 0)
      return _(levels[i].text);

  return "";
}

char *
kab_format_deed (KabDeed deed)
{
  return g_strdup (translate_or_empty (kab_deed_get_label (deed)));
}

char *
kab_format_result (gint32 result)
{
  return kab_result_code_format ((guint32) result);
}

const char *
kab_format_result_meaning (gint32 result)
{
  const KabResultCode *code = kab_result_code_lookup ((guint32) result);

  if (code == NULL || code->meaning == NULL || *code->meaning == '\0')
    return _("Windows gave a code that is in no list of known ones.");

  return _(code->meaning);
}

const char *
kab_format_result_remedy (gint32 result)
{
  const KabResultCode *code = kab_result_code_lookup ((guint32) result);

  return code != NULL ? translate_or_empty (code->remedy) : "";
}
