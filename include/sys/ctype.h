/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/ctype.h>: classes of ASCII characters. */
#ifndef _SYS_CTYPE_H
#define _SYS_CTYPE_H

/* linux/ctype.h has the same ones. */
#ifndef isdigit

#define STRM_IN(c, first, last) ((unsigned int)(c) - (first) <= (unsigned int)(last) - (first))

static inline int strm_islower(int c)
{
	return STRM_IN(c, 'a', 'z');
}

static inline int strm_isupper(int c)
{
	return STRM_IN(c, 'A', 'Z');
}

static inline int strm_isdigit(int c)
{
	return STRM_IN(c, '0', '9');
}

static inline int strm_isxdigit(int c)
{
	return strm_isdigit(c) || STRM_IN(c | 0x20, 'a', 'f');
}

static inline int strm_isspace(int c)
{
	return c == ' ' || STRM_IN(c, '\t', '\r');
}

#define islower(c)	strm_islower(c)
#define isupper(c)	strm_isupper(c)
#define isdigit(c)	strm_isdigit(c)
#define isxdigit(c)	strm_isxdigit(c)
#define isspace(c)	strm_isspace(c)
#define isalpha(c)	(strm_islower(c) || strm_isupper(c))
#define isalnum(c)	(isalpha(c) || strm_isdigit(c))
#define isprint(c)	STRM_IN(c, ' ', '~')
#define isascii(c)	((unsigned int)(c) < 0x80)
#define toupper(c)	(strm_islower(c) ? (c) - 'a' + 'A' : (c))
#define tolower(c)	(strm_isupper(c) ? (c) - 'A' + 'a' : (c))
#endif /* isdigit */

#endif /* _SYS_CTYPE_H */
