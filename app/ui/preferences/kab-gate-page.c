/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-gate-page.h"
#include "kab-gate-words.h"
#include "kab-settings.h"
#include "kab-ui.h"

struct _KabGatePage
{
  AdwPreferencesPage  parent_instance;

  GtkSpinButton      *bound;
  GtkSpinButton      *reported;
  GtkSpinButton      *days;
  AdwActionRow       *example;
};

G_DEFINE_FINAL_TYPE (KabGatePage, kab_gate_page, ADW_TYPE_PREFERENCES_PAGE)

/* Settings hold shares, people read per cent. */
static gboolean
get_percent (GValue   *value,
             GVariant *variant,
             gpointer  user_data)
{
  g_value_set_double (value, 100 * g_variant_get_double (variant));

  return TRUE;
}

static GVariant *
set_percent (const GValue       *value,
             const GVariantType *type,
             gpointer            user_data)
{
  return g_variant_new_double (g_value_get_double (value) / 100);
}

/* What the bound means in hosts, since nobody has it by heart. */
static void
update_example (KabGatePage *self)
{
  KabGate gate;
  guint n;
  g_autofree char *text = NULL;

  kab_gate_words_read_settings (&gate);
  n = kab_gate_more_successes (0, 0, gate.least_bound);
  text = n == 0
         ? g_strdup (_("No host has to succeed"))
         : g_strdup_printf (ngettext ("%u host must succeed when none fails", "%u hosts must succeed when none fails", n),
                            n);
  adw_action_row_set_subtitle (self->example, text);
}

static void
reset_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  GSettings *settings = kab_settings_get_default ();

  g_settings_reset (settings, "gate-bound");
  g_settings_reset (settings, "gate-reported");
  g_settings_reset (settings, "gate-days");
}

static void
kab_gate_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), KAB_TYPE_GATE_PAGE);

  G_OBJECT_CLASS (kab_gate_page_parent_class)->dispose (object);
}

static void
kab_gate_page_class_init (KabGatePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kab_gate_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "preferences/kab-gate-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KabGatePage, bound);
  gtk_widget_class_bind_template_child (widget_class, KabGatePage, reported);
  gtk_widget_class_bind_template_child (widget_class, KabGatePage, days);
  gtk_widget_class_bind_template_child (widget_class, KabGatePage, example);
  gtk_widget_class_install_action (widget_class, "gate.reset", NULL, reset_action);
}

static void
kab_gate_page_init (KabGatePage *self)
{
  GSettings *settings = kab_settings_get_default ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_settings_bind_with_mapping (settings, "gate-bound", self->bound, "value", G_SETTINGS_BIND_DEFAULT,
                                get_percent, set_percent, NULL, NULL);
  g_settings_bind_with_mapping (settings, "gate-reported", self->reported, "value", G_SETTINGS_BIND_DEFAULT,
                                get_percent, set_percent, NULL, NULL);
  g_settings_bind (settings, "gate-days", self->days, "value", G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (settings, "changed::gate-bound", G_CALLBACK (update_example), self, G_CONNECT_SWAPPED);
  update_example (self);
}
