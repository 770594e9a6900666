/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "kab-error.h"
#include "kab-query-number.h"
#include "kab-query.h"
#include "kab-result-code.h"
#include "kab-template.h"

#define MAX_TEXT (1024 * 1024)     /* bytes; the ids of some 20,000 chosen updates */
#define MAX_TERMS 256
#define MAX_VALUES 32768           /* of all terms */

typedef struct {
  char          *needle;           /* folded; NULL for ranges */
  KabQueryRange  range;
} Value;

typedef struct {
  int           field;             /* -1: a bare word */
  KabFieldKind  kind;
  gboolean      negated;
  guint         n_values;
  Value        *values;
} Term;

struct _KabQuery
{
  gatomicrefcount  ref_count;
  KabQueryDomain   domain;
  GArray          *terms;          /* (element-type Term) */
  gboolean         names_since;
};

/* What kab_query_parse() carries along. */
typedef struct {
  KabQuery    *query;
  gint64       now;
  guint        n_values;
  const char *(*translate) (const char *msgid);
  char        *problem;            /* set by the first failure */
} Parser;

static const char *
keep_msgid (const char *msgid)
{
  return msgid;
}

static void
clear_term (gpointer data)
{
  Term *term = data;

  for (guint i = 0; i < term->n_values; i++)
    g_free (term->values[i].needle);
  g_free (term->values);
}

static gboolean
complain (Parser     *parser,
          const char *msgid,
          const char *name,
          const char *value,
          const char *known)
{
  const KabTemplateValue values[] = {
    { "field", name }, { "value", value }, { "known", known }, { NULL, NULL },
  };

  parser->problem = kab_template_fill (parser->translate (msgid), values);
  return FALSE;
}

static gboolean
complain_about_field (Parser     *parser,
                      const char *name)
{
  g_autoptr(GString) known = g_string_new (NULL);
  guint n_fields;
  const KabFieldInfo *fields = kab_query_get_fields (parser->query->domain, &n_fields);

  for (guint i = 0; i < n_fields; i++)
    g_string_append_printf (known, "%s%s", i > 0 ? ", " : "", fields[i].name);

  return complain (parser, N_ ("“{field}:” is not a field. Fields are {known}. To search for the text itself, put it in "
                               "quotes."), name, NULL, known->str);
}

static gboolean
complain_about_value (Parser             *parser,
                      const KabFieldInfo *info,
                      const char         *value)
{
  g_autofree char *known = NULL;

  switch (info->kind)
    {
    case KAB_FIELD_WORD:
      known = g_strjoinv (", ", (char **) info->words);
      return complain (parser, N_ ("“{value}” is not a value of “{field}:”. Values are {known}."), info->name, value, known);
    case KAB_FIELD_NUMBER:
      return complain (parser, N_ ("“{value}” is not a number. Write for example {field}:3, {field}:>10 or {field}:1..9."),
                       info->name, value, NULL);
    case KAB_FIELD_DATE:
      return complain (parser, N_ ("“{value}” is not a date. Write for example {field}:2026-11-10, {field}:>=2026-11 or "
                                   "{field}:<30d."), info->name, value, NULL);
    case KAB_FIELD_TEXT:
    case KAB_FIELD_EXACT:
    case KAB_FIELD_TREE:
    default:
      return complain (parser, N_ ("“{value}” is not a result code. Write for example {field}:0x80240017."), info->name,
                       value, NULL);
    }
}

static char *
compile_word (const KabFieldInfo *info,
              const char         *text)
{
  for (guint i = 0; info->words[i] != NULL; i++)
    if (g_ascii_strcasecmp (info->words[i], text) == 0)
      return g_strdup (info->words[i]);

  return NULL;
}

/* Articles with their "KB", result codes in one spelling, everything else folded. NULL: not possible */
static char *
compile_text (Parser             *parser,
              const KabFieldInfo *info,
              const char         *text)
{
  char *needle = kab_text_fold (text, -1);
  guint32 code;

  if (parser->query->domain == KAB_QUERY_UPDATES && strcmp (info->name, "kb") == 0)
    {
      if (*needle != '\0' && !g_str_has_prefix (needle, "kb"))
        {
          char *number = needle;

          needle = g_strconcat ("kb", number, NULL);
          g_free (number);
        }
    }
  else if (parser->query->domain == KAB_QUERY_HOSTS && strcmp (info->name, "result") == 0)
    {
      g_clear_pointer (&needle, g_free);
      if (kab_result_code_parse (text, &code))
        needle = g_strdup_printf ("0x%08x", code);
    }

  return needle;
}

static gboolean
compile_value (Parser              *parser,
               const KabFieldInfo  *info,
               const KabQueryValue *value,
               gboolean             is_since,
               Value               *compiled)
{
  memset (compiled, 0, sizeof *compiled);

  switch (info->kind)
    {
    case KAB_FIELD_NUMBER:
      if (kab_query_range_from_number (value->text, &compiled->range))
        return TRUE;
      break;
    case KAB_FIELD_DATE:
      if (kab_query_range_from_date (value->text, parser->now, &compiled->range))
        {
          if (is_since && compiled->range.low > 0)
            compiled->range.high = G_MAXINT64;
          return TRUE;
        }
      break;
    case KAB_FIELD_WORD:
      compiled->needle = compile_word (info, value->text);
      if (compiled->needle != NULL)
        return TRUE;
      break;
    case KAB_FIELD_TEXT:
    case KAB_FIELD_EXACT:
    case KAB_FIELD_TREE:
    default:
      compiled->needle = compile_text (parser, info, value->text);
      if (compiled->needle != NULL)
        return TRUE;
      break;
    }

  return complain_about_value (parser, info, value->text);
}

/* Commas while somebody still types leave empty values behind: they are nothing, unless there is nothing else. */
static gboolean
compile_values (Parser        *parser,
                KabQueryToken *token,
                int            field,
                Term          *term)
{
  guint n_fields;
  const KabFieldInfo *info = &kab_query_get_fields (parser->query->domain, &n_fields)[field];
  gboolean is_since = parser->query->domain == KAB_QUERY_UPDATES && field == KAB_UPDATE_FIELD_SINCE;

  term->kind = info->kind;
  term->field = is_since ? KAB_UPDATE_FIELD_PUBLISHED : field;
  term->values = g_new0 (Value, token->values->len);
  parser->query->names_since |= is_since;

  for (guint i = 0; i < token->values->len; i++)
    {
      const KabQueryValue *value = &g_array_index (token->values, KabQueryValue, i);

      if (*value->text == '\0' && !value->quoted)
        continue;
      if (!compile_value (parser, info, value, is_since, &term->values[term->n_values]))
        return FALSE;
      term->n_values++;
    }

  if (term->n_values == 0)
    return complain (parser, N_ ("“{field}:” needs a value behind the colon."), info->name, NULL, NULL);
  return TRUE;
}

static gboolean
compile_token (Parser        *parser,
               KabQueryToken *token,
               Term          *term)
{
  const KabQueryValue *value = &g_array_index (token->values, KabQueryValue, 0);
  int field;

  term->negated = token->negated;
  if (token->field == NULL)
    {
      term->field = -1;
      term->kind = KAB_FIELD_TEXT;
      term->n_values = 1;
      term->values = g_new0 (Value, 1);
      term->values[0].needle = kab_text_fold (value->text, -1);
      return TRUE;
    }

  field = kab_query_find_field (parser->query->domain, token->field);
  if (field < 0)
    return complain_about_field (parser, token->field);
  return compile_values (parser, token, field, term);
}

static gboolean
parse (Parser     *parser,
       const char *text)
{
  gsize cursor = 0;

  if (strnlen (text, MAX_TEXT + 1) > MAX_TEXT)
    return complain (parser, N_ ("The search is too long."), NULL, NULL, NULL);
  if (!g_utf8_validate (text, -1, NULL))
    return complain (parser, N_ ("The search holds signs that are not text."), NULL, NULL, NULL);

  for (;;)
    {
      g_autoptr(KabQueryToken) token = kab_query_token_next (text, &cursor);
      Term term = { 0 };
      gboolean good;

      if (token == NULL)
        return TRUE;
      parser->n_values += token->values->len;
      if (parser->query->terms->len >= MAX_TERMS || parser->n_values > MAX_VALUES)
        return complain (parser, N_ ("The search has too many words."), NULL, NULL, NULL);

      good = compile_token (parser, token, &term);
      /* An empty pair of quotes among the words asks for nothing. */
      if (good && (term.field >= 0 || *term.values[0].needle != '\0'))
        g_array_append_val (parser->query->terms, term);
      else
        clear_term (&term);
      if (!good)
        return FALSE;
    }
}

static KabQuery *
parse_in_words (const char      *text,
                KabQueryDomain   domain,
                gint64           now,
                const char    *(*translate) (const char *msgid),
                char           **problem)
{
  g_autoptr(KabQuery) query = g_new0 (KabQuery, 1);
  Parser parser = { query, now, 0, translate != NULL ? translate : keep_msgid, NULL };

  g_atomic_ref_count_init (&query->ref_count);
  query->domain = domain;
  query->terms = g_array_new (FALSE, TRUE, sizeof (Term));
  g_array_set_clear_func (query->terms, clear_term);

  if (parse (&parser, text != NULL ? text : ""))
    return g_steal_pointer (&query);

  *problem = parser.problem;
  return NULL;
}

KabQuery *
kab_query_parse (const char      *text,
                 KabQueryDomain   domain,
                 gint64           now,
                 GError         **error)
{
  g_autofree char *problem = NULL;
  KabQuery *query = parse_in_words (text, domain, now, NULL, &problem);

  if (query == NULL)
    g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE, problem);
  return query;
}

char *
kab_query_describe_problem (const char      *text,
                            KabQueryDomain   domain,
                            gint64           now,
                            const char    *(*translate) (const char *msgid))
{
  char *problem = NULL;

  kab_query_unref (parse_in_words (text, domain, now, translate, &problem));
  return problem;
}

KabQuery *
kab_query_ref (KabQuery *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
kab_query_unref (KabQuery *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_array_unref (self->terms);
  g_free (self);
}

static gboolean
is_met (const Term         *term,
        const KabRowAccess *access,
        gpointer            rows,
        guint               row)
{
  if (term->kind == KAB_FIELD_NUMBER || term->kind == KAB_FIELD_DATE)
    {
      gint64 number = access->get_number (rows, row, term->field);

      for (guint i = 0; i < term->n_values; i++)
        if (number >= term->values[i].range.low && number <= term->values[i].range.high)
          return TRUE;
      return FALSE;
    }

  for (guint i = 0; i < term->n_values; i++)
    if (access->matches_text (rows, row, term->field, term->values[i].needle))
      return TRUE;
  return FALSE;
}

gboolean
kab_query_matches (KabQuery           *self,
                   const KabRowAccess *access,
                   gpointer            rows,
                   guint               row)
{
  const Term *terms = (const Term *) (void *) self->terms->data;

  for (guint i = 0; i < self->terms->len; i++)
    if (is_met (&terms[i], access, rows, row) == terms[i].negated)
      return FALSE;

  return TRUE;
}

char **
kab_query_dup_values (KabQuery   *self,
                      const char *field)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  int wanted;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (field != NULL, NULL);

  wanted = kab_query_find_field (self->domain, field);
  for (guint i = 0; wanted >= 0 && i < self->terms->len; i++)
    {
      const Term *term = &g_array_index (self->terms, Term, i);

      for (guint j = 0; term->field == wanted && j < term->n_values; j++)
        if (term->values[j].needle != NULL)
          g_strv_builder_add (builder, term->values[j].needle);
    }

  return g_strv_builder_end (builder);
}

gboolean
kab_query_names_field (KabQuery   *self,
                       const char *field)
{
  int wanted;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (field != NULL, FALSE);

  wanted = kab_query_find_field (self->domain, field);
  if (self->domain == KAB_QUERY_UPDATES && wanted == KAB_UPDATE_FIELD_SINCE)
    return self->names_since;
  for (guint i = 0; wanted >= 0 && i < self->terms->len; i++)
    if (g_array_index (self->terms, Term, i).field == wanted)
      return TRUE;

  return FALSE;
}
