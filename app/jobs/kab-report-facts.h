/* kab-report-facts.h: what a host reports beyond our model, as names and values for people
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One member of a report. @known: our model understands it too */
typedef struct {
  char     *name;           /* "missing_downloads", "policy.mode" */
  char     *value;
  gboolean  known;
} KabFact;

/* One try to install or remove an update, as Windows remembers it. */
typedef struct {
  gint64    date;           /* Unix seconds, 0 unknown */
  int       operation;      /* 1 install, 2 remove, 0 not said */
  char     *result;         /* "Succeeded", "Failed", a code: as reported */
  gboolean  failed;
} KabTry;

/* @json: waptwua_status or wuauserv_status as it came, or NULL. (element-type KabFact), never NULL */
GPtrArray *kab_report_facts_read (const char *json);
/* @json: history of one pair, or NULL. (element-type KabTry), newest first, never NULL */
GPtrArray *kab_report_tries_read (const char *json);

G_END_DECLS
