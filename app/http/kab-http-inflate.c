/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-http"

#include "config.h"

#include "kab-http-inflate.h"

#include "kab-error.h"

#define BUFFER_SIZE 65536

struct _KabInflate {
  GConverter *converter;
  guint64     max_bytes;
  guint64     n_out;
  gboolean    at_end;
  gboolean    began;
  GByteArray *left;       /* bytes the converter wants to see again with more behind them */
  guint8      buffer[BUFFER_SIZE];
};

KabInflate *
kab_inflate_new (guint64 max_bytes)
{
  KabInflate *self = g_new (KabInflate, 1);

  self->converter = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  self->max_bytes = max_bytes;
  self->n_out = 0;
  self->at_end = FALSE;
  self->began = FALSE;
  self->left = g_byte_array_new ();
  return self;
}

void
kab_inflate_free (KabInflate *self)
{
  g_object_unref (self->converter);
  g_byte_array_unref (self->left);
  g_free (self);
}

/* Returns: %FALSE on an error; @used bytes of @data are done with */
static gboolean
inflate (KabInflate    *self,
         const guint8  *data,
         gsize          size,
         gsize         *used,
         KabChunkFunc   func,
         gpointer       user_data,
         GError       **error)
{
  *used = 0;
  while (*used < size && !self->at_end)
    {
      g_autoptr(GError) local_error = NULL;
      gsize n_read = 0;
      gsize n_written = 0;
      GConverterResult result;

      result = g_converter_convert (self->converter, data + *used, size - *used, self->buffer, BUFFER_SIZE,
                                    G_CONVERTER_NO_FLAGS, &n_read, &n_written, &local_error);
      if (result == G_CONVERTER_ERROR)
        {
          if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
            return TRUE;
          g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "bad gzip: %s", local_error->message);
          return FALSE;
        }

      *used += n_read;
      self->n_out += n_written;
      self->at_end = result == G_CONVERTER_FINISHED;
      if (self->n_out > self->max_bytes)
        {
          g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA,
                       "the answer grows to more than %" G_GUINT64_FORMAT " bytes", self->max_bytes);
          return FALSE;
        }
      if (n_written > 0 && !func (self->buffer, n_written, user_data, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
kab_inflate_feed (KabInflate    *self,
                  const guint8  *data,
                  gsize          size,
                  KabChunkFunc   func,
                  gpointer       user_data,
                  GError       **error)
{
  gsize used;

  self->began = TRUE;
  if (self->left->len > 0)
    {
      g_byte_array_append (self->left, data, size);
      if (!inflate (self, self->left->data, self->left->len, &used, func, user_data, error))
        return FALSE;
      if (used > 0)
        g_byte_array_remove_range (self->left, 0, used);
    }
  else
    {
      if (!inflate (self, data, size, &used, func, user_data, error))
        return FALSE;
      g_byte_array_append (self->left, data + used, size - used);
    }

  if (self->at_end && self->left->len > 0)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "bytes behind the end of gzip");
      return FALSE;
    }
  if (self->left->len > BUFFER_SIZE)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "gzip that gives nothing");
      return FALSE;
    }
  return TRUE;
}

gboolean
kab_inflate_end (KabInflate  *self,
                 GError     **error)
{
  /* an empty body has no gzip header either */
  if (self->at_end || !self->began)
    return TRUE;

  g_set_error_literal (error, KAB_ERROR, KAB_ERROR_NETWORK, "the answer was cut short within gzip");
  return FALSE;
}
