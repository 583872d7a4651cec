/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints: the way of a message, and what happens to a stream.
 *
 *	echo 1 >/sys/kernel/tracing/events/streams/enable
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM streams

#if !defined(_STRM_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _STRM_TRACE_H

#include <linux/tracepoint.h>
#include <sys/stream.h>

int strm_trace_queue_reg(void);
void strm_trace_queue_unreg(void);

TRACE_EVENT(strm_put,
	TP_PROTO(const queue_t *q, const mblk_t *mp),
	TP_ARGS(q, mp),
	TP_STRUCT__entry(
		__field(const void *, queue)
		__field(const void *, mp)
		__field(unsigned char, type)
		__field(unsigned char, band)
	),
	TP_fast_assign(
		__entry->queue = q;
		__entry->mp = mp;
		__entry->type = mp->b_datap->db_type;
		__entry->band = mp->b_band;
	),
	TP_printk("queue=%p mp=%p type=%#x band=%u", __entry->queue, __entry->mp,
		  __entry->type, __entry->band)
);

DECLARE_EVENT_CLASS(strm_queue,
	TP_PROTO(const void *queue, const void *mp, int type),
	TP_ARGS(queue, mp, type),
	TP_STRUCT__entry(
		__field(const void *, queue)
		__field(const void *, mp)
		__field(int, type)
	),
	TP_fast_assign(
		__entry->queue = queue;
		__entry->mp = mp;
		__entry->type = type;
	),
	TP_printk("queue=%p mp=%p type=%#x", __entry->queue, __entry->mp, __entry->type)
);

DEFINE_EVENT_FN(strm_queue, strm_putq,
	TP_PROTO(const void *queue, const void *mp, int type),
	TP_ARGS(queue, mp, type),
	strm_trace_queue_reg, strm_trace_queue_unreg);

DEFINE_EVENT_FN(strm_queue, strm_getq,
	TP_PROTO(const void *queue, const void *mp, int type),
	TP_ARGS(queue, mp, type),
	strm_trace_queue_reg, strm_trace_queue_unreg);

TRACE_EVENT_FN(strm_service,
	TP_PROTO(const void *queue, const char *module),
	TP_ARGS(queue, module),
	TP_STRUCT__entry(
		__field(const void *, queue)
		__array(char, module, 16)
	),
	TP_fast_assign(
		__entry->queue = queue;
		strscpy(__entry->module, module, sizeof(__entry->module));
	),
	TP_printk("queue=%p module=%s", __entry->queue, __entry->module),
	strm_trace_queue_reg, strm_trace_queue_unreg
);

TRACE_EVENT(strm_plumb,
	TP_PROTO(const char *what, const void *stream, const char *module),
	TP_ARGS(what, stream, module),
	TP_STRUCT__entry(
		__array(char, what, 8)
		__field(const void *, stream)
		__array(char, module, 16)
	),
	TP_fast_assign(
		strscpy(__entry->what, what, sizeof(__entry->what));
		__entry->stream = stream;
		strscpy(__entry->module, module, sizeof(__entry->module));
	),
	TP_printk("%s stream=%p module=%s", __entry->what, __entry->stream, __entry->module)
);

#endif /* _STRM_TRACE_H */

#undef linux	/* predefined as 1, and a part of the path */
#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH streams_core/linux
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
