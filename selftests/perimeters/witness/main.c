// SPDX-License-Identifier: GPL-2.0-only
/*
 * witness: for each legal word of flags a driver w<n>d, a module w<n> of its own,
 * and a module w<n>s that shares the driver's streamtab, and so its perimeters.
 * /sys/kernel/debug/witness says which, takes orders and tells what was seen.
 */
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "watch.h"

#define MOST_WORDS	64

struct word {
	int			flags;
	struct kind		own, shared;	/* the module's tables; the driver's */
	struct fmodsw		module, sharer;
	struct strm_driver	driver;
	int			errors[3];	/* of their registration */
};

static struct word *words;
static unsigned int nr_words;
static unsigned int illegal_tried, illegal_taken;
static struct dentry *folder;
struct witness *witnesses;

struct kind *kind_of(const queue_t *q)
{
	return container_of(q->q_qinfo, struct kind, rinit);
}

/* The rules of mt-streams(9F), in words of their own. */
static bool legal(int flags)
{
	const bool put_shared = flags & D_MTPUTSHARED;
	const int scope = flags & D_MTPERMOD;

	if (!(flags & D_MP) || (flags & _D_OLD))
		return false;
	if (flags & D_MTOCEXCL && !(flags & D_MTOUTPERIM))
		return false;
	switch (scope) {
	case 0:
		return !put_shared && !(flags & (_D_MTOCSHARED | _D_MTCBSHARED | _D_MTSVCSHARED));
	case D_MTPERMOD:
		if (flags & D_MTOUTPERIM)
			return false;
		break;
	default:
		if (flags & _D_MTSVCSHARED)
			return false;
	}
	return put_shared || !(flags & (_D_MTOCSHARED | _D_MTCBSHARED | _D_MTSVCSHARED));
}

static void fill_kind(struct kind *kind, int flags)
{
	kind->flags = flags;
	kind->info = (struct module_info){ 0x5749, kind->name, 0, INFPSZ, STRHIGH, STRLOW };
	kind->rinit = (struct qinit){ .qi_putp = witness_put, .qi_srvp = witness_srv,
				      .qi_qopen = witness_open, .qi_qclose = witness_close,
				      .qi_minfo = &kind->info };
	kind->winit = (struct qinit){ .qi_putp = witness_put, .qi_srvp = witness_srv,
				      .qi_minfo = &kind->info };
	kind->tab = (struct streamtab){ &kind->rinit, &kind->winit, NULL, NULL };
}

static void register_word(struct word *word, unsigned int n)
{
	snprintf(word->own.name, sizeof(word->own.name), "w%u", n);
	snprintf(word->shared.name, sizeof(word->shared.name), "w%ud", n);
	fill_kind(&word->own, word->flags);
	fill_kind(&word->shared, word->flags);
	word->module = (struct fmodsw){ .f_str = &word->own.tab, .f_flag = word->flags };
	word->sharer = (struct fmodsw){ .f_str = &word->shared.tab, .f_flag = word->flags };
	word->driver = (struct strm_driver){ .d_str = &word->shared.tab, .d_flag = word->flags,
					     .d_minors = 2, .d_mode = 0600 };
	snprintf(word->module.f_name, sizeof(word->module.f_name), "w%u", n);
	snprintf(word->sharer.f_name, sizeof(word->sharer.f_name), "w%us", n);
	snprintf(word->driver.d_name, sizeof(word->driver.d_name), "w%ud", n);
	word->errors[0] = strm_module_register(&word->module, THIS_MODULE);
	word->errors[1] = strm_module_register(&word->sharer, THIS_MODULE);
	word->errors[2] = strm_driver_register(&word->driver, THIS_MODULE);
}

static void unregister_word(struct word *word)
{
	if (!word->errors[0])
		strm_module_unregister(&word->module);
	if (!word->errors[1])
		strm_module_unregister(&word->sharer);
	if (!word->errors[2])
		strm_driver_unregister(&word->driver);
}

/* Both must be refused with EINVAL, the module and the driver. */
static void try_illegal(int flags)
{
	struct word *word = kzalloc(sizeof(*word), GFP_KERNEL);

	if (!word)
		return;
	word->flags = flags;
	register_word(word, 99);
	illegal_tried++;
	for (int i = 0; i < 3; i++) {
		if (word->errors[i] == EINVAL)
			continue;
		pr_err("witness: %#x is illegal and was answered with %d\n", flags,
		       word->errors[i]);
		illegal_taken++;
	}
	unregister_word(word);
	kfree(word);
}

/* combination - one of 1024 words of the flags that are about perimeters */
static int combination(unsigned int n)
{
	static const int bits[] = { D_MTPERQ,	   D_MTQPAIR,	   D_MTOUTPERIM, D_MTOCEXCL,
				    D_MTPUTSHARED, _D_MTOCSHARED, _D_MTCBSHARED, _D_MTSVCSHARED,
				    D_MP,	   _D_OLD };
	int flags = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(bits); i++)
		flags |= n & 1 << i ? bits[i] : 0;
	return flags;
}

static void register_all(void)
{
	for (unsigned int n = 0; n < 1024; n++) {
		const int flags = combination(n);

		if (!legal(flags)) {
			try_illegal(flags);
		} else if (nr_words < MOST_WORDS) {
			words[nr_words].flags = flags;
			register_word(&words[nr_words], nr_words);
			nr_words++;
		}
	}
}

static const char *const count_names[COUNTS_ALL] = {
	[COUNT_puts] = "puts",
	[COUNT_services] = "services",
	[COUNT_opens] = "opens",
	[COUNT_reopens] = "reopens",
	[COUNT_closes] = "closes",
	[COUNT_timeouts_armed] = "timeouts_armed",
	[COUNT_timeouts_called] = "timeouts_called",
	[COUNT_timeouts_cancelled] = "timeouts_cancelled",
	[COUNT_timeouts_too_late] = "timeouts_too_late",
	[COUNT_bufcalls_armed] = "bufcalls_armed",
	[COUNT_bufcalls_called] = "bufcalls_called",
	[COUNT_bufcalls_cancelled] = "bufcalls_cancelled",
	[COUNT_inner_at_once] = "inner_at_once",
	[COUNT_inner_later] = "inner_later",
	[COUNT_outer_at_once] = "outer_at_once",
	[COUNT_outer_later] = "outer_later",
	[COUNT_waits] = "waits",
	[COUNT_signals] = "signals",
	[COUNT_stamped] = "stamped",
	[COUNT_flushed_service] = "flushed_service",
	[COUNT_from_softirq] = "from_softirq",
	[COUNT_from_hardirq] = "from_hardirq",
	[COUNT_no_memory] = "no_memory",
	[COUNT_deepest] = "deepest",
};

static int words_show(struct seq_file *out, void *unused)
{
	for (unsigned int n = 0; n < nr_words; n++)
		seq_printf(out, "%u 0x%x %d %d %d\n", n, words[n].flags, words[n].errors[0],
			   words[n].errors[1], words[n].errors[2]);
	seq_printf(out, "illegal %u taken %u\n", illegal_tried, illegal_taken);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(words);

static int violations_show(struct seq_file *out, void *unused)
{
	show_violations(out);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(violations);

static int counts_show(struct seq_file *out, void *unused)
{
	for (int i = 0; i < COUNTS_ALL; i++)
		seq_printf(out, "%s %d\n", count_names[i], atomic_read(&witness_counts[i]));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(counts);

/* Nothing is under way any more: it was written to or read from for the last time. */
static bool settled(bool complain)
{
	bool all = true;

	for (unsigned int i = 0; i < MOST_WITNESSES; i++) {
		struct witness *w = &witnesses[i];

		if (atomic_read(&w->on) != 1)
			continue;
		if (complain && atomic_read(&w->writers))
			violation(w, "%d qwriter() never ran", atomic_read(&w->writers));
		all = all && !atomic_read(&w->writers) && callbacks_done(w) &&
		      sources_settled(w, complain);
	}
	return all;
}

/* "settle <seconds>": sources stop; in time all that was sent must have arrived */
static int settle(unsigned int seconds)
{
	const unsigned long deadline = jiffies + seconds * HZ;

	atomic_set(&knobs.sources, 0);
	atomic_set(&knobs.mischief, 0);
	msleep(20);	/* who had looked at the knobs before is done */
	while (!settled(false)) {
		if (time_after(jiffies, deadline)) {
			settled(true);
			return -ETIMEDOUT;
		}
		if (msleep_interruptible(2))
			return -EINTR;
	}
	return 0;
}

static ssize_t orders_write(struct file *file, const char __user *from, size_t size, loff_t *pos)
{
	unsigned int seconds;
	char text[32];
	int error = 0;

	if (size >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, from, size))
		return -EFAULT;
	text[size] = '\0';
	if (sscanf(text, "settle %u", &seconds) == 1) {
		error = settle(seconds);
	} else if (!strcmp(text, "forget")) {
		forget_violations();
		for (int i = 0; i < COUNTS_ALL; i++)
			atomic_set(&witness_counts[i], 0);
	} else {
		error = -EINVAL;
	}
	return error ?: size;
}

static const struct file_operations orders_fops = {
	.owner = THIS_MODULE,
	.write = orders_write,
};

static void make_folder(void)
{
	folder = debugfs_create_dir("witness", NULL);
	debugfs_create_file("words", 0400, folder, NULL, &words_fops);
	debugfs_create_file("violations", 0400, folder, NULL, &violations_fops);
	debugfs_create_file("counts", 0400, folder, NULL, &counts_fops);
	debugfs_create_file("orders", 0200, folder, NULL, &orders_fops);
	debugfs_create_atomic_t("sources", 0600, folder, &knobs.sources);
	debugfs_create_atomic_t("period", 0600, folder, &knobs.period);
	debugfs_create_atomic_t("burst", 0600, folder, &knobs.burst);
	debugfs_create_atomic_t("mischief", 0600, folder, &knobs.mischief);
	debugfs_create_atomic_t("waits", 0600, folder, &knobs.waits);
	debugfs_create_atomic_t("mute", 0600, folder, &knobs.mute);
	debugfs_create_atomic_t("dally", 0600, folder, &knobs.dally);
}

static int __init witness_init(void)
{
	int error;

	words = kvcalloc(MOST_WORDS, sizeof(*words), GFP_KERNEL);
	witnesses = kvcalloc(MOST_WITNESSES, sizeof(*witnesses), GFP_KERNEL);
	error = words && witnesses ? -bounce_register() : -ENOMEM;
	if (error) {
		kvfree(words);
		kvfree(witnesses);
		return error;
	}
	for (unsigned int i = 0; i < MOST_WITNESSES; i++)
		witnesses[i].index = i;
	atomic_set(&knobs.period, 1000);
	atomic_set(&knobs.burst, 1);
	register_all();
	make_folder();
	return 0;
}

/* No stream is left that would hold the module. */
static void __exit witness_exit(void)
{
	debugfs_remove(folder);
	for (unsigned int n = 0; n < nr_words; n++)
		unregister_word(&words[n]);
	bounce_unregister();
	kvfree(witnesses);
	kvfree(words);
}

module_init(witness_init);
module_exit(witness_exit);
MODULE_DESCRIPTION("STREAMS modules that watch their perimeters");
MODULE_LICENSE("GPL");
