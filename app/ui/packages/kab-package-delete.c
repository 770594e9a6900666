/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-deletion.h"
#include "kab-format.h"
#include "kab-package-delete.h"
#include "kab-session-rules.h"
#include "kab-window.h"

#define MAX_NAMED 3

/* What a question is about while it is looked up and open */
typedef struct {
  GtkWidget  *from;
  KabSession *session;
  GPtrArray  *items;        /* of KabRulePackage; (nullable): asked again */
  GStrv       files;
  GStrv       lost;         /* of these: those that go without a copy */
} Question;

static Question *
question_new (GtkWidget  *from,
              KabSession *session)
{
  Question *question = g_new0 (Question, 1);

  question->from = g_object_ref (from);
  question->session = g_object_ref (session);

  return question;
}

static void
question_free (gpointer data)
{
  Question *question = data;

  g_object_unref (question->from);
  g_object_unref (question->session);
  g_clear_pointer (&question->items, g_ptr_array_unref);
  g_strfreev (question->files);
  g_strfreev (question->lost);
  g_free (question);
}

/* @packages: (element-type KabPackage) */
static GStrv
dup_files (GPtrArray *packages)
{
  GStrv files = g_new0 (char *, packages->len + 1);

  for (guint i = 0; i < packages->len; i++)
    files[i] = g_strdup (kab_package_get (packages->pdata[i], "filename"));

  return files;
}

static void
answered_cb (gboolean yes,
             gpointer user_data)
{
  Question *question = user_data;
  const KabDeedWords words = { .accepted_losses = (const char * const *) question->lost };

  if (yes)
    kab_session_delete_packages (question->session, (const char * const *) question->files, &words);
}

/* "demo-office 3, demo-drivers 7 and 4 more" */
static char *
dup_names (GPtrArray *packages)
{
  g_autoptr(GString) names = g_string_new (NULL);
  guint n_more = packages->len > MAX_NAMED ? packages->len - MAX_NAMED : 0;
  g_autofree char *more = kab_format_count (n_more);

  for (guint i = 0; i < packages->len - n_more; i++)
    g_string_append_printf (names, "%s%s %s", i > 0 ? ", " : "", kab_package_get_name (packages->pdata[i]),
                            kab_package_get_version (packages->pdata[i]));
  if (n_more == 0)
    return g_string_free (g_steal_pointer (&names), FALSE);

  return g_strdup_printf (ngettext ("%1$s and %2$s more", "%1$s and %2$s more", n_more), names->str, more);
}

static void
add_sentence (GString *body,
              char    *sentence)
{
  g_string_append_printf (body, "%s%s", body->len > 0 ? " " : "", sentence);
  g_free (sentence);
}

static void
add_loss (GString   *body,
          GPtrArray *packages)
{
  g_autofree char *names = dup_names (packages);

  /* Translators: %s names packages: "demo-office 3, demo-drivers 7 and 4 more" */
  add_sentence (body, g_strdup_printf (ngettext ("No copy of %s can be kept here: it cannot be brought back.",
                                                 "No copies of %s can be kept here: they cannot be brought back.",
                                                 packages->len), names));
}

static char *
dup_heading (guint       n,
             const char *name)
{
  return n == 1
         /* Translators: %s is a package and version */
         ? g_strdup_printf (_("Delete %s from the Server?"), name)
         : g_strdup_printf (ngettext ("Delete %u Package from the Server?", "Delete %u Packages from the Server?", n), n);
}

static char *
describe (const KabDeletion *deletion,
          guint              n_items)
{
  g_autoptr(GString) body = g_string_new (NULL);

  if (deletion->n_hosts > 0)
    add_sentence (body, g_strdup_printf (ngettext ("%u host has it installed and keeps it until it takes another version.",
                                                   "%u hosts have it installed and keep it until they take another version.",
                                                   deletion->n_hosts), deletion->n_hosts));
  else
    add_sentence (body, g_strdup (_("No host is known to have it installed.")));
  if (deletion->n_seekers > 0)
    add_sentence (body, g_strdup_printf (ngettext ("%u host asks for it and finds no other version then.",
                                                   "%u hosts ask for it and find no other version then.",
                                                   deletion->n_seekers), deletion->n_seekers));
  if (deletion->n_dependents > 0)
    add_sentence (body, g_strdup_printf (ngettext ("%u package depends on it and finds no other version then.",
                                                   "%u packages depend on it and find no other version then.",
                                                   deletion->n_dependents), deletion->n_dependents));
  if (deletion->too_big->len < n_items)
    add_sentence (body, g_strdup (_("A copy is kept here, so that it can be undone.")));
  if (deletion->too_big->len > 0)
    add_loss (body, deletion->too_big);

  return g_string_free (g_steal_pointer (&body), FALSE);
}

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Question *question = user_data;
  KabRulePackage *first = question->items->pdata[0];
  g_autoptr(GError) error = NULL;
  g_autoptr(KabDeletion) deletion = kab_session_look_at_deletion_finish (KAB_SESSION (object), result, &error);
  g_autofree char *heading = NULL;
  g_autofree char *body = NULL;

  if (deletion == NULL || gtk_widget_get_root (question->from) == NULL)
    {
      if (error != NULL && gtk_widget_get_root (question->from) != NULL)
        kab_window_add_error (question->from, error);
      question_free (question);
      return;
    }
  if (question->items->len == 1 && first->is_rules && deletion->too_big->len == 0 &&
      deletion->n_hosts + deletion->n_seekers + deletion->n_dependents == 0)
    {
      answered_cb (TRUE, question);
      question_free (question);
      return;
    }

  question->lost = dup_files (deletion->too_big);
  heading = dup_heading (question->items->len, first->origin);
  body = describe (deletion, question->items->len);
  kab_window_ask (question->from, heading, body, _("_Delete"), TRUE, answered_cb, question, question_free);
}

void
kab_package_delete_ask (GtkWidget  *from,
                        KabSession *session,
                        GPtrArray  *items)
{
  g_autoptr(GPtrArray) packages = g_ptr_array_new ();
  Question *question = question_new (from, session);

  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (packages, KAB_RULE_PACKAGE (items->pdata[i])->package);
  question->items = g_ptr_array_ref (items);
  question->files = dup_files (packages);
  kab_session_look_at_deletion_async (session, items, NULL, looked_cb, question);
}

gboolean
kab_package_delete_ask_again (GtkWidget           *from,
                              KabSession          *session,
                              KabDeletePackageJob *job)
{
  GPtrArray *unkept = kab_delete_package_job_get_unkept (job);
  const char * const *files = kab_delete_package_job_get_files (job);
  g_autoptr(GString) body = g_string_new (_("Nothing was deleted yet."));
  g_autofree char *heading = NULL;
  Question *question;

  if (unkept->len == 0)
    return FALSE;

  heading = dup_heading (g_strv_length ((char **) files), kab_job_get_subject (KAB_JOB (job)));
  add_loss (body, unkept);
  question = question_new (from, session);
  question->files = g_strdupv ((char **) files);
  question->lost = dup_files (unkept);
  kab_window_ask (from, heading, body->str, _("_Delete"), TRUE, answered_cb, question, question_free);

  return TRUE;
}

char *
kab_package_delete_dup_told (KabDeletePackageJob *job)
{
  guint n = kab_package_job_get_approvals (KAB_PACKAGE_JOB (job))->len;
  guint n_files = g_strv_length ((char **) kab_delete_package_job_get_files (job));

  if (n == 0)
    return g_strdup (_("There was nothing to delete on the server any more"));
  if (n_files == 1)
    /* Translators: %s is a package and version */
    return g_strdup_printf (_("%s is deleted from the server"), kab_job_get_subject (KAB_JOB (job)));
  if (n < n_files)
    return g_strdup_printf (ngettext ("%1$u of %2$u package is deleted from the server",
                                      "%1$u of %2$u packages are deleted from the server", n_files), n, n_files);

  return g_strdup_printf (ngettext ("%u package is deleted from the server",
                                    "%u packages are deleted from the server", n), n);
}
