/* kab-server-json.h: JSON as the original server writes it
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "kab-state.h"

G_BEGIN_DECLS

/* Python's json.dumps: ", " and ": " between, everything beyond ASCII escaped. @json is valid, of any spacing. */
void     kab_server_json_append       (GString    *out,
                                       const char *json);
/* The same for a node; members keep their order */
void     kab_server_json_append_node  (GString    *out,
                                       JsonNode   *node);
/* A text with its quotes; "null" for %NULL; what is no UTF-8 is replaced */
void     kab_server_json_append_text  (GString    *out,
                                       const char *text);
/* A comma (unless the object just began), the name, a colon; the value is the caller's */
void     kab_server_json_append_name  (GString    *out,
                                       const char *name);
/* A name with a text; true, false or null */
void     kab_server_json_append_member   (GString     *out,
                                          const char  *name,
                                          const char  *text);
void     kab_server_json_append_tristate (GString     *out,
                                          const char  *name,
                                          KabTristate  value);
/* @list: (nullable): ended by %NULL */
void     kab_server_json_append_texts    (GString            *out,
                                          const char * const *list);
/* "2026-11-21T07:30:38.652443", quoted; null for 0 */
void     kab_server_json_append_time  (GString    *out,
                                       gint64      time);
void     kab_server_json_append_usec  (GString    *out,
                                       gint64      time_usec);
char    *kab_server_json_dup_usec     (gint64      time_usec);

G_END_DECLS
