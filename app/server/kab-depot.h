/* kab-depot.h: what the reference server remembers: its own database and the folders beside it
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-database.h"
#include "kab-state.h"
#include "kab-update.h"

G_BEGIN_DECLS

/**
 * KabDepotHost: one host as its agent reported it.
 *
 * All pointers are borrowed when a host is put, and belong to the host that kab_depot_get_host() gives. %NULL is null.
 * Members named `_json` hold one JSON value each, valid and in one line (compact is best; answers are written in the
 * spacing of the original whatever the spacing here). A host that is no Windows host has neither `waptwua_status_json`
 * nor records.
 */
typedef struct {
  const char           *uuid;                    /* required */
  const char           *computer_fqdn;
  const char           *computer_name;
  const char           *description;
  const char           *computer_type;           /* "Desktop", "Notebook", "Server" */
  const char           *computer_architecture;   /* "x64" */
  const char           *os_name;
  const char           *os_version;
  const char           *os_architecture;
  const char           *platform;                /* "Windows", "Linux", "Darwin" */
  const char           *manufacturer;
  const char           *productname;
  const char           *serialnr;
  const char           *dnsdomain;
  const char           *computer_ad_ou;          /* DN */
  const char           *computer_ad_site;
  const char           *reachable;               /* "OK", "DISCONNECTED" */
  const char           *listening_protocol;      /* "websockets" */
  const char           *listening_address;       /* id of the web socket, also of the last one: who has any has an agent */
  const char           *registration_auth_user;
  const char           *host_status;             /* "OK", "TO-UPGRADE", "ERROR", "RUNNING" */
  const char           *audit_status;
  const char           *last_logged_on_user;
  const char           *wapt_version;
  const char           *repositories;
  const char           *depends;                 /* comma list of package names: the groups */
  const char           *connected_ips_json;
  const char           *mac_addresses_json;
  const char           *gateways_json;
  const char           *networks_json;
  const char           *connected_users_json;
  const char           *computer_ad_groups_json;
  const char           *authorized_certificates_sha256_json;
  const char           *last_update_status_json;
  const char           *host_capabilities_json;
  const char           *host_info_json;
  const char           *host_metrics_json;
  const char           *dmi_json;
  const char           *wmi_json;
  const char           *wapt_status_json;
  const char           *waptwua_status_json;
  const char           *wuauserv_status_json;
  const char           *waptwua_rules_json;
  const char           *status_hashes_json;      /* only read: the depot computes it from what is put */
  /* Arrays of objects whose members are those of wapt-server-api § 3.2 (installed_packages: package, version, section,
   * priority, install_status, install_date, name, maturity, … ; installed_softwares: name, version, publisher, key …);
   * the answer adds the missing ones as null. At most one object per package. */
  const char           *installed_packages_json;
  const char           *installed_softwares_json;
  gint64                last_seen_at;            /* Unix seconds UTC, 0 = never */
  gint64                listening_at;            /* listening_timestamp */
  /* One record per update, sorted by .update = the number given to kab_depot_put_update(). */
  const KabStateRecord *records;
  guint                 n_records;
  const char           *history_json;            /* {"<n>":[entries…]}, only updates that have any */
} KabDepotHost;

typedef struct _KabDepot KabDepot;

/* @folder is made when it is missing. One connection, used in the thread that opened it. */
KabDepot     *kab_depot_open            (const char             *folder,
                                         GError                **error);
void          kab_depot_close           (KabDepot               *self);

/* Folders that belong to it: the one given, and repository/{wapt,wapt-host,waptwua} in it */
const char   *kab_depot_get_folder      (KabDepot               *self);
const char   *kab_depot_get_packages_folder (KabDepot           *self);
const char   *kab_depot_get_hosts_folder (KabDepot              *self);
const char   *kab_depot_get_updates_folder (KabDepot            *self);

/**
 * kab_depot_begin:
 *
 * Everything below that writes works alone (a transaction each) or between begin and commit. Each transaction has the
 * next value of one counter, which every row it really changes takes: that is what `/states?since=` asks for. Another
 * process may write to the same folder at the same time (`--change`): begin waits for it.
 */
gboolean      kab_depot_begin           (KabDepot               *self,
                                         GError                **error);
gboolean      kab_depot_commit          (KabDepot               *self,
                                         GError                **error);
void          kab_depot_rollback        (KabDepot               *self);

/* Small facts by name. Returns: (transfer full) (nullable) */
char         *kab_depot_dup_value       (KabDepot               *self,
                                         const char             *name);
gboolean      kab_depot_set_value       (KabDepot               *self,
                                         const char             *name,
                                         const char             *value,
                                         GError                **error);

/* The fleet's clock, Unix seconds: the real one, moved by what `--now` said when the folder was made */
gint64        kab_depot_get_now         (KabDepot               *self);
gint64        kab_depot_get_now_usec    (KabDepot               *self);

/* @number: from 1, dense, chosen by the caller and never changed for that update_id. Keeps created_on. */
gboolean      kab_depot_put_update      (KabDepot               *self,
                                         guint32                 number,
                                         const KabUpdateFields  *fields,
                                         GError                **error);
/* downloaded_on; 0 = the server lost the files again */
gboolean      kab_depot_set_downloaded  (KabDepot               *self,
                                         guint32                 number,
                                         gint64                  downloaded_at,
                                         GError                **error);
/* Returns: (transfer full) (element-type KabUpdate): update number n at index n; NULL where there is none, as at 0 */
GPtrArray    *kab_depot_load_updates    (KabDepot               *self,
                                         GError                **error);

/* Adds or replaces. What did not change raises no counter. */
gboolean      kab_depot_put_host        (KabDepot               *self,
                                         const KabDepotHost     *host,
                                         GError                **error);
/* Returns: (transfer full): KAB_ERROR_NOT_FOUND when there is none */
KabDepotHost *kab_depot_get_host        (KabDepot               *self,
                                         const char             *uuid,
                                         GError                **error);
void          kab_depot_host_free       (KabDepotHost           *host);
gboolean      kab_depot_remove_host     (KabDepot               *self,
                                         const char             *uuid,
                                         GError                **error);
/* Returns: (transfer full): in the order in which they were first put */
GStrv         kab_depot_dup_uuids       (KabDepot               *self,
                                         GError                **error);
gint64        kab_depot_count_hosts     (KabDepot               *self);
/* The agents of all hosts go, or those with a listening_address come back: reachable and listening_protocol say so. */
gboolean      kab_depot_connect_hosts   (KabDepot               *self,
                                         gboolean                connected,
                                         GError                **error);
gint64        kab_depot_count_updates   (KabDepot               *self);

/* A file of the update cache, /waptwua/@name, of @size bytes without content: a hole on the disk (nobody wants 600 MB
 * of zeros), which is served like any other file. */
gboolean      kab_depot_put_file        (KabDepot               *self,
                                         const char             *name,
                                         gint64                  size,
                                         GError                **error);
/* Writes one package into the packages folder; the server reads that folder again when it starts. @name is a plain
 * file name that ends in .wapt */
gboolean      kab_depot_put_package     (KabDepot               *self,
                                         const char             *name,
                                         GBytes                 *bytes,
                                         GError                **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabDepot, kab_depot_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabDepotHost, kab_depot_host_free)

G_END_DECLS
