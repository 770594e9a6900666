/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "kab-format.h"
#include "kab-step-columns.h"

static const struct { const char *kind, *icon; } looks[KAB_N_PACKAGE_STEP_STATES] = {
  [KAB_PACKAGE_STEP_WAITING] = { "neutral", "content-loading-symbolic" },
  [KAB_PACKAGE_STEP_RUNNING] = { "accent", "media-playback-start-symbolic" },
  [KAB_PACKAGE_STEP_DONE] = { "success", "emblem-ok-symbolic" },
  [KAB_PACKAGE_STEP_UNCHANGED] = { "neutral", "emblem-ok-symbolic" },
  [KAB_PACKAGE_STEP_FAILED] = { "error", "dialog-error-symbolic" },
  [KAB_PACKAGE_STEP_ENCRYPTED] = { "warning", "changes-prevent-symbolic" },
  [KAB_PACKAGE_STEP_UNTRUSTED] = { "warning", "dialog-warning-symbolic" },
  [KAB_PACKAGE_STEP_OVERTAKEN] = { "warning", "view-refresh-symbolic" },
  [KAB_PACKAGE_STEP_LEFT] = { "warning", "dialog-warning-symbolic" },
};

static char *
dup_name (gpointer item)
{
  return g_strdup (kab_package_row_get_name (KAB_PACKAGE_ROW (item)));
}

static char *
dup_state (gpointer item)
{
  return g_strdup (_(kab_package_step_state_get_label (kab_package_row_get_state (KAB_PACKAGE_ROW (item)))));
}

static char *
dup_message (gpointer item)
{
  return g_strdup (kab_package_row_get_message (KAB_PACKAGE_ROW (item)));
}

static char *
dup_line (gpointer item)
{
  g_autofree char *state = dup_state (item);
  const char *message = kab_package_row_get_message (KAB_PACKAGE_ROW (item));

  return *message != '\0' ? g_strjoin (" · ", state, message, NULL) : g_steal_pointer (&state);
}

static char *
dup_row (gpointer item)
{
  g_autofree char *line = dup_line (item);

  return g_strjoin (", ", kab_package_row_get_name (KAB_PACKAGE_ROW (item)), line, NULL);
}

static void
bind_state (KabBadge *badge,
            gpointer  item)
{
  KabPackageStepState state = kab_package_row_get_state (KAB_PACKAGE_ROW (item));
  const char *message = kab_package_row_get_message (KAB_PACKAGE_ROW (item));

  kab_badge_set (badge, looks[state].kind, looks[state].icon, _(kab_package_step_state_get_label (state)),
                 *message != '\0' ? message : NULL);
}

static const char *
get_id (gpointer item)
{
  return kab_package_row_get_id (KAB_PACKAGE_ROW (item));
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return g_utf8_collate (kab_package_row_get_name ((KabPackageRow *) a), kab_package_row_get_name ((KabPackageRow *) b));
}

static int
compare_states (gconstpointer a,
                gconstpointer b)
{
  return (int) kab_package_row_get_state ((KabPackageRow *) a) - (int) kab_package_row_get_state ((KabPackageRow *) b);
}

static const KabTableColumn columns[] = {
  { "name", N_("Target"), 22, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_name, compare_names },
  { "state", N_("State"), 18, FALSE, TRUE, KAB_CELL_BADGE, KAB_NO_SORT, dup_state, compare_states, bind_state },
  { "message", N_("Details"), 30, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_message },
};

const KabTableInfo kab_steps_table = {
  .id = "deed-steps",
  .name = N_("Targets"),
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .get_id = get_id,
  .dup_name = dup_row,
  .narrow_title = N_("Target"),
  .dup_head = dup_name,
  .dup_line = dup_line,
  .bind_badge = bind_state,
};

char *
kab_steps_dup_summary (KabPackageJob *job)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < KAB_N_PACKAGE_STEP_STATES; i++)
    {
      guint n = kab_package_job_count (job, i);
      g_autofree char *count = kab_format_count (n);

      if (n == 0)
        continue;
      /* Translators: how many targets, and how they stand: "Done: 9" */
      g_string_append_printf (text, C_("summary", "%1$s: %2$s"), _(kab_package_step_state_get_label (i)), count);
      g_string_append (text, " · ");
    }
  if (text->len > 0)
    g_string_truncate (text, text->len - strlen (" · "));

  return g_string_free (g_steal_pointer (&text), FALSE);
}
