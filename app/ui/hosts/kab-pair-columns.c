/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <string.h>
#include <glib/gi18n.h>

#include "kab-column.h"
#include "kab-format.h"
#include "kab-pair-columns.h"

const KabState kab_pair_states[KAB_N_STATES] = {
  KAB_STATE_ERROR, KAB_STATE_PENDING, KAB_STATE_MISSING, KAB_STATE_DISCARDED, KAB_STATE_OK,
  KAB_STATE_SUPERSEDED, KAB_STATE_UNKNOWN,
};

static const KabUpdateFields *
get_fields (gpointer item)
{
  return kab_update_get_fields (KAB_PAIR (item)->update);
}

KabState
kab_pair_get_state (const KabPair *pair)
{
  return pair->why != NULL ? pair->why->state : kab_state_record_get_reported (&pair->record);
}

static KabState
get_state (gconstpointer item)
{
  return kab_pair_get_state (item);
}

static char *
dup_why (gpointer item)
{
  KabPair *pair = KAB_PAIR (item);

  return pair->why != NULL ? kab_explanation_describe (pair->why, kab_format_translate)
                           : g_strdup (kab_format_state_hint (get_state (pair)));
}

KAB_CELL (state, g_strdup (kab_format_state (get_state (item))))

static void
bind_state (KabBadge *badge,
            gpointer  item)
{
  g_autofree char *why = dup_why (item);

  kab_badge_set_state (badge, get_state (item), why);
}

KAB_CELL (kb, kab_update_dup_kbs (KAB_PAIR (item)->update))

static const char *
get_title (gpointer item)
{
  const char *title = kab_update_get_title (KAB_PAIR (item)->update);

  return title != NULL && *title != '\0' ? title : kab_update_get_id (KAB_PAIR (item)->update);
}

KAB_CELL (title, g_strdup (get_title (item)))
KAB_CELL (severity, g_strdup (kab_format_severity (kab_update_get_severity (KAB_PAIR (item)->update))))
KAB_CELL (published, kab_format_date (get_fields (item)->changed_at))
KAB_CELL (installed, kab_format_date (KAB_PAIR (item)->record.installed_at))
KAB_CELL (classification, g_strdup (get_fields (item)->classification))
KAB_CELL (product, g_strdup (get_fields (item)->product))
KAB_CELL (size, kab_format_size_at_most (get_fields (item)->max_download_size))

static char *
dup_result (gpointer item)
{
  return KAB_PAIR (item)->record.result != 0 ? kab_format_result (KAB_PAIR (item)->record.result)
                                             : g_strdup ("");
}

KAB_CELL (id, g_strdup (kab_update_get_id (KAB_PAIR (item)->update)))

/* Most pressing first. */
static int
get_urgency (gconstpointer item)
{
  KabState state = get_state (item);

  for (guint i = 0; i < KAB_N_STATES; i++)
    if (kab_pair_states[i] == state)
      return (int) i;

  return KAB_N_STATES;
}

KAB_COMPARE_NUMBERS (published, get_fields (item)->changed_at)

int
kab_pair_compare_urgency (gconstpointer a,
                          gconstpointer b)
{
  int order = get_urgency (a) - get_urgency (b);

  return order != 0 ? order : -compare_published (a, b);
}

KAB_COMPARE_NUMBERS (severities, kab_update_get_severity (KAB_PAIR (item)->update))
KAB_COMPARE_TEXTS (titles, get_title (item))
KAB_COMPARE_NUMBERS (installed, KAB_PAIR (item)->record.installed_at)

static const KabTableColumn columns[] = {
  { "state", N_("State"), 12, FALSE, TRUE, KAB_CELL_BADGE, KAB_NO_SORT, dup_state, kab_pair_compare_urgency, bind_state },
  { "kb", N_("KB"), 10, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_kb },
  { "title", N_("Title"), 36, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_title, compare_titles },
  { "why", N_("Why"), 50, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_why },
  { "severity", N_("Severity"), 10, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_severity, compare_severities },
  { "published", N_("Published"), 11, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_published, compare_published },
  { "installed", N_("Installed On"), 11, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_installed,
    compare_installed },
  { "result", N_("Result"), 12, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_result },
  { "classification", N_("Classification"), 16, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_classification },
  { "product", N_("Product"), 18, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_product },
  { "size", N_("Size"), 15, FALSE, FALSE, KAB_CELL_NUMBER, KAB_NO_SORT, dup_size },
  { "id", N_("Update ID"), 30, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_id },
};

static const char *
get_id (gpointer item)
{
  return kab_update_get_id (KAB_PAIR (item)->update);
}

static char *
dup_head (gpointer item)
{
  g_autofree char *kbs = dup_kb (item);
  g_autofree char *title = dup_title (item);

  /* Titles of Microsoft end in the article, those of others do not. */
  if (*kbs == '\0' || strstr (title, kbs) != NULL)
    return g_steal_pointer (&title);
  /* Translators: %1$s is a title, %2$s an article such as KB5031354 */
  return g_strdup_printf (C_("row", "%1$s (%2$s)"), title, kbs);
}

static char *
dup_name (gpointer item)
{
  g_autofree char *head = dup_head (item);
  g_autofree char *why = dup_why (item);

  return g_strdup_printf ("%s. %s", head, why);
}

const KabTableInfo kab_pairs_table = {
  .id = "host-updates",
  .name = N_("Updates of the host"),
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .sort = "state",
  .get_id = get_id,
  .dup_name = dup_name,
  .narrow_title = N_("Update and Why"),
  .dup_head = dup_head,
  .dup_line = dup_why,
  .bind_badge = bind_state,
  .wrap = TRUE,
};
