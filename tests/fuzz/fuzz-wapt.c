/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a package and as an index, read strictly and as agents do: an error or an answer, bounded in time and memory.
 * What can be read can be signed anew, and then verifies. */

#include "fuzz.h"

#include <glib/gstdio.h>

#include "kab-error.h"
#include "kab-package-index.h"
#include "kab-package-judge.h"
#include "kab-package-resign.h"

#define SOME_DAY G_GINT64_CONSTANT (1798761600)

/* A signer whose key is made once; its files are gone at once. */
static KabSigner *
get_signer (void)
{
  static KabSigner *signer;
  g_autofree char *folder = NULL;
  g_autofree char *key = NULL;
  g_autofree char *certificate = NULL;

  if (signer != NULL)
    return signer;
  folder = g_dir_make_tmp ("kab-fuzz-XXXXXX", NULL);
  key = g_build_filename (folder, "key.pem", NULL);
  certificate = g_build_filename (folder, "key.crt", NULL);
  if (!kab_signer_generate ("Fuzz", key, certificate, NULL, TRUE, 0, NULL))
    g_error ("no key");
  signer = kab_signer_new (certificate, key, NULL, NULL);
  g_remove (key);
  g_remove (certificate);
  g_rmdir (folder);
  return signer;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr(KabPackageReader) reader = kab_package_reader_open_bytes (bytes, NULL);
  g_autoptr(GPtrArray) trusted = g_ptr_array_new ();
  g_autoptr(KabJudgement) judgement = kab_package_judge_bytes (bytes, trusted, NULL, SOME_DAY, NULL);
  g_autoptr(GPtrArray) certificates = NULL;
  g_autoptr(GPtrArray) lists = NULL;
  g_autoptr(GPtrArray) packages G_GNUC_UNUSED = kab_package_index_read_all (bytes, &certificates, &lists, NULL);

  if (judgement != NULL && judgement->outcome == KAB_JUDGEMENT_ACCEPTED)
    g_error ("trusted by nobody, and accepted");
  if (reader != NULL)
    {
      g_autoptr(GBytes) rules G_GNUC_UNUSED = kab_package_reader_read_rules (reader, NULL);
      g_autofree char *name G_GNUC_UNUSED = kab_package_dup_file_name (kab_package_reader_get_package (reader), NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) again = kab_package_resign (reader, get_signer (), NULL, NULL,
                                                    "00000000-0000-4000-8000-000000000001", 0, &error);

      /* It was checked before it came out; that it could not be signed so that it verifies would be a fault of ours. */
      if (again == NULL && g_error_matches (error, KAB_ERROR, KAB_ERROR_BAD_SIGNATURE) &&
          g_str_has_prefix (error->message, "package: agents would refuse it"))
        g_error ("%s", error->message);
    }
  return 0;
}
