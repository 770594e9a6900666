/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kab-stall-watch.h"

#define INTERVAL_USEC 2000
#define LIMIT_USEC 16000

struct _KabStallWatch
{
  GThread *thread;
  GMutex   mutex;
  GCond    answered;
  GArray  *waits;        /* (element-type gint64) microseconds; the thread's own until it has ended */
  gint64   processor;    /* of the interface thread, at its last turn; that thread's own */
  int      schedstat;    /* of the interface thread; -1 where the kernel does not tell */
  gint64   longest_own;  /* of the waits without the queue; the thread's own until it has ended */
  guint    n_over_own;
  gint64   queued;       /* under mutex: that thread's time in the queue, when it answered */
  gint64   answered_at;  /* under mutex: monotonic; how long our own thread waits for a processor does not count */
  gint64   longest_work; /* between two turns, without frames; that thread's own */
  gint64   longest_frame; /* that thread's own */
  gboolean stopping;     /* under mutex */
  gboolean waiting;      /* under mutex: a turn was asked for and not given yet */
};

/* What this thread has worked, whatever else the machine did meanwhile */
static gint64
get_processor_time (void)
{
  struct timespec time = { 0 };

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * (gint64) G_USEC_PER_SEC + time.tv_nsec / 1000;
}

/* Returns: microseconds in which the interface thread was ready to run and all processors were given to others */
static gint64
get_queued_time (const KabStallWatch *watch)
{
  char text[96];
  ssize_t n = watch->schedstat >= 0 ? pread (watch->schedstat, text, sizeof text - 1, 0) : 0;
  const char *second;

  text[MAX (n, 0)] = '\0';
  second = strchr (text, ' ');
  return second != NULL ? g_ascii_strtoll (second, NULL, 10) / 1000 : 0;
}

/* What was worked since the last call */
static void
add_work (KabStallWatch *watch,
          gint64        *longest)
{
  gint64 now = get_processor_time ();

  if (watch->processor != 0)
    *longest = MAX (*longest, now - watch->processor);
  watch->processor = now;
}

void
kab_stall_watch_begin_frame (KabStallWatch *watch)
{
  add_work (watch, &watch->longest_work);
}

void
kab_stall_watch_end_frame (KabStallWatch *watch)
{
  add_work (watch, &watch->longest_frame);
}

static gboolean
turn_cb (gpointer user_data)
{
  KabStallWatch *watch = user_data;

  add_work (watch, &watch->longest_work);

  g_mutex_lock (&watch->mutex);
  watch->answered_at = g_get_monotonic_time ();
  watch->queued = get_queued_time (watch);
  watch->waiting = FALSE;
  g_cond_signal (&watch->answered);
  g_mutex_unlock (&watch->mutex);
  return G_SOURCE_REMOVE;
}

static gpointer
ask_in_thread (gpointer user_data)
{
  KabStallWatch *watch = user_data;
  gboolean stopping = FALSE;

  while (!stopping)
    {
      gint64 asked_at, queued, waited;

      g_mutex_lock (&watch->mutex);
      watch->waiting = TRUE;
      g_mutex_unlock (&watch->mutex);

      queued = get_queued_time (watch);
      asked_at = g_get_monotonic_time ();
      g_idle_add_full (G_PRIORITY_HIGH, turn_cb, watch, NULL);

      g_mutex_lock (&watch->mutex);
      while (watch->waiting && !watch->stopping)
        g_cond_wait (&watch->answered, &watch->mutex);
      stopping = watch->stopping;
      waited = watch->answered_at - asked_at;
      queued = watch->queued - queued;
      g_mutex_unlock (&watch->mutex);

      if (!stopping)
        {
          g_array_append_val (watch->waits, waited);
          watch->longest_own = MAX (watch->longest_own, waited - queued);
          watch->n_over_own += waited - queued > LIMIT_USEC;
          g_usleep (INTERVAL_USEC);
        }
    }
  return NULL;
}

static int
compare_int64 (gconstpointer a,
               gconstpointer b)
{
  gint64 left = *(const gint64 *) a;
  gint64 right = *(const gint64 *) b;

  return (left > right) - (left < right);
}

KabStallWatch *
kab_stall_watch_start (void)
{
  KabStallWatch *watch = g_new0 (KabStallWatch, 1);

  g_mutex_init (&watch->mutex);
  g_cond_init (&watch->answered);
  watch->waits = g_array_new (FALSE, FALSE, sizeof (gint64));
  watch->schedstat = open ("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
  watch->thread = g_thread_new ("stall-watch", ask_in_thread, watch);
  return watch;
}

void
kab_stall_watch_stop (KabStallWatch   *watch,
                      KabStallFigures *figures)
{
  g_return_if_fail (watch != NULL);
  g_return_if_fail (figures != NULL);

  g_mutex_lock (&watch->mutex);
  watch->stopping = TRUE;
  g_cond_signal (&watch->answered);
  g_mutex_unlock (&watch->mutex);
  g_thread_join (watch->thread);
  while (g_idle_remove_by_data (watch))   /* the last turn that was asked for may still be queued */
    ;

  *figures = (KabStallFigures) {
    .n_asked = watch->waits->len, .longest_work = watch->longest_work, .longest_frame = watch->longest_frame,
    .longest_own = watch->longest_own, .n_over_own = watch->n_over_own
  };
  g_array_sort (watch->waits, compare_int64);
  if (watch->waits->len > 0)
    {
      figures->median = g_array_index (watch->waits, gint64, watch->waits->len / 2);
      figures->p99 = g_array_index (watch->waits, gint64, watch->waits->len * 99 / 100);
      figures->longest = g_array_index (watch->waits, gint64, watch->waits->len - 1);
    }
  for (guint i = 0; i < watch->waits->len; i++)
    if (g_array_index (watch->waits, gint64, i) > LIMIT_USEC)
      figures->n_over_16_ms++;

  if (watch->schedstat >= 0)
    close (watch->schedstat);
  g_array_unref (watch->waits);
  g_cond_clear (&watch->answered);
  g_mutex_clear (&watch->mutex);
  g_free (watch);
}
