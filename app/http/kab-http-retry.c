/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-http"

#include "config.h"

#include "kab-http-retry.h"

#include <libsoup/soup.h>

#include "kab-error.h"

#define MAX_ATTEMPTS    4
#define MAX_DELAY_MS    8000
#define MAX_RETRY_AFTER 30   /* seconds; a server that wants more time gets its say as an error */

gboolean
kab_retry_is_worth_it (const KabRequest *request,
                       const KabAttempt *attempt,
                       guint             n,
                       const GError     *error)
{
  if ((request->flags & KAB_REQUEST_IDEMPOTENT) == 0 || request->body_stream != NULL ||
      attempt->delivered || n + 1 >= MAX_ATTEMPTS)
    return FALSE;

  /* who waited for a whole time-out has waited enough */
  if (error != NULL)
    return g_error_matches (error, KAB_ERROR, KAB_ERROR_NETWORK) && !attempt->timed_out;

  return attempt->status == 429 || attempt->status == 502 || attempt->status == 503 || attempt->status == 504;
}

guint
kab_retry_get_delay (guint first_ms,
                     guint n,
                     guint retry_after_s)
{
  guint delay = MIN (first_ms << MIN (n, 10), MAX_DELAY_MS);

  if (retry_after_s > 0)
    return MIN (retry_after_s, MAX_RETRY_AFTER) * 1000 + g_random_int_range (0, 500);

  /* half of it by chance, so that many clients do not come back at once */
  return delay / 2 + g_random_int_range (0, delay / 2 + 1);
}

guint
kab_retry_parse_after (const char *text,
                       gint64      now)
{
  g_autoptr(GDateTime) date = NULL;
  gint64 seconds;

  if (text == NULL)
    return 0;

  if (g_ascii_isdigit (*text))
    {
      seconds = g_ascii_strtoll (text, NULL, 10);
    }
  else
    {
      date = soup_date_time_new_from_http_string (text);
      seconds = date != NULL ? g_date_time_to_unix (date) - now : 0;
    }
  return (guint) CLAMP (seconds, 0, MAX_RETRY_AFTER);
}

gboolean
kab_retry_wait (guint          delay_ms,
                GCancellable  *cancellable,
                GError       **error)
{
  gint64 end = g_get_monotonic_time () + delay_ms * G_GINT64_CONSTANT (1000);
  GPollFD fd;

  if (cancellable != NULL && g_cancellable_make_pollfd (cancellable, &fd))
    {
      gint64 left = delay_ms;

      while (!g_cancellable_is_cancelled (cancellable) && left > 0)
        {
          g_poll (&fd, 1, (int) left);
          left = (end - g_get_monotonic_time ()) / 1000;
        }
      g_cancellable_release_fd (cancellable);
      return !g_cancellable_set_error_if_cancelled (cancellable, error);
    }

  g_usleep (delay_ms * (gulong) 1000);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}
