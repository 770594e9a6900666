/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-column.h"
#include "kab-format.h"
#include "kab-packages-columns.h"
#include "kab-rules-columns.h"

static const char *
get (gconstpointer  item,
     const char    *attribute)
{
  return kab_package_get (((const KabRulePackage *) item)->package, attribute);
}

char *
kab_rules_dup_door (KabRulePackage *item,
                    const char     *what)
{
  return g_strconcat (what, ":", item->id, NULL);
}

#define TEXT_CELL(name, attribute) \
  KAB_CELL (name, g_strdup (get (item, attribute))) \
  KAB_COMPARE_TEXTS (name, get (item, attribute))

/* A count with its door into this page */
#define COUNT_CELL(name, member, what) \
  KAB_CELL (name, kab_format_count (KAB_RULE_PACKAGE (item)->member)) \
  KAB_CELL (name##_query, KAB_RULE_PACKAGE (item)->member > 0 ? kab_rules_dup_door (item, what) : NULL) \
  KAB_COMPARE_NUMBERS (name, KAB_RULE_PACKAGE (item)->member)

TEXT_CELL (signer, "signer")
TEXT_CELL (description, "description")
TEXT_CELL (file, "filename")
TEXT_CELL (maintainer, "maintainer")
COUNT_CELL (allowed, n_allowed, "allows")
COUNT_CELL (forbidden, n_forbidden, "forbids")
COUNT_CELL (classes, n_classes, "classes")
COUNT_CELL (assigned, assigned->len, "assigned")
COUNT_CELL (older, older->len, "older")
COUNT_CELL (warnings, n_warnings, "warnings")
KAB_CELL (package, g_strdup (get (item, "package")))
KAB_CELL (version, g_strdup (get (item, "version")))

static int
compare_versions (gconstpointer a,
                  gconstpointer b)
{
  return kab_version_compare (get (a, "version"), get (b, "version"));
}

/* One name stays together, its newest version first. */
static int
compare_packages (gconstpointer a,
                  gconstpointer b)
{
  int order = g_strcmp0 (get (a, "package"), get (b, "package"));

  return order != 0 ? order : -compare_versions (a, b);
}

KAB_CELL (maturity, g_strdup (kab_package_get_maturity (KAB_RULE_PACKAGE (item)->package)))
KAB_COMPARE_NUMBERS (maturities, kab_packages_get_ring (item))

static void
bind_maturity (KabBadge *badge,
               gpointer  item)
{
  kab_packages_bind_maturity (badge, item);
}

static char *
dup_signature (gpointer item)
{
  KabRulePackage *self = item;

  return g_strdup (self->signature_known ? _(kab_signature_status_get_label (self->signature)) : _("Not checked"));
}

static void
bind_signature (KabBadge *badge,
                gpointer  item)
{
  kab_packages_bind_signature (badge, item);
}

KAB_CELL (installed, kab_format_count (KAB_RULE_PACKAGE (item)->installed->len))
KAB_CELL (installed_query, KAB_RULE_PACKAGE (item)->installed->len > 0 ? kab_packages_dup_query (item) : NULL)
KAB_COMPARE_NUMBERS (installed, KAB_RULE_PACKAGE (item)->installed->len)
KAB_CELL (signed_at, kab_format_date (KAB_RULE_PACKAGE (item)->signed_at))
KAB_COMPARE_NUMBERS (signed_at, KAB_RULE_PACKAGE (item)->signed_at)

static const KabTableColumn columns[] = {
  { "package", N_("Package"), 18, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_package, compare_packages },
  { "version", N_("Version"), 6, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_version, compare_versions },
  { "maturity", N_("Maturity"), 13, FALSE, TRUE, KAB_CELL_BADGE, KAB_NO_SORT, dup_maturity, compare_maturities,
    bind_maturity },
  { "allows", N_("Allows"), 5, FALSE, TRUE, KAB_CELL_NUMBER, KAB_NO_SORT, dup_allowed, compare_allowed, NULL,
    "rules", dup_allowed_query },
  { "forbids", N_("Forbids"), 5, FALSE, TRUE, KAB_CELL_NUMBER, KAB_NO_SORT, dup_forbidden, compare_forbidden, NULL,
    "rules", dup_forbidden_query },
  { "classes", N_("Classes"), 5, FALSE, TRUE, KAB_CELL_NUMBER, KAB_NO_SORT, dup_classes, compare_classes, NULL,
    "rules", dup_classes_query },
  { "assigned", N_("Assigned"), 6, FALSE, TRUE, KAB_CELL_NUMBER, KAB_NO_SORT, dup_assigned, compare_assigned, NULL,
    "rules", dup_assigned_query },
  { "installed", N_("Installed On"), 6, FALSE, TRUE, KAB_CELL_NUMBER, KAB_NO_SORT, dup_installed, compare_installed,
    NULL, "hosts", dup_installed_query },
  { "older", N_("Other Version On"), 14, FALSE, FALSE, KAB_CELL_NUMBER, KAB_NO_SORT, dup_older, compare_older, NULL,
    "rules", dup_older_query },
  { "warnings", N_("Warnings"), 5, FALSE, TRUE, KAB_CELL_NUMBER, KAB_NO_SORT, dup_warnings, compare_warnings, NULL,
    "rules", dup_warnings_query },
  { "signer", N_("Signer"), 12, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_signer, compare_signer },
  { "signed", N_("Signed"), 11, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_signed_at, compare_signed_at },
  { "signature", N_("Signature"), 16, FALSE, FALSE, KAB_CELL_BADGE, KAB_NO_SORT, dup_signature, NULL, bind_signature },
  { "description", N_("Description"), 30, TRUE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_description,
    compare_description },
  { "maintainer", N_("Maintainer"), 18, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_maintainer, compare_maintainer },
  { "file", N_("File"), 36, TRUE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_file, compare_file },
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
  g_autofree char *hosts = dup_installed (item);

  /* Translators: second line of a rule package: its version, what its rules are, on how many hosts it is installed */
  return g_strdup_printf (C_("row", "version %1$s · %2$s · on %3$s"), get (item, "version"), rules, hosts);
}

static char *
dup_name (gpointer item)
{
  KabRulePackage *self = item;
  g_autofree char *rules = kab_packages_dup_rules (self);

  /* Translators: what a screen reader says of a rule package: name and version, maturity, what its rules are */
  return g_strdup_printf (C_("row", "%1$s, %2$s, %3$s"), self->origin, kab_package_get_maturity (self->package), rules);
}

const KabTableInfo kab_rules_table = {
  .id = "rules",
  .name = N_("Rules"),
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .sort = "package",
  .get_id = get_id,
  .dup_name = dup_name,
  .narrow_title = N_("Rule Package"),
  .dup_head = dup_package,
  .dup_line = dup_line,
  .bind_badge = bind_maturity,
};

/* Filters */

static char *
dup_is_values (gpointer item)
{
  KabRulePackage *self = item;

  return g_strjoin (KAB_ITEM_VALUES_SEPARATOR, self->is_newest ? "newest" : "old", self->waits ? "waiting" : "",
                    self->n_warnings > 0 ? "warned" : "", self->assigned->len == 0 ? "unassigned" : "", NULL);
}

static char *
label_is (const char *value,
          gint64      now)
{
  static const struct { const char *value, *label; } labels[] = {
    { "newest", N_("Newest of its maturity") }, { "old", N_("Older versions") },
    { "waiting", N_("Waiting for promotion") }, { "warned", N_("With warnings") },
    { "unassigned", N_("Assigned to nobody") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    if (g_str_equal (labels[i].value, value))
      return g_strdup (_(labels[i].label));

  return g_strdup (value);
}

const KabItemTerm *
kab_rules_get_terms (guint *n_terms)
{
  static const char * const shows[] = { "newest", "old", "waiting", "warned", "unassigned", NULL };
  static const KabItemTerm terms[] = {
    { { "maturity", N_("Maturity"), KAB_FILTER_VALUES, NULL, NULL, NULL }, dup_maturity },
    { { "is", N_("Show"), KAB_FILTER_VALUES, shows, NULL, label_is }, dup_is_values },
    { { "package", N_("Package"), KAB_FILTER_VALUES, NULL, NULL, NULL }, dup_package },
    { { "signer", N_("Signer"), KAB_FILTER_VALUES, NULL, NULL, NULL }, dup_signer },
  };

  *n_terms = G_N_ELEMENTS (terms);
  return terms;
}
