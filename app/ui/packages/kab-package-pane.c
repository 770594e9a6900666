/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-door.h"
#include "kab-error-text.h"
#include "kab-evidence-view.h"
#include "kab-facts.h"
#include "kab-format.h"
#include "kab-hosts-window.h"
#include "kab-package-contents.h"
#include "kab-package-pane.h"
#include "kab-packages-columns.h"
#include "kab-session-rules.h"

#define DAY 86400
#define MOST_FILES 200

struct _KabPackagePane
{
  AdwBin              parent_instance;

  GtkWidget          *stack;
  GtkWidget          *none;
  GtkBox             *head;
  GtkBox             *evidence_box;
  GtkBox             *hosts;
  GtkBox             *versions;
  GtkBox             *signature;
  GtkBox             *control;
  GtkBox             *files;
  GtkWidget          *menu_button;

  KabSession         *session;
  KabRulePackage     *item;
  KabPackageContents *contents;
  GCancellable       *reading;
};

G_DEFINE_FINAL_TYPE (KabPackagePane, kab_package_pane, ADW_TYPE_BIN)

static const char *
get (KabPackagePane *self,
     const char     *attribute)
{
  return kab_package_get (self->item->package, attribute);
}

static void
fill_head (KabPackagePane *self)
{
  GtkWidget *top = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *line;
  GtkWidget *badge;
  g_autofree char *rules = kab_packages_dup_rules (self->item);

  kab_facts_clear (self->head);
  gtk_box_append (self->head, top);
  gtk_widget_set_hexpand (kab_facts_add_title (GTK_BOX (top), self->item->origin), TRUE);
  gtk_box_append (GTK_BOX (top), self->menu_button);
  if (*get (self, "description") != '\0')
    kab_facts_add_dim (self->head, get (self, "description"));
  if (self->item->is_rules)
    kab_facts_add_text (self->head, rules);

  line = kab_facts_add_line (self->head);
  badge = kab_badge_new ();
  kab_packages_bind_maturity (KAB_BADGE (badge), self->item);
  gtk_box_append (GTK_BOX (line), badge);
  badge = kab_badge_new ();
  kab_packages_bind_signature (KAB_BADGE (badge), self->item);
  gtk_box_append (GTK_BOX (line), badge);
  if (self->item->waits)
    {
      badge = kab_badge_new ();
      kab_badge_set (KAB_BADGE (badge), "accent", "go-next-symbolic", _("Waiting"),
                     _("It waits for promotion: no later ring has this version yet"));
      gtk_box_append (GTK_BOX (line), badge);
    }
  if (kab_packages_get_next (self->item) != NULL)
    {
      GtkWidget *button = gtk_button_new_with_mnemonic (_("_Promote…"));

      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "packages.promote");
      gtk_widget_set_halign (button, GTK_ALIGN_START);
      gtk_widget_set_margin_top (button, 6);
      gtk_box_append (self->head, button);
    }
}

/* Hosts that no search tells apart are listed in a window. */
typedef struct {
  KabRulePackage *item;
  GArray         *hosts;
  char           *title;
} Behind;

static void
behind_free (gpointer  data,
             GClosure *closure)
{
  Behind *behind = data;

  g_object_unref (behind->item);
  g_array_unref (behind->hosts);
  g_free (behind->title);
  g_free (behind);
}

static void
show_hosts_cb (GtkWidget *button,
               Behind    *behind)
{
  if (behind->item->snapshot != NULL)
    kab_hosts_window_show (button, behind->title, behind->item->snapshot, behind->hosts);
}

static void
add_hosts (KabPackagePane *self,
           GtkGrid        *grid,
           const char     *name,
           GArray         *hosts)
{
  g_autofree char *count = kab_format_count (hosts->len);
  GtkWidget *button;
  Behind *behind;

  if (hosts->len == 0)
    {
      kab_facts_add (grid, name, count);
      return;
    }

  behind = g_new0 (Behind, 1);
  behind->item = g_object_ref (self->item);
  behind->hosts = g_array_ref (hosts);
  behind->title = g_strdup_printf ("%s: %s", self->item->origin, name);
  button = g_object_new (GTK_TYPE_BUTTON, "label", count, "halign", GTK_ALIGN_START,
                         "accessible-role", GTK_ACCESSIBLE_ROLE_LINK, NULL);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "door");
  g_signal_connect_data (button, "clicked", G_CALLBACK (show_hosts_cb), behind, behind_free, 0);
  kab_facts_add_widget (grid, name, button);
}

static void
fill_hosts (KabPackagePane *self)
{
  GtkGrid *grid;
  GtkWidget *door;
  g_autofree char *count = kab_format_count (self->item->installed->len);
  g_autofree char *query = self->item->installed->len > 0 ? kab_packages_dup_query (self->item) : NULL;

  kab_facts_clear (self->hosts);
  if (!self->item->is_rules)
    return;

  kab_facts_add_heading (self->hosts, _("Hosts"));
  grid = GTK_GRID (kab_facts_add_grid (self->hosts));
  door = kab_door_new ("hosts", query, count);
  kab_door_set_count (KAB_DOOR (door), query != NULL ? (gint64) self->item->installed->len : -1);
  gtk_widget_set_halign (door, GTK_ALIGN_START);
  kab_facts_add_widget (grid, _("Installed"), door);
  add_hosts (self, grid, _("Another version"), self->item->older);
  add_hosts (self, grid, _("Ask for it"), self->item->assigned);
}

static void
fill_control (KabPackagePane *self)
{
  static const struct { const char *attribute; const char *name; } facts[] = {
    { "section", N_("Section") }, { "priority", N_("Priority") }, { "architecture", N_("Architecture") },
    { "locale", N_("Language") }, { "target_os", N_("System") }, { "min_os_version", N_("From Windows") },
    { "max_os_version", N_("To Windows") }, { "min_wapt_version", N_("From agent") },
    { "maintainer", N_("Maintainer") }, { "depends", N_("Depends on") }, { "conflicts", N_("Conflicts with") },
    { "categories", N_("Categories") }, { "keywords", N_("Keywords") }, { "valid_from", N_("Valid from") },
    { "valid_until", N_("Valid until") }, { "forced_install_on", N_("Forced on") }, { "changelog", N_("Changes") },
  };
  GtkGrid *grid;
  g_autofree char *size = kab_format_size (self->item->size);

  kab_facts_clear (self->control);
  kab_facts_add_heading (self->control, _("Control"));
  grid = GTK_GRID (kab_facts_add_grid (self->control));
  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    kab_facts_add (grid, _(facts[i].name), get (self, facts[i].attribute));
  kab_facts_add (grid, _("Size"), size);
  kab_facts_add_code (grid, _("File"), get (self, "filename"));
  kab_facts_add_code (grid, _("Package id"), get (self, "package_uuid"));
}

static char *
describe_expiry (const KabIdentity *signer,
                 gint64             now)
{
  gint64 days = kab_identity_get_days_left (signer, now);
  g_autofree char *date = kab_format_date (signer->not_after);

  if (signer->not_after < now)
    /* Translators: %s is a date */
    return g_strdup_printf (_("The certificate ended on %s."), date);

  /* Translators: %1$s is a date, %2$d a number of days */
  return g_strdup_printf (ngettext ("The certificate is good until %1$s, one more day.",
                                    "The certificate is good until %1$s, %2$d more days.", (gulong) days),
                          date, (int) days);
}

static void
fill_signature (KabPackagePane *self)
{
  const KabSignature *signature = self->contents != NULL ? self->contents->signature : NULL;
  gint64 now = kab_session_get_now (self->session);
  g_autofree char *when = kab_format_date_time (self->item->signed_at);
  GtkGrid *grid;
  GtkWidget *badge;

  kab_facts_clear (self->signature);
  kab_facts_add_heading (self->signature, _("Signature"));
  badge = kab_badge_new ();
  if (signature != NULL && signature->status == KAB_SIGNATURE_TRUSTED)
    kab_badge_set (KAB_BADGE (badge), "success", "security-high-symbolic",
                   _(kab_signature_status_get_label (signature->status)),
                   _("Read just now and checked file by file"));
  else if (signature != NULL)
    kab_badge_set (KAB_BADGE (badge), signature->status == KAB_SIGNATURE_UNTRUSTED ? "warning" : "error",
                   "security-low-symbolic", _(kab_signature_status_get_label (signature->status)),
                   signature->detail);
  else
    kab_packages_bind_signature (KAB_BADGE (badge), self->item);
  gtk_box_append (GTK_BOX (kab_facts_add_line (self->signature)), badge);

  grid = GTK_GRID (kab_facts_add_grid (self->signature));
  kab_facts_add (grid, _("Signed by"), get (self, "signer"));
  kab_facts_add (grid, _("Signed on"), when);
  if (signature != NULL && signature->signer != NULL)
    {
      g_autofree char *expiry = describe_expiry (signature->signer, now);

      kab_facts_add (grid, _("May sign"), _(kab_identity_get_purpose (signature->signer)));
      kab_facts_add (grid, _("Issued by"), signature->signer->is_self_signed ? _("itself")
                                                                             : signature->signer->issuer);
      kab_facts_add (grid, _("Ends"), expiry);
    }
  kab_facts_add_code (grid, _("Fingerprint"), get (self, "signer_fingerprint"));
}

static void
fill_files (KabPackagePane *self)
{
  g_autofree char *more = NULL;

  kab_facts_clear (self->files);
  if (self->contents == NULL)
    return;

  kab_facts_add_heading (self->files, _("Files"));
  for (guint i = 0; i < MIN (self->contents->files->len, MOST_FILES); i++)
    {
      const KabPackageFile *file = self->contents->files->pdata[i];
      GtkWidget *label = kab_facts_add_text (self->files, file->name);
      /* Translators: %s is a SHA-256 */
      g_autofree char *hash = g_strdup_printf (_("SHA-256 %s"), file->sha256);

      gtk_widget_add_css_class (label, "code");
      gtk_widget_set_tooltip_text (label, hash);
    }
  if (self->contents->files->len > MOST_FILES)
    {
      guint n = self->contents->files->len - MOST_FILES;

      more = g_strdup_printf (ngettext ("and %u more file", "and %u more files", n), n);
      kab_facts_add_dim (self->files, more);
    }
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
  self->contents = g_steal_pointer (&contents);
  if (self->contents != NULL)
    fill_signature (self);
  fill_files (self);
  if (error != NULL)
    {
      kab_facts_add_heading (self->files, _("Files"));
      kab_facts_add_dim (self->files, kab_error_text_describe (error));
    }
}

static void
versions_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) versions = kab_session_read_versions_finish (KAB_SESSION (object), result, &error);
  KabPackagePane *self;
  GtkGrid *grid;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = KAB_PACKAGE_PANE (user_data);
  kab_facts_clear (self->versions);
  if (versions == NULL || g_list_model_get_n_items (versions) == 0)
    return;

  kab_facts_add_heading (self->versions, _("Versions"));
  grid = GTK_GRID (kab_facts_add_grid (self->versions));
  for (guint i = 0; i < g_list_model_get_n_items (versions); i++)
    {
      g_autoptr(KabPackageVersion) version = g_list_model_get_item (versions, i);
      g_autofree char *when = kab_format_date (version->signed_at);
      g_autofree char *name = g_strdup_printf ("%s %s", version->version, version->maturity);
      const char *where = *version->file_name == '\0' ? _("kept here")
                          : *version->sha256 == '\0' ? _("on the server") : _("on the server, kept here");
      /* Translators: of a version: where it is, when it was signed and by whom */
      g_autofree char *text = g_strdup_printf (_("%1$s · %2$s · %3$s"), where, when, version->signer);

      kab_facts_add (grid, name, text);
    }
}

static void
stop_reading (KabPackagePane *self)
{
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_pointer (&self->contents, kab_package_contents_free);
}

static void
kab_package_pane_dispose (GObject *object)
{
  KabPackagePane *self = KAB_PACKAGE_PANE (object);

  stop_reading (self);
  g_clear_object (&self->menu_button);
  g_clear_object (&self->session);
  g_clear_object (&self->item);

  G_OBJECT_CLASS (kab_package_pane_parent_class)->dispose (object);
}

static void
kab_package_pane_class_init (KabPackagePaneClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_package_pane_dispose;
}

static GtkBox *
add_part (GtkWidget *box)
{
  GtkWidget *part = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_box_append (GTK_BOX (box), part);
  return GTK_BOX (part);
}

static void
kab_package_pane_init (KabPackagePane *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scrolled;

  self->menu_button = g_object_ref_sink (gtk_menu_button_new ());
  g_object_set (self->menu_button, "icon-name", "view-more-symbolic", "valign", GTK_ALIGN_START,
                "tooltip-text", _("What can be done with this package"), NULL);
  gtk_widget_add_css_class (self->menu_button, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Actions of the package"), -1);
  gtk_widget_add_css_class (box, "facts");
  self->head = add_part (box);
  self->evidence_box = add_part (box);
  self->hosts = add_part (box);
  self->versions = add_part (box);
  self->signature = add_part (box);
  self->control = add_part (box);
  self->files = add_part (box);
  scrolled = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "child", box,
                           "hscrollbar-policy", GTK_POLICY_NEVER, "vexpand", TRUE, NULL);

  self->none = adw_status_page_new ();
  gtk_widget_add_css_class (self->none, "compact");
  self->stack = gtk_stack_new ();
  gtk_stack_add_named (GTK_STACK (self->stack), self->none, "none");
  gtk_stack_add_named (GTK_STACK (self->stack), scrolled, "one");
  adw_bin_set_child (ADW_BIN (self), self->stack);
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

  if (n_selected > 1)
    title = g_strdup_printf (ngettext ("%s Package Selected", "%s Packages Selected", n_selected), count);
  g_object_set (self->none,
                "icon-name", "kab-packages-symbolic",
                "title", title != NULL ? title : _("No Package Selected"),
                "description", n_selected > 1
                               ? _("They can be deleted from the server together.")
                               : _("Choose a package to see its hosts, its versions and how its pilot goes."),
                NULL);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "none");
}

void
kab_package_pane_show (KabPackagePane *self,
                       KabSession     *session,
                       KabRulePackage *item,
                       guint           n_selected)
{
  g_return_if_fail (KAB_IS_PACKAGE_PANE (self));

  stop_reading (self);
  g_set_object (&self->session, session);
  g_set_object (&self->item, item);
  if (item == NULL || session == NULL)
    {
      show_none (self, n_selected);
      return;
    }

  kab_facts_clear (self->evidence_box);
  kab_facts_clear (self->versions);
  fill_head (self);
  fill_hosts (self);
  fill_signature (self);
  fill_control (self);
  fill_files (self);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "one");

  self->reading = g_cancellable_new ();
  /* Rule packages are small; others are not fetched for being looked at. */
  if (item->is_rules)
    kab_session_read_contents_async (session, get (self, "filename"), self->reading, contents_cb, self);
  kab_session_read_versions_async (session, kab_package_get_name (item->package), self->reading, versions_cb, self);
}

void
kab_package_pane_set_evidence (KabPackagePane    *self,
                               const KabEvidence *evidence)
{
  g_return_if_fail (KAB_IS_PACKAGE_PANE (self));

  kab_facts_clear (self->evidence_box);
  if (evidence == NULL || self->session == NULL)
    return;

  kab_facts_add_heading (self->evidence_box, _("Pilot"));
  kab_evidence_view_fill (self->evidence_box, self->session, evidence, FALSE);
}

void
kab_package_pane_set_menu (KabPackagePane *self,
                           GMenuModel     *menu)
{
  g_return_if_fail (KAB_IS_PACKAGE_PANE (self));

  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->menu_button), menu);
}
