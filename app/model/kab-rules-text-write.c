/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-rules-document-private.h"

char *
kab_rules_clean_comment (char *line)
{
  for (char *c = line; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  return g_strchomp (line);
}

static gboolean
needs_escape (const char *value,
              gsize       i)
{
  guchar c = (guchar) value[i];

  return c < 0x20 || c == 0x7f || strchr ("%=[]", c) != NULL || (c == '#' && i == 0) ||
         (c == ' ' && (i == 0 || value[i + 1] == '\0'));
}

static void
append_key (GString    *text,
            const char *value)
{
  for (gsize i = 0; value[i] != '\0'; i++)
    {
      if (needs_escape (value, i))
        g_string_append_printf (text, "%%%02X", (guint) (guchar) value[i]);
      else
        g_string_append_c (text, value[i]);
    }
}

/* As GKeyFile escapes a text. */
static void
append_text (GString    *text,
             const char *value)
{
  gsize length = strlen (value);

  for (gsize i = 0; i < length; i++)
    {
      switch (value[i])
        {
        case '\n':
          g_string_append (text, "\\n");
          break;
        case '\r':
          g_string_append (text, "\\r");
          break;
        case '\t':
          g_string_append (text, "\\t");
          break;
        case '\\':
          g_string_append (text, "\\\\");
          break;
        default:
          if (value[i] != ' ' && !g_ascii_iscntrl (value[i]))
            g_string_append_c (text, value[i]);
          else
            g_string_append (text, i == 0 || i + 1 == length ? "\\s" : " ");
        }
    }
}

static void
append_comment (GString    *text,
                const char *comment)
{
  g_auto(GStrv) lines = NULL;

  if (comment[0] == '\0')
    return;
  lines = g_strsplit (comment, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      kab_rules_clean_comment (lines[i]);
      g_string_append_printf (text, lines[i][0] != '\0' ? "# %s\n" : "#%s\n", lines[i]);
    }
}

static void
append_group (GString    *text,
              const char *group,
              const char *comment)
{
  if (text->len > 0)
    g_string_append_c (text, '\n');
  append_comment (text, comment);
  g_string_append_printf (text, "[%s]\n", group);
}

static void
append_fact (GString    *text,
             const char *key,
             const char *value)
{
  if (value[0] == '\0')
    return;
  g_string_append_printf (text, "%s=", key);
  append_text (text, value);
  g_string_append_c (text, '\n');
}

static const char *
tristate_text (KabTristate value)
{
  return value == KAB_TRISTATE_NULL ? "" : value == KAB_TRISTATE_TRUE ? "true" : "false";
}

char *
kab_rules_document_to_text (KabRulesDocument *self)
{
  GString *text = g_string_new (NULL);
  guint i = 0;

  g_return_val_if_fail (KAB_IS_RULES_DOCUMENT (self), NULL);

  append_group (text, KAB_RULES_GROUP_PACKAGE, self->comments[KAB_RULES_COMMENT_PACKAGE]);
  append_fact (text, "name", self->name);
  append_fact (text, "description", self->description);
  append_fact (text, "maturity", self->maturity);
  append_fact (text, "base-version", self->base_version);
  append_fact (text, "base-uuid", self->base_uuid);

  if (self->include_superseded != KAB_TRISTATE_NULL || self->default_allow != KAB_TRISTATE_NULL ||
      self->comments[KAB_RULES_COMMENT_OPTIONS][0] != '\0')
    {
      append_group (text, KAB_RULES_GROUP_OPTIONS, self->comments[KAB_RULES_COMMENT_OPTIONS]);
      append_fact (text, KAB_RULES_KEY_DEFAULT_ALLOW, tristate_text (self->default_allow));
      append_fact (text, KAB_RULES_KEY_INCLUDE_SUPERSEDED, tristate_text (self->include_superseded));
    }

  for (KabRuleList list = 0; list < KAB_N_RULE_LISTS; list++)
    {
      const KabRulesLine *line = i < self->lines->len ? self->lines->pdata[i] : NULL;

      if ((line == NULL || line->list != list) && self->comments[list][0] == '\0')
        continue;
      append_group (text, kab_rule_list_get_key (list), self->comments[list]);
      for (; i < self->lines->len; i++)
        {
          line = self->lines->pdata[i];
          if (line->list != list)
            break;
          append_comment (text, line->comment);
          append_key (text, line->value);
          g_string_append_c (text, '=');
          append_text (text, line->reason);
          g_string_append_c (text, '\n');
        }
    }

  if (self->unknown_keys[0] != NULL || self->comments[KAB_RULES_COMMENT_UNKNOWN][0] != '\0')
    {
      append_group (text, KAB_RULES_GROUP_UNKNOWN, self->comments[KAB_RULES_COMMENT_UNKNOWN]);
      for (guint key = 0; self->unknown_keys[key] != NULL; key++)
        {
          append_key (text, self->unknown_keys[key]);
          g_string_append (text, "=\n");
        }
    }
  if (self->comments[KAB_RULES_COMMENT_END][0] != '\0')
    {
      g_string_append_c (text, '\n');
      append_comment (text, self->comments[KAB_RULES_COMMENT_END]);
    }

  return g_string_free (text, FALSE);
}
