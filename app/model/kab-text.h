/* kab-text.h: making texts comparable
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What both sides of a text match use: lower case, accents dropped. Any bytes may come; @length may be -1. */
char *kab_text_fold (const char *text, gssize length);

G_END_DECLS
