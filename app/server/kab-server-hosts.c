/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include <string.h>

#include "kab-server-hosts.h"

#include "kab-error.h"
#include "kab-requirement.h"

#define MAX_COLUMNS 200   /* asked for; more is somebody's mistake */

/* One column of the answer: a column of the depot, or a path into one that holds JSON. */
typedef struct {
  char                 *name;      /* as it was asked for */
  const KabDepotColumn *column;
  char                 *path;      /* (nullable): SQLite's spelling */
} Wanted;

/* The answer, while it is sent. */
typedef struct {
  KabDatabase  *database;
  KabStatement *stmt;
  GPtrArray    *wanted;
  GArray       *ids;         /* gint64, in the order of the answer */
  guint         position;
  char         *head;        /* (nullable): before the first row */
  gint64        started_usec;
  gboolean      is_refused;  /* the request made no sense */
} Answer;

static void
wanted_free (gpointer data)
{
  Wanted *wanted = data;

  g_free (wanted->name);
  g_free (wanted->path);
  g_free (wanted);
}

static void
answer_free (gpointer data)
{
  Answer *self = data;

  g_clear_pointer (&self->stmt, kab_statement_free);
  g_clear_pointer (&self->database, kab_database_close);
  g_clear_pointer (&self->wanted, g_ptr_array_unref);
  g_clear_pointer (&self->ids, g_array_unref);
  g_free (self->head);
  g_free (self);
}

/* "a/b/c" or "a.b.c" → $."b"."c"; NULL for what cannot be a path. The first part is the column's. */
char *
kab_server_dup_json_path (const char *name,
                          char        separator)
{
  GString *path = g_string_new ("$");
  const char *p = strchr (name, separator);

  while (p != NULL && path != NULL)
    {
      const char *end = strchr (p + 1, separator);
      gsize length = end != NULL ? (gsize) (end - p - 1) : strlen (p + 1);

      if (length == 0 || memchr (p + 1, '"', length) != NULL)
        {
          g_string_free (path, TRUE);
          return NULL;
        }
      g_string_append (path, ".\"");
      g_string_append_len (path, p + 1, (gssize) length);
      g_string_append_c (path, '"');
      p = end;
    }
  return g_string_free (path, FALSE);
}

static void
add_wanted (GPtrArray  *all,
            const char *name)
{
  const KabDepotColumn *column = kab_depot_find_column (name, strcspn (name, "/"));
  gboolean has_path = strchr (name, '/') != NULL;
  g_autofree char *path = has_path ? kab_server_dup_json_path (name, '/') : NULL;
  Wanted *wanted;

  if (column == NULL || (has_path && (path == NULL || column->kind != KAB_DEPOT_JSON)) || all->len >= MAX_COLUMNS)
    return;
  for (guint i = 0; i < all->len; i++)
    if (strcmp (((Wanted *) all->pdata[i])->name, name) == 0)
      return;

  wanted = g_new0 (Wanted, 1);
  wanted->name = g_strdup (name);
  wanted->column = column;
  wanted->path = g_steal_pointer (&path);
  g_ptr_array_add (all, wanted);
}

/* What is always answered, then what was asked for, in that order; unknown names are left out in silence. */
static GPtrArray *
parse_columns (const char *text)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (wanted_free);
  g_auto(GStrv) names = text != NULL ? g_strsplit (text, ",", -1) : NULL;

  for (guint i = 0; i < kab_depot_n_columns; i++)
    if (kab_depot_columns[i].is_base)
      add_wanted (all, kab_depot_columns[i].name);
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    add_wanted (all, g_strstrip (names[i]));
  return all;
}

const char *
kab_server_column_sql (const KabDepotColumn *column)
{
  switch (column->kind)
    {
    case KAB_DEPOT_SERVER:
      return "CASE WHEN h.listening_protocol IS NOT NULL THEN"
             " (SELECT value FROM facts WHERE name = 'server_uuid') END";
    case KAB_DEPOT_NULL:
      return "NULL";
    case KAB_DEPOT_TEXT:
    case KAB_DEPOT_LIST:
    case KAB_DEPOT_JSON:
    case KAB_DEPOT_TIME:
    default:
      return NULL;
    }
}

void
kab_server_append_list (GString    *out,
                        const char *text)
{
  g_auto(GStrv) names = kab_requirements_split (text);

  kab_server_json_append_texts (out, (const char * const *) names);
}

static gboolean
prepare_rows (Answer  *self,
              GError **error)
{
  GString *sql = g_string_new ("SELECT h.id");

  for (guint i = 0; i < self->wanted->len; i++)
    {
      Wanted *wanted = self->wanted->pdata[i];
      const char *special = kab_server_column_sql (wanted->column);

      if (special != NULL)
        g_string_append_printf (sql, ", %s", special);
      else if (wanted->path != NULL)
        g_string_append_printf (sql, ", h.%s -> ?%u", wanted->column->name, i + 2);
      else
        g_string_append_printf (sql, ", h.%s", wanted->column->name);
    }
  g_string_append (sql, " FROM hosts h WHERE h.id = ?1");
  self->stmt = kab_database_prepare (self->database, sql->str, error);
  g_string_free (sql, TRUE);
  return self->stmt != NULL;
}

static void
append_row (Answer  *self,
            GString *out)
{
  g_string_append (out, self->position > 0 ? ", {" : "{");
  for (guint i = 0; i < self->wanted->len; i++)
    {
      Wanted *wanted = self->wanted->pdata[i];
      int index = (int) i + 1;
      const char *text;

      kab_server_json_append_name (out, wanted->name);
      if (wanted->column->kind == KAB_DEPOT_TIME)
        {
          kab_server_json_append_time (out, kab_statement_get_int64 (self->stmt, index));
          continue;
        }
      text = kab_statement_get_text (self->stmt, index);
      if (text != NULL && wanted->column->kind == KAB_DEPOT_LIST)
        kab_server_append_list (out, text);
      else if (text != NULL && wanted->column->kind == KAB_DEPOT_JSON)
        kab_server_json_append (out, text);
      else
        kab_server_json_append_text (out, text);
    }
  g_string_append_c (out, '}');
}

static gboolean
produce (gpointer   producer,
         GString   *out,
         GError   **error)
{
  Answer *self = producer;

  if (self->head != NULL)
    {
      g_string_append (out, self->head);
      g_clear_pointer (&self->head, g_free);
    }
  while (self->position < self->ids->len)
    {
      g_autoptr(GError) local_error = NULL;

      if (out->len >= KAB_SERVER_CHUNK)
        return TRUE;
      for (guint i = 0; i < self->wanted->len; i++)
        if (((Wanted *) self->wanted->pdata[i])->path != NULL)
          kab_statement_bind_static (self->stmt, (int) i + 2, ((Wanted *) self->wanted->pdata[i])->path, -1);
      kab_statement_bind_int64 (self->stmt, 1, g_array_index (self->ids, gint64, self->position));
      if (kab_statement_step (self->stmt, &local_error))
        append_row (self, out);
      kab_statement_reset (self->stmt);
      if (!kab_error_is_none (&local_error, error))
        return FALSE;
      self->position++;
    }
  g_string_append (out, "]");
  {
    KabServerRequest time = { .started_usec = self->started_usec };

    kab_server_append_time (&time, out, TRUE);
  }
  return FALSE;
}

static char *
make_message (const KabServerRequest *self,
              Answer                 *answer)
{
  const char *uuid = kab_server_request_get (self, "uuid");
  GString *names;

  if (uuid == NULL)
    return g_strdup_printf ("%u hosts returned", answer->ids->len);
  if (answer->ids->len == 0)
    return g_strdup_printf ("No data found for uuid %s", uuid);

  names = g_string_new ("host data fields ");
  for (guint i = 0; i < answer->wanted->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? "," : "", ((Wanted *) answer->wanted->pdata[i])->name);
  g_string_append_printf (names, " returned for uuid %s", uuid);
  return g_string_free (names, FALSE);
}

static gboolean
find_in_thread (const KabServerRequest  *request,
                KabDatabase            **database,
                gpointer                 data,
                GError                 **error)
{
  Answer *answer = data;

  answer->database = g_steal_pointer (database);
  if (!kab_database_begin_read (answer->database, error))
    return FALSE;
  answer->ids = kab_server_find_hosts (request, answer->database, &answer->is_refused, error);
  return answer->ids != NULL && prepare_rows (answer, error);
}

static void
found_cb (KabServerRequest *self,
          gpointer          data,
          const GError     *error)
{
  Answer *answer = data;
  g_autofree char *msg = NULL;
  GString *head;

  if (error != NULL)
    {
      if (answer->is_refused)
        kab_server_reply_exception (self, 200, "ProgrammingError", error->message);
      else
        kab_server_reply_error (self, error);
      answer_free (answer);
      return;
    }
  msg = make_message (self, answer);
  head = g_string_new (NULL);
  kab_server_append_head (head, TRUE, msg);
  g_string_append (head, ", \"result\": [");
  answer->head = g_string_free (head, FALSE);
  kab_server_stream (self, "application/json", produce, answer, answer_free);
}

void
kab_server_hosts (KabServerRequest *self)
{
  Answer *answer = g_new0 (Answer, 1);

  answer->started_usec = self->started_usec;
  answer->wanted = parse_columns (kab_server_request_get (self, "columns"));
  kab_server_work (self, find_in_thread, found_cb, answer, answer_free);
}
