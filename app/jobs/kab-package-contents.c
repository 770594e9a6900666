/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-package-contents.h"

#include "kab-client.h"
#include "kab-package-reader.h"
#include "kab-session-private.h"
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

typedef struct {
  KabSignIn *sign_in;
  char      *file_name;
} Lookup;

static void
lookup_free (gpointer data)
{
  Lookup *lookup = data;

  g_clear_object (&lookup->sign_in);
  g_free (lookup->file_name);
  g_free (lookup);
}

static KabPackageContents *
read_contents (const Lookup  *lookup,
               GCancellable  *cancellable,
               GError       **error)
{
  g_autoptr(KabClient) client = kab_sign_in_reuse (lookup->sign_in, cancellable, error);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(KabPackageReader) reader = NULL;
  g_autoptr(GPtrArray) trusted = NULL;
  g_autoptr(KabPackageContents) contents = NULL;

  if (client == NULL)
    return NULL;
  bytes = kab_client_read_package (client, lookup->file_name, cancellable, error);
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

static void
read_in_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  GError *error = NULL;
  KabPackageContents *contents = read_contents (task_data, cancellable, &error);

  if (contents != NULL)
    g_task_return_pointer (task, contents, (GDestroyNotify) kab_package_contents_free);
  else
    g_task_return_error (task, error);
}

void
kab_session_read_contents_async (KabSession          *self,
                                 const char          *file_name,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Lookup *lookup;

  g_return_if_fail (KAB_IS_SESSION (self));
  g_return_if_fail (file_name != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  lookup = g_new0 (Lookup, 1);
  lookup->sign_in = g_object_ref (kab_session_get_sign_in (self));
  lookup->file_name = g_strdup (file_name);
  g_task_set_source_tag (task, kab_session_read_contents_async);
  g_task_set_task_data (task, lookup, lookup_free);
  g_task_run_in_thread (task, read_in_thread);
}

KabPackageContents *
kab_session_read_contents_finish (KabSession    *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
