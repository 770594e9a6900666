/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-record-rows.h"
#include "kab-result-code.h"

/* "id/pending" → the id's length and the states that are meant; without a state all of them */
static guint
split_states (const char *value,
              gsize      *length)
{
  const char *slash = strrchr (value, '/');
  g_auto(GStrv) words = NULL;
  guint mask = 0;

  *length = strlen (value);
  if (slash == NULL)
    return (1u << KAB_N_STATES) - 1;

  words = g_strsplit (slash + 1, "+", -1);
  for (guint i = 0; words[i] != NULL; i++)
    {
      KabState state = kab_state_from_text (words[i], -1);

      if (strcmp (words[i], "needed") == 0)
        mask |= 1u << KAB_STATE_PENDING | 1u << KAB_STATE_MISSING | 1u << KAB_STATE_ERROR;
      else if (state != KAB_STATE_UNKNOWN || strcmp (words[i], "unknown") == 0)
        mask |= 1u << state;
      else
        return (1u << KAB_N_STATES) - 1;      /* a slash of its own */
    }

  *length = (gsize) (slash - value);
  return mask;
}

static void
merge_states (guint8 *matches,
              GBytes *bytes,
              guint   mask,
              guint   n_rows)
{
  const guint8 *states = g_bytes_get_data (bytes, NULL);

  for (guint i = 0; i < n_rows; i++)
    if (states[i] != KAB_NO_STATE && (mask & (1u << states[i])) != 0)
      matches[i] = 1;
}

static gboolean
resolve_update (KabRecordRows  *self,
                const char     *value,
                guint8         *matches,
                GCancellable   *cancellable,
                GError        **error)
{
  gsize length;
  guint mask = split_states (value, &length);
  g_autofree char *id = g_strndup (value, length);
  g_autofree char *kb = g_str_has_prefix (id, "kb") ? g_strdup (id) : g_strconcat ("kb", id, NULL);

  for (guint i = 0; i < self->snapshot->n_updates; i++)
    {
      const KabUpdateRecord *record = &self->snapshot->updates[i];
      g_autoptr(GBytes) bytes = NULL;

      if (!kab_update_id_matches (record->update_id, id) && !kab_text_list_has (record->kbs, kb))
        continue;
      bytes = kab_snapshot_read_update (self->snapshot, i, cancellable, error);
      if (bytes == NULL)
        return FALSE;
      merge_states (matches, bytes, mask, self->snapshot->n_hosts);
    }

  return TRUE;
}

static gboolean
resolve_host (KabRecordRows  *self,
              const char     *value,
              guint8         *matches,
              GCancellable   *cancellable,
              GError        **error)
{
  gsize length;
  guint mask = split_states (value, &length);
  g_autofree char *id = g_strndup (value, length);

  for (guint i = 0; i < self->snapshot->n_hosts; i++)
    {
      const KabHostRecord *record = &self->snapshot->hosts[i];
      g_autoptr(GBytes) bytes = NULL;

      if (!kab_text_equals (record->uuid, id) && !kab_text_equals (record->name, id))
        continue;
      bytes = kab_snapshot_read_host (self->snapshot, i, cancellable, error);
      if (bytes == NULL)
        return FALSE;
      merge_states (matches, bytes, mask, self->snapshot->n_updates);
    }

  return TRUE;
}

static gboolean
resolve_result (KabRecordRows  *self,
                const char     *value,
                guint8         *matches,
                GCancellable   *cancellable,
                GError        **error)
{
  g_autoptr(GBytes) bytes = NULL;
  guint32 code;

  if (!kab_result_code_parse (value, &code))
    return TRUE;

  bytes = kab_snapshot_read_result (self->snapshot, (gint32) code, cancellable, error);
  if (bytes == NULL)
    return FALSE;
  if (self->snapshot->n_hosts > 0)
    memcpy (matches, g_bytes_get_data (bytes, NULL), self->snapshot->n_hosts);
  return TRUE;
}

static gboolean
resolve (KabRecordRows  *self,
         const char     *field,
         gboolean      (*func) (KabRecordRows *, const char *, guint8 *, GCancellable *, GError **),
         GCancellable   *cancellable,
         GError        **error)
{
  g_auto(GStrv) values = kab_query_dup_values (self->query, field);

  for (guint i = 0; values[i] != NULL; i++)
    {
      guint8 *matches;

      if (g_hash_table_contains (self->resolved, values[i]))
        continue;
      matches = g_malloc0 (MAX (kab_snapshot_get_n_rows (self->snapshot, self->domain), 1));
      g_hash_table_insert (self->resolved, g_strdup (values[i]), matches);
      if (!func (self, values[i], matches, cancellable, error))
        return FALSE;
    }

  return TRUE;
}

KabRecordRows *
kab_record_rows_new (KabSnapshot     *snapshot,
                     KabQueryDomain   domain,
                     KabQuery        *query,
                     GCancellable    *cancellable,
                     GError         **error)
{
  static const char * const showing[] = { "is", "id", "kb", "sha1", "host" };
  g_autoptr(KabRecordRows) self = g_new0 (KabRecordRows, 1);

  self->snapshot = snapshot;
  self->domain = domain;
  self->query = query != NULL ? kab_query_ref (query) : NULL;
  self->resolved = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  self->hides_superseded = domain == KAB_QUERY_UPDATES;
  for (guint i = 0; query != NULL && self->hides_superseded && i < G_N_ELEMENTS (showing); i++)
    self->hides_superseded = !kab_query_names_field (query, showing[i]);

  if (query != NULL &&
      !(domain == KAB_QUERY_UPDATES
        ? resolve (self, "host", resolve_host, cancellable, error)
        : resolve (self, "update", resolve_update, cancellable, error) &&
          resolve (self, "result", resolve_result, cancellable, error)))
    return NULL;

  return g_steal_pointer (&self);
}

void
kab_record_rows_free (KabRecordRows *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->query, kab_query_unref);
  g_clear_pointer (&self->resolved, g_hash_table_unref);
  g_free (self);
}

gboolean
kab_record_rows_matches (KabRecordRows *self,
                         guint          row)
{
  if (self->hides_superseded && self->snapshot->updates[row].superseded)
    return FALSE;
  if (self->query == NULL)
    return TRUE;

  return kab_query_matches (self->query, self->domain == KAB_QUERY_UPDATES ? &kab_update_record_access
                                                                           : &kab_host_record_access, self, row);
}
