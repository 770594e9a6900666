/* kab-server-agents-repository.h: the packages that agents see, and the rules files they keep of them
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "kab-depot.h"
#include "kab-resolver.h"
#include "kab-rule-set.h"

G_BEGIN_DECLS

typedef struct {
  KabPackage *package;
  GStrv       vouchers;       /* fingerprints of certificates each of which is enough to trust it; NULL: nobody sees it */
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
/* Every package whose signature and chain are good; until the next refresh */
KabResolver         *kab_agents_repository_get_resolver (KabAgentsRepository *self);
/* What is known of a package of the resolver. (transfer none) */
KabAgentsPackage    *kab_agents_repository_find    (KabAgentsRepository  *self,
                                                    KabPackage           *package);
/* (transfer full) (nullable): the host's own package, when it is there and the host trusts who signed it.
 * @trusted: (nullable): fingerprints; all signers of the server */
KabPackage          *kab_agents_repository_read_host_package (KabAgentsRepository *self,
                                                              const char          *uuid,
                                                              const char * const  *trusted);
/* The rules of an installed package, kept by agents since they installed it. Returns: (nullable): borrowed */
KabRuleSet          *kab_agents_repository_get_rules (KabAgentsRepository *self,
                                                      const char          *package_uuid,
                                                      const char          *name_version);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabAgentsRepository, kab_agents_repository_free)

G_END_DECLS
