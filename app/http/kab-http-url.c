/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-http"

#include "config.h"

#include "kab-http-url.h"

#include <libsoup/soup.h>
#include <string.h>

#include "kab-error.h"

/* "127.0.0.1" and "[::1]", but not "localhost": a name is what the resolver makes of it. */
gboolean
kab_url_is_loopback (GUri *url)
{
  g_autoptr(GInetAddress) address = NULL;
  const char *host = g_uri_get_host (url);

  address = host != NULL ? g_inet_address_new_from_string (host) : NULL;
  return address != NULL && g_inet_address_get_is_loopback (address);
}

static gboolean
is_http (GUri *url)
{
  return strcmp (g_uri_get_scheme (url), "http") == 0;
}

static gboolean
is_https (GUri *url)
{
  return strcmp (g_uri_get_scheme (url), "https") == 0;
}

GUri *
kab_url_parse_base (const char  *text,
                    GError     **error)
{
  g_autoptr(GUri) url = NULL;

  url = text != NULL ? g_uri_parse (text, SOUP_HTTP_URI_FLAGS, NULL) : NULL;
  if (url == NULL || g_uri_get_host (url) == NULL || *g_uri_get_host (url) == '\0' ||
      (!is_http (url) && !is_https (url)))
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE, "not an address of the form https://server");
      return NULL;
    }
  if (g_uri_get_userinfo (url) != NULL || g_uri_get_query (url) != NULL || g_uri_get_fragment (url) != NULL)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE,
                           "an address of a server has no user, query or fragment");
      return NULL;
    }
  if (is_http (url) && !kab_url_is_loopback (url))
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE,
                           "plain http is only for a loopback address given as numbers");
      return NULL;
    }
  return g_steal_pointer (&url);
}

GUri *
kab_url_join (GUri        *base,
              const char  *path,
              const char  *query,
              GError     **error)
{
  g_autofree char *root = g_strdup (g_uri_get_path (base));
  g_autofree char *whole = NULL;
  g_autofree char *text = NULL;
  g_autofree char *authority = NULL;
  g_autoptr(GUri) url = NULL;

  while (g_str_has_suffix (root, "/"))
    root[strlen (root) - 1] = '\0';

  /* Built as text and parsed again, so that a path with "?" or "#" in it is noticed. */
  whole = g_strconcat (root, path == NULL || path[0] != '/' ? "/" : "", path, NULL);
  authority = g_uri_join (SOUP_HTTP_URI_FLAGS, g_uri_get_scheme (base), NULL, g_uri_get_host (base),
                          g_uri_get_port (base), "", NULL, NULL);
  if (g_str_has_suffix (authority, "/"))
    authority[strlen (authority) - 1] = '\0';
  text = g_strconcat (authority, whole, query != NULL ? "?" : "", query, NULL);
  url = g_uri_parse (text, SOUP_HTTP_URI_FLAGS, NULL);
  if (url == NULL || strchr (whole, '?') != NULL || g_uri_get_fragment (url) != NULL ||
      !kab_url_is_same_origin (base, url))
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE, "not a path on the server");
      return NULL;
    }
  return g_steal_pointer (&url);
}

gboolean
kab_url_is_same_origin (GUri *a,
                        GUri *b)
{
  return strcmp (g_uri_get_scheme (a), g_uri_get_scheme (b)) == 0 &&
         g_uri_get_port (a) == g_uri_get_port (b) &&
         g_uri_get_host (a) != NULL && g_uri_get_host (b) != NULL &&
         g_ascii_strcasecmp (g_uri_get_host (a), g_uri_get_host (b)) == 0;
}

GUri *
kab_url_follow (GUri        *from,
                const char  *location,
                const char  *method,
                GError     **error)
{
  g_autoptr(GUri) to = location != NULL ? g_uri_parse_relative (from, location, SOUP_HTTP_URI_FLAGS, NULL) : NULL;

  if (to == NULL || (!is_http (to) && !is_https (to)) || g_uri_get_host (to) == NULL ||
      g_uri_get_userinfo (to) != NULL)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_UNTRUSTED, "a redirect to nowhere we could go");
      return NULL;
    }
  if (is_http (to) && (is_https (from) || !kab_url_is_loopback (to)))
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_UNTRUSTED, "a redirect to plain http");
      return NULL;
    }
  if (strcmp (method, "GET") != 0 && strcmp (method, "HEAD") != 0 && !kab_url_is_same_origin (from, to))
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_UNTRUSTED, "a redirect of %s to another server", method);
      return NULL;
    }
  return g_steal_pointer (&to);
}
