/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-deed-steps.h"
#include "kab-facts.h"

static const char * const *
get_steps (KabPackageJob *job)
{
  static const char * const all[] = { "reading", "signing", "uploading", "checking", NULL };
  static const char * const publishing[] = { "reading", "signing", "uploading", "checking", "saving", NULL };
  static const char * const promoting[] = { "reading", "signing", "uploading", "checking", "deleting", NULL };
  const char *kind = kab_job_get_kind (KAB_JOB (job));

  return g_str_equal (kind, "publish") ? publishing : g_str_equal (kind, "promote") ? promoting : all;
}

static const char *
describe_step (const char *step)
{
  static const struct { const char *step; const char *text; } texts[] = {
    { "reading", N_("Read the package and check it") },
    { "signing", N_("Sign it anew") },
    { "uploading", N_("Upload it") },
    { "checking", N_("Look whether the server has it") },
    { "deleting", N_("Remove the old file") },
    { "saving", N_("Write the approval log") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (g_str_equal (texts[i].step, step))
      return _(texts[i].text);

  return step;
}

void
kab_deed_steps_update (GtkBox        *box,
                       KabPackageJob *job)
{
  const char * const *steps = get_steps (job);
  const char *now = kab_job_get_step (KAB_JOB (job));
  GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (box));
  gboolean behind = now == NULL || !g_strv_contains (steps, now);
  gboolean finished = kab_job_get_state (KAB_JOB (job)) == KAB_JOB_DONE;

  for (guint i = 0; steps[i] != NULL && row != NULL; i++, row = gtk_widget_get_next_sibling (row))
    {
      gboolean current = !finished && g_strcmp0 (steps[i], now) == 0;
      const char *icon = finished || (!behind && !current) ? "emblem-ok-symbolic"
                         : current ? "media-playback-start-symbolic" : "content-loading-symbolic";
      const char *word = finished || (!behind && !current) ? _("Done") : current ? _("Now") : _("To do");

      gtk_image_set_from_icon_name (GTK_IMAGE (gtk_widget_get_first_child (row)), icon);
      gtk_widget_set_opacity (row, current || finished || !behind ? 1 : 0.6);
      gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_first_child (row)),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, word, -1);
      if (current)
        behind = TRUE;
    }
}

void
kab_deed_steps_fill (GtkBox        *box,
                     KabPackageJob *job)
{
  const char * const *steps = get_steps (job);

  kab_facts_clear (box);
  for (guint i = 0; steps[i] != NULL; i++)
    {
      GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

      gtk_box_append (GTK_BOX (row), gtk_image_new ());
      gtk_box_append (GTK_BOX (row), kab_facts_new_text (describe_step (steps[i])));
      gtk_box_append (box, row);
    }
}
