/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "kab-error.h"
#include "kab-in-thread.h"

static GThread *main_thread;
static int n_late_freed;

static void
free_text (gpointer data)
{
  if (strcmp (data, "late") == 0)
    g_atomic_int_inc (&n_late_freed);
  g_free (data);
}

/* "fail" fails, "" gives nothing, "late" is cancelled while it works, all else gives a copy. */
static gpointer
work (gpointer       source,
      gpointer       data,
      GCancellable  *cancellable,
      GError       **error)
{
  const char *text = data;

  g_assert_true (g_thread_self () != main_thread);
  g_assert_nonnull (source);
  if (strcmp (text, "fail") == 0)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_NETWORK, "away");
      return NULL;
    }
  if (strcmp (text, "late") == 0)
    g_cancellable_cancel (cancellable);

  return *text != '\0' ? g_strdup (text) : NULL;
}

static void
keep_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static char *
run (const char  *text,
     GError     **error)
{
  g_autoptr(GObject) source = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  char *found;

  kab_in_thread_run (source, work, g_strdup (text), free_text, free_text, cancellable, keep_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (g_async_result_is_tagged (result, work));
  found = kab_in_thread_finish (source, result, error);

  return found;
}

static void
test_results (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *found = run ("text", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, "text");
  g_assert_null (run ("", &error));
  g_assert_no_error (error);
  g_assert_null (run ("fail", &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_NETWORK);
}

/* Nobody gets the result, so it is freed, as is the data: a moment later, by the thread. */
static void
test_cancelled (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (run ("late", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  for (guint i = 0; i < 1000 && g_atomic_int_get (&n_late_freed) < 2; i++)
    g_usleep (5000);
  g_assert_cmpint (g_atomic_int_get (&n_late_freed), ==, 2);
}

int
main (int    argc,
      char **argv)
{
  main_thread = g_thread_self ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/in-thread/results", test_results);
  g_test_add_func ("/in-thread/cancelled", test_cancelled);

  return g_test_run ();
}
