/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

#include "kab-error.h"
#include "kab-pictures.h"

#define SETTLE_MS 900           /* for layout, images and what threads count */
#define PATIENCE_S 180          /* a first sync of the practice fleet */

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
} Camera;

static void
camera_free (Camera *camera)
{
  g_object_unref (camera->window);
  g_free (camera->folder);
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

static gboolean
shoot_cb (gpointer user_data)
{
  Camera *camera = user_data;
  const char *page = camera->pages->pdata[camera->page];
  g_autofree char *name = g_strdup_printf ("%s-%s.png", page, looks[camera->look].name);
  g_autofree char *path = g_build_filename (camera->folder, name, NULL);
  g_autoptr(GError) error = NULL;

  if (kab_pictures_save (GTK_WIDGET (camera->window), path, &error))
    g_print ("%s\n", path);
  else
    g_printerr ("%s\n", error->message);

  if (++camera->page == camera->pages->len)
    {
      camera->page = 0;
      camera->look++;
    }
  if (camera->look == G_N_ELEMENTS (looks))
    {
      gtk_window_close (GTK_WINDOW (camera->window));
      camera_free (camera);
    }
  else
    g_idle_add (pose_cb, camera);

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
  g_timeout_add (SETTLE_MS, shoot_cb, camera);

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

  g_timeout_add (2 * SETTLE_MS, pose_cb, camera);

  return G_SOURCE_REMOVE;
}

void
kab_pictures_take (KabWindow  *window,
                   const char *folder)
{
  Camera *camera;

  g_return_if_fail (KAB_IS_WINDOW (window));
  g_return_if_fail (folder != NULL);

  if (g_mkdir_with_parents (folder, 0755) != 0)
    {
      g_printerr (_("The folder “%s” cannot be made.\n"), folder);
      gtk_window_close (GTK_WINDOW (window));
      return;
    }

  camera = g_new0 (Camera, 1);
  camera->window = g_object_ref (window);
  camera->folder = g_strdup (folder);
  camera->pages = kab_window_dup_page_names (window);
  camera->deadline = g_get_monotonic_time () + PATIENCE_S * G_USEC_PER_SEC;
  g_timeout_add (200, wait_cb, camera);
}
