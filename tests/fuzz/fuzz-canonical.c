/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any JSON: its canonical bytes are ASCII, are JSON, and are canonical. */

#include "fuzz.h"

#include <string.h>

#include "kab-wire.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(JsonNode) node = kab_wire_parse ((const char *) data, size, NULL);
  g_autoptr(JsonNode) again = NULL;
  g_autoptr(JsonNode) result = NULL;
  g_autofree char *bytes = NULL;
  g_autofree char *bytes_again = NULL;
  g_autoptr(GError) error = NULL;
  gsize length;

  if (node == NULL)
    return 0;

  bytes = kab_wire_canonical (node, &length);
  for (gsize i = 0; i < length; i++)
    g_assert_true (bytes[i] >= 0x20 && bytes[i] <= 0x7e);

  /* 1e400 is a number in JSON, but none that can be written again */
  if (strstr (bytes, "inf") == NULL)
    {
      again = kab_wire_parse (bytes, length, &error);
      g_assert_no_error (error);
      bytes_again = kab_wire_canonical (again, NULL);
      g_assert_cmpstr (bytes, ==, bytes_again);
    }

  result = kab_wire_open_envelope (node, NULL, &error);
  g_assert_true ((result == NULL) == (error != NULL));
  return 0;
}
