/* package-forge.h: packages as other programs, or nobody honest, would sign them
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "package-support.h"

#include "kab-package-private.h"

typedef enum {
  FORGE_PLAIN          = 0,
  FORGE_PRETTY         = 1 << 0,    /* manifest with white space */
  FORGE_MANIFEST_LF    = 1 << 1,    /* … with a final LF */
  FORGE_MANIFEST_CRLF  = 1 << 2,
  FORGE_MANIFEST_TWICE = 1 << 3,    /* lists a member twice, the same */
  FORGE_MANIFEST_UPPER = 1 << 4,    /* digests in capitals */
  FORGE_UNWRAPPED      = 1 << 5,    /* signature of the manifest on one line */
  FORGE_CONTROL_LF     = 1 << 6,    /* control with a final LF */
  FORGE_CONTROL_CRLF   = 1 << 7,
  FORGE_FIRST          = 1 << 8,    /* what is signed lies before the payload */
  FORGE_SHA1_ONLY      = 1 << 9,
  FORGE_NO_CERTIFICATE = 1 << 10,
} ForgeFlags;

static inline void
forge_list (GString    *manifest,
            const char *member,
            const char *content,
            gsize       size,
            ForgeFlags  flags)
{
  g_autofree char *digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guint8 *) content, size);
  g_autofree char *shown = flags & FORGE_MANIFEST_UPPER ? g_ascii_strup (digest, -1) : g_strdup (digest);
  const char *gap = flags & FORGE_PRETTY ? "\n " : flags & FORGE_MANIFEST_CRLF ? "\r\n " : "";

  for (guint i = 0; i < ((flags & FORGE_MANIFEST_TWICE) ? 2 : 1); i++)
    g_string_append_printf (manifest, "%s%s[\"%s\",%s\"%s\"]", manifest->len > 1 ? "," : "", gap, member, gap, shown);
}

static inline void
forge_member (KabArchiveWriter *writer,
              const char       *member,
              const char       *content,
              gssize            size)
{
  g_autoptr(GBytes) bytes = g_bytes_new (content, size < 0 ? strlen (content) : (gsize) size);

  g_assert_true (kab_archive_writer_add (writer, member, bytes, NULL));
}

static inline void
forge_payload (KabArchiveWriter *writer,
               const TestMember *members)
{
  for (; members != NULL && members->name != NULL; members++)
    forge_member (writer, members->name, members->content, -1);
}

/**
 * forge:
 * @control: lines without the signature
 * @canonical: the bytes that its writer signed
 * @members: (nullable): each under its name, or `listed`, in the manifest; "" leaves it out
 */
static inline GBytes *
forge (KabSigner        *signer,
       const char       *control,
       const char       *canonical,
       const TestMember *members,
       ForgeFlags        flags)
{
  g_autoptr(KabArchiveWriter) writer = kab_archive_writer_new (-1);
  g_autofree char *signature = kab_signer_sign (signer, canonical, strlen (canonical), NULL);
  const char *chain = kab_certificate_get_chain_pem (kab_signer_get_certificate (signer));
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GString) manifest = g_string_new ("[");
  g_autoptr(GString) seal = g_string_new (NULL);
  g_autofree char *base64 = NULL;
  GBytes *bytes;

  g_string_append_printf (text, "%s\nsignature         : %s", control, signature);
  if (flags & FORGE_CONTROL_LF)
    g_string_append_c (text, '\n');
  if (flags & FORGE_CONTROL_CRLF)
    g_string_replace (text, "\n", "\r\n", 0);
  for (const TestMember *member = members; member != NULL && member->name != NULL; member++)
    if (member->listed == NULL || *member->listed != '\0')
      forge_list (manifest, member->listed != NULL ? member->listed : member->name, member->content,
                  strlen (member->content), flags);
  forge_list (manifest, "WAPT/control", text->str, text->len, flags);
  if (!(flags & FORGE_NO_CERTIFICATE))
    forge_list (manifest, "WAPT/certificate.crt", chain, strlen (chain), flags);
  g_string_append (manifest, flags & FORGE_MANIFEST_LF ? "]\n" : "]");

  base64 = kab_signer_sign (signer, manifest->str, manifest->len, NULL);
  for (gsize i = 0; i < strlen (base64); i += 76)
    g_string_append_printf (seal, "%.76s%s", base64 + i, flags & FORGE_UNWRAPPED ? "" : "\n");

  if (!(flags & FORGE_FIRST))
    forge_payload (writer, members);
  forge_member (writer, "WAPT/control", text->str, (gssize) text->len);
  if (!(flags & FORGE_NO_CERTIFICATE))
    forge_member (writer, "WAPT/certificate.crt", chain, -1);
  forge_member (writer, flags & FORGE_SHA1_ONLY ? "WAPT/manifest.sha1" : "WAPT/manifest.sha256", manifest->str,
                (gssize) manifest->len);
  forge_member (writer, flags & FORGE_SHA1_ONLY ? "WAPT/signature" : "WAPT/signature.sha256", seal->str, (gssize) seal->len);
  if (flags & FORGE_FIRST)
    forge_payload (writer, members);
  bytes = kab_archive_writer_end (writer, NULL);
  g_assert_nonnull (bytes);
  return bytes;
}

/* A whole and honest control of @section, signed; only the members are somebody's. */
static inline GBytes *
forge_members (KabSigner        *signer,
               const char       *section,
               const TestMember *members)
{
  g_autoptr(KabArchiveWriter) writer = kab_archive_writer_new (-1);
  g_autoptr(GHashTable) attributes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(JsonArray) manifest = json_array_new ();
  g_autoptr(KabPackage) package = NULL;
  GBytes *bytes;

  g_hash_table_insert (attributes, (gpointer) "package", (gpointer) "demo");
  g_hash_table_insert (attributes, (gpointer) "version", (gpointer) "1");
  g_hash_table_insert (attributes, (gpointer) "architecture", (gpointer) "all");
  g_hash_table_insert (attributes, (gpointer) "section", (gpointer) section);
  g_hash_table_insert (attributes, (gpointer) "priority", (gpointer) "critical");
  package = kab_package_seal_control (attributes, signer, "00000000-0000-4000-8000-000000000001",
                                      "2026-12-01T00:00:00.000000", FALSE, NULL);
  g_assert_nonnull (package);
  for (const TestMember *member = members; member != NULL && member->name != NULL; member++)
    {
      g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, member->content, -1);

      if (member->listed == NULL || *member->listed != '\0')
        kab_package_manifest_add (manifest, member->listed != NULL ? member->listed : member->name, digest);
    }
  forge_payload (writer, members);
  g_assert_true (kab_package_seal (writer, manifest, package, signer, NULL));
  bytes = kab_archive_writer_end (writer, NULL);
  g_assert_nonnull (bytes);
  return bytes;
}

/* The @n-th header of the directory in @data, whose size is @size */
static inline guint8 *
central_header (guint8 *data,
                gsize   size,
                guint   n)
{
  for (gsize i = 0; i + 46 < size; i++)
    if (memcmp (data + i, "PK\1\2", 4) == 0 && n-- == 0)
      return data + i;
  g_assert_not_reached ();
}
