/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-wire"

#include "config.h"

#include "kab-wire-arena.h"

#include <string.h>

#include "kab-wire-value.h"

#define BLOCK_SIZE 32768   /* bytes; a row of a host takes one to ten thousand */

struct _KabArenaBlock {
  KabArenaBlock *next;
  gsize          size;
  char           bytes[];
};

gpointer
kab_arena_alloc (KabArena *self,
                 gsize     size)
{
  gsize start = (self->used + 7) & ~(gsize) 7;

  if (self->blocks == NULL || start > self->blocks->size || size > self->blocks->size - start)
    {
      gsize block_size = MAX (size, BLOCK_SIZE);
      KabArenaBlock *block = g_malloc (sizeof *block + block_size);

      block->size = block_size;
      block->next = self->blocks;
      self->blocks = block;
      start = 0;
    }

  self->used = start + size;
  return self->blocks->bytes + start;
}

char *
kab_arena_dup (KabArena   *self,
               const char *text,
               gsize       length)
{
  char *copy = kab_arena_alloc (self, length + 1);
  char *nul;

  memcpy (copy, text, length);
  copy[length] = '\0';
  while ((nul = memchr (copy, '\0', length)) != NULL)
    *nul = '?';
  return copy;
}

char *
kab_arena_dup_decoded (KabArena   *self,
                       const char *text,
                       gsize       length)
{
  char *copy = kab_arena_dup (self, text, length);
  g_autofree char *valid = NULL;

  if (kab_value_is_utf8 (copy, length))
    return copy;

  valid = g_utf8_make_valid (copy, length);
  return kab_arena_dup (self, valid, strlen (valid));
}

/* Keeps the oldest block if it is of the usual size, so that row after row costs no malloc(). */
void
kab_arena_reset (KabArena *self)
{
  while (self->blocks != NULL && (self->blocks->next != NULL || self->blocks->size > BLOCK_SIZE))
    {
      KabArenaBlock *next = self->blocks->next;

      g_free (self->blocks);
      self->blocks = next;
    }
  self->used = 0;
}

void
kab_arena_clear (KabArena *self)
{
  while (self->blocks != NULL)
    {
      KabArenaBlock *next = self->blocks->next;

      g_free (self->blocks);
      self->blocks = next;
    }
  self->used = 0;
}
