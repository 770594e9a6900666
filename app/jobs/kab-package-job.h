/* kab-package-job.h: base of all deeds that change packages on the server: publish, assign, promote, roll back, delete
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-job.h"
#include "kab-mirror.h"
#include "kab-sign-in.h"

G_BEGIN_DECLS

typedef struct _KabSigner KabSigner;
typedef struct _KabRulesDocument KabRulesDocument;

/**
 * KabPackageJob:
 *
 * All of them go the same way. First everything is prepared and nothing is changed: what is on the server is read and
 * checked, new packages are built, signed, verified with the eyes of an agent, and kept here. Then the plan is written
 * into the journal. Then each step is done, checked on the server, and noted. At the end the approval log gets its lines.
 * So whatever breaks off in between, at the next start (kab-journal.h) a deed that has changed something is finished,
 * and one that has not is as if it had never begun.
 *
 * One deed at a time: another of the same server, in this program or in kabinetctl, waits ("waiting").
 *
 * Steps, for kab_job_get_step(): "waiting", "connecting", "reading", "signing", "uploading", "checking", "deleting",
 * "saving". Who runs it syncs afterwards; the session does.
 */
#define KAB_TYPE_PACKAGE_JOB (kab_package_job_get_type ())
G_DECLARE_DERIVABLE_TYPE (KabPackageJob, kab_package_job, KAB, PACKAGE_JOB, KabJob)

typedef struct _KabPackageDeed KabPackageDeed;

/**
 * KabPackageJobClass: for the jobs of this room only.
 * @prepare: reads, checks, signs, and adds steps to the deed's plan; changes nothing anywhere but copies kept here
 * @undo: (nullable)
 */
struct _KabPackageJobClass
{
  KabJobClass parent_class;

  gboolean        (*prepare) (KabPackageJob   *self,
                              KabPackageDeed  *deed,
                              GError         **error);
  KabPackageJob * (*undo)    (KabPackageJob   *self);
};

/* How one target or file of a deed stands. */
typedef enum {
  KAB_PACKAGE_STEP_WAITING,
  KAB_PACKAGE_STEP_RUNNING,
  KAB_PACKAGE_STEP_DONE,        /* seen on the server */
  KAB_PACKAGE_STEP_UNCHANGED,   /* it was so already */
  KAB_PACKAGE_STEP_FAILED,      /* "message" has the log's words */
  KAB_PACKAGE_STEP_ENCRYPTED,   /* an encrypted host package: never overwritten */
  KAB_PACKAGE_STEP_UNTRUSTED,   /* signed by somebody we do not trust, whom "message" names: left as it is until the
                                 * signer is accepted, see kab_package_job_accept_signer() */
  KAB_PACKAGE_STEP_OVERTAKEN,   /* somebody else changed it meanwhile: left as it is */
  KAB_PACKAGE_STEP_LEFT,        /* a file that the account may not delete: it is still there */
} KabPackageStepState;
#define KAB_N_PACKAGE_STEP_STATES (KAB_PACKAGE_STEP_LEFT + 1)

const char *kab_package_step_state_get_text  (KabPackageStepState state);    /* "waiting", "done" … */
const char *kab_package_step_state_get_label (KabPackageStepState state);    /* N_() text for people */

/* One target or file. Main thread; "state" and "message" notify. */
#define KAB_TYPE_PACKAGE_ROW (kab_package_row_get_type ())
G_DECLARE_FINAL_TYPE (KabPackageRow, kab_package_row, KAB, PACKAGE_ROW, GObject)

/* "host 4C4C…", "unit OU=…", "group grp-x", "profile x"; or the name of a file */
const char         *kab_package_row_get_id        (KabPackageRow *self);
const char         *kab_package_row_get_name      (KabPackageRow *self);    /* for people: "pc-00042" */
KabPackageStepState kab_package_row_get_state     (KabPackageRow *self);
const char         *kab_package_row_get_message   (KabPackageRow *self);    /* "" or the log's words, for Details */
/* Hex SHA-256 of the certificate of an UNTRUSTED row's signer, else "" */
const char         *kab_package_row_get_signer    (KabPackageRow *self);

/* What people say of a deed. Before it runs. */
/* @signer: (nullable): whose key signs; NULL = the profile's, with the passphrase that is known (kab-secrets.h) */
void        kab_package_job_set_signer  (KabPackageJob *self,
                                         KabSigner     *signer);
void        kab_package_job_set_reason  (KabPackageJob *self,
                                         const char    *reason);
/* Attached to the approval log: summary of the forecast, findings of lint */
void        kab_package_job_set_note    (KabPackageJob *self,
                                         const char    *note);
/* Somebody looked at what this one signed and vouches for it: hex SHA-256 of a certificate */
void        kab_package_job_accept_signer (KabPackageJob *self,
                                         const char    *fingerprint);
/* Saves the signed package as this file, or several in this folder, and changes nothing on the server. */
void        kab_package_job_set_out     (KabPackageJob *self,
                                         const char    *path);

/* What came of it. Rows exist as soon as the targets are known, the rest when it ended; main thread. */
GListModel *kab_package_job_get_rows    (KabPackageJob *self);              /* (transfer none): of KabPackageRow */
guint       kab_package_job_count       (KabPackageJob       *self,
                                         KabPackageStepState  state);
/* (element-type KabApproval) (transfer none): what went into the approval log */
GPtrArray  *kab_package_job_get_approvals (KabPackageJob *self);
/* Names of files that had to go and are still there, because the account may not delete; or NULL */
const char * const *kab_package_job_get_left (KabPackageJob *self);

/**
 * KabPackageConflict: what is on the server instead of what the editing began with. The job failed with
 * %KAB_ERROR_CONFLICT. Who has seen the difference and goes on all the same takes @package_uuid and @version as the new
 * base (kab_rules_document_set_base()) and publishes again.
 *
 * @text: (nullable): the other's rules document as text; NULL: the package is gone, or is none of rules
 */
typedef struct {
  char *package;
  char *version;        /* "" = the package is gone */
  char *maturity;
  char *package_uuid;
  char *signer;
  gint64 signed_at;            /* 0: not said */
  char *text;
} KabPackageConflict;
const KabPackageConflict *kab_package_job_get_conflict (KabPackageJob *self);    /* (nullable) */

/**
 * kab_package_job_undo:
 *
 * Returns: (transfer full) (nullable): the deed that takes back what this one did, not started; %NULL when it did nothing
 *   or when there is no way back. Hosts that acted on it meanwhile act on the inverse in their own time.
 */
KabPackageJob *kab_package_job_undo (KabPackageJob *self);

G_END_DECLS
