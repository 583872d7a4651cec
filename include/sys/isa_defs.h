/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/isa_defs.h>: byte order and data model, under the names of Solaris. */
#ifndef _SYS_ISA_DEFS_H
#define _SYS_ISA_DEFS_H

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#ifndef _LITTLE_ENDIAN
#define _LITTLE_ENDIAN
#endif
#define _BIT_FIELDS_LTOH
#else
#ifndef _BIG_ENDIAN
#define _BIG_ENDIAN
#endif
#define _BIT_FIELDS_HTOL
#endif

#ifndef __LP64__
#error "the framework is for 64-bit kernels"
#endif
#ifndef _LP64
#define _LP64		1
#endif

#endif /* _SYS_ISA_DEFS_H */
