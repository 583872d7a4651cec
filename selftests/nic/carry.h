/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Carry a flow of frames from one end of the wire to the other: each arrives once, in
 * order and unaltered.  Never more are under way than a ring has room for, so none may
 * be lost.
 */
#ifndef NIC_CARRY_H
#define NIC_CARRY_H

#include "ends.h"

#include <pthread.h>
#include <semaphore.h>

#define WINDOW	64

struct carriage {
	struct end	*from, *to;
	uint32_t	flow;
	int		count;
	sem_t		credit;
	int		send_error;
};

static inline void *carry_send(void *arg)
{
	struct carriage *carriage = arg;
	struct frame frame;

	for (int i = 0; i < carriage->count; i++) {
		size_t length = frame_make(&frame, carriage->to->address, carriage->from->address,
					   carriage->flow, i);

		sem_wait(&carriage->credit);
		if (end_send(carriage->from, &frame, length)) {
			carriage->send_error = errno ? errno : -1;
			break;
		}
	}
	return NULL;
}

/* carry_receive - how many frames came as they should */
static inline int carry_receive(struct carriage *carriage)
{
	struct frame frame;
	int number = 0;

	while (number < carriage->count && events_of(carriage->to->fd, POLLIN, PATIENCE) & POLLIN) {
		ssize_t length = end_receive(carriage->to, &frame);

		if (length < 0) {
			printf("# receiving failed: %s\n", strerror(errno));
			break;
		}
		if (!frame_is(&frame, length, carriage->flow))
			continue;
		if (ntohl(frame.number) != (uint32_t)number || !frame_good(&frame, length)) {
			printf("# frame %u of %zd bytes where frame %d should be\n",
			       ntohl(frame.number), length, number);
			break;
		}
		number++;
		sem_post(&carriage->credit);
	}
	return number;
}

/* carry - this many frames; how many came as they should */
static inline int carry(struct end *from, struct end *to, uint32_t flow, int count)
{
	struct carriage carriage = { .from = from, .to = to, .flow = flow, .count = count };
	pthread_t sender;
	int number;

	sem_init(&carriage.credit, 0, WINDOW);
	if (pthread_create(&sender, NULL, carry_send, &carriage))
		return -1;
	number = carry_receive(&carriage);
	if (number < count)
		pthread_cancel(sender);
	pthread_join(sender, NULL);
	if (carriage.send_error)
		printf("# sending failed: %s\n", strerror(carriage.send_error));
	return number;
}

/* new_flow - a number that no flow has had */
static inline uint32_t new_flow(void)
{
	static uint32_t last;

	return (uint32_t)getpid() << 8 | ++last;
}

/* calm - until nothing has come for a moment */
static inline void calm(struct end *end)
{
	struct pollfd readable = { .fd = end->fd, .events = POLLIN };
	struct frame frame;

	while (poll(&readable, 1, 100 * slow()) > 0 && readable.revents & POLLIN)
		end_receive(end, &frame);
}

/*
 * reached - frames get through from one end to the other, if they did not before: a link
 * takes a moment to come up, and QEMU's 82540EM hears nothing for a second after each
 * change of its filter, and then loses some of what has come meanwhile.
 */
static inline bool reached(struct end *from, struct end *to)
{
	long long deadline = now_ms() + 1000LL * PATIENCE * slow();
	struct pollfd readable = { .fd = to->fd, .events = POLLIN };
	uint32_t flow = new_flow();
	struct frame frame, got;
	size_t length;

	length = frame_make(&frame, to->address, from->address, flow, 0);
	while (now_ms() < deadline) {
		if (end_send(from, &frame, length))
			return false;
		while (poll(&readable, 1, 100) > 0) {
			if (frame_is(&got, end_receive(to, &got), flow)) {
				calm(to);
				return true;
			}
		}
	}
	return false;
}

/* carried - whether some frames go both ways, between ours and the kernel's own */
static inline bool carried(enum end_kind kind, int count)
{
	struct end ours = { .fd = -1 }, peer = { .fd = -1 };
	bool good;

	good = !end_open(&ours, card(), kind) && !end_open(&peer, peer_card(), PACKET) &&
	       reached(&ours, &peer) && reached(&peer, &ours) &&
	       carry(&ours, &peer, new_flow(), count) == count &&
	       carry(&peer, &ours, new_flow(), count) == count;
	end_close(&ours);
	end_close(&peer);
	return good;
}

#endif /* NIC_CARRY_H */
