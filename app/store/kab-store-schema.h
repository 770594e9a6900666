/* kab-store-schema.h: the steps that lead to the present schemas; they only grow
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char * const *kab_store_schema_get_mirror_steps (guint *n_steps);
const char * const *kab_store_schema_get_ledger_steps (guint *n_steps);

G_END_DECLS
