// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tracepoints, and the way to them from C++.  C++ has no static keys: it
 * looks at a byte that says whether anybody listens.
 */
#include <linux/compiler.h>
#include <linux/string.h>
#include "shim.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

unsigned char strm_trace_queue_on __read_mostly;
unsigned char strm_trace_message_on __read_mostly;
unsigned char strm_trace_perimeter_on __read_mostly;

/* Under the kernel's mutex of tracepoints, as all of reg and unreg. */
static unsigned int queue_listeners;
static unsigned int message_listeners;
static unsigned int perimeter_listeners;

static void listen(unsigned int *listeners, unsigned char *on, int more)
{
	*listeners += more;
	WRITE_ONCE(*on, *listeners != 0);
}

int strm_trace_queue_reg(void)
{
	listen(&queue_listeners, &strm_trace_queue_on, 1);
	return 0;
}

void strm_trace_queue_unreg(void)
{
	listen(&queue_listeners, &strm_trace_queue_on, -1);
}

int strm_trace_message_reg(void)
{
	listen(&message_listeners, &strm_trace_message_on, 1);
	return 0;
}

void strm_trace_message_unreg(void)
{
	listen(&message_listeners, &strm_trace_message_on, -1);
}

int strm_trace_perimeter_reg(void)
{
	listen(&perimeter_listeners, &strm_trace_perimeter_on, 1);
	return 0;
}

void strm_trace_perimeter_unreg(void)
{
	listen(&perimeter_listeners, &strm_trace_perimeter_on, -1);
}

void lin_trace_putq(const struct queue *q, const struct msgb *mp, size_t count)
{
	trace_strm_putq(q, mp, count);
}

void lin_trace_putbq(const struct queue *q, const struct msgb *mp, size_t count)
{
	trace_strm_putbq(q, mp, count);
}

void lin_trace_getq(const struct queue *q, const struct msgb *mp, size_t count)
{
	trace_strm_getq(q, mp, count);
}

void lin_trace_enable(const struct queue *q, const char *was)
{
	trace_strm_enable(q, was);
}

void lin_trace_back_enable(const struct queue *q, const struct queue *room)
{
	trace_strm_back_enable(q, room);
}

void lin_trace_service_begin(const struct queue *q)
{
	trace_strm_service_begin(q);
}

void lin_trace_service_end(const struct queue *q)
{
	trace_strm_service_end(q);
}

void lin_trace_turned_away(const struct queue *q, const void *perimeter, unsigned int word)
{
	trace_strm_perimeter_turned_away(q, perimeter, word);
}

void lin_trace_defer(const void *perimeter, unsigned int word, const char *what)
{
	trace_strm_perimeter_defer(perimeter, word, what);
}

void lin_trace_drain_begin(const void *perimeter, unsigned int word)
{
	trace_strm_perimeter_drain_begin(perimeter, word);
}

void lin_trace_drain_end(const void *perimeter, unsigned int word, unsigned int ran)
{
	trace_strm_perimeter_drain_end(perimeter, word, ran);
}

void lin_trace_exclusive_wait_begin(const void *perimeter, unsigned int word)
{
	trace_strm_exclusive_wait_begin(perimeter, word);
}

void lin_trace_exclusive_wait_end(const void *perimeter, unsigned int word)
{
	trace_strm_exclusive_wait_end(perimeter, word);
}

void lin_trace_qwriter_immediate(const struct queue *q, const struct msgb *mp, int which)
{
	trace_strm_qwriter_immediate(q, mp, which);
}

void lin_trace_qwriter_deferred(const struct queue *q, const struct msgb *mp, int which)
{
	trace_strm_qwriter_deferred(q, mp, which);
}

void lin_trace_qwriter_run(const struct queue *q, const struct msgb *mp, int which)
{
	trace_strm_qwriter_run(q, mp, which);
}

void lin_trace_allocb(const struct msgb *mp, size_t size, const void *caller)
{
	trace_strm_allocb(mp, size, caller);
}

void lin_trace_freeb(const struct msgb *mp, const void *caller)
{
	trace_strm_freeb(mp, caller);
}

void lin_trace_open(const void *stream, const char *driver, unsigned int minor, int error)
{
	trace_strm_open(stream, driver, minor, driver, error);
}

void lin_trace_push(const void *stream, const char *driver, unsigned int minor,
		    const char *module, int error)
{
	trace_strm_push(stream, driver, minor, module, error);
}

void lin_trace_pop(const void *stream, const char *driver, unsigned int minor, const char *module)
{
	trace_strm_pop(stream, driver, minor, module, 0);
}

void lin_trace_close(const void *stream, const char *driver, unsigned int minor,
		     const char *module)
{
	trace_strm_close(stream, driver, minor, module, 0);
}
