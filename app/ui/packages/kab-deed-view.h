/* kab-deed-view.h: a deed on packages while it runs, and what came of it in words
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-package-job.h"

G_BEGIN_DECLS

/* Signal "ended": the job is done, failed or cancelled. It goes on when the view is closed before. */
#define KAB_TYPE_DEED_VIEW (kab_deed_view_get_type ())
G_DECLARE_FINAL_TYPE (KabDeedView, kab_deed_view, KAB, DEED_VIEW, AdwBin)

GtkWidget *kab_deed_view_new     (void);
/* One after the other. @steps: NULL-terminated steps of the job in their order, each shown as a line; static
 * @done_text: what is said when all went well: "demo-wua-base 13 is in PROD now." */
void       kab_deed_view_set_job (KabDeedView        *self,
                                  KabPackageJob      *job,
                                  const char * const *steps,
                                  const char         *done_text);

/* (transfer full) (nullable): what was left as it is because its signer is not trusted: fingerprints for
 * KabDeedWords.accepted_signers, when people look and go on with another job */
char     **kab_deed_view_dup_untrusted (KabDeedView    *self);

G_END_DECLS
