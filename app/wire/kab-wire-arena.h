/* kab-wire-arena.h: bytes that are all given back at once; only for this room
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _KabArenaBlock KabArenaBlock;

typedef struct {
  KabArenaBlock *blocks;   /* newest first; the oldest stays */
  gsize          used;     /* of the newest block */
} KabArena;

gpointer kab_arena_alloc (KabArena *self, gsize size);    /* aligned for pointers */
char    *kab_arena_dup   (KabArena *self, const char *text, gsize length);   /* NUL bytes become "?" */
/* The same for a text that yajl decoded: a lone surrogate of an escape becomes U+FFFD. */
char    *kab_arena_dup_decoded (KabArena *self, const char *text, gsize length);
void     kab_arena_reset (KabArena *self);
void     kab_arena_clear (KabArena *self);

G_END_DECLS
