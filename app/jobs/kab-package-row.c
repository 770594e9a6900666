/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-package-deed.h"

static const struct { const char *text; const char *label; } states[] = {
  [KAB_PACKAGE_STEP_WAITING] = { "waiting", N_("Waiting") },
  [KAB_PACKAGE_STEP_RUNNING] = { "running", N_("Running") },
  [KAB_PACKAGE_STEP_DONE] = { "done", N_("Done") },
  [KAB_PACKAGE_STEP_UNCHANGED] = { "unchanged", N_("Was so already") },
  [KAB_PACKAGE_STEP_FAILED] = { "failed", N_("Failed") },
  [KAB_PACKAGE_STEP_ENCRYPTED] = { "encrypted", N_("Encrypted: left as it is") },
  [KAB_PACKAGE_STEP_UNTRUSTED] = { "untrusted", N_("Signed by somebody you do not trust: left as it is") },
  [KAB_PACKAGE_STEP_OVERTAKEN] = { "overtaken", N_("Changed by somebody else meanwhile: left as it is") },
  [KAB_PACKAGE_STEP_LEFT] = { "left", N_("This account may not delete it: still there") },
};

const char *
kab_package_step_state_get_text (KabPackageStepState state)
{
  return (guint) state < G_N_ELEMENTS (states) ? states[state].text : "";
}

const char *
kab_package_step_state_get_label (KabPackageStepState state)
{
  return (guint) state < G_N_ELEMENTS (states) ? states[state].label : "";
}

struct _KabPackageRow
{
  GObject              parent_instance;

  char                *id;
  char                *name;
  KabPackageStepState  state;
  char                *message;
  char                *signer;
};

G_DEFINE_FINAL_TYPE (KabPackageRow, kab_package_row, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_STATE,
  PROP_MESSAGE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
kab_package_row_finalize (GObject *object)
{
  KabPackageRow *self = KAB_PACKAGE_ROW (object);

  g_free (self->id);
  g_free (self->name);
  g_free (self->message);
  g_free (self->signer);

  G_OBJECT_CLASS (kab_package_row_parent_class)->finalize (object);
}

static void
kab_package_row_get_property (GObject    *object,
                              guint       id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  KabPackageRow *self = KAB_PACKAGE_ROW (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_uint (value, self->state);
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, self->message);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kab_package_row_class_init (KabPackageRowClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = kab_package_row_finalize;
  object_class->get_property = kab_package_row_get_property;

  properties[PROP_STATE] = g_param_spec_uint ("state", NULL, NULL, 0, KAB_N_PACKAGE_STEP_STATES, 0, flags);
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kab_package_row_init (KabPackageRow *self)
{
  self->message = g_strdup ("");
  self->signer = g_strdup ("");
}

KabPackageRow *
kab_package_row_new (const char *id,
                     const char *name)
{
  KabPackageRow *self = g_object_new (KAB_TYPE_PACKAGE_ROW, NULL);

  self->id = g_strdup (id);
  self->name = g_strdup (name);

  return self;
}

void
kab_package_row_show (KabPackageRow       *self,
                      KabPackageStepState  state,
                      const char          *message,
                      const char          *signer)
{
  kab_set_text (&self->signer, signer);
  if (self->state != state)
    {
      self->state = state;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }
  if (kab_set_text (&self->message, message))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE]);
}

const char *
kab_package_row_get_id (KabPackageRow *self)
{
  g_return_val_if_fail (KAB_IS_PACKAGE_ROW (self), "");

  return self->id;
}

const char *
kab_package_row_get_name (KabPackageRow *self)
{
  g_return_val_if_fail (KAB_IS_PACKAGE_ROW (self), "");

  return self->name;
}

KabPackageStepState
kab_package_row_get_state (KabPackageRow *self)
{
  g_return_val_if_fail (KAB_IS_PACKAGE_ROW (self), KAB_PACKAGE_STEP_WAITING);

  return self->state;
}

const char *
kab_package_row_get_message (KabPackageRow *self)
{
  g_return_val_if_fail (KAB_IS_PACKAGE_ROW (self), "");

  return self->message;
}

const char *
kab_package_row_get_signer (KabPackageRow *self)
{
  g_return_val_if_fail (KAB_IS_PACKAGE_ROW (self), "");

  return self->signer;
}
