/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any text as a certificate chain: an error or an identity, and a chain search that ends. */

#include "fuzz.h"

#include "kab-certificate.h"

#define SOME_DAY G_GINT64_CONSTANT (1798761600)

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(KabCertificate) certificate = kab_certificate_new_from_pem ((const char *) data, size, NULL);

  if (certificate != NULL)
    {
      g_autoptr(GPtrArray) trusted = g_ptr_array_new ();

      kab_certificate_check (certificate, trusted, SOME_DAY);
      g_ptr_array_add (trusted, certificate);
      kab_certificate_check (certificate, trusted, SOME_DAY);
      kab_certificate_verify (certificate, data, size, data, MIN (size, 256));
    }
  return 0;
}
