/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The gate of a counted perimeter, on processors with store buffers.
 *
 * What is modelled is perimeter/perimeter.cc and perimeter/drain.cc, the claims of
 * streams_core/linux/claim.h and hop.c, and of perimeter/fence.cc what it promises.
 * An inline here has the name of the function that it stands for; perimeter.hh tells
 * the protocol in prose.  A perimeter with another one around it is in nesting.pml.
 *
 * Memory is that of x86 (TSO).  A store goes to the end of its CPU's buffer, and some
 * time later (processor()) to memory; a load looks into the CPU's own buffer first.  An
 * atomic operation, a fence or taking a lock waits until the buffer is empty; giving a
 * lock back is a store.  So a load may overtake a store, which is what (A), (B), (C)
 * and (D) are about, and nothing else can: what acquire and release mean on other
 * processors is modelled only as the mutants NO_OPEN_RELEASE and NO_LEAVE_RELEASE.
 *
 * In memory are the gate's word, the lock, the counters and, with DATA, what those
 * inside write.  What only the lock protects needs no buffer, and is plain variables.
 *
 * Put procedures, softirqs and what a process does with bottom halves off have their
 * CPU for themselves (bh_off).  Everything that is not one atomic block here can be
 * interleaved with everybody else's steps.
 *
 * Where the code counts claims before it opens a gate that is FENCED, any claim may do
 * so here (SETTLES).  Where an owner drains on its way out, here a softirq does at once,
 * as the code may after each entry.  qwait() is not modelled.
 *
 * Promised is:
 *  alone	  there is one owner at most, and no shared claim is inside beside it
 *  once	  what is on a list is not put on it again
 *  order	  a sender's second message is not delivered before the put procedure has
 *		  returned that was called with its first
 *  none left	  in the end all are through, the gate is at rest and the sum is 0
 *  an end	  all of it comes to an end (the runs with -DNP)
 *
 * run.sh has the runs, with what each shows, and the mutants: each takes away one thing
 * that is needed, and must break a promise.
 */
#ifndef CPUS
#define CPUS 2
#endif
#ifndef MESSAGES
#define MESSAGES 2	/* from each sender */
#endif
#ifndef SETTLES
#define SETTLES 0	/* how often the gate may go from FENCED to 0 */
#endif
#ifndef DEEP
#define DEEP 0		/* how many messages come too deeply nested */
#endif
#ifndef FIRST
#define FIRST FENCED	/* the gate in the beginning */
#endif

/* --- memory ------------------------------------------------------------------ */

#ifdef DATA
#define BUFFER 5
#else
#define BUFFER 3
#endif

/* Places in memory. */
#define WORD	0
#define LOCK	1
#define CLAIMS	2		/* one for each CPU */
#define MINE	(CLAIMS + CPUS)	/* one for each CPU: what a shared claimant writes */
#ifdef DATA
#define OURS	(MINE + CPUS)	/* what an owner writes */
#define PLACES	(OURS + 1)
#else
#define PLACES	MINE
#endif

byte memory[PLACES];

typedef Buffer {
	byte used;
	byte place[BUFFER];
	byte value[BUFFER];
};
Buffer buffer[CPUS];

#define stored(c, i, p)	(buffer[c].used > i && buffer[c].place[i] == (p))
#ifdef DATA
#define load(c, p) \
	(stored(c, 4, p) -> buffer[c].value[4] : (stored(c, 3, p) -> buffer[c].value[3] : \
	(stored(c, 2, p) -> buffer[c].value[2] : (stored(c, 1, p) -> buffer[c].value[1] : \
	(stored(c, 0, p) -> buffer[c].value[0] : memory[p])))))
#else
#define load(c, p) \
	(stored(c, 2, p) -> buffer[c].value[2] : (stored(c, 1, p) -> buffer[c].value[1] : \
	(stored(c, 0, p) -> buffer[c].value[0] : memory[p])))
#endif

#define room(c)		(buffer[c].used < BUFFER)
#define drained(c)	(buffer[c].used == 0)
inline store(c, p, v)
{
	buffer[c].place[buffer[c].used] = p;
	buffer[c].value[buffer[c].used] = v;
	buffer[c].used++
}

/* --- what the code has --------------------------------------------------------- */

#define FENCED	1
#define BACKLOG	2
#define PENDING	4
#define OWNED	8

byte own[CPUS];		/* the counter as its CPU sees it */

/* Under the lock.  Names as in perimeter.hh. */
bool owned_, draining;
bool careful = (FIRST != 0);
bool fenced = (FIRST != 0);
bool fencing;
byte exclusives;	/* entries that are */
chan fifo = [6] of { bool, byte };	/* exclusive? which? */
chan writers = [3] of { bool, byte };

byte backlog[2];	/* of each queue: waits, or is being delivered by the drainer */

/* Entries. */
#define WAITER		1	/* a process that wants to be alone: its number is added */
#define GUEST		4	/* a process that wants to share */
#define SERVICE		7
#define WRITER		8	/* the number of the sender is added */
#define MESSAGE		16	/* 8 * sender + sequence */
#define exclusive(e)	((e) < GUEST || (e) == SERVICE || (e) / 8 == 1)

bool granted[3];	/* completions of processes */
byte drain_on;		/* the runner's list that the drain is on: CPU + 1 */

/* The fence engine. */
bool round;
byte outstanding;	/* interrupts of this round */
bool interrupt[CPUS];

/* --- what is observed ------------------------------------------------------------ */

bool bh_off[CPUS];
bool owned;		/* somebody is alone, or may be */
byte inside;		/* shared claims that are granted */
byte finished[2];	/* of each sender: put procedures that have returned */
byte written;		/* callbacks of qwriter() */
byte asked;		/* for those */
byte served;
byte served_wanted;
byte settles;
byte deep;
byte live;		/* threads that have not come to an end */

/* What is promised.  These are never set: their names are in the message of an assertion. */
hidden byte promise_alone, promise_once, promise_order, promise_none_left;
#define alone(is)	assert((is) || promise_alone)
#define once(is)	assert((is) || promise_once)
#define in_order(is)	assert((is) || promise_order)
#define none_left(is)	assert((is) || promise_none_left)

#ifdef SEEN
#define see(n)	assert(n != SEEN)
#else
#define see(n)
#endif

/* --- a processor -------------------------------------------------------------------- */

proctype processor(byte c)
{
end:	do
	:: d_step { !drained(c) ->
		memory[buffer[c].place[0]] = buffer[c].value[0];
		buffer[c].place[0] = buffer[c].place[1];
		buffer[c].value[0] = buffer[c].value[1];
		buffer[c].place[1] = buffer[c].place[2];
		buffer[c].value[1] = buffer[c].value[2];
#ifdef DATA
		buffer[c].place[2] = buffer[c].place[3];
		buffer[c].value[2] = buffer[c].value[3];
		buffer[c].place[3] = buffer[c].place[4];
		buffer[c].value[3] = buffer[c].value[4];
		buffer[c].place[4] = 0;
		buffer[c].value[4] = 0;
#else
		buffer[c].place[2] = 0;
		buffer[c].value[2] = 0;
#endif
		buffer[c].used--
	   }
#ifdef NO_B
	:: d_step { interrupt[c] ->
#else
	:: d_step { interrupt[c] && drained(c) ->	/* (B) */
#endif
		interrupt[c] = 0;
		outstanding--
	   }
	od
}

inline take_lock(c)
{
	atomic { drained(c) && memory[LOCK] == 0 -> memory[LOCK] = 1 }
}

inline bottom_halves_off(c)
{
	d_step { !bh_off[c] -> bh_off[c] = 1 }
}

/* --- perimeter.cc ------------------------------------------------------------------ */

#define publishable \
	((owned_ -> OWNED : 0) + (exclusives != 0 -> PENDING : 0) + \
	 (draining || len(fifo) != 0 || len(writers) != 0 -> BACKLOG : 0) + \
	 (careful -> FENCED : 0))

/* With the lock, as all down to advance(). */
inline publish(c)
{
	if
	:: publishable == load(c, WORD)
#ifdef NO_EXCHANGE
	:: d_step { publishable != load(c, WORD) && room(c) ->
#ifndef KEEP_FENCED
		fenced = fenced && publishable != 0;
#endif
		store(c, WORD, publishable)
	   }
#else
	:: d_step { publishable != load(c, WORD) && drained(c) ->
#ifndef KEEP_FENCED
		fenced = fenced && publishable != 0;
#endif
		memory[WORD] = publishable
	   }
#endif
	fi
}

inline ask_for_fence(c)
{
	if
	:: !fencing ->
		d_step { fencing = 1; careful = 1 }
		publish(c);
		d_step { drained(c) ->
			see(1);
			once(!round);
			round = 1;
			for (i : 0 .. CPUS - 1) {
				if
				:: i != c -> interrupt[i] = 1; outstanding++
				:: else
				fi
			}
			i = 0
		}
	:: else
	fi
}

/* strm_gate_sum() */
inline add_up(c)
{
	d_step { sum = load(c, CLAIMS + 0) }
	d_step { sum = sum + load(c, CLAIMS + 1) }
#if CPUS > 2
	d_step { sum = sum + load(c, CLAIMS + 2) }
#endif
}

/* Sets `sum` to 0 if the caller is the owner now. */
inline become_owner(c)
{
	sum = 1;
#ifdef NO_FENCED_CHECK
	if
	:: !fenced -> ask_for_fence(c)
	:: else
	fi;
	add_up(c);
#else
	if
	:: fenced -> add_up(c)
	:: else -> ask_for_fence(c)
	fi;
#endif
	if
	:: d_step { sum == 0 ->
		alone(!owned && inside == 0);
		owned = 1;
		owned_ = 1;
		careful = 1
	   }
	:: else -> sum = 1
	fi
}

inline count_claim(c, n)
{
	own[c] = own[c] + n;
	store(c, CLAIMS + c, own[c])
}

inline hand_to_runner(c)
{
	once(drain_on == 0);
	drain_on = c + 1
}

#define front_exclusive	(len(writers) != 0 || fifo?[1, _])

inline advance(c)
{
	if
	:: draining || owned_ || (len(fifo) == 0 && len(writers) == 0)
	:: else ->
		if
		:: front_exclusive ->
			become_owner(c)
		:: else ->
			d_step { room(c) -> sum = 0; inside++; count_claim(c, 1) }
		fi;
		if
		:: sum == 0 ->
			draining = 1;
			publish(c);
			hand_to_runner(c)
		:: else -> sum = 0
		fi
	fi
}

inline unlock(c)
{
	d_step { room(c) -> store(c, LOCK, 0) }
}

inline push(c, list, e)
{
	d_step {
		list!exclusive(e), e;
		if
		:: exclusive(e) -> exclusives++
		:: else
		fi
	}
	publish(c)
}

inline kick(c)
{
#ifndef NO_LEAVE_MB
	drained(c);					/* (D) */
#endif
	d_step { word = load(c, WORD) }
	if
	:: word & PENDING ->
		take_lock(c);
		advance(c);
		unlock(c)
	:: else
	fi
}

#define shut(w)	((w) & (PENDING | OWNED))
#ifdef BACKLOG_IGNORED
#define behind(w, q)	false
#else
#define behind(w, q)	(((w) & BACKLOG) && waits)
#endif

inline come_in()
{
	alone(!owned);
	inside++;
	in = 1
}

/* strm_give_back(), and what follows if the gate is not open. */
inline give_back(c, was_inside)
{
#ifdef NO_C
	d_step { word = load(c, WORD) }
	d_step { room(c) -> inside = inside - was_inside; count_claim(c, -1) }
#else
	d_step { room(c) -> inside = inside - was_inside; count_claim(c, -1) }	/* (C) */
	d_step { word = load(c, WORD) }
#endif
	if
	:: word != 0 -> kick(c)
	:: else
	fi
}

inline undo(c)
{
#ifdef UNDO_ELSEWHERE
	atomic { drained(c) -> bh_off[c] = 0; c = (c + 1) % CPUS }
	bottom_halves_off(c);
#endif
#ifdef NO_UNDO_KICK
	d_step { room(c) -> count_claim(c, -1) }
#else
	give_back(c, 0)
#endif
}

/* hop.c: enter() and claimed().  Sets `in`. */
inline hop(c)
{
#ifdef NO_A
	d_step { word = load(c, WORD) }
	d_step { room(c) -> count_claim(c, 1);
		if
		:: word == 0 -> come_in()
		:: else
		fi
	}
#else
	d_step { room(c) -> count_claim(c, 1) }		/* (A) */
	d_step { word = load(c, WORD);
		if
		:: word == 0 -> come_in()
		:: else
		fi
	}
#endif
	if
	:: !in && word == FENCED ->
#ifndef NO_ENTER_MB
		drained(c);				/* (D) */
#endif
		d_step { word = load(c, WORD);
			if
			:: (word & (OWNED | PENDING | BACKLOG)) == 0 -> come_in()
			:: else
			fi
		}
	:: else
	fi
}

/* Perimeter::try_enter_here() */
inline try_enter(c, q)
{
	d_step { room(c) -> count_claim(c, 1) }
#ifndef NO_ENTER_MB
	drained(c);					/* (D): strm_gate_claim() */
#endif
	d_step { word = load(c, WORD);
		if
		:: shut(word) || behind(word, q)
		:: else ->
			if
			:: word & BACKLOG -> see(2)
			:: else
			fi;
			come_in()
		fi
	}
}

/* Perimeter::defer() for shared access.  Sets `in` if it has entered after all. */
inline defer(c, q, e)
{
	take_lock(c);
	if
#ifdef GONE
	:: true -> finished[q]++	/* the queue is closed: the message flows around */
#elif defined(NO_RECHECK)
	:: true -> push(c, fifo, e)
#else
	:: d_step { !owned_ && exclusives == 0 &&
		    !((draining || len(fifo) != 0) && waits) ->
		see(3);
		count_claim(c, 1);
		come_in()
	   }
	:: else ->
		push(c, fifo, e);
		advance(c)
#endif
	fi;
	unlock(c)
}

/* The same for exclusive access; `sum` is 0 if it has entered at once. */
inline enter_exclusively(c, e)
{
	take_lock(c);
	sum = 1;
	if
	:: owned_ || exclusives != 0 || draining || len(fifo) != 0
	:: else ->
		exclusives++;
		publish(c);
		become_owner(c);
		exclusives--;
		publish(c)
	fi;
	if
	:: sum != 0 ->
		push(c, fifo, e);
#ifndef NO_LOOK_EXCLUSIVE
		advance(c);
#endif
		sum = 1
	:: else
	fi;
	unlock(c)
}

/* Perimeter::put_off(): too deeply nested. */
inline put_off(c, q, e)
{
	d_step { drained(c) -> backlog[q]++ }
	take_lock(c);
	push(c, fifo, e);
	advance(c);
	unlock(c)
}

inline open_now(c)
{
#ifdef OPEN_UNLOCKED
	d_step { word = load(c, WORD) }
	if
	:: d_step { word == FENCED && drained(c) -> careful = 0; fenced = 0; memory[WORD] = 0 }
	:: else
	fi
#else
	take_lock(c);
	if
	:: d_step { !fencing && exclusives == 0 && !owned_ -> careful = 0 }
		publish(c)
	:: else
	fi;
	unlock(c)
#endif
}

/* begin_writing() and end_writing(), or defer_writer(); in a put procedure. */
inline qwriter(c, e)
{
	asked++;
	take_lock(c);
	sum = 0;
	if
#ifdef WRITER_UNFENCED
	:: exclusives == 0 ->
#else
	:: exclusives == 0 && fenced ->
#endif
		exclusives++;
		publish(c);
		add_up(c);
		d_step {
			exclusives--;
			careful = 1;
			if
			:: sum == 1 ->
				see(4);
				alone(!owned && inside == 1);
				owned = 1;
				owned_ = 1
			:: else
			fi
		}
		publish(c)
	:: else
	fi;
	if
	:: sum == 1 ->
		sum = 0;
		unlock(c);
		d_step { written++; alone(owned && inside == 1) }
		take_lock(c);
		d_step {
			owned = 0;
			owned_ = 0;
#ifdef WRITER_OPENS
			draining = 0
#endif
		}
		publish(c);
		advance(c)
	:: else ->
		sum = 0;
		unlock(c);
		take_lock(c);
		push(c, writers, e);
		if
		:: !fenced -> ask_for_fence(c)
		:: else
		fi
	fi;
	unlock(c)
}

/* A module's put procedure. */
inline put(c, sender, number)
{
	in_order(finished[sender] == (number) - 1);
#ifdef DATA
	d_step { room(c) -> store(c, MINE + c, 1) }
	d_step { alone(load(c, OURS) == 0) }
#ifndef NO_LEAVE_RELEASE
	d_step { room(c) -> store(c, MINE + c, 0) }
#endif
#endif
#ifdef QWRITER
	if
	:: number == 1 -> qwriter(c, WRITER + sender)
	:: else
	fi;
#endif
	d_step { in_order(finished[sender] == (number) - 1); finished[sender]++ }
}

proctype sender(byte c, q)
{
	byte number = 1, word, sum, i;
	bool in, waits;

	do
	:: number <= MESSAGES ->
		bottom_halves_off(c);
#if DEEP
		if
		:: deep < DEEP ->
			deep++;
			put_off(c, q, MESSAGE + 8 * q + number);
			goto sent
		:: true
		fi;
#endif
		in = 0;
		hop(c);
		if
		:: !in ->
			undo(c);
			waits = backlog[q] != 0;
			try_enter(c, q);
			if
			:: !in ->
				undo(c);
#ifdef TRIES_AGAIN
				number--;
				goto sent;
#endif
				d_step { drained(c) -> backlog[q]++ }
				defer(c, q, MESSAGE + 8 * q + number);
#ifdef GONE
				d_step { drained(c) -> backlog[q]-- }
#else
				if
				:: in -> d_step { drained(c) -> backlog[q]-- }
				:: else
				fi
#endif
			:: else
			fi
		:: else
		fi;
		if
		:: in ->
#if SETTLES
			if
			:: d_step { settles < SETTLES -> settles++ };
				open_now(c)
			:: true
			fi;
#endif
			put(c, q, number);
			give_back(c, 1);
#ifdef NO_LEAVE_RELEASE
			d_step { room(c) -> store(c, MINE + c, 0) }
#endif
		:: else
		fi;
sent:		atomic { bh_off[c] = 0; number++; word = 0; in = 0; waits = 0 }
	:: else -> break
	od;
	live--
}

inline look_around(c)
{
	skip;
#ifdef DATA
	d_step { room(c) -> store(c, OURS, 1) }
	d_step { alone(load(c, MINE + 0) == 0) }
	d_step { alone(load(c, MINE + 1) == 0) }
#endif
}

/* Perimeter::leave() by an owner: it drains. */
inline leave_exclusively(c)
{
	d_step { alone(owned && inside == 0); hand_to_runner(c) }
}

/* Once: an exclusive service procedure is due. */
proctype service(byte c)
{
	byte word, sum, i;

	bottom_halves_off(c);
	served_wanted++;
	enter_exclusively(c, SERVICE);
	if
	:: sum == 0 ->
		look_around(c);
		d_step { alone(owned && inside == 0); served++ }
		leave_exclusively(c)
	:: else
	fi;
	bh_off[c] = 0;
	live--
}

/* An open or close procedure that is alone. */
proctype process(byte c, me)
{
	byte word, sum, i;

	bottom_halves_off(c);
	enter_exclusively(c, WAITER + me);
	bh_off[c] = 0;
	if
	:: sum != 0 -> granted[me]
	:: else
	fi;
	d_step { granted[me] = 0; alone(owned && inside == 0) }
	leave_exclusively(c);
	live--
}

/*
 * An open or close procedure that shares, and comes to an end on another CPU.  With
 * TWICE it counts another claim for itself, as claim_outer_again() and admit() do in
 * the outer perimeter.
 */
proctype guest(byte c, me, there)
{
	byte word, sum, i;
	bool in, waits;

	bottom_halves_off(c);
	try_enter(c, 0);
	if
	:: !in ->
		undo(c);
		defer(c, 0, GUEST + me)
	:: else
	fi;
	bh_off[c] = 0;
	if
	:: !in -> granted[me]
	:: else
	fi;
	d_step { granted[me] = 0; alone(!owned && inside > 0) }
#ifdef TWICE
	bottom_halves_off(c);
#ifndef COUNT_UNLOCKED
	take_lock(c);
#endif
	d_step { room(c) -> inside++; count_claim(c, 1) }
#ifndef COUNT_UNLOCKED
	unlock(c);
#endif
	bh_off[c] = 0;
#endif
	/* A process that moves takes its stores with it: the scheduler's locks. */
	if
	:: drained(c) -> bottom_halves_off(there); give_back(there, 1); bh_off[there] = 0
	:: bottom_halves_off(c); give_back(c, 1); bh_off[c] = 0
	fi;
#ifdef TWICE
	alone(!owned && inside > 0);
	bottom_halves_off(c); give_back(c, 1); bh_off[c] = 0;
#endif
	live--
}

/* --- drain.cc ---------------------------------------------------------------------- */

inline uncount(c)
{
	d_step { room(c) -> inside--; count_claim(c, -1) }
}

inline rest(c)
{
	draining = 0;
#ifdef DATA
#ifndef NO_OPEN_RELEASE
	d_step { room(c) -> store(c, OURS, 0) }
#endif
#endif
	if
	:: !owned_ -> uncount(c)
	:: else
	fi;
	d_step { owned_ = 0; owned = 0 }
	publish(c);
	unlock(c)
#ifdef NO_OPEN_RELEASE
	d_step { room(c) -> store(c, OURS, 0) }
#endif
}

/* Sets `sum` to 0 if the caller is the owner. */
inline turn_exclusive(c)
{
	sum = 0;
	if
	:: owned_
	:: else ->
		uncount(c);
		draining = 0;
		become_owner(c);
		if
		:: sum != 0 -> publish(c)
		:: else
		fi
	fi
}

inline turn_shared(c)
{
	if
	:: owned_ ->
#ifdef DATA
		d_step { room(c) -> store(c, OURS, 0) }
#endif
		d_step { room(c) ->
			count_claim(c, 1);
			inside++;
			owned_ = 0;
			owned = 0;
			draining = 1
		}
	:: else
	fi
}

inline run_entry(c, e)
{
	if
	:: e == SERVICE ->
		look_around(c);
		d_step { alone(owned && inside == 0); served++ }
	:: e / 8 == 1 ->
		d_step { alone(owned && inside == 0); written++ }
	:: e >= MESSAGE ->
		alone(!owned);
#ifdef EARLY_COUNT
		backlog[(e - MESSAGE) / 8]--;
#endif
		put(c, (e - MESSAGE) / 8, (e & 7));
#ifdef NO_LEAVE_RELEASE
		d_step { room(c) -> store(c, MINE + c, 0) }
#endif
#ifndef EARLY_COUNT
		d_step { drained(c) -> backlog[(e - MESSAGE) / 8]-- }
#endif
	fi
}

/* drain() and next_to_run() */
proctype drainer()
{
	byte c, e, word, sum, i;

end:	do
	:: d_step { drain_on != 0 && !bh_off[drain_on - 1] ->
		c = drain_on - 1;
		drain_on = 0;
		bh_off[c] = 1;
	   }
next:		take_lock(c);
		if
		:: len(fifo) == 0 && len(writers) == 0 ->
			rest(c);
			goto out
		:: else
		fi;
		if
		:: front_exclusive ->
			turn_exclusive(c);
			if
			:: sum != 0 ->
				unlock(c);
				goto out
			:: else
			fi
		:: else ->
			turn_shared(c)
		fi;
		d_step {
			if
			:: len(writers) != 0 -> writers?_, e
			:: else -> fifo?_, e
			fi;
			if
			:: exclusive(e) -> exclusives--
			:: else
			fi;
#ifdef OPEN_EARLY
			if
			:: !owned_ -> draining = 0
			:: else
			fi
#endif
		}
		if
		:: e < GUEST -> draining = 0
		:: e >= GUEST && e < SERVICE ->
			d_step { room(c) -> inside++; count_claim(c, 1) }
		:: else
		fi;
		publish(c);
		if
		:: e < GUEST ->
			granted[e - WAITER] = 1;
			unlock(c);
			goto out
		:: e >= GUEST && e < SERVICE ->
			granted[e - GUEST] = 1;
			unlock(c)
		:: else ->
			unlock(c);
			run_entry(c, e)
		fi;
		goto next;
out:		atomic { bh_off[c] = 0; e = 0; word = 0; c = 0; sum = 0 }
	od
}

/* The fence engine's finish_round() on any CPU, and Perimeter::fence_done(). */
proctype finisher()
{
	byte c, word, sum, i;

end:	do
	:: atomic { round && outstanding == 0 ->
		if
		:: !bh_off[0] -> c = 0
		:: !bh_off[1] -> c = 1
#if CPUS > 2
		:: !bh_off[2] -> c = 2
#endif
		fi;
		bh_off[c] = 1
	   }
		take_lock(c);
		d_step { round = 0; fencing = 0; fenced = 1 }
		advance(c);
		unlock(c);
		atomic { bh_off[c] = 0; c = 0; word = 0; sum = 0 }
	od
}

init
{
	byte i;

	atomic {
		memory[WORD] = FIRST;
		for (i : 0 .. CPUS - 1) {
			run processor(i)
		}
		run drainer();
		run finisher();
		THREADS
	}
	timeout;
	none_left(live == 0);
	none_left(len(fifo) == 0 && len(writers) == 0 && exclusives == 0 && !draining && !owned && !fencing);
	none_left(backlog[0] == 0 && backlog[1] == 0);
	none_left(memory[WORD] == 0 || memory[WORD] == FENCED);
	none_left(memory[LOCK] == 0 && inside == 0);
	none_left(served == served_wanted && written == asked);
	i = memory[CLAIMS] + memory[CLAIMS + 1];
#if CPUS > 2
	i = i + memory[CLAIMS + 2];
#endif
	none_left(i == 0)
}
