/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "kab-rules-document-private.h"

/* The text form of a rule package. GKeyFile would read it, but neither tells the number of a line that is wrong nor keeps
 * comments without looking at every line for each of them; so this reads the same grammar itself. */

#define MAX_LINE 65536       /* bytes: a reason may be long, a page of it is none */

#define NO_GROUP (-1)

typedef struct {
  KabRulesDocument *document;
  GString          *comment;     /* lines waiting for what they stand above */
  GPtrArray        *unknown;     /* keys of [unknown_keys] */
  guint             number;      /* of the line */
  int               group;       /* KabRuleList, KAB_RULES_COMMENT_…, NO_GROUP */
  gboolean          blank;       /* an empty line stood after @comment */
} Reader;

G_GNUC_PRINTF (3, 4)
static gboolean
refuse (Reader      *reader,
        GError     **error,
        const char  *format,
        ...)
{
  va_list args;
  g_autofree char *message = NULL;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, _("Line %u: %s"), reader->number, message);

  return FALSE;
}

/* Returns: (nullable): what it stands for; NULL when it cannot be read */
static char *
read_key (const char *key)
{
  g_autofree char *value = g_uri_unescape_string (key, NULL);

  return value != NULL && g_utf8_validate (value, -1, NULL) ? g_steal_pointer (&value) : NULL;
}

static char *
read_text (const char *raw)
{
  GString *text = g_string_new (NULL);

  for (; *raw != '\0'; raw++)
    {
      if (*raw != '\\' || raw[1] == '\0')
        {
          g_string_append_c (text, *raw);
          continue;
        }
      raw++;
      switch (*raw)
        {
        case 's':
          g_string_append_c (text, ' ');
          break;
        case 'n':
          g_string_append_c (text, '\n');
          break;
        case 'r':
          g_string_append_c (text, '\r');
          break;
        case 't':
          g_string_append_c (text, '\t');
          break;
        case '\\':
          g_string_append_c (text, '\\');
          break;
        default:
          g_string_append_c (text, '\\');
          g_string_append_c (text, *raw);
        }
    }

  return g_string_free (text, FALSE);
}

static char *
take_comment (Reader *reader)
{
  char *comment = g_strdup (reader->comment->str);

  g_string_truncate (reader->comment, 0);
  reader->blank = FALSE;
  return comment;
}

static void
read_comment (Reader *reader,
              char   *line)
{
  kab_rules_clean_comment (line);
  if (reader->comment->len > 0)
    g_string_append (reader->comment, reader->blank ? "\n\n" : "\n");
  reader->blank = FALSE;
  g_string_append (reader->comment, line[0] == ' ' ? line + 1 : line);
}

static gboolean
read_group (Reader  *reader,
            char    *line,
            GError **error)
{
  char *end = strchr (line, ']');
  char **comment;
  KabRuleList list;

  if (end == NULL || end[1] != '\0')
    return refuse (reader, error, _("a group looks like “[allowed_kbs]”."));

  *end = '\0';
  if (kab_rule_list_from_key (line, &list))
    reader->group = (int) list;
  else if (strcmp (line, KAB_RULES_GROUP_PACKAGE) == 0)
    reader->group = KAB_RULES_COMMENT_PACKAGE;
  else if (strcmp (line, KAB_RULES_GROUP_OPTIONS) == 0)
    reader->group = KAB_RULES_COMMENT_OPTIONS;
  else if (strcmp (line, KAB_RULES_GROUP_UNKNOWN) == 0)
    reader->group = KAB_RULES_COMMENT_UNKNOWN;
  else
    return refuse (reader, error,
                   _("there is no group “%.60s”. There are: package, options, forbidden_updates, forbidden_kbs, "
                     "allowed_updates, allowed_kbs, allowed_products, allowed_severities, allowed_classifications."),
                   line);

  comment = &reader->document->comments[reader->group];
  if (reader->comment->len > 0)
    {
      g_autofree char *before = *comment;
      g_autofree char *more = take_comment (reader);

      *comment = before[0] != '\0' ? g_strconcat (before, "\n", more, NULL) : g_steal_pointer (&more);
    }

  return TRUE;
}

static gboolean
read_tristate (Reader       *reader,
               const char   *value,
               KabTristate  *into,
               GError      **error)
{
  if (g_ascii_strcasecmp (value, "true") == 0 || strcmp (value, "1") == 0)
    *into = KAB_TRISTATE_TRUE;
  else if (g_ascii_strcasecmp (value, "false") == 0 || strcmp (value, "0") == 0)
    *into = KAB_TRISTATE_FALSE;
  else
    return refuse (reader, error, _("“%.60s” is neither true nor false."), value);

  return TRUE;
}

static gboolean
read_fact (Reader      *reader,
           const char  *key,
           const char  *value,
           GError     **error)
{
  KabRulesDocument *document = reader->document;
  const struct {
    const char  *key;
    char       **into;
  } facts[] = {
    { "name", &document->name },
    { "description", &document->description },
    { "maturity", &document->maturity },
    { "base-version", &document->base_version },
    { "base-uuid", &document->base_uuid },
  };

  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    if (strcmp (facts[i].key, key) == 0)
      {
        g_free (*facts[i].into);
        *facts[i].into = g_strdup (value);
        return TRUE;
      }

  return refuse (reader, error, _("a package has no “%.60s”. It has: name, description, maturity, base-version, base-uuid."),
                 key);
}

static gboolean
read_rule (Reader      *reader,
           const char  *value,
           const char  *reason,
           GError     **error)
{
  KabRulesDocument *document = reader->document;
  KabRulesLine *line = kab_rules_document_append (document, (KabRuleList) reader->group, value);

  if (line == NULL)
    {
      if (kab_rules_document_find (document, (KabRuleList) reader->group, value) != NULL)
        {
          g_string_truncate (reader->comment, 0);
          return TRUE;
        }
      if (document->lines->len >= KAB_RULES_DOCUMENT_MAX_LINES)
        return refuse (reader, error, _("there are more than %d rules."), KAB_RULES_DOCUMENT_MAX_LINES);
      return refuse (reader, error, _("this is too long to be an update, a KB or a name."));
    }

  g_free (line->reason);
  g_free (line->comment);
  line->reason = g_strdup (reason);
  line->comment = take_comment (reader);
  line->line_number = reader->number;
  return TRUE;
}

static gboolean
read_pair (Reader  *reader,
           char    *line,
           GError **error)
{
  char *equals = strchr (line, '=');
  g_autofree char *key = NULL;
  g_autofree char *value = NULL;

  /* A line without a sign is a rule without a reason: people leave it out. */
  if (equals != NULL)
    *equals = '\0';
  key = read_key (g_strchomp (line));
  value = read_text (equals != NULL ? g_strstrip (equals + 1) : "");
  if (key == NULL || key[0] == '\0')
    return refuse (reader, error, _("“%.60s” cannot be read: a “%%” must be written “%%25”."), line);

  switch (reader->group)
    {
    case NO_GROUP:
      return refuse (reader, error, _("“%.60s” stands before the first group."), key);
    case KAB_RULES_COMMENT_PACKAGE:
      return read_fact (reader, key, value, error);
    case KAB_RULES_COMMENT_UNKNOWN:
      g_ptr_array_add (reader->unknown, g_steal_pointer (&key));
      return TRUE;
    case KAB_RULES_COMMENT_OPTIONS:
      if (strcmp (key, KAB_RULES_KEY_INCLUDE_SUPERSEDED) == 0)
        return read_tristate (reader, value, &reader->document->include_superseded, error);
      if (strcmp (key, KAB_RULES_KEY_DEFAULT_ALLOW) == 0)
        return read_tristate (reader, value, &reader->document->default_allow, error);
      return refuse (reader, error, _("there is no option “%.60s”."), key);
    default:
      return read_rule (reader, key, value, error);
    }
}

static gboolean
read_line (Reader  *reader,
           char    *line,
           GError **error)
{
  g_strstrip (line);
  if (line[0] == '\0')
    {
      reader->blank = TRUE;
      return TRUE;
    }
  if (line[0] == '#')
    {
      read_comment (reader, line + 1);
      return TRUE;
    }

  return line[0] == '[' ? read_group (reader, line + 1, error) : read_pair (reader, line, error);
}

static gboolean
read_lines (Reader      *reader,
            const char  *text,
            const char  *end,
            GError     **error)
{
  while (text < end)
    {
      const char *newline = memchr (text, '\n', (gsize) (end - text));
      gsize length = (gsize) ((newline != NULL ? newline : end) - text);
      g_autofree char *line = NULL;

      reader->number++;
      if (length > MAX_LINE)
        return refuse (reader, error, _("it is longer than %d bytes."), MAX_LINE);
      if (memchr (text, '\0', length) != NULL || !g_utf8_validate (text, (gssize) length, NULL))
        return refuse (reader, error, _("it is no text in UTF-8."));
      line = g_strndup (text, length);
      if (!read_line (reader, line, error))
        return FALSE;
      text += length + 1;
    }

  return TRUE;
}

KabRulesDocument *
kab_rules_document_new_from_text (const char  *text,
                                  gssize       length,
                                  GError     **error)
{
  g_autoptr(KabRulesDocument) self = kab_rules_document_new (NULL);
  g_autoptr(GString) comment = g_string_new (NULL);
  g_autoptr(GPtrArray) unknown = g_ptr_array_new_with_free_func (g_free);
  Reader reader = { self, comment, unknown, 0, NO_GROUP, FALSE };
  gsize size;

  g_return_val_if_fail (text != NULL, NULL);

  size = length < 0 ? strlen (text) : (gsize) length;
  if (size > KAB_RULES_DOCUMENT_MAX_SIZE)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, _("Rules of more than %d bytes are not read."),
                   KAB_RULES_DOCUMENT_MAX_SIZE);
      return NULL;
    }
  if (size >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)      /* editors on Windows */
    {
      text += 3;
      size -= 3;
    }
  if (!read_lines (&reader, text, text + size, error))
    return NULL;
  if (reader.group == NO_GROUP)
    {
      reader.number = MAX (reader.number, 1);
      refuse (&reader, error, _("these are no rules: there is no group."));
      return NULL;
    }

  g_free (self->comments[KAB_RULES_COMMENT_END]);
  self->comments[KAB_RULES_COMMENT_END] = take_comment (&reader);
  g_strfreev (self->unknown_keys);
  g_ptr_array_add (unknown, NULL);
  self->unknown_keys = g_strdupv ((char **) unknown->pdata);
  kab_rules_document_sort (self);
  return g_steal_pointer (&self);
}
