/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any text as a result code, a version, a duration or an update id: small parsers that must not stumble. */

#include "fuzz.h"

#include <string.h>

#include "kab-duration.h"
#include "kab-result-code.h"
#include "kab-update.h"
#include "kab-version.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *sha1 = kab_download_url_dup_sha1 (text);
  g_autofree char *name = kab_download_url_dup_name (text);
  guint32 code;
  gsize length;

  g_assert_true (sha1 == NULL || name != NULL);
  if (kab_result_code_parse (text, &code))
    {
      g_autofree char *spelled = kab_result_code_format (code);
      guint32 again;

      g_assert_true (kab_result_code_parse (spelled, &again));
      g_assert_cmpuint (again, ==, code);
      kab_result_code_lookup (code);
      kab_result_code_get_facility (code);
    }

  kab_operation_result_is_failure (text);
  g_assert_cmpint (kab_duration_parse (text), >=, -1);
  kab_update_id_split (text, &length);
  g_assert_cmpuint (length, <=, strlen (text));
  if (kab_version_is_valid (text))
    {
      g_autofree char *next = kab_version_dup_next (text);

      g_assert_cmpint (kab_version_compare (text, text), ==, 0);
      g_assert_true (kab_version_is_valid (next));
    }

  return 0;
}
