/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-detail-lines.h"
#include "kab-door.h"
#include "kab-error-text.h"
#include "kab-facts.h"
#include "kab-format.h"
#include "kab-package-parts.h"
#include "kab-packages-columns.h"
#include "kab-session-rules.h"
#include "kab-tooltip.h"

#define MOST_FILES 200

static const char *
get (KabRulePackage *item,
     const char     *attribute)
{
  return kab_package_get (item->package, attribute);
}

void
kab_package_parts_fill_head (GtkBox         *box,
                             KabRulePackage *item)
{
  g_autofree char *rules = kab_packages_dup_rules (item);
  GtkBox *line;

  if (*get (item, "description") != '\0')
    kab_facts_add_dim (box, get (item, "description"));
  if (item->is_rules)
    kab_facts_add_text (box, rules);

  line = GTK_BOX (kab_facts_add_line (box));
  kab_packages_bind_maturity (kab_detail_add_badge (line), item);
  kab_packages_bind_signature (kab_detail_add_badge (line), item);
  if (item->waits)
    kab_badge_set (kab_detail_add_badge (line), "accent", "go-next-symbolic", _("Waiting"),
                   _("It waits for promotion: no later ring has this version yet"));
}

static void
add_hosts (GtkGrid        *grid,
           KabRulePackage *item,
           const char     *name,
           GArray         *hosts)
{
  g_autofree char *title = g_strdup_printf ("%s: %s", item->origin, name);

  kab_detail_add_hosts (grid, name, title, hosts->len, item->snapshot, hosts);
}

void
kab_package_parts_fill_hosts (GtkBox         *box,
                              KabRulePackage *item)
{
  GtkGrid *grid;
  GtkWidget *door;
  g_autofree char *count = kab_format_count (item->installed->len);
  g_autofree char *query = item->installed->len > 0 ? kab_packages_dup_query (item) : NULL;

  if (!item->is_rules)
    return;

  kab_facts_add_heading (box, _("Hosts"));
  grid = GTK_GRID (kab_facts_add_grid (box));
  door = kab_door_new ("hosts", query, count);
  kab_door_set_count (KAB_DOOR (door), query != NULL ? (gint64) item->installed->len : -1);
  gtk_widget_set_halign (door, GTK_ALIGN_START);
  kab_facts_add_widget (grid, _("Installed"), door);
  add_hosts (grid, item, _("Another version"), item->older);
  add_hosts (grid, item, _("Ask for it"), item->assigned);
}

void
kab_package_parts_fill_versions (GtkBox     *box,
                                 GListModel *versions)
{
  GtkGrid *grid;

  if (versions == NULL || g_list_model_get_n_items (versions) == 0)
    return;

  kab_facts_add_heading (box, _("Versions"));
  grid = GTK_GRID (kab_facts_add_grid (box));
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

void
kab_package_parts_fill_signature (GtkBox             *box,
                                  KabRulePackage     *item,
                                  const KabSignature *signature,
                                  gint64              now)
{
  g_autofree char *when = kab_format_date_time (item->signed_at);
  GtkGrid *grid;
  KabBadge *badge;

  kab_facts_add_heading (box, _("Signature"));
  badge = kab_detail_add_badge (GTK_BOX (kab_facts_add_line (box)));
  if (signature != NULL && signature->status == KAB_SIGNATURE_TRUSTED)
    kab_badge_set (badge, "success", "security-high-symbolic",
                   _(kab_signature_status_get_label (signature->status)),
                   _("Read just now and checked file by file"));
  else if (signature != NULL)
    kab_badge_set (badge, signature->status == KAB_SIGNATURE_UNTRUSTED ? "warning" : "error",
                   "security-low-symbolic", _(kab_signature_status_get_label (signature->status)),
                   signature->detail);
  else
    kab_packages_bind_signature (badge, item);

  grid = GTK_GRID (kab_facts_add_grid (box));
  kab_facts_add (grid, _("Signed by"), get (item, "signer"));
  kab_facts_add (grid, _("Signed on"), when);
  if (signature != NULL && signature->signer != NULL)
    {
      g_autofree char *expiry = describe_expiry (signature->signer, now);

      kab_facts_add (grid, _("May sign"), _(kab_identity_get_purpose (signature->signer)));
      kab_facts_add (grid, _("Issued by"), signature->signer->is_self_signed ? _("itself")
                                                                             : signature->signer->issuer);
      kab_facts_add (grid, _("Ends"), expiry);
    }
  kab_facts_add_code (grid, _("Fingerprint"), get (item, "signer_fingerprint"));
}

void
kab_package_parts_fill_control (GtkBox         *box,
                                KabRulePackage *item)
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
  g_autofree char *size = kab_format_size (item->size);

  kab_facts_add_heading (box, _("Control"));
  grid = GTK_GRID (kab_facts_add_grid (box));
  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    kab_facts_add (grid, _(facts[i].name), get (item, facts[i].attribute));
  kab_facts_add (grid, _("Size"), size);
  kab_facts_add_code (grid, _("File"), get (item, "filename"));
  kab_facts_add_code (grid, _("Package id"), get (item, "package_uuid"));
}

void
kab_package_parts_fill_files (GtkBox                   *box,
                              const KabPackageContents *contents,
                              const GError             *error)
{
  if (contents == NULL && error == NULL)
    return;

  kab_facts_add_heading (box, _("Files"));
  if (contents == NULL)
    {
      kab_facts_add_dim (box, kab_error_text_describe (error));
      return;
    }

  for (guint i = 0; i < MIN (contents->files->len, MOST_FILES); i++)
    {
      const KabPackageFile *file = contents->files->pdata[i];
      GtkWidget *label = kab_facts_add_text (box, file->name);
      /* Translators: %s is a SHA-256 */
      g_autofree char *hash = g_strdup_printf (_("SHA-256 %s"), file->sha256);

      gtk_widget_add_css_class (label, "code");
      kab_tooltip_set (label, hash);
    }
  if (contents->files->len > MOST_FILES)
    {
      guint n = contents->files->len - MOST_FILES;
      g_autofree char *more = g_strdup_printf (ngettext ("and %u more file", "and %u more files", n), n);

      kab_facts_add_dim (box, more);
    }
}
