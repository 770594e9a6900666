/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-http"

#include "config.h"

#include "kab-http-cookies.h"

#include <string.h>

#define MAX_COOKIES 20
#define MAX_COOKIE  8192   /* bytes of a value; a signed session of WAPT has some 500 */

void
kab_cookies_init (KabCookies *self)
{
  g_mutex_init (&self->mutex);
  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

void
kab_cookies_clear (KabCookies *self)
{
  g_hash_table_unref (self->values);
  g_mutex_clear (&self->mutex);
}

void
kab_cookies_forget (KabCookies *self)
{
  g_mutex_lock (&self->mutex);
  g_hash_table_remove_all (self->values);
  g_mutex_unlock (&self->mutex);
}

void
kab_cookies_take (KabCookies  *self,
                  SoupMessage *message)
{
  GSList *cookies = soup_cookies_from_response (message);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();

  g_mutex_lock (&self->mutex);
  for (GSList *l = cookies; l != NULL; l = l->next)
    {
      GDateTime *expires = soup_cookie_get_expires (l->data);
      const char *name = soup_cookie_get_name (l->data);
      const char *value = soup_cookie_get_value (l->data);

      if (*value == '\0' || strlen (value) > MAX_COOKIE ||
          (expires != NULL && g_date_time_compare (expires, now) <= 0))
        g_hash_table_remove (self->values, name);
      else if (g_hash_table_size (self->values) < MAX_COOKIES || g_hash_table_contains (self->values, name))
        g_hash_table_replace (self->values, g_strdup (name), g_strdup (value));
    }
  g_mutex_unlock (&self->mutex);
  g_slist_free_full (cookies, (GDestroyNotify) soup_cookie_free);
}

char *
kab_cookies_dup (KabCookies *self)
{
  g_autoptr(GString) text = g_string_new (NULL);
  GHashTableIter iter;
  gpointer name, value;

  g_mutex_lock (&self->mutex);
  g_hash_table_iter_init (&iter, self->values);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_string_append_printf (text, "%s%s=%s", text->len > 0 ? "; " : "", (char *) name, (char *) value);
  g_mutex_unlock (&self->mutex);

  return text->len > 0 ? g_strdup (text->str) : NULL;
}
