/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "kab-query-fields.h"
#include "kab-state.h"

static const char * const severity_words[] = { "critical", "important", "moderate", "low", "none", NULL };

static const char * const state_words[] = {
  "ok", "pending", "missing", "discarded", "error", "superseded", "unknown", NULL
};

static const char * const verdict_words[] = { "allowed", "forbidden", "undecided", NULL };
static const char * const server_words[] = { "downloaded", "lacking", "unwanted", NULL };
static const char * const update_is_words[] = { "superseded", "current", "any", "needed", NULL };
static const char * const yes_no_words[] = { "yes", "no", NULL };

static const char * const host_state_words[] = {
  "compliant", "pending", "error", "restart", "busy", "silent", "never-scanned", "disabled", "not-windows", NULL
};

static const char * const host_is_words[] = {
  "attention", "counted", "uncounted", "silent", "stale", "triggerable", NULL
};

static const KabFieldInfo update_fields[KAB_N_UPDATE_FIELDS] = {
  [KAB_UPDATE_FIELD_KB] = { "kb", KAB_FIELD_EXACT, NULL, N_ ("Number of a knowledge base article") },
  [KAB_UPDATE_FIELD_ID] = { "id", KAB_FIELD_EXACT, NULL, N_ ("Update id, with or without its revision") },
  [KAB_UPDATE_FIELD_TITLE] = { "title", KAB_FIELD_TEXT, NULL, N_ ("Words of the title") },
  [KAB_UPDATE_FIELD_SEVERITY] = { "severity", KAB_FIELD_WORD, severity_words, N_ ("Severity") },
  [KAB_UPDATE_FIELD_PRODUCT] = { "product", KAB_FIELD_EXACT, NULL, N_ ("Product, by its whole name") },
  [KAB_UPDATE_FIELD_FAMILY] = { "family", KAB_FIELD_EXACT, NULL, N_ ("Family of products") },
  [KAB_UPDATE_FIELD_CLASSIFICATION] = { "classification", KAB_FIELD_EXACT, NULL, N_ ("Classification") },
  [KAB_UPDATE_FIELD_STATE] = { "state", KAB_FIELD_WORD, state_words, N_ ("State on at least one host") },
  [KAB_UPDATE_FIELD_WORST] = { "worst", KAB_FIELD_WORD, state_words, N_ ("The most pressing state on any host") },
  [KAB_UPDATE_FIELD_VERDICT] = { "verdict", KAB_FIELD_WORD, verdict_words, N_ ("What the rules of hosts say") },
  [KAB_UPDATE_FIELD_SERVER] = { "server", KAB_FIELD_WORD, server_words, N_ ("Are its files on the server?") },
  [KAB_UPDATE_FIELD_IS] = { "is", KAB_FIELD_WORD, update_is_words, N_ ("What it is: superseded, needed …") },
  [KAB_UPDATE_FIELD_NEEDED] = { "needed", KAB_FIELD_NUMBER, NULL, N_ ("Hosts that need it") },
  [KAB_UPDATE_FIELD_INSTALLED] = { "installed", KAB_FIELD_NUMBER, NULL, N_ ("Hosts that have it") },
  [KAB_UPDATE_FIELD_PENDING] = { "pending", KAB_FIELD_NUMBER, NULL, N_ ("Hosts on which it is pending") },
  [KAB_UPDATE_FIELD_MISSING] = { "missing", KAB_FIELD_NUMBER, NULL, N_ ("Hosts that cannot get its files") },
  [KAB_UPDATE_FIELD_DISCARDED] = { "discarded", KAB_FIELD_NUMBER, NULL, N_ ("Hosts that discarded it") },
  [KAB_UPDATE_FIELD_ERRORS] = { "errors", KAB_FIELD_NUMBER, NULL, N_ ("Hosts on which it failed") },
  [KAB_UPDATE_FIELD_UNKNOWN] = { "unknown", KAB_FIELD_NUMBER, NULL, N_ ("Hosts that do not say its state") },
  [KAB_UPDATE_FIELD_PUBLISHED] = { "published", KAB_FIELD_DATE, NULL, N_ ("When it was last changed") },
  [KAB_UPDATE_FIELD_SINCE] = { "since", KAB_FIELD_DATE, NULL, N_ ("Changed on that day or later") },
  [KAB_UPDATE_FIELD_DOWNLOADED] = { "downloaded", KAB_FIELD_DATE, NULL, N_ ("When the server had its files") },
  [KAB_UPDATE_FIELD_SIZE] = { "size", KAB_FIELD_NUMBER, NULL, N_ ("Bytes to download at most") },
  [KAB_UPDATE_FIELD_REVISION] = { "revision", KAB_FIELD_NUMBER, NULL, N_ ("Revision of its id") },
  [KAB_UPDATE_FIELD_CVE] = { "cve", KAB_FIELD_EXACT, NULL, N_ ("Vulnerability that it closes") },
  [KAB_UPDATE_FIELD_BULLETIN] = { "bulletin", KAB_FIELD_EXACT, NULL, N_ ("Security bulletin") },
  [KAB_UPDATE_FIELD_LANGUAGE] = { "language", KAB_FIELD_EXACT, NULL, N_ ("Language") },
  [KAB_UPDATE_FIELD_SHA1] = { "sha1", KAB_FIELD_EXACT, NULL, N_ ("SHA-1 of one of its files") },
  [KAB_UPDATE_FIELD_HOST] = { "host", KAB_FIELD_EXACT, NULL, N_ ("Host that reports it, by its UUID") },
};

static const KabFieldInfo host_fields[KAB_N_HOST_FIELDS] = {
  [KAB_HOST_FIELD_NAME] = { "name", KAB_FIELD_TEXT, NULL, N_ ("Name of the host") },
  [KAB_HOST_FIELD_UUID] = { "uuid", KAB_FIELD_EXACT, NULL, N_ ("UUID of the host") },
  [KAB_HOST_FIELD_DESCRIPTION] = { "description", KAB_FIELD_TEXT, NULL, N_ ("Words of the description") },
  [KAB_HOST_FIELD_STATE] = { "state", KAB_FIELD_WORD, host_state_words, N_ ("State of the host") },
  [KAB_HOST_FIELD_RING] = { "ring", KAB_FIELD_EXACT, NULL, N_ ("Maturity that the host accepts") },
  [KAB_HOST_FIELD_REACHABLE] = { "reachable", KAB_FIELD_WORD, yes_no_words, N_ ("Is it connected now?") },
  [KAB_HOST_FIELD_RESTART] = { "restart", KAB_FIELD_WORD, yes_no_words, N_ ("Is a restart pending?") },
  [KAB_HOST_FIELD_OU] = { "ou", KAB_FIELD_TREE, NULL, N_ ("Organisational unit, with those below") },
  [KAB_HOST_FIELD_SITE] = { "site", KAB_FIELD_EXACT, NULL, N_ ("Active Directory site") },
  [KAB_HOST_FIELD_GROUP] = { "group", KAB_FIELD_EXACT, NULL, N_ ("Group package of the host") },
  [KAB_HOST_FIELD_WINDOWS] = { "windows", KAB_FIELD_EXACT, NULL, N_ ("Version of Windows") },
  [KAB_HOST_FIELD_BUILD] = { "build", KAB_FIELD_EXACT, NULL, N_ ("Build of Windows") },
  [KAB_HOST_FIELD_AGENT] = { "agent", KAB_FIELD_EXACT, NULL, N_ ("Version of the agent") },
  [KAB_HOST_FIELD_PACKAGE] = { "package", KAB_FIELD_EXACT, NULL, N_ ("Rule package that it applies") },
  [KAB_HOST_FIELD_USER] = { "user", KAB_FIELD_TEXT, NULL, N_ ("User who is signed in") },
  [KAB_HOST_FIELD_ADDRESS] = { "address", KAB_FIELD_TEXT, NULL, N_ ("Network address") },
  [KAB_HOST_FIELD_SCAN] = { "scan", KAB_FIELD_DATE, NULL, N_ ("When it last scanned") },
  [KAB_HOST_FIELD_SEEN] = { "seen", KAB_FIELD_DATE, NULL, N_ ("When the server last heard of it") },
  [KAB_HOST_FIELD_CATALOGUE] = { "catalogue", KAB_FIELD_DATE, NULL, N_ ("Date of its catalogue") },
  [KAB_HOST_FIELD_UPDATE] = { "update", KAB_FIELD_EXACT, NULL, N_ ("Update that it reports, by its id") },
  [KAB_HOST_FIELD_RESULT] = { "result", KAB_FIELD_EXACT, NULL, N_ ("Result code of a failure") },
  [KAB_HOST_FIELD_IS] = { "is", KAB_FIELD_WORD, host_is_words, N_ ("What it is: silent, in need of attention …") },
  [KAB_HOST_FIELD_NEEDED] = { "needed", KAB_FIELD_NUMBER, NULL, N_ ("Updates that it needs") },
  [KAB_HOST_FIELD_INSTALLED] = { "installed", KAB_FIELD_NUMBER, NULL, N_ ("Updates that it has") },
  [KAB_HOST_FIELD_PENDING] = { "pending", KAB_FIELD_NUMBER, NULL, N_ ("Pending updates") },
  [KAB_HOST_FIELD_MISSING] = { "missing", KAB_FIELD_NUMBER, NULL, N_ ("Updates whose files it cannot get") },
  [KAB_HOST_FIELD_DISCARDED] = { "discarded", KAB_FIELD_NUMBER, NULL, N_ ("Discarded updates") },
  [KAB_HOST_FIELD_ERRORS] = { "errors", KAB_FIELD_NUMBER, NULL, N_ ("Updates that failed") },
  [KAB_HOST_FIELD_UNKNOWN] = { "unknown", KAB_FIELD_NUMBER, NULL, N_ ("Updates whose state it does not say") },
  [KAB_HOST_FIELD_STATUS] = { "status", KAB_FIELD_EXACT, NULL, N_ ("Status word of its agent") },
  [KAB_HOST_FIELD_ERROR] = { "error", KAB_FIELD_TEXT, NULL, N_ ("Words of its last error") },
};

const KabFieldInfo *
kab_query_get_fields (KabQueryDomain  domain,
                      guint          *n_fields)
{
  *n_fields = domain == KAB_QUERY_UPDATES ? KAB_N_UPDATE_FIELDS : KAB_N_HOST_FIELDS;
  return domain == KAB_QUERY_UPDATES ? update_fields : host_fields;
}

int
kab_query_find_field (KabQueryDomain  domain,
                      const char     *name)
{
  guint n_fields;
  const KabFieldInfo *fields = kab_query_get_fields (domain, &n_fields);

  g_return_val_if_fail (name != NULL, -1);

  for (guint i = 0; i < n_fields; i++)
    if (g_ascii_strcasecmp (fields[i].name, name) == 0)
      return (int) i;

  return -1;
}

int
kab_query_get_worst (const guint counts[])
{
  static const KabState order[] = {
    KAB_STATE_ERROR, KAB_STATE_MISSING, KAB_STATE_PENDING, KAB_STATE_UNKNOWN, KAB_STATE_DISCARDED,
    KAB_STATE_SUPERSEDED, KAB_STATE_OK,
  };

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    if (counts[order[i]] > 0)
      return order[i];

  return KAB_STATE_UNKNOWN;
}
