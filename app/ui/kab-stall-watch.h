/* kab-stall-watch.h: how long the interface thread lets others wait
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* All in microseconds: from the moment another thread asks the main loop for a turn until it gets it. */
typedef struct {
  guint  n_asked;
  gint64 median;
  gint64 p99;
  gint64 longest;
  gint64 longest_work;      /* processor time of the interface thread between two turns, outside of frames: callbacks of ours */
  gint64 longest_frame;     /* processor time of a frame: GTK's layout and painting, and our rows that it asks for */
  guint  n_over_16_ms;
  gint64 longest_own;       /* without the time in which it was ready and all processors were given to others (schedstat) */
  guint  n_over_own;        /* waits over 16 ms that remain so */
} KabStallFigures;

/**
 * KabStallWatch: a thread that asks the main loop for a turn every two milliseconds and notes how long it waited: callbacks of
 * ours, layout and painting of GTK alike. For `kabinet --measure`; costs nothing when it is not running.
 */
typedef struct _KabStallWatch KabStallWatch;

KabStallWatch *kab_stall_watch_start       (void);
/* At "before-paint" and "after-paint" of the window's frame clock. Main thread. */
void           kab_stall_watch_begin_frame (KabStallWatch   *watch);
void           kab_stall_watch_end_frame   (KabStallWatch   *watch);
/* Stops, frees @watch and fills @figures in. Main thread. */
void           kab_stall_watch_stop        (KabStallWatch   *watch,
                                            KabStallFigures *figures);

G_END_DECLS
