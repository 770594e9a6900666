/* kab-text.h: making texts comparable
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What both sides of a text match use: lower case, accents dropped. Any bytes may come; @length may be -1. */
char *kab_text_fold          (const char *text, gssize length);
void  kab_text_append_folded (GString *to, const char *text);

/* Does a text that is not folded fit a folded @needle? Without allocation while the text is ASCII. NULL is "". */
gboolean kab_text_equals   (const char *text, const char *needle);
/* Is it one of the entries of "a, b"? An empty needle asks for an empty list. */
gboolean kab_text_list_has (const char *list, const char *needle);
/* Is a distinguished name that one, or below it: "OU=a,DC=x" has "DC=x"? */
gboolean kab_text_tree_has (const char *path, const char *needle);

/* For g_ptr_array_sort() of texts, by their bytes, which for UTF-8 is by their code points */
int      kab_text_compare  (gconstpointer a, gconstpointer b);

/* Signs to insert, drop or change until both are equal; stops counting behind @most. For short texts. */
guint    kab_text_distance (const char *a, const char *b, guint most);

G_END_DECLS
