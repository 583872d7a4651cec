/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What makes a .ko of a source that was written for Solaris.  Kbuild.cxx makes a
 * file of three lines that includes this, compiles it and links it in.
 *
 *   STRM_LINK_NAME	the name of the .ko without "streams_", as a string
 *   STRM_LINK_SVR4	for a module of System V Release 4: its prefix
 *   STRM_LINK_FLAGS	with it: D_MP ..., or nothing for <prefix>devflag
 */
#ifndef _STRM_MODLINK_H
#define _STRM_MODLINK_H

#include <linux/init.h>
#include <linux/module.h>
#include <sys/modctl.h>

#ifdef STRM_LINK_SVR4

/* Such a module is its tables: nothing of it runs when it is loaded. */
extern struct streamtab STRM_PASTE(STRM_LINK_SVR4, info);
#ifndef STRM_LINK_FLAGS
extern int STRM_PASTE(STRM_LINK_SVR4, devflag);
#define STRM_LINK_FLAGS	STRM_PASTE(STRM_LINK_SVR4, devflag)
#endif

static struct fmodsw strm_link_fmodsw = { STRM_LINK_NAME, &STRM_PASTE(STRM_LINK_SVR4, info), 0 };

static int __init strm_link_init(void)
{
	strm_link_fmodsw.f_flag = STRM_LINK_FLAGS;
	return -strm_module_register(&strm_link_fmodsw, THIS_MODULE);
}

static void __exit strm_link_exit(void)
{
	strm_module_unregister(&strm_link_fmodsw);
}

#else

static char *conf;
module_param(conf, charp, 0444);
MODULE_PARM_DESC(conf, "properties, as a driver.conf has them: name=value name=value ...");

const struct strm_linked strm_this_linked = {
	.owner = THIS_MODULE,
	.name = STRM_LINK_NAME,
	.conf = &conf,
};

static int __init strm_link_init(void)
{
	return strm_linked_init(&strm_this_linked, _init);
}

static void __exit strm_link_exit(void)
{
	strm_linked_exit(&strm_this_linked, _fini);
}

#endif

module_init(strm_link_init);
module_exit(strm_link_exit);

#endif /* _STRM_MODLINK_H */
