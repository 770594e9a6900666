/* kab-rule-set.h: one waptwua_rules.json, as agents read it (waptwua-model § 4, § 6.4)
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "kab-update.h"

G_BEGIN_DECLS

typedef enum {
  KAB_RULE_FORBIDDEN_UPDATES,
  KAB_RULE_FORBIDDEN_KBS,
  KAB_RULE_ALLOWED_UPDATES,
  KAB_RULE_ALLOWED_KBS,
  KAB_RULE_ALLOWED_PRODUCTS,
  KAB_RULE_ALLOWED_SEVERITIES,
  KAB_RULE_ALLOWED_CLASSIFICATIONS,
} KabRuleList;
#define KAB_N_RULE_LISTS (KAB_RULE_ALLOWED_CLASSIFICATIONS + 1)

const char *kab_rule_list_get_key  (KabRuleList list);                  /* "forbidden_updates" … */
gboolean    kab_rule_list_from_key (const char *key, KabRuleList *list);

#define KAB_TYPE_RULE_SET (kab_rule_set_get_type ())
G_DECLARE_FINAL_TYPE (KabRuleSet, kab_rule_set, KAB, RULE_SET, GObject)

/**
 * KabRuleSetBuilder: filled by wire (which knows JSON) or a draft, then frozen by kab_rule_set_builder_end().
 * @dropped_keys of the result: the first unknown key and all keys behind it, which an agent loses.
 */
typedef struct _KabRuleSetBuilder KabRuleSetBuilder;

KabRuleSetBuilder *kab_rule_set_builder_new          (const char *origin);    /* "demo-wua-base 12" */
void               kab_rule_set_builder_add          (KabRuleSetBuilder *builder, KabRuleList list, const char *value);
void               kab_rule_set_builder_set_default_allow       (KabRuleSetBuilder *builder, KabTristate value);
void               kab_rule_set_builder_set_include_superseded  (KabRuleSetBuilder *builder, KabTristate value);
void               kab_rule_set_builder_add_dropped_key         (KabRuleSetBuilder *builder, const char *key);
KabRuleSet        *kab_rule_set_builder_end          (KabRuleSetBuilder *builder);   /* frees @builder */
void               kab_rule_set_builder_free         (KabRuleSetBuilder *builder);   /* gives it up */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabRuleSetBuilder, kab_rule_set_builder_free)

const char         *kab_rule_set_get_origin             (KabRuleSet *self);
const char * const *kab_rule_set_get_list               (KabRuleSet *self, KabRuleList list);  /* file order; never NULL */
gboolean            kab_rule_set_contains               (KabRuleSet *self, KabRuleList list, const char *value); /* exact */
/* The entry as the set holds it, which lives as long as the set; NULL when it is not there. */
const char         *kab_rule_set_find                   (KabRuleSet *self, KabRuleList list, const char *value);
/* The entry that an update meets in a list, as agents compare (§ 6.4); NULL */
const char         *kab_rule_set_match                  (KabRuleSet *self, KabRuleList list,
                                                         const KabUpdateFields *fields);
KabTristate         kab_rule_set_get_default_allow      (KabRuleSet *self);
KabTristate         kab_rule_set_get_include_superseded (KabRuleSet *self);
const char * const *kab_rule_set_get_dropped_keys       (KabRuleSet *self);

G_END_DECLS
