/* SPDX-License-Identifier: GPL-2.0-only */
#define kcsan_release() do { } while (0)
