# SPDX-License-Identifier: GPL-2.0-only
"""What is compared with what, and how far it may go.

A gate must never be exceeded; a moonshot is where the project means to be.
"""
from dataclasses import dataclass
from typing import Any, Callable, Optional

WAITS = ("synchronize_rcu", "synchronize_rcu_expedited", "rcu_barrier", "synchronize_srcu")
# Rows that leave work behind, and so are counted until the machine is quiet again.
LIVES = ("settle", "pipe-open-close", "stream-open-close", "push-pop")
SETTLED = {
    **{name: "settle" for name in LIVES},
    **{name + "-2cpu": "settle-2cpu" for name in LIVES},
    **{name + "-crowd": "settle-crowd" for name in LIVES},
    **{name + "-step": "settle-step" for name in ("settle", "open", "push", "pop", "close")},
}
# Not held to the reference: too much beside the sources decides about their last percent.
NOT_HELD = ("-step", "-2cpu", "settle", "settle-crowd", "memory-file")
NOT_HELD_BEGIN = "user-"  # times of a real machine
# Held loosely: how many timer interrupts fall into them depends on how the boot went.
LOOSELY_HELD = ("-open-close", "-open-close-crowd", "push-pop", "push-pop-crowd", "-round-trip")


def settled(row):
    """The row that only waits, to be subtracted from this one; None if nothing is."""
    return SETTLED.get(row)


@dataclass
class Goal:
    """One line of the table.

    `cost` makes a Profile or a number of the measured Profiles and weights; `base`
    makes the Profile that it is divided by, and then gate and moonshot are for the
    ratio.
    """

    goal: str
    name: str
    what: str
    cost: Callable[[Any, Any], Any]
    gate: Optional[float] = None
    moonshot: Optional[float] = None
    base: Optional[Callable[[Any, Any], Any]] = None
    to: Optional[str] = None  # what base is called
    unit: str = "insn"
    gate_lock: Optional[float] = None
    moonshot_lock: Optional[float] = None
    memory: Optional[str] = None  # whose memory it is about


def row(name, less=None):
    """The profile of a row, less that of the loop around it."""
    if less is None:
        return lambda rows, weights: rows[name]
    return lambda rows, weights: rows[name] - rows[less]


def pushed(direction):
    return lambda rows, weights: (rows[f"loop-nullmod8-{direction}-64"] - rows["loop-64"]) / 8


def in_crowd(name):
    return row(name + "-crowd")


def waits(*names):
    return lambda rows, weights: sum(rows[name].entered(*WAITS) for name in names)


def weight(what):
    return lambda rows, weights: weights.of(what)


def frames(what, size):
    """The goal for a raw stream on our driver, to a packet socket on the kernel's own."""
    source = {"send": None, "latency": f"wire-one-{size}"}.get(what, f"wire-source-{size}")
    say = {"send": "sent, burst of 32", "receive": "received, burst of 32",
           "latency": "from interrupt to read"}[what]  # fmt: skip
    return Goal("G10", f"frame-{what}-{size}", f"frame of {size} bytes {say}",
                row(f"dlpi-{what}-{size}", source), gate=1.1, moonshot=0.80,
                base=row(f"packet-{what}-{size}", source), to=f"packet-{what}-{size}")  # fmt: skip


GOALS = [
    Goal("G4", "qwriter", "qwriter() of the only one inside", row("qwriter", "put"),
         gate=500, moonshot=200),
    Goal("G4", "qwriter-outer", "the same, for the outer perimeter",
         row("qwriter-outer", "put-outer"), gate=500, moonshot=200),
    Goal("G3", "module-down", "one more pushed module, written through", pushed("down"),
         gate=40, moonshot=20, gate_lock=0, moonshot_lock=0),
    Goal("G3", "module-up", "one more pushed module, read through", pushed("up"),
         gate=40, moonshot=20, gate_lock=0, moonshot_lock=0),
    Goal("G5", "write-read", "loop, 64 bytes, write and read", row("loop-64"),
         gate=1.25, moonshot=0.95, base=row("pipe-64"), to="pipe-64",
         gate_lock=6, moonshot_lock=4),
    Goal("G6", "putmsg-getmsg", "loop, 64 bytes, putmsg and getmsg", row("loop-getmsg-64"),
         gate=0.75, moonshot=0.50, base=row("seqpacket-64"), to="seqpacket-64"),
    Goal("G6", "putpmsg-getpmsg", "loop, 64 bytes, putpmsg and getpmsg", row("loop-banded-64"),
         gate=1.3, moonshot=0.95, base=row("mqueue-64"), to="mqueue-64"),
    Goal("G7", "round-trip", "loop, 1 byte there and back, 2 CPUs", row("loop-round-trip"),
         gate=1.2, moonshot=0.95, base=row("pipe-round-trip"), to="pipe-round-trip"),
    Goal("G8", "allocb-kmalloc", "allocb(64) and freemsg", row("allocb-64", "empty"),
         gate=0.6, moonshot=0.25, base=row("kmalloc-128", "empty"), to="kmalloc-128",
         moonshot_lock=0),
    Goal("G8", "allocb-skb", "allocb(64) and freemsg", row("allocb-64", "empty"),
         gate=0.15, moonshot=0.065, base=row("skb-64", "empty"), to="skb-64", moonshot_lock=0),
    *(frames(what, size) for what in ("send", "receive", "latency") for size in (64, 1514)),
    Goal("G13", "open-close", "open and close of a stream", row("stream-open-close"),
         gate=2.0, moonshot=1.2, base=row("pipe-open-close"), to="pipe-open-close"),
    Goal("G13", "open-close-2cpu", "open and close of a stream, 2 CPUs",
         row("stream-open-close-2cpu"), gate=2.0, moonshot=1.2,
         base=row("pipe-open-close-2cpu"), to="pipe-open-close"),
    Goal("G13", "open-waits", "grace periods waited for in an open", waits("open-step"),
         moonshot=0, unit="waits"),
    Goal("G13", "push-pop-waits", "grace periods waited for in push and pop",
         waits("push-step", "pop-step"), moonshot=1, unit="waits"),
    Goal("G13", "open-close-crowd", "open and close, 10,000 other streams",
         in_crowd("stream-open-close"), moonshot=1.02, base=row("stream-open-close"), to="alone"),
    Goal("G13", "push-pop-crowd", "push and pop, 10,000 other streams",
         in_crowd("push-pop"), moonshot=1.02, base=row("push-pop"), to="alone"),
    Goal("G15", "idle-stream", "memory of an idle stream, its file included",
         weight("stream"), gate=4096, moonshot=2048, unit="bytes", memory="stream"),
    Goal("G15", "idle-module", "memory of a pushed module",
         weight("module"), gate=2048, moonshot=1024, unit="bytes", memory="module"),
]  # fmt: skip


@dataclass
class UserspaceGoal:
    """One line of the table that selftests/userspace/bench.py prints."""

    goal: str
    name: str
    what: str
    row: str
    gate: float
    moonshot: float
    to: Optional[str] = None  # the row that this one is divided by
    unit: str = "ratio"
    more_is_better: bool = False


USERSPACE_GOALS = [
    UserspaceGoal("G1", "claim-spin", "shared claim and release, to a spin lock's", "user-claim",
                  gate=0.25, moonshot=0.10, to="user-spin"),
    UserspaceGoal("G2", "claim-2-threads", "two threads claim one gate, to an empty loop",
                  "user-claim-scaling", gate=0.93, moonshot=0.98, more_is_better=True),
    UserspaceGoal("G4", "exclusive-p50", "from asking to being alone, p50", "user-exclusive-entry",
                  gate=5, moonshot=2.5, unit="us"),
    UserspaceGoal("G11", "streams-2-threads", "two threads, a stream of one module each",
                  "user-streams-scaling", gate=1.85, moonshot=1.95, more_is_better=True),
    UserspaceGoal("G11", "streams-shared", "writes to cache lines of the other's, per message",
                  "user-streams-shared-writes", gate=0.1, moonshot=0, unit="writes"),
    UserspaceGoal("G12", "exclusive-spin", "a message into an exclusive perimeter, to a spin lock",
                  "user-put-exclusive", gate=1.5, moonshot=1.0, to="user-spin"),
    UserspaceGoal("G12", "exclusive-2-threads", "two threads, one exclusive perimeter, 50 ns body",
                  "user-exclusive-scaling", gate=0.6, moonshot=0.95, more_is_better=True),
]  # fmt: skip
