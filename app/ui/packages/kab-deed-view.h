/* kab-deed-view.h: a deed on packages: the key it needs, how it goes, and what came of it in words
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-package-job.h"

G_BEGIN_DECLS

/**
 * KabDeedFunc: the key is unlocked: makes the job, which is in the queue already.
 * @accepted: (nullable): whom people vouch for now, for KabDeedWords.accepted_signers
 * @done_text: (out): what is said when all went well: "demo-wua-base 13 is in PROD now."; or, of one with targets, what
 *   was done before it
 *
 * Returns: (transfer none) (nullable): %NULL = nobody wants it any more
 */
typedef KabPackageJob *(*KabDeedFunc) (const char * const  *accepted,
                                       char               **done_text,
                                       gpointer             user_data);

/**
 * KabDeedView:
 *
 * Shows the steps of a job, or its targets in a table when it has some. What somebody signed who is not trusted is left as
 * it is; people may vouch for it, and go on with another job. A job goes on when the view is closed.
 *
 * Signals: "started"; "job-ended": a job is done, failed or cancelled, and another may be started; "ended": none was.
 */
#define KAB_TYPE_DEED_VIEW (kab_deed_view_get_type ())
G_DECLARE_FINAL_TYPE (KabDeedView, kab_deed_view, KAB, DEED_VIEW, AdwBin)

/* Asks for the passphrase of the key when it needs one, then starts. @user_data lives as long as the view is in a window. */
void           kab_deed_view_run         (KabDeedView   *self,
                                          KabDeedFunc    start,
                                          gpointer       user_data);
/* The same with a key that was unlocked a moment ago: what follows another job */
void           kab_deed_view_start       (KabDeedView   *self,
                                          KabDeedFunc    start,
                                          gpointer       user_data);
/* Shown instead of what came of the last job, until the next one */
void           kab_deed_view_set_answer  (KabDeedView   *self,
                                          GtkWidget     *answer);

gboolean       kab_deed_view_is_running  (KabDeedView   *self);
/* The last job is done, and so are all its targets. */
gboolean       kab_deed_view_went_well   (KabDeedView   *self);
/* (nullable): runs, or ended last */
KabPackageJob *kab_deed_view_get_job     (KabDeedView   *self);
/* A view that is seen says what came of it. */
gboolean       kab_deed_view_tells_of    (KabJob        *job);
/* (element-type KabPackageJob) (transfer none): those that did something, for undo */
GPtrArray     *kab_deed_view_get_jobs    (KabDeedView   *self);
/* (element-type KabAssignTarget) (transfer full): those that were left as they are because their signers are not trusted */
GArray        *kab_deed_view_keep_untrusted (KabDeedView *self,
                                          GArray        *targets);

G_END_DECLS
