/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-placeholder.h"
#include "kab-ui.h"
#include "kab-welcome.h"

struct _KabWelcome
{
  AdwBin      parent_instance;

  GtkStack   *stack;
  GtkSpinner *spinner;
  GtkButton  *connect_button;
  GtkButton  *practice_button;
};

G_DEFINE_FINAL_TYPE (KabWelcome, kab_welcome, ADW_TYPE_BIN)

static void
kab_welcome_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), KAB_TYPE_WELCOME);

  G_OBJECT_CLASS (kab_welcome_parent_class)->dispose (object);
}

static void
kab_welcome_class_init (KabWelcomeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kab_welcome_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "kab-welcome.ui");
  gtk_widget_class_bind_template_child (widget_class, KabWelcome, stack);
  gtk_widget_class_bind_template_child (widget_class, KabWelcome, spinner);
  gtk_widget_class_bind_template_child (widget_class, KabWelcome, connect_button);
  gtk_widget_class_bind_template_child (widget_class, KabWelcome, practice_button);
}

static void
kab_welcome_init (KabWelcome *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  kab_placeholder_wrap (self->connect_button);
  kab_placeholder_wrap (self->practice_button);
}

void
kab_welcome_set_busy (KabWelcome *self,
                      gboolean    busy)
{
  g_return_if_fail (KAB_IS_WELCOME (self));

  gtk_stack_set_visible_child_name (self->stack, busy ? "busy" : "ways");
  gtk_spinner_set_spinning (self->spinner, busy);
}
