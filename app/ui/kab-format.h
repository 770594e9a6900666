/* kab-format.h: numbers, times and states as words and icons. With kab-error-text the only place that does that.
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-session.h"
#include "kab-trigger-job.h"

G_BEGIN_DECLS

/* Returned texts are translated; `char *` ones are the caller's. */

char       *kab_format_count      (guint64 n);                        /* "12,345" in the way of the locale */
char       *kab_format_percent    (guint64 part, guint64 whole);      /* "87.4 %"; never "100 %" unless all; "–" of nothing */
char       *kab_format_size       (gint64 bytes);                     /* "" when negative */
char       *kab_format_size_at_most (gint64 bytes);                   /* "at most 623 MB"; "" when negative */
char       *kab_format_date       (gint64 time);                      /* "10 Nov 2026"; "" for 0 */
char       *kab_format_day        (gint64 time);                      /* "10 Nov", UTC, for Patch Tuesdays */
char       *kab_format_date_time  (gint64 time);                      /* "10 Nov 2026, 14:05"; "" for 0 */
char       *kab_format_age        (gint64 then, gint64 now);          /* "4 minutes ago", "never" for 0 */
char       *kab_format_duration   (gint64 seconds);                   /* "1 min 20 s" */

/* How one value is shown: style class of its badge, icon (nullable), and N_() text or NULL: what it means, or its name. */
typedef struct {
  const char *kind;
  const char *icon_name;
  const char *hint;
} KabLook;

const char    *kab_format_severity           (KabSeverity severity);
const KabLook *kab_format_severity_look      (KabSeverity severity);

const char    *kab_format_state              (KabState state);
const KabLook *kab_format_state_look         (KabState state);
const char    *kab_format_state_hint         (KabState state);        /* one sentence: what the state means */

const char    *kab_format_host_state         (KabHostState state);
const KabLook *kab_format_host_state_look    (KabHostState state);
char          *kab_format_host_state_hint    (KabHostState state, const KabLimits *limits);   /* @limits may be NULL */

const char    *kab_format_task_state         (KabHostTaskState state);
const KabLook *kab_format_task_state_look    (KabHostTaskState state);

const char    *kab_format_job_state          (KabJobState state);
const KabLook *kab_format_job_state_look     (KabJobState state);

const char    *kab_format_trigger_state      (KabTriggerState state);
const KabLook *kab_format_trigger_state_look (KabTriggerState state);

const char    *kab_format_connection         (KabConnection connection);
const KabLook *kab_format_connection_look    (KabConnection connection);

char       *kab_format_job           (KabJob *job);                   /* "Synchronise with srvwapt" */
char       *kab_format_job_progress  (KabJob *job);                   /* "Reading hosts: 1,200 of 10,000" */
const char *kab_format_level           (const char *level);           /* "open" … in words, with what it costs */
char       *kab_format_deed            (KabDeed deed);                /* "Scan", "Download" … */

char       *kab_format_result          (gint32 result);               /* "0x80240017" */
const char *kab_format_result_meaning  (gint32 result);               /* one sentence; never NULL */
const char *kab_format_result_remedy   (gint32 result);               /* "" when none is known */

/* For kab_explanation_describe(). */
const char *kab_format_translate       (const char *msgid);

/* One CSV cell (RFC 4180); cells that a spreadsheet would run (= + - @, tab) are escaped with an apostrophe. */
void        kab_format_append_csv      (GString *csv, const char *cell, gboolean last);

G_END_DECLS
