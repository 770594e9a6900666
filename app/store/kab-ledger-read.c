/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include "kab-error.h"
#include "kab-ledger-private.h"

/* The server's copy of one update: when it came and went, oldest first */
typedef struct
{
  gint64   at;
  gboolean has;
} Copy;

void
kab_history_entry_free (KabHistoryEntry *entry)
{
  if (entry == NULL)
    return;

  g_free (entry->host);
  g_free (entry->update_id);
  g_free (entry);
}

/* Returns: the number of a name, 0 when it is not known, -1 on error */
static gint64
find_number (KabLedger   *self,
             const char  *sql,
             const char  *name,
             GError     **error)
{
  g_autoptr(KabStatement) stmt = kab_database_prepare (self->database, sql, error);
  g_autoptr(GError) local_error = NULL;
  gint64 number = 0;

  if (stmt == NULL)
    return -1;

  kab_statement_bind_text (stmt, 1, name);
  if (kab_statement_step (stmt, &local_error))
    number = kab_statement_get_int64 (stmt, 0);
  return kab_error_is_none (&local_error, error) ? number : -1;
}

static gint64
find_host (KabLedger   *self,
           const char  *uuid,
           GError     **error)
{
  return find_number (self, "SELECT number FROM hosts WHERE uuid = ?1", uuid, error);
}

static gint64
find_update (KabLedger   *self,
             const char  *update_id,
             GError     **error)
{
  return find_number (self, "SELECT number FROM updates WHERE update_id = ?1", update_id, error);
}

static GArray *
read_copies (KabLedger  *self,
             gint64      update,
             GError    **error)
{
  g_autoptr(GArray) copies = g_array_new (FALSE, FALSE, sizeof (Copy));
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GError) local_error = NULL;

  stmt = kab_database_prepare (self->database, "SELECT at, has FROM copies WHERE upd = ?1 ORDER BY at", error);
  if (stmt == NULL)
    return NULL;

  kab_statement_bind_int64 (stmt, 1, update);
  while (kab_statement_step (stmt, &local_error))
    {
      Copy copy = { kab_statement_get_int64 (stmt, 0), kab_statement_get_int64 (stmt, 1) != 0 };

      g_array_append_val (copies, copy);
    }
  return kab_error_is_none (&local_error, error) ? g_steal_pointer (&copies) : NULL;
}

static void
add_entry (GPtrArray  *entries,
           const char *host,
           const char *update_id,
           KabState    state,
           gint64      from,
           gint64      to)
{
  KabHistoryEntry *entry;

  if (to != 0 && to <= from)
    return;

  entry = g_new0 (KabHistoryEntry, 1);
  entry->host = g_strdup (host);
  entry->update_id = g_strdup (update_id);
  entry->state = state;
  entry->from = from;
  entry->to = to;
  g_ptr_array_add (entries, entry);
}

/* MISSING is kept as "waits for the server's copy": cut it where the copy came and went. */
static void
add_entries (GPtrArray  *entries,
             GArray     *copies,
             const char *host,
             const char *update_id,
             gint64      state,
             gint64      from,
             gint64      to)
{
  gboolean has = FALSE;
  gint64 begin = from;

  if (state < 0 || state >= KAB_N_STATES)
    return;
  if (state != KAB_STATE_MISSING || copies == NULL)
    {
      add_entry (entries, host, update_id, (KabState) state, from, to);
      return;
    }

  for (guint i = 0; i < copies->len; i++)
    {
      const Copy *copy = &g_array_index (copies, Copy, i);

      if (to != 0 && copy->at >= to)
        break;
      if (copy->at > begin && copy->has != has)
        {
          add_entry (entries, host, update_id, has ? KAB_STATE_PENDING : KAB_STATE_MISSING, begin, copy->at);
          begin = copy->at;
        }
      has = copy->has;
    }
  add_entry (entries, host, update_id, has ? KAB_STATE_PENDING : KAB_STATE_MISSING, begin, to);
}

static int
compare_entries (gconstpointer a,
                 gconstpointer b)
{
  const KabHistoryEntry *left = *(KabHistoryEntry * const *) a;
  const KabHistoryEntry *right = *(KabHistoryEntry * const *) b;

  return left->from == right->from ? 0 : left->from < right->from ? 1 : -1;
}

static char *
history_sql (gboolean of_host,
             gboolean of_update)
{
  return g_strconcat ("SELECT h.uuid, u.update_id, c.upd, c.at, c.before, c.after,"
                      " coalesce ((SELECT min (n.at) FROM changes n"
                      "   WHERE n.host = c.host AND n.upd = c.upd AND n.at > c.at), 0),"
                      " EXISTS (SELECT 1 FROM changes p WHERE p.host = c.host AND p.upd = c.upd AND p.at < c.at),"
                      " coalesce ((SELECT max (begin_at) FROM spans s WHERE s.host = c.host AND begin_at <= c.at), c.at),"
                      " coalesce ((SELECT end_at FROM spans s WHERE s.host = c.host AND begin_at <= c.at"
                      "   ORDER BY begin_at DESC LIMIT 1), 0)"
                      " FROM changes c JOIN hosts h ON h.number = c.host JOIN updates u ON u.number = c.upd WHERE 1",
                      of_host ? " AND c.host = ?1" : "",
                      of_update ? " AND c.upd = ?2" : "",
                      " ORDER BY c.at DESC LIMIT ?3", NULL);
}

/* One change ends an interval and begins another; the one that ends is told by the change before it, if there is one. */
static void
add_change (GPtrArray    *entries,
            GArray       *copies,
            KabStatement *row)
{
  const char *host = kab_statement_get_text (row, 0);
  const char *update_id = kab_statement_get_text (row, 1);
  gint64 at = kab_statement_get_int64 (row, 3);
  gint64 next = kab_statement_get_int64 (row, 6);
  gboolean has_previous = kab_statement_get_int64 (row, 7) != 0;
  gint64 span_end = kab_statement_get_int64 (row, 9);

  add_entries (entries, copies, host, update_id, kab_statement_get_int64 (row, 5), at,
               next != 0 && span_end != 0 ? MIN (next, span_end) : MAX (next, span_end));
  if (!has_previous)
    add_entries (entries, copies, host, update_id, kab_statement_get_int64 (row, 4),
                 kab_statement_get_int64 (row, 8), at);
}

GPtrArray *
kab_ledger_read_history (KabLedger   *self,
                         const char  *host,
                         const char  *update_id,
                         guint        limit,
                         GError     **error)
{
  g_autoptr(GPtrArray) entries = NULL;
  g_autoptr(GHashTable) copies = NULL;
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GError) local_error = NULL;
  g_autofree char *sql = NULL;
  gint64 host_number;
  gint64 update_number;

  g_return_val_if_fail (self != NULL, NULL);

  entries = g_ptr_array_new_with_free_func ((GDestroyNotify) kab_history_entry_free);
  host_number = host != NULL ? find_host (self, host, error) : 1;
  update_number = update_id != NULL && host_number >= 0 ? find_update (self, update_id, error) : 1;
  if (host_number < 0 || update_number < 0)
    return NULL;
  if (host_number == 0 || update_number == 0)
    return g_steal_pointer (&entries);

  sql = history_sql (host != NULL, update_id != NULL);
  stmt = kab_database_prepare (self->database, sql, error);
  if (stmt == NULL)
    return NULL;
  if (host != NULL)
    kab_statement_bind_int64 (stmt, 1, host_number);
  if (update_id != NULL)
    kab_statement_bind_int64 (stmt, 2, update_number);
  kab_statement_bind_int64 (stmt, 3, limit > 0 ? (gint64) limit : -1);

  copies = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_array_unref);
  while (kab_statement_step (stmt, &local_error))
    {
      gpointer key = GSIZE_TO_POINTER ((gsize) kab_statement_get_int64 (stmt, 2));
      GArray *of_update = g_hash_table_lookup (copies, key);

      if (of_update == NULL)
        {
          of_update = read_copies (self, kab_statement_get_int64 (stmt, 2), error);
          if (of_update == NULL)
            return NULL;
          g_hash_table_insert (copies, key, of_update);
        }
      add_change (entries, of_update, stmt);
    }
  if (!kab_error_is_none (&local_error, error))
    return NULL;

  g_ptr_array_sort (entries, compare_entries);
  if (limit > 0 && entries->len > limit)
    g_ptr_array_set_size (entries, (int) limit);
  return g_steal_pointer (&entries);
}

GArray *
kab_ledger_read_days (KabLedger  *self,
                      gint64      since,
                      GError    **error)
{
  g_autoptr(GArray) days = g_array_new (FALSE, TRUE, sizeof (KabHistoryDay));
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  stmt = kab_database_prepare (self->database,
                               "SELECT day, unknown, ok, pending, missing, discarded, error, superseded, n_hosts, "
                               "n_compliant FROM days WHERE day >= ?1 ORDER BY day", error);
  if (stmt == NULL)
    return NULL;

  kab_statement_bind_int64 (stmt, 1, since);
  while (kab_statement_step (stmt, &local_error))
    {
      KabHistoryDay day = { kab_statement_get_int64 (stmt, 0), { 0 }, 0, 0 };

      for (guint i = 0; i < KAB_N_STATES; i++)
        day.counts[i] = (guint) kab_statement_get_int64 (stmt, 1 + (int) i);
      day.n_hosts = (guint) kab_statement_get_int64 (stmt, 1 + KAB_N_STATES);
      day.n_compliant = (guint) kab_statement_get_int64 (stmt, 2 + KAB_N_STATES);
      g_array_append_val (days, day);
    }
  return kab_error_is_none (&local_error, error) ? g_steal_pointer (&days) : NULL;
}

/* The pair's last change, and when its host's present span began; and when the last mirror did. */
static gboolean
read_last (KabLedger  *self,
           gint64      host,
           gint64      update,
           gint64     *changed_at,
           gint64     *after,
           gint64     *span_begin,
           gint64     *mirror_begin,
           GError    **error)
{
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GError) local_error = NULL;

  stmt = kab_database_prepare (self->database,
                               "SELECT coalesce (max (begin_at), 0),"
                               " (SELECT coalesce (max (begin_at), 0) FROM mirrors),"
                               " (SELECT at FROM changes WHERE host = ?1 AND upd = ?2 ORDER BY at DESC LIMIT 1),"
                               " (SELECT after FROM changes WHERE host = ?1 AND upd = ?2 ORDER BY at DESC LIMIT 1)"
                               " FROM spans WHERE host = ?1", error);
  if (stmt == NULL)
    return FALSE;

  kab_statement_bind_int64 (stmt, 1, host);
  kab_statement_bind_int64 (stmt, 2, update);
  if (kab_statement_step (stmt, &local_error))
    {
      *span_begin = kab_statement_get_int64 (stmt, 0);
      *mirror_begin = kab_statement_get_int64 (stmt, 1);
      *changed_at = kab_statement_get_int64 (stmt, 2);
      *after = kab_statement_is_null (stmt, 3) ? KAB_STATE_ABSENT : kab_statement_get_int64 (stmt, 3);
    }
  return kab_error_is_none (&local_error, error);
}

gint64
kab_ledger_read_since (KabLedger  *self,
                       const char *host,
                       const char *update_id,
                       KabState    state,
                       gboolean    waits_for_server,
                       gboolean   *is_exact,
                       GError    **error)
{
  g_autoptr(GArray) copies = NULL;
  KabState kept = waits_for_server ? KAB_STATE_MISSING : state;
  gint64 host_number, update_number;
  gint64 changed_at = 0, after = KAB_STATE_ABSENT, span_begin = 0, mirror_begin = 0;
  gint64 since;
  gboolean exact = FALSE;

  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (host != NULL && update_id != NULL, 0);

  if (is_exact != NULL)
    *is_exact = FALSE;
  host_number = find_host (self, host, error);
  update_number = host_number > 0 ? find_update (self, update_id, error) : 0;
  if (host_number <= 0 || update_number < 0 ||
      !read_last (self, host_number, update_number, &changed_at, &after, &span_begin, &mirror_begin, error))
    return 0;

  if (changed_at >= span_begin && changed_at != 0 && after == (gint64) kept)
    {
      since = changed_at;
      exact = TRUE;
    }
  else if (changed_at >= span_begin && changed_at != 0)
    {
      /* It changed once more, but between two mirrors, where nobody looked. */
      since = MAX (changed_at, mirror_begin);
    }
  else
    {
      since = span_begin;
    }

  if (waits_for_server && update_number > 0)
    {
      copies = read_copies (self, update_number, error);
      if (copies == NULL)
        return 0;
      if (copies->len > 0 && g_array_index (copies, Copy, copies->len - 1).at > since)
        {
          since = g_array_index (copies, Copy, copies->len - 1).at;
          exact = TRUE;
        }
    }

  if (is_exact != NULL)
    *is_exact = exact;
  return since;
}
