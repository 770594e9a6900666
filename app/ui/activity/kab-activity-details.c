/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-activity-details.h"
#include "kab-error-text.h"
#include "kab-job.h"

static void
present (GtkWidget  *from,
         const char *heading,
         const char *body,
         const char *technical)
{
  GtkRoot *root = gtk_widget_get_root (from);
  GtkWidget *dialog = adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, heading, body);

  if (technical != NULL && *technical != '\0')
    {
      GtkWidget *label = g_object_new (GTK_TYPE_LABEL,
                                       "label", technical, "wrap", TRUE, "selectable", TRUE,
                                       "wrap-mode", PANGO_WRAP_WORD_CHAR, "xalign", 0.0,
                                       "max-width-chars", 50, NULL);

      gtk_widget_add_css_class (label, "kab-technical");
      adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), label);
    }
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* All columns of a row, those that are hidden too, one to a line. */
static char *
describe_columns (const KabTableInfo *info,
                  gpointer            item)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < info->n_columns; i++)
    {
      g_autofree char *cell = info->columns[i].dup_text (item);

      if (*cell == '\0')
        continue;
      g_string_append (text, text->len > 0 ? "\n" : "");
      /* Translators: a fact: %1$s is its name, %2$s its value */
      g_string_append_printf (text, _("%1$s: %2$s"), _(info->columns[i].title), cell);
    }

  return g_string_free (text, FALSE);
}

void
kab_activity_details_show (GtkWidget          *from,
                           const KabTableInfo *info,
                           gpointer            item)
{
  g_autofree char *heading = info->dup_name (item);
  g_autofree char *body = describe_columns (info, item);
  const char *technical = NULL;

  if (KAB_IS_JOB (item) && kab_error_text_is_shown (kab_job_get_error (item)))
    {
      g_autofree char *facts = g_steal_pointer (&body);

      body = g_strdup_printf ("%s\n\n%s", kab_error_text_describe (kab_job_get_error (item)), facts);
      technical = kab_job_get_error (item)->message;
    }
  present (from, heading, body, technical);
}
