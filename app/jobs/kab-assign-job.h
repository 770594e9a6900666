/* kab-assign-job.h: gives packages to hosts, units, groups and profiles, or takes them away
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-forecast-plan.h"
#include "kab-package-job.h"

G_BEGIN_DECLS

typedef struct {
  KabTargetKind  kind;
  const char    *target;        /* uuid, DN, name */
  const char    *name;          /* (nullable): for people */
} KabAssignTarget;

/**
 * KabAssignJob: kinds "assign", "unassign", "forbid".
 *
 * Edits the package of each target: downloads and verifies it, changes `depends` (and `conflicts` to forbid), gives it the
 * next version, signs and uploads it; a target that has none gets one (not to take something away). One row a target: the
 * job is DONE when every target's end is known, good or bad, and FAILS when none could be changed.
 *
 * Never touched: host packages that are encrypted (RSAFERNET), packages that no agent would accept, and, unless their
 * signer is accepted, those that somebody signed whom we do not trust: signing them again would vouch for their content.
 */
#define KAB_TYPE_ASSIGN_JOB (kab_assign_job_get_type ())
G_DECLARE_FINAL_TYPE (KabAssignJob, kab_assign_job, KAB, ASSIGN_JOB, KabPackageJob)

/* @requirements: "demo-wua-base" or "demo-wua-base(>=3)" */
KabPackageJob *kab_assign_job_new           (KabSignIn             *sign_in,
                                             KabMirror             *mirror,
                                             KabAssignment          assignment,
                                             const KabAssignTarget *targets,
                                             guint                  n_targets,
                                             const char * const    *requirements);

G_END_DECLS
