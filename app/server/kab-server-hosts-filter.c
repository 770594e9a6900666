/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include <string.h>

#include "kab-error.h"
#include "kab-server-hosts.h"

#define MAX_FIELDS 20
#define ANY_PACKAGE  "(SELECT group_concat (package || ' ' || coalesce (version, ''), char (10))" \
                     " FROM host_packages WHERE host = h.id)"
#define ANY_SOFTWARE "(SELECT group_concat (coalesce (value ->> '$.name', '') || ' ' || " \
                     "coalesce (value ->> '$.version', ''), char (10)) FROM json_each (h.installed_softwares))"

/* `f1,f2:regex` of § 3.1, and what it compiles to. */
typedef struct {
  GRegex   *regex;        /* (nullable): there is no filter */
  gboolean  is_negated;
  GString  *columns;      /* SQL of the fields, after the fixed columns */
  guint     n_columns;
  GPtrArray *binds;       /* texts for ?1, ?2 … */
} Filter;

static void
filter_clear (Filter *self)
{
  g_clear_pointer (&self->regex, g_regex_unref);
  if (self->columns != NULL)
    g_string_free (self->columns, TRUE);
  g_clear_pointer (&self->binds, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Filter, filter_clear)

/* Returns: the number of the parameter */
static guint
add_bind (Filter *self,
          char   *text)
{
  g_ptr_array_add (self->binds, text);
  return self->binds->len;
}

static void
add_field (Filter     *self,
           const char *name)
{
  const KabDepotColumn *column;

  if (self->n_columns >= MAX_FIELDS)
    return;
  if (strcmp (name, "installed_packages") == 0)
    g_string_append (self->columns, ", " ANY_PACKAGE);
  else if (strcmp (name, "installed_softwares") == 0)
    g_string_append (self->columns, ", " ANY_SOFTWARE);
  else
    {
      g_autofree char *path = strchr (name, '.') != NULL ? kab_server_dup_json_path (name, '.') : NULL;

      column = kab_depot_find_column (name, strcspn (name, "."));
      if (column == NULL || kab_server_column_sql (column) != NULL)
        return;
      if (path != NULL && column->kind == KAB_DEPOT_JSON)
        g_string_append_printf (self->columns, ", h.%s ->> ?%u", column->name,
                                add_bind (self, g_steal_pointer (&path)));
      else if (column->kind == KAB_DEPOT_TIME)
        g_string_append_printf (self->columns, ", strftime ('%%Y-%%m-%%dT%%H:%%M:%%S', h.%s, 'unixepoch')",
                                column->name);
      else
        g_string_append_printf (self->columns, ", h.%s", column->name);
    }
  self->n_columns++;
}

static const char *
skip_negation (const char *text,
               gboolean   *is_negated)
{
  gsize length = *text == '!' ? 1 : g_ascii_strncasecmp (text, "not ", 4) == 0 ? 4 : 0;

  if (length > 0)
    *is_negated = !*is_negated;
  return text + length;
}

static gboolean
parse_filter (Filter      *self,
              const char  *text,
              GError     **error)
{
  g_auto(GStrv) fields = NULL;
  g_autofree char *names = NULL;
  const char *colon;
  const char *pattern;

  /* The original puts the text into its SQL as it comes: a quote ends it there. */
  if (strchr (text, '\'') != NULL)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE, "syntax error at or near \"'\"");
      return FALSE;
    }
  text = skip_negation (text, &self->is_negated);
  colon = strchr (text, ':');
  names = colon != NULL ? g_strndup (text, colon - text)
                        : g_strdup ("uuid,computer_fqdn,computer_name,description");
  pattern = skip_negation (colon != NULL ? colon + 1 : text, &self->is_negated);
  fields = g_strsplit (names, ",", -1);
  for (guint i = 0; fields[i] != NULL; i++)
    add_field (self, g_strstrip (fields[i]));

  self->regex = g_regex_new (pattern, G_REGEX_CASELESS | G_REGEX_OPTIMIZE | G_REGEX_MULTILINE, 0, NULL);
  if (self->regex == NULL)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, "invalid regular expression: %s", pattern);
      return FALSE;
    }
  return TRUE;
}

static gboolean
matches (Filter       *self,
         KabStatement *stmt,
         int           first)
{
  gboolean found = FALSE;

  if (self->regex == NULL)
    return TRUE;
  for (guint i = 0; i < self->n_columns && !found; i++)
    {
      const char *text = kab_statement_get_text (stmt, first + (int) i);

      found = text != NULL && g_utf8_validate (text, -1, NULL) && g_regex_match (self->regex, text, 0, NULL);
    }
  return found != self->is_negated;
}

/* " AND EXISTS (…)": is one of a list in @json, an array of the host? */
static void
add_any_of (Filter     *self,
            GString    *where,
            const char *json,
            char       *list)
{
  if (list != NULL)
    g_string_append_printf (where, " AND EXISTS (SELECT 1 FROM json_each (?%u) w JOIN json_each (%s) g"
                            " ON g.value = w.value)", add_bind (self, list), json);
}

/* What not_filter turns around. */
static GString *
make_group (const KabServerRequest *request,
            Filter                 *self)
{
  GString *where = g_string_new ("coalesce (1");
  char *groups = kab_server_dup_list (kab_server_request_get (request, "groups"), ",");
  const char *site = kab_server_request_get (request, "ad_site");

  if (groups != NULL)
    g_string_append_printf (where, " AND EXISTS (SELECT 1 FROM json_each (?%u) w WHERE instr (',' || "
                            "replace (h.depends, ' ', '') || ',', ',' || w.value || ',') > 0)",
                            add_bind (self, groups));
  add_any_of (self, where, "h.authorized_certificates_sha256",
              kab_server_dup_list (kab_server_request_get (request, "trusted_certs_sha256"), ","));
  add_any_of (self, where, "h.computer_ad_groups",
              kab_server_dup_list (kab_server_request_get (request, "ad_groups"), "||"));
  if (site != NULL && *site != '\0')
    g_string_append_printf (where, " AND h.computer_ad_site = ?%u", add_bind (self, g_strdup (site)));
  g_string_append (where, ", 0)");
  return where;
}

static gboolean
is_set (const KabServerRequest *request,
        const char             *name)
{
  const char *text = kab_server_request_get (request, name);

  return text != NULL && *text != '\0';
}

static GString *
make_where (const KabServerRequest *request,
            Filter                 *self)
{
  GString *where = g_string_new (" WHERE 1");
  char *uuids = kab_server_dup_list (kab_server_request_get (request, "uuid"), ",");
  char *units = kab_server_dup_list (kab_server_request_get (request, "organizational_unit"), "||");
  const char *reachable = kab_server_request_get (request, "reachable");

  if (uuids != NULL)
    g_string_append_printf (where, " AND h.uuid IN (SELECT value FROM json_each (?%u))", add_bind (self, uuids));
  if (units != NULL && kab_server_request_get_int (request, "include_childs_ou", 1) == 0)
    g_string_append_printf (where, " AND EXISTS (SELECT 1 FROM json_each (?%u) w WHERE"
                            " lower (h.computer_ad_ou) = lower (w.value))", add_bind (self, units));
  else if (units != NULL)
    g_string_append_printf (where, " AND EXISTS (SELECT 1 FROM json_each (?%u) w WHERE substr (',' ||"
                            " lower (h.computer_ad_ou), - length (w.value) - 1) = ',' || lower (w.value))",
                            add_bind (self, units));
  if (is_set (request, "has_errors"))
    g_string_append (where, " AND h.host_status = 'ERROR'");
  if (is_set (request, "need_upgrade"))
    g_string_append (where, " AND h.host_status IN ('ERROR', 'TO-UPGRADE')");
  if (reachable != NULL && strcmp (reachable, "1") == 0)
    g_string_append (where, " AND h.reachable = 'OK'");
  return where;
}

GArray *
kab_server_find_hosts (const KabServerRequest  *request,
                       KabDatabase             *database,
                       gboolean                *is_refused,
                       GError                 **error)
{
  g_auto(Filter) filter = { .columns = g_string_new (NULL), .binds = g_ptr_array_new_with_free_func (g_free) };
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(GError) local_error = NULL;
  g_autoptr(KabStatement) stmt = NULL;
  gint64 limit = kab_server_request_get_int (request, "limit", KAB_SERVER_HOSTS_LIMIT);
  gboolean is_inverted = g_strcmp0 (kab_server_request_get (request, "not_filter"), "1") == 0;
  gboolean has_uuid = is_set (request, "uuid");
  GString *group, *where, *sql;

  if (!has_uuid && is_set (request, "filter") &&
      !parse_filter (&filter, kab_server_request_get (request, "filter"), error))
    {
      *is_refused = TRUE;
      return NULL;
    }
  group = make_group (request, &filter);
  where = make_where (request, &filter);
  sql = g_string_new (NULL);
  g_string_printf (sql, "SELECT h.id, %s%s FROM hosts h%s ORDER BY h.last_seen_on DESC, h.id", group->str,
                   filter.columns->str, where->str);
  stmt = kab_database_prepare (database, sql->str, error);
  g_string_free (group, TRUE);
  g_string_free (where, TRUE);
  g_string_free (sql, TRUE);
  if (stmt == NULL)
    return NULL;

  for (guint i = 0; i < filter.binds->len; i++)
    kab_statement_bind_static (stmt, (int) i + 1, filter.binds->pdata[i], -1);
  while ((gint64) ids->len < limit && kab_statement_step (stmt, &local_error))
    {
      gint64 id = kab_statement_get_int64 (stmt, 0);
      gboolean keep = kab_statement_get_int64 (stmt, 1) != 0 && matches (&filter, stmt, 2);

      if (keep != is_inverted)
        g_array_append_val (ids, id);
    }
  return kab_error_is_none (&local_error, error) ? g_steal_pointer (&ids) : NULL;
}
