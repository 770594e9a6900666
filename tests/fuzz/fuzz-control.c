/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a control record and as an index: an error, or records whose written form reads back the same. */

#include "fuzz.h"

#include <string.h>

#include "kab-package.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GPtrArray) packages = kab_package_parse_index ((const char *) data, (gssize) size, NULL);
  g_autoptr(KabPackage) package = kab_package_new_from_control ((const char *) data, (gssize) size, NULL);

  if (packages != NULL && packages->len > 0)
    g_assert_true (KAB_IS_PACKAGE (g_ptr_array_index (packages, 0)));
  if (package != NULL)
    {
      g_autofree char *name = kab_package_dup_file_name (package, "0123456789abcdef0123456789abcdef");
      g_autofree char *next = kab_version_dup_next (kab_package_get_version (package));
      g_autofree char *text = kab_package_to_control (package);
      g_autoptr(KabPackage) again = kab_package_new_from_control (text, -1, NULL);

      /* A record of index attributes only has no control. */
      if (again != NULL)
        g_assert_cmpstr (kab_package_get_name (again), ==, kab_package_get_name (package));
      g_assert_true ((next != NULL) == kab_version_is_valid (kab_package_get_version (package)));
      g_assert_cmpint (kab_package_compare (package, package), ==, 0);
      g_assert_null (strchr (name, '/'));
    }

  return 0;
}
