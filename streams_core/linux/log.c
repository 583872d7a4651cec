// SPDX-License-Identifier: GPL-2.0-only
/* The kernel log, for the core; ddi/log.c has the authors'. */
#define pr_fmt(fmt) "streams: " fmt
#include <linux/kernel.h>
#include <linux/printk.h>
#include "shim.h"

void lin_printk(enum lin_level level, const char *fmt, ...)
{
	struct va_format text;
	va_list args;

	va_start(args, fmt);
	text.fmt = fmt;
	text.va = &args;
	if (level == LIN_WARN)
		pr_warn_ratelimited("%pV", &text);
	else
		pr_info_ratelimited("%pV", &text);
	va_end(args);
}

/* A module's mistake: once, with the way that led there. */
void lin_warn(const char *what)
{
	WARN_ONCE(1, "streams: %s\n", what);
}

int lin_snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int length;

	va_start(args, fmt);
	length = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return length;
}
