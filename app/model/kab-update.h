/* kab-update.h: one update of the server's list (a row of WsusUpdates, waptwua-model § 1)
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "kab-state.h"

G_BEGIN_DECLS

/* MSRC rating; ordered, so that a sort by severity is a sort by this number. */
typedef enum {
  KAB_SEVERITY_NONE,
  KAB_SEVERITY_LOW,
  KAB_SEVERITY_MODERATE,
  KAB_SEVERITY_IMPORTANT,
  KAB_SEVERITY_CRITICAL,
} KabSeverity;
#define KAB_N_SEVERITIES (KAB_SEVERITY_CRITICAL + 1)

KabSeverity  kab_severity_from_text (const char *text);      /* "Critical" …; anything else is NONE */
const char  *kab_severity_get_text  (KabSeverity severity);  /* "" for NONE */
const char  *kab_severity_get_label (KabSeverity severity);  /* N_() text for people */

/**
 * KabUpdateFields:
 *
 * What a reader or a seed fills in to make a #KabUpdate; every pointer is borrowed for the call only and may
 * be %NULL. Times are Unix seconds UTC and 0 when null; sizes are bytes and -1 when null.
 */
typedef struct {
  const char         *update_id;               /* "<GUID>_<revision>", or a bare GUID; required */
  const char         *title;
  const char         *update_type;
  const char         *severity;
  const char         *product;
  const char         *classification;
  const char         *reboot_behaviour;
  const char         *can_request_user_input;
  const char         *installation_impact;
  const char         *uninstallation_impact;
  const char         *support_url;
  const char         *release_notes;
  const char * const *kbids;                   /* numbers without "KB" */
  const char * const *download_urls;
  const char * const *superseded_update_ids;   /* GUIDs without revision */
  const char * const *security_bulletin_ids;
  const char * const *languages;
  gint64              changed_at;
  gint64              downloaded_at;           /* when the server had all files; 0 = it has not */
  gint64              min_download_size;
  gint64              max_download_size;       /* a ceiling, up to 100 times too large */
  KabTristate         is_mandatory;
  KabTristate         is_beta;
  KabTristate         is_uninstallable;
  KabTristate         requires_network_connectivity;
} KabUpdateFields;

#define KAB_TYPE_UPDATE (kab_update_get_type ())
G_DECLARE_FINAL_TYPE (KabUpdate, kab_update, KAB, UPDATE, GObject)

KabUpdate             *kab_update_new               (const KabUpdateFields *fields);
const KabUpdateFields *kab_update_get_fields        (KabUpdate *self);   /* all of it; lives as long as @self */
const char            *kab_update_get_id            (KabUpdate *self);
const char            *kab_update_get_title         (KabUpdate *self);
KabSeverity            kab_update_get_severity      (KabUpdate *self);
gint64                 kab_update_get_changed_at    (KabUpdate *self);
char                  *kab_update_dup_guid          (KabUpdate *self);
int                    kab_update_get_revision      (KabUpdate *self);   /* -1 when the id has none */
char                  *kab_update_dup_kbs           (KabUpdate *self);   /* "KB5031354, KB…" for people */
gboolean               kab_update_is_on_server      (KabUpdate *self);

/* The SHA-1 that Microsoft writes into a file name, lower case, or %NULL; the name itself is the last segment. */
char                  *kab_download_url_dup_sha1    (const char *url);
char                  *kab_download_url_dup_name    (const char *url);

/* Splits "<guid>_<revision>" at its last "_". Returns: the revision, -1 for none; @guid_length excludes it. */
int                    kab_update_id_split          (const char *update_id, gsize *guid_length);

G_END_DECLS
