/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-packages-list.h"
#include "kab-rules-lookup.h"

/* A sync mostly finds the packages as they were: then rows and cards stay as they are. */
static gboolean
looks_same (KabRulePackage *a,
            KabRulePackage *b)
{
  return g_str_equal (a->id, b->id) &&
         g_str_equal (kab_package_get (a->package, "package_uuid"), kab_package_get (b->package, "package_uuid")) &&
         a->installed->len == b->installed->len && a->older->len == b->older->len &&
         a->assigned->len == b->assigned->len && a->waits == b->waits && a->is_newest == b->is_newest &&
         a->signature_known == b->signature_known && a->signature == b->signature;
}

static gboolean
is_same_id (GListModel *a,
            guint       i,
            GListModel *b,
            guint       j)
{
  g_autoptr(KabRulePackage) one = g_list_model_get_item (a, i);
  g_autoptr(KabRulePackage) two = g_list_model_get_item (b, j);

  return g_str_equal (one->id, two->id);
}

static void
update_item (GListStore *list,
             guint       position,
             GListModel *fresh,
             guint       i)
{
  g_autoptr(KabRulePackage) old = g_list_model_get_item (G_LIST_MODEL (list), position);
  g_autoptr(KabRulePackage) new = g_list_model_get_item (fresh, i);

  if (looks_same (old, new))
    kab_rule_package_move_hosts (old, new);
  else
    g_list_store_splice (list, position, 1, (gpointer *) &new, 1);
}

/* What came and went lies between the packages that are at both ends of both lists. */
void
kab_packages_list_update (GListStore *list,
                          GListModel *fresh)
{
  g_autoptr(GPtrArray) between = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_old = g_list_model_get_n_items (G_LIST_MODEL (list));
  guint n_new = g_list_model_get_n_items (fresh);
  guint head = 0;
  guint tail = 0;

  while (head < MIN (n_old, n_new) && is_same_id (G_LIST_MODEL (list), head, fresh, head))
    head++;
  while (tail < MIN (n_old, n_new) - head && is_same_id (G_LIST_MODEL (list), n_old - 1 - tail, fresh, n_new - 1 - tail))
    tail++;
  for (guint i = head; i < n_new - tail; i++)
    g_ptr_array_add (between, g_list_model_get_item (fresh, i));
  if (between->len > 0 || n_old > head + tail)
    g_list_store_splice (list, head, n_old - head - tail, between->pdata, between->len);
  for (guint i = 0; i < head; i++)
    update_item (list, i, fresh, i);
  for (guint i = n_new - tail; i < n_new; i++)
    update_item (list, i, fresh, i);
}
