/* kab-host-rules-list.h: the effective rules of a host, each line with its origin
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-detail.h"

G_BEGIN_DECLS

#define KAB_TYPE_HOST_RULES_LIST (kab_host_rules_list_get_type ())
G_DECLARE_FINAL_TYPE (KabHostRulesList, kab_host_rules_list, KAB, HOST_RULES_LIST, AdwBin)

GtkWidget *kab_host_rules_list_new  (void);
/* @snapshot: names the updates that rules give by id */
void       kab_host_rules_list_show (KabHostRulesList *self,
                                     KabHostDetail    *detail,       /* (nullable) */
                                     KabSnapshot      *snapshot);    /* (nullable) */

G_END_DECLS
