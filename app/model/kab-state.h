/* kab-state.h: the state of one update on one host, and the compact record that carries it
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KabState:
 * @KAB_STATE_UNKNOWN: nothing was reported; never counted as compliant
 * @KAB_STATE_OK: installed
 * @KAB_STATE_PENDING: allowed, not installed, and the file can be had
 * @KAB_STATE_MISSING: allowed, not installed, and neither host nor server has the file
 * @KAB_STATE_DISCARDED: not installed and not allowed (or still delayed)
 * @KAB_STATE_ERROR: allowed, not installed, and the newest try failed
 * @KAB_STATE_SUPERSEDED: replaced by an update that is pending or installed
 *
 * Source: waptwua-model § 6.4 and § 7. The words on the wire are the upper-case names.
 */
typedef enum {
  KAB_STATE_UNKNOWN,
  KAB_STATE_OK,
  KAB_STATE_PENDING,
  KAB_STATE_MISSING,
  KAB_STATE_DISCARDED,
  KAB_STATE_ERROR,
  KAB_STATE_SUPERSEDED,
} KabState;
#define KAB_N_STATES (KAB_STATE_SUPERSEDED + 1)

/* A boolean of the wire, where null is an answer of its own. */
typedef enum {
  KAB_TRISTATE_NULL,
  KAB_TRISTATE_FALSE,
  KAB_TRISTATE_TRUE,
} KabTristate;

/* The flags that HostWsus holds, two bits each (a KabTristate) in KabStateRecord.flags. */
typedef enum {
  KAB_FLAG_ALLOWED,
  KAB_FLAG_INSTALLED,
  KAB_FLAG_PRESENT,
  KAB_FLAG_HIDDEN,
  KAB_FLAG_DOWNLOADED,      /* the payload is in the host's own cache */
  KAB_FLAG_DELAYED,
} KabFlag;
#define KAB_N_FLAGS (KAB_FLAG_DELAYED + 1)

/**
 * KabStateRecord:
 * @update: number of the update in the mirror that holds this record; not a server's number
 * @flags: bits 0-3 the reported #KabState, bits 4-15 the six #KabFlag values, two bits each
 * @installed_at: Unix seconds UTC, 0 when not known
 * @result: HRESULT of the newest history entry, 0 when it succeeded or there is none
 *
 * One (host, update) pair in 16 bytes. A host's pairs are stored side by side, sorted by @update.
 * A record says what was reported; the effective state needs the server's copy too: see kab_state_derive().
 */
typedef struct {
  guint32 update;
  guint32 flags;
  guint32 installed_at;
  gint32  result;
} KabStateRecord;

G_STATIC_ASSERT (sizeof (KabStateRecord) == 16);

static inline KabState
kab_state_record_get_reported (const KabStateRecord *record)
{
  return (KabState) (record->flags & 0xf);
}

static inline KabTristate
kab_state_record_get_flag (const KabStateRecord *record,
                           KabFlag               flag)
{
  return (KabTristate) ((record->flags >> (4 + 2 * flag)) & 3);
}

static inline guint32
kab_state_flags_with (guint32     flags,
                      KabFlag     flag,
                      KabTristate value)
{
  return (flags & ~(3u << (4 + 2 * flag))) | ((guint32) value << (4 + 2 * flag));
}

/* The effective state: see kab-state.c for how word and flags are weighed. */
KabState     kab_state_derive           (const KabStateRecord *record,
                                         gboolean              server_has_files);
/* Do the reported word and the flags tell different stories (installed, to install, not to install)? Show both. */
gboolean     kab_state_disagrees        (const KabStateRecord *record);
/* Any case; @length may be -1; anything unknown is %KAB_STATE_UNKNOWN. */
KabState     kab_state_from_text        (const char           *text,
                                         gssize                length);
const char  *kab_state_get_text         (KabState              state);   /* "PENDING", as on the wire */
const char  *kab_state_get_label        (KabState              state);   /* N_() text for people */

G_END_DECLS
