/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _STRM_DEBUG_H
#define _STRM_DEBUG_H

void strm_debug_init(void);
void strm_debug_exit(void);

#endif /* _STRM_DEBUG_H */
