/* kab-ledger-deeds.h: what people decided: approval log, journal of deeds that are under way, kept copies, drafts
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-approval.h"
#include "kab-ledger.h"

G_BEGIN_DECLS

/* Numbers are in files, so they only grow. */
typedef enum {
  KAB_STEP_UPLOAD = 1,      /* the copy @sha256 goes to the server */
  KAB_STEP_DELETE = 2,      /* the file @file_name goes */
} KabStepKind;

typedef enum {
  KAB_STEP_PLANNED = 0,
  KAB_STEP_BEGUN = 1,       /* it may or may not have happened: the server knows */
  KAB_STEP_DONE = 2,        /* seen on the server */
  KAB_STEP_FAILED = 3,
  KAB_STEP_OVERTAKEN = 4,   /* somebody else changed what it was meant for */
  KAB_STEP_LEFT = 5,        /* the account may not */
} KabStepState;

/* One upload or removal of a deed. Texts may be %NULL and are read back as "". */
typedef struct {
  KabStepKind   kind;
  KabStepState  state;
  char         *section;        /* "host": the folder of hosts; else the index */
  char         *expected;       /* what must be there, in the words of jobs/kab-deed.h */
  char         *file_name;      /* of an upload: once the server told it */
  char         *message;
  KabApproval  *approval;       /* its line in the approval log, when it is done */
  guint         row;            /* for whoever shows it; not kept */
} KabJournalStep;

/* One deed. */
typedef struct {
  gint64        id;             /* 0 before it is begun */
  gint64        begun_at;
  char         *deed;
  char         *draft_id;       /* goes when the deed is finished; "" */
  GPtrArray    *steps;          /* (element-type KabJournalStep) */
} KabJournalEntry;

KabJournalEntry *kab_journal_entry_new    (const char       *deed);
void             kab_journal_entry_free   (KabJournalEntry  *self);
/* (transfer none): a new step, whose approval has its deed only */
KabJournalStep  *kab_journal_entry_add    (KabJournalEntry  *self,
                                           KabStepKind       kind);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabJournalEntry, kab_journal_entry_free)

/* A place where a test can make the process die (kab-fault.h), for deeds, which cannot see that room */
void             kab_journal_fault_point  (const char       *name);

/* An approval whose texts are all "" */
KabApproval *kab_approval_new             (const char       *deed);

/* Each of these is safe on disk when it returns, wholly or not at all. */
gboolean     kab_ledger_begin_deed        (KabLedger        *self,
                                           KabJournalEntry  *entry,
                                           GError          **error);
/* How a step stands; G_MAXUINT: all of them */
gboolean     kab_ledger_note_step         (KabLedger        *self,
                                           KabJournalEntry  *entry,
                                           guint             number,
                                           GError          **error);
/* Closes it. Steps that are DONE get their lines in the approval log, dated @now, in the same transaction, unless their
 * approval has no deed; each line's id is set. With at least one step DONE the draft goes too. */
gboolean     kab_ledger_end_deed          (KabLedger        *self,
                                           KabJournalEntry  *entry,
                                           gint64            now,
                                           GError          **error);
/* (element-type KabJournalEntry): those that did not end, oldest first */
GPtrArray   *kab_ledger_read_open_deeds   (KabLedger        *self,
                                           GError          **error);

/* (element-type KabApproval), newest first. @package: (nullable). @limit: 0 = all */
GPtrArray   *kab_ledger_read_approvals    (KabLedger        *self,
                                           const char       *package,
                                           guint             limit,
                                           GError          **error);

/* A copy that is kept beside the ledger: @approval's package, version, maturity, uuid, signer and sha256; @at its
 * signature date. Once there it stays. */
gboolean     kab_ledger_add_kept          (KabLedger        *self,
                                           KabApproval      *kept,
                                           GError          **error);
/* FALSE too when it cannot be told */
gboolean     kab_ledger_has_kept          (KabLedger        *self,
                                           const char       *sha256);
/* (element-type KabApproval), newest first */
GPtrArray   *kab_ledger_read_kept         (KabLedger        *self,
                                           const char       *package,
                                           GError          **error);

/* (element-type KabDraft), newest first */
GPtrArray   *kab_ledger_read_drafts       (KabLedger        *self,
                                           GError          **error);
/* Replaces the one with its id */
gboolean     kab_ledger_write_draft       (KabLedger        *self,
                                           KabDraft         *draft,
                                           GError          **error);
gboolean     kab_ledger_delete_draft      (KabLedger        *self,
                                           const char       *id,
                                           GError          **error);

G_END_DECLS
