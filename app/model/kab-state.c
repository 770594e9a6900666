/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "kab-state.h"

static const struct {
  const char *text;
  const char *label;
} states[KAB_N_STATES] = {
  [KAB_STATE_UNKNOWN] = { "UNKNOWN", N_ ("Unknown") },
  [KAB_STATE_OK] = { "OK", N_ ("Installed") },
  [KAB_STATE_PENDING] = { "PENDING", N_ ("Pending") },
  [KAB_STATE_MISSING] = { "MISSING", N_ ("Missing") },
  [KAB_STATE_DISCARDED] = { "DISCARDED", N_ ("Discarded") },
  [KAB_STATE_ERROR] = { "ERROR", N_ ("Error") },
  [KAB_STATE_SUPERSEDED] = { "SUPERSEDED", N_ ("Superseded") },
};

/* Which of the three stories does a state tell: installed, to be installed, not to be installed? */
static int
get_story (KabState state)
{
  switch (state)
    {
    case KAB_STATE_OK:
      return 1;
    case KAB_STATE_PENDING:
    case KAB_STATE_MISSING:
    case KAB_STATE_ERROR:
      return 2;
    case KAB_STATE_DISCARDED:
    case KAB_STATE_SUPERSEDED:
      return 3;
    case KAB_STATE_UNKNOWN:
    default:
      return 0;
    }
}

/* The table of waptwua-model § 7: what the flags alone say, as a story; UNKNOWN when they are silent. */
static KabState
tell_from_flags (const KabStateRecord *record)
{
  KabTristate installed = kab_state_record_get_flag (record, KAB_FLAG_INSTALLED);
  KabTristate allowed = kab_state_record_get_flag (record, KAB_FLAG_ALLOWED);
  KabTristate hidden = kab_state_record_get_flag (record, KAB_FLAG_HIDDEN);

  if (installed == KAB_TRISTATE_TRUE)
    return KAB_STATE_OK;
  if (installed == KAB_TRISTATE_NULL)
    return KAB_STATE_UNKNOWN;
  if (allowed == KAB_TRISTATE_TRUE)
    return KAB_STATE_PENDING;
  if (allowed == KAB_TRISTATE_FALSE || hidden == KAB_TRISTATE_TRUE)
    return KAB_STATE_DISCARDED;
  if (hidden == KAB_TRISTATE_FALSE)
    return KAB_STATE_PENDING;

  /* Only "not installed" is known: a word that fits is better informed, none leaves the last row of the table. */
  switch (kab_state_record_get_reported (record))
    {
    case KAB_STATE_DISCARDED:
    case KAB_STATE_SUPERSEDED:
      return KAB_STATE_DISCARDED;
    case KAB_STATE_UNKNOWN:
    case KAB_STATE_OK:
    case KAB_STATE_PENDING:
    case KAB_STATE_MISSING:
    case KAB_STATE_ERROR:
    default:
      return KAB_STATE_PENDING;
    }
}

/**
 * kab_state_derive:
 * @record: what the host reported
 * @server_has_files: has the server all files of the update?
 *
 * The effective state: the word a host reported where its flags do not say otherwise (else the table of
 * waptwua-model § 7), refined into MISSING and ERROR, which an agent of 1.8 cannot know.
 */
KabState
kab_state_derive (const KabStateRecord *record,
                  gboolean              server_has_files)
{
  KabState reported = kab_state_record_get_reported (record);
  KabState told = tell_from_flags (record);
  KabState state = reported;

  if (reported >= KAB_N_STATES)
    state = reported = KAB_STATE_UNKNOWN;

  if (told != KAB_STATE_UNKNOWN && get_story (told) != get_story (reported))
    state = told;

  if (get_story (state) != 2)
    return state;
  if (state == KAB_STATE_ERROR || record->result != 0)
    return KAB_STATE_ERROR;
  if (kab_state_record_get_flag (record, KAB_FLAG_DOWNLOADED) == KAB_TRISTATE_TRUE || server_has_files)
    return KAB_STATE_PENDING;
  return KAB_STATE_MISSING;
}

gboolean
kab_state_disagrees (const KabStateRecord *record)
{
  KabState reported = kab_state_record_get_reported (record);
  KabState told = tell_from_flags (record);

  return reported != KAB_STATE_UNKNOWN && told != KAB_STATE_UNKNOWN && get_story (told) != get_story (reported);
}

/* @length may be -1. Any case; anything else is UNKNOWN. */
KabState
kab_state_from_text (const char *text,
                     gssize      length)
{
  gsize n;

  if (text == NULL)
    return KAB_STATE_UNKNOWN;

  n = length < 0 ? strlen (text) : (gsize) length;
  for (guint i = 0; i < KAB_N_STATES; i++)
    if (strlen (states[i].text) == n && g_ascii_strncasecmp (states[i].text, text, n) == 0)
      return (KabState) i;

  return KAB_STATE_UNKNOWN;
}

const char *
kab_state_get_text (KabState state)
{
  return states[(guint) state < KAB_N_STATES ? state : KAB_STATE_UNKNOWN].text;
}

const char *
kab_state_get_label (KabState state)
{
  return states[(guint) state < KAB_N_STATES ? state : KAB_STATE_UNKNOWN].label;
}
