/* kab-server-agents-repository.h: the packages that agents see, and the rules files they keep of them
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "kab-depot.h"
#include "kab-package.h"
#include "kab-rule-set.h"

G_BEGIN_DECLS

typedef struct {
  KabPackage *package;
  gboolean    is_listed;      /* signature and chain of the control are good: an agent sees it in the index */
  gboolean    is_intact;      /* the content is good too: an agent installs it */
  char       *detail;         /* what is wrong, for the task's log */
} KabAgentsPackage;

typedef struct _KabAgentsRepository KabAgentsRepository;

/* @trusted: (element-type KabCertificate) */
KabAgentsRepository *kab_agents_repository_new     (KabDepot             *depot,
                                                    GPtrArray            *trusted);
void                 kab_agents_repository_free    (KabAgentsRepository  *self);
/* Looks at the packages folder again; opens only files that are new. */
void                 kab_agents_repository_refresh (KabAgentsRepository  *self);
/**
 * kab_agents_repository_resolve:
 * @depends: comma list of requirements, what a host package depends on
 * @maturities: what the host accepts
 * @missing: (out) (element-type utf8): requirements that nothing fulfils
 *
 * Returns: (transfer full) (element-type KabAgentsPackage): the newest fitting packages, dependencies first; borrowed
 */
GPtrArray           *kab_agents_repository_resolve (KabAgentsRepository  *self,
                                                    const char           *depends,
                                                    const char * const   *maturities,
                                                    GPtrArray           **missing);
/* The rules of an installed package, kept by agents since they installed it. Returns: (nullable): borrowed */
KabRuleSet          *kab_agents_repository_get_rules (KabAgentsRepository *self,
                                                      const char          *package_uuid,
                                                      const char          *name_version);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabAgentsRepository, kab_agents_repository_free)

G_END_DECLS
