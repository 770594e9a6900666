/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>
#include <unistd.h>
#include <glib/gstdio.h>

#include "kab-ledger-private.h"
#include "kab-store-schema.h"

/* One table: its columns, and the ways to walk through it. Damage ends a walk where it lies, so each table is walked
 * from both ends, and so is the index that holds its rows a second time; then key by key around the damage. */
typedef struct
{
  const char *name;
  const char *columns;
  guint       n_columns;
  guint       n_text;        /* columns of text before those of numbers */
  const char *walks[4];
  const char *key;           /* (nullable): the column for the walk key by key */
} SalvageTable;

static const SalvageTable tables[] = {
  { "hosts", "uuid, number", 2, 1,
    { "NOT INDEXED ORDER BY number", "NOT INDEXED ORDER BY number DESC", "ORDER BY uuid", "ORDER BY uuid DESC" },
    "number" },
  { "updates", "update_id, number", 2, 1,
    { "NOT INDEXED ORDER BY number", "NOT INDEXED ORDER BY number DESC", "ORDER BY update_id", "ORDER BY update_id DESC" },
    "number" },
  { "spans", "host, begin_at, end_at", 3, 0,
    { "NOT INDEXED ORDER BY host, begin_at", "NOT INDEXED ORDER BY host DESC, begin_at DESC",
      "INDEXED BY spans_twice ORDER BY begin_at", "INDEXED BY spans_twice ORDER BY begin_at DESC" },
    "host" },
  { "changes", "host, upd, at, before, after", 5, 0,
    { "NOT INDEXED ORDER BY host, upd, at", "NOT INDEXED ORDER BY host DESC, upd DESC, at DESC",
      "INDEXED BY changes_twice ORDER BY upd, at", "INDEXED BY changes_twice ORDER BY upd DESC, at DESC" },
    "host" },
  { "copies", "upd, at, has", 3, 0,
    { "NOT INDEXED ORDER BY upd, at", "NOT INDEXED ORDER BY upd DESC, at DESC",
      "INDEXED BY copies_twice ORDER BY at", "INDEXED BY copies_twice ORDER BY at DESC" },
    "upd" },
  { "days", "day, unknown, ok, pending, missing, discarded, error, superseded, n_hosts, n_compliant", 10, 0,
    { "NOT INDEXED ORDER BY day", "NOT INDEXED ORDER BY day DESC",
      "INDEXED BY days_twice ORDER BY n_hosts", "INDEXED BY days_twice ORDER BY n_hosts DESC" },
    NULL },
  { "mirrors", "mirror_id, begin_at, taken", 3, 1,
    { "NOT INDEXED ORDER BY mirror_id", "NOT INDEXED ORDER BY mirror_id DESC",
      "INDEXED BY mirrors_twice ORDER BY begin_at", "INDEXED BY mirrors_twice ORDER BY begin_at DESC" },
    NULL },
  { "approvals", KAB_APPROVAL_COLUMNS ", id, at", KAB_N_APPROVAL_TEXTS + 2, KAB_N_APPROVAL_TEXTS,
    { "NOT INDEXED ORDER BY id", "NOT INDEXED ORDER BY id DESC",
      "INDEXED BY approvals_twice ORDER BY package, id", "INDEXED BY approvals_twice ORDER BY package DESC, id DESC" },
    "id" },
  { "journal", "deed, draft, id, begun_at, ended_at", 5, 2,
    { "NOT INDEXED ORDER BY id", "NOT INDEXED ORDER BY id DESC",
      "INDEXED BY journal_twice ORDER BY ended_at, id", "INDEXED BY journal_twice ORDER BY ended_at DESC, id DESC" },
    "id" },
  { "steps", KAB_APPROVAL_COLUMNS ", section, expected, place, message, journal, number, kind, state", KAB_N_APPROVAL_TEXTS + 8,
    KAB_N_APPROVAL_TEXTS + 4,
    { "NOT INDEXED ORDER BY journal, number", "NOT INDEXED ORDER BY journal DESC, number DESC",
      "INDEXED BY steps_twice ORDER BY package", "INDEXED BY steps_twice ORDER BY package DESC" },
    "journal" },
  { "kept", "sha256, package, version, maturity, package_uuid, signer, fingerprint, number, at", 9, 7,
    { "NOT INDEXED ORDER BY number", "NOT INDEXED ORDER BY number DESC",
      "INDEXED BY kept_twice ORDER BY package", "INDEXED BY kept_twice ORDER BY package DESC" },
    "number" },
  { "drafts", "id, name, text, extra, at", 5, 4,
    { "NOT INDEXED ORDER BY id", "NOT INDEXED ORDER BY id DESC",
      "INDEXED BY drafts_twice ORDER BY at", "INDEXED BY drafts_twice ORDER BY at DESC" },
    NULL },
};

/* Keys beyond the greatest that was seen, in case the greatest themselves were lost */
#define MORE_KEYS 1000
/* A file that was cut off is read as if zeros were in the place of what is gone; no ledger grows beyond this. */
#define MAX_LENGTH (G_GUINT64_CONSTANT (16) << 30)
/* A walk key by key costs a look-up a key; damaged files of absurd numbers must not make it endless. */
#define MAX_KEYS 2000000

/* Copies rows until the end or the damage. Returns: %TRUE at the end */
static gboolean
copy_rows (const SalvageTable *table,
           KabStatement       *from,
           KabDatabase        *into,
           KabStatement       *insert,
           guint64            *n_rows,
           gint64             *greatest_key)
{
  g_autoptr(GError) error = NULL;

  while (kab_statement_step (from, &error))
    {
      g_autoptr(GError) row_error = NULL;

      for (guint i = 0; i < table->n_columns; i++)
        if (i < table->n_text)
          kab_statement_bind_text (insert, (int) i + 1, kab_statement_get_text (from, (int) i));
        else
          kab_statement_bind_int64 (insert, (int) i + 1, kab_statement_get_int64 (from, (int) i));

      /* A row whose content is broken violates a constraint: left out, as it means nothing. */
      if (kab_database_run (into, insert, &row_error))
        *n_rows += kab_database_get_changes (into);
      if (table->n_columns > table->n_text)
        *greatest_key = MAX (*greatest_key, kab_statement_get_int64 (from, (int) table->n_text));
    }

  return error == NULL;
}

static guint64
salvage_table (const SalvageTable *table,
               KabDatabase        *from,
               KabDatabase        *into)
{
  g_autoptr(KabStatement) insert = NULL;
  g_autofree char *insert_sql = NULL;
  GString *places = g_string_new ("?1");
  guint64 n_rows = 0;
  gint64 greatest_key = 0;
  gboolean is_complete = FALSE;

  for (guint i = 2; i <= table->n_columns; i++)
    g_string_append_printf (places, ", ?%u", i);
  insert_sql = g_strdup_printf ("INSERT OR IGNORE INTO %s (%s) VALUES (%s)", table->name, table->columns, places->str);
  g_string_free (places, TRUE);

  insert = kab_database_prepare (into, insert_sql, NULL);
  if (insert == NULL)
    return 0;

  for (guint i = 0; i < G_N_ELEMENTS (table->walks) && !is_complete; i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT %s FROM %s %s", table->columns, table->name, table->walks[i]);
      g_autoptr(KabStatement) select = kab_database_prepare (from, sql, NULL);

      if (select != NULL)
        is_complete = copy_rows (table, select, into, insert, &n_rows, &greatest_key);
    }

  if (!is_complete && table->key != NULL)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT %s FROM %s WHERE %s = ?1", table->columns, table->name, table->key);
      g_autoptr(KabStatement) select = kab_database_prepare (from, sql, NULL);
      gint64 last_key = MIN (greatest_key, MAX_KEYS) + MORE_KEYS;

      for (gint64 key = 1; select != NULL && key <= last_key; key++)
        {
          kab_statement_reset (select);
          kab_statement_bind_int64 (select, 1, key);
          copy_rows (table, select, into, insert, &n_rows, &greatest_key);
        }
    }

  return n_rows;
}

static guint64
salvage_file (KabDatabase *into,
              const char  *from)
{
  g_autoptr(KabDatabase) damaged = NULL;
  g_autoptr(GError) error = NULL;
  guint64 n_rows = 0;

  /* Read only: nothing of what is left may change. A log that lies beside it is read with it. */
  damaged = kab_database_open (from, KAB_DATABASE_READ_ONLY, &error);
  if (damaged == NULL || !kab_database_begin (into, &error))
    {
      g_info ("%s: nothing can be saved: %s", from, error->message);
      return 0;
    }

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    n_rows += salvage_table (&tables[i], damaged, into);

  if (!kab_database_commit (into, &error))
    {
      g_info ("%s: what was read could not be saved: %s", from, error->message);
      return 0;
    }
  return n_rows;
}

static void
remove_copy (const char *path)
{
  static const char * const suffixes[] = { "", "-wal", "-shm" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *part = g_strconcat (path, suffixes[i], NULL);

      g_unlink (part);
    }
}

/* How long a file should be by its own header, and how much of it is whole pages. Returns: 0 when it is that long, or has no
 * header that says so */
static guint64
get_lost_length (const char *path,
                 guint64    *whole)
{
  guint8 header[100];
  guint64 page_size, length;
  GStatBuf status;
  FILE *file = g_fopen (path, "rbe");
  gsize n_read = file != NULL ? fread (header, 1, sizeof header, file) : 0;

  if (file != NULL)
    fclose (file);
  if (n_read < sizeof header || memcmp (header, "SQLite format 3", 16) != 0 || g_stat (path, &status) != 0)
    return 0;

  page_size = (guint64) header[16] << 8 | header[17];
  if (page_size < 512)
    return 0;
  length = ((guint64) header[28] << 24 | (guint64) header[29] << 16 | (guint64) header[30] << 8 | header[31]) * page_size;
  *whole = (guint64) status.st_size / page_size * page_size;

  return length > (guint64) status.st_size && length <= MAX_LENGTH ? length : 0;
}

/* SQLite reads nothing at all of a file that is shorter than it should be: a copy of the right length shows what is left.
 * What was cut off takes no room there; a part of a page goes too, for its rows would end in zeros. */
static guint64
salvage_shortened (KabDatabase *into,
                   const char  *from,
                   guint64      whole,
                   guint64      length)
{
  g_autofree char *copy_path = g_strconcat (from, ".copy", NULL);
  g_autofree char *log_path = g_strconcat (from, "-wal", NULL);
  g_autofree char *copy_log_path = g_strconcat (copy_path, "-wal", NULL);
  g_autoptr(GFile) file = g_file_new_for_path (from);
  g_autoptr(GFile) copy = g_file_new_for_path (copy_path);
  g_autoptr(GFile) log = g_file_new_for_path (log_path);
  g_autoptr(GFile) copy_log = g_file_new_for_path (copy_log_path);
  g_autoptr(GError) error = NULL;
  guint64 n_rows = 0;

  g_file_copy (log, copy_log, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, NULL);
  if (!g_file_copy (file, copy, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, &error))
    g_info ("%s: %s", copy_path, error->message);
  else if (truncate (copy_path, (off_t) whole) == 0 && truncate (copy_path, (off_t) length) == 0)
    n_rows = salvage_file (into, copy_path);
  remove_copy (copy_path);

  return n_rows;
}

/* The first page of a ledger that nothing is wrong with. Returns: FALSE when there is none to be had */
static gboolean
make_first_page (const char  *path,
                 char       **page,
                 gsize       *size)
{
  g_autofree char *contents = NULL;
  KabDatabase *database;
  const char * const *steps;
  guint n_steps;
  gsize length = 0;
  gboolean is_made;

  steps = kab_store_schema_get_ledger_steps (&n_steps);
  database = kab_database_open (path, KAB_DATABASE_READ_WRITE, NULL);
  is_made = database != NULL && kab_migration_run (database, steps, n_steps, NULL);
  kab_database_close (database);
  is_made = is_made && g_file_get_contents (path, &contents, &length, NULL);
  g_unlink (path);
  if (!is_made || length < 512)
    return FALSE;

  *size = (gsize) ((guint8) contents[16] << 8 | (guint8) contents[17]);
  if (*size < 512 || *size > length)
    return FALSE;
  *page = g_steal_pointer (&contents);
  return TRUE;
}

/* The first page says where each table begins. When it is the one that is lost, its copy says the same; and without one
 * that of a new ledger, for the steps of the schema lay the tables of a new ledger out alike: so a copy with that page can
 * be read. */
static guint64
salvage_without_first_page (KabDatabase *into,
                            const char  *from)
{
  g_autofree char *copy_path = g_strconcat (from, ".copy", NULL);
  g_autofree char *contents = NULL;
  g_autofree char *page = NULL;
  guint32 n_pages;
  guint64 n_rows = 0;
  gsize length = 0, size = 0;

  if (!g_file_get_contents (from, &contents, &length, NULL))
    return 0;
  if (!kab_ledger_layout_apply (from, (guint8 *) contents, length, &size))
    {
      if (!make_first_page (copy_path, &page, &size) || length < size)
        return 0;
      memcpy (contents, page, size);
    }
  n_pages = GUINT32_TO_BE ((guint32) (length / size));
  memcpy (contents + 28, &n_pages, sizeof n_pages);            /* size of the file in pages */
  memcpy (contents + 92, contents + 24, sizeof (guint32));     /* … which counts if these two are alike */
  memset (contents + 32, 0, 8);                                /* and no list of free pages */

  if (g_file_set_contents_full (copy_path, contents, (gssize) length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL))
    n_rows = salvage_file (into, copy_path);
  remove_copy (copy_path);
  return n_rows;
}

guint64
kab_ledger_salvage (KabDatabase *into,
                    const char  *from)
{
  guint64 whole = 0;
  guint64 length = get_lost_length (from, &whole);
  guint64 n_rows = length > 0 ? salvage_shortened (into, from, whole, length) : salvage_file (into, from);

  return n_rows > 0 ? n_rows : salvage_without_first_page (into, from);
}
