/* A page that is not shown does not work: it catches up once when it is shown again, or when a door opens into it.
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-test"

#include "config.h"

#include "kab-hosts-page.h"
#include "kab-test-store.h"
#include "page-fixture.h"

#define N_HOSTS 60
#define N_MORE 15
#define N_UPDATES 20

#define TEST_TYPE_PAGE (test_page_get_type ())
G_DECLARE_FINAL_TYPE (TestPage, test_page, TEST, PAGE, KabPage)

struct _TestPage
{
  KabPage      parent_instance;

  guint        n_calls;
  KabSnapshot *seen;          /* borrowed: that of the last call */
  guint        n_at_door;     /* calls when the last door was opened */
};

G_DEFINE_FINAL_TYPE (TestPage, test_page, KAB_TYPE_PAGE)

static void
test_page_catch_up (KabPage    *page,
                    KabSession *session)
{
  TestPage *self = TEST_PAGE (page);

  g_assert_true (session == kab_page_get_session (page));
  self->n_calls++;
  self->seen = kab_session_get_snapshot (session);
}

static void
test_page_show_query (KabPage    *page,
                      const char *query)
{
  TEST_PAGE (page)->n_at_door = TEST_PAGE (page)->n_calls;
}

static void
test_page_class_init (TestPageClass *klass)
{
  KAB_PAGE_CLASS (klass)->catch_up = test_page_catch_up;
  KAB_PAGE_CLASS (klass)->show_query = test_page_show_query;
}

static void
test_page_init (TestPage *self)
{
}

/* Two pages in one stack, as in the window */
typedef struct {
  PageFixture  fixture;
  GtkStack    *stack;
  TestPage    *one;           /* shown first */
  TestPage    *other;
} Pages;

static TestPage *
add_page (Pages *pages)
{
  GtkWidget *page = g_object_new (TEST_TYPE_PAGE, NULL);

  gtk_stack_add_child (pages->stack, page);
  kab_page_set_session (KAB_PAGE (page), pages->fixture.session);

  return TEST_PAGE (page);
}

static void
show (Pages    *pages,
      TestPage *page)
{
  gtk_stack_set_visible_child (pages->stack, GTK_WIDGET (page));
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (page)));
}

static void
pages_open (Pages *pages)
{
  page_fixture_open_session (&pages->fixture, N_HOSTS, N_UPDATES);
  pages->stack = GTK_STACK (gtk_stack_new ());
  pages->fixture.window = adw_window_new ();
  adw_window_set_content (ADW_WINDOW (pages->fixture.window), GTK_WIDGET (pages->stack));
  pages->one = add_page (pages);
  pages->other = add_page (pages);
  page_fixture_reload (&pages->fixture);
}

static void
pages_present (Pages *pages)
{
  gtk_window_present (GTK_WINDOW (pages->fixture.window));
  gtk_test_widget_wait_for_draw (pages->fixture.window);
}

/* The first frame of a window has the numbers: the page that it will show reads before that. */
static void
test_start (void)
{
  Pages pages = { 0 };

  pages_open (&pages);
  g_assert_true (pages.one->seen == kab_session_get_snapshot (pages.fixture.session));
  g_assert_nonnull (pages.one->seen);
  g_assert_cmpuint (pages.one->n_calls, ==, 2);     /* without a snapshot yet, and with its first */
  pages_present (&pages);
  g_assert_cmpuint (pages.one->n_calls, ==, 2);
  g_assert_cmpuint (pages.other->n_calls, ==, 0);
  page_fixture_close (&pages.fixture);
}

static void
test_hidden (void)
{
  Pages pages = { 0 };
  guint n;

  pages_open (&pages);
  pages_present (&pages);
  n = pages.one->n_calls;
  for (guint i = 1; i <= 3; i++)
    {
      page_fixture_reload (&pages.fixture);
      g_assert_cmpuint (pages.one->n_calls, ==, n + i);
    }
  g_assert_cmpuint (pages.other->n_calls, ==, 0);

  show (&pages, pages.other);
  g_assert_cmpuint (pages.other->n_calls, ==, 1);
  g_assert_true (pages.other->seen == kab_session_get_snapshot (pages.fixture.session));

  /* Nothing is new. */
  show (&pages, pages.one);
  show (&pages, pages.other);
  g_assert_cmpuint (pages.one->n_calls, ==, n + 3);
  g_assert_cmpuint (pages.other->n_calls, ==, 1);

  page_fixture_reload (&pages.fixture);
  page_fixture_reload (&pages.fixture);
  g_assert_cmpuint (pages.one->n_calls, ==, n + 3);
  g_assert_cmpuint (pages.other->n_calls, ==, 3);
  show (&pages, pages.one);
  g_assert_cmpuint (pages.one->n_calls, ==, n + 4);
  g_assert_true (pages.one->seen == kab_session_get_snapshot (pages.fixture.session));
  page_fixture_close (&pages.fixture);
}

/* What a page says of itself is under the same rule. */
static void
test_outdate (void)
{
  Pages pages = { 0 };
  guint n;

  pages_open (&pages);
  pages_present (&pages);
  n = pages.one->n_calls;
  kab_page_outdate (KAB_PAGE (pages.one));
  kab_page_outdate (KAB_PAGE (pages.other));
  kab_page_outdate (KAB_PAGE (pages.other));
  g_assert_cmpuint (pages.one->n_calls, ==, n + 1);
  g_assert_cmpuint (pages.other->n_calls, ==, 0);
  show (&pages, pages.other);
  g_assert_cmpuint (pages.other->n_calls, ==, 1);

  /* Another server, or none: who was let go of hears no more of the old one. */
  kab_page_set_session (KAB_PAGE (pages.other), NULL);
  page_fixture_reload (&pages.fixture);
  g_assert_cmpuint (pages.other->n_calls, ==, 1);
  kab_page_set_session (KAB_PAGE (pages.other), pages.fixture.session);
  g_assert_cmpuint (pages.other->n_calls, ==, 2);
  page_fixture_close (&pages.fixture);
}

static void
test_door (void)
{
  Pages pages = { 0 };

  pages_open (&pages);
  pages_present (&pages);
  page_fixture_reload (&pages.fixture);
  kab_page_show_query (KAB_PAGE (pages.other), "state:error");
  g_assert_cmpuint (pages.other->n_at_door, ==, 1);
  g_assert_true (pages.other->seen == kab_session_get_snapshot (pages.fixture.session));
  show (&pages, pages.other);
  g_assert_cmpuint (pages.other->n_calls, ==, 1);
  page_fixture_close (&pages.fixture);
}

static KabSnapshot *
get_shown (PageFixture *fixture)
{
  KabTable *table = kab_list_page_get_table (KAB_LIST_PAGE (fixture->page));
  g_autoptr(KabRecord) record = g_list_model_get_item (G_LIST_MODEL (kab_table_get_selection (table)), 0);

  g_assert_nonnull (record);

  return kab_record_get_snapshot (record);      /* of the list too */
}

static void
add_hosts (PageFixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->folder, "test.mirror", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(KabStore) store = kab_store_open (path, &error);

  g_assert_no_error (error);
  kab_test_store_fill (store, N_HOSTS, N_MORE, N_UPDATES, 0, FALSE);
}

/* A real list: hidden it stays at the rows it had; a door shows those of the newest snapshot, and what was selected is
 * selected still. */
static void
test_list (void)
{
  PageFixture fixture = { 0 };
  KabTable *table;
  KabSnapshot *before;
  g_autofree char *id = kab_test_dup_uuid (7);
  g_autoptr(KabRecord) selected = NULL;

  page_fixture_open (&fixture, KAB_TYPE_HOSTS_PAGE, N_HOSTS, N_UPDATES);
  table = kab_list_page_get_table (KAB_LIST_PAGE (fixture.page));
  g_assert_cmpuint (page_fixture_show (&fixture, ""), ==, N_HOSTS);
  g_assert_true (kab_table_select_id (table, id));
  before = get_shown (&fixture);

  gtk_widget_set_visible (fixture.page, FALSE);
  add_hosts (&fixture);
  page_fixture_reload (&fixture);
  page_fixture_spin (200);
  g_assert_true (before != kab_session_get_snapshot (fixture.session));
  g_assert_true (get_shown (&fixture) == before);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (kab_list_page_get_list (KAB_LIST_PAGE (fixture.page)))), ==,
                    N_HOSTS);

  g_assert_cmpuint (page_fixture_show (&fixture, ""), ==, N_HOSTS + N_MORE);
  g_assert_true (get_shown (&fixture) == kab_session_get_snapshot (fixture.session));

  page_fixture_reload (&fixture);
  gtk_widget_set_visible (fixture.page, TRUE);
  page_fixture_wait (&fixture);
  g_assert_true (get_shown (&fixture) == kab_session_get_snapshot (fixture.session));
  selected = kab_table_dup_single (table);
  g_assert_nonnull (selected);
  g_assert_cmpstr (kab_record_get_id (selected), ==, id);
  g_assert_true (kab_record_get_snapshot (selected) == kab_session_get_snapshot (fixture.session));
  page_fixture_close (&fixture);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/page/start", test_start);
  g_test_add_func ("/page/hidden", test_hidden);
  g_test_add_func ("/page/outdate", test_outdate);
  g_test_add_func ("/page/door", test_door);
  g_test_add_func ("/page/list", test_list);

  return g_test_run ();
}
