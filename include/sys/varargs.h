/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/varargs.h>: arguments of variable number, va_arg(9F). */
#ifndef _SYS_VARARGS_H
#define _SYS_VARARGS_H

typedef __builtin_va_list	va_list;

#ifndef va_start
#define va_start(args, last)	__builtin_va_start(args, last)
#define va_arg(args, type)	__builtin_va_arg(args, type)
#define va_copy(to, from)	__builtin_va_copy(to, from)
#define va_end(args)		__builtin_va_end(args)
#endif

#endif /* _SYS_VARARGS_H */
