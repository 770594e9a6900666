/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include <string.h>

#include "kab-depot-private.h"
#include "kab-error.h"
#include "kab-wire.h"

/* What the depot adds to what the agent reported. */
typedef struct {
  char *hashes;          /* status_hashes */
  char *members;         /* of the lines of /states */
  char *digest;          /* of all columns */
  char *states_digest;   /* of records and history */
} Derived;

static void
derived_clear (Derived *self)
{
  g_free (self->hashes);
  g_free (self->members);
  g_free (self->digest);
  g_free (self->states_digest);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Derived, derived_clear)

static const char *
get_text (const KabDepotHost *host,
          guint               offset)
{
  return G_STRUCT_MEMBER (const char *, host, offset);
}

static gint64
get_time (const KabDepotHost *host,
          guint               offset)
{
  return G_STRUCT_MEMBER (gint64, host, offset);
}

static void
append_hash (GString    *out,
             const char *name,
             const char *value)
{
  g_autofree char *hash = NULL;

  if (value == NULL)
    return;
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA1, value, -1);
  g_string_append_printf (out, "%s\"%s\":\"%s\"", out->len > 1 ? "," : "", name, hash);
}

/* Which updates a host knows, apart from how they are. */
static char *
hash_numbers (const KabDepotHost *host)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);

  for (guint i = 0; i < host->n_records; i++)
    {
      guint32 number = GUINT32_TO_LE (host->records[i].update);

      g_checksum_update (checksum, (const guchar *) &number, sizeof number);
    }
  return g_strdup (g_checksum_get_string (checksum));
}

static char *
hash_states (const KabDepotHost *host)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);

  if (host->n_records > 0)
    g_checksum_update (checksum, (const guchar *) host->records, host->n_records * sizeof *host->records);
  if (host->history_json != NULL)
    g_checksum_update (checksum, (const guchar *) host->history_json, -1);
  return g_strdup (g_checksum_get_string (checksum));
}

static char *
make_hashes (const KabDepotHost *host,
             const char         *states_digest)
{
  GString *out = g_string_new ("{");

  append_hash (out, "installed_packages", host->installed_packages_json);
  append_hash (out, "last_update_status", host->last_update_status_json);
  append_hash (out, "wapt_status", host->wapt_status_json);
  append_hash (out, "waptwua_status", host->waptwua_status_json);
  if (host->waptwua_status_json != NULL)
    {
      g_autofree char *numbers = hash_numbers (host);

      g_string_append_printf (out, ",\"waptwua_updates\":\"%s\",\"waptwua_updates_localstatus\":\"%s\"",
                              numbers, states_digest);
    }
  append_hash (out, "wuauserv_status", host->wuauserv_status_json);
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

static void
append_member (GString    *out,
               const char *name,
               const char *json)
{
  if (json == NULL)
    return;
  g_string_append_printf (out, "%s\"%s\":", out->len > 0 ? "," : "", name);
  g_string_append (out, json);
}

/* Parts of two columns that are too long to be sent whole. SQLite reads the JSON, which refuses what is none. */
static gboolean
append_extracts (KabDepot            *self,
                 const KabDepotHost  *host,
                 GString             *out,
                 GError             **error)
{
  static const char * const names[] = {
    "host_capabilities/os", "host_capabilities/packages_maturities", "host_capabilities/packages_locales",
    "host_capabilities/packages_trusted_ca_fingerprints", "host_capabilities/host_profiles",
    "wapt_status/pending_reboot_reasons", "wapt_status/maturities",
  };
  g_autoptr(GError) local_error = NULL;
  KabStatement *stmt = kab_depot_statement (self, STATEMENT_EXTRACT,
                                            "SELECT ?1 -> '$.os', ?1 -> '$.packages_maturities',"
                                            " ?1 -> '$.packages_locales',"
                                            " ?1 -> '$.packages_trusted_ca_fingerprints', ?1 -> '$.host_profiles',"
                                            " ?2 -> '$.pending_reboot_reasons', ?2 -> '$.maturities',"
                                            " json_valid (?3) + json_valid (?4) + json_valid (?5) + json_valid (?6)",
                                            error);
  int n_valid = 0;

  if (stmt == NULL)
    return FALSE;
  kab_statement_bind_text (stmt, 1, host->host_capabilities_json);
  kab_statement_bind_text (stmt, 2, host->wapt_status_json);
  kab_statement_bind_text (stmt, 3, host->waptwua_status_json != NULL ? host->waptwua_status_json : "0");
  kab_statement_bind_text (stmt, 4, host->wuauserv_status_json != NULL ? host->wuauserv_status_json : "0");
  kab_statement_bind_text (stmt, 5, host->history_json != NULL ? host->history_json : "0");
  kab_statement_bind_text (stmt, 6, host->waptwua_rules_json != NULL ? host->waptwua_rules_json : "0");
  if (kab_statement_step (stmt, &local_error))
    {
      for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        append_member (out, names[i], kab_statement_get_text (stmt, i));
      n_valid = (int) kab_statement_get_int64 (stmt, G_N_ELEMENTS (names));
    }
  kab_statement_reset (stmt);
  if (local_error == NULL && n_valid == 4)
    return TRUE;

  g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "host %s: a column is no JSON%s%s", host->uuid,
               local_error != NULL ? ": " : "", local_error != NULL ? local_error->message : "");
  return FALSE;
}

/* The members of one line of /states: null columns are left out. */
static gboolean
derive (KabDepot            *self,
        const KabDepotHost  *host,
        Derived             *derived,
        GError             **error)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  GString *out = g_string_sized_new (1024);
  gboolean done;

  derived->states_digest = hash_states (host);
  derived->hashes = make_hashes (host, derived->states_digest);
  for (guint i = 0; i < kab_depot_n_columns; i++)
    {
      const KabDepotColumn *column = &kab_depot_columns[i];
      gboolean is_time = column->kind == KAB_DEPOT_TIME;
      g_autofree char *time = NULL;
      const char *value;

      if (column->kind == KAB_DEPOT_NULL || column->kind == KAB_DEPOT_SERVER)
        continue;
      if (is_time && get_time (host, column->offset) > 0)
        time = kab_wire_format_time (get_time (host, column->offset));
      value = is_time ? time : get_text (host, column->offset);
      if (strcmp (column->name, "status_hashes") == 0)
        value = derived->hashes;

      g_checksum_update (checksum, (const guchar *) column->name, (gssize) strlen (column->name) + 1);
      if (value != NULL)
        g_checksum_update (checksum, (const guchar *) value, (gssize) strlen (value) + 1);
      if (!column->is_bulk || value == NULL)
        continue;
      if (column->kind == KAB_DEPOT_JSON)
        append_member (out, column->name, value);
      else
        {
          g_string_append_printf (out, "%s\"%s\":", out->len > 0 ? "," : "", column->name);
          kab_wire_append_text (out, value);
        }
    }
  if (host->installed_packages_json != NULL)
    g_checksum_update (checksum, (const guchar *) host->installed_packages_json, -1);
  if (host->installed_softwares_json != NULL)
    g_checksum_update (checksum, (const guchar *) host->installed_softwares_json, -1);
  derived->digest = g_strdup (g_checksum_get_string (checksum));

  done = append_extracts (self, host, out, error);
  derived->members = g_string_free (out, FALSE);
  return done;
}

/* ?1 id or null, ?2 uuid, ?3 counter, ?4 digest, ?5 members, ?6 packages, ?7 softwares, then the columns. */
#define FIRST_COLUMN 8

static char *
make_put_sql (void)
{
  GString *names = g_string_new ("INSERT INTO hosts (id, uuid, counter, digest, members, installed_packages,"
                                 " installed_softwares");
  GString *values = g_string_new (") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7");
  GString *updates = g_string_new (") ON CONFLICT (uuid) DO UPDATE SET counter = ?3, digest = ?4, members = ?5,"
                                   " installed_packages = ?6, installed_softwares = ?7");

  for (guint i = 0; i < kab_depot_n_columns; i++)
    {
      const KabDepotColumn *column = &kab_depot_columns[i];

      if (column->kind == KAB_DEPOT_NULL || column->kind == KAB_DEPOT_SERVER || strcmp (column->name, "uuid") == 0)
        continue;
      g_string_append_printf (names, ", %s", column->name);
      g_string_append_printf (values, ", ?%u", FIRST_COLUMN + i);
      g_string_append_printf (updates, ", %s = ?%u", column->name, FIRST_COLUMN + i);
    }
  g_string_append_len (names, values->str, (gssize) values->len);
  g_string_append_len (names, updates->str, (gssize) updates->len);
  g_string_free (values, TRUE);
  g_string_free (updates, TRUE);
  return g_string_free (names, FALSE);
}

static gboolean
write_columns (KabDepot            *self,
               const KabDepotHost  *host,
               const Derived       *derived,
               gint64               id,
               GError             **error)
{
  g_autofree char *sql = self->statements[STATEMENT_PUT_HOST] == NULL ? make_put_sql () : NULL;
  KabStatement *stmt = kab_depot_statement (self, STATEMENT_PUT_HOST, sql, error);

  if (stmt == NULL)
    return FALSE;
  if (id > 0)
    kab_statement_bind_int64 (stmt, 1, id);
  kab_statement_bind_static (stmt, 2, host->uuid, -1);
  kab_statement_bind_int64 (stmt, 3, self->counter);
  kab_statement_bind_static (stmt, 4, derived->digest, -1);
  kab_statement_bind_static (stmt, 5, derived->members, -1);
  kab_statement_bind_static (stmt, 6, host->installed_packages_json, -1);
  kab_statement_bind_static (stmt, 7, host->installed_softwares_json, -1);
  for (guint i = 0; i < kab_depot_n_columns; i++)
    {
      const KabDepotColumn *column = &kab_depot_columns[i];
      int index = FIRST_COLUMN + (int) i;

      if (column->kind == KAB_DEPOT_NULL || column->kind == KAB_DEPOT_SERVER || strcmp (column->name, "uuid") == 0)
        continue;
      if (column->kind == KAB_DEPOT_TIME)
        kab_statement_bind_int64 (stmt, index, get_time (host, column->offset));
      else if (strcmp (column->name, "status_hashes") == 0)
        kab_statement_bind_static (stmt, index, derived->hashes, -1);
      else
        kab_statement_bind_static (stmt, index, get_text (host, column->offset), -1);
    }
  return kab_database_run (self->database, stmt, error);
}

static gboolean
write_states (KabDepot            *self,
              const KabDepotHost  *host,
              const Derived       *derived,
              gint64               id,
              GError             **error)
{
  KabStatement *stmt = kab_depot_statement (self, STATEMENT_PUT_STATES,
                                            "INSERT OR REPLACE INTO host_states VALUES (?1, ?2, ?3, ?4, ?5)", error);

  if (stmt == NULL)
    return FALSE;
  kab_statement_bind_int64 (stmt, 1, id);
  kab_statement_bind_int64 (stmt, 2, self->counter);
  kab_statement_bind_static (stmt, 3, derived->states_digest, -1);
  kab_statement_bind_blob (stmt, 4, host->n_records > 0 ? (gconstpointer) host->records : "",
                           host->n_records * sizeof *host->records);
  kab_statement_bind_static (stmt, 5, host->history_json, -1);
  return kab_database_run (self->database, stmt, error);
}

/* The table of packages is an index of the column: who has what, without reading every host's JSON. */
static gboolean
write_packages (KabDepot            *self,
                const KabDepotHost  *host,
                gint64               id,
                GError             **error)
{
  KabStatement *stmt = kab_depot_statement (self, STATEMENT_CLEAR_PACKAGES,
                                            "DELETE FROM host_packages WHERE host = ?1", error);

  if (stmt == NULL)
    return FALSE;
  kab_statement_bind_int64 (stmt, 1, id);
  if (!kab_database_run (self->database, stmt, error))
    return FALSE;
  if (host->installed_packages_json == NULL)
    return TRUE;

  stmt = kab_depot_statement (self, STATEMENT_PUT_PACKAGES,
                              "INSERT INTO host_packages SELECT ?1, key, value ->> '$.package', value ->> '$.version',"
                              " value ->> '$.section', value ->> '$.priority', value ->> '$.install_status', value"
                              " FROM json_each (?2) WHERE type = 'object'", error);
  if (stmt == NULL)
    return FALSE;
  kab_statement_bind_int64 (stmt, 1, id);
  kab_statement_bind_static (stmt, 2, host->installed_packages_json, -1);
  return kab_database_run (self->database, stmt, error);
}

static gboolean
write_host (KabDepot            *self,
            const KabDepotHost  *host,
            GError             **error)
{
  g_auto(Derived) derived = { 0 };
  g_autoptr(GError) local_error = NULL;
  gboolean has_columns = FALSE, has_states = FALSE, has_packages = FALSE;
  KabStatement *stmt;
  gint64 id = 0;

  if (!derive (self, host, &derived, error))
    return FALSE;

  stmt = kab_depot_statement (self, STATEMENT_FIND_HOST,
                              "SELECT h.id, h.digest, s.digest, h.installed_packages FROM hosts h"
                              " LEFT JOIN host_states s ON s.host = h.id WHERE h.uuid = ?1", error);
  if (stmt == NULL)
    return FALSE;
  kab_statement_bind_static (stmt, 1, host->uuid, -1);
  if (kab_statement_step (stmt, &local_error))
    {
      id = kab_statement_get_int64 (stmt, 0);
      has_columns = g_strcmp0 (kab_statement_get_text (stmt, 1), derived.digest) == 0;
      has_states = g_strcmp0 (kab_statement_get_text (stmt, 2), derived.states_digest) == 0;
      has_packages = g_strcmp0 (kab_statement_get_text (stmt, 3), host->installed_packages_json) == 0;
    }
  kab_statement_reset (stmt);
  if (!kab_error_is_none (&local_error, error))
    return FALSE;
  if (has_columns && has_states)
    return TRUE;

  self->is_changed = TRUE;
  if (id == 0)
    {
      stmt = kab_depot_statement (self, STATEMENT_CLEAR_GONE, "DELETE FROM gone WHERE uuid = ?1", error);
      if (stmt == NULL)
        return FALSE;
      kab_statement_bind_static (stmt, 1, host->uuid, -1);
      if (!kab_database_run (self->database, stmt, error))
        return FALSE;
    }
  if (!write_columns (self, host, &derived, id, error))
    return FALSE;
  if (id == 0)
    id = kab_database_get_last_rowid (self->database);

  return (has_states || write_states (self, host, &derived, id, error)) &&
         (has_packages || write_packages (self, host, id, error));
}

gboolean
kab_depot_put_host (KabDepot            *self,
                    const KabDepotHost  *host,
                    GError             **error)
{
  g_return_val_if_fail (self != NULL && host != NULL && host->uuid != NULL, FALSE);

  if (!kab_depot_begin (self, error))
    return FALSE;
  if (!write_host (self, host, error))
    {
      kab_depot_rollback (self);
      return FALSE;
    }
  return kab_depot_commit (self, error);
}

gboolean
kab_depot_remove_host (KabDepot    *self,
                       const char  *uuid,
                       GError     **error)
{
  g_autoptr(KabStatement) note = NULL;
  g_autoptr(KabStatement) remove = NULL;
  gboolean done = FALSE;

  g_return_val_if_fail (self != NULL && uuid != NULL, FALSE);

  if (!kab_depot_begin (self, error))
    return FALSE;
  note = kab_database_prepare (self->database, "INSERT OR REPLACE INTO gone SELECT uuid, ?2 FROM hosts"
                               " WHERE uuid = ?1", error);
  remove = note != NULL ? kab_database_prepare (self->database, "DELETE FROM hosts WHERE uuid = ?1", error) : NULL;
  if (remove != NULL)
    {
      kab_statement_bind_text (note, 1, uuid);
      kab_statement_bind_int64 (note, 2, self->counter);
      kab_statement_bind_text (remove, 1, uuid);
      done = kab_database_run (self->database, note, error) && kab_database_run (self->database, remove, error);
    }
  if (!done)
    {
      kab_depot_rollback (self);
      return FALSE;
    }
  self->is_changed = TRUE;
  return kab_depot_commit (self, error);
}

/* members is what stands between the braces of an object. */
gboolean
kab_depot_connect_hosts (KabDepot  *self,
                         gboolean   connected,
                         GError   **error)
{
  const char *sql = connected
    ? "UPDATE hosts SET reachable = 'OK', listening_protocol = 'websockets', counter = ?1, digest = '', members = (SELECT"
      " substr (whole, 2, length (whole) - 2) FROM (SELECT json_set ('{' || members || '}', '$.reachable', 'OK',"
      " '$.listening_protocol', 'websockets') AS whole))"
      " WHERE listening_protocol IS NULL AND listening_address IS NOT NULL"
    : "UPDATE hosts SET reachable = 'DISCONNECTED', listening_protocol = NULL, counter = ?1, digest = '', members = (SELECT"
      " substr (whole, 2, length (whole) - 2) FROM (SELECT json_set (json_remove ('{' || members || '}',"
      " '$.listening_protocol'), '$.reachable', 'DISCONNECTED') AS whole))"
      " WHERE listening_protocol IS NOT NULL";
  g_autoptr(KabStatement) stmt = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  if (!kab_depot_begin (self, error))
    return FALSE;
  stmt = kab_database_prepare (self->database, sql, error);
  if (stmt != NULL)
    kab_statement_bind_int64 (stmt, 1, self->counter);
  if (stmt == NULL || !kab_database_run (self->database, stmt, error))
    {
      kab_depot_rollback (self);
      return FALSE;
    }
  self->is_changed = self->is_changed || kab_database_get_changes (self->database) > 0;
  return kab_depot_commit (self, error);
}

GStrv
kab_depot_dup_uuids (KabDepot  *self,
                     GError   **error)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr(GError) local_error = NULL;
  g_autoptr(KabStatement) stmt = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  stmt = kab_database_prepare (self->database, "SELECT uuid FROM hosts ORDER BY id", error);
  if (stmt == NULL)
    return NULL;
  while (kab_statement_step (stmt, &local_error))
    g_strv_builder_add (builder, kab_statement_get_text (stmt, 0));
  return kab_error_is_none (&local_error, error) ? g_strv_builder_end (builder) : NULL;
}
