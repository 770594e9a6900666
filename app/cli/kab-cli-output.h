/* kab-cli-output.h: rows and objects as a table, JSON or CSV
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-cli.h"

G_BEGIN_DECLS

/**
 * KabCliColumn:
 * @key: the server's name of the field, for JSON and CSV
 * @heading: N_(), for the table; %NULL leaves the column out of tables
 */
typedef enum {
  KAB_CELL_TEXT,
  KAB_CELL_NUMBER,
  KAB_CELL_TIME,
  KAB_CELL_BOOL,
  KAB_CELL_LIST,            /* texts; in JSON an array */
} KabCellKind;

typedef struct {
  const char *key;
  const char *heading;
  KabCellKind kind;
} KabCliColumn;

/**
 * KabCliOutput: cells are given in the order of the columns, row by row. Nothing is printed before the end, so that an
 * error leaves no half table.
 */
typedef struct _KabCliOutput KabCliOutput;

KabCliOutput *kab_cli_output_new        (KabFormat            format,
                                         const KabCliColumn  *columns,
                                         guint                n_columns);
void          kab_cli_output_free       (KabCliOutput        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabCliOutput, kab_cli_output_free)

void          kab_cli_output_add_text   (KabCliOutput        *self,
                                         const char          *text);      /* NULL = none */
/* A state: @word for programs; @label: N_(), for people. NULL = none */
void          kab_cli_output_add_word   (KabCliOutput        *self,
                                         const char          *word,
                                         const char          *label);
/* As it is: @cell is a number or other JSON */
void          kab_cli_output_add_raw    (KabCliOutput        *self,
                                         const char          *cell);
void          kab_cli_output_add_number (KabCliOutput        *self,
                                         gint64               number);
/* Bytes; with a unit for people */
void          kab_cli_output_add_size   (KabCliOutput        *self,
                                         gint64               size);
void          kab_cli_output_add_time   (KabCliOutput        *self,
                                         gint64               time);      /* Unix seconds, 0 = none */
void          kab_cli_output_add_bool   (KabCliOutput        *self,
                                         gboolean             value);
void          kab_cli_output_add_list   (KabCliOutput        *self,
                                         const char * const  *texts);     /* NULL = none */
/* The same from texts that are joined by ", " */
void          kab_cli_output_add_joined (KabCliOutput        *self,
                                         const char          *joined);
/* JSON: an array of objects. @empty: N_(), said on standard error instead of a table without rows; or NULL */
char         *kab_cli_output_end        (KabCliOutput        *self);
void          kab_cli_output_print      (KabCliOutput        *self,
                                         const char          *empty);
/* JSON: the one row as an object; table: a line for each cell. */
char         *kab_cli_output_end_object (KabCliOutput        *self);
/* Its members without the braces, for a larger object. JSON only. */
char         *kab_cli_output_end_members (KabCliOutput       *self);

/* kab-cli-csv.c: one cell with its quotes; what a spreadsheet would take for a formula gets a ' before it */
void          kab_cli_csv_append        (GString             *out,
                                         const char          *cell);

/* Terminals obey control characters, and those that turn the direction of text; a host's description must not. */
char         *kab_cli_dup_harmless      (const char          *text);
/* Prints to standard output, whole. */
void          kab_cli_print             (const char          *text);
/* The same with what stands behind the tabs of lines below each other */
void          kab_cli_print_aligned     (const char          *text);
/* "2026-11-21 07:30" in local time, or "" */
char         *kab_cli_format_time       (gint64               time);

G_END_DECLS
