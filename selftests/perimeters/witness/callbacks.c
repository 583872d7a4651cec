// SPDX-License-Identifier: GPL-2.0-only
/*
 * qtimeout() and qbufcall(), armed and cancelled by whoever comes by.
 *
 * The state of a slot is changed by compare and exchange; between two changes the
 * slot is its changer's.  A callback is told its slot and the low bits of its
 * generation, so that one which comes after its cancellation is known.
 */
#include <linux/delay.h>
#include "watch.h"

#define GENERATIONS	(__alignof__(struct slot))

/* Somebody who is in a callback waits for no other: they could wait for each other. */
static DEFINE_PER_CPU(int, in_callback);

static bool change(struct slot *slot, enum slot_state from, enum slot_state to)
{
	return atomic_cmpxchg(&slot->state, from, to) == from;
}

static queue_t *queue_of(const struct slot *slot)
{
	return queue_at(slot->owner, slot->side);
}

static bool called(const struct slot *slot)
{
	return atomic_read(&slot->ended);
}

/* The slot is in the caller's hand, ARMED until now. */
static void cancel_id(struct slot *slot, bool own)
{
	struct witness *w = slot->owner;
	clock_t left = -1;
	int begun;

	if (slot->bufcall)
		qunbufcall(queue_of(slot), slot->id);
	else
		left = quntimeout(queue_of(slot), (timeout_id_t)slot->id);
	begun = atomic_read(&slot->begun);
	if (own)
		return;
	if (begun && !called(slot))
		violation(w, "a callback runs that was cancelled");
	if (slot->bufcall) {
		if (!begun)
			count(bufcalls_cancelled);
		return;
	}
	if (left >= 0 && begun)
		violation(w, "quntimeout() says %ld for one that was called", left);
	if (left < 0 && !begun)
		violation(w, "quntimeout() says %ld for one that was not called", left);
	if (begun)
		count(timeouts_too_late);
	else
		count(timeouts_cancelled);
}

static void cancel_itself(struct slot *slot)
{
	if (!change(slot, SLOT_ARMED, SLOT_CANCELLING))
		return;
	cancel_id(slot, true);
	atomic_set_release(&slot->state, SLOT_ARMED);
}

static void be_called(void *arg)
{
	const unsigned int generation = (unsigned long)arg % GENERATIONS;
	struct slot *slot = (void *)((unsigned long)arg - generation);
	struct witness *w = slot->owner;
	enum slot_state state;
	struct visit visit;

	enter(&visit, w, queue_of(slot), ENTRY_CALLBACK);
	state = atomic_read(&slot->state);
	if (state == SLOT_IDLE || state == SLOT_CLOSED ||
	    READ_ONCE(slot->generation) % GENERATIONS != generation)
		violation(w, "a callback came after its cancellation");
	if (atomic_inc_return(&slot->begun) != 1)
		violation(w, "a callback was called twice");
	if (slot->bufcall)
		count(bufcalls_called);
	else
		count(timeouts_called);
	this_cpu_inc(in_callback);
	dally();
	if (below(8) == 0)
		cancel_itself(slot);
	if (below(2))
		send(w, FROM_PROCEDURE, slot->side ? PUT_WRITE : PUT_READ);
	mischief(&visit, queue_of(slot));
	this_cpu_dec(in_callback);
	leave(&visit);
	atomic_inc_return(&slot->ended); /* after all that the call has done */
}

static void arm(struct slot *slot, const queue_t *q)
{
	unsigned long arg;

	WRITE_ONCE(slot->generation, slot->generation + 1);
	atomic_set(&slot->begun, 0);
	atomic_set(&slot->ended, 0);
	arg = (unsigned long)slot + slot->generation % GENERATIONS;
	if (slot->bufcall) {
		slot->id = qbufcall((queue_t *)q, 64, BPRI_MED, be_called, (void *)arg);
		count(bufcalls_armed);
	} else {
		slot->id = (uintptr_t)qtimeout((queue_t *)q, be_called, (void *)arg, below(4));
		count(timeouts_armed);
	}
	if (!slot->id)
		count(no_memory);
	atomic_set_release(&slot->state, slot->id ? SLOT_ARMED : SLOT_IDLE);
}

/* some_callback - arm what is idle or over; cancel, or leave alone, what is armed */
void some_callback(struct witness *w, const queue_t *q)
{
	struct slot *slot = &w->slots[side_of(q)][below(SLOTS)];

	if (change(slot, SLOT_IDLE, SLOT_ARMING)) {
		arm(slot, q);
	} else if (this_cpu_read(in_callback) == 0 && below(2) &&
		   change(slot, SLOT_ARMED, SLOT_CANCELLING)) {
		cancel_id(slot, false);
		atomic_set_release(&slot->state, SLOT_IDLE);
	}
}

void callbacks_init(struct witness *w)
{
	for (int side = 0; side < 2; side++) {
		for (int i = 0; i < SLOTS; i++) {
			struct slot *slot = &w->slots[side][i];

			slot->owner = w;
			slot->side = side;
			slot->bufcall = i % 2;
			atomic_set(&slot->state, SLOT_IDLE);
		}
	}
}

/* callbacks_close - before qprocsoff(): none is armed, and none will be */
void callbacks_close(struct witness *w)
{
	for (int i = 0; i < 2 * SLOTS; i++) {
		struct slot *slot = &w->slots[i / SLOTS][i % SLOTS];

		while (!change(slot, SLOT_IDLE, SLOT_CLOSED)) {
			if (change(slot, SLOT_ARMED, SLOT_CANCELLING)) {
				cancel_id(slot, false);
				atomic_set_release(&slot->state, SLOT_CLOSED);
				break;
			}
			usleep_range(10, 100); /* somebody else has it in hand */
		}
	}
}

/* callbacks_done - those that are armed have been called */
bool callbacks_done(struct witness *w)
{
	for (int i = 0; i < 2 * SLOTS; i++) {
		struct slot *slot = &w->slots[i / SLOTS][i % SLOTS];
		int state = atomic_read(&slot->state);

		if (state == SLOT_ARMING || state == SLOT_CANCELLING ||
		    (state == SLOT_ARMED && !called(slot)))
			return false;
	}
	return true;
}
