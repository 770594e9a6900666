/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-activity-tables.h"
#include "kab-approval.h"
#include "kab-column.h"
#include "kab-format.h"

#define OVERRIDDEN "overridden: "      /* how the ledger begins what people did against the gate */

static const struct {
  const char *deed;
  const char *text;
  const char *kind;
  const char *icon_name;
} deeds[] = {
  { "publish", N_("Published"), "accent", "document-send-symbolic" },
  { "upload", N_("Uploaded"), "accent", "document-send-symbolic" },
  { "promote", N_("Promoted"), "success", "go-next-symbolic" },
  { "roll-back", N_("Rolled back"), "warning", "edit-undo-symbolic" },
  { "delete", N_("Deleted"), "error", "user-trash-symbolic" },
  { "assign", N_("Assigned"), "accent", "list-add-symbolic" },
  { "unassign", N_("Assignment taken back"), "neutral", "list-remove-symbolic" },
  { "forbid", N_("Forbidden"), "error", "action-unavailable-symbolic" },
};

static const KabApproval *
get (gconstpointer item)
{
  return item;
}

static gboolean
is_overridden (gconstpointer item)
{
  return g_str_has_prefix (get (item)->gate, OVERRIDDEN);
}

static char *
dup_deed (gpointer item)
{
  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    if (g_str_equal (deeds[i].deed, get (item)->deed))
      return is_overridden (item) ? g_strdup (_("Promoted against the gate")) : g_strdup (_(deeds[i].text));

  return g_strdup (get (item)->deed);
}

static void
bind_deed (KabBadge *badge,
           gpointer  item)
{
  g_autofree char *text = dup_deed (item);

  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    if (g_str_equal (deeds[i].deed, get (item)->deed))
      {
        kab_badge_set (badge, is_overridden (item) ? "warning" : deeds[i].kind,
                       is_overridden (item) ? "dialog-warning-symbolic" : deeds[i].icon_name, text, get (item)->reason);
        return;
      }
  kab_badge_set (badge, "neutral", NULL, text, NULL);
}

KAB_CELL (when, kab_format_date_time (get (item)->at))

/* "admin, marie@adm-03": the account on the server and who sat there */
static char *
dup_who (gpointer item)
{
  if (*get (item)->person == '\0')
    return g_strdup (get (item)->who);
  if (*get (item)->who == '\0')
    return g_strdup (get (item)->person);

  /* Translators: an account on the server, and the person at the desk */
  return g_strdup_printf (_("%1$s, %2$s"), get (item)->who, get (item)->person);
}

KAB_CELL (package, g_strchomp (g_strdup_printf ("%s %s", get (item)->package, get (item)->version)))

#define TEXT_CELL(name, member) KAB_CELL (name, g_strdup (get (item)->member))

TEXT_CELL (maturity, maturity)
TEXT_CELL (reason, reason)
TEXT_CELL (target, target)
TEXT_CELL (gate, gate)
TEXT_CELL (signer, signer)
TEXT_CELL (hash, sha256)
TEXT_CELL (file, file_name)
TEXT_CELL (note, note)

static int
compare_when (gconstpointer a,
              gconstpointer b)
{
  gint64 x = get (a)->at != get (b)->at ? get (a)->at : get (a)->id;
  gint64 y = get (a)->at != get (b)->at ? get (b)->at : get (b)->id;

  return (x > y) - (x < y);
}

KAB_COMPARE_TEXTS (deeds, get (item)->deed)
KAB_COMPARE_TEXTS (who, get (item)->who)
KAB_COMPARE_TEXTS (packages, get (item)->package)

static const KabTableColumn columns[] = {
  { "when", N_("When"), 20, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_when, compare_when },
  { "deed", N_("What"), 16, FALSE, TRUE, KAB_CELL_BADGE, KAB_NO_SORT, dup_deed, compare_deeds, bind_deed },
  { "package", N_("Package"), 22, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_package, compare_packages },
  { "maturity", N_("Maturity"), 10, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_maturity },
  { "who", N_("Who"), 20, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_who, compare_who },
  { "reason", N_("Why"), 28, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_reason },
  { "target", N_("For"), 22, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_target },
  { "gate", N_("Gate"), 30, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_gate },
  { "signer", N_("Signer"), 18, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_signer },
  { "file", N_("File"), 30, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_file },
  { "sha256", N_("SHA-256"), 30, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_hash },
  { "note", N_("Attached"), 30, TRUE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_note },
};

static const char *
get_id (gpointer item)
{
  static const char *key = "kab-approval-id";
  const char *id = g_object_get_data (item, key);

  if (id == NULL)
    {
      g_object_set_data_full (item, key, g_strdup_printf ("%" G_GINT64_FORMAT, get (item)->id), g_free);
      id = g_object_get_data (item, key);
    }

  return id;
}

static char *
dup_name (gpointer item)
{
  g_autofree char *deed = dup_deed (item);
  g_autofree char *package = dup_package (item);

  /* Translators: what was done to a package, for a heading: "Promoted: demo-wua-base 13" */
  return g_strdup_printf (_("%1$s: %2$s"), deed, package);
}

static char *
dup_line (gpointer item)
{
  g_autofree char *when = dup_when (item);
  g_autofree char *who = dup_who (item);

  return *get (item)->reason != '\0' ? g_strdup_printf ("%s · %s · %s", when, who, get (item)->reason)
                                     : g_strdup_printf ("%s · %s", when, who);
}

const KabTableInfo kab_activity_approvals = {
  .id = "approvals",
  .name = N_("Approval log"),
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .sort = "when",
  .descending = TRUE,
  .get_id = get_id,
  .dup_name = dup_name,
  .narrow_title = N_("Approval"),
  .dup_head = dup_package,
  .dup_line = dup_line,
  .bind_badge = bind_deed,
};
