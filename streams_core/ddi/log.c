// SPDX-License-Identifier: GPL-2.0-only
/* cmn_err(9F), strlog(9F) and failed assertions: the kernel log. */
#define pr_fmt(fmt) "streams: " fmt
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/string.h>
#include "local.h"
#include <sys/cmn_err.h>
#include <sys/debug.h>
#include <sys/strlog.h>

/* Of those that end a line by themselves: what ends one that does not. */
static const char *line_end(const char *fmt)
{
	size_t length = strlen(fmt);

	return length && fmt[length - 1] == '\n' ? "" : "\n";
}

void vcmn_err(int level, const char *fmt, va_list args)
{
	struct va_format text = { .fmt = fmt };
	va_list copy;

	if (*fmt == '!' || *fmt == '^' || *fmt == '?')
		text.fmt++;
	va_copy(copy, args);
	text.va = &copy;
	switch (level) {
	case CE_CONT:
		pr_cont("%pV", &text);
		break;
	case CE_NOTE:
		pr_notice_ratelimited("NOTICE: %pV%s", &text, line_end(fmt));
		break;
	case CE_WARN:
		pr_warn_ratelimited("WARNING: %pV%s", &text, line_end(fmt));
		break;
	case CE_PANIC:
		panic("streams: %pV", &text);
	}
	va_end(copy);
}

void cmn_err(int level, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vcmn_err(level, fmt, args);
	va_end(args);
}

int strlog(short mid, short sid, char level, ushort_t flags, char *fmt, ...)
{
	struct va_format text = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	text.va = &args;
	if (flags & (SL_ERROR | SL_FATAL))
		pr_err_ratelimited("%d.%d: %pV%s", mid, sid, &text, line_end(fmt));
	else if (flags & SL_WARN)
		pr_warn_ratelimited("%d.%d: %pV%s", mid, sid, &text, line_end(fmt));
	else if (flags & (SL_CONSOLE | SL_NOTE | SL_NOTIFY))
		pr_notice_ratelimited("%d.%d: %pV%s", mid, sid, &text, line_end(fmt));
	va_end(args);
	if (flags & SL_TRACE) {
		va_start(args, fmt);
		pr_debug("%d.%d level %d: %pV%s", mid, sid, level, &text, line_end(fmt));
		va_end(args);
	}
	return 1;
}

void assfail(const char *what, const char *file, int line)
{
	pr_crit("assertion failed: %s, file %s, line %d\n", what, file, line);
}

void assfail3(const char *what, uintmax_t left, const char *op, uintmax_t right,
	      const char *file, int line)
{
	pr_crit("assertion failed: %s (%#llx %s %#llx), file %s, line %d\n", what, left, op,
		right, file, line);
}
