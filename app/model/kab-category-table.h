/* kab-category-table.h: the tables of classifications and products, generated while building
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-category.h"

G_BEGIN_DECLS

extern const KabClassification kab_classification_table[];
extern const guint             kab_n_classifications;
extern const KabProduct        kab_product_table[];
extern const guint             kab_n_products;

G_END_DECLS
