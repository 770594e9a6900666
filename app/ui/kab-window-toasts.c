/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-error-text.h"
#include "kab-window-private.h"

KabWindow *
kab_window_find (GtkWidget *from)
{
  GtkWidget *root = KAB_IS_WINDOW (from) ? from : GTK_WIDGET (gtk_widget_get_root (from));

  /* A dialog's toasts are shown by the window it belongs to. */
  while (root != NULL && !KAB_IS_WINDOW (root) && GTK_IS_WINDOW (root))
    root = GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (root)));

  return KAB_IS_WINDOW (root) ? KAB_WINDOW (root) : NULL;
}

static void
add_toast (GtkWidget *from,
           AdwToast  *toast)
{
  KabWindow *self = kab_window_find (from);

  /* Tests and administrators can follow along. */
  g_info ("toast: %s", adw_toast_get_title (toast));
  if (self != NULL)
    adw_toast_overlay_add_toast (self->toasts, toast);
  else
    g_object_unref (toast);
}

static AdwToast *
toast_new (const char *text)
{
  /* Toasts read markup; names of hosts are no markup. */
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  return adw_toast_new (escaped);
}

void
kab_window_add_toast (GtkWidget  *from,
                      const char *text)
{
  g_return_if_fail (GTK_IS_WIDGET (from));

  add_toast (from, toast_new (text));
}

void
kab_window_add_toast_with_action (GtkWidget  *from,
                                  const char *text,
                                  const char *button,
                                  const char *action)
{
  AdwToast *toast;

  g_return_if_fail (GTK_IS_WIDGET (from));

  toast = toast_new (text);
  adw_toast_set_button_label (toast, button);
  adw_toast_set_detailed_action_name (toast, action);
  add_toast (from, toast);
}

/* A toast's button that calls somebody back: at most once. */
typedef struct {
  KabAnswerFunc  callback;
  gpointer       user_data;
  GDestroyNotify destroy;
} ToastCall;

static void
toast_call_free (gpointer  data,
                 GClosure *closure)
{
  ToastCall *call = data;

  if (call->destroy != NULL)
    call->destroy (call->user_data);
  g_free (call);
}

static void
toast_clicked_cb (AdwToast  *toast,
                  ToastCall *call)
{
  call->callback (TRUE, call->user_data);
}

void
kab_window_add_toast_with_answer (GtkWidget      *from,
                                  const char     *text,
                                  const char     *button,
                                  KabAnswerFunc   callback,
                                  gpointer        user_data,
                                  GDestroyNotify  destroy)
{
  ToastCall *call;
  AdwToast *toast;

  g_return_if_fail (GTK_IS_WIDGET (from));
  g_return_if_fail (callback != NULL);

  call = g_new0 (ToastCall, 1);
  *call = (ToastCall) { callback, user_data, destroy };
  toast = toast_new (text);
  adw_toast_set_button_label (toast, button);
  adw_toast_set_timeout (toast, 10);
  /* Not behind what other jobs have to tell. */
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (toast_clicked_cb), call, toast_call_free, 0);
  add_toast (from, toast);
}

static void
details_clicked_cb (AdwToast *toast,
                    GError   *error)
{
  GtkWidget *window = g_object_get_data (G_OBJECT (toast), "kab-window");

  if (window != NULL)
    kab_window_show_error (window, error);
}

void
kab_window_show_error (GtkWidget    *from,
                       const GError *error)
{
  GtkWidget *dialog;
  GtkWidget *label;

  g_return_if_fail (GTK_IS_WIDGET (from));
  g_return_if_fail (error != NULL);

  dialog = adw_message_dialog_new (kab_window_find_parent (from), kab_error_text_title (error),
                                   kab_error_text_describe (error));
  label = g_object_new (GTK_TYPE_LABEL,
                        "label", error->message, "wrap", TRUE,
                        "wrap-mode", PANGO_WRAP_WORD_CHAR, "selectable", TRUE, "xalign", 0.0,
                        "max-width-chars", 50, NULL);
  gtk_widget_add_css_class (label, "kab-technical");
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), label);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

void
kab_window_add_error (GtkWidget    *from,
                      const GError *error)
{
  AdwToast *toast;
  KabWindow *self;

  g_return_if_fail (GTK_IS_WIDGET (from));

  if (!kab_error_text_is_shown (error))
    return;

  g_info ("error shown: %s", error->message);
  self = kab_window_find (from);
  toast = toast_new (kab_error_text_title (error));
  adw_toast_set_button_label (toast, _("Details"));
  g_object_set_data (G_OBJECT (toast), "kab-window", self);
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (details_clicked_cb),
                         g_error_copy (error), (GClosureNotify) (void (*) (void)) g_error_free, 0);
  add_toast (from, toast);
}
