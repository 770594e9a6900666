/* kab-profiles.h: the servers as the user set them up
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KAB_PROFILE_PRACTICE "practice"

/**
 * KabProfile: one server; a group of servers.ini in the user's config folder. No secrets in it. Texts may be %NULL or
 * "" when not set; @name and @url are never %NULL.
 */
typedef struct {
  char    *name;                /* shown, unique; "practice" is the practice fleet */
  char    *url;
  char    *user;
  char    *ca_file;
  char    *pinned_fingerprint;
  char    *client_certificate;
  char    *client_key;
  char    *proxy;               /* "" = desktop's */
  char    *updates_path;        /* level "configured" */
  char    *states_path;
  char    *signing_certificate;
  char    *signing_key;
  char    *action_scan;         /* names of host actions; "" = the default */
  char    *action_download;
  char    *action_install;
  char    *action_upgrade;
  char    *action_cancel;
  guint    sync_minutes;        /* 0 = by hand only */
  guint    silent_days;
  guint    stale_scan_days;
  gboolean open_level_only;     /* use the open 1.8 routes even where better ones exist */
} KabProfile;

KabProfile *kab_profile_new           (const char       *name);   /* with the defaults */
KabProfile *kab_profile_copy          (const KabProfile *self);
void        kab_profile_free          (KabProfile       *self);
/* The mirror of this profile in the user's data folder; two names never share one. */
char       *kab_profile_dup_store_path (const KabProfile *self);
/* "srvwapt.example.lan", for people */
char       *kab_profile_dup_host      (const KabProfile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabProfile, kab_profile_free)

/**
 * kab_profiles_load:
 * @active: (out) (optional): name of the active one, owned by the array's life: an element's name, or %NULL
 *
 * No file is an empty array. Blocks for one small file.
 *
 * Returns: (element-type KabProfile); KAB_ERROR_BAD_DATA or KAB_ERROR_STORAGE
 */
GPtrArray  *kab_profiles_load         (const char      **active,
                                       GError          **error);
/* Written beside, synced and renamed; 0600. Unknown keys and comments of the file are kept. */
gboolean    kab_profiles_save         (GPtrArray        *profiles,
                                       const char       *active,
                                       GError          **error);

G_END_DECLS
