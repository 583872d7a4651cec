/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A driver and a stream head of their own for libdlpi, in the place of the kernel: the
 * calls that libdlpi makes come here, and the clock goes on only while it waits.
 */
#ifndef LIBDLPI_TEST_PROVIDER_H
#define LIBDLPI_TEST_PROVIDER_H

#include <libdlpi.h>
#include <stropts.h>

#define FAKE_FD		1000

/* What the fake driver is like; provider_reset() makes it a good one. */
struct provider {
	int		style1;		/* errno of opening the node of style 1, or 0 */
	int		style2;
	int		is_stream;
	uint32_t	version;
	uint32_t	mode;
	int		raw_errno;	/* of DLIOCRAW */
	int		native_errno;	/* of DLIOCNATIVE */
	uint32_t	ppa_attached;	/* ~0: none */
	uint32_t	state;
	uint32_t	min_sdu, max_sdu;
	int		tells_qos;	/* in a DL_INFO_ACK */
	uint32_t	bound_sap;	/* 0: the one that is asked for */
	uint32_t	notes;		/* that it can tell */
	uint32_t	notes_wanted;	/* as it was last told */
	uint32_t	fail_primitive;	/* this one is refused */
	uint32_t	fail_errno, fail_unix_errno;
	uint32_t	mute_primitive;	/* this one is not answered */
	int		interrupts;	/* so many calls are interrupted first */
	int		ioctl_interrupts;	/* and so many ioctls */
	int		hung_up;
	int		closed;
	char		nodes[256];	/* all that were opened */
	char		asked[512];	/* numbers of all requests */
	unsigned char	sent_ctl[256];	/* the last message that was no request */
	int		sent_ctllen;
	unsigned char	sent_data[4096];
	int		sent_datalen;
	long long	now;		/* ms */
};

extern struct provider provider;

void provider_reset(void);

/*
 * A message at the stream head; ctl or data may be NULL.  One of high priority goes
 * first, and if there is one already, it is lost.
 */
void provider_queue(int hipri, const void *ctl, int ctllen, const void *data, int datalen);
int provider_queued(void);

#endif /* LIBDLPI_TEST_PROVIDER_H */
