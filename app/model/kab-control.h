/* kab-control.h: the text form of control records (wapt-package-format § 2.1)
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "kab-error.h"

G_BEGIN_DECLS

/* Takes over @name (lower case) and @value. */
typedef void (*KabControlFunc) (char *name, char *value, gpointer user_data);

/* Reads the record at *@cursor, which moves behind the empty line that ends it. KAB_ERROR_BAD_DATA. */
gboolean kab_control_read      (const char     **cursor,
                                const char      *end,
                                KabControlFunc   callback,
                                gpointer         user_data,
                                GError         **error);
/* Appends one attribute, and an LF before it unless it is the first. */
void     kab_control_write     (GString         *text,
                                const char      *name,
                                const char      *value);
/* @value as a reader would read it back: lines stripped, empty lines dropped, joined by LF. */
char    *kab_control_normalise (const char      *value);

G_END_DECLS
