/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-test"

#include "config.h"

#include "kab-test-store.h"
#include "page-fixture.h"

#define PATIENCE_US (15 * G_USEC_PER_SEC)

void
page_fixture_spin (guint ms)
{
  gint64 end = g_get_monotonic_time () + (gint64) ms * 1000;

  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (500);
}

void
page_fixture_wait (PageFixture *fixture)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_US;
  KabRecordList *list;

  for (;;)
    {
      list = kab_list_page_get_list (KAB_LIST_PAGE (fixture->page));
      if (list != NULL && kab_session_get_snapshot (fixture->session) != NULL && !kab_record_list_is_busy (list))
        break;
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      page_fixture_spin (2);
    }
}

void
page_fixture_open_session (PageFixture *fixture,
                           guint        n_hosts,
                           guint        n_updates)
{
  KabStore *store;
  g_autoptr(KabProfile) profile = kab_profile_new ("test");
  g_autofree char *path = NULL;

  fixture->folder = kab_test_folder_new ();
  store = kab_test_store_new (fixture->folder, n_hosts, n_updates);
  g_object_unref (store);
  path = g_build_filename (fixture->folder, "test.mirror", NULL);

  /* Nobody listens there: what is shown is the mirror. */
  g_free (profile->url);
  profile->url = g_strdup ("http://127.0.0.1:1");
  fixture->session = kab_session_new (profile, path);
}

void
page_fixture_reload (PageFixture *fixture)
{
  g_autoptr(KabSnapshot) before = NULL;
  gint64 end = g_get_monotonic_time () + PATIENCE_US;

  g_set_object (&before, kab_session_get_snapshot (fixture->session));
  if (before != NULL)
    kab_session_reload (fixture->session);
  while (kab_session_get_snapshot (fixture->session) == before)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      page_fixture_spin (2);
    }
}

void
page_fixture_open (PageFixture *fixture,
                   GType        page_type,
                   guint        n_hosts,
                   guint        n_updates)
{
  page_fixture_open_session (fixture, n_hosts, n_updates);
  fixture->page = g_object_new (page_type, NULL);
  fixture->window = adw_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1300, 800);
  adw_window_set_content (ADW_WINDOW (fixture->window), fixture->page);
  kab_page_set_session (KAB_PAGE (fixture->page), fixture->session);
  gtk_window_present (GTK_WINDOW (fixture->window));
  gtk_test_widget_wait_for_draw (fixture->window);
  page_fixture_wait (fixture);
}

void
page_fixture_close (PageFixture *fixture)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  page_fixture_spin (20);
  kab_session_close (fixture->session);
  g_clear_object (&fixture->session);
  page_fixture_spin (20);
  kab_test_folder_remove (fixture->folder);
  g_clear_pointer (&fixture->folder, g_free);
}

guint
page_fixture_show (PageFixture *fixture,
                   const char  *query)
{
  kab_page_show_query (KAB_PAGE (fixture->page), query);
  page_fixture_wait (fixture);
  page_fixture_spin (60);

  return g_list_model_get_n_items (G_LIST_MODEL (kab_list_page_get_list (KAB_LIST_PAGE (fixture->page))));
}

void
page_fixture_check_facets (PageFixture *fixture,
                           guint        more_than)
{
  KabRecordList *list = kab_list_page_get_list (KAB_LIST_PAGE (fixture->page));
  g_autoptr(GPtrArray) facets = NULL;

  page_fixture_show (fixture, "");
  page_fixture_spin (200);
  facets = g_ptr_array_ref (kab_record_list_get_facets (list));
  g_assert_cmpuint (facets->len, >, more_than);
  for (guint i = 0; i < facets->len; i++)
    {
      const KabFacet *facet = facets->pdata[i];
      g_autofree char *quoted = kab_query_quote (facet->value);
      g_autofree char *query = g_strconcat (facet->field, ":", quoted, NULL);

      g_assert_cmpuint (page_fixture_show (fixture, query), ==, facet->count);
    }
}

static gboolean
check_door (KabSnapshot          *snapshot,
            const KabTableColumn *column,
            gpointer              item,
            KabQueryDomain        domain)
{
  g_autofree char *query = column->dup_query != NULL ? column->dup_query (item) : NULL;
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  if (query == NULL)
    return FALSE;

  text = column->dup_text (item);
  g_assert_cmpuint (kab_record_count_now (snapshot, domain, query, NULL, &error), ==, g_ascii_strtoull (text, NULL, 10));
  g_assert_no_error (error);

  return TRUE;
}

void
page_fixture_check_doors (PageFixture        *fixture,
                          const char         *query,
                          const KabTableInfo *info,
                          KabQueryDomain      domain)
{
  GListModel *list = G_LIST_MODEL (kab_list_page_get_list (KAB_LIST_PAGE (fixture->page)));
  KabSnapshot *snapshot = kab_session_get_snapshot (fixture->session);
  guint n_doors = 0;

  page_fixture_show (fixture, query);
  for (guint i = 0; i < MIN (g_list_model_get_n_items (list), 40); i++)
    {
      g_autoptr(KabRecord) record = g_list_model_get_item (list, i);

      for (guint j = 0; j < info->n_columns; j++)
        n_doors += check_door (snapshot, &info->columns[j], record, domain);
    }
  g_assert_cmpuint (n_doors, >, 20);
}

gpointer
page_fixture_find (GtkWidget     *from,
                   GType          type,
                   gboolean     (*is_it) (GtkWidget *widget, gconstpointer data),
                   gconstpointer  data)
{
  if (g_type_is_a (G_OBJECT_TYPE (from), type) && (is_it == NULL || is_it (from, data)))
    return from;

  for (GtkWidget *child = gtk_widget_get_first_child (from); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      gpointer found = page_fixture_find (child, type, is_it, data);

      if (found != NULL)
        return found;
    }

  return NULL;
}
