/* kab-server-routes.h: every number of the server that somebody may want to change, and the words of its answers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-wire-paths.h"

/* What it says of itself: the interface it speaks. */
#define KAB_SERVER_VERSION       "1.8.2"
#define KAB_SERVER_EDITION       "community"
#define KAB_SERVER_GIT_HASH      "2d21bf68"
#define KAB_SERVER_BULK_API      1

/* Open routes that only the server knows: clients do without. */
#define KAB_PATH_HOSTS_DELETE    "/api/v3/hosts_delete"
#define KAB_PATH_CHANGE_PASSWORD "/api/v3/change_password"
#define KAB_PATH_UPLOAD_HOST     "/upload_host"

/* Limits. Bytes unless the name says otherwise. */
#define KAB_SERVER_MAX_BODY      (16 * 1024 * 1024)
#define KAB_SERVER_MAX_UPLOAD    (512 * 1024 * 1024)
#define KAB_SERVER_CHUNK         (256 * 1024)      /* of a streamed answer: made in one go */
#define KAB_SERVER_ROWS_A_TURN   4000              /* looked at before others have their turn */
#define KAB_SERVER_COMPRESS_FROM 1000              /* as the original's front end */
#define KAB_SERVER_HOSTS_LIMIT   1000              /* rows, unless `limit` says otherwise */
#define KAB_SERVER_MAX_ACTIONS   200000            /* in one request */
#define KAB_SERVER_MAX_HOLD_S    300               /* a held host_tasks_status */
#define KAB_SERVER_MIN_PASSWORD  10
#define KAB_SERVER_SESSION_S     (G_GINT64_CONSTANT (86400))

#define KAB_SERVER_REALM         "Basic realm=\"Login Required\""
#define KAB_SERVER_TEXT_401      "You have to login with proper credentials"
#define KAB_SERVER_TEXT_403      "Restricted access."
#define KAB_SERVER_TEXT_404 \
  "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n" \
  "<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and " \
  "try again.</p>\n"
#define KAB_SERVER_TEXT_405 \
  "<!doctype html>\n<html lang=en>\n<title>405 Method Not Allowed</title>\n<h1>Method Not Allowed</h1>\n" \
  "<p>The method is not allowed for the requested URL.</p>\n"
#define KAB_SERVER_TEXT_413 \
  "<!doctype html>\n<html lang=en>\n<title>413 Request Entity Too Large</title>\n<h1>Request Entity Too Large</h1>\n" \
  "<p>The data value transmitted exceeds the capacity limit.</p>\n"
