/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-wire"

#include "config.h"

#include "kab-wire-update.h"

#include <string.h>

#include "kab-error.h"
#include "kab-wire.h"

enum {
  COLUMN_UPDATE_ID,
  COLUMN_TITLE,
  COLUMN_TYPE,
  COLUMN_KBIDS,
  COLUMN_SEVERITY,
  COLUMN_CHANGETIME,
  COLUMN_PRODUCT,
  COLUMN_CLASSIFICATION,
  COLUMN_URLS,
  COLUMN_MIN_SIZE,
  COLUMN_MAX_SIZE,
  COLUMN_SUPERSEDED,
  COLUMN_BULLETINS,
  COLUMN_MANDATORY,
  COLUMN_REBOOT,
  COLUMN_USER_INPUT,
  COLUMN_NETWORK,
  COLUMN_LANGUAGES,
  COLUMN_DOWNLOADED_ON,
  COLUMN_BETA,
  COLUMN_SUPPORT_URL,
  COLUMN_RELEASE_NOTES,
  COLUMN_UNINSTALLABLE,
  COLUMN_IMPACT,
  COLUMN_UNINSTALL_IMPACT,
  COLUMN_STATUS,
  COLUMN_ALLOWED,
  COLUMN_INSTALLED,
  COLUMN_PRESENT,
  COLUMN_HIDDEN,
  COLUMN_DOWNLOADED,
  COLUMN_DELAYED,
  COLUMN_INSTALL_DATE,
  COLUMN_HISTORY,
  COLUMN_NUMBER,
  COLUMN_GONE,
  N_COLUMNS
};

static const KabColumn columns[N_COLUMNS] = {
  [COLUMN_UPDATE_ID] = { "update_id", KAB_COLUMN_TEXT, TRUE },
  [COLUMN_TITLE] = { "title", KAB_COLUMN_TEXT, TRUE },
  [COLUMN_TYPE] = { "update_type", KAB_COLUMN_TEXT, TRUE },
  [COLUMN_KBIDS] = { "kbids", KAB_COLUMN_LIST, TRUE },
  [COLUMN_SEVERITY] = { "severity", KAB_COLUMN_TEXT, TRUE },
  [COLUMN_CHANGETIME] = { "changetime", KAB_COLUMN_TIME, TRUE },
  [COLUMN_PRODUCT] = { "product", KAB_COLUMN_TEXT, TRUE },
  [COLUMN_CLASSIFICATION] = { "classification", KAB_COLUMN_TEXT, TRUE },
  [COLUMN_URLS] = { "download_urls", KAB_COLUMN_LIST, TRUE },
  [COLUMN_MIN_SIZE] = { "min_download_size", KAB_COLUMN_INT, TRUE },
  [COLUMN_MAX_SIZE] = { "max_download_size", KAB_COLUMN_INT, TRUE },
  [COLUMN_SUPERSEDED] = { "superseded_update_ids", KAB_COLUMN_LIST, TRUE },
  [COLUMN_BULLETINS] = { "security_bulletin_ids", KAB_COLUMN_LIST, TRUE },
  [COLUMN_MANDATORY] = { "is_mandatory", KAB_COLUMN_TRISTATE, TRUE },
  [COLUMN_REBOOT] = { "reboot_behaviour", KAB_COLUMN_TEXT, TRUE },
  [COLUMN_USER_INPUT] = { "can_request_user_input", KAB_COLUMN_TEXT, TRUE },
  [COLUMN_NETWORK] = { "requires_network_connectivity", KAB_COLUMN_TRISTATE, TRUE },
  [COLUMN_LANGUAGES] = { "languages", KAB_COLUMN_LIST, TRUE },
  [COLUMN_DOWNLOADED_ON] = { "downloaded_on", KAB_COLUMN_TIME, TRUE },
  [COLUMN_BETA] = { "is_beta", KAB_COLUMN_TRISTATE, TRUE },
  [COLUMN_SUPPORT_URL] = { "support_url", KAB_COLUMN_TEXT, TRUE },
  [COLUMN_RELEASE_NOTES] = { "release_notes", KAB_COLUMN_TEXT, TRUE },
  [COLUMN_UNINSTALLABLE] = { "is_uninstallable", KAB_COLUMN_TRISTATE, TRUE },
  [COLUMN_IMPACT] = { "installation_impact", KAB_COLUMN_TEXT, TRUE },
  [COLUMN_UNINSTALL_IMPACT] = { "uninstallation_impact", KAB_COLUMN_TEXT, TRUE },
  [COLUMN_STATUS] = { "local_status_status", KAB_COLUMN_TEXT },
  [COLUMN_ALLOWED] = { "local_status_allowed", KAB_COLUMN_TRISTATE },
  [COLUMN_INSTALLED] = { "local_status_installed", KAB_COLUMN_TRISTATE },
  [COLUMN_PRESENT] = { "local_status_present", KAB_COLUMN_TRISTATE },
  [COLUMN_HIDDEN] = { "local_status_hidden", KAB_COLUMN_TRISTATE },
  [COLUMN_DOWNLOADED] = { "local_status_downloaded", KAB_COLUMN_TRISTATE },
  [COLUMN_DELAYED] = { "local_status_delayed", KAB_COLUMN_TRISTATE },
  [COLUMN_INSTALL_DATE] = { "local_status_install_date", KAB_COLUMN_TIME },
  [COLUMN_HISTORY] = { "local_status_history", KAB_COLUMN_RAW },
  [COLUMN_NUMBER] = { "n", KAB_COLUMN_INT },
  [COLUMN_GONE] = { "gone", KAB_COLUMN_INT },
};

static const struct {
  KabFlag flag;
  guint   column;
} flag_columns[] = {
  { KAB_FLAG_ALLOWED,    COLUMN_ALLOWED },
  { KAB_FLAG_INSTALLED,  COLUMN_INSTALLED },
  { KAB_FLAG_PRESENT,    COLUMN_PRESENT },
  { KAB_FLAG_HIDDEN,     COLUMN_HIDDEN },
  { KAB_FLAG_DOWNLOADED, COLUMN_DOWNLOADED },
  { KAB_FLAG_DELAYED,    COLUMN_DELAYED },
};

KabRow *
kab_update_row_new (void)
{
  return kab_row_new (columns, N_COLUMNS);
}

/* A negative size makes no sense and counts as null. */
static gint64
read_size (KabRow *row,
           guint   column)
{
  return MAX (kab_row_get_int (row, column, -1), -1);
}

gboolean
kab_update_row_get (KabRow           *row,
                    KabUpdateFields  *fields,
                    GError          **error)
{
  memset (fields, 0, sizeof *fields);

  fields->update_id = kab_row_get_text (row, COLUMN_UPDATE_ID);
  if (fields->update_id == NULL || *fields->update_id == '\0')
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "an update without update_id");
      return FALSE;
    }

  fields->title = kab_row_get_text (row, COLUMN_TITLE);
  fields->update_type = kab_row_get_text (row, COLUMN_TYPE);
  fields->severity = kab_row_get_text (row, COLUMN_SEVERITY);
  fields->product = kab_row_get_text (row, COLUMN_PRODUCT);
  fields->classification = kab_row_get_text (row, COLUMN_CLASSIFICATION);
  fields->reboot_behaviour = kab_row_get_text (row, COLUMN_REBOOT);
  fields->can_request_user_input = kab_row_get_text (row, COLUMN_USER_INPUT);
  fields->installation_impact = kab_row_get_text (row, COLUMN_IMPACT);
  fields->uninstallation_impact = kab_row_get_text (row, COLUMN_UNINSTALL_IMPACT);
  fields->support_url = kab_row_get_text (row, COLUMN_SUPPORT_URL);
  fields->release_notes = kab_row_get_text (row, COLUMN_RELEASE_NOTES);
  fields->kbids = kab_row_get_list (row, COLUMN_KBIDS);
  fields->download_urls = kab_row_get_list (row, COLUMN_URLS);
  fields->superseded_update_ids = kab_row_get_list (row, COLUMN_SUPERSEDED);
  fields->security_bulletin_ids = kab_row_get_list (row, COLUMN_BULLETINS);
  fields->languages = kab_row_get_list (row, COLUMN_LANGUAGES);
  fields->changed_at = kab_row_get_int (row, COLUMN_CHANGETIME, 0);
  fields->downloaded_at = kab_row_get_int (row, COLUMN_DOWNLOADED_ON, 0);
  fields->min_download_size = read_size (row, COLUMN_MIN_SIZE);
  fields->max_download_size = read_size (row, COLUMN_MAX_SIZE);
  fields->is_mandatory = kab_row_get_tristate (row, COLUMN_MANDATORY);
  fields->is_beta = kab_row_get_tristate (row, COLUMN_BETA);
  fields->is_uninstallable = kab_row_get_tristate (row, COLUMN_UNINSTALLABLE);
  fields->requires_network_connectivity = kab_row_get_tristate (row, COLUMN_NETWORK);
  return TRUE;
}

gboolean
kab_update_row_get_number (KabRow   *row,
                           guint32  *number,
                           gboolean *gone)
{
  gint64 value;

  *gone = kab_row_has (row, COLUMN_GONE);
  value = kab_row_get_int (row, *gone ? COLUMN_GONE : COLUMN_NUMBER, -1);
  if (value < 0 || value > G_MAXUINT32)
    return FALSE;
  *number = (guint32) value;
  return TRUE;
}

void
kab_update_row_get_record (KabRow         *row,
                           KabStateRecord *record)
{
  const char *status = kab_row_get_text (row, COLUMN_STATUS);
  const char *history = kab_row_get_text (row, COLUMN_HISTORY);
  gint64 installed_at = kab_row_get_int (row, COLUMN_INSTALL_DATE, 0);

  memset (record, 0, sizeof *record);
  record->flags = status != NULL ? (guint32) kab_state_from_text (status, -1) : KAB_STATE_UNKNOWN;
  for (guint i = 0; i < G_N_ELEMENTS (flag_columns); i++)
    record->flags = kab_state_flags_with (record->flags, flag_columns[i].flag,
                                          kab_row_get_tristate (row, flag_columns[i].column));
  record->installed_at = (guint32) CLAMP (installed_at, 0, G_MAXUINT32);
  record->result = history != NULL ? kab_history_get_result (history) : 0;
}

const char *
kab_update_row_get_history (KabRow *row)
{
  return kab_row_get_text (row, COLUMN_HISTORY);
}

/**
 * kab_wire_read_update:
 * @object: a row of updates, or of a host's wsusupdates
 *
 * Returns: (transfer full) (nullable): the update; %NULL when it has no id
 */
KabUpdate *
kab_wire_read_update (JsonObject *object)
{
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(KabRow) row = NULL;
  g_autofree char *json = NULL;
  KabUpdateFields fields;
  gsize length;

  g_return_val_if_fail (object != NULL, NULL);

  node = json_node_init_object (json_node_alloc (), object);
  json = kab_wire_canonical (node, &length);
  row = kab_update_row_new ();
  if (!kab_row_read (row, json, length, 0, 0, NULL) || !kab_update_row_get (row, &fields, NULL))
    return NULL;
  return kab_update_new (&fields);
}
