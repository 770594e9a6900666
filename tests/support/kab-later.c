/* kab-later.c: preloaded, it makes a program believe that it is KAB_LATER seconds later. A fleet hangs on the day and the
 * hour at which it is seeded, and so do certificates, banners and months: tests must pass on all of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define _GNU_SOURCE

#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long
get_later (void)
{
  const char *text = getenv ("KAB_LATER");

  return text != NULL ? strtol (text, NULL, 10) : 0;
}

int
clock_gettime (clockid_t        clock,
               struct timespec *now)
{
  long result = syscall (SYS_clock_gettime, clock, now);

  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
    now->tv_sec += get_later ();

  return (int) result;
}

int
gettimeofday (struct timeval *restrict value,
              void *restrict           zone)
{
  struct timespec now;

  clock_gettime (CLOCK_REALTIME, &now);
  value->tv_sec = now.tv_sec;
  value->tv_usec = now.tv_nsec / 1000;

  return 0;
}

time_t
time (time_t *seconds)
{
  struct timespec now;

  clock_gettime (CLOCK_REALTIME, &now);
  if (seconds != NULL)
    *seconds = now.tv_sec;

  return now.tv_sec;
}
