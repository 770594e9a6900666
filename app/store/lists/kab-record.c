/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include "kab-snapshot-private.h"

struct _KabRecord
{
  GObject         parent_instance;

  KabSnapshot    *snapshot;
  KabQueryDomain  domain;
  guint           index;
};

G_DEFINE_FINAL_TYPE (KabRecord, kab_record, G_TYPE_OBJECT)

static void
kab_record_finalize (GObject *object)
{
  KabRecord *self = KAB_RECORD (object);

  g_clear_object (&self->snapshot);

  G_OBJECT_CLASS (kab_record_parent_class)->finalize (object);
}

static void
kab_record_class_init (KabRecordClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_record_finalize;
}

static void
kab_record_init (KabRecord *self)
{
}

KabRecord *
kab_record_new (KabSnapshot    *snapshot,
                KabQueryDomain  domain,
                guint           index)
{
  KabRecord *self;

  g_return_val_if_fail (KAB_IS_SNAPSHOT (snapshot), NULL);
  g_return_val_if_fail (index < kab_snapshot_get_n_rows (snapshot, domain), NULL);

  self = g_object_new (KAB_TYPE_RECORD, NULL);
  self->snapshot = g_object_ref (snapshot);
  self->domain = domain;
  self->index = index;
  return self;
}

const KabUpdateRecord *
kab_record_get_update (KabRecord *self)
{
  g_return_val_if_fail (KAB_IS_RECORD (self), NULL);

  return self->domain == KAB_QUERY_UPDATES ? &self->snapshot->updates[self->index] : NULL;
}

const KabHostRecord *
kab_record_get_host (KabRecord *self)
{
  g_return_val_if_fail (KAB_IS_RECORD (self), NULL);

  return self->domain == KAB_QUERY_HOSTS ? &self->snapshot->hosts[self->index] : NULL;
}

const char *
kab_record_get_id (KabRecord *self)
{
  g_return_val_if_fail (KAB_IS_RECORD (self), NULL);

  return self->domain == KAB_QUERY_UPDATES ? self->snapshot->updates[self->index].update_id
                                           : self->snapshot->hosts[self->index].uuid;
}

KabSnapshot *
kab_record_get_snapshot (KabRecord *self)
{
  g_return_val_if_fail (KAB_IS_RECORD (self), NULL);

  return self->snapshot;
}
