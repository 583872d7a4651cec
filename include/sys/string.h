/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/string.h>: text and bytes.  The plain names are the kernel's own
 * functions, as it exports them; bcopy() and bzero() are the compiler's.
 */
#ifndef _SYS_STRING_H
#define _SYS_STRING_H

#include <sys/types.h>
#include <sys/varargs.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Linux's header, when it came first, has all of these, some as macros. */
#ifndef _LINUX_STRING_H_
void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);
int bcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int c, size_t n);
char *strcpy(char *to, const char *from);
char *strncpy(char *to, const char *from, size_t n);
char *strcat(char *to, const char *from);
char *strncat(char *to, const char *from, size_t n);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
int strcasecmp(const char *a, const char *b);
int strncasecmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
char *strstr(const char *s, const char *part);
char *strpbrk(const char *s, const char *any);
size_t strspn(const char *s, const char *any);
size_t strcspn(const char *s, const char *any);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t n);
size_t strlcat(char *to, const char *from, size_t size);

/**
 * strlcpy() - copy text into a buffer of a given size, strlcpy(9F)
 * @to: buffer
 * @from: text
 * @size: bytes of @to
 *
 * What does not fit is left out; the result ends with 0 unless @size is 0.
 *
 * Context: any.
 * Return: length of @from in bytes; @size or more: it did not fit.
 */
static inline size_t strlcpy(char *to, const char *from, size_t size)
{
	size_t length = strlen(from);
	size_t fits = length < size ? length : size - 1;

	if (size) {
		memcpy(to, from, fits);
		to[fits] = '\0';
	}
	return length;
}
#endif /* _LINUX_STRING_H_ */

/* linux/kernel.h and linux/sprintf.h declare these in the same way. */
int sprintf(char *to, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int vsprintf(char *to, const char *fmt, va_list args) __attribute__((format(printf, 2, 0)));
int snprintf(char *to, size_t size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
int vsnprintf(char *to, size_t size, const char *fmt, va_list args)
	__attribute__((format(printf, 3, 0)));
int sscanf(const char *s, const char *fmt, ...) __attribute__((format(scanf, 2, 3)));

#define bcopy(from, to, n)	((void)__builtin_memmove((to), (from), (n)))
#define ovbcopy(from, to, n)	bcopy(from, to, n)
#define bzero(to, n)		((void)__builtin_memset((to), 0, (n)))

#ifdef __cplusplus
}
#endif

#endif /* _SYS_STRING_H */
