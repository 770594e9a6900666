/* kab-ui.h: where the templates lie
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#define KAB_UI "/io/github/kabinet/Kabinet/ui/"
