/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-host-fetch.h"

#include "kab-error.h"

#define MAX_WAITING 32          /* answers that nobody took yet */
#define MAX_RECORDS 100000      /* updates of one host; real hosts have some hundreds */

struct _KabHostFetch
{
  KabClient         *client;
  KabUpdateRegistry *registry;
  GPtrArray         *uuids;
  guint              first_turn;
  GPtrArray         *threads;
  GCancellable      *cancellable;   /* ours: ends with the caller's or with the first error */
  GCancellable      *outer;
  gulong             outer_handler;

  GMutex             lock;          /* guards the rest */
  GCond              changed;
  guint              next;          /* of @uuids */
  guint              n_running;
  GQueue             answers;       /* KabFetchedHost */
  GError            *error;         /* the first one */
};

void
kab_fetched_host_free (KabFetchedHost *self)
{
  if (self == NULL)
    return;

  g_free (self->uuid);
  g_clear_pointer (&self->records, g_array_unref);
  if (self->history != NULL)
    g_string_free (self->history, TRUE);
  g_free (self);
}

/* One request. */
typedef struct {
  KabHostFetch   *fetch;
  KabFetchedHost *host;
  guint           turn;
} Request;

static gboolean
row_cb (const KabUpdateFields  *fields,
        guint64                 fingerprint,
        const KabStateRecord   *record,
        const char             *history_json,
        gpointer                user_data,
        GError                **error)
{
  Request *request = user_data;
  KabFetchedHost *host = request->host;
  KabStateRecord ours = *record;

  if (host->records->len >= MAX_RECORDS)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "host %s: too many updates", host->uuid);
      return FALSE;
    }
  if (!kab_update_registry_intern (request->fetch->registry, fields, fingerprint, request->turn,
                                   &ours.update, error))
    return FALSE;
  g_array_append_val (host->records, ours);

  if (history_json != NULL)
    {
      if (host->history == NULL)
        host->history = g_string_new ("{");
      else
        g_string_append_c (host->history, ',');
      g_string_append_printf (host->history, "\"%u\":", ours.update);
      g_string_append (host->history, history_json);
    }

  return TRUE;
}

static KabFetchedHost *
ask (KabHostFetch  *self,
     guint          position,
     GError       **error)
{
  g_autoptr(KabFetchedHost) host = g_new0 (KabFetchedHost, 1);
  g_autoptr(GError) local_error = NULL;
  Request request = { self, host, self->first_turn + position };

  host->uuid = g_strdup (self->uuids->pdata[position]);
  host->records = g_array_new (FALSE, FALSE, sizeof (KabStateRecord));
  if (!kab_client_read_host_updates (self->client, host->uuid, row_cb, &request, self->cancellable, &local_error))
    {
      if (!g_error_matches (local_error, KAB_ERROR, KAB_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
      host->gone = TRUE;
      g_array_set_size (host->records, 0);
    }
  if (host->history != NULL)
    g_string_append_c (host->history, '}');

  return g_steal_pointer (&host);
}

static gpointer
fetch_in_thread (gpointer data)
{
  KabHostFetch *self = data;

  g_mutex_lock (&self->lock);
  while (self->error == NULL && self->next < self->uuids->len)
    {
      guint position = self->next++;
      g_autoptr(GError) error = NULL;
      KabFetchedHost *host;

      g_mutex_unlock (&self->lock);
      host = ask (self, position, &error);
      g_mutex_lock (&self->lock);

      if (host == NULL)
        {
          if (self->error == NULL)
            self->error = g_steal_pointer (&error);
          break;
        }
      while (self->answers.length >= MAX_WAITING && self->error == NULL)
        g_cond_wait (&self->changed, &self->lock);
      g_queue_push_tail (&self->answers, host);
      g_cond_broadcast (&self->changed);
    }
  self->n_running--;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);

  return NULL;
}

static void
cancelled_cb (GCancellable *outer,
              GCancellable *inner)
{
  g_cancellable_cancel (inner);
}

KabHostFetch *
kab_host_fetch_new (KabClient         *client,
                    KabUpdateRegistry *registry,
                    GPtrArray         *uuids,
                    guint              first_turn,
                    guint              n_threads,
                    GCancellable      *cancellable)
{
  KabHostFetch *self = g_new0 (KabHostFetch, 1);

  self->client = g_object_ref (client);
  self->registry = registry;
  self->uuids = uuids;
  self->first_turn = first_turn;
  self->cancellable = g_cancellable_new ();
  self->threads = g_ptr_array_new ();
  g_queue_init (&self->answers);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  if (cancellable != NULL)
    {
      self->outer = g_object_ref (cancellable);
      self->outer_handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb),
                                                   g_object_ref (self->cancellable), g_object_unref);
    }

  self->n_running = MIN (n_threads, MAX (uuids->len, 1));
  for (guint i = 0, n = self->n_running; i < n; i++)
    g_ptr_array_add (self->threads, g_thread_new ("host-fetch", fetch_in_thread, self));

  return self;
}

KabFetchedHost *
kab_host_fetch_next (KabHostFetch  *self,
                     GError       **error)
{
  KabFetchedHost *host;

  g_mutex_lock (&self->lock);
  while (self->answers.length == 0 && self->error == NULL && self->n_running > 0)
    g_cond_wait (&self->changed, &self->lock);

  /* What came before an error is worth keeping. */
  host = g_queue_pop_head (&self->answers);
  if (host != NULL)
    g_cond_broadcast (&self->changed);
  else if (self->error != NULL)
    g_propagate_error (error, g_error_copy (self->error));
  g_mutex_unlock (&self->lock);

  return host;
}

void
kab_host_fetch_free (KabHostFetch *self)
{
  if (self == NULL)
    return;

  g_mutex_lock (&self->lock);
  if (self->error == NULL)
    g_set_error_literal (&self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "not wanted any more");
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  g_cancellable_cancel (self->cancellable);

  for (guint i = 0; i < self->threads->len; i++)
    g_thread_join (self->threads->pdata[i]);
  g_ptr_array_unref (self->threads);

  if (self->outer_handler != 0)
    g_cancellable_disconnect (self->outer, self->outer_handler);
  g_clear_object (&self->outer);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->client);
  g_queue_clear_full (&self->answers, (GDestroyNotify) kab_fetched_host_free);
  g_clear_error (&self->error);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}
