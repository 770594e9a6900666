/* kab-resolver.h: which packages an agent has after *Update packages*, and why it leaves others (wapt-package-format § 8)
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-package.h"
#include "kab-requirement.h"

G_BEGIN_DECLS

/* Why an agent leaves a package that somebody gave it. In the order in which they are looked at. */
typedef enum {
  KAB_REFUSAL_NONE,            /* it takes it */
  KAB_REFUSAL_ABSENT,          /* the server has no package of that name */
  KAB_REFUSAL_VERSION,         /* it has, but none that fulfils the requirement */
  KAB_REFUSAL_MATURITY,
  KAB_REFUSAL_SIGNER,          /* the host trusts none of those who vouch for it */
  KAB_REFUSAL_ARCHITECTURE,
  KAB_REFUSAL_PLATFORM,        /* target_os */
  KAB_REFUSAL_OS_VERSION,
  KAB_REFUSAL_AGENT_VERSION,
  KAB_REFUSAL_LOCALE,
  KAB_REFUSAL_CONFLICT,        /* another of its packages forbids it */
} KabRefusal;
#define KAB_N_REFUSALS (KAB_REFUSAL_CONFLICT + 1)

/* One package that a host has installed, and whose install went well. NULL = not known. */
typedef struct {
  const char *name;
  const char *version;
  const char *maturity;
  const char *package_uuid;
  const char *signature_date;
  const char *section;
} KabInstalled;

/**
 * KabAgent: a host as far as packages matter. Pointers are borrowed; %NULL = not known to us, which the resolution says
 * where it mattered (an agent always knows).
 * @depends: requirements of its host package
 * @maturities: what it accepts; unknown = the agent's default, PROD
 * @trusted: fingerprints (SHA-256, hex) of the certificates it trusts
 * @installed: in order of install date
 * @doubts: signers who are not known to be trusted are taken for untrusted, else for trusted
 */
typedef struct {
  const char         *platform;
  const char         *os_name;
  const char         *os_version;
  const char         *architecture;            /* "x64", "x86", "AMD64" … */
  const char         *wapt_version;
  const char         *organizational_unit;     /* DN */
  const char * const *depends;
  const char * const *conflicts;               /* of its host package */
  const char * const *ad_groups;
  const char * const *maturities;
  const char * const *locales;
  const char * const *trusted;
  const KabInstalled *installed;
  guint               n_installed;
  gboolean            doubts;
} KabAgent;

/* One package that is installed afterwards. */
typedef struct {
  KabPackage *package;       /* (nullable): the server's; NULL: one that is installed and the server has no more */
  int         installed;     /* index in KabAgent.installed of the very package that stays; -1 = it comes now */
} KabResolved;

typedef struct {
  char       *requirement;   /* as it was written */
  KabPackage *package;       /* (nullable): the best candidate */
  KabRefusal  refusal;
} KabRefused;

/* What becomes of one agent. */
typedef struct {
  GArray    *packages;         /* KabResolved, in the order of install date afterwards: what stays first */
  GArray    *removed;          /* guint: indices in KabAgent.installed that go: forbidden, or asked for by nothing */
  GPtrArray *refused;          /* (element-type KabRefused) */
  gboolean   assumes_trust;    /* met a signer of whom it is not known whether the host trusts him */
} KabResolution;

void           kab_resolution_free (KabResolution *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabResolution, kab_resolution_free)

/**
 * KabResolver: the packages of a server as its agents see them. First filled, then asked, from one thread at a time.
 *
 * Where the sources are silent it is read so (the simulated agents and the forecast share this one reading):
 * a host takes what its host package depends on, the unit packages (section `unit`, named as the DN of its OU or of a
 * parent), the profile packages (section `profile`, named as one of its AD groups), and all that these depend on, each
 * in its newest version that the host accepts and that every requirement met so far allows; an installed package is
 * upgraded when a newer acceptable one is there and never downgraded; it stays when nothing asks for it any more, and
 * when the server has it no more, but for those of section group, unit and profile, which count only while something
 * asks for them; `conflicts` of whatever the host has or takes removes what it names and keeps it out.
 */
typedef struct _KabResolver KabResolver;

KabResolver   *kab_resolver_new      (void);
KabResolver   *kab_resolver_copy     (KabResolver        *self);
void           kab_resolver_free     (KabResolver        *self);
/**
 * kab_resolver_add:
 * @vouchers: (nullable): fingerprints of the certificates that vouch for its signer: himself, his issuers; a host that
 *   trusts one of them trusts the package. %NULL: only signer_fingerprint is known, so that a host that trusts another
 *   certificate may still trust the package (assumes_trust). An empty list: everybody trusts it.
 */
void           kab_resolver_add      (KabResolver        *self,
                                      KabPackage         *package,
                                      const char * const *vouchers);
/* By name and, where not %NULL, version and maturity. Returns: how many it took out */
guint          kab_resolver_remove   (KabResolver        *self,
                                      const char         *name,
                                      const char         *version,
                                      const char         *maturity);
/* The newest of that name, whoever accepts it. (transfer none) (nullable) */
KabPackage    *kab_resolver_find     (KabResolver        *self,
                                      const char         *name);
/* Every package, in no order; lists may be %NULL */
typedef void (*KabResolverFunc) (KabPackage *package, const char * const *depends, const char * const *conflicts,
                                 const char * const *vouchers, gpointer user_data);
void           kab_resolver_foreach  (KabResolver        *self,
                                      KabResolverFunc     func,
                                      gpointer            user_data);
KabResolution *kab_resolver_resolve  (KabResolver        *self,
                                      const KabAgent     *agent);
/* Does this agent take that package of the server, apart from who asks for it? */
KabRefusal     kab_resolver_accepts  (KabResolver        *self,
                                      const KabAgent     *agent,
                                      KabPackage         *package);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabResolver, kab_resolver_free)

G_END_DECLS
