/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <errno.h>
#include <string.h>
#include <glib/gi18n-lib.h>

#include "kab-result-code-table.h"
#include "kab-result-code.h"

#define MAX_TEXT 64                          /* longer texts are no number */
#define WIN32_FACILITY 7u
#define FACILITY(code) (((code) >> 16) & 0x7ffu)
#define WRAP_WIN32(code) (0x80070000u | ((code) & 0xffffu))

/* [MS-ERREF] 2.1.1 and the headers of the servicing stack. */
static const struct {
  guint       facility;
  const char *name;
} facilities[] = {
  { 0x000, N_ ("General") },
  { 0x001, N_ ("Remote procedure call") },
  { 0x002, N_ ("Dispatch") },
  { 0x003, N_ ("Storage") },
  { 0x004, N_ ("Interface") },
  { WIN32_FACILITY, N_ ("Windows") },
  { 0x008, N_ ("Component servicing") },
  { 0x009, N_ ("Security") },
  { 0x00b, N_ ("Certificates") },
  { 0x00f, N_ ("Servicing stack") },
  { 0x019, N_ ("Web transfer") },
  { 0x020, N_ ("Background transfer") },
  { 0x024, N_ ("Windows Update") },
  { 0x0d0, N_ ("Delivery Optimization") },
  { 0x190, N_ ("Windows Setup") },
};

static int
compare_codes (const void *a,
               const void *b)
{
  guint32 left = ((const KabResultCode *) a)->code;
  guint32 right = ((const KabResultCode *) b)->code;

  return left < right ? -1 : left > right;
}

static const KabResultCode *
find_code (guint32 code)
{
  KabResultCode key = { code, NULL, NULL, NULL };

  return bsearch (&key, kab_result_code_table, kab_n_result_codes, sizeof key, compare_codes);
}

/* Eight hexadecimal digits without "0x"; a letter or the leading 8 of a failure tells them from a decimal number. */
static gboolean
is_bare_hex (const char *text)
{
  gboolean has_letter = FALSE;
  gsize n = 0;

  for (; g_ascii_isxdigit (text[n]); n++)
    has_letter |= g_ascii_isalpha (text[n]) != 0;

  return text[n] == '\0' && n == 8 && (has_letter || text[0] == '8');
}

/* A Win32 code stays what it is: 3010 is 0x00000BC2. The lookup tries the wrapped form. */
gboolean
kab_result_code_parse (const char *text,
                       guint32    *code)
{
  char trimmed[MAX_TEXT + 1];
  char *end = NULL;
  gboolean negative;
  guint64 number;
  int base = 10;
  char *start = trimmed;

  g_return_val_if_fail (code != NULL, FALSE);

  if (text == NULL)
    return FALSE;
  while (g_ascii_isspace (*text))
    text++;
  if (g_strlcpy (trimmed, text, sizeof trimmed) >= sizeof trimmed)
    return FALSE;
  g_strchomp (trimmed);

  negative = *start == '-';
  if (*start == '-' || *start == '+')
    start++;
  if (start[0] == '0' && (start[1] == 'x' || start[1] == 'X'))
    {
      start += 2;
      base = 16;
    }
  else if (is_bare_hex (start))
    base = 16;
  if (base == 16 ? !g_ascii_isxdigit (*start) : !g_ascii_isdigit (*start))
    return FALSE;

  errno = 0;
  number = g_ascii_strtoull (start, &end, base);
  if (errno != 0 || *end != '\0')
    return FALSE;

  /* Signed spellings reach down to -2³¹; 64-bit sign extension is cut off. */
  if (negative)
    {
      if (base == 16 || number > (guint64) G_MAXINT32 + 1)
        return FALSE;
      *code = (guint32) - (gint64) number;
      return TRUE;
    }

  if (number > G_MAXUINT32)
    {
      if (base != 16 || (number >> 32) != 0xffffffffu)
        return FALSE;
      number &= 0xffffffffu;
    }
  *code = (guint32) number;
  return TRUE;
}

/* 0x80070BC2 and 0x00000BC2 are the same message of Windows in two coats. */
const KabResultCode *
kab_result_code_lookup (guint32 code)
{
  const KabResultCode *found = find_code (code);

  if (found == NULL && code != 0 && code <= 0xffffu)
    found = find_code (WRAP_WIN32 (code));
  if (found == NULL && (code & 0xffff0000u) == 0x80070000u && (code & 0xffffu) != 0)
    found = find_code (code & 0xffffu);
  return found;
}

char *
kab_result_code_format (guint32 code)
{
  return g_strdup_printf ("0x%08X", code);
}

const char *
kab_result_code_get_facility (guint32 code)
{
  guint facility = FACILITY (code);

  if (code != 0 && code <= 0xffffu)
    facility = WIN32_FACILITY;
  /* 0xC190xxxx: setup writes an NTSTATUS-like code whose facility is the same eleven bits. */
  for (guint i = 0; i < G_N_ELEMENTS (facilities); i++)
    if (facilities[i].facility == facility)
      return facilities[i].name;

  return N_ ("Unknown component");
}

gboolean
kab_result_code_is_failure (guint32 code)
{
  switch (code)
    {
    case 0x00000000:                      /* S_OK */
    case 0x00000669:                      /* ERROR_SUCCESS_REBOOT_INITIATED, 1641 */
    case 0x00000bc2:                      /* ERROR_SUCCESS_REBOOT_REQUIRED, 3010 */
    case WRAP_WIN32 (0x00000669):
    case WRAP_WIN32 (0x00000bc2):
      return FALSE;
    default:
      break;
    }

  /* A bare Win32 code that is not one of these names a failure; an HRESULT says so in its top bit. */
  return code <= 0xffffu || (code & 0x80000000u) != 0;
}

/* OperationResultCode of the WUA API: 0 not started … 3 succeeded with errors, 4 failed, 5 aborted. */
gboolean
kab_operation_result_is_failure (const char *result_code)
{
  static const char * const failures[] = { "Failed", "Aborted", "4", "5", "orcFailed", "orcAborted" };
  guint32 code;

  if (result_code == NULL)
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    if (g_ascii_strcasecmp (result_code, failures[i]) == 0)
      return TRUE;

  /* Some agents put the HRESULT there. */
  return kab_result_code_parse (result_code, &code) && code > 5 && kab_result_code_is_failure (code);
}
