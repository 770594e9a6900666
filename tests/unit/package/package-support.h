/* package-support.h: recorded keys and packages, and archives that no honest writer makes
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <string.h>

#include <archive.h>
#include <archive_entry.h>
#include <glib.h>
#include <glib/gstdio.h>

#include "kab-error.h"
#include "kab-package-reader.h"
#include "kab-signer.h"

/* 2027-01-01, when the recorded certificates are valid */
#define TEST_NOW G_GINT64_CONSTANT (1798761600)

static inline char *
recorded (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "data", "wapt-1.8.2", name, NULL);
}

static inline KabCertificate *
recorded_certificate (const char *name)
{
  g_autofree char *path = recorded (name);
  g_autoptr(GError) error = NULL;
  KabCertificate *certificate = kab_certificate_new_from_file (path, &error);

  g_assert_no_error (error);
  return certificate;
}

static inline KabSigner *
recorded_signer (void)
{
  g_autofree char *certificate = recorded ("keys/self.crt");
  g_autofree char *key = recorded ("keys/self.pem");
  g_autoptr(GError) error = NULL;
  KabSigner *signer = kab_signer_new (certificate, key, NULL, &error);

  g_assert_no_error (error);
  kab_signer_set_time (signer, TEST_NOW);
  return signer;
}

/* (element-type KabCertificate): the named keys, NULL-terminated */
static inline GPtrArray *
trust (const char *first,
       ...)
{
  GPtrArray *trusted = g_ptr_array_new_with_free_func (g_object_unref);
  va_list names;

  va_start (names, first);
  for (const char *name = first; name != NULL; name = va_arg (names, const char *))
    g_ptr_array_add (trusted, recorded_certificate (name));
  va_end (names);
  return trusted;
}

typedef struct {
  const char *name;
  const char *content;
  gboolean    is_link;
} TestMember;

/* Whatever names, in the given order; ends at a name that is NULL */
static inline GBytes *
zip_of (const TestMember *members)
{
  struct archive *archive = archive_write_new ();
  char *buffer = g_malloc (1024 * 1024);
  size_t used = 0;

  archive_write_set_format_zip (archive);
  archive_write_set_bytes_in_last_block (archive, 1);
  g_assert_cmpint (archive_write_open_memory (archive, buffer, 1024 * 1024, &used), ==, ARCHIVE_OK);
  for (; members->name != NULL; members++)
    {
      struct archive_entry *entry = archive_entry_new ();

      archive_entry_set_pathname (entry, members->name);
      archive_entry_set_filetype (entry, members->is_link ? AE_IFLNK : AE_IFREG);
      archive_entry_set_perm (entry, 0644);
      if (members->is_link)
        archive_entry_set_symlink (entry, members->content);
      else
        archive_entry_set_size (entry, strlen (members->content));
      g_assert_cmpint (archive_write_header (archive, entry), ==, ARCHIVE_OK);
      if (!members->is_link)
        archive_write_data (archive, members->content, strlen (members->content));
      archive_entry_free (entry);
    }
  archive_write_close (archive);
  archive_write_free (archive);
  return g_bytes_new_take (buffer, used);
}

#define MINIMAL_CONTROL \
  "package           : demo\nversion           : 1\narchitecture      : all\nsection           : wsus\n" \
  "priority          : critical"
