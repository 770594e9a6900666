/* kab-window-private.h: what the files of the window share
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-banners.h"
#include "kab-server-foot.h"
#include "kab-servers.h"
#include "kab-sidebar-row.h"
#include "kab-window.h"

G_BEGIN_DECLS

struct _KabWindow
{
  AdwApplicationWindow  parent_instance;

  AdwToastOverlay      *toasts;
  GtkStack             *root;         /* empty, welcome, pages */
  GtkWidget            *welcome;
  AdwLeaflet           *leaflet;
  int                   unfold_width;   /* px that sidebar and page want side by side */
  GtkListBox           *page_list;
  GtkStack             *pages;
  KabServerFoot        *foot;
  GtkWidget            *banners;      /* ours; lent to the page that is shown */

  KabServers           *servers;
  KabSession           *session;
  GCancellable         *opening;      /* practice fleet being started, signer being read */
  GCancellable         *counting;     /* (nullable): of the sidebar's badges */
  char                 *came_from;    /* page that a door was opened on */
  guint                 minute_id;
  gint64                last_automatic_at;   /* monotonic microseconds */
};

void kab_window_class_install_session_actions (GtkWidgetClass *widget_class);
void kab_window_class_install_dialog_actions  (GtkWidgetClass *widget_class);
void kab_window_class_install_secret_actions  (GtkWidgetClass *widget_class);
void kab_window_close_session                 (KabWindow      *self);
/* What comes of the session's jobs is told in toasts, and to the desktop when nobody looks. */
void kab_window_follow_jobs                   (KabWindow      *self);
void kab_window_forget_jobs                   (KabWindow      *self);
/* Words with ages, banners, and a sync when it is time. */
void kab_window_minute                        (KabWindow      *self);
void kab_window_update_actions                (KabWindow      *self);
/* (transfer none) (nullable): makes the page if it is not there yet */
KabPage *kab_window_ensure_page               (KabWindow      *self,
                                               const char     *name);
KabSidebarRow *kab_window_get_row             (KabWindow      *self,
                                               const char     *name);
/* What the newest snapshot says: at once when somebody counted it before, else a little later. */
void kab_window_count_badges                  (KabWindow      *self);
void kab_window_stop_counting                 (KabWindow      *self);
void kab_window_set_badge                     (KabWindow      *self,
                                               const char     *page,
                                               guint           count,
                                               gboolean        attention,
                                               const char     *text);

/* (nullable): the window that shows the toasts of a widget, also of one in a dialog */
KabWindow *kab_window_find                    (GtkWidget      *from);
/* (nullable): whose child a dialog of a widget is */
GtkWindow *kab_window_find_parent             (GtkWidget      *from);

/* A question under way: what to call, once. */
typedef struct {
  KabAnswerFunc  callback;
  gpointer       user_data;
  GDestroyNotify destroy;
} KabQuestion;

KabQuestion *kab_question_new                 (KabAnswerFunc   callback,
                                               gpointer        user_data,
                                               GDestroyNotify  destroy);
/* Frees it. */
void         kab_question_answer              (KabQuestion    *question,
                                               gboolean        yes);

G_END_DECLS
