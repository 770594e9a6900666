/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-gate-words.h"
#include "kab-settings.h"

#define DAY 86400

void
kab_gate_words_read_settings (KabGate *gate)
{
  GSettings *settings = kab_settings_get_default ();

  kab_gate_init_default (gate);
  gate->least_bound = g_settings_get_double (settings, "gate-bound");
  gate->least_reported = g_settings_get_double (settings, "gate-reported");
  gate->least_seconds = (gint64) g_settings_get_uint (settings, "gate-days") * DAY;
}

void
kab_gate_words_judge (const KabEvidence *evidence,
                      KabGateVerdict    *verdict)
{
  KabGate gate;

  kab_gate_words_read_settings (&gate);
  kab_gate_judge (&gate, evidence, verdict);
}

char *
kab_gate_words_describe (const KabGateVerdict *verdict)
{
  g_autofree char *missing = NULL;

  if (verdict->passes)
    return g_strdup (_("The gate passes"));

  missing = kab_gate_verdict_describe_missing (verdict);
  if (missing == NULL)
    return g_strdup (_("The gate does not pass"));

  /* Translators: %s is what a promotion lacks: "21 more successes and 4 more days" */
  return g_strdup_printf (_("Needs %s"), missing);
}

void
kab_gate_words_bind (KabBadge             *badge,
                     const KabGateVerdict *verdict)
{
  g_autofree char *text = kab_gate_words_describe (verdict);

  if (verdict->passes)
    kab_badge_set (badge, "success", "emblem-ok-symbolic", _("Gate passes"),
                   _("The pilot is good enough by the thresholds of the preferences"));
  else
    kab_badge_set (badge, "warning", "dialog-warning-symbolic", _("Gate: not yet"), text);
}

char *
kab_gate_words_share (double share)
{
  return g_strdup_printf (_("%.1f %%"), 100 * share);
}
