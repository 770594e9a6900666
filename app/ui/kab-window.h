/* kab-window.h: the window: sidebar, pages, banners, toasts
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-page.h"
#include "kab-servers.h"

G_BEGIN_DECLS

/**
 * KabWindow:
 *
 * Actions for everybody (all `win.`): show-page(s: "overview", "updates", "hosts", "rules", "packages", "activity"),
 * show-updates(s query), show-hosts, show-rules and show-packages alike, show-activity(s view: "jobs", "tasks", "log",
 * "" = as it was), sync, search, toggle-filters,
 * back, show-servers, connect, practice, switch-server(s), sign-in.
 */
#define KAB_TYPE_WINDOW (kab_window_get_type ())
G_DECLARE_FINAL_TYPE (KabWindow, kab_window, KAB, WINDOW, AdwApplicationWindow)

KabWindow  *kab_window_new           (AdwApplication *application);
KabSession *kab_window_get_session   (KabWindow *self);                   /* (nullable) */
/* Lends the list of servers. */
void        kab_window_set_servers   (KabWindow *self, KabServers *servers);
void        kab_window_show_welcome  (KabWindow *self);
/* The connect dialog. @address: (nullable) */
void        kab_window_ask_for_server (KabWindow *self, const char *address);
/* Lets go of the server that is shown, after its jobs have ended. */
void        kab_window_close_server  (KabWindow *self);
void        kab_window_open_profile  (KabWindow *self, const KabProfile *profile, const char *password);
/* Closes what is open, starts the practice fleet and shows it. */
void        kab_window_open_practice (KabWindow *self);
KabPage    *kab_window_show_page     (KabWindow *self, const char *name); /* (nullable): no such page */
gboolean    kab_window_knows_page    (const char *name);
/* (element-type utf8) (transfer full): in the order of the sidebar */
GPtrArray  *kab_window_dup_page_names (KabWindow *self);
KabPage    *kab_window_get_page      (KabWindow *self);                   /* the one shown */

/* From any widget inside a window. The toast's text is logged (info), one line each. */
void        kab_window_add_toast     (GtkWidget *from, const char *text);
/* @action: detailed action name such as "win.show-activity('tasks')" */
void        kab_window_add_toast_with_action (GtkWidget *from, const char *text, const char *button, const char *action);
/* What went wrong, in words (kab-error-text) with a "Details" button. Cancelled errors are not shown. */
void        kab_window_add_error     (GtkWidget *from, const GError *error);
/* The same at once, in a dialog with the technical message. */
void        kab_window_show_error    (GtkWidget *from, const GError *error);

/**
 * kab_window_ask:
 * @heading: "Install updates on 12 hosts?"
 * @body: what, on how many hosts, how many cannot be reached now
 * @answer: label of the button that does it, with mnemonic
 *
 * For what cannot be undone. @callback runs with %TRUE only when the user said yes; @user_data's owner is @destroy.
 */
typedef void (*KabAnswerFunc) (gboolean yes, gpointer user_data);
/* A toast whose button calls back with TRUE, such as Undo; @destroy when the toast is gone. */
void        kab_window_add_toast_with_answer (GtkWidget     *from,
                                              const char    *text,
                                              const char    *button,
                                              KabAnswerFunc  callback,
                                              gpointer       user_data,
                                              GDestroyNotify destroy);
void        kab_window_ask           (GtkWidget     *from,
                                      const char    *heading,
                                      const char    *body,
                                      const char    *answer,
                                      gboolean       destructive,
                                      KabAnswerFunc  callback,
                                      gpointer       user_data,
                                      GDestroyNotify destroy);

/* Asks for the passphrase of the signing key if it needs one and it is not in memory, then calls back with TRUE. */
void        kab_window_unlock_key    (GtkWidget *from, KabAnswerFunc callback, gpointer user_data, GDestroyNotify destroy);

G_END_DECLS
