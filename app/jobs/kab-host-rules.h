/* kab-host-rules.h: the rules that one host applies, as far as they are known here
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-detail.h"
#include "kab-store.h"
#include "kab-wire.h"

G_BEGIN_DECLS

typedef struct {
  KabRulesEngine *engine;       /* (nullable): nobody told which rule packages it has */
  GPtrArray      *sets;         /* (element-type KabRuleSet), in install order */
  gboolean        complete;     /* all its packages are on the server */
} KabHostRules;

/* Blocks. Its own options (default_allow, install_delay) count where its report tells them. */
KabHostRules *kab_host_rules_read       (KabStore      *store,
                                         KabHost       *host,
                                         GError       **error);
void          kab_host_rules_free       (KabHostRules  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabHostRules, kab_host_rules_free)

/* (element-type KabRuleLine): merged, in order of precedence */
GPtrArray    *kab_host_rules_list_lines (KabHostRules  *self);

G_END_DECLS
