/* kab-measure.h: what `kabinet --measure` prints: the first frame with numbers, and how long a sync held up the window
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-window.h"

G_BEGIN_DECLS

gboolean kab_measure_knows (const char *what);
/**
 * kab_measure_start:
 * @what: "start" prints "first-numbers" when the first frame with numbers of the mirror was painted;
 *   "sync" runs a sync and prints one line of JSON about how long the main loop let others wait, and does so again for each
 *   byte of the standard input
 *
 * Closes @window afterwards, which ends the program.
 */
void     kab_measure_start (KabWindow  *window,
                            const char *what);

G_END_DECLS
