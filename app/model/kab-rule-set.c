/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-rule-set.h"

struct _KabRuleSet
{
  GObject      parent_instance;

  char        *origin;
  GPtrArray   *lists[KAB_N_RULE_LISTS];      /* file order, NULL-terminated */
  GHashTable  *entries[KAB_N_RULE_LISTS];    /* borrowed texts of the list above; NULL while it is empty */
  GPtrArray   *dropped_keys;                 /* NULL-terminated */
  KabTristate  default_allow;
  KabTristate  include_superseded;
};

/* Filled in place; nobody sees the set before it is frozen. */
struct _KabRuleSetBuilder
{
  KabRuleSet *rules;
};

G_DEFINE_FINAL_TYPE (KabRuleSet, kab_rule_set, G_TYPE_OBJECT)

static const char * const keys[KAB_N_RULE_LISTS] = {
  [KAB_RULE_FORBIDDEN_UPDATES] = "forbidden_updates",
  [KAB_RULE_FORBIDDEN_KBS] = "forbidden_kbs",
  [KAB_RULE_ALLOWED_UPDATES] = "allowed_updates",
  [KAB_RULE_ALLOWED_KBS] = "allowed_kbs",
  [KAB_RULE_ALLOWED_PRODUCTS] = "allowed_products",
  [KAB_RULE_ALLOWED_SEVERITIES] = "allowed_severities",
  [KAB_RULE_ALLOWED_CLASSIFICATIONS] = "allowed_classifications",
};

static void
kab_rule_set_finalize (GObject *object)
{
  KabRuleSet *self = KAB_RULE_SET (object);

  for (guint i = 0; i < KAB_N_RULE_LISTS; i++)
    {
      g_clear_pointer (&self->entries[i], g_hash_table_unref);
      g_clear_pointer (&self->lists[i], g_ptr_array_unref);
    }
  g_clear_pointer (&self->dropped_keys, g_ptr_array_unref);
  g_clear_pointer (&self->origin, g_free);

  G_OBJECT_CLASS (kab_rule_set_parent_class)->finalize (object);
}

static void
kab_rule_set_class_init (KabRuleSetClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_rule_set_finalize;
}

static void
kab_rule_set_init (KabRuleSet *self)
{
  for (guint i = 0; i < KAB_N_RULE_LISTS; i++)
    self->lists[i] = g_ptr_array_new_with_free_func (g_free);
  self->dropped_keys = g_ptr_array_new_with_free_func (g_free);
}

const char *
kab_rule_list_get_key (KabRuleList list)
{
  g_return_val_if_fail ((guint) list < KAB_N_RULE_LISTS, "");

  return keys[list];
}

gboolean
kab_rule_list_from_key (const char  *key,
                        KabRuleList *list)
{
  g_return_val_if_fail (key != NULL, FALSE);

  for (guint i = 0; i < KAB_N_RULE_LISTS; i++)
    if (strcmp (keys[i], key) == 0)
      {
        *list = (KabRuleList) i;
        return TRUE;
      }

  return FALSE;
}

KabRuleSetBuilder *
kab_rule_set_builder_new (const char *origin)
{
  KabRuleSetBuilder *builder = g_new0 (KabRuleSetBuilder, 1);

  builder->rules = g_object_new (KAB_TYPE_RULE_SET, NULL);
  builder->rules->origin = g_strdup (origin != NULL ? origin : "");
  return builder;
}

/* A value that is there already is not added again. */
void
kab_rule_set_builder_add (KabRuleSetBuilder *builder,
                          KabRuleList        list,
                          const char        *value)
{
  KabRuleSet *rules;
  char *copy;

  g_return_if_fail (builder != NULL);
  g_return_if_fail ((guint) list < KAB_N_RULE_LISTS);
  g_return_if_fail (value != NULL);

  rules = builder->rules;
  if (rules->entries[list] == NULL)
    rules->entries[list] = g_hash_table_new (g_str_hash, g_str_equal);
  if (g_hash_table_contains (rules->entries[list], value))
    return;

  copy = g_strdup (value);
  g_ptr_array_add (rules->lists[list], copy);
  g_hash_table_add (rules->entries[list], copy);
}

void
kab_rule_set_builder_set_default_allow (KabRuleSetBuilder *builder,
                                        KabTristate        value)
{
  g_return_if_fail (builder != NULL);

  builder->rules->default_allow = value;
}

void
kab_rule_set_builder_set_include_superseded (KabRuleSetBuilder *builder,
                                             KabTristate        value)
{
  g_return_if_fail (builder != NULL);

  builder->rules->include_superseded = value;
}

void
kab_rule_set_builder_add_dropped_key (KabRuleSetBuilder *builder,
                                      const char        *key)
{
  g_return_if_fail (builder != NULL);
  g_return_if_fail (key != NULL);

  g_ptr_array_add (builder->rules->dropped_keys, g_strdup (key));
}

KabRuleSet *
kab_rule_set_builder_end (KabRuleSetBuilder *builder)
{
  KabRuleSet *rules;

  g_return_val_if_fail (builder != NULL, NULL);

  rules = builder->rules;
  for (guint i = 0; i < KAB_N_RULE_LISTS; i++)
    g_ptr_array_add (rules->lists[i], NULL);
  g_ptr_array_add (rules->dropped_keys, NULL);

  g_free (builder);
  return rules;
}

void
kab_rule_set_builder_free (KabRuleSetBuilder *builder)
{
  if (builder == NULL)
    return;

  g_object_unref (builder->rules);
  g_free (builder);
}

const char *
kab_rule_set_get_origin (KabRuleSet *self)
{
  g_return_val_if_fail (KAB_IS_RULE_SET (self), NULL);

  return self->origin;
}

const char * const *
kab_rule_set_get_list (KabRuleSet  *self,
                       KabRuleList  list)
{
  g_return_val_if_fail (KAB_IS_RULE_SET (self), NULL);
  g_return_val_if_fail ((guint) list < KAB_N_RULE_LISTS, NULL);

  return (const char * const *) self->lists[list]->pdata;
}

gboolean
kab_rule_set_contains (KabRuleSet  *self,
                       KabRuleList  list,
                       const char  *value)
{
  return kab_rule_set_find (self, list, value) != NULL;
}

/* Exact text. Returns: (nullable): the entry as the set holds it, which lives as long as @self */
const char *
kab_rule_set_find (KabRuleSet  *self,
                   KabRuleList  list,
                   const char  *value)
{
  g_return_val_if_fail (KAB_IS_RULE_SET (self), NULL);
  g_return_val_if_fail ((guint) list < KAB_N_RULE_LISTS, NULL);

  if (value == NULL || self->entries[list] == NULL)
    return NULL;
  return g_hash_table_lookup (self->entries[list], value);
}

KabTristate
kab_rule_set_get_default_allow (KabRuleSet *self)
{
  g_return_val_if_fail (KAB_IS_RULE_SET (self), KAB_TRISTATE_NULL);

  return self->default_allow;
}

KabTristate
kab_rule_set_get_include_superseded (KabRuleSet *self)
{
  g_return_val_if_fail (KAB_IS_RULE_SET (self), KAB_TRISTATE_NULL);

  return self->include_superseded;
}

const char * const *
kab_rule_set_get_dropped_keys (KabRuleSet *self)
{
  g_return_val_if_fail (KAB_IS_RULE_SET (self), NULL);

  return (const char * const *) self->dropped_keys->pdata;
}

/* One of the update's numbers, written "KB1234567". */
static const char *
find_kb (KabRuleSet           *rules,
         KabRuleList           list,
         const char * const   *kbids)
{
  for (; kbids != NULL && *kbids != NULL; kbids++)
    {
      const char *number = *kbids;
      g_autofree char *kb = NULL;
      const char *line;

      if (g_ascii_strncasecmp (number, "KB", 2) == 0)
        number += 2;
      kb = g_strconcat ("KB", number, NULL);
      line = kab_rule_set_find (rules, list, kb);
      if (line != NULL)
        return line;
    }

  return NULL;
}

/* Exact text throughout. An empty text is no product, severity or classification. */
const char *
kab_rule_set_match (KabRuleSet            *self,
                    KabRuleList            list,
                    const KabUpdateFields *fields)
{
  const char *value = NULL;

  g_return_val_if_fail (KAB_IS_RULE_SET (self), NULL);
  g_return_val_if_fail (fields != NULL, NULL);

  switch (list)
    {
    case KAB_RULE_FORBIDDEN_KBS:
    case KAB_RULE_ALLOWED_KBS:
      return find_kb (self, list, fields->kbids);
    case KAB_RULE_FORBIDDEN_UPDATES:
    case KAB_RULE_ALLOWED_UPDATES:
      value = fields->update_id;
      break;
    case KAB_RULE_ALLOWED_PRODUCTS:
      value = fields->product;
      break;
    case KAB_RULE_ALLOWED_SEVERITIES:
      value = fields->severity;
      break;
    case KAB_RULE_ALLOWED_CLASSIFICATIONS:
      value = fields->classification;
      break;
    default:
      g_assert_not_reached ();
    }

  return value != NULL && *value != '\0' ? kab_rule_set_find (self, list, value) : NULL;
}
