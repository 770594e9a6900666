/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-package"

#include "config.h"

#include <string.h>

#include "kab-archive-private.h"
#include "kab-error.h"

/* 0x80 to 0xFF of code page 437, which names without the UTF-8 bit are in. */
static const char code_page_437[] =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐"
  "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\302\240";

static char *
dup_utf8 (const guint8 *raw,
          gsize         size,
          gboolean      is_utf8)
{
  GString *text;

  if (is_utf8)
    return g_utf8_make_valid ((const char *) raw, (gssize) size);
  text = g_string_sized_new (size);
  for (gsize i = 0; i < size; i++)
    if (raw[i] < 0x80)
      g_string_append_c (text, (char) raw[i]);
    else
      g_string_append_unichar (text, g_utf8_get_char (g_utf8_offset_to_pointer (code_page_437, raw[i] - 0x80)));
  return g_string_free (text, FALSE);
}

char *
kab_archive_dup_name (const guint8 *raw,
                      gsize         size,
                      gboolean      is_utf8)
{
  const guint8 *zero = memchr (raw, '\0', size);
  g_autofree char *text = dup_utf8 (raw, zero != NULL ? (gsize) (zero - raw) : size, is_utf8);
  g_autoptr(GString) name = g_string_new (NULL);
  g_auto(GStrv) parts = NULL;
  const char *start = text;
  gsize length;

  g_strdelimit (text, "\\", '/');
  if (g_ascii_isalpha (text[0]) && text[1] == ':')
    start = text + 2;
  parts = g_strsplit (start, "/", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    if (parts[i][0] != '\0' && !g_str_equal (parts[i], ".") && !g_str_equal (parts[i], ".."))
      g_string_append_printf (name, "%s%s", name->len > 0 ? "/" : "", parts[i]);
  length = strlen (start);
  if (length > 0 && start[length - 1] == '/')
    g_string_append_c (name, '/');
  return g_string_free (g_steal_pointer (&name), FALSE);
}

/* Devices of Windows, whatever their extension. */
static gboolean
is_device (const char *part,
           gsize       length)
{
  static const char * const devices[] = { "con", "prn", "aux", "nul" };
  gsize stem = 0;

  while (stem < length && part[stem] != '.')
    stem++;
  if (stem == 3)
    for (guint i = 0; i < G_N_ELEMENTS (devices); i++)
      if (g_ascii_strncasecmp (part, devices[i], 3) == 0)
        return TRUE;
  return stem == 4 && part[3] >= '1' && part[3] <= '9' &&
         (g_ascii_strncasecmp (part, "com", 3) == 0 || g_ascii_strncasecmp (part, "lpt", 3) == 0);
}

static const char *
find_bad_part (const char *part,
               gsize       length)
{
  if (length == 0)
    return "has an empty part";
  if ((length == 1 && part[0] == '.') || (length == 2 && part[0] == '.' && part[1] == '.'))
    return "climbs";
  /* Windows agents would give it another name, and then miss it. */
  if (part[length - 1] == '.' || part[length - 1] == ' ' || is_device (part, length))
    return "is none on Windows";
  return NULL;
}

gboolean
kab_archive_check_name (const char  *name,
                        GError     **error)
{
  gsize length = strlen (name);
  const char *segment = name;
  const char *reason = NULL;

  if (length == 0 || length > KAB_ARCHIVE_MAX_NAME)
    reason = "is empty or too long";
  else if (!g_utf8_validate (name, (gssize) length, NULL))
    reason = "is not UTF-8";
  else if (name[0] == '/' || (g_ascii_isalpha (name[0]) && name[1] == ':'))
    reason = "is absolute";
  else if (strchr (name, '\\') != NULL)
    reason = "has a backslash";

  for (gsize i = 0; reason == NULL && i < length; i++)
    if (g_ascii_iscntrl (name[i]))
      reason = "has a control character";

  while (reason == NULL && segment != NULL && *segment != '\0')
    {
      const char *end = strchr (segment, '/');

      reason = find_bad_part (segment, end != NULL ? (gsize) (end - segment) : strlen (segment));
      segment = end != NULL ? end + 1 : NULL;
    }
  if (reason == NULL && strpbrk (name, ":<>|\"?*") != NULL)
    reason = "is none on Windows";

  if (reason != NULL)
    {
      g_autofree char *shown = g_strescape (length > 80 ? "…" : name, NULL);

      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "package: member name “%s” %s", shown, reason);
    }
  return reason == NULL;
}

/* The checksum of zip, which no library of this room has. */
guint32
kab_crc32 (guint32       crc,
           gconstpointer data,
           gsize         size)
{
  static guint32 table[4][256];
  static gsize is_ready;
  const guint8 *p = data;

  if (g_once_init_enter (&is_ready))
    {
      for (guint32 i = 0; i < 256; i++)
        {
          guint32 value = i;

          for (guint k = 0; k < 8; k++)
            value = (value & 1) ? 0xedb88320u ^ (value >> 1) : value >> 1;
          table[0][i] = value;
        }
      for (guint t = 1; t < 4; t++)
        for (guint32 i = 0; i < 256; i++)
          table[t][i] = table[0][table[t - 1][i] & 0xff] ^ (table[t - 1][i] >> 8);
      g_once_init_leave (&is_ready, 1);
    }

  crc = ~crc;
  for (; size >= 4; p += 4, size -= 4)
    {
      crc ^= kab_get_u32 (p);
      crc = table[3][crc & 0xff] ^ table[2][(crc >> 8) & 0xff] ^ table[1][(crc >> 16) & 0xff] ^ table[0][crc >> 24];
    }
  for (; size > 0; p++, size--)
    crc = table[0][(crc ^ *p) & 0xff] ^ (crc >> 8);
  return ~crc;
}
