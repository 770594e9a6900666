/* kab-category.h: classifications and products under the many names they come in
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Generated from data/wua-classifications.csv and data/wua-products.csv by build-aux. */
typedef struct {
  const char *guid;
  const char *name;         /* Microsoft's title */
  const char *wapt_name;    /* "SecurityUpdates" or "" */
  const char *meaning;      /* N_() */
  gboolean    in_catalogue; /* ever seen in wsusscn2.cab */
} KabClassification;

typedef struct {
  const char *guid;
  const char *name;
  const char *kind;         /* product, family, company */
  const char *group;        /* our grouping for a sidebar */
} KabProduct;

/* By GUID, title, short name or a known translation; NULL when unknown. Filters compare the normalised name. */
const KabClassification *kab_classification_lookup (const char *text);
const KabProduct        *kab_product_lookup        (const char *text);
const char              *kab_product_get_group     (const char *product);   /* "office", "other" …; never NULL */
/* "Windows Server 2022" for the -21H2 name; else @product itself. */
const char              *kab_product_get_familiar  (const char *product);
const KabClassification *kab_classification_get_all (guint *n);
const KabProduct        *kab_product_get_all        (guint *n);

/* Patch Tuesday: the second Tuesday of a month. All times Unix seconds, UTC midnight. */
gint64 kab_patch_tuesday_before (gint64 now);   /* the last one at or before @now */

G_END_DECLS
