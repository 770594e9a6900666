/* kab-query.h: what the user asked to see: 'kb:5031354 severity:critical teams'
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "kab-query-fields.h"
#include "kab-query-text.h"
#include "kab-text.h"

G_BEGIN_DECLS

/**
 * KabQuery: an immutable, reference-counted condition over rows; may be used from several threads at once.
 *
 * Grammar: terms side by side are AND; a bare word or "quoted words" looks into the row's text (case-folded,
 * accents ignored); `field:value` looks into one field; `field:a,b` is OR within one field; a leading `-` negates a
 * term. Quotes protect blanks, commas and colons; inside them `\"` and `\\` stand for the sign itself; a quote left
 * open ends with the text. `field:""` asks for an empty text.
 *
 * Numbers take < <= > >= = and lo..hi (`needed:>10`, `size:>=200M`); k, M, G are 1000, 1000², 1000³.
 * Dates are UTC: `published:2026-11-10`, `published:2026-11` and `published:2026` mean any time of that day, month or
 * year; < <= > >= compare with it; an age compares ages (`published:<30d` = younger than 30 days, `scan:>2w` = longer
 * ago than two weeks); `today`, `yesterday`, `patch-tuesday` (the last one) are days; `never` is a date that is not
 * known, which no comparison matches.
 *
 * Unknown fields and values are errors in words (%KAB_ERROR_USAGE), with what is known in the message.
 */
typedef struct _KabQuery KabQuery;

/**
 * KabRowAccess: how a query looks into a row of anybody's making, without objects. @field is a #KabUpdateField or
 * #KabHostField. Called from the thread that evaluates.
 *
 * @matches_text: does the row hold @needle in @field (-1: anywhere people search)? The needle is folded as
 *   kab_text_fold() does it; for a bare word and TEXT fields "contains" is meant, for EXACT "is one of", for TREE "is
 *   or lies below" (kab_text_equals(), kab_text_list_has(), kab_text_tree_has() ask that of a text that is not
 *   folded), for WORD the needle is one of the field's words.
 * @get_number: NUMBER as it is, DATE as Unix seconds and 0 when not known
 */
typedef struct {
  gboolean (*matches_text) (gpointer rows, guint row, int field, const char *needle);
  gint64   (*get_number)   (gpointer rows, guint row, int field);
} KabRowAccess;

KabQuery           *kab_query_parse       (const char *text, KabQueryDomain domain, gint64 now, GError **error);
/* Why kab_query_parse() refuses a text, in the reader's language; NULL when it does not. */
char               *kab_query_describe_problem (const char *text, KabQueryDomain domain, gint64 now,
                                                const char *(*translate) (const char *msgid));
KabQuery           *kab_query_ref         (KabQuery *self);
void                kab_query_unref       (KabQuery *self);
gboolean            kab_query_matches     (KabQuery *self, const KabRowAccess *access, gpointer rows, guint row);
/* The values of every `field:` term, folded, so that a list can resolve what needs I/O (`update:`, `host:`) beforehand. */
char              **kab_query_dup_values  (KabQuery *self, const char *field);
/* Is a field named at all? The list of updates hides superseded ones unless `is:` or `id:` is named. */
gboolean            kab_query_names_field (KabQuery *self, const char *field);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabQuery, kab_query_unref)

G_END_DECLS
