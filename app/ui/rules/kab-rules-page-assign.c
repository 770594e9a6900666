/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-assign-selection.h"
#include "kab-assign-window.h"
#include "kab-rules-page-private.h"
#include "kab-undo-toast.h"
#include "kab-window.h"

/* A package that more people get */
typedef struct {
  KabRulesPage  *page;          /* ours */
  char          *name;
  GArray        *targets;       /* (nullable): who */
  KabPackageJob *job;           /* (nullable): that gives it to them */
} Wish;

static Wish *
wish_new (KabRulesPage *page,
          const char   *name)
{
  Wish *wish = g_new0 (Wish, 1);

  wish->page = g_object_ref (page);
  wish->name = g_strdup (name);

  return wish;
}

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  g_object_unref (wish->page);
  g_clear_object (&wish->job);
  g_clear_pointer (&wish->targets, g_array_unref);
  g_free (wish->name);
  g_free (wish);
}

/* Giving a package to more people */

static void
assigned_cb (Wish *wish)
{
  KabRulesPage *self = wish->page;
  g_autoptr(GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = kab_package_job_count (wish->job, KAB_PACKAGE_STEP_DONE);
  g_autofree char *text = NULL;

  g_ptr_array_add (jobs, g_object_ref (wish->job));
  /* Translators: %1$s is a rule package, %2$u how many hosts, units and groups ask for it now */
  text = g_strdup_printf (ngettext ("%1$s is assigned: %2$u change", "%1$s is assigned: %2$u changes", n), wish->name, n);
  if (kab_job_get_state (KAB_JOB (wish->job)) == KAB_JOB_DONE)
    kab_undo_toast_show (GTK_WIDGET (self), self->session, jobs, text);
  else
    kab_window_add_error (GTK_WIDGET (self), kab_job_get_error (KAB_JOB (wish->job)));
}

static void
unlocked_cb (gboolean yes,
             gpointer user_data)
{
  Wish *wish = user_data;
  const char *requirements[] = { wish->name, NULL };
  Wish *done;

  if (!yes || wish->page->session == NULL)
    return;

  done = wish_new (wish->page, wish->name);
  done->job = g_object_ref (kab_session_assign (wish->page->session, KAB_ASSIGN,
                                                (const KabAssignTarget *) (gpointer) wish->targets->data,
                                                wish->targets->len, requirements, NULL));
  g_signal_connect_data (done->job, "finished", G_CALLBACK (assigned_cb), done,
                         (GClosureNotify) (void (*) (void)) wish_free, G_CONNECT_SWAPPED);
}

static void
targets_chosen_cb (GArray   *targets,
                   gpointer  user_data)
{
  Wish *wish = user_data;
  Wish *locked;

  if (targets->len == 0)
    return;
  locked = wish_new (wish->page, wish->name);
  locked->targets = g_array_ref (targets);
  kab_window_unlock_key (GTK_WIDGET (wish->page), unlocked_cb, locked, wish_free);
}

static void
assign_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  KabRulesPage *self = KAB_RULES_PAGE (widget);
  g_autoptr(KabRulePackage) item = kab_rules_page_dup_single (self);
  g_autoptr(GArray) nobody = kab_assign_targets_new ();

  if (item != NULL && self->session != NULL)
    kab_assign_window_show (widget, self->session, nobody, targets_chosen_cb,
                            wish_new (self, kab_package_get_name (item->package)), wish_free);
}

void
kab_rules_page_class_install_assign (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "rules.assign", NULL, assign_action);
}
