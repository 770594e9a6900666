/* kab-pictures.h: pictures of all pages, without a screenshot tool: for places that have no display of their own
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-window.h"

G_BEGIN_DECLS

/* @all: every picture was taken, of a page that had all its data. What went wrong was printed. */
typedef void (*KabPicturesFunc) (gboolean all, gpointer user_data);

/* Waits until the data is shown, then draws every page light and dark, wide and narrow, into @folder and closes @window. */
void     kab_pictures_take   (KabWindow       *window,
                              const char      *folder,
                              KabPicturesFunc  done,
                              gpointer         user_data);
/* One widget, as it was drawn last. Blocks: for tests and pictures only. */
gboolean kab_pictures_save   (GtkWidget       *widget,
                              const char      *path,
                              GError         **error);

G_END_DECLS
