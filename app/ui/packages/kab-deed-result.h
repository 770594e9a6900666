/* kab-deed-result.h: what came of a deed on packages, in words
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-package-job.h"

G_BEGIN_DECLS

/* @done_text: what is said when all went well. What did not, and what is left, stands in @box. */
void  kab_deed_result_fill      (AdwStatusPage *page,
                                 GtkBox        *box,
                                 KabPackageJob *job,
                                 const char    *done_text);
/* Of a deed whose targets stand in a table. @done_text: (nullable): what was done before */
char *kab_deed_result_dup_words (KabPackageJob *job,
                                 const char    *done_text);

G_END_DECLS
