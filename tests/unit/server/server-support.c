/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "server-support.h"

#include <string.h>

#include <glib/gstdio.h>

#include "kab-certificate.h"

#define PASSWORD "practice makes perfect"

void
test_server_set_up (TestServer    *self,
                    gconstpointer  data)
{
  g_autofree char *pem = g_test_build_filename (G_TEST_DIST, "data", "wapt-1.8.2", "keys", "self.crt", NULL);
  g_autoptr(GError) error = NULL;
  KabServerOptions options = { "127.0.0.1:0" };

  self->folder = g_dir_make_tmp ("kab-server-XXXXXX", NULL);
  self->depot = kab_depot_open (self->folder, &error);
  g_assert_no_error (error);
  g_assert_true (kab_server_set_account (self->depot, "admin", PASSWORD, "admin", &error));
  g_assert_no_error (error);

  self->trusted = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (self->trusted, kab_certificate_new_from_file (pem, &error));
  g_assert_no_error (error);
  options.trusted = self->trusted;
  self->server = kab_server_start (self->depot, &options, &error);
  g_assert_no_error (error);
  self->session = soup_session_new_with_options ("proxy-resolver", NULL, NULL);
}

static void
remove_all (const char *path)
{
  GDir *directory = g_dir_open (path, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *member = g_build_filename (path, name, NULL);

      remove_all (member);
    }
  g_clear_pointer (&directory, g_dir_close);
  g_remove (path);
}

void
test_server_tear_down (TestServer    *self,
                       gconstpointer  data)
{
  g_clear_object (&self->session);
  g_clear_pointer (&self->server, kab_server_stop);
  g_clear_pointer (&self->depot, kab_depot_close);
  g_clear_pointer (&self->trusted, g_ptr_array_unref);
  remove_all (self->folder);
  g_clear_pointer (&self->folder, g_free);
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GAsyncResult **slot = user_data;

  *slot = g_object_ref (result);
}

TestAnswer *
test_server_call (TestServer *self,
                  const char *method,
                  const char *path,
                  GBytes     *body,
                  const char *type,
                  ...)
{
  g_autofree char *address = g_strconcat (kab_server_get_address (self->server), path, NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  TestAnswer *answer = g_new0 (TestAnswer, 1);
  SoupMessageHeaders *headers;
  const char *name;
  va_list pairs;

  answer->message = soup_message_new (method, address);
  headers = soup_message_get_request_headers (answer->message);
  if (!g_str_has_prefix (path, "/wapt"))
    {
      g_autofree char *coded = g_base64_encode ((const guchar *) "admin:" PASSWORD, strlen ("admin:" PASSWORD));
      g_autofree char *basic = g_strconcat ("Basic ", coded, NULL);

      soup_message_headers_append (headers, "Authorization", basic);
    }
  va_start (pairs, type);
  while ((name = va_arg (pairs, const char *)) != NULL)
    soup_message_headers_append (headers, name, va_arg (pairs, const char *));
  va_end (pairs);
  if (body != NULL)
    soup_message_set_request_body_from_bytes (answer->message, type, body);

  soup_session_send_and_read_async (self->session, answer->message, G_PRIORITY_DEFAULT, NULL, sent_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  answer->body = soup_session_send_and_read_finish (self->session, result, &error);
  g_assert_no_error (error);
  answer->status = soup_message_get_status (answer->message);
  return answer;
}

void
test_answer_free (TestAnswer *answer)
{
  g_object_unref (answer->message);
  g_bytes_unref (answer->body);
  g_free (answer);
}

const char *
test_answer_get (TestAnswer *answer,
                 const char *header)
{
  return soup_message_headers_get_one (soup_message_get_response_headers (answer->message), header);
}

static JsonNode *
parse (GBytes *bytes)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(GError) error = NULL;
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  json_parser_load_from_data (parser, data, (gssize) size, &error);
  g_assert_no_error (error);
  return json_parser_steal_root (parser);
}

JsonNode *
test_answer_parse (TestAnswer *answer)
{
  return parse (answer->body);
}

GBytes *
recorded_bytes (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "wapt-1.8.2", name, NULL);
  g_autoptr(GError) error = NULL;
  char *data;
  gsize size;

  g_file_get_contents (path, &data, &size, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (data, size);
}

/* Null stands for anything: what one fleet does not have, another may. */
static void
assert_same_form (JsonNode   *ours,
                  JsonNode   *theirs,
                  const char *where)
{
  if (JSON_NODE_HOLDS_NULL (ours) || JSON_NODE_HOLDS_NULL (theirs))
    return;
  g_test_message ("%s", where);
  g_assert_cmpint (json_node_get_node_type (ours), ==, json_node_get_node_type (theirs));
  if (JSON_NODE_HOLDS_ARRAY (ours))
    {
      JsonArray *first = json_node_get_array (ours);
      JsonArray *second = json_node_get_array (theirs);
      g_autofree char *inner = g_strconcat (where, "[]", NULL);

      if (json_array_get_length (first) > 0 && json_array_get_length (second) > 0)
        assert_same_form (json_array_get_element (first, 0), json_array_get_element (second, 0), inner);
    }
  else if (JSON_NODE_HOLDS_OBJECT (ours))
    {
      g_autoptr(GList) names = json_object_get_members (json_node_get_object (ours));
      g_autoptr(GList) expected = json_object_get_members (json_node_get_object (theirs));
      GList *other = expected;

      g_assert_cmpuint (g_list_length (names), ==, g_list_length (expected));
      for (GList *l = names; l != NULL; l = l->next, other = other->next)
        {
          g_autofree char *inner = g_strconcat (where, ".", l->data, NULL);

          g_assert_cmpstr (l->data, ==, other->data);
          assert_same_form (json_object_get_member (json_node_get_object (ours), l->data),
                            json_object_get_member (json_node_get_object (theirs), l->data), inner);
        }
    }
  else if (json_node_get_value_type (ours) != G_TYPE_DOUBLE && json_node_get_value_type (theirs) != G_TYPE_DOUBLE)
    g_assert_cmpint (json_node_get_value_type (ours), ==, json_node_get_value_type (theirs));
}

void
assert_as_recorded (TestAnswer *answer,
                    const char *name)
{
  g_autofree char *file = g_strconcat ("responses/", name, ".json", NULL);
  g_autoptr(GBytes) bytes = recorded_bytes (file);
  g_autoptr(JsonNode) theirs = parse (bytes);
  g_autoptr(JsonNode) ours = test_answer_parse (answer);

  assert_same_form (ours, theirs, name);
}
