/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-deed-dialog.h"
#include "kab-ui.h"
#include "kab-undo-toast.h"

typedef struct {
  GtkStack     *stack;          /* form, deed */
  AdwBin       *form;
  KabDeedView  *view;
  GtkWidget    *back;
  GtkButton    *close;
  GtkButton    *deed;

  KabSession   *session;
  GCancellable *cancellable;
  gboolean      has_obstacle;
} KabDeedDialogPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (KabDeedDialog, kab_deed_dialog, ADW_TYPE_WINDOW)

enum {
  PROP_FORM = 1,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static KabDeedDialogPrivate *
get_private (KabDeedDialog *self)
{
  return kab_deed_dialog_get_instance_private (self);
}

static KabPackageJob *
start (const char * const  *accepted,
       char               **done_text,
       gpointer             user_data)
{
  KabDeedDialog *self = KAB_DEED_DIALOG (user_data);

  /* It may have come in between while the passphrase was written. */
  return get_private (self)->has_obstacle ? NULL : KAB_DEED_DIALOG_GET_CLASS (self)->start (self, accepted, done_text);
}

static void
start_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  kab_deed_view_run (get_private (KAB_DEED_DIALOG (widget))->view, start, widget);
}

static void
show_form (KabDeedDialog *self,
           gboolean       shown)
{
  KabDeedDialogPrivate *priv = get_private (self);

  gtk_stack_set_visible_child_name (priv->stack, shown ? "form" : "deed");
  gtk_widget_set_visible (GTK_WIDGET (priv->deed), shown);
  gtk_widget_set_visible (priv->back, FALSE);
  gtk_button_set_label (priv->close, shown ? _("_Cancel") : _("Go On in the _Background"));
}

static void
started_cb (KabDeedDialog *self)
{
  show_form (self, FALSE);
}

static void
tell (KabDeedDialog *self)
{
  KabDeedDialogPrivate *priv = get_private (self);
  KabDeedDialogClass *klass = KAB_DEED_DIALOG_GET_CLASS (self);
  GtkWidget *parent = kab_deed_dialog_get_parent (self);
  g_autofree char *text = klass->dup_told != NULL ? klass->dup_told (self) : NULL;

  if (text != NULL && parent != NULL && kab_deed_view_get_jobs (priv->view)->len > 0)
    kab_undo_toast_show (parent, priv->session, kab_deed_view_get_jobs (priv->view), text);
}

static void
ended_cb (KabDeedDialog *self)
{
  KabDeedDialogPrivate *priv = get_private (self);
  gboolean well = kab_deed_view_went_well (priv->view);

  if (well && (KAB_DEED_DIALOG_GET_CLASS (self)->dup_told != NULL || !gtk_widget_get_visible (GTK_WIDGET (self))))
    {
      tell (self);
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }

  gtk_button_set_label (priv->close, _("_Close"));
  gtk_widget_set_visible (priv->back, kab_deed_view_get_jobs (priv->view)->len == 0);
  gtk_widget_grab_focus (GTK_WIDGET (priv->close));
  gtk_window_present (GTK_WINDOW (self));
}

static gboolean
close_request_cb (KabDeedDialog *self)
{
  if (kab_deed_view_is_running (get_private (self)->view))
    {
      gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
      return TRUE;
    }
  tell (self);
  return FALSE;
}

static void
kab_deed_dialog_set_property (GObject      *object,
                              guint         id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  if (id == PROP_FORM)
    adw_bin_set_child (get_private (KAB_DEED_DIALOG (object))->form, g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
kab_deed_dialog_dispose (GObject *object)
{
  KabDeedDialogPrivate *priv = get_private (KAB_DEED_DIALOG (object));

  g_cancellable_cancel (priv->cancellable);
  g_clear_object (&priv->session);

  G_OBJECT_CLASS (kab_deed_dialog_parent_class)->dispose (object);
}

static void
kab_deed_dialog_finalize (GObject *object)
{
  g_object_unref (get_private (KAB_DEED_DIALOG (object))->cancellable);

  G_OBJECT_CLASS (kab_deed_dialog_parent_class)->finalize (object);
}

static void
kab_deed_dialog_class_init (KabDeedDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = kab_deed_dialog_set_property;
  object_class->dispose = kab_deed_dialog_dispose;
  object_class->finalize = kab_deed_dialog_finalize;

  props[PROP_FORM] = g_param_spec_object ("form", NULL, NULL, GTK_TYPE_WIDGET,
                                          G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (KAB_TYPE_DEED_VIEW);
  gtk_widget_class_install_action (widget_class, "deed.start", NULL, start_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "packages/kab-deed-dialog.ui");
  gtk_widget_class_bind_template_child_private (widget_class, KabDeedDialog, stack);
  gtk_widget_class_bind_template_child_private (widget_class, KabDeedDialog, form);
  gtk_widget_class_bind_template_child_private (widget_class, KabDeedDialog, view);
  gtk_widget_class_bind_template_child_private (widget_class, KabDeedDialog, back);
  gtk_widget_class_bind_template_child_private (widget_class, KabDeedDialog, close);
  gtk_widget_class_bind_template_child_private (widget_class, KabDeedDialog, deed);
  gtk_widget_class_bind_template_callback (widget_class, started_cb);
  gtk_widget_class_bind_template_callback (widget_class, ended_cb);
  gtk_widget_class_bind_template_callback (widget_class, kab_deed_dialog_go_back);
  gtk_widget_class_bind_template_callback (widget_class, close_request_cb);
}

static void
kab_deed_dialog_init (KabDeedDialog *self)
{
  get_private (self)->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kab_deed_dialog_begin (KabDeedDialog *self,
                       GtkWidget     *from,
                       KabSession    *session,
                       const char    *title)
{
  GtkRoot *root;

  g_return_if_fail (KAB_IS_DEED_DIALOG (self));
  g_return_if_fail (GTK_IS_WIDGET (from));
  g_return_if_fail (KAB_IS_SESSION (session));

  root = gtk_widget_get_root (from);
  g_set_object (&get_private (self)->session, session);
  g_object_set (self, "title", title, "transient-for", GTK_IS_WINDOW (root) ? root : NULL, NULL);
  gtk_window_present (GTK_WINDOW (self));
}

KabSession *
kab_deed_dialog_get_session (KabDeedDialog *self)
{
  g_return_val_if_fail (KAB_IS_DEED_DIALOG (self), NULL);

  return get_private (self)->session;
}

GCancellable *
kab_deed_dialog_get_cancellable (KabDeedDialog *self)
{
  g_return_val_if_fail (KAB_IS_DEED_DIALOG (self), NULL);

  return get_private (self)->cancellable;
}

KabDeedView *
kab_deed_dialog_get_view (KabDeedDialog *self)
{
  g_return_val_if_fail (KAB_IS_DEED_DIALOG (self), NULL);

  return get_private (self)->view;
}

GtkWidget *
kab_deed_dialog_get_parent (KabDeedDialog *self)
{
  g_return_val_if_fail (KAB_IS_DEED_DIALOG (self), NULL);

  return GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (self)));
}

void
kab_deed_dialog_set_deed (KabDeedDialog *self,
                          const char    *label,
                          gboolean       destructive)
{
  GtkWidget *deed;

  g_return_if_fail (KAB_IS_DEED_DIALOG (self));

  deed = GTK_WIDGET (get_private (self)->deed);
  gtk_button_set_label (GTK_BUTTON (deed), label);
  gtk_widget_remove_css_class (deed, destructive ? "suggested-action" : "destructive-action");
  gtk_widget_add_css_class (deed, destructive ? "destructive-action" : "suggested-action");
}

void
kab_deed_dialog_focus_deed (KabDeedDialog *self)
{
  g_return_if_fail (KAB_IS_DEED_DIALOG (self));

  gtk_widget_grab_focus (GTK_WIDGET (get_private (self)->deed));
}

void
kab_deed_dialog_set_obstacle (KabDeedDialog *self,
                              const char    *why)
{
  KabDeedDialogPrivate *priv;

  g_return_if_fail (KAB_IS_DEED_DIALOG (self));

  priv = get_private (self);
  priv->has_obstacle = why != NULL;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "deed.start", why == NULL);
  gtk_widget_set_tooltip_text (GTK_WIDGET (priv->deed), why);
}

void
kab_deed_dialog_go_back (KabDeedDialog *self)
{
  g_return_if_fail (KAB_IS_DEED_DIALOG (self));

  show_form (self, TRUE);
  gtk_widget_child_focus (GTK_WIDGET (get_private (self)->form), GTK_DIR_TAB_FORWARD);
}
