// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parameters of streams_loopeth.ko, which can be read and written in
 * /sys/module/streams_loopeth/parameters: a number written to `unplug` pulls out the
 * interface of that PPA, and one written to `plug` puts it back.
 */
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include "loopeth.h"

static unsigned int pairs = 2;
module_param(pairs, uint, 0444);
MODULE_PARM_DESC(pairs, "wires, each with an interface at either end");

/* One at a time, and only between init and exit. */
static DEFINE_MUTEX(loopeth_changes);
static bool loopeth_loaded;

struct loopeth_setting {
	unsigned int value, min, max;
	void (*set)(uint_t value);
};

static int loopeth_change(const char *text, const struct kernel_param *kp)
{
	struct loopeth_setting *setting = kp->arg;
	unsigned int value;
	int error = kstrtouint(text, 0, &value);

	if (error)
		return error;
	if (value < setting->min || value > setting->max)
		return -ERANGE;
	mutex_lock(&loopeth_changes);
	setting->value = value;
	if (loopeth_loaded)
		setting->set(value);
	mutex_unlock(&loopeth_changes);
	return 0;
}

static int loopeth_show(char *text, const struct kernel_param *kp)
{
	const struct loopeth_setting *setting = kp->arg;

	return sysfs_emit(text, "%u\n", setting->value);
}

static const struct kernel_param_ops loopeth_settings = {
	.set = loopeth_change,
	.get = loopeth_show,
};

static struct loopeth_setting max_sdu = {
	.value = LOOPETH_SDU_MIN,
	.min = LOOPETH_SDU_MIN,
	.max = LOOPETH_SDU_MAX,
	.set = loopeth_set_max_sdu,
};
module_param_cb(max_sdu, &loopeth_settings, &max_sdu, 0644);
MODULE_PARM_DESC(max_sdu, "most bytes that a frame has behind its header");

static struct loopeth_setting speed = {
	.value = 10000,
	.min = 1,
	.max = LOOPETH_MBITS_MAX,
	.set = loopeth_set_speed,
};
module_param_cb(speed, &loopeth_settings, &speed, 0644);
MODULE_PARM_DESC(speed, "how fast the wires are, in Mbit/s");

static int loopeth_slot(const char *text, const struct kernel_param *kp)
{
	int (*change)(uint_t instance) = kp->arg;
	unsigned int instance;
	int error = kstrtouint(text, 0, &instance);

	if (error)
		return error;
	mutex_lock(&loopeth_changes);
	error = loopeth_loaded ? -change(instance) : -ENODEV;
	mutex_unlock(&loopeth_changes);
	return error;
}

static const struct kernel_param_ops loopeth_slots = { .set = loopeth_slot };

module_param_cb(plug, &loopeth_slots, loopeth_plug, 0200);
MODULE_PARM_DESC(plug, "put in the interface of this PPA");
module_param_cb(unplug, &loopeth_slots, loopeth_unplug, 0200);
MODULE_PARM_DESC(unplug, "pull out the interface of this PPA");

static int __init loopeth_init(void)
{
	int error;

	if (!pairs || pairs > LOOPETH_PAIRS_MAX)
		return -EINVAL;
	mutex_lock(&loopeth_changes);
	error = loopeth_load(THIS_MODULE, pairs, max_sdu.value, speed.value);
	loopeth_loaded = !error;
	mutex_unlock(&loopeth_changes);
	return -error;
}

static void __exit loopeth_exit(void)
{
	mutex_lock(&loopeth_changes);
	loopeth_loaded = false;
	loopeth_unload();
	mutex_unlock(&loopeth_changes);
}

module_init(loopeth_init);
module_exit(loopeth_exit);
MODULE_DESCRIPTION("STREAMS: network interfaces that are joined two by two");
MODULE_LICENSE("GPL");
