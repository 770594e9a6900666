/* kab-journal.h: deeds that broke off, finished or undone at the next start
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-package-job.h"

G_BEGIN_DECLS

/* Is there a deed that did not come to its end? Blocks; looks at the ledger only. A deed that is running just now in
 * this or another program counts too: resuming waits for it. -1 with @error */
int            kab_journal_count_open (KabMirror     *mirror,
                                       GError       **error);
/**
 * kab_journal_resume_job_new:
 *
 * Kind "resume". For each deed in the journal looks what the server has. When one of its uploads arrived, the rest is done
 * too, from the copies kept here and so without a key; when none did, it is closed as if it had never begun: nothing goes
 * out later than people meant it to. A target that somebody else changed meanwhile is left to them. Rows: one for each
 * step that it finished or gave up. Without an open deed it does nothing and needs no server.
 */
KabPackageJob *kab_journal_resume_job_new (KabSignIn     *sign_in,
                                           KabMirror     *mirror);
/* The same, here and now: for verbs of kabinetctl, before their own work. */
gboolean       kab_journal_resume     (KabSignIn     *sign_in,
                                       KabMirror     *mirror,
                                       GCancellable  *cancellable,
                                       GError       **error);

G_END_DECLS
