/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-requirement.h"
#include "kab-version.h"

#define MAX_UNITS 64     /* parents of one unit; the directory allows fewer */

/* Where the condition begins, "(>=3)"; NULL when there is none. Units may have parentheses in their names. */
static const char *
find_condition (const char *requirement)
{
  const char *condition = strrchr (requirement, '(');

  return condition != NULL && strspn (condition + 1 + strspn (condition + 1, " \t"), "<>=") > 0 ? condition : NULL;
}

static gsize
get_name_length (const char *requirement)
{
  const char *condition = find_condition (requirement);
  gsize length = condition != NULL ? (gsize) (condition - requirement) : strlen (requirement);

  while (length > 0 && g_ascii_isspace (requirement[length - 1]))
    length--;
  return length;
}

char *
kab_requirement_dup_name (const char *requirement)
{
  g_return_val_if_fail (requirement != NULL, NULL);

  requirement += strspn (requirement, " \t");
  return g_strndup (requirement, get_name_length (requirement));
}

gboolean
kab_requirement_matches (const char *requirement,
                         const char *name,
                         const char *version)
{
  const char *condition;
  g_autofree char *wanted = NULL;
  gsize length;
  int order;

  g_return_val_if_fail (requirement != NULL && name != NULL && version != NULL, FALSE);

  requirement += strspn (requirement, " \t");
  length = get_name_length (requirement);
  if (strlen (name) != length || memcmp (requirement, name, length) != 0)
    return FALSE;
  condition = find_condition (requirement);
  if (condition == NULL)
    return TRUE;

  condition += 1 + strspn (condition + 1, " \t");
  length = strspn (condition, "<>=");
  wanted = g_strndup (condition + length, strcspn (condition + length, ")"));
  g_strstrip (wanted);
  if (length > 2 || *wanted == '\0' || (length == 2 && condition[1] != '='))
    return FALSE;

  order = kab_version_compare_loosely (version, wanted);
  if (condition[0] == '<')
    return order < 0 || (length == 2 && order == 0);
  if (condition[0] == '>')
    return order > 0 || (length == 2 && order == 0);
  return order == 0;
}

/* "OU=Postes": the length of its type, 0 when it is no part of a DN. */
static gsize
get_type_length (const char *part)
{
  gsize length = 0;

  while (g_ascii_isalnum (part[length]))
    length++;
  return length > 0 && g_ascii_isalpha (part[0]) && part[length] == '=' ? length : 0;
}

static gboolean
is_domain (const char *part)
{
  return g_ascii_strncasecmp (part, "DC=", 3) == 0;
}

/* The next comma that no backslash stands before; the end when there is none. */
static const char *
find_comma (const char *text)
{
  for (; *text != '\0' && *text != ','; text++)
    if (*text == '\\' && text[1] != '\0')
      text++;
  return text;
}

GStrv
kab_requirements_split (const char *list)
{
  g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  gboolean is_dn = FALSE;          /* the last one is a DN that may go on */
  gboolean was_domain = FALSE;

  while (list != NULL && *list != '\0')
    {
      const char *end = find_comma (list);
      g_autofree char *part = g_strstrip (g_strndup (list, (gsize) (end - list)));
      gboolean is_part = get_type_length (part) > 0;

      if (*part != '\0')
        {
          if (is_part && is_dn && (!was_domain || is_domain (part)))
            {
              char *before = parts->pdata[parts->len - 1];

              parts->pdata[parts->len - 1] = g_strconcat (before, ",", part, NULL);
              g_free (before);
            }
          else
            g_ptr_array_add (parts, g_strdup (part));
          is_dn = is_part && find_condition (part) == NULL;
          was_domain = is_domain (part);
        }
      list = *end != '\0' ? end + 1 : end;
    }

  g_ptr_array_add (parts, NULL);
  return (GStrv) g_ptr_array_steal (parts, NULL);
}

char *
kab_requirements_join (const char * const *requirements)
{
  return requirements != NULL ? g_strjoinv (",", (char **) requirements) : g_strdup ("");
}

GStrv
kab_unit_dup_parents (const char *dn)
{
  g_autoptr(GPtrArray) units = g_ptr_array_new ();
  GStrv parents;

  while (dn != NULL && *dn != '\0' && units->len < MAX_UNITS)
    {
      const char *end = find_comma (dn);

      g_ptr_array_add (units, (gpointer) dn);
      dn = *end != '\0' ? end + 1 + strspn (end + 1, " ") : end;
    }

  parents = g_new0 (char *, units->len + 1);
  for (guint i = 0; i < units->len; i++)
    parents[i] = g_strdup (units->pdata[units->len - 1 - i]);
  return parents;
}
