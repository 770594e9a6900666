/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-error.h"
#include "kab-snapshot-private.h"
#include "kab-store-file.h"
#include "kab-store-private.h"
#include "kab-store-schema.h"

#define MAX_IDLE 4

struct _KabStore
{
  GObject  parent_instance;

  char    *path;
  char    *ledger_path;
  int      ledger_is_sound;  /* atomic: it was looked at since damage was met there last */
  GMutex   mutex;            /* what follows */
  GQueue   idle;             /* KabDatabase, to read with */
  guint    generation;
  char    *repair;           /* (nullable) */
};

G_DEFINE_FINAL_TYPE (KabStore, kab_store, G_TYPE_OBJECT)

static void
kab_store_finalize (GObject *object)
{
  KabStore *self = KAB_STORE (object);

  g_queue_clear_full (&self->idle, (GDestroyNotify) kab_database_close);
  g_mutex_clear (&self->mutex);
  g_free (self->path);
  g_free (self->ledger_path);
  g_free (self->repair);

  G_OBJECT_CLASS (kab_store_parent_class)->finalize (object);
}

static void
kab_store_class_init (KabStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_store_finalize;
}

static void
kab_store_init (KabStore *self)
{
  g_mutex_init (&self->mutex);
  g_queue_init (&self->idle);
}

static char *
dup_ledger_path (const char *path)
{
  if (g_str_has_suffix (path, ".mirror"))
    {
      g_autofree char *stem = g_strndup (path, strlen (path) - strlen (".mirror"));

      return g_strconcat (stem, ".ledger", NULL);
    }

  return g_strconcat (path, ".ledger", NULL);
}

static KabDatabase *
open_mirror (const char  *path,
             GError     **error)
{
  g_autoptr(KabDatabase) database = kab_database_open (path, KAB_DATABASE_READ_WRITE, error);
  const char * const *steps;
  guint n_steps;

  if (database == NULL)
    return NULL;

  steps = kab_store_schema_get_mirror_steps (&n_steps);
  /* Only what opening shows: the window waits for it, and every sync pays for it. What is damaged further down a read
   * will find, or kab_store_check(). */
  if (!kab_migration_run (database, steps, n_steps, error) ||
      !kab_database_execute (database,
                             "SELECT * FROM meta LIMIT 1; SELECT * FROM updates LIMIT 1; SELECT * FROM hosts LIMIT 1;"
                             "SELECT * FROM host_states LIMIT 1; SELECT * FROM host_history LIMIT 1;"
                             "SELECT * FROM packages LIMIT 1; SELECT * FROM rules LIMIT 1;"
                             "SELECT * FROM sync_log LIMIT 1; SELECT * FROM outbox LIMIT 1;", error))
    return NULL;

  return g_steal_pointer (&database);
}

static void
add_repair (KabStore *self,
            char     *text)
{
  g_mutex_lock (&self->mutex);
  if (self->repair != NULL)
    {
      g_autofree char *before = self->repair;

      self->repair = g_strconcat (before, "\n", text, NULL);
      g_free (text);
    }
  else
    {
      self->repair = text;
    }
  g_mutex_unlock (&self->mutex);
}

/* Sets the mirror aside when it is still the damaged one, and makes it anew. */
static KabDatabase *
replace_mirror (KabStore    *self,
                const char  *reason,
                GError     **error)
{
  g_autoptr(KabDatabase) database = NULL;
  g_autofree char *aside = NULL;
  int lock = kab_store_file_lock (self->path);

  database = open_mirror (self->path, NULL);
  if (database != NULL && !kab_database_is_intact (database, NULL))
    g_clear_pointer (&database, kab_database_close);
  if (database == NULL)
    {
      aside = kab_store_file_set_aside (self->path, error);
      database = aside != NULL ? open_mirror (self->path, error) : NULL;
    }
  kab_store_file_unlock (lock);

  if (database != NULL && aside != NULL)
    {
      g_info ("%s was damaged (%s): set aside as %s and made anew", self->path, reason, aside);
      add_repair (self, g_strdup_printf ("The local copy of the server’s data was damaged. It was set aside as %s; "
                                         "a sync fetches everything again.", aside));
    }
  return g_steal_pointer (&database);
}

static gboolean
has_outbox (KabDatabase *mirror)
{
  g_autoptr(KabStatement) stmt = kab_database_prepare (mirror, "SELECT 1 FROM outbox LIMIT 1", NULL);

  return stmt != NULL && kab_statement_step (stmt, NULL);
}

/* What a crash left in the outbox. When that cannot be done now, it waits where it is. The ledger is opened when there
 * is something for it, and when there is none yet. */
static gboolean
take_what_waits (KabStore     *self,
                 KabDatabase  *mirror,
                 GError      **error)
{
  g_autoptr(KabLedger) ledger = NULL;
  g_autoptr(GError) local_error = NULL;

  if (!has_outbox (mirror) && g_file_test (self->ledger_path, G_FILE_TEST_EXISTS))
    return TRUE;

  ledger = kab_store_open_ledger (self, error);
  if (ledger == NULL)
    return FALSE;
  if (!kab_ledger_take (ledger, mirror, &local_error))
    g_info ("%s: the ledger takes it later: %s", self->path, local_error->message);
  return TRUE;
}

KabStore *
kab_store_open (const char  *path,
                GError     **error)
{
  g_autoptr(KabStore) self = NULL;
  g_autoptr(KabDatabase) mirror = NULL;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  if (!kab_store_file_make_folder (path, error))
    return NULL;

  self = g_object_new (KAB_TYPE_STORE, NULL);
  self->path = g_strdup (path);
  self->ledger_path = dup_ledger_path (path);

  mirror = open_mirror (path, &local_error);
  if (mirror == NULL && g_error_matches (local_error, KAB_ERROR, KAB_ERROR_BAD_DATA))
    {
      g_autofree char *reason = g_strdup (local_error->message);

      g_clear_error (&local_error);
      mirror = replace_mirror (self, reason, &local_error);
    }
  if (mirror == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  if (!take_what_waits (self, mirror, error))
    return NULL;

  /* The first reader; it also keeps the log alive between two calls. */
  g_queue_push_head (&self->idle, g_steal_pointer (&mirror));
  return g_steal_pointer (&self);
}

const char *
kab_store_get_path (KabStore *self)
{
  g_return_val_if_fail (KAB_IS_STORE (self), NULL);

  return self->path;
}

char *
kab_store_dup_repair (KabStore *self)
{
  char *repair;

  g_return_val_if_fail (KAB_IS_STORE (self), NULL);

  g_mutex_lock (&self->mutex);
  repair = g_strdup (self->repair);
  g_mutex_unlock (&self->mutex);
  return repair;
}

KabLedger *
kab_store_open_ledger (KabStore  *self,
                       GError   **error)
{
  g_autofree char *repair = NULL;
  gboolean is_sound = g_atomic_int_get (&self->ledger_is_sound);
  KabLedger *ledger = kab_ledger_open (self->ledger_path, is_sound, &repair, error);

  if (repair != NULL)
    add_repair (self, g_steal_pointer (&repair));
  if (ledger == NULL)
    return NULL;

  ledger->store = g_object_ref (self);
  if (!is_sound)
    g_atomic_int_set (&self->ledger_is_sound, TRUE);
  return ledger;
}

void
kab_store_doubt_ledger (KabStore *self)
{
  g_atomic_int_set (&self->ledger_is_sound, FALSE);
}

KabDatabase *
kab_store_connect (KabStore  *self,
                   GError   **error)
{
  return kab_database_open (self->path, KAB_DATABASE_READ_WRITE, error);
}

KabStoreReader *
kab_store_borrow (KabStore  *self,
                  GError   **error)
{
  KabStoreReader *reader;
  KabDatabase *database;
  guint generation;

  g_mutex_lock (&self->mutex);
  database = g_queue_pop_head (&self->idle);
  generation = self->generation;
  g_mutex_unlock (&self->mutex);

  if (database == NULL)
    database = kab_database_open (self->path, KAB_DATABASE_READ_ONLY, error);
  if (database == NULL)
    return NULL;

  reader = g_new0 (KabStoreReader, 1);
  reader->store = g_object_ref (self);
  reader->database = database;
  reader->generation = generation;
  return reader;
}

/* A read failed: was it damage? */
static void
note_failure (KabStore     *self,
              const GError *failure)
{
  g_autoptr(KabDatabase) database = NULL;
  g_autoptr(GError) local_error = NULL;
  GQueue stale = G_QUEUE_INIT;

  if (!g_error_matches (failure, KAB_ERROR, KAB_ERROR_BAD_DATA))
    return;

  database = replace_mirror (self, failure->message, &local_error);
  if (database == NULL)
    {
      g_info ("%s: cannot be repaired now: %s", self->path, local_error->message);
      return;
    }

  g_mutex_lock (&self->mutex);
  self->generation++;
  stale = self->idle;
  g_queue_init (&self->idle);
  g_queue_push_head (&self->idle, g_steal_pointer (&database));
  g_mutex_unlock (&self->mutex);
  g_queue_clear_full (&stale, (GDestroyNotify) kab_database_close);
}

gboolean
kab_store_end_read (KabStoreReader  *reader,
                    GError         **failure,
                    GError         **error)
{
  g_autoptr(KabStore) self = reader->store;
  gboolean is_kept;

  kab_database_rollback (reader->database);
  kab_database_set_cancellable (reader->database, NULL);

  g_mutex_lock (&self->mutex);
  is_kept = reader->generation == self->generation && g_queue_get_length (&self->idle) < MAX_IDLE;
  if (is_kept)
    g_queue_push_head (&self->idle, reader->database);
  g_mutex_unlock (&self->mutex);

  if (!is_kept)
    kab_database_close (reader->database);
  g_free (reader);

  note_failure (self, *failure);
  return kab_error_is_none (failure, error);
}

gboolean
kab_store_check (KabStore      *self,
                 GCancellable  *cancellable,
                 GError       **error)
{
  KabStoreReader *reader;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (KAB_IS_STORE (self), FALSE);

  reader = kab_store_borrow (self, error);
  if (reader == NULL)
    return FALSE;

  kab_database_set_cancellable (reader->database, cancellable);
  kab_database_is_intact (reader->database, &local_error);
  return kab_store_end_read (reader, &local_error, error);
}

KabSnapshot *
kab_store_read_snapshot (KabStore         *self,
                         const KabLimits  *limits,
                         GCancellable     *cancellable,
                         GError          **error)
{
  KabStoreReader *reader;
  g_autoptr(GError) local_error = NULL;
  KabSnapshot *snapshot;

  g_return_val_if_fail (KAB_IS_STORE (self), NULL);
  g_return_val_if_fail (limits != NULL, NULL);

  reader = kab_store_borrow (self, error);
  if (reader == NULL)
    return NULL;

  kab_database_set_cancellable (reader->database, cancellable);
  snapshot = kab_snapshot_build (reader->database, limits, cancellable, &local_error);
  kab_store_end_read (reader, &local_error, error);
  return snapshot;
}
