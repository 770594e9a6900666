/* server-support.h: a server in the test's own main context, and calls to it
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "kab-depot.h"
#include "kab-server.h"

G_BEGIN_DECLS

typedef struct {
  char        *folder;
  KabDepot    *depot;
  GPtrArray   *trusted;
  KabServer   *server;
  SoupSession *session;
} TestServer;

void         test_server_set_up    (TestServer     *self,
                                    gconstpointer   data);
void         test_server_tear_down (TestServer     *self,
                                    gconstpointer   data);

/* One answer; free with test_answer_free (). */
typedef struct {
  SoupMessage *message;
  guint        status;
  GBytes      *body;
} TestAnswer;

/* @headers: pairs of name and value, ended by NULL. Signs in unless @path begins with /wapt. */
TestAnswer  *test_server_call      (TestServer     *self,
                                    const char     *method,
                                    const char     *path,
                                    GBytes         *body,
                                    const char     *type,
                                    ...) G_GNUC_NULL_TERMINATED;
void         test_answer_free      (TestAnswer     *answer);
const char  *test_answer_get       (TestAnswer     *answer,
                                    const char     *header);
JsonNode    *test_answer_parse     (TestAnswer     *answer);

GBytes      *recorded_bytes        (const char     *name);
/* Does the answer have the members of the recorded one, of the same types, in the same order? */
void         assert_as_recorded    (TestAnswer     *answer,
                                    const char     *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestAnswer, test_answer_free)

G_END_DECLS
