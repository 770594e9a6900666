/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include "kab-error.h"

G_DEFINE_QUARK (kab-error-quark, kab_error)
