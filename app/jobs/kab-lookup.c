/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-lookup.h"

#include "kab-error.h"
#include "kab-in-thread.h"
#include "kab-job-private.h"
#include "kab-session-private.h"

KabLookup *
kab_lookup_new (KabSession *session,
                const char *text)
{
  KabLookup *self = g_new0 (KabLookup, 1);
  KabSnapshot *snapshot = kab_session_get_snapshot (session);

  self->mirror = g_object_ref (kab_session_get_mirror (session));
  self->sign_in = g_object_ref (kab_session_get_sign_in (session));
  self->snapshot = snapshot != NULL ? g_object_ref (snapshot) : NULL;
  self->limits = kab_session_get_limits (session);
  self->texts[0] = g_strdup (text);

  return self;
}

static void
lookup_free (gpointer data)
{
  KabLookup *self = data;

  g_object_unref (self->mirror);
  g_object_unref (self->sign_in);
  g_clear_object (&self->snapshot);
  for (guint i = 0; i < G_N_ELEMENTS (self->texts); i++)
    g_free (self->texts[i]);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_free (self);
}

/* The session is the main thread's. */
static gpointer
read_in_thread (gpointer       session,
                gpointer       data,
                GCancellable  *cancellable,
                GError       **error)
{
  const KabLookup *self = data;

  kab_job_yield_to_interface ();
  return self->func (self, cancellable, error);
}

void
kab_lookup_run (KabSession          *session,
                KabLookup           *lookup,
                KabLookupFunc        func,
                GDestroyNotify       result_free,
                GCancellable        *cancellable,
                GAsyncReadyCallback  callback,
                gpointer             user_data)
{
  lookup->func = func;
  kab_in_thread_run (session, read_in_thread, lookup, lookup_free, result_free, cancellable, callback, user_data);
}

gpointer
kab_lookup_finish (KabSession    *session,
                   GAsyncResult  *result,
                   GError       **error)
{
  return kab_in_thread_finish (session, result, error);
}

KabSnapshot *
kab_lookup_get_snapshot (const KabLookup  *self,
                         GError          **error)
{
  if (self->snapshot == NULL)
    g_set_error_literal (error, KAB_ERROR, KAB_ERROR_NOT_FOUND, "the mirror is not read yet");

  return self->snapshot;
}

gpointer
kab_lookup_to_list (GType      type,
                    GPtrArray *items)
{
  GListStore *list;

  if (items == NULL)
    return NULL;

  list = g_list_store_new (type);
  g_list_store_splice (list, 0, 0, items->pdata, items->len);
  g_ptr_array_unref (items);

  return list;
}
