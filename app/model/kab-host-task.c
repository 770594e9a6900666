/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "kab-fields.h"
#include "kab-host-task.h"

struct _KabHostTask
{
  GObject            parent_instance;

  KabHostTaskFields *fields;     /* one block, see kab_fields_copy() */
};

G_DEFINE_FINAL_TYPE (KabHostTask, kab_host_task, G_TYPE_OBJECT)

#define AT(member) G_STRUCT_OFFSET (KabHostTaskFields, member)

static const guint16 texts[] = {
  AT (classname), AT (description), AT (runstatus), AT (summary), AT (logs), AT (created_by),
};

static const KabFieldsLayout layout = {
  sizeof (KabHostTaskFields), texts, G_N_ELEMENTS (texts), NULL, 0,
};

static const struct {
  const char *text;
  const char *label;
  const char *classes[2];    /* parts of class names, lower case; agents spell "Dowload" */
} deeds[] = {
  [KAB_DEED_SCAN] = { "scan", N_ ("Scan"), { "wuascan" } },
  [KAB_DEED_DOWNLOAD] = { "download", N_ ("Download"), { "wuadowload", "wuadownload" } },
  [KAB_DEED_INSTALL] = { "install", N_ ("Install"), { "wuainstall" } },
  [KAB_DEED_UPGRADE_PACKAGES] = { "upgrade-packages", N_ ("Update packages"), { "waptupgrade", "waptpackageinstall" } },
  [KAB_DEED_CANCEL_TASKS] = { "cancel-tasks", N_ ("Cancel tasks"), { NULL } },
};

static const struct {
  const char *text;
  const char *label;
} states[] = {
  [KAB_HOST_TASK_PENDING] = { "pending", N_ ("Waiting") },
  [KAB_HOST_TASK_RUNNING] = { "running", N_ ("Running") },
  [KAB_HOST_TASK_DONE] = { "done", N_ ("Done") },
  [KAB_HOST_TASK_ERROR] = { "error", N_ ("Error") },
  [KAB_HOST_TASK_CANCELLED] = { "cancelled", N_ ("Cancelled") },
};

static void
kab_host_task_finalize (GObject *object)
{
  KabHostTask *self = KAB_HOST_TASK (object);

  g_clear_pointer (&self->fields, g_free);

  G_OBJECT_CLASS (kab_host_task_parent_class)->finalize (object);
}

static void
kab_host_task_class_init (KabHostTaskClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_host_task_finalize;
}

static void
kab_host_task_init (KabHostTask *self)
{
}

const char *
kab_deed_get_text (KabDeed deed)
{
  g_return_val_if_fail ((guint) deed < G_N_ELEMENTS (deeds), "");

  return deeds[deed].text;
}

const char *
kab_deed_get_label (KabDeed deed)
{
  g_return_val_if_fail ((guint) deed < G_N_ELEMENTS (deeds), "");

  return deeds[deed].label;
}

gboolean
kab_deed_from_text (const char *text,
                    KabDeed    *deed)
{
  for (guint i = 0; text != NULL && i < G_N_ELEMENTS (deeds); i++)
    if (strcmp (deeds[i].text, text) == 0)
      {
        *deed = (KabDeed) i;
        return TRUE;
      }

  return FALSE;
}

const char *
kab_host_task_state_get_text (KabHostTaskState state)
{
  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (states), "");

  return states[state].text;
}

const char *
kab_host_task_state_get_label (KabHostTaskState state)
{
  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (states), "");

  return states[state].label;
}

KabHostTask *
kab_host_task_new (const KabHostTaskFields *fields)
{
  KabHostTask *self;

  g_return_val_if_fail (fields != NULL, NULL);

  self = g_object_new (KAB_TYPE_HOST_TASK, NULL);
  self->fields = kab_fields_copy (fields, &layout);
  self->fields->progress = CLAMP (self->fields->progress, 0, 100);
  return self;
}

const KabHostTaskFields *
kab_host_task_get_fields (KabHostTask *self)
{
  g_return_val_if_fail (KAB_IS_HOST_TASK (self), NULL);

  return self->fields;
}

gboolean
kab_host_task_does (KabHostTask *self,
                    KabDeed      deed)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (KAB_IS_HOST_TASK (self), FALSE);
  g_return_val_if_fail ((guint) deed < G_N_ELEMENTS (deeds), FALSE);

  if (self->fields->classname == NULL)
    return FALSE;

  name = g_ascii_strdown (self->fields->classname, -1);
  for (guint i = 0; i < G_N_ELEMENTS (deeds[deed].classes); i++)
    if (deeds[deed].classes[i] != NULL && strstr (name, deeds[deed].classes[i]) != NULL)
      return TRUE;

  return FALSE;
}
