/* kab-package-deed.h: how a deed on packages is prepared, written down and carried out; only for the jobs that do
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-client.h"
#include "kab-ledger-deeds.h"
#include "kab-package-job.h"
#include "kab-package-reader.h"
#include "kab-package.h"
#include "kab-set-text.h"
#include "kab-signer.h"

G_BEGIN_DECLS

/* What an upload expects to find on the server. Anything else there means that somebody was faster. */
#define KAB_EXPECT_ANYTHING "anything"
#define KAB_EXPECT_NONE     "none"       /* no package of that name, no file of that host */
#define KAB_EXPECT_NEWEST   "newest "    /* and a package_uuid: the newest of that name */
#define KAB_EXPECT_LISTED   "listed "    /* and a package_uuid: the index has it */
#define KAB_EXPECT_FILE     "file "      /* and a SHA-256: the file of that host */
#define KAB_EXPECT_FREE     "free"       /* no other package of that name, version and maturity */

/* One deed while it runs, on the stack of its run(). Only @entry is filled by the job. */
struct _KabPackageDeed {
  KabPackageJob   *job;
  KabSignIn       *sign_in;
  KabMirror       *mirror;
  GCancellable    *cancellable;
  KabLedger       *ledger;
  KabClient       *client;       /* NULL until kab_package_deed_connect() */
  KabSigner       *signer;       /* NULL until kab_package_deed_get_signer() */
  GPtrArray       *trusted;      /* (element-type KabCertificate) */
  KabJournalEntry *entry;
  gboolean         saves;        /* to a file, and not to the server */
  gboolean         is_quiet;     /* an older deed, of which the job does not tell */
  int              lock;
};

/* kab-package-row.c; main thread */
KabPackageRow   *kab_package_row_new           (const char           *id,
                                                const char           *name);
void             kab_package_row_show          (KabPackageRow        *self,
                                                KabPackageStepState   state,
                                                const char           *message,
                                                const char           *signer);

/* kab-package-job.c. For constructors: */
void             kab_package_job_set_up        (KabPackageJob        *self,
                                                KabSignIn            *sign_in,
                                                KabMirror            *mirror,
                                                const char           *kind,
                                                const char           *subject);
KabSignIn       *kab_package_job_get_sign_in   (KabPackageJob        *self);
KabMirror       *kab_package_job_get_mirror    (KabPackageJob        *self);
const char      *kab_package_job_get_reason    (KabPackageJob        *self);   /* never NULL */
/* For run(), any thread. The subject for people: "demo-wua-base 13" */
void             kab_package_job_name          (KabPackageJob        *self,
                                                const char           *package,
                                                const char           *version);
guint            kab_package_job_add_row       (KabPackageJob        *self,
                                                const char           *id,
                                                const char           *name);
/* NULL keeps a text */
void             kab_package_job_show_row      (KabPackageJob        *self,
                                                guint                 row,
                                                KabPackageStepState   state,
                                                const char           *message,
                                                const char           *signer);
void             kab_package_job_set_gate_text (KabPackageJob        *self,
                                                const char           *gate);
void             kab_package_job_add_left      (KabPackageJob        *self,
                                                const char           *file_name);
/* Has somebody looked at what this signer signed? */
gboolean         kab_package_job_accepts       (KabPackageJob        *self,
                                                const char           *fingerprint);
/* @conflict: taken over */
void             kab_package_job_take_conflict (KabPackageJob        *self,
                                                KabPackageConflict   *conflict);
/* The approvals that were written, oldest first; before DONE empty */
void             kab_package_job_add_approval  (KabPackageJob        *self,
                                                KabApproval          *approval);
/* For prepare(): an approval's words of this job: who, person, signer, reason, gate, note */
void             kab_package_job_fill_approval (KabPackageJob        *self,
                                                KabPackageDeed       *deed,
                                                KabApproval          *approval);

/* kab-package-deed.c: what prepare() is made of */
gboolean         kab_package_deed_connect      (KabPackageDeed       *self,
                                                GError              **error);
KabSigner       *kab_package_deed_get_signer   (KabPackageDeed       *self,
                                                GError              **error);
/* (element-type KabPackage): as the server has it at this moment */
GPtrArray       *kab_package_deed_read_index   (KabPackageDeed       *self,
                                                GError              **error);
KabPackage      *kab_package_index_find_newest (GPtrArray            *index,
                                                const char           *name);
KabPackage      *kab_package_index_find        (GPtrArray            *index,
                                                const char           *attribute,
                                                const char           *value);
/* Of the name, version, architecture and locale of @package */
KabPackage      *kab_package_index_find_same   (GPtrArray            *index,
                                                KabPackage           *package,
                                                const char           *maturity);

/* kab-package-keep.c. The file behind a record; KAB_ERROR_BAD_DATA when it is not what the index says */
GBytes          *kab_package_deed_download     (KabPackageDeed       *self,
                                                KabPackage           *record,
                                                GError              **error);
/* Is it larger than what can be fetched from the server? */
gboolean         kab_package_is_too_big        (KabPackage           *record);
/* Its copy, kept here: fetched, unless it is here already. What could not be sent again counts as none. Returns: (transfer
 * full): its SHA-256; with an error that does not stop all (below) it cannot be had */
char            *kab_package_deed_keep_listed  (KabPackageDeed       *self,
                                                KabPackage           *record,
                                                GError              **error);
/**
 * KabPackageVerdict: what a signature that fits is worth.
 * @is_trusted: we trust the signer, or did while his certificate was good, or somebody vouches for him
 */
typedef struct {
  gboolean  is_trusted;
  gboolean  is_expired;
  char     *signer;
  char     *fingerprint;
} KabPackageVerdict;

void             kab_package_verdict_clear     (KabPackageVerdict    *verdict);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KabPackageVerdict, kab_package_verdict_clear)

/* KAB_ERROR_BAD_SIGNATURE when it does not fit, or is revoked */
gboolean         kab_package_deed_judge        (KabPackageDeed       *self,
                                                KabPackageReader     *reader,
                                                KabPackageVerdict    *verdict,
                                                GError              **error);
/* The same, and an error when people have to look at the signer first */
gboolean         kab_package_deed_judge_trusted (KabPackageDeed      *self,
                                                KabPackageReader     *reader,
                                                GError              **error);
/* A new package: kept here, and a step. NULL with @error */
KabJournalStep  *kab_package_deed_add_upload   (KabPackageDeed       *self,
                                                GBytes               *bytes,
                                                const char           *expected,
                                                guint                 row,
                                                GError              **error);
/* A copy of what is about to go or to be replaced. Returns: (transfer full): its SHA-256 */
char            *kab_package_deed_keep         (KabPackageDeed       *self,
                                                GBytes               *bytes,
                                                KabPackage           *package,
                                                GError              **error);
KabJournalStep  *kab_package_deed_add_delete   (KabPackageDeed       *self,
                                                KabPackage           *record,
                                                const char           *sha256,    /* (nullable): no copy */
                                                guint                 row);
/* One more line of what the approval log says about it */
void             kab_package_deed_add_note     (KabJournalStep       *step,
                                                const char           *words);
/* The next version of a name: newer than all that the server has, that was published from here, and @base. @index and @base
 * may be %NULL */
char            *kab_package_deed_dup_next_version (KabPackageDeed   *self,
                                                GPtrArray            *index,
                                                const char           *name,
                                                const char           *base,
                                                GError              **error);
/* "<package>.wapt", as § 7 of the format writes it */
char            *kab_package_deed_dup_host_file (const char          *uuid);

/* kab-package-look.c: what the server has in the place of an upload */
typedef enum {
  KAB_SEEN_OURS,
  KAB_SEEN_HALF,          /* the file is there and the index does not know it yet */
  KAB_SEEN_EXPECTED,
  KAB_SEEN_OTHER,
} KabSeen;

/* @other: (out) (optional) (nullable): the newest of that name */
gboolean         kab_package_deed_look         (KabPackageDeed       *self,
                                                KabJournalStep       *step,
                                                KabSeen              *seen,
                                                KabPackage          **other,
                                                GError              **error);
/* Is it there, listed, and byte by byte what we made? Else an error. Fills the step's file name. */
gboolean         kab_package_deed_check        (KabPackageDeed       *self,
                                                KabJournalStep       *step,
                                                GError              **error);
/* Whose file a step is about: a package's name, also where the approval names what was assigned */
const char      *kab_package_deed_get_name     (const KabJournalStep *step);

/* kab-package-steps.c: carries out deed->entry: begins it if it is new, does what is left to do, ends it. With an error
 * KAB_ERROR_NETWORK, AUTH, UNTRUSTED or cancelled in the middle it stays open for the next start. */
gboolean         kab_package_steps_run         (KabPackageDeed       *self,
                                                GError              **error);
/* The line, the disk or the sign-in: a step cannot be blamed for these, so the deed stops and stays open. */
gboolean         kab_package_deed_stops        (const GError         *error);
/* All deeds that are open in the journal; the lock is held, so nobody is at them. */
gboolean         kab_package_steps_resume      (KabPackageDeed       *self,
                                                gboolean              shows_rows,
                                                GError              **error);

G_END_DECLS
