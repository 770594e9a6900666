/* SPDX-License-Identifier: GPL-3.0-or-later
 * The two big answers of the open interface, in pieces of a size that the first byte chooses. */

#include "fuzz.h"

#include <string.h>

#include "kab-wire-rows.h"

static gboolean
host_cb (const KabHostFields  *fields,
         gpointer              user_data,
         GError              **error)
{
  g_assert_true (g_utf8_validate (fields->uuid, -1, NULL));
  if (fields->users != NULL)
    g_assert_true (g_utf8_validate (fields->users, -1, NULL));
  if (fields->status_json != NULL)
    g_assert_true (g_utf8_validate (fields->status_json, -1, NULL));
  return TRUE;
}

static gboolean
update_cb (const KabUpdateFields  *fields,
           guint64                 fingerprint,
           const KabStateRecord   *record,
           const char             *history_json,
           gpointer                user_data,
           GError                **error)
{
  g_assert_true (g_utf8_validate (fields->update_id, -1, NULL));
  if (fields->title != NULL)
    g_assert_true (g_utf8_validate (fields->title, -1, NULL));
  g_assert_cmpuint (kab_state_record_get_reported (record), <, KAB_N_STATES);
  return TRUE;
}

static void
read_rows (KabRowsReader *reader,
           const uint8_t *data,
           size_t         size,
           size_t         piece)
{
  g_autoptr(GError) error = NULL;
  gboolean ok = TRUE;

  for (size_t i = 0; ok && i < size; i += piece)
    {
      /* a copy, so that a sanitizer sees every byte read past it */
      g_autofree guint8 *copy = g_memdup2 (data + i, MIN (piece, size - i));

      ok = kab_rows_reader_feed (reader, copy, MIN (piece, size - i), &error);
    }
  ok = ok && kab_rows_reader_end (reader, &error);
  g_assert_true (ok == (error == NULL));
  kab_rows_reader_free (reader);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  size_t piece = size > 0 ? data[size - 1] * 16 + 1 : 1;

  read_rows (kab_rows_reader_new_hosts (host_cb, NULL), data, size, piece);
  read_rows (kab_rows_reader_new_updates (update_cb, NULL), data, size, piece);
  return 0;
}
