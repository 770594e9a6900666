/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-package-rows.h"

#include "kab-package-deed.h"

/* One row, as its thread knows it. */
typedef struct {
  guint                number;
  char                *id;
  char                *name;
  KabPackageStepState  state;
  char                *message;
  char                *signer;
  gboolean             changed;      /* since it was shown */
} Facts;

struct _KabPackageRows {
  GListStore *list;         /* main thread */
  GMutex      lock;         /* the rest */
  GPtrArray  *facts;
};

static Facts *
facts_new (guint                number,
           const char          *id,
           const char          *name,
           KabPackageStepState  state,
           const char          *message,
           const char          *signer)
{
  Facts *facts = g_new (Facts, 1);

  *facts = (Facts) { number, g_strdup (id), g_strdup (name), state, g_strdup (message), g_strdup (signer), TRUE };
  return facts;
}

static void
facts_free (gpointer data)
{
  Facts *facts = data;

  g_free (facts->id);
  g_free (facts->name);
  g_free (facts->message);
  g_free (facts->signer);
  g_free (facts);
}

KabPackageRows *
kab_package_rows_new (void)
{
  KabPackageRows *self = g_new0 (KabPackageRows, 1);

  self->list = g_list_store_new (KAB_TYPE_PACKAGE_ROW);
  self->facts = g_ptr_array_new_with_free_func (facts_free);
  g_mutex_init (&self->lock);

  return self;
}

void
kab_package_rows_free (KabPackageRows *self)
{
  g_object_unref (self->list);
  g_ptr_array_unref (self->facts);
  g_mutex_clear (&self->lock);
  g_free (self);
}

GListModel *
kab_package_rows_get_list (KabPackageRows *self)
{
  return G_LIST_MODEL (self->list);
}

/* Whoever is told of a change may ask for counts, so nothing is shown under the lock. */
void
kab_package_rows_publish (KabPackageRows *self)
{
  g_autoptr(GPtrArray) changed = g_ptr_array_new_with_free_func (facts_free);
  g_autoptr(GPtrArray) fresh = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->list));

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->facts->len; i++)
    {
      Facts *facts = self->facts->pdata[i];

      if (facts->changed)
        g_ptr_array_add (changed, facts_new (i, facts->id, facts->name, facts->state, facts->message, facts->signer));
      facts->changed = FALSE;
    }
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < changed->len; i++)
    {
      const Facts *facts = changed->pdata[i];
      gboolean is_fresh = facts->number >= n;
      g_autoptr(KabPackageRow) row = is_fresh ? kab_package_row_new (facts->id, facts->name)
                                              : g_list_model_get_item (G_LIST_MODEL (self->list), facts->number);

      kab_package_row_show (row, facts->state, facts->message, facts->signer);
      if (is_fresh)
        g_ptr_array_add (fresh, g_steal_pointer (&row));
    }
  g_list_store_splice (self->list, n, 0, fresh->pdata, fresh->len);
}

guint
kab_package_rows_add (KabPackageRows *self,
                      const char     *id,
                      const char     *name)
{
  guint row;

  g_mutex_lock (&self->lock);
  row = self->facts->len;
  g_ptr_array_add (self->facts, facts_new (row, id, name != NULL ? name : id, KAB_PACKAGE_STEP_WAITING, "", ""));
  g_mutex_unlock (&self->lock);

  return row;
}

void
kab_package_rows_set (KabPackageRows      *self,
                      guint                row,
                      KabPackageStepState  state,
                      const char          *message,
                      const char          *signer)
{
  g_mutex_lock (&self->lock);
  if (row < self->facts->len)
    {
      Facts *facts = self->facts->pdata[row];

      facts->state = state;
      facts->changed = TRUE;
      if (message != NULL)
        kab_replace_text (&facts->message, message);
      if (signer != NULL)
        kab_replace_text (&facts->signer, signer);
    }
  g_mutex_unlock (&self->lock);
}

guint
kab_package_rows_count (KabPackageRows      *self,
                        KabPackageStepState  state)
{
  guint n = 0;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->facts->len; i++)
    n += ((Facts *) self->facts->pdata[i])->state == state;
  g_mutex_unlock (&self->lock);

  return n;
}
