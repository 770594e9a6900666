/* kab-result-code.h: result codes of Windows Update in any spelling, with meaning and remedy
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The table is generated from data/wua-errors.csv by build-aux; texts are N_() and translated by faces. */
typedef struct {
  guint32     code;      /* HRESULT */
  const char *symbol;
  const char *meaning;
  const char *remedy;
} KabResultCode;

/* "0x80240017", "80240017", "-2145124329", "3010" (Win32) → HRESULT. Returns: %FALSE when it is no number. */
gboolean             kab_result_code_parse      (const char *text, guint32 *code);
const KabResultCode *kab_result_code_lookup     (guint32 code);        /* tries Win32-wrapped forms too; NULL = unknown */
char                *kab_result_code_format     (guint32 code);        /* "0x80240017" */
const char          *kab_result_code_get_facility (guint32 code);      /* N_("Windows Update"), …; never NULL */
gboolean             kab_result_code_is_failure (guint32 code);        /* S_OK, 1641, 3010 … are not */
/* WUA's own words of an entry: "Succeeded", "Failed", 2, 4 … Returns: TRUE when the try failed or was aborted */
gboolean             kab_operation_result_is_failure (const char *result_code);

G_END_DECLS
