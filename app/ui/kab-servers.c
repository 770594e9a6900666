/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-servers.h"

#include "kab-mirror-load.h"
#include "kab-overview-figures.h"

struct _KabServers
{
  GObject    parent_instance;

  GPtrArray *profiles;    /* (element-type KabProfile) */
  char      *active;
  gboolean   saving;
  gboolean   dirty;       /* changed again while saving */
};

G_DEFINE_FINAL_TYPE (KabServers, kab_servers, G_TYPE_OBJECT)

enum {
  SIGNAL_CHANGED,
  SIGNAL_FAILED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* What a thread gets or gives: copies, so that it shares nothing with us. */
typedef struct {
  GPtrArray *profiles;
  char      *active;
} Copy;

static void
copy_free (Copy *copy)
{
  g_clear_pointer (&copy->profiles, g_ptr_array_unref);
  g_free (copy->active);
  g_free (copy);
}

static GPtrArray *
profiles_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) kab_profile_free);
}

static void save (KabServers *self);

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  KabServers *self = KAB_SERVERS (source);
  g_autoptr(GError) error = NULL;

  self->saving = FALSE;
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_warning ("servers are not saved: %s", error->message);
      g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
    }
  if (self->dirty)
    save (self);
}

static void
save_in_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  Copy *copy = task_data;
  g_autoptr(GError) error = NULL;

  if (kab_profiles_save (copy->profiles, copy->active, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
save (KabServers *self)
{
  g_autoptr(GTask) task = NULL;
  Copy *copy;

  self->dirty = self->saving;
  if (self->saving)
    return;

  copy = g_new0 (Copy, 1);
  copy->profiles = profiles_new ();
  copy->active = g_strdup (self->active);
  for (guint i = 0; i < self->profiles->len; i++)
    {
      const KabProfile *profile = self->profiles->pdata[i];

      /* The practice fleet gets another port each time: it is started, not stored. */
      if (!g_str_equal (profile->name, KAB_PROFILE_PRACTICE))
        g_ptr_array_add (copy->profiles, kab_profile_copy (profile));
    }

  self->saving = TRUE;
  task = g_task_new (self, NULL, saved_cb, NULL);
  g_task_set_task_data (task, copy, (GDestroyNotify) copy_free);
  g_task_run_in_thread (task, save_in_thread);
}

static void
kab_servers_finalize (GObject *object)
{
  KabServers *self = KAB_SERVERS (object);

  g_clear_pointer (&self->profiles, g_ptr_array_unref);
  g_free (self->active);

  G_OBJECT_CLASS (kab_servers_parent_class)->finalize (object);
}

static void
kab_servers_class_init (KabServersClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_servers_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", KAB_TYPE_SERVERS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                          NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", KAB_TYPE_SERVERS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
kab_servers_init (KabServers *self)
{
  self->profiles = profiles_new ();
}

KabServers *
kab_servers_new (void)
{
  return g_object_new (KAB_TYPE_SERVERS, NULL);
}

/* As kab_servers_find() and kab_servers_get_active() */
static const KabProfile *
choose (GPtrArray  *profiles,
        const char *name)
{
  for (guint i = 0; name != NULL && i < profiles->len; i++)
    if (g_strcmp0 (((KabProfile *) profiles->pdata[i])->name, name) == 0)
      return profiles->pdata[i];

  return profiles->len > 0 ? profiles->pdata[0] : NULL;
}

static void
load_in_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  const char *ahead = task_data;
  g_autoptr(GError) error = NULL;
  const KabProfile *first;
  const char *active = NULL;
  Copy *copy = g_new0 (Copy, 1);

  copy->profiles = kab_profiles_load (&active, &error);
  if (copy->profiles == NULL)
    {
      copy_free (copy);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  copy->active = g_strdup (active);
  first = ahead != NULL ? choose (copy->profiles, *ahead != '\0' ? ahead : active) : NULL;
  if (first != NULL)
    kab_mirror_read_ahead (first, kab_overview_figures_prepare);
  g_task_return_pointer (task, copy, (GDestroyNotify) copy_free);
}

void
kab_servers_load_async (KabServers          *self,
                        const char          *ahead,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, kab_servers_load_async);
  g_task_set_task_data (task, g_strdup (ahead), g_free);
  g_task_run_in_thread (task, load_in_thread);
}

gboolean
kab_servers_load_finish (KabServers    *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  Copy *copy = g_task_propagate_pointer (G_TASK (result), error);

  if (copy == NULL)
    return FALSE;

  g_clear_pointer (&self->profiles, g_ptr_array_unref);
  self->profiles = profiles_new ();
  for (guint i = 0; i < copy->profiles->len; i++)
    g_ptr_array_add (self->profiles, kab_profile_copy (copy->profiles->pdata[i]));
  g_free (self->active);
  self->active = g_steal_pointer (&copy->active);
  copy_free (copy);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);

  return TRUE;
}

guint
kab_servers_get_n (KabServers *self)
{
  g_return_val_if_fail (KAB_IS_SERVERS (self), 0);

  return self->profiles->len;
}

const KabProfile *
kab_servers_get (KabServers *self,
                 guint       position)
{
  g_return_val_if_fail (KAB_IS_SERVERS (self), NULL);
  g_return_val_if_fail (position < self->profiles->len, NULL);

  return self->profiles->pdata[position];
}

static int
find (KabServers *self,
      const char *name)
{
  for (guint i = 0; i < self->profiles->len; i++)
    if (g_strcmp0 (((KabProfile *) self->profiles->pdata[i])->name, name) == 0)
      return (int) i;

  return -1;
}

const KabProfile *
kab_servers_find (KabServers *self,
                  const char *name)
{
  int i;

  g_return_val_if_fail (KAB_IS_SERVERS (self), NULL);

  i = find (self, name);

  return i >= 0 ? self->profiles->pdata[i] : NULL;
}

const KabProfile *
kab_servers_find_url (KabServers *self,
                      const char *url)
{
  g_return_val_if_fail (KAB_IS_SERVERS (self), NULL);

  for (guint i = 0; i < self->profiles->len; i++)
    if (g_strcmp0 (((KabProfile *) self->profiles->pdata[i])->url, url) == 0)
      return self->profiles->pdata[i];

  return NULL;
}

const KabProfile *
kab_servers_get_active (KabServers *self)
{
  const KabProfile *profile;

  g_return_val_if_fail (KAB_IS_SERVERS (self), NULL);

  profile = self->active != NULL ? kab_servers_find (self, self->active) : NULL;
  if (profile == NULL && self->profiles->len > 0)
    profile = self->profiles->pdata[0];

  return profile;
}

void
kab_servers_set_active (KabServers *self,
                        const char *name)
{
  g_return_if_fail (KAB_IS_SERVERS (self));

  if (g_strcmp0 (self->active, name) == 0)
    return;

  g_free (self->active);
  self->active = g_strdup (name);
  save (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

const KabProfile *
kab_servers_put (KabServers       *self,
                 const char       *old_name,
                 const KabProfile *profile)
{
  KabProfile *copy;
  int known;

  g_return_val_if_fail (KAB_IS_SERVERS (self), NULL);
  g_return_val_if_fail (profile != NULL && profile->name != NULL, NULL);

  known = old_name != NULL ? find (self, old_name) : -1;
  copy = kab_profile_copy (profile);
  for (guint n = 2; find (self, copy->name) >= 0 && find (self, copy->name) != known; n++)
    {
      g_free (copy->name);
      copy->name = g_strdup_printf ("%s %u", profile->name, n);
    }

  if (known >= 0)
    {
      if (g_strcmp0 (self->active, old_name) == 0)
        {
          g_free (self->active);
          self->active = g_strdup (copy->name);
        }
      kab_profile_free (self->profiles->pdata[known]);
      self->profiles->pdata[known] = copy;
    }
  else
    g_ptr_array_add (self->profiles, copy);

  save (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);

  return copy;
}

void
kab_servers_remove (KabServers *self,
                    const char *name)
{
  int i;

  g_return_if_fail (KAB_IS_SERVERS (self));

  i = find (self, name);
  if (i < 0)
    return;

  g_ptr_array_remove_index (self->profiles, (guint) i);
  if (g_strcmp0 (self->active, name) == 0)
    g_clear_pointer (&self->active, g_free);
  save (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}
