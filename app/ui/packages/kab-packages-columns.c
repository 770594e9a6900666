/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-column.h"
#include "kab-format.h"
#include "kab-packages-columns.h"
#include "kab-query-text.h"

static const char *
get (gconstpointer  item,
     const char    *attribute)
{
  return kab_package_get (((const KabRulePackage *) item)->package, attribute);
}

const char *
kab_packages_get_ring_name (KabRing ring)
{
  static const char * const names[KAB_N_RINGS] = { "DEV", "PREPROD", "PROD", NULL };

  return names[MIN (ring, KAB_RING_OTHER)];
}

KabRing
kab_packages_get_ring (KabRulePackage *item)
{
  const char *maturity = kab_package_get_maturity (item->package);

  for (guint ring = 0; ring < KAB_RING_OTHER; ring++)
    if (g_str_equal (maturity, kab_packages_get_ring_name (ring)))
      return ring;

  return KAB_RING_OTHER;
}

const char *
kab_packages_get_next (KabRulePackage *item)
{
  KabRing ring = kab_packages_get_ring (item);

  return item->is_rules && ring < KAB_RING_PROD ? kab_packages_get_ring_name (ring + 1) : NULL;
}

KAB_CELL (package_name, g_strdup (get (item, "package")))
KAB_CELL (version, g_strdup (get (item, "version")))
KAB_CELL (maturity, g_strdup (kab_package_get_maturity (KAB_RULE_PACKAGE (item)->package)))

void
kab_packages_bind_maturity (KabBadge       *badge,
                            KabRulePackage *item)
{
  static const char * const kinds[KAB_N_RINGS] = { "purple", "accent", "success", "neutral" };
  static const char * const hints[KAB_N_RINGS] = {
    N_("Only hosts that accept DEV take it"),
    N_("Only pilot hosts, which accept PREPROD, take it"),
    N_("In production: every host that asks for it takes it"),
    N_("Only hosts that accept this maturity take it"),
  };
  static const char * const icons[KAB_N_RINGS] = {
    "applications-engineering-symbolic", "media-playback-pause-symbolic", "emblem-ok-symbolic", NULL,
  };
  KabRing ring = kab_packages_get_ring (item);

  kab_badge_set (badge, kinds[ring], icons[ring], kab_package_get_maturity (item->package), _(hints[ring]));
}

static void
bind_maturity (KabBadge *badge,
               gpointer  item)
{
  kab_packages_bind_maturity (badge, item);
}

static char *
dup_section (gpointer item)
{
  const char *section = kab_package_get_section (KAB_RULE_PACKAGE (item)->package);

  return g_strdup (KAB_RULE_PACKAGE (item)->is_rules ? _("Rules") : section);
}

char *
kab_packages_dup_rules (KabRulePackage *item)
{
  g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  if (!item->is_rules)
    return g_strdup (get (item, "description"));
  if (item->rules == NULL)
    return g_strdup (_("Agents read no rules from it"));

  if (item->n_allowed > 0)
    g_ptr_array_add (parts, g_strdup_printf (ngettext ("%u allowed", "%u allowed", item->n_allowed), item->n_allowed));
  if (item->n_forbidden > 0)
    g_ptr_array_add (parts, g_strdup_printf (ngettext ("%u forbidden", "%u forbidden", item->n_forbidden),
                                             item->n_forbidden));
  if (item->n_classes > 0)
    g_ptr_array_add (parts, g_strdup_printf (ngettext ("%u class allowed", "%u classes allowed", item->n_classes),
                                             item->n_classes));
  if (parts->len == 0)
    return g_strdup (_("No rule"));

  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" · ", (char **) parts->pdata);
}

KAB_CELL (rules, kab_packages_dup_rules (item))
KAB_CELL (signer, g_strdup (get (item, "signer")))
KAB_CELL (signed_at, kab_format_date_time (KAB_RULE_PACKAGE (item)->signed_at))

static char *
dup_signature (gpointer item)
{
  KabRulePackage *self = item;

  return g_strdup (self->signature_known ? _(kab_signature_status_get_label (self->signature)) : _("Not checked"));
}

void
kab_packages_bind_signature (KabBadge       *badge,
                             KabRulePackage *item)
{
  if (!item->signature_known)
    kab_badge_set (badge, "neutral", NULL, _("Not checked"),
                   _("Only rule packages are read and checked by a sync"));
  else if (item->signature == KAB_SIGNATURE_TRUSTED)
    kab_badge_set (badge, "success", "security-high-symbolic",
                   _(kab_signature_status_get_label (item->signature)),
                   _("It is signed by somebody this server’s profile trusts, and nothing was changed since"));
  else
    kab_badge_set (badge, item->signature == KAB_SIGNATURE_UNTRUSTED ? "warning" : "error",
                   "security-low-symbolic", _(kab_signature_status_get_label (item->signature)), NULL);
}

static void
bind_signature (KabBadge *badge,
                gpointer  item)
{
  kab_packages_bind_signature (badge, item);
}

KAB_CELL (installed, kab_format_count (KAB_RULE_PACKAGE (item)->installed->len))

char *
kab_packages_dup_query (KabRulePackage *item)
{
  g_autofree char *value = kab_query_quote (item->origin);

  return g_strconcat ("package:", value, NULL);
}

KAB_CELL (installed_query, KAB_RULE_PACKAGE (item)->installed->len > 0 ? kab_packages_dup_query (item) : NULL)
KAB_CELL (assigned, kab_format_count (KAB_RULE_PACKAGE (item)->assigned->len))
KAB_CELL (size, kab_format_size (KAB_RULE_PACKAGE (item)->size))
KAB_CELL (description, g_strdup (get (item, "description")))
KAB_CELL (architecture, g_strdup (get (item, "architecture")))
KAB_CELL (maintainer, g_strdup (get (item, "maintainer")))
KAB_CELL (file, g_strdup (get (item, "filename")))

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  int order = g_strcmp0 (get (a, "package"), get (b, "package"));

  return order != 0 ? order : -kab_version_compare (get (a, "version"), get (b, "version"));
}

static int
compare_versions (gconstpointer a,
                  gconstpointer b)
{
  return kab_version_compare (get (a, "version"), get (b, "version"));
}

KAB_COMPARE_NUMBERS (maturities, kab_packages_get_ring (item))
KAB_COMPARE_TEXTS (sections, get (item, "section"))
KAB_COMPARE_TEXTS (signers, get (item, "signer"))
KAB_COMPARE_NUMBERS (signed_at, KAB_RULE_PACKAGE (item)->signed_at)
KAB_COMPARE_NUMBERS (signatures, KAB_RULE_PACKAGE (item)->signature_known ? (int) KAB_RULE_PACKAGE (item)->signature : -1)
KAB_COMPARE_NUMBERS (installed, KAB_RULE_PACKAGE (item)->installed->len)
KAB_COMPARE_NUMBERS (assigned, KAB_RULE_PACKAGE (item)->assigned->len)
KAB_COMPARE_NUMBERS (sizes, KAB_RULE_PACKAGE (item)->size)

static const KabTableColumn columns[] = {
  { "name", N_("Package"), 24, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_package_name, compare_names },
  { "version", N_("Version"), 10, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_version, compare_versions },
  { "maturity", N_("Maturity"), 13, FALSE, TRUE, KAB_CELL_BADGE, KAB_NO_SORT, dup_maturity, compare_maturities,
    bind_maturity },
  { "section", N_("Section"), 10, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_section, compare_sections },
  { "installed", N_("Installed On"), 12, FALSE, TRUE, KAB_CELL_NUMBER, KAB_NO_SORT, dup_installed,
    compare_installed, NULL, "hosts", dup_installed_query },
  { "assigned", N_("Assigned"), 10, FALSE, FALSE, KAB_CELL_NUMBER, KAB_NO_SORT, dup_assigned, compare_assigned },
  { "signature", N_("Signature"), 16, FALSE, TRUE, KAB_CELL_BADGE, KAB_NO_SORT, dup_signature, compare_signatures,
    bind_signature },
  { "signer", N_("Signer"), 18, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_signer, compare_signers },
  { "signed", N_("Signed"), 20, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_signed_at, compare_signed_at },
  { "rules", N_("Content"), 30, TRUE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_rules },
  { "description", N_("Description"), 30, TRUE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_description },
  { "architecture", N_("Architecture"), 12, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_architecture },
  { "maintainer", N_("Maintainer"), 18, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_maintainer },
  { "size", N_("Size"), 10, FALSE, FALSE, KAB_CELL_NUMBER, KAB_NO_SORT, dup_size, compare_sizes },
  { "file", N_("File"), 36, TRUE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_file },
};

static const char *
get_id (gpointer item)
{
  return KAB_RULE_PACKAGE (item)->id;
}

static char *
dup_line (gpointer item)
{
  g_autofree char *rules = kab_packages_dup_rules (item);

  if (rules[0] == '\0')
    return g_strdup_printf (C_("row", "version %1$s"), get (item, "version"));

  /* Translators: second line of a package: its version, what is in it */
  return g_strdup_printf (C_("row", "version %1$s · %2$s"), get (item, "version"), rules);
}

static char *
dup_name (gpointer item)
{
  KabRulePackage *self = item;

  /* Translators: what a screen reader says of a package: its name and version, and its maturity */
  return g_strdup_printf (C_("row", "%1$s, %2$s"), self->origin, kab_package_get_maturity (self->package));
}

const KabTableInfo kab_packages_table = {
  .id = "packages",
  .name = N_("Packages"),
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .sort = "name",
  .get_id = get_id,
  .dup_name = dup_name,
  .narrow_title = N_("Package"),
  .dup_head = dup_package_name,
  .dup_line = dup_line,
  .bind_badge = bind_maturity,
};

/* Filters */

static char *
dup_kind_values (gpointer item)
{
  const char *section = kab_package_get_section (KAB_RULE_PACKAGE (item)->package);

  if (KAB_RULE_PACKAGE (item)->is_rules)
    return g_strdup ("rules");
  if (g_str_equal (section, "host") || g_str_equal (section, "unit") || g_str_equal (section, "profile") ||
      g_str_equal (section, "group"))
    return g_strdup ("assignment");

  return g_strdup ("software");
}

static char *
label_kind (const char *value,
            gint64      now)
{
  return g_strdup (g_str_equal (value, "rules") ? _("Rule packages")
                   : g_str_equal (value, "assignment") ? _("Hosts, units, groups")
                                                       : _("Software and others"));
}

static char *
dup_is_values (gpointer item)
{
  KabRulePackage *self = item;

  return g_strconcat (self->waits ? "waiting" : "", KAB_ITEM_VALUES_SEPARATOR,
                      self->is_newest ? "newest" : "old", NULL);
}

static char *
label_is (const char *value,
          gint64      now)
{
  return g_strdup (g_str_equal (value, "waiting") ? _("Waiting for promotion")
                   : g_str_equal (value, "newest") ? _("Newest of its maturity")
                                                   : _("Older versions"));
}

static char *
dup_signature_values (gpointer item)
{
  static const char * const words[] = { "trusted", "none", "broken", "untrusted", "expired", "not-for-code", "revoked" };
  KabRulePackage *self = item;

  return g_strdup (!self->signature_known ? "unchecked"
                   : (guint) self->signature < G_N_ELEMENTS (words) ? words[self->signature] : "");
}

static char *
label_signature (const char *value,
                 gint64      now)
{
  static const struct { const char *value; KabSignatureStatus status; } words[] = {
    { "trusted", KAB_SIGNATURE_TRUSTED }, { "none", KAB_SIGNATURE_NONE }, { "broken", KAB_SIGNATURE_BROKEN },
    { "untrusted", KAB_SIGNATURE_UNTRUSTED }, { "expired", KAB_SIGNATURE_EXPIRED },
    { "not-for-code", KAB_SIGNATURE_NOT_FOR_CODE }, { "revoked", KAB_SIGNATURE_REVOKED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i].value, value))
      return g_strdup (_(kab_signature_status_get_label (words[i].status)));

  return g_strdup (_("Not checked"));
}

const KabItemTerm *
kab_packages_get_terms (guint *n_terms)
{
  static const char * const kinds[] = { "rules", "assignment", "software", NULL };
  static const char * const shows[] = { "waiting", "newest", "old", NULL };
  static const KabItemTerm terms[] = {
    { { "kind", N_("Kind"), KAB_FILTER_VALUES, kinds, NULL, label_kind }, dup_kind_values },
    { { "is", N_("Show"), KAB_FILTER_VALUES, shows, NULL, label_is }, dup_is_values },
    { { "maturity", N_("Maturity"), KAB_FILTER_VALUES, NULL, NULL, NULL }, dup_maturity },
    { { "signature", N_("Signature"), KAB_FILTER_VALUES, NULL, NULL, label_signature }, dup_signature_values },
    { { "signer", N_("Signer"), KAB_FILTER_VALUES, NULL, NULL, NULL }, dup_signer },
    { { "name", NULL, KAB_FILTER_VALUES, NULL, NULL, NULL }, dup_package_name },
  };

  *n_terms = G_N_ELEMENTS (terms);
  return terms;
}
