/* kab-version.h: versions of packages, their order and their next one (wapt-package-format § 8)
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* § 8.2, members and packaging. Never fails: what is no version is compared as natural text. Numbers of any length. */
int       kab_version_compare  (const char *a, const char *b);
/* § 8.2, against a requirement: members that only one side has, and a packaging that @wanted has not, count as equal. */
int       kab_version_compare_loosely (const char *version, const char *wanted);
gboolean  kab_version_is_valid (const char *version);            /* § 8.1 */
/* The "next build" of § 8.2; NULL when @version is not valid. */
char     *kab_version_dup_next (const char *version);

G_END_DECLS
