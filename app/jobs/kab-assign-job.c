/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-assign-job.h"

#include <string.h>

#include "kab-client-upload.h"
#include "kab-depends.h"
#include "kab-error.h"
#include "kab-package-builder.h"
#include "kab-package-deed.h"
#include "kab-package-resign.h"
#include "kab-resolver.h"
#include "kab-version.h"

typedef struct {
  KabTargetKind  kind;
  char          *target;
  char          *name;              /* for people */
  KabDepends    *before;            /* what it had of our names; NULL until it was read. Of an undo: to be put back */
} Target;

struct _KabAssignJob
{
  KabPackageJob   parent_instance;

  KabAssignment   assignment;
  gboolean        restores;         /* an undo: each target gets back what it had */
  GPtrArray      *targets;          /* (element-type Target) */
  char          **requirements;
};

G_DEFINE_FINAL_TYPE (KabAssignJob, kab_assign_job, KAB_TYPE_PACKAGE_JOB)

static const char * const kinds[] = {
  [KAB_ASSIGN] = "assign", [KAB_UNASSIGN] = "unassign", [KAB_FORBID] = "forbid",
};

static void
target_free (gpointer data)
{
  Target *target = data;

  g_free (target->target);
  g_free (target->name);
  g_clear_pointer (&target->before, kab_depends_free);
  g_free (target);
}

static void
kab_assign_job_finalize (GObject *object)
{
  KabAssignJob *self = KAB_ASSIGN_JOB (object);

  g_ptr_array_unref (self->targets);
  g_strfreev (self->requirements);

  G_OBJECT_CLASS (kab_assign_job_parent_class)->finalize (object);
}

/* One target while it is prepared. */
typedef struct {
  KabAssignJob   *job;
  KabPackageDeed *deed;
  GPtrArray      *index;
  Target         *target;
  guint           row;
  char           *expected;
} Work;

static void
show (Work                *work,
      KabPackageStepState  state,
      const char          *message,
      const char          *signer)
{
  kab_package_job_show_row (work->deed->job, work->row, state, message, signer);
}

/* The target's package as it is. NULL without @error: it has none. */
static GBytes *
read_package (Work    *work,
              GError **error)
{
  const char *name = work->target->target;
  g_autoptr(GError) local_error = NULL;
  g_autofree char *digest = NULL;
  GBytes *bytes = NULL;

  if (work->target->kind == KAB_TARGET_HOST)
    {
      g_autofree char *file = kab_package_deed_dup_host_file (name);

      bytes = kab_client_read_host_package (work->deed->client, file, work->deed->cancellable, &local_error);
      if (bytes == NULL && !g_error_matches (local_error, KAB_ERROR, KAB_ERROR_NOT_FOUND))
        g_propagate_error (error, g_steal_pointer (&local_error));
      digest = bytes != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes) : NULL;
      work->expected = digest != NULL ? g_strconcat (KAB_EXPECT_FILE, digest, NULL) : g_strdup (KAB_EXPECT_NONE);
    }
  else
    {
      KabPackage *record = kab_package_index_find_newest (work->index, name);
      const char *section = kab_target_kind_get_section (work->target->kind);

      if (record != NULL && strcmp (kab_package_get_section (record), section) != 0)
        {
          g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, "%s is a package of section %s, not %s", name,
                       kab_package_get_section (record), section);
          return NULL;
        }
      if (record != NULL)
        bytes = kab_package_deed_download (work->deed, record, error);
      work->expected = record != NULL ? g_strconcat (KAB_EXPECT_NEWEST, kab_package_get (record, "package_uuid"), NULL)
                                      : g_strdup (KAB_EXPECT_NONE);
    }

  return bytes;
}

static KabDepends *
change (Work             *work,
        const KabDepends *depends)
{
  KabAssignJob *self = work->job;
  KabDepends *changed = kab_depends_copy (depends);

  for (guint i = 0; self->requirements[i] != NULL; i++)
    {
      if (self->restores)
        kab_depends_restore (changed, self->requirements[i], work->target->before);
      else
        kab_depends_change (changed, self->requirements[i], self->assignment);
    }

  return changed;
}

static GBytes *
sign_changed (Work              *work,
              KabPackageReader  *reader,
              const KabDepends  *depends,
              GError           **error)
{
  KabSigner *signer = kab_package_deed_get_signer (work->deed, error);
  g_autoptr(GHashTable) changes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *uuid = g_uuid_string_random ();
  const char *name = work->target->target;
  char *version;

  if (signer == NULL)
    return NULL;
  if (work->target->kind == KAB_TARGET_HOST)
    version = kab_version_dup_next (reader != NULL ? kab_package_get_version (kab_package_reader_get_package (reader)) : "0");
  else
    version = kab_package_deed_dup_next_version (work->deed, work->index, name, NULL, error);
  if (version == NULL)
    version = g_strdup ("1");

  g_hash_table_insert (changes, g_strdup ("version"), version);
  g_hash_table_insert (changes, g_strdup ("depends"), kab_depends_dup_text (depends->depends));
  g_hash_table_insert (changes, g_strdup ("conflicts"), kab_depends_dup_text (depends->conflicts));
  if (reader != NULL)
    return kab_package_resign (reader, signer, changes, NULL, uuid, kab_package_get_wall_clock (), error);

  {
    /* As the original's own tools make a first one, but for the maturity, which they leave empty: that counts as PROD. */
    g_autoptr(KabPackageBuilder) builder = kab_package_builder_new ();
    GHashTableIter iter;
    gpointer attribute, value;

    kab_package_builder_set (builder, "package", name);
    kab_package_builder_set (builder, "architecture", "all");
    kab_package_builder_set (builder, "section", kab_target_kind_get_section (work->target->kind));
    kab_package_builder_set (builder, "priority", "standard");
    kab_package_builder_set (builder, "maturity", "PROD");
    kab_package_builder_set (builder, "description", work->target->name != NULL ? work->target->name : name);
    g_hash_table_iter_init (&iter, changes);
    while (g_hash_table_iter_next (&iter, &attribute, &value))
      kab_package_builder_set (builder, attribute, value);

    return kab_package_builder_sign (builder, signer, uuid, kab_package_get_wall_clock (), error);
  }
}

/* Says why the package may not be touched. Returns: FALSE then, or with @error */
static gboolean
may_touch (Work              *work,
           KabPackageReader  *reader,
           GError           **error)
{
  g_auto(KabPackageVerdict) verdict = { 0 };

  if (!kab_package_deed_judge (work->deed, reader, &verdict, error))
    return FALSE;
  if (verdict.is_trusted)
    return TRUE;

  show (work, KAB_PACKAGE_STEP_UNTRUSTED, verdict.signer, verdict.fingerprint);
  return FALSE;
}

static void
describe (Work           *work,
          KabJournalStep *step)
{
  g_autofree char *names = NULL;
  g_autoptr(GPtrArray) parts = g_ptr_array_new_null_terminated (0, g_free, TRUE);

  for (guint i = 0; work->job->requirements[i] != NULL; i++)
    g_ptr_array_add (parts, kab_requirement_dup_name (work->job->requirements[i]));
  names = g_strjoinv (",", (char **) parts->pdata);
  g_free (step->approval->package);
  step->approval->package = g_steal_pointer (&names);
  g_free (step->approval->target);
  step->approval->target = g_strdup_printf ("%s %s", kab_target_kind_get_section (work->target->kind),
                                            work->target->target);
}

/* Returns: FALSE with @error when this target cannot be had, and without when there is nothing to do or it must not be */
static gboolean
prepare_target (Work    *work,
                GError **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GBytes) bytes = read_package (work, &local_error);
  g_autoptr(KabPackageReader) reader = NULL;
  g_autoptr(KabDepends) depends = NULL;
  g_autoptr(KabDepends) changed = NULL;
  g_autoptr(GBytes) fresh = NULL;
  g_autofree char *sha256 = NULL;
  KabPackage *package;
  KabJournalStep *step;

  if (!kab_error_is_none (&local_error, error))
    return FALSE;
  if (bytes != NULL && kab_package_is_encrypted (bytes))
    {
      show (work, KAB_PACKAGE_STEP_ENCRYPTED, NULL, NULL);
      return FALSE;
    }
  if (bytes != NULL)
    {
      reader = kab_package_reader_open_bytes (bytes, error);
      if (reader == NULL)
        return FALSE;
    }

  package = reader != NULL ? kab_package_reader_get_package (reader) : NULL;
  depends = kab_depends_new (package != NULL ? kab_package_get (package, "depends") : "",
                             package != NULL ? kab_package_get (package, "conflicts") : "");
  changed = change (work, depends);
  if (kab_depends_equal (depends, changed))
    {
      show (work, KAB_PACKAGE_STEP_UNCHANGED, NULL, NULL);
      return FALSE;
    }
  if (reader != NULL && !may_touch (work, reader, error))
    return FALSE;
  if (bytes != NULL)
    {
      sha256 = kab_package_deed_keep (work->deed, bytes, package, error);
      if (sha256 == NULL)
        return FALSE;
    }

  fresh = sign_changed (work, reader, changed, error);
  step = fresh != NULL ? kab_package_deed_add_upload (work->deed, fresh, work->expected, work->row, error) : NULL;
  if (step == NULL)
    return FALSE;
  describe (work, step);
  g_clear_pointer (&work->target->before, kab_depends_free);
  work->target->before = g_steal_pointer (&depends);
  return TRUE;
}

/* What is wrong with one target does not keep the others; what is wrong with the line, the key or the disk does. */
static gboolean
concerns_all (const GError *error)
{
  return error->domain != KAB_ERROR || error->code == KAB_ERROR_NETWORK || error->code == KAB_ERROR_AUTH ||
         error->code == KAB_ERROR_UNTRUSTED || error->code == KAB_ERROR_STORAGE || error->code == KAB_ERROR_PASSPHRASE;
}

static gboolean
kab_assign_job_prepare (KabPackageJob   *job,
                        KabPackageDeed  *deed,
                        GError         **error)
{
  KabAssignJob *self = KAB_ASSIGN_JOB (job);
  g_autoptr(GPtrArray) index = NULL;
  g_autoptr(GError) first = NULL;

  if (kab_package_deed_get_signer (deed, error) == NULL || !kab_package_deed_connect (deed, error))
    return FALSE;
  for (guint i = 0; i < self->targets->len; i++)
    {
      Target *target = self->targets->pdata[i];
      g_autofree char *id = g_strdup_printf ("%s %s", kab_target_kind_get_section (target->kind), target->target);

      kab_package_job_add_row (job, id, target->name != NULL ? target->name : target->target);
    }
  index = kab_package_deed_read_index (deed, error);
  if (index == NULL)
    return FALSE;

  for (guint i = 0; i < self->targets->len; i++)
    {
      g_autoptr(GError) local_error = NULL;
      Work work = { self, deed, index, self->targets->pdata[i], i, NULL };

      kab_job_report (KAB_JOB (job), "reading", i, self->targets->len);
      prepare_target (&work, &local_error);
      g_free (work.expected);
      if (local_error == NULL)
        continue;
      if (concerns_all (local_error))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      g_info ("%s: %s", work.target->target, local_error->message);
      show (&work, KAB_PACKAGE_STEP_FAILED, local_error->message, NULL);
      if (first == NULL)
        first = g_steal_pointer (&local_error);
    }

  if (deed->entry->steps->len > 0 ||
      kab_package_job_count (job, KAB_PACKAGE_STEP_UNCHANGED) == self->targets->len)
    return TRUE;
  if (first == NULL)
    g_set_error (&first, KAB_ERROR, KAB_ERROR_REFUSED, "none of %u packages may be changed", self->targets->len);
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

static KabAssignJob *
assign_job_new (KabSignIn          *sign_in,
                KabMirror          *mirror,
                KabAssignment       assignment,
                const char * const *requirements)
{
  KabAssignJob *self = g_object_new (KAB_TYPE_ASSIGN_JOB, NULL);

  kab_package_job_set_up (KAB_PACKAGE_JOB (self), sign_in, mirror, kinds[assignment], requirements[0]);
  self->assignment = assignment;
  self->requirements = g_strdupv ((char **) requirements);

  return self;
}

static void
add_target (KabAssignJob  *self,
            KabTargetKind  kind,
            const char    *target,
            const char    *name,
            KabDepends    *before)
{
  Target *added = g_new0 (Target, 1);

  added->kind = kind;
  added->target = g_strdup (target);
  added->name = g_strdup (name);
  added->before = before != NULL ? kab_depends_copy (before) : NULL;
  g_ptr_array_add (self->targets, added);
}

/* Each target that was changed gets back what it had of these packages; whatever else changed meanwhile stays. */
static KabPackageJob *
kab_assign_job_undo (KabPackageJob *job)
{
  KabAssignJob *self = KAB_ASSIGN_JOB (job);
  KabAssignJob *inverse;
  GPtrArray *approvals = kab_package_job_get_approvals (job);
  g_autoptr(GHashTable) done = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < approvals->len; i++)
    g_hash_table_add (done, ((KabApproval *) approvals->pdata[i])->target);

  inverse = assign_job_new (kab_package_job_get_sign_in (job), kab_package_job_get_mirror (job),
                            self->assignment == KAB_ASSIGN ? KAB_UNASSIGN : KAB_ASSIGN,
                            (const char * const *) self->requirements);
  inverse->restores = TRUE;
  for (guint i = 0; i < self->targets->len; i++)
    {
      Target *target = self->targets->pdata[i];
      g_autofree char *id = g_strdup_printf ("%s %s", kab_target_kind_get_section (target->kind), target->target);

      if (target->before != NULL && g_hash_table_contains (done, id))
        add_target (inverse, target->kind, target->target, target->name, target->before);
    }

  return KAB_PACKAGE_JOB (inverse);
}

static void
kab_assign_job_class_init (KabAssignJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_assign_job_finalize;
  KAB_PACKAGE_JOB_CLASS (klass)->prepare = kab_assign_job_prepare;
  KAB_PACKAGE_JOB_CLASS (klass)->undo = kab_assign_job_undo;
}

static void
kab_assign_job_init (KabAssignJob *self)
{
  self->targets = g_ptr_array_new_with_free_func (target_free);
}

KabPackageJob *
kab_assign_job_new (KabSignIn             *sign_in,
                    KabMirror             *mirror,
                    KabAssignment          assignment,
                    const KabAssignTarget *targets,
                    guint                  n_targets,
                    const char * const    *requirements)
{
  KabAssignJob *self;

  g_return_val_if_fail (KAB_IS_SIGN_IN (sign_in) && KAB_IS_MIRROR (mirror), NULL);
  g_return_val_if_fail ((guint) assignment < G_N_ELEMENTS (kinds), NULL);
  g_return_val_if_fail (targets != NULL && n_targets > 0, NULL);
  g_return_val_if_fail (requirements != NULL && requirements[0] != NULL, NULL);

  self = assign_job_new (sign_in, mirror, assignment, requirements);
  for (guint i = 0; i < n_targets; i++)
    add_target (self, targets[i].kind, targets[i].target, targets[i].name, NULL);

  return KAB_PACKAGE_JOB (self);
}
