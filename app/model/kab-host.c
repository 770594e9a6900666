/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "kab-fields.h"
#include "kab-host.h"

#define SECONDS_PER_DAY (24 * 60 * 60)

struct _KabHost
{
  GObject        parent_instance;

  KabHostFields *fields;      /* one block, see kab_fields_copy() */
};

G_DEFINE_FINAL_TYPE (KabHost, kab_host, G_TYPE_OBJECT)

#define AT(member) G_STRUCT_OFFSET (KabHostFields, member)

static const guint16 texts[] = {
  AT (uuid), AT (computer_fqdn), AT (computer_name), AT (description), AT (platform), AT (os_name), AT (os_version),
  AT (computer_architecture), AT (manufacturer), AT (model), AT (serial), AT (organizational_unit), AT (ad_site),
  AT (wapt_version), AT (users), AT (addresses), AT (reachable), AT (listening_protocol), AT (wua_status),
  AT (last_error), AT (last_install_result), AT (wua_agent_version), AT (updates_hash), AT (status_json),
  AT (service_json), AT (rules_json), AT (install_delay),
};

static const guint16 lists[] = {
  AT (maturities), AT (groups), AT (rules_packages), AT (rules_uuids), AT (ad_groups), AT (trusted), AT (locales),
  AT (allowed_severities), AT (restart_reasons),
};

static const KabFieldsLayout layout = {
  sizeof (KabHostFields), texts, G_N_ELEMENTS (texts), lists, G_N_ELEMENTS (lists),
};

static const struct {
  const char *text;
  const char *label;
} states[KAB_N_HOST_STATES] = {
  [KAB_HOST_STATE_NOT_WINDOWS] = { "not-windows", N_ ("Not Windows") },
  [KAB_HOST_STATE_DISABLED] = { "disabled", N_ ("Disabled") },
  [KAB_HOST_STATE_NEVER_SCANNED] = { "never-scanned", N_ ("Never scanned") },
  [KAB_HOST_STATE_SILENT] = { "silent", N_ ("Silent") },
  [KAB_HOST_STATE_BUSY] = { "busy", N_ ("Working") },
  [KAB_HOST_STATE_ERROR] = { "error", N_ ("Error") },
  [KAB_HOST_STATE_RESTART] = { "restart", N_ ("Restart pending") },
  [KAB_HOST_STATE_PENDING] = { "pending", N_ ("Pending") },
  [KAB_HOST_STATE_COMPLIANT] = { "compliant", N_ ("Compliant") },
};

static void
kab_host_finalize (GObject *object)
{
  KabHost *self = KAB_HOST (object);

  g_clear_pointer (&self->fields, g_free);

  G_OBJECT_CLASS (kab_host_parent_class)->finalize (object);
}

static void
kab_host_class_init (KabHostClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_host_finalize;
}

static void
kab_host_init (KabHost *self)
{
}

static gboolean
is_given (const char *text)
{
  return text != NULL && *text != '\0';
}

/* The words of waptwua-model § 3.1 and § 6.4; READY is left out: 2.x agents rest in it. */
static gboolean
is_busy_status (const char *status)
{
  static const char * const busy[] = { "SCANNING", "DOWNLOADING", "INSTALL", "UPDATING WSUSSCAN", "DBREADY" };

  for (guint i = 0; status != NULL && i < G_N_ELEMENTS (busy); i++)
    if (g_ascii_strcasecmp (status, busy[i]) == 0)
      return TRUE;

  return FALSE;
}

/* "ERROR", "ERROR SCANNING UPDATES", "DISK_SPACE_ERROR" … */
static gboolean
is_error_status (const char *status)
{
  return status != NULL && (g_ascii_strncasecmp (status, "ERROR", 5) == 0 ||
                            g_ascii_strcasecmp (status, "DISK_SPACE_ERROR") == 0);
}

const char *
kab_host_state_get_text (KabHostState state)
{
  g_return_val_if_fail ((guint) state < KAB_N_HOST_STATES, "");

  return states[state].text;
}

const char *
kab_host_state_get_label (KabHostState state)
{
  g_return_val_if_fail ((guint) state < KAB_N_HOST_STATES, "");

  return states[state].label;
}

KabHost *
kab_host_new (const KabHostFields *fields)
{
  KabHost *self;

  g_return_val_if_fail (fields != NULL, NULL);
  g_return_val_if_fail (fields->uuid != NULL, NULL);

  self = g_object_new (KAB_TYPE_HOST, NULL);
  self->fields = kab_fields_copy (fields, &layout);
  return self;
}

const KabHostFields *
kab_host_get_fields (KabHost *self)
{
  g_return_val_if_fail (KAB_IS_HOST (self), NULL);

  return self->fields;
}

const char *
kab_host_get_uuid (KabHost *self)
{
  g_return_val_if_fail (KAB_IS_HOST (self), NULL);

  return self->fields->uuid;
}

const char *
kab_host_get_name (KabHost *self)
{
  g_return_val_if_fail (KAB_IS_HOST (self), NULL);

  if (is_given (self->fields->computer_name))
    return self->fields->computer_name;
  if (is_given (self->fields->computer_fqdn))
    return self->fields->computer_fqdn;
  return self->fields->uuid;
}

gboolean
kab_host_is_reachable (KabHost *self)
{
  g_return_val_if_fail (KAB_IS_HOST (self), FALSE);

  return self->fields->reachable != NULL && g_ascii_strcasecmp (self->fields->reachable, "OK") == 0;
}

gboolean
kab_host_needs_restart (KabHost *self)
{
  g_return_val_if_fail (KAB_IS_HOST (self), FALSE);

  return kab_host_fields_needs_restart (self->fields);
}

/* Hosts that are Windows and have not switched WUA off take part in counts and in the denominator of compliance. */
gboolean
kab_host_fields_is_counted (const KabHostFields *fields)
{
  return kab_host_fields_is_windows (fields) && fields->enabled != KAB_TRISTATE_FALSE;
}

gboolean
kab_host_fields_is_silent (const KabHostFields *fields,
                           const KabLimits     *limits)
{
  return limits->silent_days > 0 &&
         fields->last_seen_at < limits->now - (gint64) limits->silent_days * SECONDS_PER_DAY;
}

gboolean
kab_host_fields_is_stale (const KabHostFields *fields,
                          const KabLimits     *limits)
{
  return limits->stale_scan_days > 0 &&
         fields->last_scan_at < limits->now - (gint64) limits->stale_scan_days * SECONDS_PER_DAY;
}

KabHostState
kab_host_fields_judge (const KabHostFields *fields,
                       const guint          counts[KAB_N_STATES],
                       const KabLimits     *limits)
{
  guint n_pairs = 0;

  g_return_val_if_fail (fields != NULL, KAB_HOST_STATE_NEVER_SCANNED);
  g_return_val_if_fail (limits != NULL, KAB_HOST_STATE_NEVER_SCANNED);

  for (guint i = 0; i < KAB_N_STATES; i++)
    n_pairs += counts[i];

  if (!kab_host_fields_is_windows (fields))
    return KAB_HOST_STATE_NOT_WINDOWS;
  if (fields->enabled == KAB_TRISTATE_FALSE)
    return KAB_HOST_STATE_DISABLED;
  if (fields->last_scan_at == 0 && n_pairs == 0)
    return KAB_HOST_STATE_NEVER_SCANNED;
  if (kab_host_fields_is_silent (fields, limits))
    return KAB_HOST_STATE_SILENT;
  if (is_busy_status (fields->wua_status))
    return KAB_HOST_STATE_BUSY;
  if (is_error_status (fields->wua_status) || counts[KAB_STATE_ERROR] > 0)
    return KAB_HOST_STATE_ERROR;
  if (kab_host_fields_needs_restart (fields))
    return KAB_HOST_STATE_RESTART;

  /* A pair whose state is not known keeps a host from being called compliant. */
  if (counts[KAB_STATE_PENDING] + counts[KAB_STATE_MISSING] + counts[KAB_STATE_UNKNOWN] > 0 ||
      (fields->wua_status != NULL && g_ascii_strcasecmp (fields->wua_status, "PENDING_UPDATES") == 0))
    return KAB_HOST_STATE_PENDING;

  return KAB_HOST_STATE_COMPLIANT;
}

gboolean
kab_host_fields_is_windows (const KabHostFields *fields)
{
  g_autofree char *name = NULL;

  if (is_given (fields->platform))
    return g_ascii_strncasecmp (fields->platform, "windows", 7) == 0;

  /* Agents too old to tell their platform ran on Windows only. */
  if (!is_given (fields->os_name))
    return TRUE;

  name = g_ascii_strdown (fields->os_name, -1);
  return strstr (name, "windows") != NULL;
}

gboolean
kab_host_fields_needs_restart (const KabHostFields *fields)
{
  return fields->reboot_needed == KAB_TRISTATE_TRUE ||
         (fields->restart_reasons != NULL && fields->restart_reasons[0] != NULL);
}
