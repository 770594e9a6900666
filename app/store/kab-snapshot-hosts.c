/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-error.h"
#include "kab-snapshot-build.h"

#define ROWS_BETWEEN_LOOKS 256
#define N_FLAGS (1 << 16)          /* KabStateRecord.flags uses that many bits */

/* Deriving a state asks a dozen questions, and a fleet has a few dozen kinds of records: each kind is asked once.
 * By: has the server the files, has it failed, flags. */
typedef struct
{
  guint8 known[2][2][N_FLAGS];     /* state + 1 */
} Derived;

static KabState
derive (Derived              *derived,
        const KabStateRecord *record,
        gboolean              has_files)
{
  guint8 *known;

  if (G_UNLIKELY (record->flags >= N_FLAGS))
    return kab_state_derive (record, has_files);

  known = &derived->known[has_files][record->result != 0][record->flags];
  if (G_UNLIKELY (*known == 0))
    *known = (guint8) (kab_state_derive (record, has_files) + 1);
  return (KabState) (*known - 1);
}

/* The columns of the scan, in this order */
#define COLUMNS \
  "h.number, h.uuid, h.computer_fqdn, h.computer_name, h.description, h.platform, h.os_name, h.os_version," \
  " h.organizational_unit, h.ad_site, h.wapt_version, h.users, h.addresses, h.reachable, h.listening_protocol," \
  " h.wua_status, h.last_error, h.maturities, h.groups, h.rules_packages, h.restart_reasons, h.last_seen_at," \
  " h.last_scan_at, h.catalogue_at, h.enabled, h.reboot_needed, h.ad_groups, s.records"

enum {
  AT_NUMBER, AT_UUID, AT_FQDN, AT_NAME, AT_DESCRIPTION, AT_PLATFORM, AT_OS_NAME, AT_OS_VERSION, AT_OU, AT_SITE, AT_AGENT,
  AT_USERS, AT_ADDRESSES, AT_REACHABLE, AT_PROTOCOL, AT_STATUS, AT_ERROR, AT_MATURITIES, AT_GROUPS, AT_PACKAGES,
  AT_REASONS, AT_SEEN, AT_SCAN, AT_CATALOGUE, AT_ENABLED, AT_REBOOT, AT_AD_GROUPS, AT_RECORDS
};

static void
read_fields (KabStatement  *row,
             KabHostFields *fields)
{
  static const char * const some_reason[] = { "", NULL };
  const char *reasons = kab_statement_get_text (row, AT_REASONS);

  fields->uuid = kab_statement_get_text (row, AT_UUID);
  fields->computer_fqdn = kab_statement_get_text (row, AT_FQDN);
  fields->computer_name = kab_statement_get_text (row, AT_NAME);
  fields->platform = kab_statement_get_text (row, AT_PLATFORM);
  fields->os_name = kab_statement_get_text (row, AT_OS_NAME);
  fields->os_version = kab_statement_get_text (row, AT_OS_VERSION);
  fields->wua_status = kab_statement_get_text (row, AT_STATUS);
  fields->last_error = kab_statement_get_text (row, AT_ERROR);
  fields->restart_reasons = reasons != NULL && *reasons != '\0' ? some_reason : NULL;
  fields->last_seen_at = kab_statement_get_int64 (row, AT_SEEN);
  fields->last_scan_at = kab_statement_get_int64 (row, AT_SCAN);
  fields->catalogue_at = kab_statement_get_int64 (row, AT_CATALOGUE);
  fields->enabled = (KabTristate) CLAMP (kab_statement_get_int64 (row, AT_ENABLED), 0, KAB_TRISTATE_TRUE);
  fields->reboot_needed = (KabTristate) CLAMP (kab_statement_get_int64 (row, AT_REBOOT), 0, KAB_TRISTATE_TRUE);
}

static const char *
keep_list (KabSnapshot  *self,
           KabStatement *row,
           int           column)
{
  g_autofree char *joined = kab_snapshot_join (kab_statement_get_text (row, column), "");

  return kab_snapshot_intern_text (self, joined);
}

static gboolean
equals (const char *text,
        const char *word)
{
  return text != NULL && g_ascii_strcasecmp (text, word) == 0;
}

/* Word by word: one accent makes the whole text that it stands in slow to fold. */
static void
keep_folded (KabSnapshot   *self,
             GString       *folded,
             KabHostRecord *record)
{
  const char * const words[] = {
    record->name, record->fqdn, record->description, record->users, record->addresses, record->ou, record->uuid
  };

  g_string_truncate (folded, 0);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (i > 0)
        g_string_append_c (folded, '\n');
      kab_text_append_folded (folded, words[i]);
    }
  record->folded = g_string_chunk_insert_len (self->arena, folded->str, (gssize) folded->len);
}

static void
keep_texts (KabSnapshot         *self,
            KabStatement        *row,
            const KabHostFields *fields,
            GString             *folded,
            KabHostRecord       *record)
{
  g_autofree char *build = NULL;
  g_autofree char *windows = kab_windows_dup_name (fields->os_name, fields->os_version, &build);

  record->uuid = kab_snapshot_keep_text (self, fields->uuid);
  record->fqdn = kab_snapshot_keep_text (self, fields->computer_fqdn);
  record->name = kab_snapshot_keep_text (self, fields->computer_name);
  if (*record->name == '\0')
    record->name = *record->fqdn != '\0' ? record->fqdn : record->uuid;
  record->description = kab_snapshot_keep_text (self, kab_statement_get_text (row, AT_DESCRIPTION));
  record->windows = kab_snapshot_intern_text (self, windows);
  record->build = kab_snapshot_intern_text (self, build);
  record->ou = kab_snapshot_intern_text (self, kab_statement_get_text (row, AT_OU));
  record->site = kab_snapshot_intern_text (self, kab_statement_get_text (row, AT_SITE));
  record->agent = kab_snapshot_intern_text (self, kab_statement_get_text (row, AT_AGENT));
  record->users = kab_snapshot_keep_text (self, kab_statement_get_text (row, AT_USERS));
  record->addresses = kab_snapshot_keep_text (self, kab_statement_get_text (row, AT_ADDRESSES));
  record->wua_status = kab_snapshot_intern_text (self, fields->wua_status);
  record->last_error = kab_snapshot_intern_text (self, fields->last_error);
  record->rings = keep_list (self, row, AT_MATURITIES);
  record->groups = keep_list (self, row, AT_GROUPS);
  record->ad_groups = kab_snapshot_intern_text (self, kab_statement_get_text (row, AT_AD_GROUPS));
  record->packages = keep_list (self, row, AT_PACKAGES);

  keep_folded (self, folded, record);
}

static void
note_failure (GHashTable *failures,
              gint32      result,
              guint       host)
{
  KabFailureGroup *group = g_hash_table_lookup (failures, GINT_TO_POINTER (result));
  guint *last;

  if (group == NULL)
    {
      /* The last host that was counted lies behind the group: records of one host come together. */
      group = g_malloc0 (sizeof *group + sizeof *last);
      group->result = result;
      g_hash_table_insert (failures, GINT_TO_POINTER (result), group);
    }

  last = (guint *) (group + 1);
  group->n_pairs++;
  if (*last != host + 1)
    {
      *last = host + 1;
      group->n_hosts++;
    }
}

static void
count_records (KabSnapshot   *self,
               Derived       *derived,
               KabStatement  *row,
               guint          host,
               KabHostRecord *record,
               GHashTable    *failures)
{
  gsize size = 0;
  const KabStateRecord *records = kab_statement_get_blob (row, AT_RECORDS, &size);

  for (gsize i = 0; i < size / sizeof *records; i++)
    {
      guint index = records[i].update < self->n_numbers ? self->update_indices[records[i].update] : 0;
      KabUpdateRecord *update;
      KabState state;

      if (index == 0)
        continue;
      update = &self->updates[index - 1];
      state = derive (derived, &records[i], update->downloaded_at != 0);
      record->counts[state]++;
      if (state == KAB_STATE_ERROR && records[i].result != 0)
        record->result = records[i].result;
      if (!record->counted)
        continue;

      update->counts[state]++;
      if (state == KAB_STATE_ERROR && records[i].result != 0)
        note_failure (failures, records[i].result, host);
      if (state == KAB_STATE_OK)
        continue;
      switch (kab_state_record_get_flag (&records[i], KAB_FLAG_ALLOWED))
        {
        case KAB_TRISTATE_TRUE:
          update->n_allowed++;
          break;
        case KAB_TRISTATE_FALSE:
          update->n_not_allowed++;
          break;
        case KAB_TRISTATE_NULL:
        default:
          break;
        }
    }
}

static void
add_host (KabSnapshot  *self,
          Derived      *derived,
          KabStatement *row,
          GArray       *records,
          GArray       *numbers,
          GHashTable   *failures,
          GString      *folded)
{
  guint32 number = (guint32) kab_statement_get_int64 (row, AT_NUMBER);
  KabHostFields fields = { NULL };
  KabHostRecord record = { 0 };

  read_fields (row, &fields);
  if (fields.uuid == NULL)
    return;

  record.counted = (guint8) kab_host_fields_is_counted (&fields);
  record.restart = (guint8) kab_host_fields_needs_restart (&fields);
  record.reachable = equals (kab_statement_get_text (row, AT_REACHABLE), "OK");
  record.triggerable = record.reachable && equals (kab_statement_get_text (row, AT_PROTOCOL), "websockets");
  record.silent = (guint8) kab_host_fields_is_silent (&fields, &self->limits);
  record.stale = (guint8) kab_host_fields_is_stale (&fields, &self->limits);
  record.last_seen_at = fields.last_seen_at;
  record.last_scan_at = fields.last_scan_at;
  record.catalogue_at = fields.catalogue_at;
  count_records (self, derived, row, records->len, &record, failures);
  record.state = (guint8) kab_host_fields_judge (&fields, record.counts, &self->limits);
  keep_texts (self, row, &fields, folded, &record);

  self->host_counts[record.state]++;
  self->n_counted += record.counted;
  self->n_restarts += record.restart;
  self->catalogue_at = MAX (self->catalogue_at, record.catalogue_at);
  g_array_append_val (records, record);
  g_array_append_val (numbers, number);
}

static int
compare_failures (gconstpointer a,
                  gconstpointer b)
{
  const KabFailureGroup *left = a, *right = b;

  if (left->n_hosts != right->n_hosts)
    return left->n_hosts < right->n_hosts ? 1 : -1;
  if (left->n_pairs != right->n_pairs)
    return left->n_pairs < right->n_pairs ? 1 : -1;
  return left->result < right->result ? -1 : left->result > right->result;
}

gboolean
kab_snapshot_add_hosts (KabSnapshot   *self,
                        KabDatabase   *database,
                        GCancellable  *cancellable,
                        GError       **error)
{
  g_autoptr(GArray) records = g_array_new (FALSE, FALSE, sizeof (KabHostRecord));
  g_autoptr(GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr(GHashTable) failures = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GString) folded = g_string_new (NULL);
  g_autofree Derived *derived = g_new0 (Derived, 1);
  GHashTableIter iter;
  gpointer group;
  gsize length;

  stmt = kab_database_prepare (database,
                               "SELECT " COLUMNS " FROM hosts h LEFT JOIN host_states s ON s.host = h.number "
                               "ORDER BY h.number", error);
  if (stmt == NULL)
    return FALSE;

  for (guint n = 0; kab_statement_step (stmt, &local_error); n++)
    {
      add_host (self, derived, stmt, records, numbers, failures, folded);
      if (n % ROWS_BETWEEN_LOOKS == 0 && g_cancellable_set_error_if_cancelled (cancellable, &local_error))
        break;
    }
  if (!kab_error_is_none (&local_error, error))
    return FALSE;

  self->hosts = (KabHostRecord *) g_array_steal (records, &length);
  self->n_hosts = (guint) length;
  self->host_numbers = (guint32 *) g_array_steal (numbers, NULL);

  g_hash_table_iter_init (&iter, failures);
  while (g_hash_table_iter_next (&iter, NULL, &group))
    g_array_append_vals (self->failures, group, 1);
  g_array_sort (self->failures, compare_failures);
  return TRUE;
}
