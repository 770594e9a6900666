/* kab-server-seed-host.h: one machine of the believable fleet at a time
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-server-seed-private.h"

G_BEGIN_DECLS

typedef struct {
  guint64       seed;
  gint64        now;
  GArray       *updates;     /* (element-type KabSeedUpdate) */
  KabSeedRules *rules;
  char         *trusted;     /* (nullable): JSON list of fingerprints */
  gboolean      is_offline;
} KabSeedPlan;

/* What is special about a machine; of every hundred a fixed number have each. */
typedef enum {
  KAB_SEED_HOST_ORDINARY,
  KAB_SEED_HOST_LINUX,
  KAB_SEED_HOST_MAC,
  KAB_SEED_HOST_DISABLED,        /* WUA is off */
  KAB_SEED_HOST_NEVER_SCANNED,
  KAB_SEED_HOST_SILENT,
  KAB_SEED_HOST_ERROR,           /* its last scan failed */
  KAB_SEED_HOST_RESTART,
} KabSeedHostKind;

/* Filled again and again: texts live until the next kab_seed_host_fill(). JSON members hold one value each; empty = null. */
typedef struct {
  KabSeedHostKind kind;
  KabSeedProfile  profile;
  KabSeedSystem   system;
  gboolean        is_connected;       /* when its agent runs */
  gboolean        has_office;
  guint           model;
  guint           lag;                /* months behind */
  gint64          last_seen_at;
  gint64          last_scan_at;       /* 0 = never */
  guint           revision;           /* last part of os_version */
  guint           n_pending;
  char            uuid[40];
  char            name[32];
  char            fqdn[64];
  char            serial[24];
  char            os_version[32];
  const char     *description;
  const char     *platform;
  const char     *os_name;
  const char     *manufacturer;
  const char     *product_name;
  const char     *site;
  const char     *host_status;
  const char     *wapt_version;
  GString        *ou;
  GString        *users;              /* JSON from here on */
  GString        *addresses;
  GString        *macs;
  GString        *depends;
  GString        *capabilities;
  GString        *wapt_status;
  GString        *update_status;
  GString        *wua_status;
  GString        *service;
  GString        *wua_rules;
  GString        *ad_groups;
  GString        *trusted;
  GString        *installed;          /* packages */
  GString        *softwares;
  GString        *info;               /* host_info */
  GString        *metrics;
  GString        *dmi;
  GString        *wmi;
  GString        *history;            /* {"number": [entries]} */
  GArray         *records;            /* (element-type KabStateRecord), sorted */
} KabSeedHost;

KabSeedHost *kab_seed_host_new    (void);
void         kab_seed_host_free   (KabSeedHost *self);
void         kab_seed_host_fill   (KabSeedHost *self, const KabSeedPlan *plan, guint index);
/* The second half of it: states, history and what the agent says of them (kab-server-seed-states.c) */
void         kab_seed_host_report (KabSeedHost *self, const KabSeedPlan *plan, KabSeedRandom *random);
/* What it is made of and what is installed on it (kab-server-seed-inventory.c) */
void         kab_seed_host_list   (KabSeedHost *self, gint64 now, guint index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabSeedHost, kab_seed_host_free)

/* "text" with its quotes and escapes; @text may be NULL */
void         kab_seed_append_json (GString *out, const char *text);
void         kab_seed_append_time (GString *out, gint64 time);      /* "2026-11-21T07:30:38", or null for 0 */

G_END_DECLS
