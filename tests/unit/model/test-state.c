/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "kab-state.h"

#define N KAB_TRISTATE_NULL
#define F KAB_TRISTATE_FALSE
#define T KAB_TRISTATE_TRUE

/* waptwua-model § 7, its table and what the word adds. */
static const struct {
  const char  *name;
  KabState     reported;
  KabTristate  installed, allowed, hidden, downloaded;
  gboolean     on_server;
  gint32       result;
  KabState     expected;
  gboolean     disagrees;
} cases[] = {
  { "installed", KAB_STATE_UNKNOWN, T, N, N, N, FALSE, 0, KAB_STATE_OK, FALSE },
  { "installed though forbidden", KAB_STATE_OK, T, F, T, N, FALSE, 0, KAB_STATE_OK, FALSE },
  { "installed whose newest try failed", KAB_STATE_OK, T, T, F, T, TRUE, -1, KAB_STATE_OK, FALSE },
  { "on the host", KAB_STATE_UNKNOWN, F, T, N, T, FALSE, 0, KAB_STATE_PENDING, FALSE },
  { "on the server", KAB_STATE_UNKNOWN, F, T, N, F, TRUE, 0, KAB_STATE_PENDING, FALSE },
  { "on the server, host silent", KAB_STATE_UNKNOWN, F, T, N, N, TRUE, 0, KAB_STATE_PENDING, FALSE },
  { "nowhere", KAB_STATE_UNKNOWN, F, T, N, F, FALSE, 0, KAB_STATE_MISSING, FALSE },
  { "nowhere, host silent", KAB_STATE_UNKNOWN, F, T, N, N, FALSE, 0, KAB_STATE_MISSING, FALSE },
  { "not allowed", KAB_STATE_UNKNOWN, F, F, N, T, TRUE, 0, KAB_STATE_DISCARDED, FALSE },
  { "hidden, not said", KAB_STATE_UNKNOWN, F, N, T, N, TRUE, 0, KAB_STATE_DISCARDED, FALSE },
  { "not hidden, not said", KAB_STATE_UNKNOWN, F, N, F, N, FALSE, 0, KAB_STATE_MISSING, FALSE },
  { "not installed is all", KAB_STATE_UNKNOWN, F, N, N, N, TRUE, 0, KAB_STATE_PENDING, FALSE },
  { "nothing at all", KAB_STATE_UNKNOWN, N, N, N, N, TRUE, 0, KAB_STATE_UNKNOWN, FALSE },
  { "only a verdict", KAB_STATE_UNKNOWN, N, T, N, N, TRUE, 0, KAB_STATE_UNKNOWN, FALSE },
  { "the word alone: ok", KAB_STATE_OK, N, N, N, N, FALSE, 0, KAB_STATE_OK, FALSE },
  { "the word alone: pending", KAB_STATE_PENDING, N, N, N, N, TRUE, 0, KAB_STATE_PENDING, FALSE },
  { "the word alone, file nowhere", KAB_STATE_PENDING, N, N, N, N, FALSE, 0, KAB_STATE_MISSING, FALSE },
  { "missing until the server has it", KAB_STATE_MISSING, F, T, F, F, TRUE, 0, KAB_STATE_PENDING, FALSE },
  { "the word alone: discarded", KAB_STATE_DISCARDED, F, N, N, N, TRUE, 0, KAB_STATE_DISCARDED, FALSE },
  { "superseded", KAB_STATE_SUPERSEDED, F, F, T, N, FALSE, 0, KAB_STATE_SUPERSEDED, FALSE },
  { "failed", KAB_STATE_ERROR, F, T, F, T, TRUE, -2145124329, KAB_STATE_ERROR, FALSE },
  { "failed, file nowhere now", KAB_STATE_ERROR, F, T, F, F, FALSE, 0, KAB_STATE_ERROR, FALSE },
  { "an old agent knows no ERROR", KAB_STATE_PENDING, F, T, F, T, TRUE, -1, KAB_STATE_ERROR, FALSE },
  { "says ok, is not", KAB_STATE_OK, F, T, F, T, TRUE, 0, KAB_STATE_PENDING, TRUE },
  { "says ok, is not and nothing more", KAB_STATE_OK, F, N, N, N, TRUE, 0, KAB_STATE_PENDING, TRUE },
  { "says pending, is installed", KAB_STATE_PENDING, T, T, F, T, TRUE, 0, KAB_STATE_OK, TRUE },
  { "says pending, is forbidden", KAB_STATE_PENDING, F, F, T, T, TRUE, 0, KAB_STATE_DISCARDED, TRUE },
  { "says discarded, is allowed", KAB_STATE_DISCARDED, F, T, F, T, TRUE, 0, KAB_STATE_PENDING, TRUE },
  { "a word from the future", (KabState) 15, N, N, N, N, TRUE, 0, KAB_STATE_UNKNOWN, FALSE },
};

static void
test_derive (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      KabStateRecord record = { 1, cases[i].reported, 0, cases[i].result };

      record.flags = kab_state_flags_with (record.flags, KAB_FLAG_INSTALLED, cases[i].installed);
      record.flags = kab_state_flags_with (record.flags, KAB_FLAG_ALLOWED, cases[i].allowed);
      record.flags = kab_state_flags_with (record.flags, KAB_FLAG_HIDDEN, cases[i].hidden);
      record.flags = kab_state_flags_with (record.flags, KAB_FLAG_DOWNLOADED, cases[i].downloaded);

      g_test_message ("%s", cases[i].name);
      g_assert_cmpint (kab_state_derive (&record, cases[i].on_server), ==, cases[i].expected);
      g_assert_cmpint (kab_state_disagrees (&record), ==, cases[i].disagrees);
    }
}

/* Whatever the bits are: a state comes out, and only "installed" or the word OK makes it OK. */
static void
test_derive_any_bits (void)
{
  for (guint32 bits = 0; bits <= 0xffff; bits++)
    for (guint more = 0; more < 4; more++)
      {
        KabStateRecord record = { 0, bits, 0, (more & 1) != 0 ? -1 : 0 };
        KabState state = kab_state_derive (&record, (more & 2) != 0);

        g_assert_cmpint (state, <, KAB_N_STATES);
        if (state == KAB_STATE_OK)
          g_assert_true (kab_state_record_get_flag (&record, KAB_FLAG_INSTALLED) == T ||
                         kab_state_record_get_reported (&record) == KAB_STATE_OK);
      }
}

static void
test_flags (void)
{
  for (guint flag = 0; flag < KAB_N_FLAGS; flag++)
    for (guint value = 0; value < 3; value++)
      {
        KabStateRecord record = { 0, kab_state_flags_with (0xffff, flag, value), 0, 0 };

        g_assert_cmpint (kab_state_record_get_flag (&record, flag), ==, (int) value);
        g_assert_cmpuint (record.flags & 0xf, ==, 0xf);
      }
}

static void
test_text (void)
{
  for (guint i = 0; i < KAB_N_STATES; i++)
    {
      g_assert_cmpint (kab_state_from_text (kab_state_get_text (i), -1), ==, (int) i);
      g_assert_cmpstr (kab_state_get_label (i), !=, "");
    }

  g_assert_cmpint (kab_state_from_text ("pending", -1), ==, KAB_STATE_PENDING);
  g_assert_cmpint (kab_state_from_text ("PENDING,", 7), ==, KAB_STATE_PENDING);
  g_assert_cmpint (kab_state_from_text ("PENDING", 4), ==, KAB_STATE_UNKNOWN);
  g_assert_cmpint (kab_state_from_text ("PENDING_UPDATES", -1), ==, KAB_STATE_UNKNOWN);
  g_assert_cmpint (kab_state_from_text ("", 0), ==, KAB_STATE_UNKNOWN);
  g_assert_cmpint (kab_state_from_text (NULL, 0), ==, KAB_STATE_UNKNOWN);
  g_assert_cmpstr (kab_state_get_text ((KabState) 99), ==, "UNKNOWN");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/state/derive", test_derive);
  g_test_add_func ("/state/derive-any-bits", test_derive_any_bits);
  g_test_add_func ("/state/flags", test_flags);
  g_test_add_func ("/state/text", test_text);
  return g_test_run ();
}
