/* kab-wire.h: envelopes and the small answers, through json-glib
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "kab-host-task.h"
#include "kab-host.h"
#include "kab-rule-set.h"
#include "kab-update.h"

G_BEGIN_DECLS

/* Levels of nesting; a WAPT server needs fewer than ten, a signed action four. */
#define KAB_WIRE_MAX_DEPTH 64

/* Parses strictly, with limits (depth; size given by the caller); duplicate keys keep the last. KAB_ERROR_BAD_DATA. */
JsonNode   *kab_wire_parse            (const char *data, gssize length, GError **error);

/**
 * kab_wire_open_envelope:
 * Judges {"success", "msg", "result", …} (wapt-server-api § 1.2). A failure becomes a KAB_ERROR by its error_code:
 * ewaptforbiddden REFUSED, ewaptauthenticationfailure AUTH, ewaptunknownhost NOT_FOUND, ewapthostunreachable and
 * ewapttimeoutwaitingforresult UNREACHABLE, ewaptbadsignature BAD_SIGNATURE, ewaptmissingparameter USAGE, others FAILED.
 * `empty_data` is success with a null result.
 * Returns: (transfer full): the result (a null node when there is none)
 */
JsonNode   *kab_wire_open_envelope    (JsonNode *root, char **msg, GError **error);

/* Readers that never fail on null, a wrong type or an absent key; paths are "a/b/c". */
const char *kab_json_get_text         (JsonObject *object, const char *path);   /* NULL when none; numbers and objects too */
gint64      kab_json_get_int          (JsonObject *object, const char *path, gint64 fallback);  /* numbers in texts as well */
KabTristate kab_json_get_tristate     (JsonObject *object, const char *path);   /* true, "True", 1 … */
GStrv       kab_json_dup_strv         (JsonObject *object, const char *path);   /* NULL when none */
JsonNode   *kab_json_get_node         (JsonObject *object, const char *path);
gint64      kab_json_get_time         (JsonObject *object, const char *path);   /* 0 when none */

/* ISO text without zone, microseconds optional, "T" or blank → Unix seconds (read as UTC); 0 when it is none. */
gint64      kab_wire_parse_time       (const char *text, gssize length);
char       *kab_wire_format_time      (gint64 time);                            /* "2026-11-21T07:30:38" */

/* The canonical bytes that get signed (wapt-package-format § 3.2): sorted, compact, ASCII. */
char       *kab_wire_canonical        (JsonNode *node, gsize *length);
/* One text in the same form, quotes included; @text is valid UTF-8. */
void        kab_wire_append_text      (GString *out, const char *text);

/* One row each. */
KabUpdate  *kab_wire_read_update      (JsonObject *object);
KabHostTask *kab_wire_read_task       (JsonObject *object, KabHostTaskState state);
/* waptwua_rules.json as agents read it, file order kept: keys behind the first unknown one are lost (§ 6.4). */
KabRuleSet *kab_wire_read_rules       (const char *data, gssize length, const char *origin, GError **error);
char       *kab_wire_write_rules      (KabRuleSet *rules);                      /* stable bytes: sorted, known keys in use */

/* Actions for trigger_host_action (wapt-server-api § 5): kab-wire-action.c. Settings may override the names. */
const char *kab_wire_action_default   (KabDeed deed);

/* Adds signer, signature_date (UTC), signer_certificate and signed_attributes to the own keys of @action, which then
 * lacks only "signature": base64 of RSA PKCS#1 v1.5 SHA-256 over kab_wire_canonical() of it. */
void        kab_wire_action_prepare   (JsonObject *action, const char *signer_fingerprint,
                                       const char *signer_certificate_pem, gint64 now_usec);
/* (transfer full): action, uuid, notify_server, notify_user, update_ids if any, and what kab_wire_action_prepare() adds */
JsonObject *kab_wire_action_new       (const char *action, const char *uuid, const char * const *update_ids,
                                       const char *signer_fingerprint, const char *signer_certificate_pem, gint64 now_usec);

G_END_DECLS
