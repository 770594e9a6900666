/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <string.h>

#include "kab-gate-words.h"
#include "kab-packages-evidence.h"

struct _KabPackagesEvidence
{
  GObject       parent_instance;

  GHashTable   *known;        /* id of a package → KabEvidence */
  GPtrArray    *asked;        /* (element-type utf8): ids of the packages whose evidence is being read, in order */
  GCancellable *reading;
};

G_DEFINE_FINAL_TYPE (KabPackagesEvidence, kab_packages_evidence, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  KabPackagesEvidence *self;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) all = kab_session_read_evidence_finish (KAB_SESSION (object), result, &error);
  gboolean other = FALSE;

  if (all == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_info ("evidence: %s", error->message);
      return;
    }

  self = KAB_PACKAGES_EVIDENCE (user_data);
  for (guint i = 0; i < all->len; i++)
    {
      const char *id = self->asked->pdata[i];
      const KabEvidence *before = g_hash_table_lookup (self->known, id);
      KabEvidence *evidence = g_steal_pointer (&all->pdata[i]);

      if (evidence == NULL)
        continue;      /* it went since */
      other |= before == NULL || memcmp (&before->counts, &evidence->counts, sizeof evidence->counts) != 0;
      g_hash_table_insert (self->known, g_strdup (id), evidence);
    }
  g_signal_emit (self, signals[CHANGED], 0, other);
}

static void
stop (KabPackagesEvidence *self)
{
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
}

static void
kab_packages_evidence_finalize (GObject *object)
{
  KabPackagesEvidence *self = KAB_PACKAGES_EVIDENCE (object);

  stop (self);
  g_ptr_array_unref (self->asked);
  g_hash_table_unref (self->known);

  G_OBJECT_CLASS (kab_packages_evidence_parent_class)->finalize (object);
}

static void
kab_packages_evidence_class_init (KabPackagesEvidenceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_packages_evidence_finalize;

  signals[CHANGED] = g_signal_new ("changed", KAB_TYPE_PACKAGES_EVIDENCE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
kab_packages_evidence_init (KabPackagesEvidence *self)
{
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) kab_evidence_free);
  self->asked = g_ptr_array_new_with_free_func (g_free);
}

KabPackagesEvidence *
kab_packages_evidence_new (void)
{
  return g_object_new (KAB_TYPE_PACKAGES_EVIDENCE, NULL);
}

void
kab_packages_evidence_read (KabPackagesEvidence *self,
                            KabSession          *session,
                            GListModel          *packages)
{
  g_autoptr(GPtrArray) waiting = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_if_fail (KAB_IS_PACKAGES_EVIDENCE (self));

  stop (self);
  g_ptr_array_set_size (self->asked, 0);
  for (guint i = 0; i < g_list_model_get_n_items (packages); i++)
    {
      g_autoptr(KabRulePackage) item = g_list_model_get_item (packages, i);

      if (!item->waits)
        continue;
      g_ptr_array_add (self->asked, g_strdup (item->id));
      g_ptr_array_add (waiting, g_object_ref (item->package));
    }
  if (waiting->len == 0)
    return;

  self->reading = g_cancellable_new ();
  kab_session_read_evidence_async (session, waiting, self->reading, read_cb, self);
}

void
kab_packages_evidence_clear (KabPackagesEvidence *self)
{
  g_return_if_fail (KAB_IS_PACKAGES_EVIDENCE (self));

  stop (self);
  g_hash_table_remove_all (self->known);
}

const KabEvidence *
kab_packages_evidence_get (KabPackagesEvidence *self,
                           KabRulePackage      *item)
{
  g_return_val_if_fail (KAB_IS_PACKAGES_EVIDENCE (self), NULL);

  return g_hash_table_lookup (self->known, item->id);
}

char *
kab_packages_evidence_dup_note (KabPackagesEvidence *self,
                                KabRulePackage      *item)
{
  const KabEvidence *evidence = kab_packages_evidence_get (self, item);
  KabGateVerdict verdict;

  if (evidence == NULL || !item->waits)
    return NULL;

  kab_gate_words_judge (evidence, &verdict);
  return kab_gate_words_describe (&verdict);
}
