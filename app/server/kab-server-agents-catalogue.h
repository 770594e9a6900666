/* kab-server-agents-catalogue.h: what Windows Update would tell a host, and what the rules make of it
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-depot.h"
#include "kab-rules-engine.h"

G_BEGIN_DECLS

/* The updates of the depot with what replaces what; shared by all agents. */
typedef struct _KabAgentsCatalogue KabAgentsCatalogue;

KabAgentsCatalogue *kab_agents_catalogue_new      (KabDepot            *depot,
                                                   GError             **error);
void                kab_agents_catalogue_free     (KabAgentsCatalogue  *self);
KabUpdate          *kab_agents_catalogue_get      (KabAgentsCatalogue  *self, guint32 number);  /* (nullable) */
gboolean            kab_agents_catalogue_is_on_server (KabAgentsCatalogue *self, guint32 number);
void                kab_agents_catalogue_set_on_server (KabAgentsCatalogue *self, guint32 number);
/* The last part of os_version once it is installed; 0 when it changes no build */
guint               kab_agents_catalogue_get_revision (KabAgentsCatalogue *self, guint32 number);

/**
 * kab_agents_catalogue_scan:
 * @host: as the agent knows itself
 * @engine: the rules that it applies now
 *
 * A scan (§ 6.4, "State"): every update that applies or was reported before, judged anew. What is installed stays so.
 *
 * Returns: (transfer full) (element-type KabStateRecord): sorted
 */
GArray             *kab_agents_catalogue_scan     (KabAgentsCatalogue  *self,
                                                   const KabDepotHost  *host,
                                                   KabRulesEngine      *engine,
                                                   gint64               now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabAgentsCatalogue, kab_agents_catalogue_free)

G_END_DECLS
