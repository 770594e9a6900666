/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-table-private.h"

/* Items gathered in one turn of the main loop: about a millisecond. */
#define SLICE 4000

/* Gathering */

typedef struct {
  GtkBitset     *wanted;         /* NULL: all */
  gboolean       selected_only;
  GtkBitsetIter  iter;
  guint          next;
  gboolean       more;
  GPtrArray     *items;
  GListModel    *list;
  gulong         handler;
  gulong         refresh_handler;
  gboolean       stale;
} Collect;

static void
collect_free (Collect *collect)
{
  g_clear_signal_handler (&collect->handler, collect->list);
  g_clear_signal_handler (&collect->refresh_handler, collect->list);
  g_clear_object (&collect->list);
  g_clear_pointer (&collect->wanted, gtk_bitset_unref);
  g_clear_pointer (&collect->items, g_ptr_array_unref);
  g_free (collect);
}

static void
collect_begin (Collect *collect)
{
  guint n_items = g_list_model_get_n_items (collect->list);

  g_clear_pointer (&collect->wanted, gtk_bitset_unref);
  g_clear_pointer (&collect->items, g_ptr_array_unref);
  collect->wanted = collect->selected_only
                    ? gtk_selection_model_get_selection (GTK_SELECTION_MODEL (collect->list))
                    : gtk_bitset_new_range (0, n_items);
  collect->items = g_ptr_array_new_full ((guint) gtk_bitset_get_size (collect->wanted),
                                         g_object_unref);
  collect->more = gtk_bitset_iter_init_first (&collect->iter, collect->wanted, &collect->next);
  collect->stale = FALSE;
}

static void
collect_stale_cb (Collect *collect)
{
  collect->stale = TRUE;
}

static gboolean
collect_slice (gpointer user_data)
{
  GTask *task = G_TASK (user_data);
  Collect *collect = g_task_get_task_data (task);

  if (g_task_return_error_if_cancelled (task))
    return G_SOURCE_REMOVE;

  if (collect->stale)
    collect_begin (collect);
  for (guint i = 0; i < SLICE && collect->more; i++)
    {
      gpointer item = g_list_model_get_item (collect->list, collect->next);

      if (item != NULL)
        g_ptr_array_add (collect->items, item);
      collect->more = gtk_bitset_iter_next (&collect->iter, &collect->next);
    }
  if (collect->more)
    return G_SOURCE_CONTINUE;

  g_task_return_pointer (task, g_steal_pointer (&collect->items),
                         (GDestroyNotify) g_ptr_array_unref);
  return G_SOURCE_REMOVE;
}

void
kab_table_collect_async (KabTable            *self,
                         gboolean             selected_only,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Collect *collect;

  g_return_if_fail (KAB_IS_TABLE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kab_table_collect_async);
  collect = g_new0 (Collect, 1);
  collect->list = g_object_ref (G_LIST_MODEL (self->selection));
  collect->selected_only = selected_only;
  collect->handler = g_signal_connect_swapped (collect->list, "items-changed",
                                               G_CALLBACK (collect_stale_cb), collect);
  collect->refresh_handler = g_signal_connect_swapped (collect->list, "refreshed",
                                                       G_CALLBACK (collect_stale_cb), collect);
  g_task_set_task_data (task, collect, (GDestroyNotify) collect_free);
  collect_begin (collect);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, collect_slice, g_steal_pointer (&task),
                   g_object_unref);
}

/**
 * kab_table_collect_finish:
 * @self: a table
 * @result: of the callback
 * @error: place for an error
 *
 * Returns: (transfer full) (element-type GObject): the items; %NULL only when it was cancelled
 */
GPtrArray *
kab_table_collect_finish (KabTable      *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Writing */

typedef struct {
  GPtrArray *items;
  GPtrArray *columns;       /* KabTableColumn */
  GFile     *file;          /* NULL: tab-separated, for the clipboard */
} Write;

static void
write_free (Write *job)
{
  g_clear_pointer (&job->items, g_ptr_array_unref);
  g_ptr_array_unref (job->columns);
  g_clear_object (&job->file);
  g_free (job);
}

/* A cell may not break the lines of the clipboard. */
static void
append_tsv (GString    *text,
            const char *cell,
            gboolean    last)
{
  for (const char *p = cell; *p != '\0'; p++)
    g_string_append_c (text, *p == '\t' || *p == '\n' || *p == '\r' ? ' ' : *p);
  g_string_append_c (text, last ? '\n' : '\t');
}

static void
append_cell (Write      *job,
             GString    *text,
             const char *cell,
             guint       column)
{
  gboolean last = column + 1 == job->columns->len;

  if (job->file != NULL)
    kab_format_append_csv (text, cell, last);
  else
    append_tsv (text, cell, last);
}

static void
append_header (Write   *job,
               GString *text)
{
  for (guint i = 0; i < job->columns->len; i++)
    append_cell (job, text, _(((const KabTableColumn *) job->columns->pdata[i])->title), i);
}

static void
append_row (Write    *job,
            GString  *text,
            gpointer  item)
{
  for (guint i = 0; i < job->columns->len; i++)
    {
      const KabTableColumn *column = job->columns->pdata[i];
      g_autofree char *cell = column->dup_text (item);

      append_cell (job, text, cell != NULL ? cell : "", i);
    }
}

static gboolean
flush (GOutputStream  *stream,
       GString        *text,
       GCancellable   *cancellable,
       GError        **error)
{
  gboolean ok = g_output_stream_write_all (stream, text->str, text->len, NULL, cancellable, error);

  g_string_truncate (text, 0);
  return ok;
}

static gboolean
write_file (Write         *job,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr(GString) text = g_string_new ("\xef\xbb\xbf");   /* so that spreadsheets see UTF-8 */
  g_autoptr(GFileOutputStream) stream = NULL;
  g_autoptr(GCancellable) abandon = NULL;
  gboolean ok = TRUE;

  stream = g_file_replace (job->file, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION,
                           cancellable, error);
  if (stream == NULL)
    return FALSE;

  append_header (job, text);
  for (guint i = 0; ok && i < job->items->len; i++)
    {
      append_row (job, text, job->items->pdata[i]);
      if (text->len > 256 * 1024)
        ok = flush (G_OUTPUT_STREAM (stream), text, cancellable, error);
    }
  ok = ok && flush (G_OUTPUT_STREAM (stream), text, cancellable, error);
  if (ok)
    return g_output_stream_close (G_OUTPUT_STREAM (stream), cancellable, error);

  /* Closing with a cancelled cancellable leaves the file that was there. */
  abandon = g_cancellable_new ();
  g_cancellable_cancel (abandon);
  g_output_stream_close (G_OUTPUT_STREAM (stream), abandon, NULL);
  return FALSE;
}

static void
write_in_thread (GTask        *task,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  Write *job = task_data;
  GString *text;
  GError *error = NULL;

  if (job->file != NULL)
    {
      if (write_file (job, cancellable, &error))
        g_task_return_pointer (task, NULL, NULL);
      else
        g_task_return_error (task, error);
      return;
    }

  text = g_string_new (NULL);
  for (guint i = 0; i < job->items->len; i++)
    append_row (job, text, job->items->pdata[i]);
  g_task_return_pointer (task, g_string_free (text, FALSE), g_free);
}

static void
written_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  KabTable *self = KAB_TABLE (object);
  Write *job = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;
  g_autofree char *text = g_task_propagate_pointer (G_TASK (result), &error);
  g_autofree char *told = NULL;
  g_autofree char *name = NULL;
  g_autofree char *count = NULL;
  guint n = job->items->len;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (error != NULL)
    {
      kab_table_fail (self, error);
      return;
    }

  count = kab_format_count (n);
  if (job->file == NULL)
    {
      gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
      told = g_strdup_printf (ngettext ("%s row copied", "%s rows copied", n), count);
    }
  else
    {
      name = g_file_get_basename (job->file);
      /* Translators: %1$s is a number of rows, %2$s a file name */
      told = g_strdup_printf (ngettext ("%1$s row exported to “%2$s”",
                                        "%1$s rows exported to “%2$s”", n), count, name);
    }
  kab_table_tell (self, told);
}

static void
collected_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  KabTable *self = KAB_TABLE (object);
  Write *job = user_data;
  g_autoptr(GTask) task = NULL;

  job->items = kab_table_collect_finish (self, result, NULL);
  if (job->items == NULL)
    {
      write_free (job);
      return;
    }

  task = g_task_new (self, self->cancellable, written_cb, NULL);
  g_task_set_source_tag (task, write_in_thread);
  g_task_set_task_data (task, job, (GDestroyNotify) write_free);
  g_task_run_in_thread (task, write_in_thread);
}

static void
start (KabTable *self,
       gboolean  selected_only,
       GFile    *file)
{
  Write *job = g_new0 (Write, 1);

  job->columns = kab_table_dup_shown (self);
  job->file = file != NULL ? g_object_ref (file) : NULL;
  kab_table_collect_async (self, selected_only, self->cancellable, collected_cb, job);
}

static void
copy_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  start (KAB_TABLE (user_data), TRUE, NULL);
}

static void
response_cb (GtkNativeDialog *dialog,
             int              response,
             KabTable        *self)
{
  g_autoptr(GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (file != NULL)
    start (self, kab_record_selection_get_count (self->selection) > 1, file);
  g_object_unref (dialog);
}

/* Several selected rows are what is wanted; else the whole list. */
static void
export_action (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  KabTable *self = KAB_TABLE (user_data);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkFileChooserNative *dialog;
  g_autofree char *name = g_strconcat (self->info->id, ".csv", NULL);

  dialog = gtk_file_chooser_native_new (_("Export as CSV"), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                        GTK_FILE_CHOOSER_ACTION_SAVE, _("_Export"), _("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
export_to_action (GSimpleAction *action,
                  GVariant      *path,
                  gpointer       user_data)
{
  KabTable *self = KAB_TABLE (user_data);
  g_autoptr(GFile) file = g_file_new_for_path (g_variant_get_string (path, NULL));

  start (self, kab_record_selection_get_count (self->selection) > 1, file);
}

void
kab_table_copy_init (KabTable *self)
{
  const GActionEntry entries[] = {
    { "copy", copy_action },
    { "export", export_action },
    { "export-to", export_to_action, "s" },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
}
