/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "kab-format.h"
#include "kab-quick-deed.h"
#include "kab-rules-lookup.h"
#include "kab-updates-columns.h"

/* Updates named one by one */
#define MAX_NAMES 4

static void
clear_update (KabRulesDocument      *document,
              const KabUpdateRecord *update)
{
  g_auto(GStrv) kbs = g_strsplit (update->kbs, ", ", -1);

  kab_rules_document_clear_update (document, update->update_id);
  for (guint i = 0; kbs[i] != NULL; i++)
    if (*kbs[i] != '\0')
      kab_rules_document_clear_update (document, kbs[i]);
}

void
kab_quick_deed_apply (KabQuickDeed      deed,
                      KabRulesDocument *document,
                      GPtrArray        *updates,
                      const char       *reason)
{
  g_return_if_fail (KAB_IS_RULES_DOCUMENT (document));
  g_return_if_fail (reason != NULL);

  for (guint i = 0; i < updates->len; i++)
    {
      const KabUpdateRecord *update = kab_record_get_update (updates->pdata[i]);

      if (deed == KAB_QUICK_CLEAR)
        clear_update (document, update);
      else
        kab_rules_document_put (document,
                                deed == KAB_QUICK_FORBID ? KAB_RULE_FORBIDDEN_UPDATES : KAB_RULE_ALLOWED_UPDATES,
                                update->update_id, *reason != '\0' ? reason : NULL);
    }
}

gboolean
kab_quick_deed_is_named (KabRuleSet *rules,
                         GPtrArray  *updates)
{
  for (guint i = 0; rules != NULL && i < updates->len; i++)
    {
      const KabUpdateRecord *update = kab_record_get_update (updates->pdata[i]);
      g_auto(GStrv) kbs = g_strsplit (update->kbs, ", ", -1);

      if (kab_rule_set_contains (rules, KAB_RULE_ALLOWED_UPDATES, update->update_id) ||
          kab_rule_set_contains (rules, KAB_RULE_FORBIDDEN_UPDATES, update->update_id))
        return TRUE;
      for (guint j = 0; kbs[j] != NULL; j++)
        if (*kbs[j] != '\0' && (kab_rule_set_contains (rules, KAB_RULE_ALLOWED_KBS, kbs[j]) ||
                                kab_rule_set_contains (rules, KAB_RULE_FORBIDDEN_KBS, kbs[j])))
          return TRUE;
    }

  return FALSE;
}

char *
kab_quick_deed_dup_name (GPtrArray *packages,
                         gint64     now)
{
  g_autofree char *prefix = g_strdup ("kab");
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local (now);
  g_autofree char *day = g_date_time_format (time, "%Y-%m-%d");

  for (guint i = 0; i < packages->len; i++)
    {
      KabRulePackage *package = packages->pdata[i];
      const char *name = kab_package_get_name (package->package);
      const char *dash = strchr (name, '-');

      if (dash != NULL)
        {
          g_free (prefix);
          prefix = g_strndup (name, (gsize) (dash - name));
          break;
        }
    }

  return g_strdup_printf ("%s-wua-%s", prefix, day);
}

void
kab_quick_deed_fill_list (AdwPreferencesGroup *list,
                          GPtrArray           *updates)
{
  guint n_more = updates->len > MAX_NAMES ? updates->len - MAX_NAMES : 0;
  g_autofree char *count = kab_format_count (n_more);

  for (guint i = 0; i < updates->len - n_more; i++)
    {
      const KabUpdateRecord *update = kab_record_get_update (updates->pdata[i]);
      const char *name = *update->title != '\0' ? update->title : update->update_id;
      g_autofree char *title = g_markup_escape_text (name, -1);
      g_autofree char *verdict = kab_update_record_dup_verdict (update);
      g_autofree char *words = g_strjoin (" · ", kab_update_record_get_short (update), verdict, NULL);
      g_autofree char *subtitle = g_markup_escape_text (words, -1);

      adw_preferences_group_add (list, g_object_new (ADW_TYPE_ACTION_ROW, "title", title, "title-lines", 2,
                                                     "subtitle", subtitle, "tooltip-text", name, NULL));
    }
  if (n_more > 0)
    {
      g_autofree char *more = g_strdup_printf (ngettext ("and %s more", "and %s more", n_more), count);

      adw_preferences_group_add (list, g_object_new (ADW_TYPE_ACTION_ROW, "title", more, NULL));
    }
}

char *
kab_quick_deed_dup_title (KabQuickDeed deed,
                          guint        n_updates)
{
  g_autofree char *count = kab_format_count (n_updates);

  if (deed == KAB_QUICK_ALLOW)
    return g_strdup_printf (ngettext ("Allow %s Update", "Allow %s Updates", n_updates), count);
  if (deed == KAB_QUICK_FORBID)
    return g_strdup_printf (ngettext ("Forbid %s Update", "Forbid %s Updates", n_updates), count);
  return g_strdup_printf (ngettext ("Clear %s Update From Rules", "Clear %s Updates From Rules", n_updates), count);
}
