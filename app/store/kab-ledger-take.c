/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-error.h"
#include "kab-fault.h"
#include "kab-ledger-private.h"

/* Statements of one taking; each may run many thousand times. */
typedef struct
{
  KabDatabase  *ledger;
  KabStatement *add_host;
  KabStatement *find_host;
  KabStatement *add_update;
  KabStatement *find_update;
  KabStatement *begin_span;
  KabStatement *end_span;
  KabStatement *add_change;
  KabStatement *add_copy;
  KabStatement *add_day;
  KabStatement *name_update;       /* of the mirror: number → id */
  GHashTable   *updates;           /* the mirror's number → the ledger's; there are few, and they come again and again */
} Taking;

static void
taking_clear (Taking *taking)
{
  g_clear_pointer (&taking->add_host, kab_statement_free);
  g_clear_pointer (&taking->find_host, kab_statement_free);
  g_clear_pointer (&taking->add_update, kab_statement_free);
  g_clear_pointer (&taking->find_update, kab_statement_free);
  g_clear_pointer (&taking->begin_span, kab_statement_free);
  g_clear_pointer (&taking->end_span, kab_statement_free);
  g_clear_pointer (&taking->add_change, kab_statement_free);
  g_clear_pointer (&taking->add_copy, kab_statement_free);
  g_clear_pointer (&taking->add_day, kab_statement_free);
  g_clear_pointer (&taking->name_update, kab_statement_free);
  g_clear_pointer (&taking->updates, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Taking, taking_clear)

static gboolean
prepare (Taking       *taking,
         KabDatabase  *ledger,
         KabDatabase  *mirror,
         GError      **error)
{
  const struct {
    KabStatement **place;
    KabDatabase   *database;
    const char    *sql;
  } statements[] = {
    { &taking->add_host, ledger, "INSERT OR IGNORE INTO hosts (uuid) VALUES (?1)" },
    { &taking->find_host, ledger, "SELECT number FROM hosts WHERE uuid = ?1" },
    { &taking->find_update, ledger, "SELECT number FROM updates WHERE update_id = ?1" },
    { &taking->add_update, ledger, "INSERT OR IGNORE INTO updates (update_id) VALUES (?1)" },
    /* A host that never went away for us, but comes anew because the mirror was rebuilt, goes on with its span. */
    { &taking->begin_span, ledger,
      "INSERT OR IGNORE INTO spans SELECT number, ?2, 0 FROM hosts WHERE uuid = ?1 AND NOT EXISTS "
      "(SELECT 1 FROM spans WHERE host = number AND end_at = 0)" },
    { &taking->end_span, ledger,
      "UPDATE spans SET end_at = ?2 WHERE end_at = 0 AND host = (SELECT number FROM hosts WHERE uuid = ?1)" },
    /* Two syncs within a second leave one change. */
    { &taking->add_change, ledger,
      "INSERT INTO changes VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (host, upd, at) DO UPDATE SET after = excluded.after" },
    { &taking->add_copy, ledger,
      "INSERT OR REPLACE INTO copies SELECT number, ?2, ?3 FROM updates WHERE update_id = ?1" },
    { &taking->add_day, ledger, "INSERT OR REPLACE INTO days VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)" },
    { &taking->name_update, mirror, "SELECT update_id FROM updates WHERE number = ?1" },
  };

  taking->ledger = ledger;
  taking->updates = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      *statements[i].place = kab_database_prepare (statements[i].database, statements[i].sql, error);
      if (*statements[i].place == NULL)
        return FALSE;
    }

  return TRUE;
}

static gboolean
add_name (Taking        *taking,
          KabStatement  *stmt,
          const char    *name,
          GError       **error)
{
  kab_statement_bind_text (stmt, 1, name);
  return kab_database_run (taking->ledger, stmt, error);
}

static gboolean
take_hosts (Taking      *taking,
            const char  *uuids,
            gsize        size,
            gint64       at,
            GError     **error)
{
  const char *end = uuids + size;

  while (uuids < end)
    {
      const char *next = memchr (uuids, '\0', end - uuids);

      if (next == NULL)
        break;
      if (!add_name (taking, taking->add_host, uuids, error))
        return FALSE;
      kab_statement_bind_text (taking->begin_span, 1, uuids);
      kab_statement_bind_int64 (taking->begin_span, 2, at);
      if (!kab_database_run (taking->ledger, taking->begin_span, error))
        return FALSE;
      uuids = next + 1;
    }

  return TRUE;
}

/* Returns: the number that a statement finds for a name, 0 when there is none, -1 with @error */
static gint64
find_number (KabStatement  *stmt,
             const char    *name,
             GError       **error)
{
  g_autoptr(GError) local_error = NULL;
  gint64 number = 0;

  kab_statement_bind_text (stmt, 1, name);
  if (kab_statement_step (stmt, &local_error))
    number = kab_statement_get_int64 (stmt, 0);
  kab_statement_reset (stmt);
  return kab_error_is_none (&local_error, error) ? number : -1;
}

/* Returns: the ledger's number for the mirror's, 0 when the mirror does not know it, -1 with @error */
static gint64
translate_update (Taking    *taking,
                  guint32    number,
                  GError   **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *update_id = NULL;
  gint64 ours = GPOINTER_TO_SIZE (g_hash_table_lookup (taking->updates, GUINT_TO_POINTER (number)));

  if (ours != 0)
    return ours;

  kab_statement_bind_int64 (taking->name_update, 1, number);
  if (kab_statement_step (taking->name_update, &local_error))
    update_id = g_strdup (kab_statement_get_text (taking->name_update, 0));
  kab_statement_reset (taking->name_update);
  if (!kab_error_is_none (&local_error, error))
    return -1;
  if (update_id == NULL)
    return 0;
  if (!add_name (taking, taking->add_update, update_id, error))
    return -1;

  ours = find_number (taking->find_update, update_id, error);
  if (ours > 0)
    g_hash_table_insert (taking->updates, GUINT_TO_POINTER (number), GSIZE_TO_POINTER ((gsize) ours));
  return ours;
}

static gboolean
take_changes (Taking               *taking,
              const char           *uuid,
              const KabPairChange  *changes,
              gsize                 n_changes,
              gint64                at,
              GError              **error)
{
  gint64 host;

  if (!add_name (taking, taking->add_host, uuid, error))
    return FALSE;
  host = find_number (taking->find_host, uuid, error);
  if (host < 0)
    return FALSE;

  for (gsize i = 0; i < n_changes; i++)
    {
      KabPairChange change;
      gint64 update;

      memcpy (&change, &changes[i], sizeof change);    /* a blob is not aligned */
      update = translate_update (taking, change.update, error);
      if (update < 0)
        return FALSE;
      if (update == 0)
        continue;

      kab_statement_bind_int64 (taking->add_change, 1, host);
      kab_statement_bind_int64 (taking->add_change, 2, update);
      kab_statement_bind_int64 (taking->add_change, 3, at);
      kab_statement_bind_int64 (taking->add_change, 4, change.before);
      kab_statement_bind_int64 (taking->add_change, 5, change.after);
      if (!kab_database_run (taking->ledger, taking->add_change, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
take_day (Taking         *taking,
          gconstpointer   detail,
          gsize           size,
          GError        **error)
{
  gint64 numbers[KAB_N_DAY_NUMBERS];

  if (size != sizeof numbers)
    return TRUE;

  memcpy (numbers, detail, size);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    kab_statement_bind_int64 (taking->add_day, (int) i + 1, numbers[i]);
  return kab_database_run (taking->ledger, taking->add_day, error);
}

/* Rows that make no sense can only come from a damaged mirror: they are passed over. */
static gboolean
take_row (Taking        *taking,
          KabStatement  *row,
          GError       **error)
{
  gint64 at = kab_statement_get_int64 (row, 1);
  const char *subject = kab_statement_get_text (row, 3);
  gsize size = 0;
  const guint8 *detail = kab_statement_get_blob (row, 4, &size);

  switch (kab_statement_get_int64 (row, 2))
    {
    case KAB_OUTBOX_HOSTS_SEEN:
      return take_hosts (taking, (const char *) detail, size, at, error);

    case KAB_OUTBOX_HOST_GONE:
      kab_statement_bind_text (taking->end_span, 1, subject);
      kab_statement_bind_int64 (taking->end_span, 2, at);
      return kab_database_run (taking->ledger, taking->end_span, error);

    case KAB_OUTBOX_CHANGES:
      return take_changes (taking, subject, (const KabPairChange *) (const void *) detail,
                           size / sizeof (KabPairChange), at, error);

    case KAB_OUTBOX_COPY:
      if (size != 1)
        return TRUE;
      if (!add_name (taking, taking->add_update, subject, error))
        return FALSE;
      kab_statement_bind_text (taking->add_copy, 1, subject);
      kab_statement_bind_int64 (taking->add_copy, 2, at);
      kab_statement_bind_int64 (taking->add_copy, 3, detail[0] != 0);
      return kab_database_run (taking->ledger, taking->add_copy, error);

    case KAB_OUTBOX_DAY:
      return take_day (taking, detail, size, error);

    default:
      return TRUE;
    }
}

static gboolean
read_number (KabDatabase  *database,
             const char   *sql,
             const char   *argument,
             gint64       *number,
             GError      **error)
{
  g_autoptr(KabStatement) stmt = kab_database_prepare (database, sql, error);
  g_autoptr(GError) local_error = NULL;

  *number = 0;
  if (stmt == NULL)
    return FALSE;
  if (argument != NULL)
    kab_statement_bind_text (stmt, 1, argument);
  if (kab_statement_step (stmt, &local_error))
    *number = kab_statement_get_int64 (stmt, 0);
  return kab_error_is_none (&local_error, error);
}

static char *
read_mirror_id (KabDatabase  *mirror,
                GError      **error)
{
  g_autoptr(KabStatement) stmt = kab_database_prepare (mirror, "SELECT value FROM meta WHERE key = 'mirror_id'", error);
  g_autoptr(GError) local_error = NULL;
  char *id = NULL;

  if (stmt == NULL)
    return NULL;
  if (kab_statement_step (stmt, &local_error))
    id = g_strdup (kab_statement_get_text (stmt, 0));
  if (kab_error_is_none (&local_error, error) && id == NULL)
    g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "%s: the mirror has no id", kab_database_get_path (mirror));
  return id;
}

/* Everything newer than what was taken, within one transaction of the ledger. Returns: the last id, -1 on error */
static gint64
take_rows (KabLedger    *self,
           KabDatabase  *mirror,
           const char   *mirror_id,
           GError      **error)
{
  g_auto(Taking) taking = { NULL };
  g_autoptr(KabStatement) rows = NULL;
  g_autoptr(KabStatement) note = NULL;
  g_autoptr(GError) local_error = NULL;
  gint64 last;

  if (!read_number (self->database, "SELECT taken FROM mirrors WHERE mirror_id = ?1", mirror_id, &last, error) ||
      !prepare (&taking, self->database, mirror, error))
    return -1;

  rows = kab_database_prepare (mirror, "SELECT id, at, kind, subject, detail FROM outbox WHERE id > ?1 ORDER BY id", error);
  note = kab_database_prepare (self->database,
                               "INSERT INTO mirrors VALUES (?1, ?2, ?3) "
                               "ON CONFLICT (mirror_id) DO UPDATE SET taken = excluded.taken", error);
  if (rows == NULL || note == NULL)
    return -1;

  kab_statement_bind_int64 (rows, 1, last);
  while (kab_statement_step (rows, &local_error))
    {
      last = kab_statement_get_int64 (rows, 0);
      kab_statement_bind_text (note, 1, mirror_id);
      kab_statement_bind_int64 (note, 2, kab_statement_get_int64 (rows, 1));
      kab_statement_bind_int64 (note, 3, last);
      if (!take_row (&taking, rows, error) || !kab_database_run (self->database, note, error))
        return -1;
    }
  if (!kab_error_is_none (&local_error, error))
    return -1;

  return last;
}

gboolean
kab_ledger_take (KabLedger    *self,
                 KabDatabase  *mirror,
                 GError      **error)
{
  g_autofree char *mirror_id = NULL;
  g_autoptr(KabStatement) clear = NULL;
  gint64 n_waiting;
  gint64 last;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (mirror != NULL, FALSE);

  if (!read_number (mirror, "SELECT EXISTS (SELECT 1 FROM outbox)", NULL, &n_waiting, error))
    return FALSE;
  if (n_waiting == 0)
    return TRUE;

  mirror_id = read_mirror_id (mirror, error);
  if (mirror_id == NULL || !kab_database_begin (self->database, error))
    return FALSE;

  last = take_rows (self, mirror, mirror_id, error);
  if (last < 0)
    {
      kab_database_rollback (self->database);
      return FALSE;
    }

  kab_fault_point ("ledger-before-commit");
  if (!kab_database_commit (self->database, error))
    return FALSE;
  kab_fault_point ("ledger-after-commit");

  clear = kab_database_prepare (mirror, "DELETE FROM outbox WHERE id <= ?1", error);
  if (clear == NULL)
    return FALSE;
  kab_statement_bind_int64 (clear, 1, last);
  if (!kab_database_run (mirror, clear, error))
    return FALSE;
  kab_fault_point ("outbox-after-clear");
  return TRUE;
}
