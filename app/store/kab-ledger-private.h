/* kab-ledger-private.h: how a mirror hands its outbox to the ledger
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-database.h"
#include "kab-ledger.h"

G_BEGIN_DECLS

struct _KabApproval;

struct _KabLedger
{
  KabDatabase      *database;
  struct _KabStore *store;       /* (nullable): learns of damage that is met */
};

/* The next opening looks at it again. */
void       kab_store_doubt_ledger (struct _KabStore *store);

/* The texts of an approval and of a step: their columns, in the order of kab_approval_text() */
#define KAB_N_APPROVAL_TEXTS 15
#define KAB_APPROVAL_COLUMNS "deed, who, person, package, version, maturity, package_uuid, file_name, sha256, target," \
                             " signer, fingerprint, reason, gate, note"
char   **kab_approval_text  (struct _KabApproval *approval,
                             int                  i);

/* Saves what can be read of the damaged file @from into @into. Returns: rows saved */
guint64  kab_ledger_salvage (KabDatabase  *into,
                             const char   *from);

/* kab-ledger-layout.c: keeps the pages that say where tables begin, when they are not kept yet. It may fail: then it is
 * tried again at the next opening. */
void     kab_ledger_layout_keep  (const char   *path,
                                  KabDatabase  *database,
                                  guint         n_steps);
/* Puts them into @contents, a copy of the ledger at @path. FALSE: there are none that fit */
gboolean kab_ledger_layout_apply (const char   *path,
                                  guint8       *contents,
                                  gsize         length,
                                  gsize        *page_size);

/* What an outbox row means; numbers are in files, so they only grow. */
typedef enum {
  KAB_OUTBOX_HOSTS_SEEN = 1,   /* detail: uuids, each ended by NUL: their pairs were reported for the first time */
  KAB_OUTBOX_HOST_GONE  = 2,   /* subject: uuid */
  KAB_OUTBOX_CHANGES    = 3,   /* subject: uuid; detail: KabPairChange side by side */
  KAB_OUTBOX_COPY       = 4,   /* subject: update id; detail: one byte: has the server its files? */
  KAB_OUTBOX_DAY        = 5,   /* detail: KabHistoryDay as numbers of 8 bytes */
} KabOutboxKind;

#define KAB_STATE_ABSENT 15    /* the host does not report the update */

typedef struct {
  guint32 update;              /* the mirror's number */
  guint8  before;              /* KabState or KAB_STATE_ABSENT; MISSING = waits for the server's copy */
  guint8  after;
  guint16 reserved;
} KabPairChange;

G_STATIC_ASSERT (sizeof (KabPairChange) == 8);

/* Numbers of KAB_OUTBOX_DAY: the day, counts by state, hosts, compliant ones */
#define KAB_N_DAY_NUMBERS (1 + KAB_N_STATES + 2)

/**
 * kab_ledger_take:
 * @mirror: a connection that may write, outside of a transaction
 *
 * Takes what lies in the mirror's outbox, commits, then empties the outbox. Whatever is interrupted in between is
 * taken up by the next call: rows that were taken already are known by their ids.
 */
gboolean kab_ledger_take    (KabLedger    *self,
                             KabDatabase  *mirror,
                             GError      **error);

G_END_DECLS
