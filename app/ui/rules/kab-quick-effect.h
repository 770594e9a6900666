/* kab-quick-effect.h: what a rule package being written would do to the fleet, in a few lines
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-forecast.h"

G_BEGIN_DECLS

/* Every number opens the list it counts. */
#define KAB_TYPE_QUICK_EFFECT (kab_quick_effect_get_type ())
G_DECLARE_FINAL_TYPE (KabQuickEffect, kab_quick_effect, KAB, QUICK_EFFECT, AdwBin)

/* @busy: it is being computed; @forecast is that of before. @hint: (nullable): what to do when no host is reached */
void       kab_quick_effect_show        (KabQuickEffect *self,
                                         KabForecast    *forecast,     /* (nullable) */
                                         gboolean        busy,
                                         const char     *hint);
/* The same in one line, for the approval log */
char      *kab_quick_effect_dup_summary (KabForecast    *forecast);    /* (nullable) */

G_END_DECLS
