/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-rules-paste.h"

#define GUID_LENGTH 36
#define MAX_DIGITS 8         /* of an article; 6 at least */
#define MIN_DIGITS 6

typedef struct {
  const char     *text;      /* not terminated */
  gsize           length;
  KabUpdateIndex *index;
  GPtrArray      *items;
  GHashTable     *seen;      /* texts of @items */
} Paste;

static void
item_free (gpointer data)
{
  KabPasteItem *item = data;

  g_free (item->text);
  g_array_unref (item->matches);
  g_free (item);
}

static const GArray *
look_up (Paste        *self,
         KabPasteKind  kind,
         const char   *text)
{
  if (self->index == NULL)
    return NULL;
  switch (kind)
    {
    case KAB_PASTE_KB:
      return kab_update_index_match (self->index, KAB_RULE_ALLOWED_KBS, text);
    case KAB_PASTE_ID:
      return kab_update_index_match (self->index, KAB_RULE_ALLOWED_UPDATES, text);
    case KAB_PASTE_GUID:
    default:
      return kab_update_index_match_guid (self->index, text);
    }
}

/* Takes @text. @must_be_known: it may be anything else */
static void
add (Paste        *self,
     KabPasteKind  kind,
     char         *text,
     gboolean      must_be_known)
{
  const GArray *matches = look_up (self, kind, text);
  KabPasteItem *item;

  if ((must_be_known && matches == NULL) || g_hash_table_contains (self->seen, text))
    {
      g_free (text);
      return;
    }

  item = g_new0 (KabPasteItem, 1);
  item->kind = kind;
  item->text = text;
  item->matches = g_array_new (FALSE, FALSE, sizeof (guint));
  if (matches != NULL)
    g_array_append_vals (item->matches, matches->data, matches->len);
  g_ptr_array_add (self->items, item);
  g_hash_table_add (self->seen, item->text);
}

static gboolean
is_word (Paste *self,
         gsize  at)
{
  return at < self->length && (g_ascii_isalnum (self->text[at]) || (guchar) self->text[at] >= 0x80);
}

static gsize
count_digits (Paste *self,
              gsize  at)
{
  gsize n = 0;

  while (at + n < self->length && g_ascii_isdigit (self->text[at + n]))
    n++;
  return n;
}

static gboolean
is_guid (Paste *self,
         gsize  at)
{
  if (at + GUID_LENGTH > self->length)
    return FALSE;
  for (gsize i = 0; i < GUID_LENGTH; i++)
    {
      gboolean dash = i == 8 || i == 13 || i == 18 || i == 23;

      if (dash ? self->text[at + i] != '-' : !g_ascii_isxdigit (self->text[at + i]))
        return FALSE;
    }

  return TRUE;
}

/* A GUID, with or without its revision. Returns: its bytes */
static gsize
take_guid (Paste *self,
           gsize  at)
{
  g_autofree char *guid = g_ascii_strdown (self->text + at, GUID_LENGTH);
  gsize end = at + GUID_LENGTH;
  gsize digits = 0;

  if (end < self->length && self->text[end] == '_')
    digits = count_digits (self, end + 1);
  if (digits > 0 && digits <= 9 && !is_word (self, end + 1 + digits))
    {
      add (self, KAB_PASTE_ID, g_strdup_printf ("%s_%.*s", guid, (int) digits, self->text + end + 1), FALSE);
      return GUID_LENGTH + 1 + digits;
    }
  if (!is_word (self, end))
    add (self, KAB_PASTE_GUID, g_steal_pointer (&guid), FALSE);

  return GUID_LENGTH;
}

/* "KB 5063878", "kb-5063878", "KB5063878", "KB: 5063878" behind @at, where "KB" stands. Returns: bytes, 0 = none */
static gsize
take_kb (Paste *self,
         gsize  at)
{
  gsize begin = at + 2;
  gsize digits;

  for (gsize blanks = 0; blanks < 3; blanks++)
    {
      if (begin < self->length && self->text[begin] != '\0' && strchr (" -_:#.", self->text[begin]) != NULL)
        begin++;
      else if (begin + 1 < self->length && memcmp (self->text + begin, "\xc2\xa0", 2) == 0)     /* a hard blank */
        begin += 2;
    }
  digits = count_digits (self, begin);
  if (digits < MIN_DIGITS || digits > MAX_DIGITS)
    return 0;

  add (self, KAB_PASTE_KB, g_strdup_printf ("KB%.*s", (int) digits, self->text + begin), FALSE);
  return begin - at + digits;
}

/* Does an address of Microsoft's support stand right before @at: ".../help/5063878", "…?q=5063878"? */
static gboolean
follows_address (Paste *self,
                 gsize  at)
{
  static const char * const ends[] = { "/help/", "/kb/", "?q=", "/topic/", "?kbid=", "&kbid=" };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      gsize length = strlen (ends[i]);

      if (at >= length && g_ascii_strncasecmp (self->text + at - length, ends[i], length) == 0)
        return TRUE;
    }

  return FALSE;
}

/* A number by itself: an article where an address says so, or where the server knows it. */
static gsize
take_number (Paste *self,
             gsize  at)
{
  gsize digits = count_digits (self, at);

  if (digits >= MIN_DIGITS && digits <= MAX_DIGITS && !is_word (self, at + digits))
    add (self, KAB_PASTE_KB, g_strdup_printf ("KB%.*s", (int) digits, self->text + at), !follows_address (self, at));

  return digits;
}

static gsize
skip_word (Paste *self,
           gsize  at)
{
  gsize n = 1;

  while (is_word (self, at + n))
    n++;
  return n;
}

static gsize
take_word (Paste *self,
           gsize  at)
{
  gsize n;

  if (g_ascii_isxdigit (self->text[at]) && is_guid (self, at))
    return take_guid (self, at);
  if (at + 1 < self->length && g_ascii_strncasecmp (self->text + at, "KB", 2) == 0)
    {
      n = take_kb (self, at);
      if (n > 0)
        return n;
    }
  if (g_ascii_isdigit (self->text[at]))
    {
      n = take_number (self, at);
      if (!is_word (self, at + n))
        return n;
    }

  return skip_word (self, at);
}

GPtrArray *
kab_rules_paste (const char     *text,
                 gsize           length,
                 KabUpdateIndex *index,
                 gboolean       *is_cut)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  Paste self = { text, MIN (length, KAB_RULES_PASTE_MAX_SIZE), index, g_ptr_array_new_with_free_func (item_free), seen };
  gsize at = 0;

  g_return_val_if_fail (text != NULL || length == 0, NULL);

  while (at < self.length && self.items->len < KAB_RULES_PASTE_MAX_ITEMS)
    at += is_word (&self, at) ? take_word (&self, at) : 1;
  if (is_cut != NULL)
    *is_cut = at < length;

  return self.items;
}
