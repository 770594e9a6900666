/* kab-query.h: what the user asked to see: 'kb:5039 severity:critical teams'
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "kab-text.h"

G_BEGIN_DECLS

/**
 * KabQuery: an immutable, reference-counted condition over rows.
 *
 * Grammar: terms side by side are AND; a bare word or "quoted words" looks into the row's text (case-folded,
 * accents ignored); `field:value` looks into one field; `field:a,b` is OR within one field; a leading `-` negates a
 * term; numbers and dates take < <= > >= (`needed:>10`, `published:>=2026-11-01`, `published:<30d` = younger than).
 * Unknown fields and values are errors in words (KAB_ERROR_USAGE), with the field's known values in the message.
 */
typedef struct _KabQuery KabQuery;

typedef enum {
  KAB_QUERY_UPDATES,    /* kb id title severity product family classification state verdict server is needed installed
                           errors published size cve bulletin host */
  KAB_QUERY_HOSTS,      /* name uuid state ring reachable restart ou site group windows build agent package user
                           address scan seen update pending missing errors is */
} KabQueryDomain;

/* A field's kind decides which operators it takes. */
typedef enum {
  KAB_FIELD_TEXT,       /* contains, folded */
  KAB_FIELD_EXACT,      /* equals, case-insensitive; KBs with or without "KB" */
  KAB_FIELD_WORD,       /* one of a fixed set */
  KAB_FIELD_NUMBER,
  KAB_FIELD_DATE,       /* Unix seconds */
  KAB_FIELD_TREE,       /* equals or is below: organisational units */
} KabFieldKind;

typedef struct {
  const char         *name;
  KabFieldKind        kind;
  const char * const *words;         /* for KAB_FIELD_WORD */
  const char         *description;   /* N_() text for completion */
} KabFieldInfo;

/**
 * KabRowAccess: how a query looks into a row of anybody's making, without objects. @field is the index into
 * kab_query_get_fields(). Called from the thread that evaluates.
 *
 * @matches_text: does the row hold the folded @needle in @field (-1: anywhere people search)? Exact and word fields
 * get the value as the user wrote it, lower case.
 */
typedef struct {
  gboolean (*matches_text) (gpointer rows, guint row, int field, const char *needle);
  gint64   (*get_number)   (gpointer rows, guint row, int field);
} KabRowAccess;

KabQuery           *kab_query_parse       (const char *text, KabQueryDomain domain, gint64 now, GError **error);
KabQuery           *kab_query_ref         (KabQuery *self);
void                kab_query_unref       (KabQuery *self);
gboolean            kab_query_is_empty    (KabQuery *self);
gboolean            kab_query_matches     (KabQuery *self, const KabRowAccess *access, gpointer rows, guint row);
const KabFieldInfo *kab_query_get_fields  (KabQueryDomain domain, guint *n_fields);
/* The values of every `field:` term, so that a list can resolve what needs I/O (hosts: `update:`) beforehand. */
char              **kab_query_dup_values  (KabQuery *self, const char *field);
/* Is a field named at all? The list of updates hides superseded ones unless `is:superseded` or `id:` is asked. */
gboolean            kab_query_names_field (KabQuery *self, const char *field);
/* Adds, replaces or (value NULL) removes a `field:value` term in a text: what the filter pane does to the search. */
char               *kab_query_text_with   (const char *text, const char *field, const char *value);
char               *kab_query_quote       (const char *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabQuery, kab_query_unref)

G_END_DECLS
