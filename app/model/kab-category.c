/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-calendar.h"
#include "kab-category-table.h"
#include "kab-category.h"
#include "kab-text.h"

#define TUESDAY 2                /* 1970-01-01 was a Thursday, 4 */
#define MAX_NAME 512             /* longer texts are no category's name */

/* Titles as agents in other languages report them, folded; waptwua-model § 1. The name is that of the table. */
static const struct {
  const char *alias;
  const char *name;
} aliases[] = {
  { "mise a jour critique", "Critical Updates" },
  { "mises a jour critiques", "Critical Updates" },
  { "mise a jour de la securite", "Security Updates" },
  { "mise a jour de securite", "Security Updates" },
  { "mises a jour de la securite", "Security Updates" },
  { "mises a jour de securite", "Security Updates" },
  { "mise a jour de definitions", "Definition Updates" },
  { "mises a jour de definitions", "Definition Updates" },
  { "mise a jour de la definition", "Definition Updates" },
  { "mises a jour de la definition", "Definition Updates" },
  { "ensemble de mises a jour", "Update Rollups" },
  { "ensembles de mises a jour", "Update Rollups" },
  { "correctif cumulatif", "Update Rollups" },
  { "correctifs cumulatifs", "Update Rollups" },
  { "mise a jour", "Updates" },
  { "mises a jour", "Updates" },
  { "service pack", "Service Packs" },
  { "service packs", "Service Packs" },
  { "feature pack", "Feature Packs" },
  { "feature packs", "Feature Packs" },
  { "outil", "Tools" },
  { "outils", "Tools" },
  { "mise a niveau", "Upgrades" },
  { "mises a niveau", "Upgrades" },
  { "pilote", "Drivers" },
  { "pilotes", "Drivers" },
  { "ensemble de pilotes", "Driver Sets" },
  { "ensembles de pilotes", "Driver Sets" },
  { "application", "Applications" },
  { "connecteur", "Connectors" },
  { "connecteurs", "Connectors" },
  { "kit de developpement", "Developer Kits" },
  { "kits de developpement", "Developer Kits" },
  { "aide", "Guidance" },
  { "conseils", "Guidance" },
  { "kritische updates", "Critical Updates" },
  { "wichtige updates", "Critical Updates" },
  { "sicherheitsupdates", "Security Updates" },
  { "definitionsupdates", "Definition Updates" },
  { "updaterollups", "Update Rollups" },
  { "treiber", "Drivers" },
  { "upgrade", "Upgrades" },
};

/* Names that mislead, with those people know. */
static const struct {
  const char *name;
  const char *familiar;
} familiar_names[] = {
  { "Microsoft Server operating system-21H2", "Windows Server 2022" },
  { "Microsoft Server operating system-22H2", "Windows Server 2022, 22H2" },
  { "Microsoft Server operating system-23H2", "Windows Server 2022, 23H2" },
  { "Microsoft Server operating system-24H2", "Windows Server 2025" },
};

/* Folded names and GUIDs to table rows, made once. */
static GHashTable *
get_classification_index (void)
{
  static gsize once;
  static GHashTable *index;

  if (g_once_init_enter (&once))
    {
      index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      for (guint i = 0; i < kab_n_classifications; i++)
        {
          KabClassification *row = (KabClassification *) &kab_classification_table[i];

          g_hash_table_insert (index, g_strdup (row->guid), row);
          g_hash_table_insert (index, kab_text_fold (row->name, -1), row);
          if (*row->wapt_name != '\0')
            g_hash_table_insert (index, kab_text_fold (row->wapt_name, -1), row);
        }
      for (guint i = 0; i < G_N_ELEMENTS (aliases); i++)
        {
          g_autofree char *name = kab_text_fold (aliases[i].name, -1);
          gpointer row = g_hash_table_lookup (index, name);

          if (row != NULL && !g_hash_table_contains (index, aliases[i].alias))
            g_hash_table_insert (index, g_strdup (aliases[i].alias), row);
        }
      g_once_init_leave (&once, 1);
    }

  return index;
}

/* Some names belong to two GUIDs: a product before a family, the first before the second. */
static GHashTable *
get_product_index (void)
{
  static gsize once;
  static GHashTable *index;

  if (g_once_init_enter (&once))
    {
      index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      for (guint pass = 0; pass < 2; pass++)
        for (guint i = 0; i < kab_n_products; i++)
          {
            KabProduct *row = (KabProduct *) &kab_product_table[i];
            g_autofree char *name = NULL;

            if ((strcmp (row->kind, "product") == 0) != (pass == 0))
              continue;
            g_hash_table_insert (index, g_strdup (row->guid), row);
            name = kab_text_fold (row->name, -1);
            if (!g_hash_table_contains (index, name))
              g_hash_table_insert (index, g_steal_pointer (&name), row);
          }
      g_once_init_leave (&once, 1);
    }

  return index;
}

static gpointer
look_up (GHashTable *index,
         const char *text)
{
  g_autofree char *folded = NULL;

  if (text == NULL || *text == '\0' || strnlen (text, MAX_NAME) == MAX_NAME)
    return NULL;

  folded = kab_text_fold (text, -1);
  return g_hash_table_lookup (index, g_strstrip (folded));
}

const KabClassification *
kab_classification_lookup (const char *text)
{
  return look_up (get_classification_index (), text);
}

const KabProduct *
kab_product_lookup (const char *text)
{
  return look_up (get_product_index (), text);
}

const char *
kab_product_get_group (const char *product)
{
  const KabProduct *row = kab_product_lookup (product);

  return row != NULL ? row->group : "other";
}

const char *
kab_product_get_familiar (const char *product)
{
  for (guint i = 0; product != NULL && i < G_N_ELEMENTS (familiar_names); i++)
    if (g_ascii_strcasecmp (familiar_names[i].name, product) == 0)
      return familiar_names[i].familiar;

  return product;
}

const KabClassification *
kab_classification_get_all (guint *n)
{
  *n = kab_n_classifications;
  return kab_classification_table;
}

const KabProduct *
kab_product_get_all (guint *n)
{
  *n = kab_n_products;
  return kab_product_table;
}

/* The second Tuesday lies on the 8th to the 14th. */
static gint64
get_patch_tuesday (int year,
                   int month)
{
  gint64 eighth = kab_calendar_to_days (year, month, 8);
  int weekday = (int) (((eighth + 4) % 7 + 7) % 7);

  return (eighth + (TUESDAY - weekday + 7) % 7) * KAB_SECONDS_PER_DAY;
}

gint64
kab_patch_tuesday_before (gint64 now)
{
  int year, month, day;
  gint64 tuesday;

  kab_calendar_from_days (kab_calendar_midnight (now) / KAB_SECONDS_PER_DAY, &year, &month, &day);
  tuesday = get_patch_tuesday (year, month);
  if (tuesday > now)
    tuesday = month > 1 ? get_patch_tuesday (year, month - 1) : get_patch_tuesday (year - 1, 12);
  return tuesday;
}

