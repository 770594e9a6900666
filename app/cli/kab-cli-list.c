/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-cli"

#include "config.h"

#include "kab-cli-list.h"

#include <glib/gi18n.h>
#include <string.h>

#include "kab-error.h"

static gboolean
find_sort (const char        *word,
           const KabCliSort  *sorts,
           guint              n_sorts,
           KabSort           *sort,
           GError           **error)
{
  g_autoptr(GString) known = g_string_new (NULL);

  *sort = sorts[0].sort;
  for (guint i = 0; i < n_sorts; i++)
    {
      if (word == NULL || g_str_equal (word, sorts[i].word))
        {
          *sort = sorts[i].sort;
          return TRUE;
        }
      g_string_append_printf (known, "%s%s", i > 0 ? ", " : "", sorts[i].word);
    }

  g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, _("cannot sort by “%s”; there are %s"), word, known->str);
  return FALSE;
}

GArray *
kab_cli_list_rows (KabCli            *cli,
                   KabQueryDomain     domain,
                   const KabCliSort  *sorts,
                   guint              n_sorts,
                   GError           **error)
{
  g_autofree char *query = g_strjoinv (" ", cli->words);
  g_autofree char *problem = NULL;
  GArray *rows;
  KabSort sort;

  if (cli->options.limit < 0)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE, _("--limit cannot be less than zero"));
      return NULL;
    }
  if (!find_sort (cli->options.sort, sorts, n_sorts, &sort, error))
    return NULL;
  problem = kab_query_describe_problem (query, domain, kab_cli_get_now (), kab_cli_translate);
  if (problem != NULL)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE, problem);
      return NULL;
    }
  if (kab_cli_open_store (cli, error) == NULL)
    return NULL;

  rows = kab_record_order_now (cli->snapshot, domain, query, sort, cli->options.descending, NULL, error);
  if (rows != NULL && cli->options.limit > 0 && rows->len > (guint) cli->options.limit)
    g_array_set_size (rows, (guint) cli->options.limit);

  return rows;
}

GStrv
kab_cli_split_kbs (const char *kbs)
{
  GStrv list = g_strsplit (kbs, ", ", -1);

  if (kbs[0] == '\0')
    {
      g_strfreev (list);
      return g_new0 (char *, 1);
    }
  for (char **kb = list; *kb != NULL; kb++)
    {
      if (g_ascii_strncasecmp (*kb, "KB", 2) == 0)
        memmove (*kb, *kb + 2, strlen (*kb + 2) + 1);
    }

  return list;
}
