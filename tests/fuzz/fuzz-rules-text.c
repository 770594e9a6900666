/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as rules that people wrote, and as what they paste: what is read is written as the same text. */

#include "fuzz.h"

#include "kab-rules-document.h"
#include "kab-rules-paste.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(KabRulesDocument) document = kab_rules_document_new_from_text ((const char *) data, (gssize) size, NULL);
  g_autoptr(KabRulesDocument) again = NULL;
  g_autofree char *text = NULL;
  g_autofree char *text_again = NULL;
  g_autoptr(GError) error = NULL;

  g_ptr_array_unref (kab_rules_paste ((const char *) data, size, NULL, NULL));
  if (document == NULL)
    return 0;

  text = kab_rules_document_to_text (document);
  again = kab_rules_document_new_from_text (text, -1, &error);
  g_assert_no_error (error);
  text_again = kab_rules_document_to_text (again);
  g_assert_cmpstr (text, ==, text_again);
  return 0;
}
