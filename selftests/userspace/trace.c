// SPDX-License-Identifier: GPL-2.0-only
/* Nobody traces, and no module is loaded: what is called for neither. */
#include "machine.h"

unsigned char strm_trace_queue_on, strm_trace_message_on;

#define NEVER(name) \
	void name(void); \
	void name(void) { machine_fail(#name "() was called"); }

NEVER(lin_trace_back_enable)
NEVER(lin_trace_enable)
NEVER(lin_trace_getq)
NEVER(lin_trace_putbq)
NEVER(lin_trace_putq)
NEVER(lin_trace_service_begin)
NEVER(lin_trace_service_end)
NEVER(lin_trace_allocb)
NEVER(lin_trace_freeb)
NEVER(lin_module_put)
