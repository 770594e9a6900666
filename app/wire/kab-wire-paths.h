/* kab-wire-paths.h: every address of the server, once, for client and server
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

/* The open interface of WAPT 1.8.2 (wapt-server-api § 2–7). */
#define KAB_PATH_PING                   "/ping"
#define KAB_PATH_LOGIN                  "/api/v3/login"
#define KAB_PATH_LOGIN_OLD              "/login"
#define KAB_PATH_LOGOUT                 "/api/v3/logout"
#define KAB_PATH_USER_INFOS             "/api/v3/user_infos"
#define KAB_PATH_HOSTS_V1               "/api/v1/hosts"
#define KAB_PATH_HOSTS                  "/api/v3/hosts"
#define KAB_PATH_HOST_DATA              "/api/v1/host_data"
#define KAB_PATH_PACKAGES               "/api/v3/packages"
#define KAB_PATH_KNOWN_PACKAGES         "/api/v3/known_packages"
#define KAB_PATH_UPLOAD_PACKAGES        "/api/v3/upload_packages"
#define KAB_PATH_UPLOAD_HOSTS           "/api/v3/upload_hosts"
#define KAB_PATH_PACKAGES_DELETE        "/api/v3/packages_delete"
#define KAB_PATH_GROUPS                 "/api/v1/groups"
#define KAB_PATH_AD_OU                  "/api/v3/get_ad_ou"
#define KAB_PATH_AD_OU_SPLIT            "/api/v3/get_ad_ou_split"
#define KAB_PATH_AD_SITES               "/api/v3/get_ad_sites"
#define KAB_PATH_AD_GROUPS              "/api/v3/get_ad_groups"
#define KAB_PATH_HOSTS_FOR_PACKAGE      "/api/v3/hosts_for_package"
#define KAB_PATH_PACKAGES_FOR_HOSTS     "/api/v3/packages_for_hosts"
#define KAB_PATH_TRIGGER_HOST_ACTION    "/api/v3/trigger_host_action"
#define KAB_PATH_HOST_TASKS_STATUS      "/api/v3/host_tasks_status"
#define KAB_PATH_TRIGGER_CANCEL_TASK    "/api/v3/trigger_cancel_task"
#define KAB_PATH_USAGE_STATISTICS       "/api/v1/usage_statistics"
#define KAB_PATH_TRUSTED_SIGNERS        "/api/v3/trusted_signers_certificates"
#define KAB_PATH_PACKAGES_INDEX         "/wapt/Packages"
#define KAB_PATH_PACKAGE_FILES          "/wapt/"
#define KAB_PATH_HOST_FILES             "/wapt-host/"
#define KAB_PATH_UPDATE_FILES           "/waptwua/"

/**
 * Kabinet's own routes: the functions whose addresses the vendor keeps closed (wapt-server-api § 9). A server that
 * has them says so in /ping: result.kabinet = {"api": 1, "wua": "/api/kabinet/v1"}. The names below follow that base.
 * All need the right admin or view. The forms are described in app/server/README.md and in wire/kab-wire-bulk.h.
 */
#define KAB_PATH_WUA                    "/api/kabinet/v1"
#define KAB_WUA_UPDATES                 "/updates"           /* NDJSON stream: list of updates changed since a counter */
#define KAB_WUA_UPDATE_HOSTS            "/update_hosts"      /* ?update_id=: the hosts of one update */
#define KAB_WUA_STATES                  "/states"            /* NDJSON stream: hosts and their states changed since a counter */
#define KAB_WUA_FILES                   "/files"             /* list of files on the server */
