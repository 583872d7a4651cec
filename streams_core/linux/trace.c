// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tracepoints, and the way to them from C++.  C++ has no static keys: it
 * looks at a byte that says whether anybody listens.
 */
#include <linux/atomic.h>
#include <linux/string.h>
#include "shim.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

unsigned char strm_trace_queue_on __read_mostly;

static atomic_t listeners = ATOMIC_INIT(0);

int strm_trace_queue_reg(void)
{
	atomic_inc(&listeners);
	WRITE_ONCE(strm_trace_queue_on, 1);
	return 0;
}

void strm_trace_queue_unreg(void)
{
	if (atomic_dec_and_test(&listeners))
		WRITE_ONCE(strm_trace_queue_on, 0);
}

void lin_trace_putq(const void *queue, const void *mp, int type)
{
	trace_strm_putq(queue, mp, type);
}

void lin_trace_getq(const void *queue, const void *mp, int type)
{
	trace_strm_getq(queue, mp, type);
}

void lin_trace_service(const void *queue, const char *module)
{
	trace_strm_service(queue, module);
}

void lin_trace_plumb(const char *what, const void *head, const char *module)
{
	trace_strm_plumb(what, head, module);
}
