/* package-support.h: recorded keys and packages, and archives that no honest writer makes
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <string.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "kab-archive.h"
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
signer_of (const char *certificate,
           const char *key)
{
  g_autoptr(GError) error = NULL;
  KabSigner *signer = kab_signer_new (certificate, key, NULL, &error);

  g_assert_no_error (error);
  kab_signer_set_time (signer, TEST_NOW);
  return signer;
}

/* Of tests/data/package */
static inline char *
data_file (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "data", "package", name, NULL);
}

static inline KabSigner *
data_signer (const char *certificate_name,
             const char *key_name)
{
  g_autofree char *certificate = data_file (certificate_name);
  g_autofree char *key = data_file (key_name);

  return signer_of (certificate, key);
}

static inline KabSigner *
recorded_signer_of (const char *certificate_name,
                    const char *key_name)
{
  g_autofree char *certificate = recorded (certificate_name);
  g_autofree char *key = recorded (key_name);

  return signer_of (certificate, key);
}

static inline KabSigner *
recorded_signer (void)
{
  return recorded_signer_of ("keys/self.crt", "keys/self.pem");
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
  const char *listed;     /* its name in a forged manifest, "" = it is not in there */
} TestMember;

/* Whatever names, in the given order; ends at a name that is NULL */
static inline GBytes *
zip_of (const TestMember *members)
{
  g_autoptr(KabArchiveWriter) writer = kab_archive_writer_new (-1);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  guint8 *copy;
  gsize size;

  for (const TestMember *member = members; member->name != NULL; member++)
    {
      g_autoptr(GBytes) content = g_bytes_new (member->content, strlen (member->content));

      g_assert_true (kab_archive_writer_add (writer, member->name, content, &error));
    }
  bytes = kab_archive_writer_end (writer, &error);
  g_assert_no_error (error);

  copy = g_memdup2 (g_bytes_get_data (bytes, &size), g_bytes_get_size (bytes));
  for (gsize i = 0; i + 46 < size; i++)
    if (memcmp (copy + i, "PK\1\2", 4) == 0 && members++->is_link)
      copy[i + 41] = 0xa1;         /* S_IFLNK and 0644, in the upper half of the attributes */
  return g_bytes_new_take (copy, size);
}

#define MINIMAL_CONTROL \
  "package           : demo\nversion           : 1\narchitecture      : all\nsection           : wsus\n" \
  "priority          : critical"
