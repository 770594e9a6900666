/* kab-http-cookies.h: the cookies of one server, in memory, for any thread; only for this room
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* One origin only, so paths and domains need no telling apart: WAPT itself sends an empty path. */
typedef struct {
  GMutex      mutex;
  GHashTable *values;   /* name -> value */
} KabCookies;

void     kab_cookies_init   (KabCookies *self);
void     kab_cookies_clear  (KabCookies *self);   /* at the end */
void     kab_cookies_forget (KabCookies *self);
void     kab_cookies_take   (KabCookies *self, SoupMessage *message);   /* from an answer of that origin */
char    *kab_cookies_dup    (KabCookies *self);   /* "name=value; …", NULL when none */

G_END_DECLS
