/* kab-set-text.h: a text takes the place of another
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* As g_set_str() of GLib 2.76. @text: (nullable). TRUE: it is another one now */
static inline gboolean
kab_set_text (char       **place,
              const char  *text)
{
  char *copy;

  if (g_strcmp0 (*place, text) == 0)
    return FALSE;

  copy = g_strdup (text);
  g_free (*place);
  *place = copy;

  return TRUE;
}

/* For texts that are never NULL */
static inline void
kab_replace_text (char       **place,
                  const char  *text)
{
  kab_set_text (place, text != NULL ? text : "");
}

G_END_DECLS
