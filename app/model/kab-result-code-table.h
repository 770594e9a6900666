/* kab-result-code-table.h: the table of result codes, generated while building
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-result-code.h"

G_BEGIN_DECLS

extern const KabResultCode kab_result_code_table[];    /* sorted by code */
extern const guint         kab_n_result_codes;

G_END_DECLS
