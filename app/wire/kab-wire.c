/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-wire"

#include "config.h"

#include "kab-wire.h"

#include <errno.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "kab-error.h"
#include "kab-wire-value.h"

/* yajl checks the grammar strictly and does not recurse; json-glib's own parser accepts comments and more. */

typedef struct {
  JsonNode *root;
  JsonNode *stack[KAB_WIRE_MAX_DEPTH];   /* borrowed: in root; open containers */
  char     *keys[KAB_WIRE_MAX_DEPTH];    /* of the open objects, the member that comes next */
  guint     depth;
  gboolean  too_deep;
} TreeBuilder;

static void
add_node (TreeBuilder *self,
          JsonNode    *node)
{
  if (self->depth == 0)
    {
      self->root = node;
    }
  else if (JSON_NODE_HOLDS_OBJECT (self->stack[self->depth - 1]))
    {
      JsonObject *object = json_node_get_object (self->stack[self->depth - 1]);

      json_object_set_member (object, self->keys[self->depth - 1], node);
    }
  else
    {
      json_array_add_element (json_node_get_array (self->stack[self->depth - 1]), node);
    }
}

static int
open_container (TreeBuilder *self,
                JsonNode    *node)
{
  if (self->depth == KAB_WIRE_MAX_DEPTH)
    {
      self->too_deep = TRUE;
      json_node_unref (node);
      return 0;
    }

  add_node (self, node);
  self->stack[self->depth++] = node;
  return 1;
}

static int
close_container_cb (void *context)
{
  TreeBuilder *self = context;

  self->depth--;
  g_clear_pointer (&self->keys[self->depth], g_free);
  return 1;
}

static int
null_cb (void *context)
{
  add_node (context, json_node_init_null (json_node_alloc ()));
  return 1;
}

static int
boolean_cb (void *context,
            int   value)
{
  add_node (context, json_node_init_boolean (json_node_alloc (), value));
  return 1;
}

static int
number_cb (void       *context,
           const char *text,
           size_t      length)
{
  char buffer[64];
  char *end = NULL;
  gint64 value;

  if (length >= sizeof buffer)
    length = sizeof buffer - 1;   /* digits behind the 63rd change no double */
  memcpy (buffer, text, length);
  buffer[length] = '\0';

  errno = 0;
  value = g_ascii_strtoll (buffer, &end, 10);
  if (*end == '\0' && errno == 0)
    add_node (context, json_node_init_int (json_node_alloc (), value));
  else
    add_node (context, json_node_init_double (json_node_alloc (), g_ascii_strtod (buffer, NULL)));
  return 1;
}

/* A NUL inside a text would cut it short in C: it becomes a question mark. A lone surrogate becomes U+FFFD. */
static char *
dup_text (const unsigned char *text,
          size_t               length)
{
  g_autofree char *invalid = NULL;
  char *copy = g_malloc (length + 1);

  memcpy (copy, text, length);
  copy[length] = '\0';
  for (gsize i = 0; i < length; i++)
    {
      if (copy[i] == '\0')
        copy[i] = '?';
    }
  if (kab_value_is_utf8 (copy, length))
    return copy;

  invalid = copy;
  return g_utf8_make_valid (invalid, length);
}

static int
string_cb (void                *context,
           const unsigned char *text,
           size_t               length)
{
  g_autofree char *copy = dup_text (text, length);

  add_node (context, json_node_init_string (json_node_alloc (), copy));
  return 1;
}

static int
map_key_cb (void                *context,
            const unsigned char *text,
            size_t               length)
{
  TreeBuilder *self = context;

  g_free (self->keys[self->depth - 1]);
  self->keys[self->depth - 1] = dup_text (text, length);
  return 1;
}

static int
start_map_cb (void *context)
{
  g_autoptr(JsonObject) object = json_object_new ();

  return open_container (context, json_node_init_object (json_node_alloc (), object));
}

static int
start_array_cb (void *context)
{
  g_autoptr(JsonArray) array = json_array_new ();

  return open_container (context, json_node_init_array (json_node_alloc (), array));
}

static const yajl_callbacks tree_callbacks = {
  .yajl_null = null_cb,
  .yajl_boolean = boolean_cb,
  .yajl_number = number_cb,
  .yajl_string = string_cb,
  .yajl_start_map = start_map_cb,
  .yajl_map_key = map_key_cb,
  .yajl_end_map = close_container_cb,
  .yajl_start_array = start_array_cb,
  .yajl_end_array = close_container_cb,
};

/**
 * kab_wire_parse:
 * @data: JSON text in UTF-8
 * @length: its bytes, or -1 when it ends in NUL
 *
 * Reads one JSON value strictly: no comments, no garbage behind it, no more than %KAB_WIRE_MAX_DEPTH levels.
 * Of members with the same name the last one stays.
 *
 * Returns: (transfer full): the tree, or %NULL with %KAB_ERROR_BAD_DATA
 */
JsonNode *
kab_wire_parse (const char  *data,
                gssize       length,
                GError     **error)
{
  TreeBuilder builder = { 0 };
  gsize size;
  yajl_handle parser;
  yajl_status status;

  g_return_val_if_fail (data != NULL, NULL);

  size = length < 0 ? strlen (data) : (gsize) length;
  if (!kab_value_is_utf8 (data, size))
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "not UTF-8");
      return NULL;
    }

  parser = yajl_alloc (&tree_callbacks, NULL, &builder);
  status = yajl_parse (parser, (const unsigned char *) data, size);
  if (status == yajl_status_ok)
    status = yajl_complete_parse (parser);

  for (guint i = 0; i < KAB_WIRE_MAX_DEPTH; i++)
    g_free (builder.keys[i]);

  if (status != yajl_status_ok || builder.root == NULL || builder.depth != 0)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "%s at byte %" G_GSIZE_FORMAT,
                   builder.too_deep ? "JSON nested too deeply" : "not JSON",
                   (gsize) yajl_get_bytes_consumed (parser));
      g_clear_pointer (&builder.root, json_node_unref);
    }

  yajl_free (parser);
  return builder.root;
}
