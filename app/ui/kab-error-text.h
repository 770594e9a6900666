/* kab-error-text.h: an error as people read it: what happened, and what to do next
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* One translated sentence or two; never the technical message, which goes under “Details”. */
const char *kab_error_text_describe (const GError *error);
/* A short title: "Server not reachable" */
const char *kab_error_text_title    (const GError *error);
/* FALSE for NULL and for what was cancelled: nothing to show */
gboolean    kab_error_text_is_shown (const GError *error);

G_END_DECLS
