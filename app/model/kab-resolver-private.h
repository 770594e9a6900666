/* kab-resolver-private.h: packages of a server, and what an agent thinks of one; for kab-resolver*.c only
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-resolver.h"

G_BEGIN_DECLS

/* One package of the server; shared by copies of a resolver. */
typedef struct {
  KabPackage *package;
  const char *name;          /* borrowed from it, as are these */
  const char *version;
  const char *uuid;
  const char *signer;
  GStrv       depends;
  GStrv       conflicts;
  GStrv       locales;
  GStrv       vouchers;
  gboolean    is_free;       /* everybody trusts it */
} KabResolverEntry;

/* All of one name */
typedef struct {
  GPtrArray *entries;        /* (element-type KabResolverEntry): newest first, once sorted */
  gboolean   is_sorted;
} KabResolverVersions;

struct _KabResolver
{
  GHashTable *names;         /* (element-type utf8 KabResolverVersions) */
  GHashTable *uuids;         /* (element-type utf8 KabResolverEntry) */
};

/* Newest first. (nullable) */
GPtrArray  *kab_resolver_find_versions (KabResolver            *self,
                                        const char             *name);
/* kab-resolver-accept.c: does the agent take it, whoever asks for it? What had to be taken for granted goes into
 * @resolution. */
KabRefusal  kab_resolver_judge         (KabResolver            *self,
                                        const KabAgent         *agent,
                                        const KabResolverEntry *entry,
                                        KabResolution          *resolution);

G_END_DECLS
