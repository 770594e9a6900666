/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-query-text.h"
#include "kab-search-explain.h"

static char *
join_fields (KabQueryDomain domain)
{
  GString *text = g_string_new (NULL);
  guint n_fields;
  const KabFieldInfo *fields = kab_query_get_fields (domain, &n_fields);

  for (guint i = 0; i < MIN (n_fields, 8); i++)
    g_string_append_printf (text, "%s%s:", i > 0 ? ", " : "", fields[i].name);

  return g_string_free (text, FALSE);
}

static char *
explain_token (KabQueryDomain       domain,
               const KabQueryToken *token,
               const char          *text)
{
  g_autofree char *names = NULL;
  guint n_fields;
  int field;
  const KabFieldInfo *info;

  field = kab_query_find_field (domain, token->field);
  if (field < 0)
    {
      names = join_fields (domain);
      /* Translators: %1$s is what the user typed before a colon, %2$s a list such as "kb:, severity:" */
      return g_strdup_printf (_("“%1$s” is no field. There are %2$s and others; text with a colon needs quotes."),
                              token->field, names);
    }

  info = &kab_query_get_fields (domain, &n_fields)[field];
  if (info->kind == KAB_FIELD_WORD)
    {
      names = g_strjoinv (", ", (char **) info->words);
      /* Translators: %1$s is a term such as "severity:hot", %2$s a field, %3$s its values */
      return g_strdup_printf (_("“%1$s”: “%2$s” can be %3$s."), text, info->name, names);
    }
  if (info->kind == KAB_FIELD_NUMBER)
    /* Translators: %1$s is a term such as "needed:many", %2$s a field */
    return g_strdup_printf (_("“%1$s”: “%2$s” needs a number, such as %2$s:10 or %2$s:>10."),
                            text, info->name);
  if (info->kind == KAB_FIELD_DATE)
    /* Translators: %1$s is a term such as "published:soon", %2$s a field */
    return g_strdup_printf (_("“%1$s”: “%2$s” needs a day or an age, such as %2$s:>=2026-11-01 or %2$s:<30d."),
                            text, info->name);

  /* Translators: %s is a term of a search */
  return g_strdup_printf (_("“%s” needs a value after the colon."), text);
}

char *
kab_search_explain (const char     *text,
                    KabQueryDomain  domain,
                    gint64          now)
{
  gsize cursor = 0;

  g_return_val_if_fail (text != NULL, NULL);

  for (;;)
    {
      g_autoptr(KabQueryToken) token = kab_query_token_next (text, &cursor);
      g_autoptr(KabQuery) query = NULL;
      g_autofree char *term = NULL;

      if (token == NULL)
        return NULL;
      term = g_strndup (text + token->start, token->end - token->start);
      query = kab_query_parse (term, domain, now, NULL);
      if (query == NULL && token->field != NULL)
        return explain_token (domain, token, term);
    }
}
