// SPDX-License-Identifier: GPL-2.0-only
/* Numbers and text. */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/overflow.h>
#include "local.h"
#include <sys/ddi.h>

void numtos(unsigned long number, char *to)
{
	sprintf(to, "%lu", number);
}

int stoi(char **s)
{
	unsigned int number = 0;

	while (isdigit(**s))
		number = number * 10 + (*(*s)++ - '0');
	return number;
}

static unsigned int digit(char c)
{
	if (isdigit(c))
		return c - '0';
	return isalpha(c) ? tolower(c) - 'a' + 10 : UINT_MAX;
}

/* 0x is a prefix only where a digit follows. */
static const char *find_base(const char *s, int *base)
{
	if ((*base == 0 || *base == 16) && s[0] == '0' && tolower(s[1]) == 'x' && isxdigit(s[2])) {
		*base = 16;
		return s + 2;
	}
	if (*base == 0)
		*base = *s == '0' ? 8 : 10;
	return s;
}

/* The digits of a number, with what is behind them in @end. */
static int magnitude(const char *s, const char **end, int base, unsigned long *result)
{
	unsigned long number = 0;
	bool too_large = false;
	const char *first;

	s = find_base(s, &base);
	for (first = s; digit(*s) < base; s++) {
		too_large = too_large || check_mul_overflow(number, (unsigned long)base, &number) ||
			    check_add_overflow(number, (unsigned long)digit(*s), &number);
	}
	if (s == first)
		return EINVAL;
	*end = s;
	*result = number;
	return too_large ? ERANGE : 0;
}

static int signed_text(const char *s, const char **end, int base, bool *negative,
		       unsigned long *result)
{
	if (base < 0 || base == 1 || base > 36)
		return EINVAL;
	while (isspace(*s))
		s++;
	*negative = *s == '-';
	if (*s == '-' || *s == '+')
		s++;
	return magnitude(s, end, base, result);
}

int ddi_strtol(const char *s, char **endptr, int base, long *result)
{
	const char *end = s;
	unsigned long number;
	bool negative;
	int error = signed_text(s, &end, base, &negative, &number);

	if (endptr)
		*endptr = (char *)end;
	if (!error && number > (unsigned long)LONG_MAX + negative)
		error = ERANGE;
	if (!error)
		*result = negative ? -number : number;
	return error;
}

/* A minus sign negates, as in C. */
int ddi_strtoul(const char *s, char **endptr, int base, unsigned long *result)
{
	const char *end = s;
	unsigned long number;
	bool negative;
	int error = signed_text(s, &end, base, &negative, &number);

	if (endptr)
		*endptr = (char *)end;
	if (!error)
		*result = negative ? -number : number;
	return error;
}
