/* kab-test-isolate.h: a home of its own for a test
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * kab_test_isolate_run:
 *
 * g_test_run() in a folder that is HOME and all of the user's folders, for the test and for its children, without a
 * session bus and so without a keyring. Call kab_test_isolate() before anything else looks at a folder of the user.
 * (G_TEST_OPTION_ISOLATE_DIRS hides the folders from children and leaks them.)
 */
void kab_test_isolate     (void);
int  kab_test_isolate_run (void);

G_END_DECLS
