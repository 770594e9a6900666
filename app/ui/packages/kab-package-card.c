/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-door.h"
#include "kab-facts.h"
#include "kab-format.h"
#include "kab-package-card.h"
#include "kab-tooltip.h"

struct _KabPackageCard
{
  GtkBox          parent_instance;

  GtkWidget      *name;
  GtkWidget      *version;
  GtkWidget      *waiting;
  GtkWidget      *signature;
  GtkWidget      *rules;
  GtkWidget      *hosts;
  GtkWidget      *note;

  KabRulePackage *item;
};

G_DEFINE_FINAL_TYPE (KabPackageCard, kab_package_card, GTK_TYPE_BOX)

static GdkContentProvider *
prepare_cb (GtkDragSource  *source,
            double          x,
            double          y,
            KabPackageCard *self)
{
  if (self->item == NULL || kab_packages_get_next (self->item) == NULL)
    return NULL;

  return gdk_content_provider_new_typed (KAB_TYPE_RULE_PACKAGE, self->item);
}

static void
drag_begin_cb (GtkDragSource  *source,
               GdkDrag        *drag,
               KabPackageCard *self)
{
  g_autoptr(GdkPaintable) picture = gtk_widget_paintable_new (GTK_WIDGET (self));

  gtk_drag_source_set_icon (source, picture, 24, 24);
}

static void
kab_package_card_dispose (GObject *object)
{
  g_clear_object (&KAB_PACKAGE_CARD (object)->item);

  G_OBJECT_CLASS (kab_package_card_parent_class)->dispose (object);
}

static void
kab_package_card_class_init (KabPackageCardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_package_card_dispose;
}

static void
kab_package_card_init (KabPackageCard *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkEventController *drag = GTK_EVENT_CONTROLLER (gtk_drag_source_new ());
  GtkWidget *line;

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 3);
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "kab-package");

  self->name = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "hexpand", TRUE, "ellipsize", PANGO_ELLIPSIZE_MIDDLE, NULL);
  gtk_widget_add_css_class (self->name, "heading");
  self->version = g_object_new (GTK_TYPE_LABEL, "xalign", 1.0, NULL);
  gtk_widget_add_css_class (self->version, "numeric");
  gtk_box_append (GTK_BOX (head), self->name);
  gtk_box_append (GTK_BOX (head), self->version);
  gtk_box_append (GTK_BOX (self), head);

  self->rules = kab_facts_new_text ("");
  gtk_widget_add_css_class (self->rules, "dim-label");
  gtk_box_append (GTK_BOX (self), self->rules);

  line = kab_facts_add_line (GTK_BOX (self));
  self->waiting = kab_badge_new ();
  self->signature = kab_badge_new ();
  self->hosts = kab_door_new ("hosts", NULL, "");
  gtk_box_append (GTK_BOX (line), self->waiting);
  gtk_box_append (GTK_BOX (line), self->signature);
  gtk_box_append (GTK_BOX (line), self->hosts);

  self->note = kab_facts_new_text ("");
  gtk_widget_add_css_class (self->note, "caption");
  gtk_box_append (GTK_BOX (self), self->note);

  gtk_drag_source_set_actions (GTK_DRAG_SOURCE (drag), GDK_ACTION_MOVE);
  g_signal_connect (drag, "prepare", G_CALLBACK (prepare_cb), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), drag);
}

GtkWidget *
kab_package_card_new (void)
{
  return g_object_new (KAB_TYPE_PACKAGE_CARD, NULL);
}

void
kab_package_card_show (KabPackageCard *self,
                       KabRulePackage *item,
                       const char     *note)
{
  g_autofree char *rules = NULL;
  g_autofree char *words = NULL;
  g_autofree char *count = NULL;
  g_autofree char *hosts = NULL;
  g_autofree char *query = NULL;
  const char *description;

  g_return_if_fail (KAB_IS_PACKAGE_CARD (self));

  g_set_object (&self->item, item);
  if (item == NULL)
    return;

  rules = kab_packages_dup_rules (item);
  gtk_label_set_label (GTK_LABEL (self->name), kab_package_get_name (item->package));
  description = kab_package_get (item->package, "description");
  words = g_strjoin (*description != '\0' ? "\n" : "", kab_package_get_name (item->package), description, NULL);
  kab_tooltip_set (self->name, words);
  gtk_label_set_label (GTK_LABEL (self->version), kab_package_get_version (item->package));
  gtk_label_set_label (GTK_LABEL (self->rules), rules);
  gtk_widget_set_visible (self->rules, *rules != '\0');

  kab_badge_set (KAB_BADGE (self->waiting), "accent", "go-next-symbolic", _("Waiting"),
                 _("It waits for promotion: no later ring has this version yet"));
  gtk_widget_set_visible (self->waiting, item->waits);
  /* On a board of mostly good signatures only the others say something. */
  kab_packages_bind_signature (KAB_BADGE (self->signature), item);
  gtk_widget_set_visible (self->signature, item->signature_known && item->signature != KAB_SIGNATURE_TRUSTED);

  count = kab_format_count (item->installed->len);
  hosts = g_strdup_printf (ngettext ("%s host", "%s hosts", item->installed->len), count);
  query = item->installed->len > 0 ? kab_packages_dup_query (item) : NULL;
  kab_door_set (KAB_DOOR (self->hosts), "hosts", query, hosts);
  kab_door_set_count (KAB_DOOR (self->hosts), query != NULL ? (gint64) item->installed->len : -1);
  gtk_widget_set_visible (self->hosts, item->is_rules);

  gtk_label_set_label (GTK_LABEL (self->note), note != NULL ? note : "");
  gtk_widget_set_visible (self->note, note != NULL);
}

KabRulePackage *
kab_package_card_get_item (KabPackageCard *self)
{
  g_return_val_if_fail (KAB_IS_PACKAGE_CARD (self), NULL);

  return self->item;
}
