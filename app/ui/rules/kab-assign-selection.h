/* kab-assign-selection.h: what is chosen of hosts, units, groups and profiles, and whom that reaches
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-assign-choices.h"
#include "kab-session-rules.h"

G_BEGIN_DECLS

/* An array of KabAssignTarget that owns its texts, and one more in it */
GArray *kab_assign_targets_new (void);
void    kab_assign_targets_add (GArray        *targets,
                                KabTargetKind  kind,
                                const char    *target,
                                const char    *name);

typedef struct _KabAssignSelection KabAssignSelection;

/* @snapshot: (nullable). It begins with the units of its hosts. */
KabAssignSelection    *kab_assign_selection_new          (KabSnapshot        *snapshot);
void                   kab_assign_selection_free         (KabAssignSelection *self);
/* (nullable): none of packages that were not read */
void                   kab_assign_selection_set_packages (KabAssignSelection *self,
                                                          GListModel         *packages);
/* What there is of a kind, but hosts: of KabAssignChoice */
GListModel            *kab_assign_selection_get_choices  (KabAssignSelection *self,
                                                          KabTargetKind       kind);
void                   kab_assign_selection_toggle       (KabAssignSelection *self,
                                                          KabTargetKind       kind,
                                                          const char         *target,
                                                          const char         *name);
gboolean               kab_assign_selection_contains     (KabAssignSelection *self,
                                                          KabTargetKind       kind,
                                                          const char         *target);
gboolean               kab_assign_selection_is_known     (KabAssignSelection *self,
                                                          KabTargetKind       kind,
                                                          const char         *target);
void                   kab_assign_selection_clear        (KabAssignSelection *self);
/* (element-type KabAssignTarget) (transfer none): in the order of their choosing */
GArray                *kab_assign_selection_get_targets  (KabAssignSelection *self);
/* (element-type guint) (transfer full): hosts that it reaches, each once, as indices into the snapshot */
GArray                *kab_assign_selection_dup_hosts    (KabAssignSelection *self);

G_END_DECLS
