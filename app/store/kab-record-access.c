/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-record-rows.h"

/* Does a text that is not folded contain a folded needle? */
static gboolean
contains (const char *text,
          const char *needle)
{
  g_autofree char *folded = NULL;

  if (*text == '\0')
    return *needle == '\0';

  folded = kab_text_fold (text, -1);
  return strstr (folded, needle) != NULL;
}

gboolean
kab_update_id_matches (const char *update_id,
                       const char *needle)
{
  gsize guid_length = 0;

  if (kab_text_equals (update_id, needle))
    return TRUE;

  return kab_update_id_split (update_id, &guid_length) >= 0 && strlen (needle) == guid_length &&
         g_ascii_strncasecmp (update_id, needle, guid_length) == 0;
}

static gboolean
is_yes (gboolean    value,
        const char *needle)
{
  return strcmp (needle, value ? "yes" : "no") == 0;
}

/* "demo-wua-base 12, …" has "demo-wua-base" as well as "demo-wua-base 12" */
static gboolean
has_package (const char *packages,
             const char *needle)
{
  gsize length = strlen (needle);

  if (kab_text_list_has (packages, needle))
    return TRUE;

  for (const char *entry = packages; length > 0 && entry != NULL && *entry != '\0'; )
    {
      if (g_ascii_strncasecmp (entry, needle, length) == 0 && entry[length] == ' ')
        return TRUE;
      entry = strstr (entry, ", ");
      entry = entry != NULL ? entry + 2 : NULL;
    }

  return FALSE;
}

static gboolean
is_resolved (KabRecordRows *rows,
             guint          row,
             const char    *needle)
{
  const guint8 *matches = g_hash_table_lookup (rows->resolved, needle);

  return matches != NULL && matches[row] != 0;
}

const char *
kab_update_record_get_server (const KabUpdateRecord *record)
{
  if (record->downloaded_at != 0)
    return "downloaded";
  return kab_update_record_needed (record) > 0 ? "lacking" : "unwanted";
}

static gboolean
has_verdict (const KabUpdateRecord *record,
             const char            *needle)
{
  if (strcmp (needle, "allowed") == 0)
    return record->n_allowed > 0;
  if (strcmp (needle, "forbidden") == 0)
    return record->n_not_allowed > 0;
  return record->n_allowed == 0 && record->n_not_allowed == 0;
}

static gboolean
update_is (const KabUpdateRecord *record,
           const char            *needle)
{
  if (strcmp (needle, "superseded") == 0)
    return record->superseded;
  if (strcmp (needle, "current") == 0)
    return !record->superseded;
  if (strcmp (needle, "needed") == 0)
    return kab_update_record_needed (record) > 0;
  return TRUE;      /* any */
}

static gboolean
update_matches_text (gpointer    data,
                     guint       row,
                     int         field,
                     const char *needle)
{
  KabRecordRows *rows = data;
  const KabUpdateRecord *record = &rows->snapshot->updates[row];

  if (field < 0)
    return strstr (record->folded, needle) != NULL;

  switch ((KabUpdateField) field)
    {
    case KAB_UPDATE_FIELD_KB:
      return kab_text_list_has (record->kbs, needle);
    case KAB_UPDATE_FIELD_ID:
      return kab_update_id_matches (record->update_id, needle);
    case KAB_UPDATE_FIELD_TITLE:
      return contains (record->title, needle);
    case KAB_UPDATE_FIELD_SEVERITY:
      return record->severity == KAB_SEVERITY_NONE
             ? strcmp (needle, "none") == 0
             : kab_text_equals (kab_severity_get_text ((KabSeverity) record->severity), needle);
    case KAB_UPDATE_FIELD_PRODUCT:
      return kab_text_equals (record->product, needle);
    case KAB_UPDATE_FIELD_FAMILY:
      return kab_text_equals (record->family, needle);
    case KAB_UPDATE_FIELD_CLASSIFICATION:
      return kab_text_equals (record->classification, needle);
    case KAB_UPDATE_FIELD_STATE:
      return record->counts[kab_state_from_text (needle, -1)] > 0;
    case KAB_UPDATE_FIELD_WORST:
      return kab_query_get_worst (record->counts) == (int) kab_state_from_text (needle, -1);
    case KAB_UPDATE_FIELD_VERDICT:
      return has_verdict (record, needle);
    case KAB_UPDATE_FIELD_SERVER:
      return strcmp (kab_update_record_get_server (record), needle) == 0;
    case KAB_UPDATE_FIELD_IS:
      return update_is (record, needle);
    case KAB_UPDATE_FIELD_BULLETIN:
      return kab_text_list_has (record->bulletins, needle);
    case KAB_UPDATE_FIELD_LANGUAGE:
      return kab_text_list_has (record->languages, needle);
    case KAB_UPDATE_FIELD_SHA1:
      return kab_text_list_has (record->sha1s, needle);
    case KAB_UPDATE_FIELD_HOST:
      return is_resolved (rows, row, needle);
    case KAB_UPDATE_FIELD_CVE:      /* nothing the server tells holds one */
    case KAB_UPDATE_FIELD_NEEDED:
    case KAB_UPDATE_FIELD_INSTALLED:
    case KAB_UPDATE_FIELD_PENDING:
    case KAB_UPDATE_FIELD_MISSING:
    case KAB_UPDATE_FIELD_DISCARDED:
    case KAB_UPDATE_FIELD_ERRORS:
    case KAB_UPDATE_FIELD_UNKNOWN:
    case KAB_UPDATE_FIELD_PUBLISHED:
    case KAB_UPDATE_FIELD_SINCE:
    case KAB_UPDATE_FIELD_DOWNLOADED:
    case KAB_UPDATE_FIELD_SIZE:
    case KAB_UPDATE_FIELD_REVISION:
    default:
      return FALSE;
    }
}

static gint64
update_get_number (gpointer data,
                   guint    row,
                   int      field)
{
  KabRecordRows *rows = data;
  const KabUpdateRecord *record = &rows->snapshot->updates[row];

  switch (field)
    {
    case KAB_UPDATE_FIELD_NEEDED:
      return kab_update_record_needed (record);
    case KAB_UPDATE_FIELD_INSTALLED:
      return record->counts[KAB_STATE_OK];
    case KAB_UPDATE_FIELD_PENDING:
      return record->counts[KAB_STATE_PENDING];
    case KAB_UPDATE_FIELD_MISSING:
      return record->counts[KAB_STATE_MISSING];
    case KAB_UPDATE_FIELD_DISCARDED:
      return record->counts[KAB_STATE_DISCARDED];
    case KAB_UPDATE_FIELD_ERRORS:
      return record->counts[KAB_STATE_ERROR];
    case KAB_UPDATE_FIELD_UNKNOWN:
      return record->counts[KAB_STATE_UNKNOWN];
    case KAB_UPDATE_FIELD_PUBLISHED:
    case KAB_UPDATE_FIELD_SINCE:
      return record->changed_at;
    case KAB_UPDATE_FIELD_DOWNLOADED:
      return record->downloaded_at;
    case KAB_UPDATE_FIELD_SIZE:
      return record->max_size;
    case KAB_UPDATE_FIELD_REVISION:
      return kab_update_id_split (record->update_id, NULL);
    default:
      return 0;
    }
}

static gboolean
host_is (const KabHostRecord *record,
         const char          *needle)
{
  if (strcmp (needle, "attention") == 0)
    return record->state == KAB_HOST_STATE_ERROR || record->state == KAB_HOST_STATE_SILENT ||
           record->state == KAB_HOST_STATE_RESTART;
  if (strcmp (needle, "counted") == 0)
    return record->counted;
  if (strcmp (needle, "uncounted") == 0)
    return !record->counted;
  if (strcmp (needle, "silent") == 0)
    return record->silent;
  if (strcmp (needle, "stale") == 0)
    return record->stale;
  return strcmp (needle, "triggerable") == 0 && record->triggerable;
}

static gboolean
host_matches_text (gpointer    data,
                   guint       row,
                   int         field,
                   const char *needle)
{
  KabRecordRows *rows = data;
  const KabHostRecord *record = &rows->snapshot->hosts[row];

  if (field < 0)
    return strstr (record->folded, needle) != NULL;

  switch ((KabHostField) field)
    {
    case KAB_HOST_FIELD_NAME:
      return contains (record->name, needle) || contains (record->fqdn, needle);
    case KAB_HOST_FIELD_UUID:
      return kab_text_equals (record->uuid, needle);
    case KAB_HOST_FIELD_DESCRIPTION:
      return contains (record->description, needle);
    case KAB_HOST_FIELD_STATE:
      return strcmp (kab_host_state_get_text ((KabHostState) record->state), needle) == 0;
    case KAB_HOST_FIELD_RING:
      return *record->rings == '\0' ? strcmp (needle, "unknown") == 0 : kab_text_list_has (record->rings, needle);
    case KAB_HOST_FIELD_REACHABLE:
      return is_yes (record->reachable, needle);
    case KAB_HOST_FIELD_RESTART:
      return is_yes (record->restart, needle);
    case KAB_HOST_FIELD_OU:
      return kab_text_tree_has (record->ou, needle);
    case KAB_HOST_FIELD_SITE:
      return kab_text_equals (record->site, needle);
    case KAB_HOST_FIELD_GROUP:
      return kab_text_list_has (record->groups, needle);
    case KAB_HOST_FIELD_WINDOWS:
      return kab_text_equals (record->windows, needle);
    case KAB_HOST_FIELD_BUILD:
      return kab_text_equals (record->build, needle);
    case KAB_HOST_FIELD_AGENT:
      return kab_text_equals (record->agent, needle);
    case KAB_HOST_FIELD_PACKAGE:
      return has_package (record->packages, needle);
    case KAB_HOST_FIELD_USER:
      return contains (record->users, needle);
    case KAB_HOST_FIELD_ADDRESS:
      return contains (record->addresses, needle);
    case KAB_HOST_FIELD_UPDATE:
    case KAB_HOST_FIELD_RESULT:
      return is_resolved (rows, row, needle);
    case KAB_HOST_FIELD_IS:
      return host_is (record, needle);
    case KAB_HOST_FIELD_STATUS:
      return kab_text_equals (record->wua_status, needle);
    case KAB_HOST_FIELD_ERROR:
      return contains (record->last_error, needle);
    case KAB_HOST_FIELD_SCAN:
    case KAB_HOST_FIELD_SEEN:
    case KAB_HOST_FIELD_CATALOGUE:
    case KAB_HOST_FIELD_NEEDED:
    case KAB_HOST_FIELD_INSTALLED:
    case KAB_HOST_FIELD_PENDING:
    case KAB_HOST_FIELD_MISSING:
    case KAB_HOST_FIELD_DISCARDED:
    case KAB_HOST_FIELD_ERRORS:
    case KAB_HOST_FIELD_UNKNOWN:
    default:
      return FALSE;
    }
}

static gint64
host_get_number (gpointer data,
                 guint    row,
                 int      field)
{
  KabRecordRows *rows = data;
  const KabHostRecord *record = &rows->snapshot->hosts[row];

  switch (field)
    {
    case KAB_HOST_FIELD_SCAN:
      return record->last_scan_at;
    case KAB_HOST_FIELD_SEEN:
      return record->last_seen_at;
    case KAB_HOST_FIELD_CATALOGUE:
      return record->catalogue_at;
    case KAB_HOST_FIELD_NEEDED:
      return kab_host_record_needed (record);
    case KAB_HOST_FIELD_INSTALLED:
      return record->counts[KAB_STATE_OK];
    case KAB_HOST_FIELD_PENDING:
      return record->counts[KAB_STATE_PENDING];
    case KAB_HOST_FIELD_MISSING:
      return record->counts[KAB_STATE_MISSING];
    case KAB_HOST_FIELD_DISCARDED:
      return record->counts[KAB_STATE_DISCARDED];
    case KAB_HOST_FIELD_ERRORS:
      return record->counts[KAB_STATE_ERROR];
    case KAB_HOST_FIELD_UNKNOWN:
      return record->counts[KAB_STATE_UNKNOWN];
    default:
      return 0;
    }
}

const KabRowAccess kab_update_record_access = { update_matches_text, update_get_number };
const KabRowAccess kab_host_record_access = { host_matches_text, host_get_number };
