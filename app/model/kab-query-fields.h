/* kab-query-fields.h: the fields that a query can name
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  KAB_QUERY_UPDATES,
  KAB_QUERY_HOSTS,
} KabQueryDomain;

/* A field's kind decides which operators it takes. */
typedef enum {
  KAB_FIELD_TEXT,       /* contains, folded */
  KAB_FIELD_EXACT,      /* equals, folded; one of them where a row has several */
  KAB_FIELD_WORD,       /* one of a fixed set */
  KAB_FIELD_NUMBER,
  KAB_FIELD_DATE,       /* Unix seconds */
  KAB_FIELD_TREE,       /* equals or is below: organisational units */
} KabFieldKind;

typedef struct {
  const char         *name;
  KabFieldKind        kind;
  const char * const *words;         /* for KAB_FIELD_WORD, NULL-terminated */
  const char         *description;   /* N_() text for completion */
} KabFieldInfo;

/**
 * KabUpdateField:
 * @KAB_UPDATE_FIELD_KB: number of an article; the needle is "kb5031354" with or without "KB" in the text; "" = none
 * @KAB_UPDATE_FIELD_ID: update id, with or without its revision
 * @KAB_UPDATE_FIELD_TITLE: words of the title
 * @KAB_UPDATE_FIELD_SEVERITY: critical, important, moderate, low, none
 * @KAB_UPDATE_FIELD_PRODUCT: title of the product, whole, as reported; "" = none said
 * @KAB_UPDATE_FIELD_FAMILY: kab_product_get_group(): windows-client, office …
 * @KAB_UPDATE_FIELD_CLASSIFICATION: normalised name, whole; "" = none said
 * @KAB_UPDATE_FIELD_STATE: on at least one counted host it is in that state
 * @KAB_UPDATE_FIELD_WORST: the most pressing state on counted hosts: error, missing, pending, unknown, discarded,
 *   superseded, ok, in this order; unknown too when no counted host reports it. Divides the updates: the rows of a
 *   severity × state matrix add up.
 * @KAB_UPDATE_FIELD_VERDICT: what counted hosts that lack it report: allowed, forbidden on at least one; undecided:
 *   neither, on none
 * @KAB_UPDATE_FIELD_SERVER: downloaded; lacking: a host needs it and the server has it not; unwanted: neither
 * @KAB_UPDATE_FIELD_IS: superseded (another known update replaces it), current (none does), any (both: shows the
 *   superseded ones in a list that hides them), needed (pending, missing or error on a counted host)
 * @KAB_UPDATE_FIELD_NEEDED: counted hosts with pending + missing + error
 * @KAB_UPDATE_FIELD_INSTALLED: counted hosts by effective state, as are PENDING … UNKNOWN
 * @KAB_UPDATE_FIELD_PUBLISHED: last change
 * @KAB_UPDATE_FIELD_SINCE: `since:D` = `published:>=D`; asked as PUBLISHED, never passed to a row
 * @KAB_UPDATE_FIELD_DOWNLOADED: when the server had it
 * @KAB_UPDATE_FIELD_SIZE: bytes, the ceiling
 * @KAB_UPDATE_FIELD_HOST: uuid of a host that reports it, or "uuid/state" with a word of STATE or `needed` (several with
 *   "+"): in one of those effective states there
 */
typedef enum {
  KAB_UPDATE_FIELD_KB,
  KAB_UPDATE_FIELD_ID,
  KAB_UPDATE_FIELD_TITLE,
  KAB_UPDATE_FIELD_SEVERITY,
  KAB_UPDATE_FIELD_PRODUCT,
  KAB_UPDATE_FIELD_FAMILY,
  KAB_UPDATE_FIELD_CLASSIFICATION,
  KAB_UPDATE_FIELD_STATE,
  KAB_UPDATE_FIELD_WORST,
  KAB_UPDATE_FIELD_VERDICT,
  KAB_UPDATE_FIELD_SERVER,
  KAB_UPDATE_FIELD_IS,
  KAB_UPDATE_FIELD_NEEDED,
  KAB_UPDATE_FIELD_INSTALLED,
  KAB_UPDATE_FIELD_PENDING,
  KAB_UPDATE_FIELD_MISSING,
  KAB_UPDATE_FIELD_DISCARDED,
  KAB_UPDATE_FIELD_ERRORS,
  KAB_UPDATE_FIELD_UNKNOWN,
  KAB_UPDATE_FIELD_PUBLISHED,
  KAB_UPDATE_FIELD_SINCE,
  KAB_UPDATE_FIELD_DOWNLOADED,
  KAB_UPDATE_FIELD_SIZE,
  KAB_UPDATE_FIELD_REVISION,
  KAB_UPDATE_FIELD_CVE,
  KAB_UPDATE_FIELD_BULLETIN,
  KAB_UPDATE_FIELD_LANGUAGE,
  KAB_UPDATE_FIELD_SHA1,
  KAB_UPDATE_FIELD_HOST,
} KabUpdateField;
#define KAB_N_UPDATE_FIELDS (KAB_UPDATE_FIELD_HOST + 1)

/**
 * KabHostField:
 * @KAB_HOST_FIELD_NAME: in its short or full name
 * @KAB_HOST_FIELD_STATE: the one word of kab_host_fields_judge()
 * @KAB_HOST_FIELD_RING: a maturity that the host accepts; "unknown" when it does not say
 * @KAB_HOST_FIELD_REACHABLE: yes, no
 * @KAB_HOST_FIELD_RESTART: yes, no
 * @KAB_HOST_FIELD_OU: its distinguished name is that one or ends in it
 * @KAB_HOST_FIELD_PACKAGE: a rule package, by its name or by "name version"
 * @KAB_HOST_FIELD_UPDATE: counted, and reports that update (id, GUID or KB); "id/state" with a word of the updates' STATE
 *   or `needed` (several with "+"): in one of those effective states
 * @KAB_HOST_FIELD_RESULT: an update's newest try ended so, in any spelling of the code; the needle is "0x800f0922"
 * @KAB_HOST_FIELD_IS: attention (error, silent or restart as its state), counted (in the denominator of compliance),
 *   uncounted, silent and stale (no contact, no scan within the limits; whatever its state says), triggerable
 * @KAB_HOST_FIELD_NEEDED: pending + missing + error
 * @KAB_HOST_FIELD_STATUS: its own word: PENDING_UPDATES …
 * @KAB_HOST_FIELD_ERROR: words of its last error
 */
typedef enum {
  KAB_HOST_FIELD_NAME,
  KAB_HOST_FIELD_UUID,
  KAB_HOST_FIELD_DESCRIPTION,
  KAB_HOST_FIELD_STATE,
  KAB_HOST_FIELD_RING,
  KAB_HOST_FIELD_REACHABLE,
  KAB_HOST_FIELD_RESTART,
  KAB_HOST_FIELD_OU,
  KAB_HOST_FIELD_SITE,
  KAB_HOST_FIELD_GROUP,
  KAB_HOST_FIELD_WINDOWS,
  KAB_HOST_FIELD_BUILD,
  KAB_HOST_FIELD_AGENT,
  KAB_HOST_FIELD_PACKAGE,
  KAB_HOST_FIELD_USER,
  KAB_HOST_FIELD_ADDRESS,
  KAB_HOST_FIELD_SCAN,
  KAB_HOST_FIELD_SEEN,
  KAB_HOST_FIELD_CATALOGUE,
  KAB_HOST_FIELD_UPDATE,
  KAB_HOST_FIELD_RESULT,
  KAB_HOST_FIELD_IS,
  KAB_HOST_FIELD_NEEDED,
  KAB_HOST_FIELD_INSTALLED,
  KAB_HOST_FIELD_PENDING,
  KAB_HOST_FIELD_MISSING,
  KAB_HOST_FIELD_DISCARDED,
  KAB_HOST_FIELD_ERRORS,
  KAB_HOST_FIELD_UNKNOWN,
  KAB_HOST_FIELD_STATUS,
  KAB_HOST_FIELD_ERROR,
} KabHostField;
#define KAB_N_HOST_FIELDS (KAB_HOST_FIELD_ERROR + 1)

const KabFieldInfo *kab_query_get_fields (KabQueryDomain domain, guint *n_fields);
int                 kab_query_find_field (KabQueryDomain domain, const char *name);   /* -1 none; any case */

/* Counts of an update by state → the word of KAB_UPDATE_FIELD_WORST, as a #KabState. */
int                 kab_query_get_worst  (const guint counts[]);

G_END_DECLS
