/* kab-query-text.h: the text of a query: reading it term by term and changing one term of it
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "kab-query-fields.h"

G_BEGIN_DECLS

/* One value of a term; @text has its quotes taken off. */
typedef struct {
  char     *text;
  gboolean  quoted;     /* was any of it in quotes? */
} KabQueryValue;

/* One term: `-field:a,"b c"`. */
typedef struct {
  gsize     start;      /* bytes of the query's text, end excluded */
  gsize     end;
  gboolean  negated;
  char     *field;      /* lower case; NULL for a bare word */
  GArray   *values;     /* (element-type KabQueryValue), at least one */
} KabQueryToken;

/* Reads the term at or behind *@cursor of a UTF-8 text. Returns: (transfer full): NULL at the end */
KabQueryToken *kab_query_token_next     (const char *text, gsize *cursor);
void           kab_query_token_free     (KabQueryToken *token);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabQueryToken, kab_query_token_free)

/* @value as it must stand behind `field:`; quotes only where they are needed. An operator (">10") stays one. */
char          *kab_query_quote          (const char *value);
/* Replaces the `field:` terms of a text, or adds one, or (NULL) removes them: what the filter pane does to the search. */
char          *kab_query_text_with      (const char *text, const char *field, const char *value);
/* The same with several values, which are OR; NULL or empty removes. Negated terms are left alone. */
char          *kab_query_text_with_values (const char *text, const char *field, const char * const *values);
/* The values of the `field:` terms that are not negated, as they were meant: what the filter pane shows as chosen. */
char         **kab_query_text_dup_values (const char *text, const char *field);
/* What can stand where the cursor is (a byte offset): "severity:" or "severity:critical", each a whole term.
 * @start and @end tell which bytes it replaces. */
char         **kab_query_text_complete  (const char *text, gsize cursor, KabQueryDomain domain, gsize *start, gsize *end);

G_END_DECLS
