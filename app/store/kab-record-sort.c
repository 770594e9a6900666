/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-snapshot-private.h"

/* What a row is sorted by: a number, or the first eight bytes of a text with the text behind it for the rest. */
typedef struct
{
  guint64     prefix;
  const char *text;        /* (nullable) */
  guint32     row;
} Key;

static int
compare_keys (gconstpointer a,
              gconstpointer b)
{
  const Key *left = a, *right = b;

  if (left->prefix != right->prefix)
    return left->prefix < right->prefix ? -1 : 1;
  if (left->text != NULL && right->text != NULL)
    {
      int order = strcmp (left->text, right->text);

      if (order != 0)
        return order;
    }
  return left->row < right->row ? -1 : left->row > right->row;
}

/* Signed numbers in the order of unsigned ones */
static guint64
number_key (gint64 number)
{
  return (guint64) number ^ (G_GUINT64_CONSTANT (1) << 63);
}

static guint64
prefix_of (const char *text)
{
  guint64 prefix = 0;

  for (guint i = 0; i < 8; i++)
    {
      prefix = prefix << 8 | (guint8) *text;
      if (*text != '\0')
        text++;
    }
  return prefix;
}

static const char *
update_text (const KabUpdateRecord *record,
             KabSort                sort)
{
  switch ((guint) sort)
    {
    case KAB_SORT_TITLE:
      return record->title;
    case KAB_SORT_PRODUCT:
      return record->product;
    case KAB_SORT_CLASSIFICATION:
      return record->classification;
    case KAB_SORT_ID:
      return record->update_id;
    default:
      return NULL;
    }
}

static gint64
update_number (const KabUpdateRecord *record,
               KabSort                sort)
{
  switch ((guint) sort)
    {
    case KAB_SORT_SEVERITY:
      return record->severity;
    case KAB_SORT_KB:
      return *record->kbs != '\0' ? g_ascii_strtoll (record->kbs + 2, NULL, 10) : 0;
    case KAB_SORT_PUBLISHED:
      return record->changed_at;
    case KAB_SORT_NEEDED:
      return kab_update_record_needed (record);
    case KAB_SORT_INSTALLED:
      return record->counts[KAB_STATE_OK];
    case KAB_SORT_UPDATE_ERRORS:
    case KAB_SORT_HOST_ERRORS:
      return record->counts[KAB_STATE_ERROR];
    case KAB_SORT_PENDING:
      return record->counts[KAB_STATE_PENDING];
    case KAB_SORT_MISSING:
      return record->counts[KAB_STATE_MISSING];
    case KAB_SORT_DISCARDED:
      return record->counts[KAB_STATE_DISCARDED];
    case KAB_SORT_STATE:
      return kab_query_get_worst (record->counts);
    case KAB_SORT_SIZE:
      return record->max_size;
    case KAB_SORT_DOWNLOADED:
      return record->downloaded_at;
    case KAB_SORT_VERDICT:
      return (record->n_not_allowed > 0) * 2 + (record->n_allowed > 0);
    default:
      return 0;
    }
}

static const char *
host_text (const KabHostRecord *record,
           KabSort              sort)
{
  switch ((guint) sort)
    {
    case KAB_SORT_NAME:
    case KAB_SORT_TITLE:
      return record->name;
    case KAB_SORT_DESCRIPTION:
      return record->description;
    case KAB_SORT_WINDOWS:
      return record->windows;
    case KAB_SORT_RING:
      return record->rings;
    case KAB_SORT_PACKAGES:
      return record->packages;
    case KAB_SORT_USER:
      return record->users;
    case KAB_SORT_ADDRESS:
      return record->addresses;
    case KAB_SORT_ID:
      return record->uuid;
    default:
      return NULL;
    }
}

static gint64
host_number (const KabHostRecord *record,
             KabSort              sort)
{
  switch ((guint) sort)
    {
    case KAB_SORT_STATE:
      return record->state;
    case KAB_SORT_NEEDED:
      return kab_host_record_needed (record);
    case KAB_SORT_INSTALLED:
      return record->counts[KAB_STATE_OK];
    case KAB_SORT_PENDING:
      return record->counts[KAB_STATE_PENDING];
    case KAB_SORT_MISSING:
      return record->counts[KAB_STATE_MISSING];
    case KAB_SORT_DISCARDED:
      return record->counts[KAB_STATE_DISCARDED];
    case KAB_SORT_HOST_ERRORS:
    case KAB_SORT_UPDATE_ERRORS:
      return record->counts[KAB_STATE_ERROR];
    case KAB_SORT_RESTART:
      return record->restart;
    case KAB_SORT_LAST_SCAN:
      return record->last_scan_at;
    case KAB_SORT_LAST_SEEN:
      return record->last_seen_at;
    default:
      return 0;
    }
}

/* Texts are compared as they are searched: without case and accents. g_utf8_collate_key() would cost seconds. */
static const char *
fold_into (GStringChunk *chunk,
           const char   *text)
{
  g_autofree char *folded = NULL;

  if (*text == '\0')
    return "";
  folded = kab_text_fold (text, -1);
  return g_string_chunk_insert (chunk, folded);
}

static guint32 *
make_order (KabSnapshot    *self,
            KabQueryDomain  domain,
            KabSort         sort,
            GCancellable   *cancellable)
{
  guint n = kab_snapshot_get_n_rows (self, domain);
  g_autofree Key *keys = g_new (Key, MAX (n, 1));
  GStringChunk *chunk = g_string_chunk_new (64 * 1024);
  guint32 *order = NULL;

  for (guint i = 0; i < n; i++)
    {
      const char *text = domain == KAB_QUERY_UPDATES ? update_text (&self->updates[i], sort)
                                                     : host_text (&self->hosts[i], sort);

      keys[i].row = i;
      keys[i].text = text != NULL ? fold_into (chunk, text) : NULL;
      keys[i].prefix = text != NULL ? prefix_of (keys[i].text)
                                    : number_key (domain == KAB_QUERY_UPDATES ? update_number (&self->updates[i], sort)
                                                                              : host_number (&self->hosts[i], sort));
      if (i % 4096 == 0 && g_cancellable_is_cancelled (cancellable))
        break;
    }

  if (!g_cancellable_is_cancelled (cancellable))
    {
      qsort (keys, n, sizeof *keys, compare_keys);
      order = g_new (guint32, MAX (n, 1));
      for (guint i = 0; i < n; i++)
        order[i] = keys[i].row;
    }

  g_string_chunk_free (chunk);
  return order;
}

const guint32 *
kab_snapshot_get_order (KabSnapshot    *self,
                        KabQueryDomain  domain,
                        KabSort         sort,
                        GCancellable   *cancellable)
{
  gpointer key = GUINT_TO_POINTER (1 + (guint) domain * KAB_N_SORTS + (guint) sort);
  guint32 *order;
  guint32 *known;

  g_mutex_lock (&self->mutex);
  order = g_hash_table_lookup (self->orders, key);
  g_mutex_unlock (&self->mutex);
  if (order != NULL)
    return order;

  order = make_order (self, domain, sort, cancellable);
  if (order == NULL)
    return NULL;

  /* Two threads may have made it; the first one's may be lent out already. */
  g_mutex_lock (&self->mutex);
  known = g_hash_table_lookup (self->orders, key);
  if (known == NULL)
    g_hash_table_insert (self->orders, key, order);
  g_mutex_unlock (&self->mutex);
  if (known == NULL)
    return order;

  g_free (order);
  return known;
}
