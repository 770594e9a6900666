/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-door.h"
#include "kab-evidence.h"
#include "kab-facts.h"
#include "kab-gate-words.h"
#include "kab-overview-flights.h"
#include "kab-packages-columns.h"
#include "kab-query-text.h"

#define MOST_FLIGHTS 8

struct _KabOverviewFlights
{
  GtkBox        parent_instance;

  GtkWidget    *list;           /* a line for each package */
  GPtrArray    *items;          /* (element-type KabRulePackage): those that wait, as last read */
  GCancellable *cancellable;
  guint         n_waiting;
  guint         n_passing;
};

G_DEFINE_FINAL_TYPE (KabOverviewFlights, kab_overview_flights, GTK_TYPE_BOX)

enum {
  COUNTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* @evidence: (nullable): it could not be read, or the package went since */
static void
add_flight (KabOverviewFlights *self,
            KabRulePackage     *item,
            const KabEvidence  *evidence)
{
  GtkWidget *line = kab_facts_add_line (GTK_BOX (self->list));
  g_autofree char *name = kab_query_quote (kab_package_get_name (item->package));
  g_autofree char *query = g_strdup_printf ("is:waiting name:%s", name);
  GtkWidget *door = kab_door_new ("packages", query, item->origin);
  GtkWidget *maturity = kab_badge_new ();

  kab_packages_bind_maturity (KAB_BADGE (maturity), item);
  gtk_box_append (GTK_BOX (line), door);
  gtk_box_append (GTK_BOX (line), maturity);
  if (evidence != NULL)
    {
      GtkWidget *gate = kab_badge_new ();
      KabGateVerdict verdict;

      kab_gate_words_judge (evidence, &verdict);
      kab_gate_words_bind (KAB_BADGE (gate), &verdict);
      gtk_box_append (GTK_BOX (line), gate);
      self->n_passing += verdict.passes ? 1 : 0;
    }
}

/* Everything at once, so that nothing blinks. @all: (nullable) (element-type KabEvidence): of the first items */
static void
fill (KabOverviewFlights *self,
      GPtrArray          *all)
{
  g_autofree char *focus = kab_door_dup_focus (self->list);

  kab_facts_clear (GTK_BOX (self->list));
  self->n_waiting = self->items->len;
  self->n_passing = 0;
  for (guint i = 0; i < MIN (self->items->len, MOST_FLIGHTS); i++)
    add_flight (self, self->items->pdata[i], all != NULL ? all->pdata[i] : NULL);

  gtk_widget_set_visible (GTK_WIDGET (self), self->n_waiting > 0);
  kab_door_restore_focus (self->list, focus);
  g_signal_emit (self, signals[COUNTED], 0, self->n_waiting, self->n_passing);
}

static void
evidence_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) all = kab_session_read_evidence_finish (KAB_SESSION (source), result, &error);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    fill (KAB_OVERVIEW_FLIGHTS (user_data), all);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) items = kab_session_read_rule_packages_finish (KAB_SESSION (source), result, &error);
  g_autoptr(GPtrArray) shown = NULL;
  KabOverviewFlights *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = KAB_OVERVIEW_FLIGHTS (user_data);
  g_ptr_array_set_size (self->items, 0);
  shown = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; items != NULL && i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr(KabRulePackage) item = g_list_model_get_item (items, i);

      if (!item->waits)
        continue;
      if (shown->len < MOST_FLIGHTS)
        g_ptr_array_add (shown, g_object_ref (item->package));
      g_ptr_array_add (self->items, g_steal_pointer (&item));
    }
  if (shown->len > 0)
    kab_session_read_evidence_async (KAB_SESSION (source), shown, self->cancellable, evidence_cb, self);
  else
    fill (self, NULL);
}

static void
stop (KabOverviewFlights *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
kab_overview_flights_dispose (GObject *object)
{
  stop (KAB_OVERVIEW_FLIGHTS (object));

  G_OBJECT_CLASS (kab_overview_flights_parent_class)->dispose (object);
}

static void
kab_overview_flights_finalize (GObject *object)
{
  g_ptr_array_unref (KAB_OVERVIEW_FLIGHTS (object)->items);

  G_OBJECT_CLASS (kab_overview_flights_parent_class)->finalize (object);
}

static void
kab_overview_flights_class_init (KabOverviewFlightsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_overview_flights_dispose;
  G_OBJECT_CLASS (klass)->finalize = kab_overview_flights_finalize;

  signals[COUNTED] = g_signal_new ("counted", KAB_TYPE_OVERVIEW_FLIGHTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
}

static void
kab_overview_flights_init (KabOverviewFlights *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/* Made with the first reading: the start of the window does not wait for it. */
static void
ensure_list (KabOverviewFlights *self)
{
  if (self->list != NULL)
    return;

  kab_facts_add_heading (GTK_BOX (self), _("On the way to production"));
  self->list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_box_append (GTK_BOX (self), self->list);
}

void
kab_overview_flights_read (KabOverviewFlights *self,
                           KabSession         *session)
{
  g_return_if_fail (KAB_IS_OVERVIEW_FLIGHTS (self));

  stop (self);
  if (session == NULL)
    {
      gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
      return;
    }

  ensure_list (self);
  self->cancellable = g_cancellable_new ();
  kab_session_read_rule_packages_async (session, self->cancellable, read_cb, self);
}
