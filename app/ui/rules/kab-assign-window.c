/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-assign-picker.h"
#include "kab-assign-window.h"

typedef struct {
  KabAssignPicker *picker;       /* in the window, which owns us */
  GtkWindow       *window;
  KabTargetsFunc   callback;
  gpointer         user_data;
  GDestroyNotify   destroy;
} Choice;

static void
choice_free (gpointer data)
{
  Choice *choice = data;

  if (choice->destroy != NULL)
    choice->destroy (choice->user_data);
  g_free (choice);
}

static void
done_cb (Choice *choice)
{
  g_autoptr(GArray) targets = kab_assign_picker_dup_targets (choice->picker);

  choice->callback (targets, choice->user_data);
  gtk_window_close (choice->window);
}

static gboolean
escape_cb (GtkWidget *widget,
           GVariant  *args,
           gpointer   user_data)
{
  gtk_window_close (GTK_WINDOW (widget));
  return TRUE;
}

void
kab_assign_window_show (GtkWidget      *from,
                        KabSession     *session,
                        GArray         *targets,
                        KabTargetsFunc  callback,
                        gpointer        user_data,
                        GDestroyNotify  destroy)
{
  Choice *choice = g_new0 (Choice, 1);
  GtkWidget *window = adw_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_("_Cancel"));
  GtkWidget *done = gtk_button_new_with_mnemonic (_("_Done"));
  GtkEventController *keys = gtk_shortcut_controller_new ();

  choice->picker = KAB_ASSIGN_PICKER (kab_assign_picker_new (session));
  choice->window = GTK_WINDOW (window);
  choice->callback = callback;
  choice->user_data = user_data;
  choice->destroy = destroy;
  g_object_set_data_full (G_OBJECT (window), "kab-choice", choice, choice_free);
  kab_assign_picker_set_targets (choice->picker, targets);
  g_object_set (choice->picker, "margin-start", 12, "margin-end", 12, "margin-top", 12, "margin-bottom", 12,
                "vexpand", TRUE, NULL);
  g_object_set (header, "show-end-title-buttons", FALSE, "show-start-title-buttons", FALSE, NULL);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (cancel), "window.close");
  gtk_widget_add_css_class (done, "suggested-action");
  g_signal_connect_swapped (done, "clicked", G_CALLBACK (done_cb), choice);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), cancel);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), done);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (choice->picker));
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                                                          gtk_callback_action_new (escape_cb, NULL, NULL)));
  gtk_widget_add_controller (window, keys);
  g_object_set (window, "title", _("Who Gets It"), "modal", TRUE, "transient-for", gtk_widget_get_root (from),
                "destroy-with-parent", TRUE, "default-width", 520, "default-height", 560, "width-request", 320,
                "content", box, NULL);
  gtk_window_present (GTK_WINDOW (window));
}
