/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-store-columns.h"

#define SEPARATOR '\x1f'

#define TEXT(type, member)     { #member, G_STRUCT_OFFSET (type, member), KAB_COLUMN_TEXT }
#define LIST(type, member)     { #member, G_STRUCT_OFFSET (type, member), KAB_COLUMN_LIST }
#define INT64(type, member)    { #member, G_STRUCT_OFFSET (type, member), KAB_COLUMN_INT64 }
#define TRISTATE(type, member) { #member, G_STRUCT_OFFSET (type, member), KAB_COLUMN_TRISTATE }

/* Names are those of the schema (kab-store-schema.c): a new member needs a step there. */
static const KabColumn update_columns[] = {
  TEXT (KabUpdateFields, update_id),
  TEXT (KabUpdateFields, title),
  TEXT (KabUpdateFields, update_type),
  TEXT (KabUpdateFields, severity),
  TEXT (KabUpdateFields, product),
  TEXT (KabUpdateFields, classification),
  TEXT (KabUpdateFields, reboot_behaviour),
  TEXT (KabUpdateFields, can_request_user_input),
  TEXT (KabUpdateFields, installation_impact),
  TEXT (KabUpdateFields, uninstallation_impact),
  TEXT (KabUpdateFields, support_url),
  TEXT (KabUpdateFields, release_notes),
  LIST (KabUpdateFields, kbids),
  LIST (KabUpdateFields, download_urls),
  LIST (KabUpdateFields, superseded_update_ids),
  LIST (KabUpdateFields, security_bulletin_ids),
  LIST (KabUpdateFields, languages),
  INT64 (KabUpdateFields, changed_at),
  INT64 (KabUpdateFields, downloaded_at),
  INT64 (KabUpdateFields, min_download_size),
  INT64 (KabUpdateFields, max_download_size),
  TRISTATE (KabUpdateFields, is_mandatory),
  TRISTATE (KabUpdateFields, is_beta),
  TRISTATE (KabUpdateFields, is_uninstallable),
  TRISTATE (KabUpdateFields, requires_network_connectivity),
};

/* What a snapshot needs comes first; documents that may be long come last, so that a scan does not pass over them. */
static const KabColumn host_columns[] = {
  TEXT (KabHostFields, uuid),
  TEXT (KabHostFields, computer_fqdn),
  TEXT (KabHostFields, computer_name),
  TEXT (KabHostFields, description),
  TEXT (KabHostFields, platform),
  TEXT (KabHostFields, os_name),
  TEXT (KabHostFields, os_version),
  TEXT (KabHostFields, organizational_unit),
  TEXT (KabHostFields, ad_site),
  TEXT (KabHostFields, wapt_version),
  TEXT (KabHostFields, users),
  TEXT (KabHostFields, addresses),
  TEXT (KabHostFields, reachable),
  TEXT (KabHostFields, listening_protocol),
  TEXT (KabHostFields, wua_status),
  TEXT (KabHostFields, last_error),
  LIST (KabHostFields, maturities),
  LIST (KabHostFields, groups),
  LIST (KabHostFields, rules_packages),
  LIST (KabHostFields, restart_reasons),
  INT64 (KabHostFields, last_seen_at),
  INT64 (KabHostFields, last_scan_at),
  INT64 (KabHostFields, catalogue_at),
  TRISTATE (KabHostFields, enabled),
  TRISTATE (KabHostFields, reboot_needed),
  TRISTATE (KabHostFields, default_allow),
  TRISTATE (KabHostFields, lists_superseded),
  TEXT (KabHostFields, install_delay),
  LIST (KabHostFields, allowed_severities),
  LIST (KabHostFields, ad_groups),
  LIST (KabHostFields, trusted),
  LIST (KabHostFields, locales),
  LIST (KabHostFields, rules_uuids),
  TEXT (KabHostFields, computer_architecture),
  TEXT (KabHostFields, manufacturer),
  TEXT (KabHostFields, model),
  TEXT (KabHostFields, serial),
  TEXT (KabHostFields, last_install_result),
  TEXT (KabHostFields, wua_agent_version),
  TEXT (KabHostFields, updates_hash),
  INT64 (KabHostFields, last_install_at),
  TEXT (KabHostFields, status_json),
  TEXT (KabHostFields, service_json),
  TEXT (KabHostFields, rules_json),
};

const KabColumns kab_update_columns = { update_columns, G_N_ELEMENTS (update_columns) };
const KabColumns kab_host_columns = { host_columns, G_N_ELEMENTS (host_columns) };

static gconstpointer
member_at (gconstpointer    fields,
           const KabColumn *column)
{
  return (const char *) fields + column->offset;
}

#define AS_TEXT(fields, column)     (*(const char * const *) member_at (fields, column))
#define AS_LIST(fields, column)     (*(const char * const * const *) member_at (fields, column))
#define AS_INT64(fields, column)    (*(const gint64 *) member_at (fields, column))
#define AS_TRISTATE(fields, column) (*(const KabTristate *) member_at (fields, column))

static char *
join_columns (const KabColumns *self,
              guint             first,
              gboolean          with_names,
              gboolean          with_places)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->n_columns; i++)
    {
      if (i > 0)
        g_string_append (text, ", ");
      if (with_names)
        g_string_append (text, self->columns[i].name);
      if (with_names && with_places)
        g_string_append (text, " = ");
      if (with_places)
        g_string_append_printf (text, "?%u", first + i);
    }

  return g_string_free (text, FALSE);
}

char *
kab_columns_dup_names (const KabColumns *self)
{
  return join_columns (self, 0, TRUE, FALSE);
}

char *
kab_columns_dup_places (const KabColumns *self,
                        guint             first)
{
  return join_columns (self, first, FALSE, TRUE);
}

char *
kab_columns_dup_sets (const KabColumns *self,
                      guint             first)
{
  return join_columns (self, first, TRUE, TRUE);
}

/* Texts come from outside; what is no UTF-8 must not reach a widget later. */
static void
bind_text (KabStatement *stmt,
           int           index,
           const char   *text)
{
  if (text == NULL || g_utf8_validate (text, -1, NULL))
    {
      kab_statement_bind_static (stmt, index, text, -1);
    }
  else
    {
      g_autofree char *valid = g_utf8_make_valid (text, -1);

      kab_statement_bind_text (stmt, index, valid);
    }
}

static void
bind_list (KabStatement       *stmt,
           int                 index,
           const char * const *list)
{
  g_autoptr(GString) joined = NULL;
  g_autofree char *valid = NULL;

  if (list == NULL)
    {
      kab_statement_bind_null (stmt, index);
      return;
    }

  joined = g_string_new (NULL);
  for (; *list != NULL; list++)
    {
      gsize start = joined->len;

      g_string_append (joined, *list);
      for (gsize i = start; i < joined->len; i++)
        if (joined->str[i] == SEPARATOR)
          joined->str[i] = ' ';
      g_string_append_c (joined, SEPARATOR);
    }

  valid = g_utf8_make_valid (joined->str, joined->len);
  kab_statement_bind_text (stmt, index, valid);
}

void
kab_columns_bind (const KabColumns *self,
                  KabStatement     *stmt,
                  guint             first,
                  gconstpointer     fields)
{
  for (guint i = 0; i < self->n_columns; i++)
    {
      const KabColumn *column = &self->columns[i];
      int index = (int) (first + i);

      switch (column->kind)
        {
        case KAB_COLUMN_TEXT:
          bind_text (stmt, index, AS_TEXT (fields, column));
          break;
        case KAB_COLUMN_LIST:
          bind_list (stmt, index, AS_LIST (fields, column));
          break;
        case KAB_COLUMN_INT64:
          kab_statement_bind_int64 (stmt, index, AS_INT64 (fields, column));
          break;
        case KAB_COLUMN_TRISTATE:
        default:
          kab_statement_bind_int64 (stmt, index, AS_TRISTATE (fields, column));
          break;
        }
    }
}

static const char * const *
split_list (const char *text,
            GPtrArray  *lists)
{
  g_autoptr(GPtrArray) list = NULL;

  if (text == NULL)
    return NULL;

  list = g_ptr_array_new_with_free_func (g_free);
  while (*text != '\0')
    {
      const char *end = strchr (text, SEPARATOR);
      gsize length = end != NULL ? (gsize) (end - text) : strlen (text);

      g_ptr_array_add (list, g_strndup (text, length));
      text += length + (end != NULL ? 1 : 0);
    }
  g_ptr_array_add (list, NULL);
  g_ptr_array_add (lists, g_ptr_array_steal (list, NULL));
  return g_ptr_array_index (lists, lists->len - 1);
}

void
kab_columns_read (const KabColumns *self,
                  KabStatement     *stmt,
                  guint             first,
                  gpointer          fields,
                  GPtrArray        *lists)
{
  for (guint i = 0; i < self->n_columns; i++)
    {
      const KabColumn *column = &self->columns[i];
      char *member = (char *) fields + column->offset;
      int index = (int) (first + i);

      switch (column->kind)
        {
        case KAB_COLUMN_TEXT:
          *(const char **) (void *) member = kab_statement_get_text (stmt, index);
          break;
        case KAB_COLUMN_LIST:
          *(const char * const **) (void *) member = split_list (kab_statement_get_text (stmt, index), lists);
          break;
        case KAB_COLUMN_INT64:
          *(gint64 *) (void *) member = kab_statement_get_int64 (stmt, index);
          break;
        case KAB_COLUMN_TRISTATE:
        default:
          *(KabTristate *) (void *) member =
            (KabTristate) CLAMP (kab_statement_get_int64 (stmt, index), KAB_TRISTATE_NULL, KAB_TRISTATE_TRUE);
          break;
        }
    }
}

/* Eight bytes a turn: multiply and fold. Not against an enemy, who could only hide changes of his own host. */
guint64
kab_store_hash (guint64       hash,
                gconstpointer data,
                gsize         size)
{
  const guint8 *bytes = data;
  guint64 word;

  hash ^= (guint64) size * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  for (; size > 0; bytes += MIN (size, 8), size -= MIN (size, 8))
    {
      word = 0;
      memcpy (&word, bytes, MIN (size, 8));
      hash = (hash ^ word) * G_GUINT64_CONSTANT (0xff51afd7ed558ccd);
      hash ^= hash >> 32;
    }
  hash *= G_GUINT64_CONSTANT (0xc4ceb9fe1a85ec53);
  return hash ^ (hash >> 29);
}

static guint64
hash_text (guint64     hash,
           const char *text)
{
  return text != NULL ? kab_store_hash (hash, text, strlen (text)) : kab_store_hash (hash, "\xff", 1);
}

guint64
kab_columns_hash (const KabColumns *self,
                  gconstpointer     fields)
{
  guint64 hash = self->n_columns;

  for (guint i = 0; i < self->n_columns; i++)
    {
      const KabColumn *column = &self->columns[i];
      const char * const *list;

      switch (column->kind)
        {
        case KAB_COLUMN_TEXT:
          hash = hash_text (hash, AS_TEXT (fields, column));
          break;
        case KAB_COLUMN_LIST:
          list = AS_LIST (fields, column);
          hash = hash_text (hash, list != NULL ? "[" : NULL);
          for (; list != NULL && *list != NULL; list++)
            hash = hash_text (hash, *list);
          break;
        case KAB_COLUMN_INT64:
          hash = kab_store_hash (hash, member_at (fields, column), sizeof (gint64));
          break;
        case KAB_COLUMN_TRISTATE:
        default:
          hash = kab_store_hash (hash, member_at (fields, column), sizeof (KabTristate));
          break;
        }
    }

  return hash;
}
