/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include <string.h>

#include "kab-depot-private.h"
#include "kab-error.h"
#include "kab-server-json.h"
#include "kab-wire-bulk.h"
#include "kab-wire.h"

#define MAX_NUMBER 10000000   /* updates; an array of that many pointers is still nothing */

static void
append_list (GString            *out,
             const char         *name,
             const char * const *list)
{
  kab_server_json_append_name (out, name);
  kab_server_json_append_texts (out, list);
}

static void
append_size (GString    *out,
             const char *name,
             gint64      size)
{
  kab_server_json_append_name (out, name);
  if (size < 0)
    g_string_append (out, "null");
  else
    g_string_append_printf (out, "%" G_GINT64_FORMAT, size);
}

/* The update's part of a row of host_data wsusupdates: the keys of the recorded answers in their order. */
static char *
make_members (const KabUpdateFields *fields,
              gint64                 created_at,
              gint64                 updated_at)
{
  GString *out = g_string_sized_new (1024);

  kab_server_json_append_member (out, "update_id", fields->update_id);
  kab_server_json_append_member (out, "title", fields->title);
  kab_server_json_append_member (out, "update_type", fields->update_type);
  append_list (out, "kbids", fields->kbids);
  kab_server_json_append_member (out, "severity", fields->severity);
  kab_server_json_append_name (out, "changetime");
  kab_server_json_append_time (out, fields->changed_at);
  kab_server_json_append_member (out, "product", fields->product);
  kab_server_json_append_member (out, "classification", fields->classification);
  append_list (out, "download_urls", fields->download_urls);
  append_size (out, "min_download_size", fields->min_download_size);
  append_size (out, "max_download_size", fields->max_download_size);
  append_list (out, "superseded_update_ids", fields->superseded_update_ids);
  append_list (out, "security_bulletin_ids", fields->security_bulletin_ids);
  kab_server_json_append_tristate (out, "is_mandatory", fields->is_mandatory);
  kab_server_json_append_member (out, "reboot_behaviour", fields->reboot_behaviour);
  kab_server_json_append_member (out, "can_request_user_input", fields->can_request_user_input);
  kab_server_json_append_tristate (out, "requires_network_connectivity", fields->requires_network_connectivity);
  append_list (out, "languages", fields->languages);
  kab_server_json_append_name (out, "created_on");
  kab_server_json_append_usec (out, created_at);
  kab_server_json_append_name (out, "updated_on");
  kab_server_json_append_usec (out, updated_at);
  kab_server_json_append_name (out, "downloaded_on");
  kab_server_json_append_time (out, fields->downloaded_at);
  kab_server_json_append_tristate (out, "is_beta", fields->is_beta);
  kab_server_json_append_member (out, "release_notes", fields->release_notes);
  kab_server_json_append_tristate (out, "is_uninstallable", fields->is_uninstallable);
  kab_server_json_append_member (out, "installation_impact", fields->installation_impact);
  kab_server_json_append_member (out, "uninstallation_impact", fields->uninstallation_impact);
  return g_string_free (out, FALSE);
}

/* What is stored of update @number. Returns: %FALSE without @error when there is none */
static gboolean
find_update (KabDepot  *self,
             guint32    number,
             char     **line,
             gint64    *created_at,
             GError   **error)
{
  KabStatement *stmt = kab_depot_statement (self, STATEMENT_FIND_UPDATE,
                                            "SELECT line, created_at FROM updates WHERE n = ?1", error);
  gboolean found;

  if (stmt == NULL)
    return FALSE;
  kab_statement_bind_int64 (stmt, 1, number);
  found = kab_statement_step (stmt, error);
  if (found)
    {
      *line = g_strdup (kab_statement_get_text (stmt, 0));
      *created_at = kab_statement_get_int64 (stmt, 1);
    }
  kab_statement_reset (stmt);
  return found;
}

static gboolean
write_update (KabDepot               *self,
              guint32                 number,
              const KabUpdateFields  *fields,
              GError                **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *known = NULL;
  g_autofree char *members = NULL;
  GString *line = NULL;
  gint64 now = kab_depot_get_now_usec (self);
  gint64 created_at = now;
  KabStatement *stmt;
  gboolean is_known;
  gboolean done;

  is_known = find_update (self, number, &known, &created_at, &local_error);
  if (!kab_error_is_none (&local_error, error))
    return FALSE;
  line = g_string_sized_new (1024);
  kab_bulk_write_update (line, number, fields);
  if (is_known && strcmp (known, line->str) == 0)
    {
      g_string_free (line, TRUE);
      return TRUE;
    }

  members = make_members (fields, created_at, is_known ? now : 0);
  stmt = kab_depot_statement (self, STATEMENT_PUT_UPDATE,
                              "INSERT INTO updates (n, update_id, counter, changed_at, downloaded_at, created_at,"
                              " updated_at, members, line) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
                              " ON CONFLICT (n) DO UPDATE SET update_id = ?2, counter = ?3, changed_at = ?4,"
                              " downloaded_at = ?5, updated_at = ?7, members = ?8, line = ?9", error);
  if (stmt == NULL)
    {
      g_string_free (line, TRUE);
      return FALSE;
    }
  kab_statement_bind_int64 (stmt, 1, number);
  kab_statement_bind_text (stmt, 2, fields->update_id);
  kab_statement_bind_int64 (stmt, 3, self->counter);
  kab_statement_bind_int64 (stmt, 4, fields->changed_at);
  kab_statement_bind_int64 (stmt, 5, fields->downloaded_at);
  kab_statement_bind_int64 (stmt, 6, created_at);
  kab_statement_bind_int64 (stmt, 7, is_known ? now : 0);
  kab_statement_bind_static (stmt, 8, members, -1);
  kab_statement_bind_static (stmt, 9, line->str, (gssize) line->len);
  done = kab_database_run (self->database, stmt, error);
  g_string_free (line, TRUE);
  self->is_changed = TRUE;
  return done;
}

gboolean
kab_depot_put_update (KabDepot               *self,
                      guint32                 number,
                      const KabUpdateFields  *fields,
                      GError                **error)
{
  g_return_val_if_fail (self != NULL && fields != NULL && fields->update_id != NULL, FALSE);
  g_return_val_if_fail (number > 0 && number < MAX_NUMBER, FALSE);

  if (!kab_depot_begin (self, error))
    return FALSE;
  if (!write_update (self, number, fields, error))
    {
      kab_depot_rollback (self);
      return FALSE;
    }
  return kab_depot_commit (self, error);
}

static KabUpdate *
read_line (const char  *line,
           GError     **error)
{
  g_autoptr(JsonNode) node = kab_wire_parse (line, -1, error);
  KabUpdate *update;

  if (node == NULL)
    return NULL;
  update = JSON_NODE_HOLDS_OBJECT (node) ? kab_wire_read_update (json_node_get_object (node)) : NULL;
  if (update == NULL)
    g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "depot: a row of updates is none");
  return update;
}

gboolean
kab_depot_set_downloaded (KabDepot  *self,
                          guint32    number,
                          gint64     downloaded_at,
                          GError   **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(KabUpdate) update = NULL;
  g_autofree char *line = NULL;
  KabUpdateFields fields;
  gint64 created_at;

  g_return_val_if_fail (self != NULL, FALSE);

  if (!find_update (self, number, &line, &created_at, &local_error))
    {
      if (kab_error_is_none (&local_error, error))
        g_set_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND, "there is no update number %u", number);
      return FALSE;
    }
  update = read_line (line, error);
  if (update == NULL)
    return FALSE;

  fields = *kab_update_get_fields (update);
  fields.downloaded_at = downloaded_at;
  return kab_depot_put_update (self, number, &fields, error);
}

/* A gap in the numbers is NULL. */
static void
unref_update (gpointer update)
{
  if (update != NULL)
    g_object_unref (update);
}

GPtrArray *
kab_depot_load_updates (KabDepot  *self,
                        GError   **error)
{
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GPtrArray) updates = g_ptr_array_new ();
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  stmt = kab_database_prepare (self->database, "SELECT n, line FROM updates ORDER BY n", error);
  if (stmt == NULL)
    return NULL;

  g_ptr_array_set_free_func (updates, unref_update);
  while (kab_statement_step (stmt, &local_error))
    {
      KabUpdate *update = read_line (kab_statement_get_text (stmt, 1), error);

      if (update == NULL)
        return NULL;
      g_ptr_array_set_size (updates, (int) kab_statement_get_int64 (stmt, 0) + 1);
      updates->pdata[updates->len - 1] = update;
    }
  return kab_error_is_none (&local_error, error) ? g_steal_pointer (&updates) : NULL;
}
