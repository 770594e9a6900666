/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-database"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kab-database-private.h"
#include "kab-error.h"

#define DEFAULT_BUSY_TIMEOUT_MS 5000
#define BUSY_STEP_US (5 * 1000)
/* Instructions of SQLite's machine between two looks at the cancellable: well under a millisecond */
#define PROGRESS_STEP 2000

/* Pages twice the default: a host's states (150 pairs, 2,400 bytes) fill them three at a time instead of one. It counts
 * for a new file only. */
static const char setup_sql[] =
  "PRAGMA page_size = 8192;"
  "PRAGMA foreign_keys = ON;"
  "PRAGMA cell_size_check = ON;"
  "PRAGMA temp_store = MEMORY;"
  "PRAGMA cache_size = -16384;";

static int
code_of_sqlite (int code)
{
  switch (code & 0xff)
    {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
      return KAB_ERROR_BAD_DATA;
    case SQLITE_ERROR:
    case SQLITE_SCHEMA:
      /* Our SQL is fixed, so what does not fit it is a file that is not ours. */
      return KAB_ERROR_BAD_DATA;
    default:
      return KAB_ERROR_STORAGE;
    }
}

void
kab_database_set_error (KabDatabase *self,
                        int          code,
                        const char  *what,
                        GError     **error)
{
  const char *message;

  if ((code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB)
    self->met_damage = TRUE;
  if (self->cancellable != NULL && (code == SQLITE_INTERRUPT || (code & 0xff) == SQLITE_BUSY) &&
      g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return;

  message = self->handle != NULL ? sqlite3_errmsg (self->handle) : sqlite3_errstr (code);
  if ((code & 0xff) == SQLITE_BUSY)
    message = "another process is writing to it";

  g_set_error (error, KAB_ERROR, code_of_sqlite (code), "%s: %s: %s (%d)", self->path, what, message, code);
}

static int
progress_cb (void *data)
{
  KabDatabase *self = data;

  if (self->deadline != 0 && g_get_monotonic_time () >= self->deadline)
    return 1;
  return self->cancellable != NULL && g_cancellable_is_cancelled (self->cancellable);
}

/* Is asked each time a lock is taken by somebody else; 0 gives up. */
static int
busy_cb (void *data,
         int   n_asked)
{
  KabDatabase *self = data;
  gint64 now = g_get_monotonic_time ();

  if (n_asked == 0)
    self->busy_since = now;
  if (now - self->busy_since >= self->busy_timeout_ms * (gint64) 1000)
    return 0;
  if (self->cancellable != NULL && g_cancellable_is_cancelled (self->cancellable))
    return 0;

  g_usleep (BUSY_STEP_US);
  return 1;
}

static void
watch (KabDatabase *self)
{
  if (self->cancellable != NULL || self->deadline != 0)
    sqlite3_progress_handler (self->handle, PROGRESS_STEP, progress_cb, self);
  else
    sqlite3_progress_handler (self->handle, 0, NULL, NULL);
}

/* SQLite gives its side files the mode of the main one, so it is enough that this one is private from its first
 * moment on. An existing file is not opened here: closing it would drop the locks that other connections of this
 * process hold on it (that is how POSIX locks are), and for the same reason one thread at a time creates. */
static gboolean
make_private (const char  *path,
              GError     **error)
{
  static GMutex mutex;
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&mutex);
  struct stat status;
  int fd;

  fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd >= 0)
    {
      close (fd);
      return TRUE;
    }

  if (errno != EEXIST || stat (path, &status) != 0)
    {
      int saved_errno = errno;

      g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, "%s: cannot be made: %s", path, g_strerror (saved_errno));
      return FALSE;
    }

  if (!S_ISREG (status.st_mode))
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, "%s: is not a regular file", path);
      return FALSE;
    }

  if ((status.st_mode & 077) != 0 && chmod (path, 0600) != 0)
    g_info ("%s: others may read it and that cannot be changed: %s", path, g_strerror (errno));

  return TRUE;
}

static gboolean
configure (KabDatabase       *self,
           KabDatabaseFlags   flags,
           GError           **error)
{
  sqlite3_extended_result_codes (self->handle, 1);
  sqlite3_busy_handler (self->handle, busy_cb, self);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);

  if (!kab_database_execute (self, setup_sql, error))
    return FALSE;
  if (flags & KAB_DATABASE_READ_ONLY)
    return kab_database_execute (self, "PRAGMA query_only = ON;", error);

  return kab_database_execute (self, "PRAGMA journal_mode = WAL;", error) &&
         kab_database_execute (self,
                               flags & KAB_DATABASE_FULL_SYNC ? "PRAGMA synchronous = FULL;"
                                                              : "PRAGMA synchronous = NORMAL;",
                               error);
}

/* SQLite counts every piece of memory under one mutex for the whole process, which threads that read at the same time
 * wait for; nobody asks for its figures. It can be told so only before its first call: where another library of this
 * process came first, it refuses and goes on counting. */
static void
stop_counting (void)
{
  static gsize done;

  if (g_once_init_enter (&done))
    {
      if (sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0) != SQLITE_OK)
        g_debug ("SQLite goes on counting its memory");
      g_once_init_leave (&done, 1);
    }
}

KabDatabase *
kab_database_open (const char        *path,
                   KabDatabaseFlags   flags,
                   GError           **error)
{
  g_autoptr(KabDatabase) self = NULL;
  int open_flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
  int code;

  g_return_val_if_fail (path != NULL, NULL);

  if (flags & KAB_DATABASE_READ_ONLY)
    {
      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        {
          g_set_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND, "%s: there is no such file", path);
          return NULL;
        }
      open_flags |= SQLITE_OPEN_READONLY;
    }
  else
    {
      if (!make_private (path, error))
        return NULL;
      open_flags |= SQLITE_OPEN_READWRITE;
    }

  stop_counting ();
  self = g_new0 (KabDatabase, 1);
  self->path = g_strdup (path);
  self->busy_timeout_ms = DEFAULT_BUSY_TIMEOUT_MS;

  code = sqlite3_open_v2 (path, &self->handle, open_flags, NULL);
  if (code != SQLITE_OK)
    {
      kab_database_set_error (self, code, "open", error);
      return NULL;
    }
  if (!configure (self, flags, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
kab_database_close (KabDatabase *self)
{
  if (self == NULL)
    return;

  kab_database_rollback (self);
  sqlite3_close_v2 (self->handle);
  g_clear_object (&self->cancellable);
  g_free (self->path);
  g_free (self);
}

const char *
kab_database_get_path (KabDatabase *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->path;
}

gboolean
kab_database_execute (KabDatabase  *self,
                      const char   *sql,
                      GError      **error)
{
  int code;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (sql != NULL, FALSE);

  code = sqlite3_exec (self->handle, sql, NULL, NULL, NULL);
  if (code == SQLITE_OK)
    return TRUE;

  kab_database_set_error (self, code, sql, error);
  return FALSE;
}

gboolean
kab_database_begin (KabDatabase  *self,
                    GError      **error)
{
  return kab_database_execute (self, "BEGIN IMMEDIATE", error);
}

gboolean
kab_database_begin_read (KabDatabase  *self,
                         GError      **error)
{
  /* A deferred transaction sees nothing yet; its first read freezes the view. */
  if (!kab_database_execute (self, "BEGIN DEFERRED", error))
    return FALSE;
  if (kab_database_execute (self, "SELECT 1 FROM sqlite_schema LIMIT 1", error))
    return TRUE;

  kab_database_rollback (self);
  return FALSE;
}

gboolean
kab_database_commit (KabDatabase  *self,
                     GError      **error)
{
  if (kab_database_execute (self, "COMMIT", error))
    return TRUE;

  kab_database_rollback (self);
  return FALSE;
}

void
kab_database_rollback (KabDatabase *self)
{
  g_return_if_fail (self != NULL);

  /* SQLite rolls back by itself on some errors; then there is nothing left to do. */
  if (kab_database_is_in_transaction (self))
    sqlite3_exec (self->handle, "ROLLBACK", NULL, NULL, NULL);
}

gboolean
kab_database_is_in_transaction (KabDatabase *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->handle != NULL && sqlite3_get_autocommit (self->handle) == 0;
}

gboolean
kab_database_is_intact (KabDatabase  *self,
                        GError      **error)
{
  return kab_database_is_intact_within (self, 0, error);
}

/* Inside of a tree a check asks no progress handler, and a large one takes seconds: somebody else must stop it. */
typedef struct
{
  sqlite3 *handle;
  gint64   deadline;
  GMutex   mutex;
  GCond    ended;
  gboolean has_ended;     /* under mutex */
} Alarm;

static gpointer
ring_in_thread (gpointer data)
{
  Alarm *alarm = data;

  g_mutex_lock (&alarm->mutex);
  while (!alarm->has_ended)
    if (!g_cond_wait_until (&alarm->ended, &alarm->mutex, alarm->deadline))
      {
        if (!alarm->has_ended)
          sqlite3_interrupt (alarm->handle);
        break;
      }
  g_mutex_unlock (&alarm->mutex);

  return NULL;
}

/* One step of @stmt, ended when the deadline comes */
static gboolean
step_until_deadline (KabDatabase   *self,
                     KabStatement  *stmt,
                     GError       **error)
{
  Alarm alarm = { .handle = self->handle, .deadline = self->deadline };
  GThread *thread;
  gboolean has_row;

  if (self->deadline == 0)
    return kab_statement_step (stmt, error);

  g_mutex_init (&alarm.mutex);
  g_cond_init (&alarm.ended);
  thread = g_thread_new ("check-deadline", ring_in_thread, &alarm);
  has_row = kab_statement_step (stmt, error);
  g_mutex_lock (&alarm.mutex);
  alarm.has_ended = TRUE;
  g_cond_signal (&alarm.ended);
  g_mutex_unlock (&alarm.mutex);
  g_thread_join (thread);
  g_cond_clear (&alarm.ended);
  g_mutex_clear (&alarm.mutex);

  return has_row;
}

gboolean
kab_database_is_intact_within (KabDatabase  *self,
                               guint         timeout_ms,
                               GError      **error)
{
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GError) local_error = NULL;
  gboolean is_intact = FALSE;

  g_return_val_if_fail (self != NULL, FALSE);

  stmt = kab_database_prepare (self, "PRAGMA quick_check (1)", error);
  if (stmt == NULL)
    return FALSE;

  self->deadline = timeout_ms > 0 ? g_get_monotonic_time () + timeout_ms * (gint64) 1000 : 0;
  watch (self);

  if (step_until_deadline (self, stmt, &local_error))
    {
      const char *answer = kab_statement_get_text (stmt, 0);

      is_intact = g_strcmp0 (answer, "ok") == 0;
      if (!is_intact)
        g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "%s: %s", self->path, answer != NULL ? answer : "damaged");
    }
  else if (self->deadline != 0 && g_get_monotonic_time () >= self->deadline &&
           !g_error_matches (local_error, KAB_ERROR, KAB_ERROR_BAD_DATA))
    is_intact = TRUE;
  else if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "%s: the check gave no answer", self->path);

  self->deadline = 0;
  watch (self);
  return is_intact;
}

gboolean
kab_database_has_met_damage (KabDatabase *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->met_damage;
}

gint64
kab_database_get_last_rowid (KabDatabase *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return sqlite3_last_insert_rowid (self->handle);
}

guint
kab_database_get_changes (KabDatabase *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return (guint) sqlite3_changes (self->handle);
}

void
kab_database_set_busy_timeout (KabDatabase *self,
                               guint        timeout_ms)
{
  g_return_if_fail (self != NULL);

  self->busy_timeout_ms = timeout_ms;
}

void
kab_database_set_cancellable (KabDatabase  *self,
                              GCancellable *cancellable)
{
  g_return_if_fail (self != NULL);

  g_set_object (&self->cancellable, cancellable);
  watch (self);
}
