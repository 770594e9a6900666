/* kab-assign-picker.h: who gets a package: hosts, organisational units, groups, AD profiles
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-assign-selection.h"
#include "kab-session.h"

G_BEGIN_DECLS

/**
 * KabAssignPicker: nothing chosen is an answer too: nobody yet.
 *
 * Property, read-only, it notifies: "n-targets" (guint: what is chosen).
 */
#define KAB_TYPE_ASSIGN_PICKER (kab_assign_picker_get_type ())
G_DECLARE_FINAL_TYPE (KabAssignPicker, kab_assign_picker, KAB, ASSIGN_PICKER, AdwBin)

GtkWidget  *kab_assign_picker_new             (KabSession       *session);
guint       kab_assign_picker_get_n_targets   (KabAssignPicker  *self);
/* (element-type guint) (transfer full): the hosts it reaches, as indices into the snapshot it was made with, each once */
GArray     *kab_assign_picker_dup_hosts       (KabAssignPicker  *self);
/* (element-type KabAssignTarget) (transfer full): in the order of their choosing; its texts are its own */
GArray     *kab_assign_picker_dup_targets     (KabAssignPicker  *self);
/* From a draft. What the server does not know any more stays chosen and is marked. */
void        kab_assign_picker_set_targets     (KabAssignPicker  *self,
                                               GArray           *targets);

G_END_DECLS
