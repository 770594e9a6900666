/* kab-fields.h: one allocation for a struct of borrowed texts
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where a struct of fields keeps its pointers: offsets of `const char *` and of `const char * const *` members. */
typedef struct {
  gsize         size;
  const guint16 *texts;
  guint          n_texts;
  const guint16 *lists;
  guint          n_lists;
} KabFieldsLayout;

/* Copies @fields with everything it points at into one block; free it with g_free(). */
gpointer kab_fields_copy (gconstpointer fields, const KabFieldsLayout *layout);

G_END_DECLS
