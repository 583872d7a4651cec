/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints: the way of a message, what is scheduled, and what happens to a
 * stream.
 *
 *	echo 1 >/sys/kernel/tracing/events/streams/enable
 *
 * A queue is named as strconf names its module, "head" for the stream head.
 * Pointers are hashed, as everywhere: they tell one from another.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM streams

#if !defined(_STRM_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _STRM_TRACE_H

#include <linux/tracepoint.h>
#include <sys/stream.h>
#include <strm/gate.h>
#include <strm/linux.h>

int strm_trace_queue_reg(void);
void strm_trace_queue_unreg(void);
int strm_trace_message_reg(void);
void strm_trace_message_unreg(void);
int strm_trace_perimeter_reg(void);
void strm_trace_perimeter_unreg(void);

#define show_type(type)							\
	__print_symbolic(type,						\
		{ M_DATA, "M_DATA" }, { M_PROTO, "M_PROTO" },		\
		{ M_BREAK, "M_BREAK" }, { M_PASSFP, "M_PASSFP" },	\
		{ M_EVENT, "M_EVENT" }, { M_SIG, "M_SIG" },		\
		{ M_DELAY, "M_DELAY" }, { M_CTL, "M_CTL" },		\
		{ M_IOCTL, "M_IOCTL" }, { M_SETOPTS, "M_SETOPTS" },	\
		{ M_RSE, "M_RSE" }, { M_IOCACK, "M_IOCACK" },		\
		{ M_IOCNAK, "M_IOCNAK" }, { M_PCPROTO, "M_PCPROTO" },	\
		{ M_PCSIG, "M_PCSIG" }, { M_READ, "M_READ" },		\
		{ M_FLUSH, "M_FLUSH" }, { M_STOP, "M_STOP" },		\
		{ M_START, "M_START" }, { M_HANGUP, "M_HANGUP" },	\
		{ M_ERROR, "M_ERROR" }, { M_COPYIN, "M_COPYIN" },	\
		{ M_COPYOUT, "M_COPYOUT" }, { M_IOCDATA, "M_IOCDATA" },	\
		{ M_PCRSE, "M_PCRSE" }, { M_STOPI, "M_STOPI" },		\
		{ M_STARTI, "M_STARTI" }, { M_PCEVENT, "M_PCEVENT" },	\
		{ M_UNHANGUP, "M_UNHANGUP" }, { M_CMD, "M_CMD" })

#define show_side(read) ((read) ? "read" : "write")

/* The word of a gate; "open" if it is 0, or tells only of which kind the gate is. */
#define STRM_GATE_CONSTANT (STRM_GATE_SOLE | STRM_GATE_NESTED)
#define show_gate(word)								\
	((word) & ~STRM_GATE_CONSTANT ?						\
	 __print_flags((word) & ~STRM_GATE_CONSTANT, "|",			\
		{ STRM_GATE_PENDING, "pending" }, { STRM_GATE_OWNED, "owned" },	\
		{ STRM_GATE_BACKLOG, "backlog" }, { STRM_GATE_FENCED, "fenced" }, \
		{ STRM_GATE_WATCHED, "watched" }) :				\
	 "open")

#define show_perimeter(which)							\
	__print_symbolic(which, { PERIM_INNER, "inner" }, { PERIM_OUTER, "outer" })

/* A message enters a queue: its put procedure is called, or it waits for that. */
DECLARE_EVENT_CLASS(strm_hop,
	TP_PROTO(const queue_t *q, const mblk_t *mp),
	TP_ARGS(q, mp),
	TP_STRUCT__entry(
		__field(const void *, queue)
		__array(char, module, 16)
		__field(bool, read)
		__field(const void *, mp)
		__field(unsigned char, type)
		__field(unsigned char, band)
		__field(size_t, bytes)
	),
	TP_fast_assign(
		__entry->queue = q;
		strscpy(__entry->module, strm_queue_name(q), sizeof(__entry->module));
		__entry->read = READ_ONCE(q->q_flag) & QREADR;
		__entry->mp = mp;
		__entry->type = mp->b_datap->db_type;
		__entry->band = mp->b_band;
		__entry->bytes = msgsize(mp);
	),
	TP_printk("queue=%p module=%s side=%s mp=%p type=%s band=%u bytes=%zu",
		  __entry->queue, __entry->module, show_side(__entry->read), __entry->mp,
		  show_type(__entry->type), __entry->band, __entry->bytes)
);

DEFINE_EVENT(strm_hop, strm_put,
	TP_PROTO(const queue_t *q, const mblk_t *mp), TP_ARGS(q, mp));
DEFINE_EVENT(strm_hop, strm_putnext,
	TP_PROTO(const queue_t *q, const mblk_t *mp), TP_ARGS(q, mp));

/* A message is on a queue now, or no more: @count bytes of its band are left there. */
DECLARE_EVENT_CLASS(strm_queued,
	TP_PROTO(const queue_t *q, const mblk_t *mp, size_t count),
	TP_ARGS(q, mp, count),
	TP_STRUCT__entry(
		__field(const void *, queue)
		__array(char, module, 16)
		__field(bool, read)
		__field(const void *, mp)
		__field(unsigned char, type)
		__field(unsigned char, band)
		__field(size_t, bytes)
		__field(size_t, count)
	),
	TP_fast_assign(
		__entry->queue = q;
		strscpy(__entry->module, strm_queue_name(q), sizeof(__entry->module));
		__entry->read = READ_ONCE(q->q_flag) & QREADR;
		__entry->mp = mp;
		__entry->type = mp->b_datap->db_type;
		__entry->band = mp->b_band;
		__entry->bytes = msgsize(mp);
		__entry->count = count;
	),
	TP_printk("queue=%p module=%s side=%s mp=%p type=%s band=%u bytes=%zu count=%zu",
		  __entry->queue, __entry->module, show_side(__entry->read), __entry->mp,
		  show_type(__entry->type), __entry->band, __entry->bytes, __entry->count)
);

DEFINE_EVENT_FN(strm_queued, strm_putq,
	TP_PROTO(const queue_t *q, const mblk_t *mp, size_t count), TP_ARGS(q, mp, count),
	strm_trace_queue_reg, strm_trace_queue_unreg);
DEFINE_EVENT_FN(strm_queued, strm_putbq,
	TP_PROTO(const queue_t *q, const mblk_t *mp, size_t count), TP_ARGS(q, mp, count),
	strm_trace_queue_reg, strm_trace_queue_unreg);
DEFINE_EVENT_FN(strm_queued, strm_getq,
	TP_PROTO(const queue_t *q, const mblk_t *mp, size_t count), TP_ARGS(q, mp, count),
	strm_trace_queue_reg, strm_trace_queue_unreg);

/* A service procedure is asked for: what the queue's schedule was. */
TRACE_EVENT_FN(strm_enable,
	TP_PROTO(const queue_t *q, const char *was),
	TP_ARGS(q, was),
	TP_STRUCT__entry(
		__field(const void *, queue)
		__array(char, module, 16)
		__field(bool, read)
		__array(char, was, 8)
	),
	TP_fast_assign(
		__entry->queue = q;
		strscpy(__entry->module, strm_queue_name(q), sizeof(__entry->module));
		__entry->read = READ_ONCE(q->q_flag) & QREADR;
		strscpy(__entry->was, was, sizeof(__entry->was));
	),
	TP_printk("queue=%p module=%s side=%s was=%s", __entry->queue, __entry->module,
		  show_side(__entry->read), __entry->was),
	strm_trace_queue_reg, strm_trace_queue_unreg
);

/* There is room again in a queue, and who waited for it is enabled. */
TRACE_EVENT_FN(strm_back_enable,
	TP_PROTO(const queue_t *q, const queue_t *room),
	TP_ARGS(q, room),
	TP_STRUCT__entry(
		__field(const void *, queue)
		__array(char, module, 16)
		__field(bool, read)
		__array(char, room, 16)
	),
	TP_fast_assign(
		__entry->queue = q;
		strscpy(__entry->module, strm_queue_name(q), sizeof(__entry->module));
		__entry->read = READ_ONCE(q->q_flag) & QREADR;
		strscpy(__entry->room, strm_queue_name(room), sizeof(__entry->room));
	),
	TP_printk("queue=%p module=%s side=%s room=%s", __entry->queue, __entry->module,
		  show_side(__entry->read), __entry->room),
	strm_trace_queue_reg, strm_trace_queue_unreg
);

/* A service procedure runs from one to the other; @count is of band 0. */
DECLARE_EVENT_CLASS(strm_service,
	TP_PROTO(const queue_t *q),
	TP_ARGS(q),
	TP_STRUCT__entry(
		__field(const void *, queue)
		__array(char, module, 16)
		__field(bool, read)
		__field(size_t, count)
	),
	TP_fast_assign(
		__entry->queue = q;
		strscpy(__entry->module, strm_queue_name(q), sizeof(__entry->module));
		__entry->read = READ_ONCE(q->q_flag) & QREADR;
		__entry->count = READ_ONCE(q->q_count);
	),
	TP_printk("queue=%p module=%s side=%s count=%zu", __entry->queue, __entry->module,
		  show_side(__entry->read), __entry->count)
);

DEFINE_EVENT_FN(strm_service, strm_service_begin,
	TP_PROTO(const queue_t *q), TP_ARGS(q),
	strm_trace_queue_reg, strm_trace_queue_unreg);
DEFINE_EVENT_FN(strm_service, strm_service_end,
	TP_PROTO(const queue_t *q), TP_ARGS(q),
	strm_trace_queue_reg, strm_trace_queue_unreg);

/* Somebody who came for a queue found the gate of a perimeter so that he cannot enter. */
TRACE_EVENT_FN(strm_perimeter_turned_away,
	TP_PROTO(const queue_t *q, const void *perimeter, unsigned int word),
	TP_ARGS(q, perimeter, word),
	TP_STRUCT__entry(
		__field(const void *, queue)
		__array(char, module, 16)
		__field(bool, read)
		__field(const void *, perimeter)
		__field(unsigned int, word)
	),
	TP_fast_assign(
		__entry->queue = q;
		strscpy(__entry->module, strm_queue_name(q), sizeof(__entry->module));
		__entry->read = READ_ONCE(q->q_flag) & QREADR;
		__entry->perimeter = perimeter;
		__entry->word = word;
	),
	TP_printk("queue=%p module=%s side=%s perimeter=%p gate=%s", __entry->queue,
		  __entry->module, show_side(__entry->read), __entry->perimeter,
		  show_gate(__entry->word)),
	strm_trace_perimeter_reg, strm_trace_perimeter_unreg
);

/* Something has a place in the FIFO of a perimeter. */
TRACE_EVENT_FN(strm_perimeter_defer,
	TP_PROTO(const void *perimeter, unsigned int word, const char *what),
	TP_ARGS(perimeter, word, what),
	TP_STRUCT__entry(
		__field(const void *, perimeter)
		__field(unsigned int, word)
		__array(char, what, 16)
	),
	TP_fast_assign(
		__entry->perimeter = perimeter;
		__entry->word = word;
		strscpy(__entry->what, what, sizeof(__entry->what));
	),
	TP_printk("perimeter=%p what=%s gate=%s", __entry->perimeter, __entry->what,
		  show_gate(__entry->word)),
	strm_trace_perimeter_reg, strm_trace_perimeter_unreg
);

DECLARE_EVENT_CLASS(strm_gate,
	TP_PROTO(const void *perimeter, unsigned int word),
	TP_ARGS(perimeter, word),
	TP_STRUCT__entry(
		__field(const void *, perimeter)
		__field(unsigned int, word)
	),
	TP_fast_assign(
		__entry->perimeter = perimeter;
		__entry->word = word;
	),
	TP_printk("perimeter=%p gate=%s", __entry->perimeter, show_gate(__entry->word))
);

/* A gate closes because one wants to be alone; those inside have left, and he is. */
DEFINE_EVENT_FN(strm_gate, strm_exclusive_wait_begin,
	TP_PROTO(const void *perimeter, unsigned int word), TP_ARGS(perimeter, word),
	strm_trace_perimeter_reg, strm_trace_perimeter_unreg);
DEFINE_EVENT_FN(strm_gate, strm_exclusive_wait_end,
	TP_PROTO(const void *perimeter, unsigned int word), TP_ARGS(perimeter, word),
	strm_trace_perimeter_reg, strm_trace_perimeter_unreg);

/* The FIFO of a perimeter is worked off from one to the other; @ran entries of it were run. */
DEFINE_EVENT_FN(strm_gate, strm_perimeter_drain_begin,
	TP_PROTO(const void *perimeter, unsigned int word), TP_ARGS(perimeter, word),
	strm_trace_perimeter_reg, strm_trace_perimeter_unreg);
TRACE_EVENT_FN(strm_perimeter_drain_end,
	TP_PROTO(const void *perimeter, unsigned int word, unsigned int ran),
	TP_ARGS(perimeter, word, ran),
	TP_STRUCT__entry(
		__field(const void *, perimeter)
		__field(unsigned int, word)
		__field(unsigned int, ran)
	),
	TP_fast_assign(
		__entry->perimeter = perimeter;
		__entry->word = word;
		__entry->ran = ran;
	),
	TP_printk("perimeter=%p ran=%u gate=%s", __entry->perimeter, __entry->ran,
		  show_gate(__entry->word)),
	strm_trace_perimeter_reg, strm_trace_perimeter_unreg
);

/* qwriter() is called: its function runs at once, or later; and when it runs later. */
DECLARE_EVENT_CLASS(strm_qwriter,
	TP_PROTO(const queue_t *q, const mblk_t *mp, int which),
	TP_ARGS(q, mp, which),
	TP_STRUCT__entry(
		__field(const void *, queue)
		__array(char, module, 16)
		__field(bool, read)
		__field(const void *, mp)
		__field(int, which)
	),
	TP_fast_assign(
		__entry->queue = q;
		strscpy(__entry->module, strm_queue_name(q), sizeof(__entry->module));
		__entry->read = READ_ONCE(q->q_flag) & QREADR;
		__entry->mp = mp;
		__entry->which = which;
	),
	TP_printk("queue=%p module=%s side=%s mp=%p perimeter=%s", __entry->queue,
		  __entry->module, show_side(__entry->read), __entry->mp,
		  show_perimeter(__entry->which))
);

DEFINE_EVENT_FN(strm_qwriter, strm_qwriter_immediate,
	TP_PROTO(const queue_t *q, const mblk_t *mp, int which), TP_ARGS(q, mp, which),
	strm_trace_perimeter_reg, strm_trace_perimeter_unreg);
DEFINE_EVENT_FN(strm_qwriter, strm_qwriter_deferred,
	TP_PROTO(const queue_t *q, const mblk_t *mp, int which), TP_ARGS(q, mp, which),
	strm_trace_perimeter_reg, strm_trace_perimeter_unreg);
DEFINE_EVENT_FN(strm_qwriter, strm_qwriter_run,
	TP_PROTO(const queue_t *q, const mblk_t *mp, int which), TP_ARGS(q, mp, which),
	strm_trace_perimeter_reg, strm_trace_perimeter_unreg);

/* A message block is made. */
TRACE_EVENT_FN(strm_allocb,
	TP_PROTO(const mblk_t *mp, size_t size, const void *caller),
	TP_ARGS(mp, size, caller),
	TP_STRUCT__entry(
		__field(const void *, mp)
		__field(size_t, size)
		__field(const void *, caller)
	),
	TP_fast_assign(
		__entry->mp = mp;
		__entry->size = size;
		__entry->caller = caller;
	),
	TP_printk("mp=%p size=%zu caller=%pS", __entry->mp, __entry->size, __entry->caller),
	strm_trace_message_reg, strm_trace_message_unreg
);

/* A message block goes; its buffer as well, where @refs is 1. */
TRACE_EVENT_FN(strm_freeb,
	TP_PROTO(const mblk_t *mp, const void *caller),
	TP_ARGS(mp, caller),
	TP_STRUCT__entry(
		__field(const void *, mp)
		__field(unsigned char, type)
		__field(unsigned int, refs)
		__field(const void *, caller)
	),
	TP_fast_assign(
		__entry->mp = mp;
		__entry->type = mp->b_datap->db_type;
		__entry->refs = DB_REF(mp);
		__entry->caller = caller;
	),
	TP_printk("mp=%p type=%s refs=%u caller=%pS", __entry->mp, show_type(__entry->type),
		  __entry->refs, __entry->caller),
	strm_trace_message_reg, strm_trace_message_unreg
);

/* Open procedures have answered; close procedures are about to be called. */
DECLARE_EVENT_CLASS(strm_plumb,
	TP_PROTO(const void *stream, const char *driver, unsigned int minor, const char *module,
		 int error),
	TP_ARGS(stream, driver, minor, module, error),
	TP_STRUCT__entry(
		__field(const void *, stream)
		__array(char, driver, 16)
		__field(unsigned int, minor)
		__array(char, module, 16)
		__field(int, error)
	),
	TP_fast_assign(
		__entry->stream = stream;
		strscpy(__entry->driver, driver, sizeof(__entry->driver));
		__entry->minor = minor;
		strscpy(__entry->module, module, sizeof(__entry->module));
		__entry->error = error;
	),
	TP_printk("stream=%p driver=%s minor=%u module=%s error=%d", __entry->stream,
		  __entry->driver, __entry->minor, __entry->module, __entry->error)
);

#define STRM_PLUMB_EVENT(name)								\
DEFINE_EVENT(strm_plumb, name,								\
	TP_PROTO(const void *stream, const char *driver, unsigned int minor,		\
		 const char *module, int error),					\
	TP_ARGS(stream, driver, minor, module, error))

STRM_PLUMB_EVENT(strm_open);
STRM_PLUMB_EVENT(strm_push);
STRM_PLUMB_EVENT(strm_pop);
STRM_PLUMB_EVENT(strm_close);

#endif /* _STRM_TRACE_H */

#undef linux	/* predefined as 1, and a part of the path */
#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH streams_core/linux
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
