/* kab-server-seed-private.h: the parts of the believable fleet; for kab-server-seed*.c and their tests only
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-rules-engine.h"
#include "kab-signer.h"
#include "kab-state.h"
#include "kab-update.h"

G_BEGIN_DECLS

#define KAB_SEED_DOMAIN  "meridian.example"     /* the company of the fleet: Meridian, Paris and London */
#define KAB_SEED_BASE_DN "DC=meridian,DC=example"

/* A generator of numbers that depends on nothing but where it starts (splitmix64). */
typedef struct {
  guint64 state;
} KabSeedRandom;

static inline guint64
kab_seed_next (KabSeedRandom *random)
{
  guint64 z = (random->state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* Streams of numbers that do not disturb each other: one per (seed, subject, index) */
static inline KabSeedRandom
kab_seed_random (guint64 seed,
                 guint   subject,
                 guint64 index)
{
  KabSeedRandom random = { seed * G_GUINT64_CONSTANT (0xd1342543de82ef95) + ((guint64) subject << 56) + index };

  kab_seed_next (&random);
  return random;
}

static inline guint
kab_seed_below (KabSeedRandom *random,
                guint          limit)
{
  return (guint) ((kab_seed_next (random) >> 32) * limit >> 32);
}

static inline gboolean
kab_seed_chance (KabSeedRandom *random,
                 guint          percent)
{
  return kab_seed_below (random, 100) < percent;
}

enum { KAB_SEED_FOR_UPDATES = 1, KAB_SEED_FOR_HOSTS, KAB_SEED_FOR_RULES, KAB_SEED_FOR_CHANGES, KAB_SEED_FOR_AGENTS };

/* Lower case; the form of a random UUID */
char *kab_seed_dup_guid (KabSeedRandom *random);

/* The Windows versions of the fleet. */
typedef enum {
  KAB_SEED_W11_24H2,
  KAB_SEED_W11_23H2,
  KAB_SEED_W10_22H2,
  KAB_SEED_S2025,
  KAB_SEED_S2022,
  KAB_SEED_S2019,
  KAB_SEED_S2016,
  KAB_SEED_N_SYSTEMS,
} KabSeedSystem;

typedef struct {
  const char *os_name;      /* as an agent reports it */
  const char *build;        /* "10.0.22631" */
  guint       revision;     /* of the newest cumulative update at the reference month */
  guint       step;         /* by which a month raises it */
  gboolean    is_server;
} KabSeedSystemInfo;

const KabSeedSystemInfo *kab_seed_system (KabSeedSystem system);
/* Which of them is it, by what an agent reports? -1 = none */
int                      kab_seed_system_of (const char *os_name, const char *os_version);
int                      kab_seed_model_of  (const char *product_name);

/* Name of the depot's value that tells agents whom an update is for: lines of "number systems model revision" */
#define KAB_SEED_FACTS "seed-facts"

typedef enum {
  KAB_SEED_KIND_CUMULATIVE,
  KAB_SEED_KIND_DOTNET,
  KAB_SEED_KIND_OFFICE,
  KAB_SEED_KIND_TOOL,
  KAB_SEED_KIND_DEFINITION,
  KAB_SEED_KIND_BROWSER,
  KAB_SEED_KIND_DRIVER,
} KabSeedKind;

enum { KAB_SEED_WINDOWS_KB = -1, KAB_SEED_OFFICE_KB = -2, KAB_SEED_NO_KB = 0 };

/* What comes out every month under the same name. */
typedef struct {
  KabSeedKind kind;
  const char *subject;          /* a part of the title */
  const char *product;
  const char *classification;
  const char *file;
  guint       systems;          /* bit set of KabSeedSystem */
  int         kb;               /* a number, or how to choose one */
  guint       size_mb;
} KabSeedStream;

const KabSeedStream *kab_seed_get_streams (guint *n_streams);

/* One update of the catalogue and what decides who sees it. */
typedef struct {
  KabUpdate *update;
  guint      stream;        /* updates of one stream replace each other, month by month */
  guint      month;         /* 0 = newest Patch Tuesday, 1 = the one before … */
  guint      systems;       /* bit set of KabSeedSystem */
  int        model;         /* drivers: only hosts of this model; -1 = all */
  guint      revision;      /* cumulative updates: the last part of os_version once installed; else 0 */
} KabSeedUpdate;

#define KAB_SEED_N_MODELS 10

/* (element-type KabSeedUpdate): sorted by stream, newest first; update number i + 1 lies at index i */
GArray  *kab_seed_updates_new   (guint64 seed, guint n_updates, gint64 now);

/* The rule packages and groups, and what they say to each kind of host. */
typedef enum {
  KAB_SEED_PROFILE_DESK,           /* PROD workstation */
  KAB_SEED_PROFILE_DESK_OLD,       /* its rule package was not upgraded yet */
  KAB_SEED_PROFILE_DESK_DELAYED,   /* with install_delay */
  KAB_SEED_PROFILE_DESK_PILOT,     /* PREPROD */
  KAB_SEED_PROFILE_DESK_LAB,       /* DEV */
  KAB_SEED_PROFILE_SERVER,
  KAB_SEED_PROFILE_SERVER_DELAYED,
  KAB_SEED_PROFILE_SERVER_PILOT,
  KAB_SEED_PROFILE_BARE,           /* no rule package yet */
  KAB_SEED_N_PROFILES,
} KabSeedProfile;

#define KAB_SEED_PILOTS ((1u << KAB_SEED_PROFILE_DESK_PILOT) | (1u << KAB_SEED_PROFILE_DESK_LAB) | \
                         (1u << KAB_SEED_PROFILE_SERVER_PILOT))
#define KAB_SEED_PILOTS_GROUP "GG-Pilots"     /* their computer group in the directory */
/* A certificate that nobody here has the key of */
#define KAB_SEED_STRANGER "5f0c7d2b9e6a41d38c1f4b7e2a9d6053c8e1f7a4b2d5960378c4e1f0a9b3d6e2"

typedef struct {
  char       *name;
  char       *version;
  const char *maturity;
  const char *section;        /* "wsus", "group", "unit" or "profile" */
  const char *description;
  char       *depends;        /* comma list */
  char       *uuid;
  char       *rules;          /* bytes of the rules file, or NULL */
  KabRuleSet *set;            /* what they mean, or NULL */
} KabSeedPackage;

typedef struct {
  KabVerdict verdict;
  gboolean   delayed;         /* the delay is a reason, perhaps beside others */
} KabSeedVerdict;

typedef struct {
  GPtrArray  *packages;                          /* (element-type KabSeedPackage) */
  GPtrArray  *installed[KAB_SEED_N_PROFILES];    /* (element-type KabSeedPackage), in install order, groups first; borrowed */
  GPtrArray  *units;                             /* those of section unit: hosts have them by their place; borrowed */
  GPtrArray  *groups[KAB_SEED_N_PROFILES];       /* (element-type utf8): what the host package depends on */
  KabOptions  options[KAB_SEED_N_PROFILES];
  const char *delay[KAB_SEED_N_PROFILES];        /* install_delay as written in the ini, or NULL */
  const char *maturities[KAB_SEED_N_PROFILES];   /* comma list */
  gboolean    shows_superseded[KAB_SEED_N_PROFILES];
  GArray     *verdicts[KAB_SEED_N_PROFILES];     /* (element-type KabSeedVerdict), by index of the update */
} KabSeedRules;

KabSeedRules *kab_seed_rules_new   (guint64 seed, GArray *updates, gint64 now);
void          kab_seed_rules_free  (KabSeedRules *self);
/* A signed .wapt of one of its packages */
GBytes       *kab_seed_rules_build (const KabSeedPackage *package, KabSigner *signer, gint64 now, GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabSeedRules, kab_seed_rules_free)

G_END_DECLS
