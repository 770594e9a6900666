/* kab-http-inflate.h: gzip bodies, decompressed as they come; only for this room
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-http-session.h"

G_BEGIN_DECLS

/* We do this ourselves, and not libsoup, to count both sides: what was received and what it grew to. */
typedef struct _KabInflate KabInflate;

KabInflate *kab_inflate_new  (guint64 max_bytes);
/* Hands what @data grows to to @func. KAB_ERROR_BAD_DATA when it is no gzip, goes on behind its end, or grows too much */
gboolean    kab_inflate_feed (KabInflate *self, const guint8 *data, gsize size, KabChunkFunc func, gpointer user_data,
                              GError **error);
gboolean    kab_inflate_end  (KabInflate *self, GError **error);   /* KAB_ERROR_NETWORK when cut short */
void        kab_inflate_free (KabInflate *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabInflate, kab_inflate_free)

G_END_DECLS
