/* SPDX-License-Identifier: GPL-2.0-only */
/* What these modules have in common: all but their mistake. */
#ifndef WRONG_H
#define WRONG_H

#include <sys/ddi.h>
#include <sys/kmem.h>
#include <sys/ksynch.h>
#include <sys/modctl.h>
#include <sys/stream.h>

__attribute__((unused)) static int right_open(queue_t *q, dev_t *devp, int oflag, int sflag,
					      cred_t *crp)
{
	qprocson(q);
	return 0;
}

__attribute__((unused)) static int right_close(queue_t *q, int flag, cred_t *crp)
{
	qprocsoff(q);
	return 0;
}

__attribute__((unused)) static int right_put(queue_t *q, mblk_t *mp)
{
	putnext(q, mp);
	return 0;
}

/* The mistakes are on the write side; @service may be NULL. */
#define WRONG_MODULE(name, flags, open, close, put, service)			\
	static struct module_info info = { 0x5257, #name, 0, INFPSZ, STRHIGH, STRLOW }; \
	static struct qinit rinit = { .qi_putp = right_put, .qi_qopen = open,	\
				      .qi_qclose = close, .qi_minfo = &info };	\
	static struct qinit winit = { .qi_putp = put, .qi_srvp = service,	\
				      .qi_minfo = &info };			\
	static struct streamtab tab = { &rinit, &winit, NULL, NULL };		\
	static const struct fmodsw name = { #name, &tab, D_MP | (flags) };	\
	STREAMS_MODULE(name, #name, "GPL")

#endif /* WRONG_H */
