/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <time.h>
#include <gio/gio.h>
#include <glib/gi18n.h>

#include "kab-error.h"
#include "kab-list-page.h"
#include "kab-overview-page.h"
#include "kab-pictures.h"

#define SETTLE_MS 600           /* at least: animations of a page that was turned */
#define LOOK_MS 100
#define STEADY 3                /* looks in a row that find nothing going on */
#define IDLE_US 4000            /* of processor time between two looks: nobody counts, nobody draws */
#define PATIENCE_S 180          /* a first sync of the practice fleet */
#define PAGE_PATIENCE_S 20      /* one page on a busy machine */

static const struct {
  const char *name;
  gboolean    dark;
  int         width;
  int         height;
} looks[] = {
  { "light-wide", FALSE, 1280, 800 },
  { "dark-wide", TRUE, 1280, 800 },
  { "light-narrow", FALSE, 360, 720 },
  { "dark-narrow", TRUE, 360, 720 },
};

/* Pictures being taken: one step at a time, on the main loop. */
typedef struct {
  KabWindow *window;
  char      *folder;
  GPtrArray *pages;       /* (element-type utf8) */
  guint      look;
  guint      page;
  gint64     deadline;
  clock_t    used;        /* processor time at the last look */
  guint      steady;
  gboolean   has_failed;

  KabPicturesFunc done;
  gpointer        user_data;
} Camera;

static void
camera_end (Camera *camera)
{
  camera->done (!camera->has_failed, camera->user_data);
  gtk_window_close (GTK_WINDOW (camera->window));
  g_object_unref (camera->window);
  g_free (camera->folder);
  if (camera->pages != NULL)
    g_ptr_array_unref (camera->pages);
  g_free (camera);
}

gboolean
kab_pictures_save (GtkWidget   *widget,
                   const char  *path,
                   GError     **error)
{
  g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr(GskRenderNode) node = NULL;
  g_autoptr(GdkTexture) texture = NULL;
  int width = gdk_paintable_get_intrinsic_width (paintable);
  int height = gdk_paintable_get_intrinsic_height (paintable);

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL || width <= 0 || height <= 0)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_FAILED, "%s: nothing was drawn", path);
      return FALSE;
    }

  texture = gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (widget)), node,
                                         &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  if (!gdk_texture_save_to_png (texture, path))
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, "%s: cannot be written", path);
      return FALSE;
    }

  return TRUE;
}

static gboolean pose_cb (gpointer user_data);

/* Does the page that is shown have all that it shows? */
static gboolean
is_filled (Camera *camera)
{
  KabSession *session = kab_window_get_session (camera->window);
  KabPage *page = kab_window_get_page (camera->window);
  KabRecordList *list;

  if (session == NULL || page == NULL || kab_job_queue_get_active (kab_session_get_jobs (session)) > 0)
    return FALSE;
  if (KAB_IS_OVERVIEW_PAGE (page))
    return kab_overview_page_get_figures (KAB_OVERVIEW_PAGE (page)) != NULL;
  if (!KAB_IS_LIST_PAGE (page))
    return TRUE;

  list = kab_list_page_get_list (KAB_LIST_PAGE (page));

  return list != NULL && !kab_record_list_is_busy (list) && kab_record_list_get_facets (list) != NULL;
}

/* What other parts of a page read and count, and what is drawn, is seen by the time it takes. */
static gboolean
is_calm (Camera *camera)
{
  clock_t used = clock ();
  gboolean idle = (used - camera->used) * (G_USEC_PER_SEC / CLOCKS_PER_SEC) < IDLE_US;

  camera->used = used;
  camera->steady = idle && is_filled (camera) ? camera->steady + 1 : 0;

  return camera->steady >= STEADY;
}

static void
shoot (Camera *camera)
{
  const char *page = camera->pages->pdata[camera->page];
  g_autofree char *name = g_strdup_printf ("%s-%s.png", page, looks[camera->look].name);
  g_autofree char *path = g_build_filename (camera->folder, name, NULL);
  g_autoptr(GError) error = NULL;

  if (!kab_pictures_save (GTK_WIDGET (camera->window), path, &error))
    g_printerr ("%s\n", error->message);
  else if (!is_filled (camera))
    g_printerr (_("%s: the page is not filled yet after %d seconds\n"), path, PAGE_PATIENCE_S);
  else
    {
      g_print ("%s\n", path);
      return;
    }
  camera->has_failed = TRUE;
}

static gboolean
look_cb (gpointer user_data)
{
  Camera *camera = user_data;

  if (!is_calm (camera) && g_get_monotonic_time () < camera->deadline)
    return G_SOURCE_CONTINUE;

  shoot (camera);
  if (++camera->page == camera->pages->len)
    {
      camera->page = 0;
      camera->look++;
    }
  if (camera->look == G_N_ELEMENTS (looks))
    camera_end (camera);
  else
    g_idle_add (pose_cb, camera);

  return G_SOURCE_REMOVE;
}

static gboolean
settled_cb (gpointer user_data)
{
  g_timeout_add (LOOK_MS, look_cb, user_data);

  return G_SOURCE_REMOVE;
}

static gboolean
pose_cb (gpointer user_data)
{
  Camera *camera = user_data;

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      looks[camera->look].dark ? ADW_COLOR_SCHEME_FORCE_DARK
                                                               : ADW_COLOR_SCHEME_FORCE_LIGHT);
  gtk_window_set_default_size (GTK_WINDOW (camera->window),
                               looks[camera->look].width, looks[camera->look].height);
  kab_window_show_page (camera->window, camera->pages->pdata[camera->page]);
  camera->deadline = g_get_monotonic_time () + PAGE_PATIENCE_S * G_USEC_PER_SEC;
  camera->steady = 0;
  g_timeout_add (SETTLE_MS, settled_cb, camera);

  return G_SOURCE_REMOVE;
}

/* Is there a fleet to be seen? */
static gboolean
wait_cb (gpointer user_data)
{
  Camera *camera = user_data;
  KabSession *session = kab_window_get_session (camera->window);
  KabSnapshot *snapshot = session != NULL ? kab_session_get_snapshot (session) : NULL;
  gboolean ready = snapshot != NULL && kab_snapshot_get_synced_at (snapshot) > 0 &&
                   kab_job_queue_get_active (kab_session_get_jobs (session)) == 0;

  if (!ready && g_get_monotonic_time () < camera->deadline)
    return G_SOURCE_CONTINUE;

  if (ready)
    {
      g_idle_add (pose_cb, camera);
    }
  else
    {
      g_printerr (_("No fleet was read in %d seconds: there is nothing to take pictures of.\n"), PATIENCE_S);
      camera->has_failed = TRUE;
      camera_end (camera);
    }

  return G_SOURCE_REMOVE;
}

void
kab_pictures_take (KabWindow       *window,
                   const char      *folder,
                   KabPicturesFunc  done,
                   gpointer         user_data)
{
  Camera *camera;

  g_return_if_fail (KAB_IS_WINDOW (window));
  g_return_if_fail (folder != NULL);

  camera = g_new0 (Camera, 1);
  camera->window = g_object_ref (window);
  camera->folder = g_strdup (folder);
  camera->done = done;
  camera->user_data = user_data;
  if (g_mkdir_with_parents (folder, 0755) != 0)
    {
      g_printerr (_("The folder “%s” cannot be made.\n"), folder);
      camera->has_failed = TRUE;
      camera_end (camera);
      return;
    }

  camera->pages = kab_window_dup_page_names (window);
  camera->deadline = g_get_monotonic_time () + PATIENCE_S * G_USEC_PER_SEC;
  g_timeout_add (200, wait_cb, camera);
}
