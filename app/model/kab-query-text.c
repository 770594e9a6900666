/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-query-text.h"

static void
clear_value (gpointer data)
{
  KabQueryValue *value = data;

  g_free (value->text);
}

void
kab_query_token_free (KabQueryToken *token)
{
  if (token == NULL)
    return;

  g_free (token->field);
  g_array_unref (token->values);
  g_free (token);
}

/* Bytes of white space at @at, 0 for none. */
static gsize
measure_space (const char *at)
{
  if (*at == '\0')
    return 0;
  if ((guchar) *at < 0x80)
    return g_ascii_isspace (*at) ? 1 : 0;
  return g_unichar_isspace (g_utf8_get_char (at)) ? (gsize) (g_utf8_next_char (at) - at) : 0;
}

/* The length of "field" before a colon, 0 when the term is a bare word. */
static gsize
measure_field (const char *at)
{
  gsize length = 0;

  while (g_ascii_isalnum (at[length]) || (at[length] == '-' && length > 0))
    length++;

  return at[length] == ':' && g_ascii_isalpha (*at) ? length : 0;
}

/* One value at *@at, which moves behind it; a comma ends it only where @splits. */
static void
read_value (const char    **at,
            gboolean        splits,
            KabQueryValue  *value)
{
  GString *text = g_string_new (NULL);
  gboolean inside = FALSE;
  const char *from = *at;

  value->quoted = FALSE;
  for (; *from != '\0' && (inside || (measure_space (from) == 0 && !(splits && *from == ','))); from++)
    {
      if (*from == '"')
        {
          inside = !inside;
          value->quoted = TRUE;
        }
      else if (inside && *from == '\\' && (from[1] == '"' || from[1] == '\\'))
        g_string_append_c (text, *++from);
      else
        g_string_append_c (text, *from);
    }

  *at = from;
  value->text = g_string_free (text, FALSE);
}

KabQueryToken *
kab_query_token_next (const char *text,
                      gsize      *cursor)
{
  const char *at = text + *cursor;
  KabQueryToken *token;
  gsize length;

  while ((length = measure_space (at)) > 0)
    at += length;
  *cursor = (gsize) (at - text);
  if (*at == '\0')
    return NULL;

  token = g_new0 (KabQueryToken, 1);
  token->start = *cursor;
  token->values = g_array_new (FALSE, TRUE, sizeof (KabQueryValue));
  g_array_set_clear_func (token->values, clear_value);

  if (*at == '-' && at[1] != '\0' && measure_space (at + 1) == 0)
    {
      token->negated = TRUE;
      at++;
    }

  length = measure_field (at);
  if (length > 0)
    {
      token->field = g_ascii_strdown (at, (gssize) length);
      at += length + 1;
    }

  for (;;)
    {
      KabQueryValue value;

      read_value (&at, token->field != NULL, &value);
      g_array_append_val (token->values, value);
      if (token->field == NULL || *at != ',')
        break;
      at++;
    }

  token->end = *cursor = (gsize) (at - text);
  return token;
}

/* Everything that is not plain goes into quotes: a no-break space is white space too. */
static gboolean
needs_quotes (const char *value)
{
  if (*value == '\0')
    return TRUE;

  for (; *value != '\0'; value++)
    if (!g_ascii_isgraph (*value) || *value == ',' || *value == '"')
      return TRUE;

  return FALSE;
}

char *
kab_query_quote (const char *value)
{
  GString *text;

  g_return_val_if_fail (value != NULL, NULL);

  if (!needs_quotes (value))
    return g_strdup (value);

  text = g_string_new ("\"");
  for (; *value != '\0'; value++)
    {
      if (*value == '"' || *value == '\\')
        g_string_append_c (text, '\\');
      g_string_append_c (text, *value);
    }
  g_string_append_c (text, '"');
  return g_string_free (text, FALSE);
}

/* Closes a quote that is open at the end and would swallow what comes behind it; a backslash there stays itself. */
static void
close_quote (GString *text)
{
  gboolean inside = FALSE;
  gboolean dangling = FALSE;

  for (const char *at = text->str; *at != '\0'; at++)
    {
      dangling = FALSE;
      if (*at == '"')
        inside = !inside;
      else if (inside && *at == '\\' && (at[1] == '"' || at[1] == '\\'))
        at++;
      else
        dangling = *at == '\\';
    }

  if (inside)
    g_string_append (text, dangling ? "\\\"" : "\"");
}

static void
append_term (GString    *result,
             const char *term,
             gsize       length)
{
  if (length == 0)
    return;
  if (result->len > 0)
    g_string_append_c (result, ' ');
  g_string_append_len (result, term, (gssize) length);
}

static char *
make_term (const char         *field,
           const char * const *values)
{
  GString *term;

  if (values == NULL || values[0] == NULL)
    return g_strdup ("");

  term = g_string_new (field);
  for (gsize i = 0; values[i] != NULL; i++)
    {
      g_autofree char *quoted = kab_query_quote (values[i]);

      g_string_append_c (term, i == 0 ? ':' : ',');
      g_string_append (term, quoted);
    }

  return g_string_free (term, FALSE);
}

char *
kab_query_text_with_values (const char         *text,
                            const char         *field,
                            const char * const *values)
{
  g_autofree char *valid = NULL;
  g_autofree char *term = NULL;
  GString *result;
  KabQueryToken *token;
  gsize cursor = 0;
  gboolean placed = FALSE;

  g_return_val_if_fail (field != NULL, NULL);

  valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  term = make_term (field, values);
  result = g_string_new (NULL);

  while ((token = kab_query_token_next (valid, &cursor)) != NULL)
    {
      if (token->negated || token->field == NULL || g_ascii_strcasecmp (token->field, field) != 0)
        append_term (result, valid + token->start, token->end - token->start);
      else if (!placed)
        {
          append_term (result, term, strlen (term));
          placed = TRUE;
        }
      kab_query_token_free (token);
    }

  if (!placed)
    {
      if (*term != '\0')
        close_quote (result);
      append_term (result, term, strlen (term));
    }

  return g_string_free (result, FALSE);
}

char *
kab_query_text_with (const char *text,
                     const char *field,
                     const char *value)
{
  const char * const values[] = { value, NULL };

  return kab_query_text_with_values (text, field, values);
}

char **
kab_query_text_dup_values (const char *text,
                           const char *field)
{
  g_autofree char *valid = NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  KabQueryToken *token;
  gsize cursor = 0;

  g_return_val_if_fail (field != NULL, NULL);

  valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  while ((token = kab_query_token_next (valid, &cursor)) != NULL)
    {
      if (!token->negated && token->field != NULL && g_ascii_strcasecmp (token->field, field) == 0)
        for (guint i = 0; i < token->values->len; i++)
          {
            const KabQueryValue *value = &g_array_index (token->values, KabQueryValue, i);

            if (*value->text != '\0' || value->quoted)
              g_strv_builder_add (builder, value->text);
          }
      kab_query_token_free (token);
    }

  return g_strv_builder_end (builder);
}

/* The words of a field that begin with what was typed of its last value. */
static void
complete_value (const KabFieldInfo *info,
                const char         *term,
                GStrvBuilder       *builder)
{
  const char *typed = strrchr (term, ',');

  typed = typed != NULL ? typed + 1 : strchr (term, ':') + 1;
  for (gsize i = 0; info->words != NULL && info->words[i] != NULL; i++)
    if (g_ascii_strncasecmp (info->words[i], typed, strlen (typed)) == 0)
      {
        g_autofree char *head = g_strndup (term, (gsize) (typed - term));
        g_autofree char *whole = g_strconcat (head, info->words[i], NULL);

        g_strv_builder_add (builder, whole);
      }
}

char **
kab_query_text_complete (const char     *text,
                         gsize           cursor,
                         KabQueryDomain  domain,
                         gsize          *start,
                         gsize          *end)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *term = NULL;
  const KabFieldInfo *fields;
  guint n_fields;
  gsize at = 0;
  gsize sign;
  gsize length;

  g_return_val_if_fail (text != NULL, NULL);

  *start = *end = cursor = MIN (cursor, strlen (text));
  if (!g_utf8_validate (text, -1, NULL))
    return g_strv_builder_end (builder);

  for (;;)
    {
      g_autoptr(KabQueryToken) token = kab_query_token_next (text, &at);

      if (token == NULL || token->start >= cursor)
        break;
      if (token->end >= cursor)
        {
          *start = token->start;
          *end = token->end;
          break;
        }
    }

  term = g_strndup (text + *start, cursor - *start);
  sign = *term == '-' ? 1 : 0;
  length = measure_field (term + sign);
  fields = kab_query_get_fields (domain, &n_fields);
  for (guint i = 0; i < n_fields; i++)
    {
      if (length > 0)
        {
          if (strlen (fields[i].name) == length &&
              g_ascii_strncasecmp (fields[i].name, term + sign, length) == 0)
            complete_value (&fields[i], term, builder);
        }
      else if (g_ascii_strncasecmp (fields[i].name, term + sign, strlen (term + sign)) == 0)
        {
          g_autofree char *whole = g_strconcat (sign > 0 ? "-" : "", fields[i].name, ":", NULL);

          g_strv_builder_add (builder, whole);
        }
    }

  return g_strv_builder_end (builder);
}
