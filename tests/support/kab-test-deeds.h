/* kab-test-deeds.h: a server with a small fleet, a key that its hosts trust, and what deeds leave behind
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-package-job.h"
#include "kab-package.h"
#include "kab-rules-document.h"
#include "kab-test-server.h"

G_BEGIN_DECLS

typedef struct {
  char          *folder;
  char          *depot;
  char          *store;
  KabTestServer *server;
  KabSignIn     *sign_in;
  KabMirror     *mirror;
} KabTestDeeds;

/* A test that begins with these, and ends so; @data is for it alone */
#define KAB_TEST_DEED(path, data, function) \
  g_test_add (path, KabTestDeeds, data, kab_test_deeds_set_up, function, kab_test_deeds_tear_down)
void        kab_test_deeds_set_up     (KabTestDeeds        *self,
                                       gconstpointer        data);
void        kab_test_deeds_tear_down  (KabTestDeeds        *self,
                                       gconstpointer        data);
/* Ends the server that is there, kindly or not, and starts one on the same folder. @fault: (nullable) */
void        kab_test_deeds_restart    (KabTestDeeds        *self,
                                       gboolean             kill,
                                       const char          *fault);
/* As another account with the same key */
void        kab_test_deeds_sign_in_as (KabTestDeeds        *self,
                                       const char          *user,
                                       const char          *password);

/* (element-type KabPackage): what the server lists now */
GPtrArray  *kab_test_deeds_index      (KabTestDeeds        *self);
/* (transfer full): the newest of that name and, if not NULL, maturity; NULL when there is none */
KabPackage *kab_test_deeds_find       (KabTestDeeds        *self,
                                       const char          *name,
                                       const char          *maturity);
guint       kab_test_deeds_count      (KabTestDeeds        *self,
                                       const char          *name);
GBytes     *kab_test_deeds_download   (KabTestDeeds        *self,
                                       const char          *file_name);
GBytes     *kab_test_deeds_download_host (KabTestDeeds     *self,
                                       const char          *uuid);
/* depends of a host's package; "" when it has none */
char       *kab_test_deeds_depends    (KabTestDeeds        *self,
                                       const char          *uuid);
/* (element-type KabApproval), oldest first */
GPtrArray  *kab_test_deeds_approvals  (KabTestDeeds        *self);
guint       kab_test_deeds_count_open (KabTestDeeds        *self);

/* "test-wua-rules", PREPROD, forbids one KB */
KabRulesDocument *kab_test_document_new (const char        *name,
                                         const char        *kb);
/* Runs it, which must go well, and frees it unless the caller holds it too */
void        kab_test_deed_run         (KabPackageJob       *job);
/* Runs it, which must fail so */
void        kab_test_deed_fail        (KabPackageJob       *job,
                                       int                  code);

G_END_DECLS
