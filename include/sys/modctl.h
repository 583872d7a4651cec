/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/modctl.h>: what makes a source file a loadable kernel module.
 *
 * There are two ways.  A source written for Solaris has _init(), _fini() and
 * _info(), which call mod_install() and its relatives; it is listed in its Kbuild
 * as solaris-m and needs nothing else.  A source of your own may end with
 * STREAMS_MODULE() or STREAMS_DRIVER() instead.  Both come to the same registry.
 *
 * A STREAMS module includes no Linux header, so the words that Linux looks for
 * in a .ko (init_module, cleanup_module, .modinfo) are made here.
 */
#ifndef _SYS_MODCTL_H
#define _SYS_MODCTL_H

#include <sys/conf.h>

#ifdef __cplusplus
#define STRM_C_LINKAGE extern "C"
extern "C" {
#else
#define STRM_C_LINKAGE extern
#endif

/* ------------------------------------------------- the way of Solaris */

/* A kind of thing to install; opaque. */
struct mod_ops {
	int	strm_kind;
};

extern struct mod_ops mod_strmodops;	/* a struct modlstrmod */
extern struct mod_ops mod_driverops;	/* a struct modldrv */
extern struct mod_ops mod_miscops;	/* a struct modlmisc */

/**
 * struct modlstrmod - a STREAMS module to install, modlstrmod(9S)
 * @strmod_modops: &mod_strmodops
 * @strmod_linkinfo: what it is, in words
 * @strmod_fmodsw: the module
 */
struct modlstrmod {
	struct mod_ops	*strmod_modops;
	const char	*strmod_linkinfo;
	struct fmodsw	*strmod_fmodsw;
};

/**
 * struct modldrv - a driver to install, modldrv(9S)
 * @drv_modops: &mod_driverops
 * @drv_linkinfo: what it is, in words
 * @drv_dev_ops: the driver
 */
struct modldrv {
	struct mod_ops	*drv_modops;
	const char	*drv_linkinfo;
	struct dev_ops	*drv_dev_ops;
};

/**
 * struct modlmisc - something that is neither, modlmisc(9S)
 * @misc_modops: &mod_miscops
 * @misc_linkinfo: what it is, in words
 */
struct modlmisc {
	struct mod_ops	*misc_modops;
	const char	*misc_linkinfo;
};

#define MODREV_1	1
#define MODMAXLINK	7
#define MODMAXNAMELEN	32
#define MODMAXLINKINFOLEN 32

/**
 * struct modlinkage - all that one .ko installs, modlinkage(9S)
 * @ml_rev: MODREV_1
 * @ml_linkage: struct modlstrmod, modldrv and modlmisc; NULL after the last
 */
struct modlinkage {
	int		ml_rev;
	void		*ml_linkage[MODMAXLINK];
};

/**
 * struct modinfo - what mod_info() fills in; opaque to those who call it
 * @mi_rev: MODREV_1
 * @mi_name: of the .ko, without ``streams_``
 * @mi_linkinfo: what each of the linkages is, in words
 */
struct modinfo {
	int		mi_rev;
	char		mi_name[MODMAXNAMELEN];
	char		mi_linkinfo[MODMAXLINK][MODMAXLINKINFOLEN];
};

/* The entry points of a module's author: 0 or an error number; _info(): 1 or 0. */
int _init(void);
int _fini(void);
int _info(struct modinfo *modinfop);

struct module;

/*
 * The .ko that a source is linked into.  <strm/modlink.h>, which Kbuild adds,
 * defines it.
 */
struct strm_linked {
	struct module	*owner;
	const char	*name;		/* of the .ko, without "streams_" */
	char		**conf;		/* properties of the driver; NULL for none */
};

extern const struct strm_linked strm_this_linked;

/**
 * strm_mod_install() - install modules and drivers, mod_install(9F)
 * @linkage: what to install
 * @linked: the .ko that it is in
 *
 * Call it as mod_install(@linkage), last in _init().  All that it names is
 * installed, or nothing.  A driver is called like the .ko; its attach procedure
 * has run when this returns, and its nodes are there.
 *
 * Context: process; may sleep.
 * Return: 0; EINVAL for a linkage, a name, a table or flags that are not right,
 *	and a line in the log says what is wrong; EEXIST where the name is taken;
 *	ENXIO where a driver does not attach; ENOMEM.
 */
int strm_mod_install(struct modlinkage *linkage, const struct strm_linked *linked);

/**
 * strm_mod_remove() - take back what was installed, mod_remove(9F)
 * @linkage: what was installed
 *
 * Call it as mod_remove(@linkage), first in _fini().  Drivers are detached.
 *
 * Context: process; may sleep.
 * Return: 0; EBUSY while a stream has one of them, or where a driver does not
 *	detach; ENOENT where they are not installed.
 */
int strm_mod_remove(struct modlinkage *linkage);

/**
 * strm_mod_info() - describe what a .ko installs, mod_info(9F)
 * @linkage: what it installs
 * @modinfop: to be filled in
 * @linked: the .ko
 *
 * Call it as mod_info(@linkage, @modinfop), in _info().
 *
 * Context: process.
 * Return: 1; 0 for a linkage of another revision.
 */
int strm_mod_info(struct modlinkage *linkage, struct modinfo *modinfop,
		  const struct strm_linked *linked);

#define mod_install(linkage)		strm_mod_install((linkage), &strm_this_linked)
#define mod_remove(linkage)		strm_mod_remove(linkage)
#define mod_info(linkage, modinfop)	strm_mod_info((linkage), (modinfop), &strm_this_linked)

/**
 * strm_linked_init() - what Linux calls when it loads a .ko
 * @linked: the .ko
 * @init: its _init()
 *
 * What a failing @init leaves installed is removed.
 *
 * Context: process; may sleep.
 * Return: 0 or a negative error number.
 */
int strm_linked_init(const struct strm_linked *linked, int (*init)(void));

/**
 * strm_linked_exit() - what Linux calls when it unloads a .ko
 * @linked: the .ko
 * @fini: its _fini()
 *
 * Linux does not ask whether a module will be unloaded.  While @fini says no, it
 * is called again, every tenth of a second.
 *
 * Context: process; sleeps.
 */
void strm_linked_exit(const struct strm_linked *linked, int (*fini)(void));

/* ----------------------------------------------------- the native way */

/* struct module of the .ko that this file is linked into */
extern struct module __this_module;

#ifdef __cplusplus
}
#endif

#define STRM_PASTE_(a, b)	a##b
#define STRM_PASTE(a, b)	STRM_PASTE_(a, b)

/* One string of .modinfo, as MODULE_INFO() makes it. */
#define STRM_MODINFO(tag, text)						\
	static const char STRM_PASTE(strm_modinfo_, __COUNTER__)[]	\
	__attribute__((used, section(".modinfo"), aligned(1))) = #tag "=" text

/*
 * The names that the module loader calls.  The second line keeps the landing
 * pad of an indirect call (IBT) where objtool would seal it as unused.
 */
#define STRM_ENTRY(name, function, type)				\
	STRM_C_LINKAGE type name(void) __attribute__((alias(#function))); \
	static void *const STRM_PASTE(strm_addressable_, name)		\
	__attribute__((used, section(".init.data"))) =	\
		(void *)(uintptr_t)&name

/**
 * STREAMS_MODULE() - make this file the .ko of a STREAMS module
 * @fm: its struct fmodsw
 * @name: its name as a string literal, by which I_PUSH loads it on demand
 * @terms: as MODULE_LICENSE(): "GPL", "Dual BSD/GPL" ...
 */
#define STREAMS_MODULE(fm, name, terms)					\
	STRM_MODINFO(license, terms);					\
	STRM_MODINFO(alias, "streams-module-" name);			\
	STRM_C_LINKAGE int strm_ko_init(void);				\
	STRM_C_LINKAGE void strm_ko_exit(void);				\
	int strm_ko_init(void)						\
	{								\
		return -strm_module_register(&(fm), &__this_module);	\
	}								\
	void strm_ko_exit(void)						\
	{								\
		strm_module_unregister(&(fm));				\
	}								\
	STRM_ENTRY(init_module, strm_ko_init, int);			\
	STRM_ENTRY(cleanup_module, strm_ko_exit, void)

/**
 * STREAMS_DRIVER() - make this file the .ko of a STREAMS driver
 * @drv: its struct strm_driver
 * @name: its name as a string literal
 * @terms: as MODULE_LICENSE()
 */
#define STREAMS_DRIVER(drv, name, terms)				\
	STRM_MODINFO(license, terms);					\
	STRM_MODINFO(alias, "streams-driver-" name);			\
	STRM_C_LINKAGE int strm_ko_init(void);				\
	STRM_C_LINKAGE void strm_ko_exit(void);				\
	int strm_ko_init(void)						\
	{								\
		return -strm_driver_register(&(drv), &__this_module);	\
	}								\
	void strm_ko_exit(void)						\
	{								\
		strm_driver_unregister(&(drv));				\
	}								\
	STRM_ENTRY(init_module, strm_ko_init, int);			\
	STRM_ENTRY(cleanup_module, strm_ko_exit, void)

#endif /* _SYS_MODCTL_H */
