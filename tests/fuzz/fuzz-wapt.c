/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a package and as an index: an error or an answer, bounded in time and memory. */

#include "fuzz.h"

#include "kab-package-index.h"
#include "kab-package-reader.h"

#define SOME_DAY G_GINT64_CONSTANT (1798761600)

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr(KabPackageReader) reader = kab_package_reader_open_bytes (bytes, NULL);
  g_autoptr(GPtrArray) packages G_GNUC_UNUSED = kab_package_index_read (bytes, NULL);

  if (reader != NULL)
    {
      g_autoptr(GPtrArray) trusted = g_ptr_array_new ();
      g_autoptr(KabSignature) signature G_GNUC_UNUSED = kab_package_reader_verify (reader, trusted, SOME_DAY);
      g_autoptr(GBytes) rules G_GNUC_UNUSED = kab_package_reader_read_rules (reader, NULL);
      g_autofree char *name G_GNUC_UNUSED = kab_package_dup_file_name (kab_package_reader_get_package (reader), NULL);
    }
  return 0;
}
