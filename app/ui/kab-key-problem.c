/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-error-text.h"
#include "kab-error.h"
#include "kab-key-problem.h"

typedef struct {
  KabKeyProblemFunc callback;
  gpointer          user_data;
} Question;

static void
key_checked_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autofree Question *question = user_data;
  g_autoptr(GError) error = NULL;
  gboolean needs_passphrase = FALSE;
  gboolean has_key;

  has_key = kab_session_check_signing_key_finish (KAB_SESSION (object), result, &needs_passphrase, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (has_key)
    question->callback (NULL, FALSE, question->user_data);
  else if (error == NULL || g_error_matches (error, KAB_ERROR, KAB_ERROR_USAGE))
    question->callback (_("Hosts obey only signed orders, and no key is set: choose certificate and key in the "
                          "preferences, under Servers"), TRUE, question->user_data);
  else if (g_error_matches (error, KAB_ERROR, KAB_ERROR_NOT_FOUND))
    question->callback (_("The signing key or its certificate is not where the preferences say"), TRUE,
                        question->user_data);
  else
    question->callback (kab_error_text_describe (error), TRUE, question->user_data);
}

void
kab_key_problem_check (KabSession        *session,
                       GCancellable      *cancellable,
                       KabKeyProblemFunc  callback,
                       gpointer           user_data)
{
  Question *question;

  g_return_if_fail (callback != NULL);

  if (session == NULL)
    {
      callback (_("No server is open"), FALSE, user_data);
      return;
    }
  question = g_new (Question, 1);
  *question = (Question) { callback, user_data };
  kab_session_check_signing_key_async (session, cancellable, key_checked_cb, question);
}
