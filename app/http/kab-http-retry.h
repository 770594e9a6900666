/* kab-http-retry.h: what is tried again, and when; only for this room
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-http-session.h"

G_BEGIN_DECLS

#define KAB_RETRY_DELAY_MS 500

/* How one attempt went. */
typedef struct {
  guint    status;          /* 0 = no answer */
  gboolean delivered;       /* the caller has seen some of the body */
  gboolean timed_out;
  guint    retry_after_s;   /* 0 = the server did not say */
} KabAttempt;

/* @n: attempts before this one */
gboolean kab_retry_is_worth_it  (const KabRequest *request, const KabAttempt *attempt, guint n, const GError *error);
guint    kab_retry_get_delay    (guint first_ms, guint n, guint retry_after_s);   /* milliseconds, with jitter */
guint    kab_retry_parse_after  (const char *text, gint64 now);                   /* seconds, bounded */
gboolean kab_retry_wait         (guint delay_ms, GCancellable *cancellable, GError **error);

G_END_DECLS
