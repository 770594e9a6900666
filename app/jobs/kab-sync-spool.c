/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-sync-spool.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kab-error.h"
#include "kab-history-keys.h"
#include "kab-wire-bulk.h"
#include "kab-wire.h"

#define FLUSH_AT (64 * 1024)                  /* bytes that a kill may cost */
#define MAX_AGE_S (24 * 60 * 60)              /* facts of yesterday are asked for again */
#define MAX_SIZE ((guint64) 4 << 30)          /* bytes of one file; no real fleet comes near */

enum { UPDATES, STATES, N_FILES };

static const char * const file_names[N_FILES] = { "resume-updates", "resume-states" };
static const char * const whats[N_FILES] = { "updates", "states" };

struct _KabSyncSpool
{
  char    *mirror_path;
  char    *server_uuid;
  gint64   now;

  int      fds[N_FILES];      /* -1: there is no resuming */
  GString *buffers[N_FILES];
  guint64  written[N_FILES];
};

static char *
file_path (const char *mirror_path,
           guint       which,
           gboolean    fresh)
{
  return g_strconcat (mirror_path, ".", file_names[which], fresh ? "-new" : "", NULL);
}

static void
give_up (KabSyncSpool *self)
{
  for (guint i = 0; i < N_FILES; i++)
    {
      if (self->fds[i] >= 0)
        close (self->fds[i]);
      self->fds[i] = -1;
      g_string_truncate (self->buffers[i], 0);
    }
}

static void
flush (KabSyncSpool *self,
       guint         which)
{
  GString *buffer = self->buffers[which];
  gsize done = 0;

  while (self->fds[which] >= 0 && done < buffer->len)
    {
      gssize n = write (self->fds[which], buffer->str + done, buffer->len - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0 || self->written[which] > MAX_SIZE)
        {
          g_info ("%s.%s: %s; an interrupted sync will begin anew", self->mirror_path, file_names[which],
                  n < 0 ? g_strerror (errno) : "too large");
          give_up (self);
          return;
        }
      done += (gsize) n;
      self->written[which] += (gsize) n;
    }
  g_string_truncate (buffer, 0);
}

/* A host's line names updates: theirs must be on disk first. */
static void
flush_all (KabSyncSpool *self)
{
  flush (self, UPDATES);
  flush (self, STATES);
}

KabSyncSpool *
kab_sync_spool_new (const char *mirror_path,
                    const char *server_uuid,
                    gint64      now)
{
  KabSyncSpool *self = g_new0 (KabSyncSpool, 1);

  self->mirror_path = g_strdup (mirror_path);
  self->server_uuid = g_strdup (server_uuid);
  self->now = now;

  for (guint i = 0; i < N_FILES; i++)
    {
      g_autofree char *path = file_path (mirror_path, i, TRUE);
      KabBulkHead head = { 0 };

      self->buffers[i] = g_string_new (NULL);
      self->fds[i] = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
      if (self->fds[i] < 0)
        g_info ("%s: %s", path, g_strerror (errno));

      /* The counter says when; an epoch of our own keeps other streams out. */
      head.server_uuid = self->server_uuid;
      head.epoch = (char *) "resume";
      head.counter = now;
      head.full = TRUE;
      kab_bulk_write_head (self->buffers[i], whats[i], &head);
    }
  if (self->fds[UPDATES] < 0 || self->fds[STATES] < 0)
    give_up (self);

  return self;
}

void
kab_sync_spool_free (KabSyncSpool *self)
{
  if (self == NULL)
    return;

  flush_all (self);
  give_up (self);
  for (guint i = 0; i < N_FILES; i++)
    {
      /* Not begun: what was left before is still worth more. */
      g_autofree char *fresh = file_path (self->mirror_path, i, TRUE);

      g_unlink (fresh);
      g_string_free (self->buffers[i], TRUE);
    }
  g_free (self->mirror_path);
  g_free (self->server_uuid);
  g_free (self);
}

/* Reading. */
typedef struct {
  KabSyncSpool       *spool;
  KabUpdateRegistry  *registry;
  KabSpooledHostFunc  func;
  gpointer            user_data;
  GHashTable         *indices;      /* number in the file → index of the registry + 1 */
  GArray             *records;      /* of one host, with our indices */
  GError             *stop;         /* an error of @func, which counts */
  char                name[16];     /* of name_cb() */
} Replay;

/* Histories are written under the numbers of the file, too. */
static const char *
name_cb (guint32  number,
         gpointer user_data)
{
  Replay *replay = user_data;
  gpointer index = g_hash_table_lookup (replay->indices, GUINT_TO_POINTER (number));

  if (index == NULL)
    return NULL;
  g_snprintf (replay->name, sizeof replay->name, "%u", GPOINTER_TO_UINT (index) - 1);

  return replay->name;
}

static gboolean
head_cb (const KabBulkHead  *head,
         gpointer            user_data,
         GError            **error)
{
  const Replay *replay = user_data;
  const KabSyncSpool *self = replay->spool;

  if (g_strcmp0 (head->epoch, "resume") == 0 && g_strcmp0 (head->server_uuid, self->server_uuid) == 0 &&
      head->counter <= self->now && self->now - head->counter < MAX_AGE_S)
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "of another server or too old");
  return FALSE;
}

static gboolean
update_cb (guint32                 number,
           const KabUpdateFields  *fields,
           gpointer                user_data,
           GError                **error)
{
  Replay *replay = user_data;
  guint32 index;

  if (!kab_update_registry_intern (replay->registry, fields, 0, 0, &index, error))
    return FALSE;

  g_hash_table_insert (replay->indices, GUINT_TO_POINTER (number), GUINT_TO_POINTER (index + 1));
  return TRUE;
}

static gboolean
update_gone_cb (guint32    number,
                gpointer   user_data,
                GError   **error)
{
  return TRUE;
}

static gboolean
host_cb (const KabHostFields   *fields,
         const KabStateRecord  *records,
         guint                  n_records,
         const char            *history_json,
         gpointer               user_data,
         GError               **error)
{
  Replay *replay = user_data;
  g_autofree char *history = NULL;

  if (n_records == G_MAXUINT || fields->updates_hash == NULL)
    return TRUE;

  g_array_set_size (replay->records, 0);
  for (guint i = 0; i < n_records; i++)
    {
      gpointer index = g_hash_table_lookup (replay->indices, GUINT_TO_POINTER (records[i].update));
      KabStateRecord record = records[i];

      /* The file of updates lost its tail: this host is asked for again. */
      if (index == NULL)
        return TRUE;
      record.update = GPOINTER_TO_UINT (index) - 1;
      g_array_append_val (replay->records, record);
    }

  history = kab_history_rename (history_json, name_cb, replay);
  if (replay->func (fields->uuid, fields->updates_hash, (gpointer) replay->records->data, n_records,
                    history, replay->user_data, &replay->stop))
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "stopped");
  return FALSE;
}

static gboolean
host_gone_cb (const char  *uuid,
              gpointer     user_data,
              GError     **error)
{
  return TRUE;
}

static const KabBulkHandler handler = {
  .head = head_cb,
  .update = update_cb,
  .update_gone = update_gone_cb,
  .host = host_cb,
  .host_gone = host_gone_cb,
};

static void
read_file (Replay *replay,
           guint   which)
{
  g_autofree char *path = file_path (replay->spool->mirror_path, which, FALSE);
  g_autoptr(KabBulkReader) reader = kab_bulk_reader_new (&handler, replay);
  g_autofree guint8 *buffer = g_malloc (FLUSH_AT);
  g_autoptr(GError) error = NULL;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  gssize n = 0;

  if (fd < 0)
    return;

  while ((n = read (fd, buffer, FLUSH_AT)) > 0)
    {
      if (!kab_bulk_reader_feed (reader, buffer, (gsize) n, &error))
        break;
    }
  close (fd);
  if (error != NULL && replay->stop == NULL)
    g_debug ("%s: read until here: %s", path, error->message);
}

gboolean
kab_sync_spool_replay (KabSyncSpool        *self,
                       KabUpdateRegistry   *registry,
                       KabSpooledHostFunc   func,
                       gpointer             user_data,
                       GError             **error)
{
  g_autoptr(GHashTable) indices = g_hash_table_new (NULL, NULL);
  g_autoptr(GArray) records = g_array_new (FALSE, FALSE, sizeof (KabStateRecord));
  Replay replay = { self, registry, func, user_data, indices, records, NULL, "" };

  read_file (&replay, UPDATES);
  read_file (&replay, STATES);

  return kab_error_is_none (&replay.stop, error);
}

void
kab_sync_spool_begin (KabSyncSpool *self)
{
  flush_all (self);
  for (guint i = 0; i < N_FILES && self->fds[i] >= 0; i++)
    {
      g_autofree char *from = file_path (self->mirror_path, i, TRUE);
      g_autofree char *to = file_path (self->mirror_path, i, FALSE);

      if (g_rename (from, to) != 0)
        give_up (self);
    }
}

void
kab_sync_spool_add_update (KabSyncSpool          *self,
                           guint32                index,
                           const KabUpdateFields *fields)
{
  if (self->fds[UPDATES] < 0)
    return;

  kab_bulk_write_update (self->buffers[UPDATES], index, fields);
  if (self->buffers[UPDATES]->len >= FLUSH_AT)
    flush (self, UPDATES);
}

void
kab_sync_spool_add_host (KabSyncSpool         *self,
                         const char           *uuid,
                         const char           *updates_hash,
                         const KabStateRecord *records,
                         guint                 n_records,
                         const char           *history_json)
{
  g_autoptr(GString) members = NULL;

  /* A line is a line: an answer that was printed over several is simply asked for again. */
  if (self->fds[STATES] < 0 || updates_hash == NULL || (history_json != NULL && strchr (history_json, '\n') != NULL))
    return;

  members = g_string_new ("\"uuid\":");
  kab_wire_append_text (members, uuid);
  g_string_append (members, ",\"status_hashes\":{\"waptwua_updates_localstatus\":");
  kab_wire_append_text (members, updates_hash);
  g_string_append (members, "}");
  kab_bulk_write_host (self->buffers[STATES], members->str, records, n_records, history_json);
  if (self->buffers[STATES]->len >= FLUSH_AT)
    flush_all (self);
}

void
kab_sync_spool_remove_files (const char *mirror_path)
{
  for (guint i = 0; i < N_FILES; i++)
    {
      g_autofree char *fresh = file_path (mirror_path, i, TRUE);
      g_autofree char *left = file_path (mirror_path, i, FALSE);

      g_unlink (fresh);
      g_unlink (left);
    }
}
