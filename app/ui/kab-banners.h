/* kab-banners.h: what lasts and must be known: below the header bar of the page that is shown
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "kab-session.h"

G_BEGIN_DECLS

typedef enum {
  KAB_BANNER_OFFLINE,       /* the server cannot be reached, used or trusted */
  KAB_BANNER_STORE,         /* the mirror was damaged and is being made anew */
  KAB_BANNER_OLD,           /* the data is older than a day */
  KAB_BANNER_CATALOGUE,     /* the catalogue is older than the last Patch Tuesday */
  KAB_BANNER_CERTIFICATE,   /* the signing certificate expires soon */
  KAB_BANNER_BROKEN_OFF,    /* a deed on packages broke off and is being finished or undone */
} KabBanner;
#define KAB_N_BANNERS (KAB_BANNER_BROKEN_OFF + 1)

#define KAB_TYPE_BANNERS (kab_banners_get_type ())
G_DECLARE_FINAL_TYPE (KabBanners, kab_banners, KAB, BANNERS, GtkWidget)

GtkWidget *kab_banners_new         (void);
void       kab_banners_set_session (KabBanners        *self,
                                    KabSession        *session);    /* (nullable) */
/* @identity: (nullable): whom triggers are signed as */
void       kab_banners_set_signer  (KabBanners        *self,
                                    const KabIdentity *identity);
/* Judges all conditions anew; time went on. */
void       kab_banners_update      (KabBanners        *self);

G_END_DECLS
