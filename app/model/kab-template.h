/* kab-template.h: sentences with named places, so that a translator can move them
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  const char *name;      /* NULL ends a list of values */
  const char *value;     /* NULL is written as nothing */
} KabTemplateValue;

/* "{package} forbids it" with its places filled; a name that nobody knows stays as it is. Values are not read again. */
char *kab_template_fill (const char *template_text, const KabTemplateValue *values);

G_END_DECLS
