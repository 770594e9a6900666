/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-deed-result.h"
#include "kab-error-text.h"
#include "kab-facts.h"
#include "kab-identity.h"
#include "kab-step-columns.h"

#define MOST_ROWS 50
#define MOST_SIGNERS 5

/* Targets and files that are not as they should be */
static void
add_rows (GtkBox        *box,
          KabPackageJob *job)
{
  GListModel *rows = kab_package_job_get_rows (job);
  guint n_shown = 0;

  for (guint i = 0; rows != NULL && i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr(KabPackageRow) row = g_list_model_get_item (rows, i);
      KabPackageStepState state = kab_package_row_get_state (row);
      g_autofree char *text = NULL;
      GtkWidget *label;

      if (state == KAB_PACKAGE_STEP_DONE || state == KAB_PACKAGE_STEP_UNCHANGED || state == KAB_PACKAGE_STEP_LEFT ||
          ++n_shown > MOST_ROWS)
        continue;
      if (state == KAB_PACKAGE_STEP_UNTRUSTED)
        /* Translators: %1$s is a file, %2$s who signed it */
        text = g_strdup_printf (_("%1$s is signed by %2$s, whom this profile does not trust. Signing it anew vouches for "
                                  "its content."), kab_package_row_get_name (row), kab_package_row_get_message (row));
      else
        /* Translators: a host, unit, group or file, and how it ended */
        text = g_strdup_printf (_("%1$s: %2$s"), kab_package_row_get_name (row),
                                _(kab_package_step_state_get_label (state)));
      label = kab_facts_add_text (box, text);
      gtk_widget_set_tooltip_text (label, kab_package_row_get_message (row));
    }
}

void
kab_deed_result_fill (AdwStatusPage *page,
                      GtkBox        *box,
                      KabPackageJob *job,
                      const char    *done_text)
{
  const char * const *left = kab_package_job_get_left (job);
  const GError *error = kab_job_get_error (KAB_JOB (job));
  KabJobState state = kab_job_get_state (KAB_JOB (job));
  gboolean is_untrusted = state == KAB_JOB_FAILED && kab_package_job_count (job, KAB_PACKAGE_STEP_UNTRUSTED) > 0;

  kab_facts_clear (box);
  if (state == KAB_JOB_DONE)
    g_object_set (page, "icon-name", "emblem-ok-symbolic", "title", _("Done"),
                  "description", done_text, NULL);
  else if (state == KAB_JOB_CANCELLED)
    g_object_set (page, "icon-name", "process-stop-symbolic", "title", _("Cancelled"),
                  "description", _("All is as it was before."), NULL);
  else if (is_untrusted)
    g_object_set (page, "icon-name", "dialog-warning-symbolic",
                  "title", _(kab_signature_status_get_label (KAB_SIGNATURE_UNTRUSTED)),
                  "description", _("Nothing was changed."), NULL);
  else
    g_object_set (page, "icon-name", "dialog-error-symbolic", "title", kab_error_text_title (error),
                  "description", kab_error_text_describe (error), NULL);

  for (guint i = 0; left != NULL && left[i] != NULL; i++)
    {
      /* Translators: %s is the name of a file on the server */
      g_autofree char *text = g_strdup_printf (_("The old file %s is left, because this account may not delete. "
                                                 "Somebody who may should remove it."), left[i]);

      kab_facts_add_text (box, text);
    }
  add_rows (box, job);
  if (state == KAB_JOB_FAILED && !is_untrusted)
    {
      GtkWidget *label = kab_facts_add_text (box, error->message);

      gtk_widget_add_css_class (label, "kab-technical");
      gtk_label_set_selectable (GTK_LABEL (label), TRUE);
    }
}

/* (transfer full) (nullable): who signed what was left as it is, each once, at most as many as can be read */
static char *
dup_signers (KabPackageJob *job)
{
  GListModel *rows = kab_package_job_get_rows (job);
  g_autoptr(GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GString) text = g_string_new (_("Signing these packages anew vouches for all they hold. Look at them first "
                                            "when you do not know who signed them:"));

  for (guint i = 0; i < g_list_model_get_n_items (rows) && g_hash_table_size (known) < MOST_SIGNERS; i++)
    {
      g_autoptr(KabPackageRow) row = g_list_model_get_item (rows, i);

      if (kab_package_row_get_state (row) == KAB_PACKAGE_STEP_UNTRUSTED &&
          g_hash_table_add (known, g_strdup (kab_package_row_get_message (row))))
        g_string_append_printf (text, "\n%s", kab_package_row_get_message (row));
    }

  return g_hash_table_size (known) > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

char *
kab_deed_result_dup_words (KabPackageJob *job,
                           const char    *done_text)
{
  const GError *error = kab_job_get_error (KAB_JOB (job));
  g_autofree char *summary = kab_steps_dup_summary (job);
  g_autofree char *signers = dup_signers (job);
  g_autoptr(GPtrArray) lines = g_ptr_array_new ();

  if (done_text != NULL)
    g_ptr_array_add (lines, (gpointer) done_text);
  if (error != NULL && kab_error_text_is_shown (error))
    g_ptr_array_add (lines, (gpointer) kab_error_text_describe (error));
  g_ptr_array_add (lines, summary);
  if (signers != NULL)
    g_ptr_array_add (lines, signers);
  g_ptr_array_add (lines, NULL);

  return g_strjoinv ("\n", (char **) lines->pdata);
}
