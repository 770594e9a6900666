/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-package"

#include "config.h"

#include "kab-package-builder.h"

#include <string.h>

#include "kab-control.h"
#include "kab-error.h"
#include "kab-package-private.h"

struct _KabPackageBuilder
{
  GHashTable *attributes;   /* (element-type utf8 utf8) */
  GHashTable *members;      /* (element-type utf8 GBytes) */
};

KabPackageBuilder *
kab_package_builder_new (void)
{
  KabPackageBuilder *self = g_new0 (KabPackageBuilder, 1);

  self->attributes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->members = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  return self;
}

void
kab_package_builder_free (KabPackageBuilder *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->attributes);
  g_hash_table_unref (self->members);
  g_free (self);
}

void
kab_package_builder_set (KabPackageBuilder *self,
                         const char        *attribute,
                         const char        *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (attribute != NULL);
  g_return_if_fail (value != NULL);

  g_hash_table_replace (self->attributes, g_ascii_strdown (attribute, -1), kab_control_normalise (value));
}

void
kab_package_builder_add (KabPackageBuilder *self,
                         const char        *member,
                         GBytes            *content)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (member != NULL);
  g_return_if_fail (content != NULL);

  g_hash_table_replace (self->members, g_strdup (member), g_bytes_ref (content));
}

static gboolean
add_payload (KabPackageBuilder  *self,
             KabArchiveWriter   *writer,
             JsonArray          *manifest,
             GError            **error)
{
  g_autoptr(GList) names = g_list_sort (g_hash_table_get_keys (self->members), (GCompareFunc) strcmp);
  g_autoptr(GHashTable) folded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (GList *l = names; l != NULL; l = l->next)
    {
      GBytes *content = g_hash_table_lookup (self->members, l->data);
      g_autofree char *digest = NULL;

      /* Two names that differ only in case break the agents' check on Windows, § 14.9. */
      if (!kab_archive_check_name (l->data, error))
        return FALSE;
      if (g_strv_contains (kab_package_sealed_members, l->data) || !g_hash_table_add (folded, g_utf8_casefold (l->data, -1)))
        {
          g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, "package: %s cannot be a member", (char *) l->data);
          return FALSE;
        }
      if (!kab_archive_writer_add (writer, l->data, content, error))
        return FALSE;
      digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, content);
      kab_package_manifest_add (manifest, l->data, digest);
    }
  return TRUE;
}

static gboolean
has_code (KabPackageBuilder *self)
{
  GHashTableIter iter;
  gpointer member;

  g_hash_table_iter_init (&iter, self->members);
  while (g_hash_table_iter_next (&iter, &member, NULL))
    if (kab_package_is_code (member))
      return TRUE;
  return FALSE;
}

GBytes *
kab_package_builder_sign (KabPackageBuilder  *self,
                          KabSigner          *signer,
                          const char         *uuid,
                          gint64              signature_date_usec,
                          GError            **error)
{
  g_autoptr(KabArchiveWriter) writer = kab_archive_writer_new (-1);
  g_autoptr(JsonArray) manifest = json_array_new ();
  g_autofree char *date = kab_package_format_date (signature_date_usec);
  g_autoptr(KabPackage) package = NULL;
  g_autoptr(GBytes) bytes = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (KAB_IS_SIGNER (signer), NULL);
  g_return_val_if_fail (uuid != NULL, NULL);

  package = kab_package_seal_control (self->attributes, signer, uuid, date, has_code (self), error);
  if (package == NULL || !add_payload (self, writer, manifest, error) ||
      !kab_package_seal (writer, manifest, package, signer, error))
    return NULL;
  bytes = kab_archive_writer_end (writer, error);
  if (bytes == NULL || !kab_package_check_sealed (kab_archive_open_bytes (bytes, FALSE, error), signer, error))
    return NULL;
  return g_steal_pointer (&bytes);
}
