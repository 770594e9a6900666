/* kab-fault.h: places where a test can make the process die
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * kab_fault_point:
 * @name: a place, "store-before-commit"
 *
 * “Nothing is lost by a kill -9 at any moment” is a promise about the program that people run, so it is tested on
 * that very program and not on a build of its own: with `KABINET_FAULT=name` in the environment the process kills
 * itself with SIGKILL when it comes to @name, with `KABINET_FAULT=name:3` at the third time. With
 * `KABINET_FAULT=list` it lives, and each place is named on standard error, once a visit.
 *
 * Places stand before and after every commit and every answer. Without the variable a call reads one integer. Who can
 * set a program's environment can kill it anyway, so this opens nothing.
 */
void kab_fault_point (const char *name);

G_END_DECLS
