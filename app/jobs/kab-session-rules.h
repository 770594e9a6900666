/* kab-session-rules.h: the session's deeds on rules and packages, and what can be read about them
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-approval.h"
#include "kab-assign-job.h"
#include "kab-forecast-plan.h"
#include "kab-package.h"
#include "kab-session.h"

G_BEGIN_DECLS

/* What people say of a deed. All (nullable). */
typedef struct {
  const char *reason;
  const char *note;          /* summary of the forecast, findings of lint: kept in the approval log */
  const char *draft_id;      /* publish: discarded when it is out */
  const char *gate;          /* promote: kab_gate_verdict_to_text(); NULL = no gate */
  gboolean    gate_passes;
  const char * const *accepted_signers;   /* kab_package_job_accept_signer() */
  const char * const *accepted_losses;    /* delete: kab_delete_package_job_accept_loss() */
} KabDeedWords;

/* Deeds. Each returns the job, already in the queue (transfer none), and a sync follows; all but the forecast are
 * KabPackageJob. They sign with the profile's key: ask kab_session_check_signing_key_async() first. @words: (nullable) */

/* Not in the list of jobs, and it waits for no other deed: an editor may start one at each change and cancel the one
 * before. (transfer full): a KabForecastJob */
KabJob        *kab_session_forecast          (KabSession             *self,
                                              KabForecastPlan        *plan);
KabPackageJob *kab_session_publish           (KabSession             *self,
                                              KabRulesDocument       *document,
                                              const KabDeedWords     *words);
KabPackageJob *kab_session_assign            (KabSession             *self,
                                              KabAssignment           assignment,
                                              const KabAssignTarget  *targets,
                                              guint                   n_targets,
                                              const char * const     *requirements,
                                              const KabDeedWords     *words);
/* @package: of the index */
KabPackageJob *kab_session_promote           (KabSession             *self,
                                              KabPackage             *package,
                                              const char             *maturity,
                                              const KabDeedWords     *words);
/* @source: of a KabPackageVersion: its sha256, or its file_name. @base_uuid: what it replaces */
KabPackageJob *kab_session_roll_back         (KabSession             *self,
                                              const char             *source,
                                              const char             *base_uuid,
                                              const char             *maturity,
                                              const KabDeedWords     *words);
KabPackageJob *kab_session_delete_packages   (KabSession             *self,
                                              const char * const     *file_names,
                                              const KabDeedWords     *words);
/* NULL when there is no way back: ask kab_package_job_undo()'s answer by calling this only from an enabled button */
KabPackageJob *kab_session_undo              (KabSession             *self,
                                              KabPackageJob          *job);

/* Drafts. list: of KabDraft, newest first */
void           kab_session_read_drafts_async   (KabSession           *self,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
GListModel    *kab_session_read_drafts_finish  (KabSession           *self,
                                                GAsyncResult         *result,
                                                GError              **error);
/* @id: (nullable): a new one. finish: (transfer full): its id. Texts are copied at once; savings keep their order. */
void           kab_session_save_draft_async    (KabSession           *self,
                                                const char           *id,
                                                const char           *name,
                                                const char           *text,
                                                const char           *extra,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
char          *kab_session_save_draft_finish   (KabSession           *self,
                                                GAsyncResult         *result,
                                                GError              **error);
void           kab_session_discard_draft_async (KabSession           *self,
                                                const char           *id,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
gboolean       kab_session_discard_draft_finish (KabSession          *self,
                                                 GAsyncResult        *result,
                                                 GError             **error);

/* The approval log, newest first: of KabApproval. @package: (nullable): of one package. @limit: 0 = all */
void           kab_session_read_approvals_async  (KabSession          *self,
                                                  const char          *package,
                                                  guint                limit,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
GListModel    *kab_session_read_approvals_finish (KabSession          *self,
                                                  GAsyncResult        *result,
                                                  GError             **error);

/**
 * KabPackageVersion: one content that a package had or has. Members are read-only; texts never %NULL.
 *
 * @file_name: in the index, "" = not on the server any more
 * @sha256: of the copy that is kept here, "" = none; one of both is there, else it cannot be read any more
 * @document: (nullable): the rules in it, when they could be read from the copy kept here or from the mirror
 */
#define KAB_TYPE_PACKAGE_VERSION (kab_package_version_get_type ())
G_DECLARE_FINAL_TYPE (KabPackageVersion, kab_package_version, KAB, PACKAGE_VERSION, GObject)
struct _KabPackageVersion
{
  GObject           parent_instance;

  char             *package;
  char             *version;
  char             *maturity;
  char             *package_uuid;
  char             *signer;
  gint64            signed_at;
  char             *file_name;
  char             *sha256;
  KabRulesDocument *document;
};

/* Newest first: of KabPackageVersion */
void           kab_session_read_versions_async  (KabSession           *self,
                                                 const char           *package,
                                                 GCancellable         *cancellable,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);
GListModel    *kab_session_read_versions_finish (KabSession           *self,
                                                 GAsyncResult         *result,
                                                 GError              **error);
/* The document to edit: the newest content of a package, read from the server itself, with its base set. KAB_ERROR_NOT_FOUND
 * @file_name: as in the index */
void              kab_session_read_document_async  (KabSession           *self,
                                                    const char           *file_name,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
KabRulesDocument *kab_session_read_document_finish (KabSession           *self,
                                                    GAsyncResult         *result,
                                                    GError              **error);

G_END_DECLS
