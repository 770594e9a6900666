/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "kab-set-text.h"
#include "kab-trigger-private.h"

struct _KabTriggerRow
{
  GObject         parent_instance;

  char           *uuid;
  char           *name;
  KabTriggerFacts facts;
};

G_DEFINE_FINAL_TYPE (KabTriggerRow, kab_trigger_row, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_STATE,
  PROP_PROGRESS,
  PROP_TASK,
  PROP_ERROR,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const struct {
  const char *text;
  const char *label;
} states[KAB_N_TRIGGER_STATES] = {
  [KAB_TRIGGER_WAITING] = { "waiting", N_("Waiting") },
  [KAB_TRIGGER_SENT] = { "sent", N_("Sent") },
  [KAB_TRIGGER_RUNNING] = { "running", N_("Running") },
  [KAB_TRIGGER_DONE] = { "done", N_("Done") },
  [KAB_TRIGGER_FAILED] = { "failed", N_("Failed") },
  [KAB_TRIGGER_UNREACHABLE] = { "unreachable", N_("Not connected") },
  [KAB_TRIGGER_REFUSED] = { "refused", N_("Refused") },
  [KAB_TRIGGER_UNKNOWN] = { "unknown", N_("No answer") },
};

const char *
kab_trigger_state_get_text (KabTriggerState state)
{
  g_return_val_if_fail ((guint) state < KAB_N_TRIGGER_STATES, "");

  return states[state].text;
}

const char *
kab_trigger_state_get_label (KabTriggerState state)
{
  g_return_val_if_fail ((guint) state < KAB_N_TRIGGER_STATES, "");

  return states[state].label;
}

void
kab_trigger_facts_clear (KabTriggerFacts *self)
{
  g_clear_pointer (&self->task, g_free);
  g_clear_pointer (&self->error, g_free);
}

static void
kab_trigger_row_finalize (GObject *object)
{
  KabTriggerRow *self = KAB_TRIGGER_ROW (object);

  g_clear_pointer (&self->uuid, g_free);
  g_clear_pointer (&self->name, g_free);
  kab_trigger_facts_clear (&self->facts);

  G_OBJECT_CLASS (kab_trigger_row_parent_class)->finalize (object);
}

static void
kab_trigger_row_get_property (GObject    *object,
                              guint       id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  KabTriggerRow *self = KAB_TRIGGER_ROW (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_uint (value, self->facts.state);
      break;
    case PROP_PROGRESS:
      g_value_set_int (value, self->facts.progress);
      break;
    case PROP_TASK:
      g_value_set_string (value, kab_trigger_row_get_task (self));
      break;
    case PROP_ERROR:
      g_value_set_string (value, kab_trigger_row_get_error (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kab_trigger_row_class_init (KabTriggerRowClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = kab_trigger_row_finalize;
  object_class->get_property = kab_trigger_row_get_property;

  properties[PROP_STATE] = g_param_spec_uint ("state", NULL, NULL, 0, KAB_N_TRIGGER_STATES - 1, 0, flags);
  properties[PROP_PROGRESS] = g_param_spec_int ("progress", NULL, NULL, 0, 100, 0, flags);
  properties[PROP_TASK] = g_param_spec_string ("task", NULL, NULL, NULL, flags);
  properties[PROP_ERROR] = g_param_spec_string ("error", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kab_trigger_row_init (KabTriggerRow *self)
{
}

KabTriggerRow *
kab_trigger_row_new (const char *uuid,
                     const char *name)
{
  KabTriggerRow *self = g_object_new (KAB_TYPE_TRIGGER_ROW, NULL);

  self->uuid = g_strdup (uuid);
  self->name = g_strdup (name != NULL && name[0] != '\0' ? name : uuid);

  return self;
}

void
kab_trigger_row_show (KabTriggerRow         *self,
                      const KabTriggerFacts *facts)
{
  GObject *object = G_OBJECT (self);

  g_object_freeze_notify (object);
  if (self->facts.state != facts->state)
    {
      self->facts.state = facts->state;
      g_object_notify_by_pspec (object, properties[PROP_STATE]);
    }
  if (self->facts.progress != facts->progress)
    {
      self->facts.progress = facts->progress;
      g_object_notify_by_pspec (object, properties[PROP_PROGRESS]);
    }
  if (kab_set_text (&self->facts.task, facts->task))
    g_object_notify_by_pspec (object, properties[PROP_TASK]);
  if (kab_set_text (&self->facts.error, facts->error))
    g_object_notify_by_pspec (object, properties[PROP_ERROR]);
  g_object_thaw_notify (object);
}

const char *
kab_trigger_row_get_uuid (KabTriggerRow *self)
{
  g_return_val_if_fail (KAB_IS_TRIGGER_ROW (self), NULL);

  return self->uuid;
}

const char *
kab_trigger_row_get_name (KabTriggerRow *self)
{
  g_return_val_if_fail (KAB_IS_TRIGGER_ROW (self), NULL);

  return self->name;
}

KabTriggerState
kab_trigger_row_get_state (KabTriggerRow *self)
{
  g_return_val_if_fail (KAB_IS_TRIGGER_ROW (self), KAB_TRIGGER_UNKNOWN);

  return self->facts.state;
}

int
kab_trigger_row_get_progress (KabTriggerRow *self)
{
  g_return_val_if_fail (KAB_IS_TRIGGER_ROW (self), 0);

  return self->facts.progress;
}

const char *
kab_trigger_row_get_task (KabTriggerRow *self)
{
  g_return_val_if_fail (KAB_IS_TRIGGER_ROW (self), "");

  return self->facts.task != NULL ? self->facts.task : "";
}

const char *
kab_trigger_row_get_error (KabTriggerRow *self)
{
  g_return_val_if_fail (KAB_IS_TRIGGER_ROW (self), "");

  return self->facts.error != NULL ? self->facts.error : "";
}
