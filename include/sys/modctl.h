/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/modctl.h>: what makes a source file a loadable kernel module.
 *
 * A STREAMS module includes no Linux header, so the words that Linux looks for
 * in a .ko (init_module, cleanup_module, .modinfo) are made here.
 */
#ifndef _SYS_MODCTL_H
#define _SYS_MODCTL_H

#include <sys/conf.h>

#ifdef __cplusplus
#define STRM_C_LINKAGE extern "C"
#else
#define STRM_C_LINKAGE extern
#endif

/* struct module of the .ko that this file is linked into */
STRM_C_LINKAGE struct module __this_module;

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
