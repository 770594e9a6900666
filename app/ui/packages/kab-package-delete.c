/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-package-delete.h"
#include "kab-rules-lookup.h"
#include "kab-session-rules.h"
#include "kab-window.h"

/* What a question is about while it is open */
typedef struct {
  KabSession *session;
  GPtrArray  *items;        /* of KabRulePackage */
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_object_unref (question->session);
  g_ptr_array_unref (question->items);
  g_free (question);
}

static void
delete_answered_cb (gboolean yes,
                    gpointer user_data)
{
  Question *question = user_data;
  g_autoptr(GPtrArray) names = g_ptr_array_new ();

  if (!yes)
    return;

  for (guint i = 0; i < question->items->len; i++)
    g_ptr_array_add (names, (gpointer) kab_package_get (KAB_RULE_PACKAGE (question->items->pdata[i])->package,
                                                        "filename"));
  g_ptr_array_add (names, NULL);
  kab_session_delete_packages (question->session, (const char * const *) names->pdata, NULL);
}

void
kab_package_delete_ask (GtkWidget  *from,
                        KabSession *session,
                        GPtrArray  *items)
{
  Question *question;
  g_autoptr(GHashTable) hosts = g_hash_table_new (NULL, NULL);
  g_autofree char *heading = NULL;
  g_autofree char *body = NULL;
  guint n_hosts;

  for (guint i = 0; i < items->len; i++)
    {
      KabRulePackage *item = items->pdata[i];

      for (guint j = 0; j < item->installed->len; j++)
        g_hash_table_add (hosts, GUINT_TO_POINTER (g_array_index (item->installed, guint, j)));
    }
  n_hosts = g_hash_table_size (hosts);
  heading = items->len == 1
            /* Translators: %s is a package and version */
            ? g_strdup_printf (_("Delete %s from the Server?"), KAB_RULE_PACKAGE (items->pdata[0])->origin)
            : g_strdup_printf (ngettext ("Delete %u Package from the Server?", "Delete %u Packages from the Server?",
                                         items->len), items->len);
  body = n_hosts > 0
         ? g_strdup_printf (ngettext ("%u host has it installed and keeps it until it takes another version. A copy is "
                                      "kept here.",
                                      "%u hosts have it installed and keep it until they take another version. A copy is "
                                      "kept here.", n_hosts), n_hosts)
         : g_strdup (_("No host is known to have it installed. A copy is kept here."));

  question = g_new0 (Question, 1);
  question->session = g_object_ref (session);
  question->items = g_ptr_array_ref (items);
  kab_window_ask (from, heading, body, _("_Delete"), TRUE, delete_answered_cb, question, question_free);
}
