/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-assign-picker.h"

struct _KabAssignPicker
{
  AdwBin      parent_instance;

  KabSession *session;
  GPtrArray  *targets;
  GtkWidget  *summary;
};

G_DEFINE_FINAL_TYPE (KabAssignPicker, kab_assign_picker, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_N_TARGETS,
  PROP_N_HOSTS,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
kab_assign_picker_get_property (GObject    *object,
                                guint       id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  KabAssignPicker *self = KAB_ASSIGN_PICKER (object);

  switch (id)
    {
    case PROP_N_TARGETS:
      g_value_set_uint (value, kab_assign_picker_get_n_targets (self));
      break;
    case PROP_N_HOSTS:
      g_value_set_uint (value, kab_assign_picker_get_n_hosts (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kab_assign_picker_dispose (GObject *object)
{
  KabAssignPicker *self = KAB_ASSIGN_PICKER (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->targets, g_ptr_array_unref);

  G_OBJECT_CLASS (kab_assign_picker_parent_class)->dispose (object);
}

static void
kab_assign_picker_class_init (KabAssignPickerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = kab_assign_picker_get_property;
  object_class->dispose = kab_assign_picker_dispose;

  properties[PROP_N_TARGETS] = g_param_spec_uint ("n-targets", NULL, NULL, 0, G_MAXUINT, 0,
                                                  G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_N_HOSTS] = g_param_spec_uint ("n-hosts", NULL, NULL, 0, G_MAXUINT, 0,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kab_assign_picker_init (KabAssignPicker *self)
{
  self->targets = g_ptr_array_new ();
  self->summary = gtk_label_new (_("Nobody yet"));
  adw_bin_set_child (ADW_BIN (self), self->summary);
}

GtkWidget *
kab_assign_picker_new (KabSession *session)
{
  KabAssignPicker *self = g_object_new (KAB_TYPE_ASSIGN_PICKER, NULL);

  g_return_val_if_fail (KAB_IS_SESSION (session), NULL);

  self->session = g_object_ref (session);
  return GTK_WIDGET (self);
}

guint
kab_assign_picker_get_n_targets (KabAssignPicker *self)
{
  g_return_val_if_fail (KAB_IS_ASSIGN_PICKER (self), 0);

  return self->targets->len;
}

guint
kab_assign_picker_get_n_hosts (KabAssignPicker *self)
{
  g_return_val_if_fail (KAB_IS_ASSIGN_PICKER (self), 0);

  return 0;
}

GArray *
kab_assign_picker_dup_hosts (KabAssignPicker *self)
{
  g_return_val_if_fail (KAB_IS_ASSIGN_PICKER (self), NULL);

  return g_array_new (FALSE, FALSE, sizeof (guint));
}

GPtrArray *
kab_assign_picker_dup_targets (KabAssignPicker *self)
{
  g_return_val_if_fail (KAB_IS_ASSIGN_PICKER (self), NULL);

  return g_ptr_array_ref (self->targets);
}

void
kab_assign_picker_set_targets (KabAssignPicker *self,
                               GPtrArray       *targets)
{
  g_return_if_fail (KAB_IS_ASSIGN_PICKER (self));
  g_return_if_fail (targets != NULL);

  g_ptr_array_unref (self->targets);
  self->targets = g_ptr_array_ref (targets);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_TARGETS]);
}
