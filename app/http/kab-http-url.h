/* kab-http-url.h: which addresses we talk to; only for this room
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* https, or http to a loopback address given as numbers; no user, query or fragment. KAB_ERROR_USAGE. */
GUri     *kab_url_parse_base      (const char *text, GError **error);
/* @path and @query (nullable) below @base. KAB_ERROR_USAGE. */
GUri     *kab_url_join            (GUri *base, const char *path, const char *query, GError **error);
gboolean  kab_url_is_same_origin  (GUri *a, GUri *b);
gboolean  kab_url_is_loopback     (GUri *url);
/**
 * Where a redirect leads, by our rules: never from https to http, http only to loopback, and for @method other than GET
 * or HEAD only to the same origin. KAB_ERROR_UNTRUSTED when they are broken.
 */
GUri     *kab_url_follow          (GUri *from, const char *location, const char *method, GError **error);

G_END_DECLS
