/* kab-host.h: one machine of the fleet, as the server tells it
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "kab-state.h"

G_BEGIN_DECLS

/**
 * KabHostState:
 *
 * How a host stands; one word each, first match in the order of this list wins, except that OK is only what is
 * left when nothing else applies. Only %KAB_HOST_STATE_COMPLIANT counts as compliant.
 */
typedef enum {
  KAB_HOST_STATE_NOT_WINDOWS,     /* outside the denominator of compliance */
  KAB_HOST_STATE_DISABLED,        /* WUA is off; outside the denominator */
  KAB_HOST_STATE_NEVER_SCANNED,
  KAB_HOST_STATE_SILENT,          /* no contact for the days that the limits say */
  KAB_HOST_STATE_BUSY,            /* scanning, downloading or installing now */
  KAB_HOST_STATE_ERROR,
  KAB_HOST_STATE_RESTART,         /* restart pending */
  KAB_HOST_STATE_PENDING,         /* an allowed update is pending or missing */
  KAB_HOST_STATE_COMPLIANT,
} KabHostState;
#define KAB_N_HOST_STATES (KAB_HOST_STATE_COMPLIANT + 1)

const char *kab_host_state_get_text  (KabHostState state);   /* the query word: "never-scanned" */
const char *kab_host_state_get_label (KabHostState state);   /* N_() text for people */

/* When things are old. Days, so that preferences and tests can choose. */
typedef struct {
  gint64 now;            /* Unix seconds UTC */
  guint  silent_days;    /* default 14 */
  guint  stale_scan_days;
} KabLimits;

/**
 * KabHostFields:
 *
 * What makes a #KabHost. Pointers are borrowed for the call and may be %NULL; times are Unix seconds UTC, 0 when
 * null. @rules_packages holds "name version" texts from waptwua_status.rules_packages or from packages_for_hosts.
 */
typedef struct {
  const char         *uuid;                  /* required */
  const char         *computer_fqdn;
  const char         *computer_name;
  const char         *description;
  const char         *platform;              /* "Windows", …; null from old agents */
  const char         *os_name;
  const char         *os_version;            /* "10.0.19045.3570" where the agent says it */
  const char         *computer_architecture;
  const char         *manufacturer;
  const char         *model;
  const char         *serial;
  const char         *organizational_unit;   /* DN */
  const char         *ad_site;
  const char         *wapt_version;
  const char         *users;                 /* connected users, joined by ", " */
  const char         *addresses;             /* connected IPs, joined by ", " */
  const char         *reachable;             /* "OK" or anything else */
  const char         *listening_protocol;    /* "websockets" = can be triggered */
  const char         *wua_status;            /* waptwua_status.status */
  const char         *last_error;
  const char         *last_install_result;
  const char         *wua_agent_version;
  const char         *updates_hash;          /* status_hashes.waptwua_updates_localstatus: did its updates change? */
  const char         *status_json;           /* waptwua_status as it came, for keys nobody knows yet */
  const char         *service_json;          /* wuauserv_status as it came */
  const char         *rules_json;            /* waptwua_rules as it came, or null */
  const char         *install_delay;         /* the agent's own option as written; "" = not set, null = not told */
  const char * const *maturities;            /* rings the host accepts; null = unknown (agent's default: PROD) */
  const char * const *groups;                /* package names its host package depends on */
  const char * const *rules_packages;        /* "demo-wua-base 12", in install order */
  const char * const *rules_uuids;           /* package_uuid of each of them, "" where not told; or null */
  const char * const *ad_groups;             /* computer groups of the directory; null = not told */
  const char * const *trusted;               /* SHA-256 of the certificates it trusts; null = not told */
  const char * const *locales;               /* of packages it takes; null = not told */
  const char * const *allowed_severities;    /* the agent's own option; null = not set or not told */
  const char * const *restart_reasons;       /* wapt_status.pending_reboot_reasons */
  gint64              last_seen_at;
  gint64              last_scan_at;          /* local time of the host, read as UTC: up to 14 h off */
  gint64              catalogue_at;          /* wsusscn2cab_date */
  gint64              last_install_at;
  KabTristate         enabled;               /* waptwua_status.enabled */
  KabTristate         reboot_needed;         /* wuauserv_status.reboot_needed */
  KabTristate         default_allow;         /* the agent's own option; null = not told */
  KabTristate         lists_superseded;      /* the same: include_potentially_superseded_updates */
} KabHostFields;

#define KAB_TYPE_HOST (kab_host_get_type ())
G_DECLARE_FINAL_TYPE (KabHost, kab_host, KAB, HOST, GObject)

KabHost             *kab_host_new            (const KabHostFields *fields);
const KabHostFields *kab_host_get_fields     (KabHost *self);
const char          *kab_host_get_uuid       (KabHost *self);
const char          *kab_host_get_name       (KabHost *self);   /* computer_name, else fqdn, else uuid */
gboolean             kab_host_is_reachable   (KabHost *self);
gboolean             kab_host_needs_restart  (KabHost *self);

/* Judges plain fields, so that a list of 100,000 hosts needs no objects. @counts: its updates by effective state. */
KabHostState         kab_host_fields_judge   (const KabHostFields *fields,
                                              const guint          counts[KAB_N_STATES],
                                              const KabLimits     *limits);
gboolean             kab_host_fields_is_windows    (const KabHostFields *fields);
gboolean             kab_host_fields_is_counted    (const KabHostFields *fields);   /* Windows, and WUA is not off */
/* No contact, or no scan, for longer than the limits say; a limit of 0 days switches the question off. */
gboolean             kab_host_fields_is_silent     (const KabHostFields *fields, const KabLimits *limits);
gboolean             kab_host_fields_is_stale      (const KabHostFields *fields, const KabLimits *limits);
gboolean             kab_host_fields_needs_restart (const KabHostFields *fields);

G_END_DECLS
