/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-cli"

#include "config.h"

#include "kab-cli-output.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "kab-wire.h"

#define MAX_WIDTH 60      /* columns of the terminal that one cell may take, the last one excepted */
#define MAX_LINE  100     /* and a list of an object, with its heading */

struct _KabCliOutput
{
  KabFormat           format;
  const KabCliColumn *columns;    /* static */
  guint               n_columns;
  GStringChunk       *texts;
  GPtrArray          *cells;      /* what will be printed; JSON: with quotes. Owned by @texts */
};

KabCliOutput *
kab_cli_output_new (KabFormat           format,
                    const KabCliColumn *columns,
                    guint               n_columns)
{
  KabCliOutput *self = g_new0 (KabCliOutput, 1);

  self->format = format;
  self->columns = columns;
  self->n_columns = n_columns;
  self->texts = g_string_chunk_new (64 * 1024);
  self->cells = g_ptr_array_new ();

  return self;
}

void
kab_cli_output_free (KabCliOutput *self)
{
  if (self == NULL)
    return;

  g_string_chunk_free (self->texts);
  g_ptr_array_unref (self->cells);
  g_free (self);
}

static void
add (KabCliOutput *self,
     const char   *cell)
{
  g_ptr_array_add (self->cells, g_string_chunk_insert (self->texts, cell));
}

/* What turns the direction of the text behind it, so that another name seems to stand there. */
static gboolean
is_bidi_control (gunichar sign)
{
  return (sign >= 0x202a && sign <= 0x202e) || (sign >= 0x2066 && sign <= 0x2069) || sign == 0x200e || sign == 0x200f ||
         sign == 0x061c;
}

char *
kab_cli_dup_harmless (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *out = g_string_sized_new (strlen (valid));

  for (const char *c = valid; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar sign = g_utf8_get_char (c);

      if (g_unichar_iscntrl (sign) || sign == 0x2028 || sign == 0x2029)
        g_string_append_c (out, ' ');
      else if (!is_bidi_control (sign))
        g_string_append_unichar (out, sign);
    }

  return g_string_free (out, FALSE);
}

void
kab_cli_output_add_text (KabCliOutput *self,
                         const char   *text)
{
  g_autoptr(GString) quoted = NULL;
  g_autofree char *harmless = NULL;

  switch (self->format)
    {
    case KAB_FORMAT_JSON:
      if (text == NULL)
        {
          add (self, "null");
          break;
        }
      quoted = g_string_new (NULL);
      harmless = g_utf8_make_valid (text, -1);
      kab_wire_append_text (quoted, harmless);
      add (self, quoted->str);
      break;
    case KAB_FORMAT_CSV:
      add (self, text != NULL ? text : "");
      break;
    case KAB_FORMAT_TABLE:
    default:
      harmless = kab_cli_dup_harmless (text != NULL ? text : "");
      add (self, harmless);
      break;
    }
}

void
kab_cli_output_add_word (KabCliOutput *self,
                         const char   *word,
                         const char   *label)
{
  kab_cli_output_add_text (self, self->format != KAB_FORMAT_TABLE ? word : label != NULL ? _(label) : NULL);
}

void
kab_cli_output_add_raw (KabCliOutput *self,
                        const char   *cell)
{
  add (self, cell);
}

void
kab_cli_output_add_number (KabCliOutput *self,
                           gint64        number)
{
  char buffer[24];

  g_snprintf (buffer, sizeof buffer, "%" G_GINT64_FORMAT, number);
  add (self, buffer);
}

void
kab_cli_output_add_size (KabCliOutput *self,
                         gint64        size)
{
  g_autofree char *text = NULL;

  if (self->format != KAB_FORMAT_TABLE)
    {
      kab_cli_output_add_number (self, size);
      return;
    }
  text = size > 0 ? g_format_size ((guint64) size) : g_strdup ("");
  kab_cli_output_add_text (self, text);
}

char *
kab_cli_format_time (gint64 time)
{
  g_autoptr(GDateTime) utc = time > 0 ? g_date_time_new_from_unix_local (time) : NULL;

  return utc != NULL ? g_date_time_format (utc, "%Y-%m-%d %H:%M") : g_strdup ("");
}

void
kab_cli_output_add_time (KabCliOutput *self,
                         gint64        time)
{
  g_autofree char *text = NULL;

  if (self->format == KAB_FORMAT_TABLE)
    text = kab_cli_format_time (time);
  else if (time > 0)
    text = kab_wire_format_time (time);
  kab_cli_output_add_text (self, text);
}

void
kab_cli_output_add_bool (KabCliOutput *self,
                         gboolean      value)
{
  if (self->format == KAB_FORMAT_TABLE)
    add (self, value ? _("yes") : _("no"));
  else
    add (self, value ? "true" : "false");
}

void
kab_cli_output_add_list (KabCliOutput       *self,
                         const char * const *texts)
{
  static const char * const none[] = { NULL };
  g_autofree char *joined = NULL;
  g_autoptr(GString) array = NULL;

  if (texts == NULL)
    texts = none;
  if (self->format != KAB_FORMAT_JSON)
    {
      joined = g_strjoinv (", ", (char **) texts);
      kab_cli_output_add_text (self, joined);
      return;
    }

  array = g_string_new ("[");
  for (guint i = 0; texts[i] != NULL; i++)
    {
      g_autofree char *harmless = g_utf8_make_valid (texts[i], -1);

      if (i > 0)
        g_string_append_c (array, ',');
      kab_wire_append_text (array, harmless);
    }
  g_string_append_c (array, ']');
  add (self, array->str);
}

void
kab_cli_output_add_joined (KabCliOutput *self,
                           const char   *joined)
{
  g_auto(GStrv) texts = NULL;

  texts = joined != NULL && joined[0] != '\0' ? g_strsplit (joined, ", ", -1) : NULL;
  kab_cli_output_add_list (self, (const char * const *) texts);
}

static const char *
cell_at (KabCliOutput *self,
         guint         row,
         guint         column)
{
  return self->cells->pdata[row * self->n_columns + column];
}

static guint
count_rows (KabCliOutput *self)
{
  g_assert (self->cells->len % self->n_columns == 0);

  return self->cells->len / self->n_columns;
}

static void
append_members (KabCliOutput *self,
                guint         row,
                GString      *out)
{
  for (guint i = 0; i < self->n_columns; i++)
    g_string_append_printf (out, "%s\"%s\":%s", i > 0 ? "," : "", self->columns[i].key, cell_at (self, row, i));
}

static char *
end_json (KabCliOutput *self)
{
  GString *out = g_string_new ("[");
  guint n_rows = count_rows (self);

  for (guint row = 0; row < n_rows; row++)
    {
      g_string_append (out, row > 0 ? ",\n{" : "\n{");
      append_members (self, row, out);
      g_string_append_c (out, '}');
    }
  g_string_append (out, n_rows > 0 ? "\n]\n" : "]\n");

  return g_string_free (out, FALSE);
}

static char *
end_csv (KabCliOutput *self)
{
  GString *out = g_string_new (NULL);
  guint n_rows = count_rows (self);

  for (guint i = 0; i < self->n_columns; i++)
    g_string_append_printf (out, "%s%s", i > 0 ? "," : "", self->columns[i].key);
  g_string_append (out, "\r\n");

  for (guint row = 0; row < n_rows; row++)
    {
      for (guint i = 0; i < self->n_columns; i++)
        {
          if (i > 0)
            g_string_append_c (out, ',');
          kab_cli_csv_append (out, cell_at (self, row, i));
        }
      g_string_append (out, "\r\n");
    }

  return g_string_free (out, FALSE);
}

/* Columns of the terminal that a text takes. */
static guint
width_of (const char *text)
{
  guint width = 0;

  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar sign = g_utf8_get_char (c);

      if (!g_unichar_iszerowidth (sign))
        width += g_unichar_iswide (sign) ? 2 : 1;
    }

  return width;
}

static void
append_padded (GString    *out,
               const char *text,
               guint       width,
               gboolean    right,
               gboolean    last)
{
  guint own = width_of (text);
  g_autofree char *cut = NULL;

  if (own > width && !last)
    {
      g_autofree char *head = g_utf8_substring (text, 0, MAX (width, 1) - 1);

      cut = g_strconcat (head, "…", NULL);
      text = cut;
      own = width_of (text);
    }
  if (right && own < width)
    g_string_append_printf (out, "%*s", (int) (width - own), "");
  g_string_append (out, text);
  if (!right && !last && own < width)
    g_string_append_printf (out, "%*s", (int) (width - own), "");
}

static void
append_row (KabCliOutput *self,
            GString      *out,
            const guint  *widths,
            int           row)
{
  guint last = self->n_columns;

  while (last > 0 && self->columns[last - 1].heading == NULL)
    last--;
  for (guint i = 0; i < last; i++)
    {
      const KabCliColumn *column = &self->columns[i];

      if (column->heading == NULL)
        continue;
      append_padded (out, row < 0 ? _(column->heading) : cell_at (self, (guint) row, i), widths[i],
                     column->kind == KAB_CELL_NUMBER, i + 1 == last);
      g_string_append (out, i + 1 == last ? "\n" : "  ");
    }
}

static char *
end_table (KabCliOutput *self)
{
  g_autofree guint *widths = g_new0 (guint, self->n_columns);
  GString *out = g_string_new (NULL);
  guint n_rows = count_rows (self);

  for (guint i = 0; i < self->n_columns; i++)
    {
      widths[i] = self->columns[i].heading != NULL ? width_of (_(self->columns[i].heading)) : 0;
      for (guint row = 0; row < n_rows && widths[i] < MAX_WIDTH; row++)
        widths[i] = MIN (MAX (widths[i], width_of (cell_at (self, row, i))), MAX_WIDTH);
    }

  append_row (self, out, widths, -1);
  for (guint row = 0; row < n_rows; row++)
    append_row (self, out, widths, (int) row);

  return g_string_free (out, FALSE);
}

char *
kab_cli_output_end (KabCliOutput *self)
{
  switch (self->format)
    {
    case KAB_FORMAT_JSON:
      return end_json (self);
    case KAB_FORMAT_CSV:
      return end_csv (self);
    case KAB_FORMAT_TABLE:
    default:
      return end_table (self);
    }
}

void
kab_cli_output_print (KabCliOutput *self,
                      const char   *empty)
{
  g_autofree char *text = NULL;

  if (self->format == KAB_FORMAT_TABLE && self->cells->len == 0 && empty != NULL)
    {
      g_printerr ("%s\n", _(empty));
      return;
    }
  text = kab_cli_output_end (self);
  kab_cli_print (text);
}

char *
kab_cli_output_end_members (KabCliOutput *self)
{
  GString *out = g_string_new (NULL);

  g_assert (self->format == KAB_FORMAT_JSON);
  append_members (self, 0, out);

  return g_string_free (out, FALSE);
}

/* "a, b, c" in lines that begin below each other. */
static void
append_list (GString    *out,
             const char *joined,
             guint       indent)
{
  g_auto(GStrv) parts = g_strsplit (joined, ", ", -1);
  guint used = indent;

  for (guint i = 0; parts[i] != NULL; i++)
    {
      guint own = width_of (parts[i]) + 1;

      if (i > 0 && used + 1 + own > MAX_LINE)
        {
          g_string_append_printf (out, ",\n%*s", (int) indent, "");
          used = indent;
        }
      else if (i > 0)
        {
          g_string_append (out, ", ");
          used++;
        }
      g_string_append (out, parts[i]);
      used += own;
    }
}

char *
kab_cli_output_end_object (KabCliOutput *self)
{
  GString *out;
  guint width = 0;

  if (self->format == KAB_FORMAT_CSV)
    return end_csv (self);

  out = g_string_new (NULL);
  if (self->format == KAB_FORMAT_JSON)
    {
      g_string_append_c (out, '{');
      append_members (self, 0, out);
      g_string_append (out, "}\n");
      return g_string_free (out, FALSE);
    }

  for (guint i = 0; i < self->n_columns; i++)
    width = MAX (width, self->columns[i].heading != NULL ? width_of (_(self->columns[i].heading)) : 0);
  for (guint i = 0; i < self->n_columns; i++)
    {
      if (self->columns[i].heading == NULL || cell_at (self, 0, i)[0] == '\0')
        continue;
      append_padded (out, _(self->columns[i].heading), width, FALSE, FALSE);
      g_string_append (out, "  ");
      if (self->columns[i].kind == KAB_CELL_LIST)
        append_list (out, cell_at (self, 0, i), width + 2);
      else
        g_string_append (out, cell_at (self, 0, i));
      g_string_append_c (out, '\n');
    }

  return g_string_free (out, FALSE);
}

void
kab_cli_print_aligned (const char *text)
{
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr(GString) out = g_string_new (NULL);
  guint width = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *tab = strchr (lines[i], '\t');

      if (tab == NULL)
        continue;
      *tab = '\0';
      width = MAX (width, width_of (lines[i]));
      *tab = '\t';
    }
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto(GStrv) parts = g_strsplit (lines[i], "\t", 2);

      if (parts[0] != NULL && parts[1] != NULL)
        append_padded (out, parts[0], width + 2, FALSE, FALSE);
      g_string_append_printf (out, "%s%s", parts[0] != NULL && parts[1] != NULL ? parts[1] : lines[i],
                              lines[i + 1] != NULL ? "\n" : "");
    }
  kab_cli_print (out->str);
}

void
kab_cli_print (const char *text)
{
  fputs (text, stdout);
  fflush (stdout);
}
