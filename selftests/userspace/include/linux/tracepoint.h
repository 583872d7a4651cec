/* SPDX-License-Identifier: GPL-2.0-only */
/* Nobody traces: tracepoints are what they are in a kernel while they are off. */
#ifndef _USERSPACE_TRACEPOINT_H
#define _USERSPACE_TRACEPOINT_H

#include <linux/compiler.h>
#include <linux/types.h>

#define PARAMS(args...)		args
#define TP_PROTO(args...)	args
#define TP_ARGS(args...)	args
#define DECLARE_EVENT_CLASS(class, more...)	struct trace_class_##class
#define DEFINE_EVENT(class, name, proto, args)					\
	static inline void trace_##name(proto) { }				\
	static inline bool trace_##name##_enabled(void) { return false; }	\
	struct trace_event_##name
#define TRACE_EVENT(name, proto, args, more...)					\
	DEFINE_EVENT(name, name, PARAMS(proto), PARAMS(args))
#define DEFINE_EVENT_FN(class, name, proto, args, on, off)			\
	DEFINE_EVENT(class, name, PARAMS(proto), PARAMS(args))
#define TRACE_EVENT_FN(name, proto, args, more...)				\
	DEFINE_EVENT(name, name, PARAMS(proto), PARAMS(args))

#endif /* _USERSPACE_TRACEPOINT_H */
