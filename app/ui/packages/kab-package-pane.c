/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-evidence-view.h"
#include "kab-facts.h"
#include "kab-format.h"
#include "kab-package-pane.h"
#include "kab-package-parts.h"
#include "kab-packages-columns.h"
#include "kab-refill.h"
#include "kab-session-rules.h"

enum { EVIDENCE, HOSTS, VERSIONS, SIGNATURE, CONTROL, FILES, N_PARTS };

struct _KabPackagePane
{
  KabDetailPane       parent_instance;

  GtkWidget          *promote;      /* the part with the button */
  GtkBox             *parts[N_PARTS];

  KabSession         *session;
  KabRulePackage     *item;
  KabPackageContents *contents;     /* (nullable): of @item, once they are read */
  GError             *error;        /* (nullable): why they could not */
  GListModel         *versions;     /* (nullable): of @item, once they are read */
  const KabEvidence  *evidence;     /* (nullable): borrowed: only while it is shown anew */
};

G_DEFINE_FINAL_TYPE (KabPackagePane, kab_package_pane, KAB_TYPE_DETAIL_PANE)

static void
fill_head (GtkBox   *box,
           gpointer  user_data)
{
  kab_package_parts_fill_head (box, KAB_PACKAGE_PANE (user_data)->item);
}

static void
fill_evidence (GtkBox   *box,
               gpointer  user_data)
{
  KabPackagePane *self = user_data;

  if (self->evidence == NULL || self->session == NULL)
    return;

  kab_facts_add_heading (box, _("Pilot"));
  kab_evidence_view_fill (box, self->session, self->evidence, FALSE);
}

static void
fill_hosts (GtkBox   *box,
            gpointer  user_data)
{
  kab_package_parts_fill_hosts (box, KAB_PACKAGE_PANE (user_data)->item);
}

static void
fill_versions (GtkBox   *box,
               gpointer  user_data)
{
  kab_package_parts_fill_versions (box, KAB_PACKAGE_PANE (user_data)->versions);
}

static void
fill_signature (GtkBox   *box,
                gpointer  user_data)
{
  KabPackagePane *self = user_data;

  kab_package_parts_fill_signature (box, self->item, self->contents != NULL ? self->contents->signature : NULL,
                                    kab_session_get_now (self->session));
}

static void
fill_control (GtkBox   *box,
              gpointer  user_data)
{
  kab_package_parts_fill_control (box, KAB_PACKAGE_PANE (user_data)->item);
}

static void
fill_files (GtkBox   *box,
            gpointer  user_data)
{
  KabPackagePane *self = user_data;

  kab_package_parts_fill_files (box, self->contents, self->error);
}

static void
fill (KabPackagePane *self,
      guint           part)
{
  static const KabFill fills[N_PARTS] = {
    fill_evidence, fill_hosts, fill_versions, fill_signature, fill_control, fill_files,
  };

  kab_refill (self->parts[part], fills[part], self);
}

static void
contents_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabPackageContents) contents = kab_session_read_contents_finish (KAB_SESSION (object), result, &error);
  KabPackagePane *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = KAB_PACKAGE_PANE (user_data);
  g_clear_pointer (&self->contents, kab_package_contents_free);
  g_clear_error (&self->error);
  self->contents = g_steal_pointer (&contents);
  self->error = g_steal_pointer (&error);
  fill (self, SIGNATURE);
  fill (self, FILES);
}

static void
versions_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) versions = kab_session_read_versions_finish (KAB_SESSION (object), result, &error);
  KabPackagePane *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = KAB_PACKAGE_PANE (user_data);
  g_set_object (&self->versions, versions);
  fill (self, VERSIONS);
}

static void
forget (KabPackagePane *self)
{
  g_clear_pointer (&self->contents, kab_package_contents_free);
  g_clear_error (&self->error);
  g_clear_object (&self->versions);
}

static void
kab_package_pane_dispose (GObject *object)
{
  KabPackagePane *self = KAB_PACKAGE_PANE (object);

  forget (self);
  g_clear_object (&self->session);
  g_clear_object (&self->item);

  G_OBJECT_CLASS (kab_package_pane_parent_class)->dispose (object);
}

static void
kab_package_pane_class_init (KabPackagePaneClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_package_pane_dispose;
}

static void
kab_package_pane_init (KabPackagePane *self)
{
  KabDetailPane *pane = KAB_DETAIL_PANE (self);
  GtkWidget *button;

  kab_detail_pane_name_menu (pane, _("Actions of the package"), _("What can be done with this package"));
  button = g_object_new (GTK_TYPE_BUTTON, "label", _("_Promote…"), "use-underline", TRUE,
                         "action-name", "packages.promote", "halign", GTK_ALIGN_START, NULL);
  self->promote = GTK_WIDGET (kab_detail_pane_add_part (pane));
  gtk_box_append (GTK_BOX (self->promote), button);
  for (guint i = 0; i < N_PARTS; i++)
    self->parts[i] = kab_detail_pane_add_part (pane);
}

GtkWidget *
kab_package_pane_new (void)
{
  return g_object_new (KAB_TYPE_PACKAGE_PANE, NULL);
}

static void
show_none (KabPackagePane *self,
           guint           n_selected)
{
  g_autofree char *count = kab_format_count (n_selected);
  g_autofree char *title = NULL;

  title = n_selected > 1 ? g_strdup_printf (ngettext ("%s Package Selected", "%s Packages Selected", n_selected), count)
                         : g_strdup (_("No Package Selected"));
  kab_detail_pane_show_none (KAB_DETAIL_PANE (self), n_selected, "kab-packages-symbolic", title,
                             n_selected > 1
                             ? _("They can be deleted from the server together.")
                             : _("Choose a package to see its hosts, its versions and how its pilot goes."));
}

void
kab_package_pane_show (KabPackagePane *self,
                       KabSession     *session,
                       KabRulePackage *item,
                       guint           n_selected)
{
  KabDetailPane *pane = KAB_DETAIL_PANE (self);
  GCancellable *reading;

  g_return_if_fail (KAB_IS_PACKAGE_PANE (self));

  g_set_object (&self->session, session);
  g_set_object (&self->item, item);
  if (item == NULL || session == NULL)
    {
      forget (self);
      show_none (self, n_selected);
      return;
    }

  if (kab_detail_pane_show_one (pane, item->id, item->origin))
    {
      forget (self);
      fill (self, EVIDENCE);
    }
  kab_refill (kab_detail_pane_get_head (pane), fill_head, self);
  gtk_widget_set_visible (self->promote, kab_packages_get_next (item) != NULL);
  for (guint i = HOSTS; i < N_PARTS; i++)
    fill (self, i);

  reading = kab_detail_pane_get_reading (pane);
  /* Rule packages are small; others are not fetched for being looked at. */
  if (item->is_rules)
    kab_session_read_contents_async (session, kab_package_get (item->package, "filename"), reading, contents_cb, self);
  kab_session_read_versions_async (session, kab_package_get_name (item->package), reading, versions_cb, self);
}

void
kab_package_pane_set_evidence (KabPackagePane    *self,
                               const KabEvidence *evidence)
{
  g_return_if_fail (KAB_IS_PACKAGE_PANE (self));

  self->evidence = evidence;
  fill (self, EVIDENCE);
  self->evidence = NULL;
}
