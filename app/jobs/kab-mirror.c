/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-mirror.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "kab-error.h"
#include "kab-ledger.h"
#include "kab-store.h"

struct _KabMirror
{
  GObject   parent_instance;

  char     *path;

  GMutex    lock;     /* guards the opening */
  KabStore *store;
};

G_DEFINE_FINAL_TYPE (KabMirror, kab_mirror, G_TYPE_OBJECT)

static void
kab_mirror_finalize (GObject *object)
{
  KabMirror *self = KAB_MIRROR (object);

  g_clear_object (&self->store);
  g_clear_pointer (&self->path, g_free);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (kab_mirror_parent_class)->finalize (object);
}

static void
kab_mirror_class_init (KabMirrorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_mirror_finalize;
}

static void
kab_mirror_init (KabMirror *self)
{
  g_mutex_init (&self->lock);
}

KabMirror *
kab_mirror_new (const char *path)
{
  KabMirror *self = g_object_new (KAB_TYPE_MIRROR, NULL);

  g_return_val_if_fail (path != NULL, NULL);

  self->path = g_strdup (path);

  return self;
}

const char *
kab_mirror_get_path (KabMirror *self)
{
  g_return_val_if_fail (KAB_IS_MIRROR (self), NULL);

  return self->path;
}

KabStore *
kab_mirror_open (KabMirror  *self,
                 GError    **error)
{
  g_autoptr(GMutexLocker) locker = NULL;
  g_autofree char *folder = NULL;

  g_return_val_if_fail (KAB_IS_MIRROR (self), NULL);

  locker = g_mutex_locker_new (&self->lock);
  if (self->store != NULL)
    return self->store;

  folder = g_path_get_dirname (self->path);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, "%s: %s", folder, g_strerror (errno));
      return NULL;
    }
  self->store = kab_store_open (self->path, error);

  return self->store;
}

char *
kab_mirror_dup_repair (KabMirror *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (KAB_IS_MIRROR (self), NULL);

  locker = g_mutex_locker_new (&self->lock);

  return self->store != NULL ? kab_store_dup_repair (self->store) : NULL;
}

KabLedger *
kab_mirror_open_ledger (KabMirror  *self,
                        GError    **error)
{
  KabStore *store = kab_mirror_open (self, error);

  return store != NULL ? kab_store_open_ledger (store, error) : NULL;
}
