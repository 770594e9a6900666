/* kab-assign-choices.h: whom a package can be given to, and which hosts that reaches
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-forecast-plan.h"
#include "kab-snapshot.h"

G_BEGIN_DECLS

/* One unit, group or profile. Members are read-only. */
#define KAB_TYPE_ASSIGN_CHOICE (kab_assign_choice_get_type ())
G_DECLARE_FINAL_TYPE (KabAssignChoice, kab_assign_choice, KAB, ASSIGN_CHOICE, GObject)
struct _KabAssignChoice
{
  GObject        parent_instance;

  KabTargetKind  kind;
  char          *target;
  char          *label;       /* "Paris", "grp-pilot" */
  char          *detail;      /* what tells it from others of that label, or "" */
  char          *folded;      /* what a search looks in */
  guint          depth;       /* of a unit in the tree */
  GArray        *hosts;       /* (element-type guint): indices into the snapshot, ascending, each once */
};

/* Lists of KabAssignChoice. Units: each with all hosts below it, parents first. */
GListStore *kab_assign_choices_new_units    (KabSnapshot   *snapshot);
/* @packages: (nullable): of KabRulePackage. Groups are packages of section "group". */
GListStore *kab_assign_choices_new_groups   (GListModel    *packages);
/* Packages of section "profile" and the AD groups that hosts tell */
GListStore *kab_assign_choices_new_profiles (KabSnapshot   *snapshot,
                                             GListModel    *packages);

/* "Paris" of "OU=Paris,OU=France,DC=example" */
char       *kab_assign_unit_dup_label       (const char    *dn);

G_END_DECLS
