/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-package-contents.h"

#include "kab-client.h"
#include "kab-lookup.h"
#include "kab-package-reader.h"
#include "kab-signing.h"

static void
package_file_free (gpointer data)
{
  KabPackageFile *file = data;

  g_free (file->name);
  g_free (file->sha256);
  g_free (file);
}

void
kab_package_contents_free (KabPackageContents *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->signature, kab_signature_free);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_free (self);
}

static gboolean
add_file (const char  *member,
          const char  *sha256,
          gpointer     user_data,
          GError     **error)
{
  KabPackageFile *file = g_new0 (KabPackageFile, 1);

  file->name = g_strdup (member);
  file->sha256 = g_strdup (sha256);
  g_ptr_array_add (user_data, file);

  return TRUE;
}

static gpointer
read_contents (const KabLookup  *lookup,
               GCancellable     *cancellable,
               GError          **error)
{
  g_autoptr(KabClient) client = kab_sign_in_reuse (lookup->sign_in, cancellable, error);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(KabPackageReader) reader = NULL;
  g_autoptr(GPtrArray) trusted = NULL;
  g_autoptr(KabPackageContents) contents = NULL;

  if (client == NULL)
    return NULL;
  bytes = kab_client_read_package (client, lookup->texts[0], cancellable, error);
  reader = bytes != NULL ? kab_package_reader_open_bytes (bytes, error) : NULL;
  if (reader == NULL)
    return NULL;

  trusted = kab_signing_load_trusted (kab_sign_in_get_profile (lookup->sign_in));
  contents = g_new0 (KabPackageContents, 1);
  contents->size = g_bytes_get_size (bytes);
  contents->files = g_ptr_array_new_with_free_func (package_file_free);
  contents->signature = kab_package_reader_verify (reader, trusted, g_get_real_time () / G_USEC_PER_SEC);
  if (!kab_package_reader_digest (reader, add_file, contents->files, error))
    return NULL;

  return g_steal_pointer (&contents);
}

void
kab_session_read_contents_async (KabSession          *self,
                                 const char          *file_name,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_return_if_fail (KAB_IS_SESSION (self));
  g_return_if_fail (file_name != NULL);

  kab_lookup_run (self, kab_lookup_new (self, file_name), read_contents, (GDestroyNotify) kab_package_contents_free,
                  cancellable, callback, user_data);
}

KabPackageContents *
kab_session_read_contents_finish (KabSession    *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  return kab_lookup_finish (self, result, error);
}
