/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-rule-reasons.h"

static void
fetched_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  KabRulesDocument *document = kab_session_read_document_finish (KAB_SESSION (object), result, &error);

  if (document != NULL)
    g_task_return_pointer (task, document, g_object_unref);
  else
    g_task_return_error (task, error);
}

/* (nullable): what is kept here of the very package, which nobody need download */
static KabRulesDocument *
find_kept (GListModel *versions,
           KabPackage *package)
{
  for (guint i = 0; versions != NULL && i < g_list_model_get_n_items (versions); i++)
    {
      g_autoptr(KabPackageVersion) version = g_list_model_get_item (versions, i);

      if (*version->sha256 != '\0' && version->document != NULL &&
          g_str_equal (version->package_uuid, kab_package_get (package, "package_uuid")))
        return version->document;
    }

  return NULL;
}

static void
versions_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GListModel) versions = kab_session_read_versions_finish (KAB_SESSION (object), result, NULL);
  KabPackage *package = g_task_get_task_data (task);
  KabRulesDocument *kept = find_kept (versions, package);

  if (g_task_return_error_if_cancelled (task))
    return;

  if (kept != NULL)
    g_task_return_pointer (task, g_object_ref (kept), g_object_unref);
  else
    kab_session_read_document_async (KAB_SESSION (object), kab_package_get (package, "filename"),
                                     g_task_get_cancellable (task), fetched_cb, g_object_ref (task));
}

void
kab_rule_reasons_read_async (KabSession          *session,
                             KabPackage          *package,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (KAB_IS_SESSION (session));
  g_return_if_fail (KAB_IS_PACKAGE (package));

  task = g_task_new (session, cancellable, callback, user_data);
  g_task_set_source_tag (task, kab_rule_reasons_read_async);
  g_task_set_task_data (task, g_object_ref (package), g_object_unref);
  kab_session_read_versions_async (session, kab_package_get_name (package), cancellable, versions_cb, task);
}

KabRulesDocument *
kab_rule_reasons_read_finish (KabSession    *session,
                              GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, session), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
