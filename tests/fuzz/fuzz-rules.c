/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a rules file: what is read is written as the same rules. */

#include "fuzz.h"

#include "kab-wire.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(KabRuleSet) rules = kab_wire_read_rules ((const char *) data, size, "fuzz 1", NULL);
  g_autoptr(KabRuleSet) again = NULL;
  g_autofree char *text = NULL;
  g_autofree char *text_again = NULL;
  g_autoptr(GError) error = NULL;

  if (rules == NULL)
    return 0;

  text = kab_wire_write_rules (rules);
  again = kab_wire_read_rules (text, -1, "fuzz 2", &error);
  g_assert_no_error (error);
  text_again = kab_wire_write_rules (again);
  g_assert_cmpstr (text, ==, text_again);
  g_assert_null (kab_rule_set_get_dropped_keys (again)[0]);
  return 0;
}
