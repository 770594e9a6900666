/* SPDX-License-Identifier: GPL-3.0-or-later
 * Kabinet's bulk answers: what is read must also be written and read again as the same. */

#include "fuzz.h"

#include <string.h>

#include "kab-wire-bulk.h"

static gboolean
head_cb (const KabBulkHead  *head,
         gpointer            user_data,
         GError            **error)
{
  g_assert_nonnull (head->epoch);
  return TRUE;
}

static gboolean
update_cb (guint32                 number,
           const KabUpdateFields  *fields,
           gpointer                user_data,
           GError                **error)
{
  GString *out = user_data;

  if (out != NULL)
    kab_bulk_write_update (out, number, fields);
  return TRUE;
}

static gboolean
update_gone_cb (guint32    number,
                gpointer   user_data,
                GError   **error)
{
  return TRUE;
}

static gboolean
host_cb (const KabHostFields   *fields,
         const KabStateRecord  *records,
         guint                  n_records,
         const char            *history_json,
         gpointer               user_data,
         GError               **error)
{
  g_assert_true (g_utf8_validate (fields->uuid, -1, NULL));
  for (guint i = 0; n_records != G_MAXUINT && i < n_records; i++)
    g_assert_cmpuint (kab_state_record_get_reported (&records[i]), <, KAB_N_STATES);
  return TRUE;
}

static gboolean
host_gone_cb (const char  *uuid,
              gpointer     user_data,
              GError     **error)
{
  g_assert_true (g_utf8_validate (uuid, -1, NULL));
  return TRUE;
}

static const KabBulkHandler handler = { head_cb, update_cb, update_gone_cb, host_cb, host_gone_cb };

static gboolean
read_bulk (const uint8_t *data,
           size_t         size,
           size_t         piece,
           GString       *out)
{
  g_autoptr(KabBulkReader) reader = kab_bulk_reader_new (&handler, out);
  g_autoptr(GError) error = NULL;
  gboolean ok = TRUE;

  for (size_t i = 0; ok && i < size; i += piece)
    {
      g_autofree guint8 *copy = g_memdup2 (data + i, MIN (piece, size - i));

      ok = kab_bulk_reader_feed (reader, copy, MIN (piece, size - i), &error);
    }
  ok = ok && kab_bulk_reader_end (reader, &error);
  g_assert_true (ok == (error == NULL));
  return ok;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  KabBulkHead head = { (char *) "s", (char *) "e", 0, 1, TRUE, 0, 0, 0 };
  g_autoptr(GString) out = g_string_new (NULL);
  size_t piece = size > 0 ? data[size - 1] * 16 + 1 : 1;

  kab_bulk_write_head (out, "updates", &head);
  if (read_bulk (data, size, piece, out))
    {
      guint n = 0;

      for (const char *p = out->str; *p != '\0'; p++)
        n += *p == '\n';
      kab_bulk_write_end (out, n - 1);
      g_assert_true (read_bulk ((const uint8_t *) out->str, out->len, 1000, NULL));
    }
  return 0;
}
