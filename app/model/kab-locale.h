/* kab-locale.h: the language of those who use the programs
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* First thing of a main(): texts, dates and numbers as the environment says. The translations are those that were installed,
 * or those of a build tree (KABINET_LOCALE_DIR). */
void kab_locale_begin (void);

G_END_DECLS
