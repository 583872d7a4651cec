/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inner perimeters with an outer one around them.
 *
 * gate.pml shows that claims and ownership of one counted perimeter are what they should
 * be, so here a claim of the outer one is just a number, and what happens under its lock is
 * one step.  The two inner perimeters are sole ones, as most are; for them the steps
 * under the lock can be interleaved with others at the outer perimeter.  Names are those
 * of perimeter/perimeter.cc and drain.cc, and of queue/open_close.cc and writer.cc; `i`
 * is the inner perimeter.
 *
 * A sender sends to the one queue of an inner perimeter.  With WRITES each put procedure
 * calls qwriter(PERIM_OUTER) before it returns.
 *
 * Promised is:
 *  alone	  one procedure runs in an inner perimeter; beside the owner of the outer one
 *		  none runs anywhere
 *  once	  what is on a list is not put on it again
 *  order	  messages of a sender are delivered in order; the callback of qwriter() has
 *		  run before anybody else is in the same inner perimeter
 *  none left	  in the end all are through, and both kinds are at rest
 *
 * run.sh has the runs and the mutants.
 */

#ifndef MESSAGES
#define MESSAGES 2	/* from each sender */
#endif
#ifndef WRITES
#define WRITES 0
#endif

/* These are never set: their names are in the message of an assertion. */
hidden byte promise_alone, promise_once, promise_order, promise_none_left;
#define alone(is)	assert((is) || promise_alone)
#define once(is)	assert((is) || promise_once)
#define in_order(is)	assert((is) || promise_order)
#define none_left(is)	assert((is) || promise_none_left)

#ifdef SEEN
#define see(n)	assert(n != SEEN)
#else
#define see(n)	skip
#endif

/* The outer perimeter. */
byte claims;
bool owned, draining;
bool drain_due;		/* the drain is on a runner's list */
byte exclusives;
chan fifo = [5] of { bool, byte };	/* exclusive? which? */
chan writers = [3] of { byte };
#define shut	(owned || exclusives != 0)

/* Entries there. */
#define ALONE	0	/* a process with D_MTOCEXCL: its number is added */
#define PLACE	8	/* an inner perimeter: its number is added */

/* The inner ones. */
typedef Inner {
	bool lock;
	bool owned, draining;
	bool drain_due;		/* and the drain has a claim of the outer one */
	byte outer_writers;
	byte procedures;	/* that run */
	byte finished;		/* put procedures that have returned */
	byte events;		/* callbacks of qwriter() that have run */
};
Inner inner[2];
chan waiting[2] = [5] of { byte };

/* Entries there: the number of a message; or a process, its number is added. */
#define PROCESS	8

bool granted[4];
byte live;

#define nobody	(inner[0].procedures == 0 && inner[1].procedures == 0)

/* --- the outer perimeter, each of these in one step ---------------------------------- */

inline advance_outer()
{
	if
	:: draining || owned || (len(writers) == 0 && len(fifo) == 0)
	:: else ->
		if
		:: len(writers) != 0 || fifo?[1, _] ->
			if
			:: claims == 0 ->
				alone(nobody);
				owned = 1;
				draining = 1
			:: else
			fi
		:: else ->
			claims++;
			draining = 1
		fi;
		if
		:: draining -> once(!drain_due); drain_due = 1
		:: else
		fi
	fi
}

inline release_outer()
{
#ifdef NO_KICK
	claims--
#else
	d_step { claims--; advance_outer() }
#endif
}

/* Sets `in`. */
inline pass_outer()
{
	d_step {
		in = !shut;
		claims = claims + in
	}
}

/* Sets `in` if the outer gate has opened meanwhile. */
inline park(i)
{
	d_step {
#ifdef PARK_UNCHECKED
		in = 0;
#else
		in = !shut;
#endif
		if
		:: in -> see(1); claims++
		:: else ->
			see(2);
			fifo!0, (PLACE + i);
#ifndef PARK_UNCHECKED
			advance_outer()
#endif
		fi
	}
}

/* --- an inner one -------------------------------------------------------------------- */

inline lock_inner(i)
{
	atomic { !inner[i].lock -> inner[i].lock = 1 }
}

inline hand_to_runner(i)
{
	once(!inner[i].drain_due);
	inner[i].drain_due = 1
}

inline advance(i)
{
	if
	:: inner[i].draining || inner[i].owned || len(waiting[i]) == 0
	:: else ->
		d_step {
			inner[i].owned = 1;
			inner[i].draining = 1
		}
		pass_outer();
#ifndef NO_PARK
		if
		:: !in -> park(i)
		:: else
		fi;
#endif
		if
		:: in -> hand_to_runner(i)
		:: else
		fi
	fi
}

/* drain() and next_to_run().  The caller owns the inner perimeter, and has a claim. */
inline drain(i)
{
	ran = 0;
	do
	:: lock_inner(i);
		if
		:: len(waiting[i]) == 0 ->
			d_step { inner[i].draining = 0; inner[i].owned = 0 }
			release_outer();
			inner[i].lock = 0;
			break
		:: else
		fi;
		if
#ifdef NO_STOP
		:: ran && shut ->
#else
		:: inner[i].outer_writers != 0 || (ran && shut) ->
#endif
			inner[i].draining = 1;
			park(i);
			release_outer();
			if
			:: !in -> inner[i].lock = 0; break
			:: else
			fi
		:: else
		fi;
		waiting[i]?e;
		if
		:: e >= PROCESS ->
			d_step { inner[i].draining = 0; inner[i].lock = 0 }
#ifdef GRANT_UNCLAIMED
			release_outer();
#endif
			granted[e - PROCESS] = 1;
			break
		:: else ->
			inner[i].lock = 0;
			put(i, e);
			ran = 1
		fi
	od;
	atomic { ran = 0; e = 0; in = 0 }
}

inline leave(i)
{
	if
	:: d_step { len(waiting[i]) == 0 -> inner[i].owned = 0 };	/* leave_sole() */
		release_outer()
	:: len(waiting[i]) != 0 -> drain(i)
	fi
}

/* The owner has not passed the outer gate. */
inline turn_back(i)
{
	lock_inner(i);
	inner[i].owned = 0;
	advance(i);
	inner[i].lock = 0
}

/* Sets `in`. */
inline try_enter(i)
{
#ifdef OUTER_FIRST
	pass_outer();
	if
	:: in ->
		d_step {
			in = !inner[i].owned && len(waiting[i]) == 0;
			inner[i].owned = inner[i].owned || in
		}
		if
		:: !in -> release_outer()
		:: else
		fi
	:: else
	fi
#else
	d_step {
		in = !inner[i].owned && len(waiting[i]) == 0;
		inner[i].owned = inner[i].owned || in
	}
	if
	:: in ->
		pass_outer();
		if
		:: !in ->
			see(3);
			turn_back(i);
			in = 0
		:: else
		fi
	:: else
	fi
#endif
}

/* Sets `in` if it has entered. */
inline defer(i, e)
{
	lock_inner(i);
	d_step {
		in = !inner[i].owned && len(waiting[i]) == 0;
		inner[i].owned = inner[i].owned || in
	}
	if
	:: in ->
		pass_outer();
		if
		:: !in -> inner[i].owned = 0
		:: else
		fi
	:: else
	fi;
	if
	:: !in ->
		waiting[i]!e;
		advance(i);
		in = 0
	:: else
	fi;
	inner[i].lock = 0
}

/* begin_writing() and end_writing(), or defer_writer() */
inline qwriter_outer(i)
{
	d_step {
		if
		:: exclusives == 0 && claims == 1 ->
			see(4);
			alone(!owned && inner[i].procedures == 1 && inner[1 - i].procedures == 0);
			owned = 1;
			at_once = 1
		:: else
		fi
	}
	if
	:: at_once ->
		d_step {
			alone(owned && inner[i].procedures == 1 && inner[1 - i].procedures == 0);
			inner[i].events++;
			at_once = 0;
			owned = 0;
			advance_outer()
		}
	:: else ->
		d_step {
			inner[i].outer_writers++;
#ifdef WRITER_LAST
			fifo!1, i + 4;
#else
			writers!i;
#endif
			exclusives++
		}
	fi
}

#define all_written(i)	(inner[i].events == inner[i].finished * WRITES)

/* Also what the owner of the outer perimeter runs. */
inline put(i, number)
{
	d_step {
		in_order(inner[i].finished == (number) - 1 && all_written(i));
		alone(!owned && inner[i].owned && inner[i].procedures == 0);
		inner[i].procedures++
	}
#if WRITES
	qwriter_outer(i);
#endif
	d_step {
		inner[i].finished++;
		inner[i].procedures--
	}
}

/* A producer of messages for one queue. */
proctype sender(byte i)
{
	byte number = 1, e;
	bool in, ran, at_once;

	do
	:: number <= MESSAGES ->
		try_enter(i);
		if
		:: !in -> defer(i, number)
		:: else
		fi;
		if
		:: in ->
			put(i, number);
			leave(i)
		:: else
		fi;
		d_step { number++; in = 0 }
	:: else -> break
	od;
	live--
}

inline enter(i, me)
{
#ifdef WAIT_WITH_CLAIM
	pass_outer();
	kept = in;
	defer(i, PROCESS + me);
#else
	try_enter(i);
	if
	:: !in -> defer(i, PROCESS + me)
	:: else
	fi;
#endif
	if
	:: !in -> d_step { granted[me] -> granted[me] = 0 }
	:: else
	fi;
#ifdef WAIT_WITH_CLAIM
	if
	:: kept -> release_outer()
	:: else
	fi;
#endif
	in = 0
}

inline procedure(i)
{
	d_step {
		in_order(all_written(i));
		alone(!owned && inner[i].owned && inner[i].procedures == 0);
		inner[i].procedures++
	}
	inner[i].procedures--
}

/* Open or close. */
proctype process(byte i, me)
{
	byte e;
	bool in, ran, kept, at_once;

	enter(i, me);
	procedure(i);
	leave(i);
	live--
}

/* The same with D_MTPERQ: enter_open_close(), exit_open_close(). */
proctype process_of_both(byte me)
{
	byte e;
	bool in, ran, kept, at_once;

	enter(0, me);
#ifndef NOT_LENT
	release_outer();		/* lend_outer() */
#endif
	enter(1, me);
#ifndef NOT_LENT
	claims++;			/* claim_outer_again() */
#endif
	d_step {
		alone(!owned && inner[0].owned && inner[1].owned && nobody);
		inner[0].procedures++
	}
	inner[0].procedures--;
	leave(0);
	leave(1);
	live--
}

/* Open or close with D_MTOCEXCL, of a stream that has the inner perimeter `i`. */
proctype process_outside(byte i, me)
{
	byte e, count;

	d_step {
		if
		:: !shut && !draining && len(fifo) == 0 && claims == 0 ->
			alone(nobody);
			owned = 1;
			granted[me] = 1
		:: else ->
			fifo!1, (ALONE + me);
			exclusives++;
			advance_outer()
		fi
	}
	d_step { granted[me] -> granted[me] = 0; alone(owned && nobody && claims == 0) }
	/* run_waiting() */
	count = len(waiting[i]);
	do
	:: count != 0 ->
		lock_inner(i);
		d_step { waiting[i]?e; inner[i].lock = 0 }
		d_step {
			see(5);
			alone(owned && nobody);
			in_order(inner[i].finished == e - 1 && all_written(i));
			inner[i].events = inner[i].events + WRITES;
			inner[i].finished++;
			count--
		}
	:: else -> break
	od;
	atomic { alone(owned && nobody); in_order(all_written(i)); e = 0 }
	d_step { once(!drain_due); drain_due = 1 }
	live--
}

proctype drainer_of_inner(byte i)
{
	byte e;
	bool in, ran, at_once;

end:	do
	:: d_step { inner[i].drain_due -> inner[i].drain_due = 0 };
		drain(i)
	od
}

/* As in gate.pml. */
proctype drainer_of_outer()
{
	byte e;
	bool writer, inside;	/* is it? are others? */

end:	do
	:: atomic { drain_due -> drain_due = 0 };
		do
		:: d_step { len(writers) == 0 && len(fifo) == 0 ->
			draining = 0;
			claims = claims - !owned;
			owned = 0
		   };
			break
		:: len(writers) != 0 || len(fifo) != 0 ->
			d_step {
				if
				:: (len(writers) != 0 || fifo?[1, _]) && !owned ->
					claims--;
					draining = 0;
					if
					:: claims == 0 -> alone(nobody); owned = 1
					:: else -> inside = 1
					fi
				:: len(writers) == 0 && fifo?[0, _] && owned ->
					claims++;
					owned = 0;
					draining = 1
				:: else
				fi;
				writer = 0;
				if
				:: !inside ->
					if
					:: len(writers) != 0 -> writers?e; writer = 1; exclusives--
					:: else -> fifo?_, e
					fi;
					if
					:: !writer && e >= 4 && e < PLACE -> e = e - 4; writer = 1; exclusives--
					:: !writer && e < 4 -> exclusives--; draining = 0
					:: else
					fi
				:: else
				fi
			}
			if
			:: inside -> break	/* they will kick */
			:: else
			fi;
			if
			:: writer ->
				d_step {
					alone(owned && nobody && claims == 0);
					inner[e].events++
				}
				inner[e].outer_writers--
			:: !writer && e < PLACE -> granted[e - ALONE] = 1; break
			:: else ->
				d_step {
#ifndef DRAIN_UNCLAIMED
					claims++;
#endif
					hand_to_runner(e - PLACE)
				}
			fi
		od;
		atomic { e = 0; writer = 0; inside = 0 }
	od
}

init
{
	atomic {
		run drainer_of_outer();
		run drainer_of_inner(0);
		run drainer_of_inner(1);
		THREADS
	}
	timeout;
	none_left(live == 0 && claims == 0 && !shut && !draining);
	none_left(len(fifo) == 0 && len(writers) == 0);
	none_left(len(waiting[0]) == 0 && len(waiting[1]) == 0);
	none_left(!inner[0].owned && !inner[1].owned && !inner[0].draining && !inner[1].draining);
	none_left(all_written(0) && all_written(1))
}
