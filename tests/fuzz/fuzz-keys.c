/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a key in PEM or PKCS#12 and as a revocation list: an error or a key, and never a long wait. */

#include "fuzz.h"

#include <glib/gstdio.h>

#include "kab-key-store.h"
#include "kab-revocation-list.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static char *folder;
  g_autoptr(GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr(KabRevocationList) list G_GNUC_UNUSED = kab_revocation_list_new (data, size, NULL);
  g_autoptr(KabKeyEntry) entry = NULL;

  if (folder == NULL)
    folder = g_dir_make_tmp ("kab-fuzz-XXXXXX", NULL);
  entry = kab_key_store_import_bytes (folder, bytes, NULL, "secretpw", "new", NULL);
  if (entry != NULL)
    {
      g_unlink (entry->key_path);
      g_unlink (entry->certificate_path);
    }
  return 0;
}
