// SPDX-License-Identifier: GPL-2.0-only
/* What runs later in a thread of the kernel's, and may sleep. */
#include <linux/workqueue.h>
#include "shim.h"

void lin_init_delayed_work(struct lin_delayed_work *work,
			   void (*func)(struct lin_delayed_work *work))
{
	/* func is called with the work_struct, which a delayed_work begins with */
	BUILD_BUG_ON(offsetof(struct delayed_work, work) != 0);
	INIT_DELAYED_WORK(to_linux(struct delayed_work, work), (work_func_t)func);
}

/* Any context.  Nothing where it waits for its time already. */
void lin_schedule_delayed_work(struct lin_delayed_work *work, long jiffies)
{
	schedule_delayed_work(to_linux(struct delayed_work, work), jiffies);
}

/* Any context.  Also where it waits for another time. */
void lin_mod_delayed_work(struct lin_delayed_work *work, long jiffies)
{
	mod_delayed_work(system_wq, to_linux(struct delayed_work, work), jiffies);
}

void lin_cancel_delayed_work_sync(struct lin_delayed_work *work)
{
	cancel_delayed_work_sync(to_linux(struct delayed_work, work));
}
