/* kab-server-agents-host.h: one host in the hands of its simulated agent
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-server-agents-catalogue.h"
#include "kab-server-agents-repository.h"

G_BEGIN_DECLS

/* What all agents share. */
typedef struct {
  KabDepot            *depot;
  KabAgentsCatalogue  *catalogue;
  KabAgentsRepository *repository;
  guint64              seed;
  gboolean             is_writing;    /* a transaction is open: whoever set the world up commits it */
  GHashTable          *busy;          /* (element-type utf8): kab-server-agents-busy.h */
  gboolean             busy_changed;
  GHashTable          *asked;         /* numbers of updates that some host waits for and the server has not */
} KabAgentsWorld;

/* Loaded, changed by what the agent does, saved: the depot then tells only what differs. */
typedef struct _KabAgentHost KabAgentHost;

KabAgentHost *kab_agent_host_load        (KabAgentsWorld  *world,
                                          const char      *uuid,
                                          GError         **error);
gboolean      kab_agent_host_save        (KabAgentHost    *self,
                                          GError         **error);
void          kab_agent_host_free        (KabAgentHost    *self);
gboolean      kab_agent_host_is_managed  (KabAgentHost    *self);   /* waptwua_status.enabled */

/* § 6.4: the states anew, by the rule packages that are installed now. Returns: how many wait */
guint         kab_agent_host_scan        (KabAgentHost    *self,
                                          guint            duration_s);
/* Takes what waits from the server, and notes what it has not. @wanted: (nullable): only these ids.
 * Returns: how many files sets it took */
guint         kab_agent_host_download    (KabAgentHost    *self,
                                          const char * const *wanted,
                                          GPtrArray       *logs);
/* (element-type guint32): what install would try now, in that order */
GArray       *kab_agent_host_list_ready  (KabAgentHost    *self,
                                          const char * const *wanted);
/* Returns: 0, or the HRESULT it failed with */
guint32       kab_agent_host_install     (KabAgentHost    *self,
                                          guint32          number);
/* The end of a batch: result, date, restart. @numbers: (element-type guint32): those tried */
void          kab_agent_host_end_batch   (KabAgentHost    *self,
                                          GArray          *numbers,
                                          guint            n_failed);
gboolean      kab_agent_host_needs_restart (KabAgentHost  *self);
void          kab_agent_host_restart     (KabAgentHost    *self);
/* "SCANNING", "DOWNLOADING", "INSTALL" */
void          kab_agent_host_set_busy    (KabAgentHost    *self,
                                          const char      *status);
/* Back to what the states say. Returns: %FALSE when it was not busy */
gboolean      kab_agent_host_settle      (KabAgentHost    *self);
/* trigger_host_update (@install FALSE) and trigger_host_upgrade. Returns: %FALSE when something went wrong */
gboolean      kab_agent_host_upgrade     (KabAgentHost    *self,
                                          gboolean         install,
                                          GPtrArray       *logs);
/* Title of an update for a log */
const char   *kab_agent_host_get_title   (KabAgentHost    *self,
                                          guint32          number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabAgentHost, kab_agent_host_free)

G_END_DECLS
