#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Judge a finished VM: its test points, its end, and its kernel's log.

Writes one KTAP stream: the job's points (or those in the kernel's log), then
"the VM ends by itself" and "the kernel's log is clean".  A report in the log is a
failure whatever the tests said.  With --expect it is the other way round: the run
is good only if every report that was asked for is found among the trouble.  With
--rules what the rule checker reports is left to the job, and all else must be clean.
"""
import argparse
import re
import sys

STAMP = re.compile(r"^(?:<\d+>)?\[\s*\d+\.\d+\](?:\[\s*[TC]\d+\])? ?")
TROUBLE = re.compile(
    r"""WARNING: | BUG: | BUG\ at | kernel\ BUG | KASAN: | KCSAN: | UBSAN: | KMSAN: | KFENCE:
    | possible\ circular | possible\ recursive | possible\ irq\ lock | inconsistent\ lock\ state
    | suspicious\ RCU | bad\ unlock\ balance | held\ lock\ freed | lock\ held\ when\ returning
    | nested\ lock\ was\ not\ taken | Invalid\ wait\ context | MAX_LOCK\w+\ too\ low
    | INFO:\ task\ .*\ blocked | soft\ lockup | hard\ LOCKUP | rcu.*detected\ .*stall
    | unreferenced\ object | suspected\ memory\ leak | refcount_t: | ODEBUG: | list_(?:add|del)\ corruption
    | Oops | general\ protection | unable\ to\ handle | sleeping\ function\ called | scheduling\ while\ atomic
    | Call\ Trace: | Kernel\ panic | slab.*(?:corrupt|Objects\ remaining) | double\ free | use-after-free
    | streams:\ rule\ broken
    | Unknown\ symbol | disagrees\ about | invalid\ opcode | stack\ guard | Bad\ page | Unbalanced
    | segfault\ at | trap\ invalid | (?:module|percpu)\ref.*leak""",
    re.VERBOSE,
)
# What the kernels say on a good day, in QEMU or UML, with no module of ours near.
HARMLESS = re.compile(
    r"""RETBleed | Spectre | MDS | MMIO\ Stale | Gather\ Data | Register\ File | L1TF | TAA:
    | WARNING:\ Spectre | KASLR\ disabled | lockdep\ selftest | mitigation | KernelAddressSanitizer\ initialized
    | debug\ is\ enabled | kcsan:\ (?:enabled|selftest|strict) | kmemleak:\ Kernel\ memory\ leak\ detector\ initialized""",
    re.VERBOSE,
)
RACE_START = re.compile(r"BUG: KCSAN:")
RACE_END = re.compile(r"^=+$")
# Between functions of the kernel alone, about data of the kernel alone, whoever
# called them: poll(2), and who sleeps for a time, look at whether they were woken
# without saying so.
KNOWN_RACES = re.compile(
    r"data-race in (?:poll_schedule_timeout\S* / pollwake"
    r"|hrtimer_wakeup / schedule_hrtimeout_range_clock)")
# The scheduler's own, of 6.12, now and then when a CPU goes away: its server for
# ordinary tasks is still there, and miscounted.
KNOWN_WARNING = re.compile(
    r"WARNING: .* at kernel/sched/(?:deadline\.c:\d+|core\.c:\d+ sched_cpu_dying)")


def lines_of(path):
    with open(path, encoding="utf-8", errors="replace") as stream:
        return [STAMP.sub("", line.rstrip("\r\n")) for line in stream]


def had_a_hand(block):
    """Whether a module of ours is in one of the stacks, and not merely what an interrupt,
    that is in it too, has interrupted."""
    interrupted = False
    for line in block:
        if not line.strip() or re.search(r"\bby (?:task|interrupt)\b", line):
            interrupted = False
        elif re.search(r"\basm_(?:sysvec|common_interrupt)|\bdo_softirq\b", line):
            interrupted = True  # or has let a softirq in, by bottom halves that come on
        elif not interrupted and re.search(r"\[(?:streams|badmod|witness)", line):
            return True
    return False


def without_foreign_races(lines):
    """Drop the race reports that no module of ours had a hand in.

    KCSAN in its strict setting reports the kernel's own plain accesses as well.
    """
    kept, foreign, block = [], 0, None
    for line in lines:
        if block is None and RACE_START.search(line):
            block = []
        if block is None:
            kept.append(line)
            continue
        block.append(line)
        if RACE_END.match(line) and len(block) > 1:
            if had_a_hand(block) and not KNOWN_RACES.search(block[0]):
                kept.extend(block)
            else:
                foreign += 1
            block = None
    return kept + (block or []), foreign


def without_rule_reports(lines):
    """Drop what the rule checker says: its line, and the head of the stack below it."""
    kept, below = [], 0
    for line in lines:
        if "streams: rule broken by" in line:
            below = 12
        elif below and "Call Trace:" in line:
            below = 0
        else:
            below = max(below - 1, 0)
            kept.append(line)
    return kept


def without_known_warnings(lines):
    """Drop the line of a warning that is none of our business, and that of its call trace."""
    kept, tracing = [], False
    for line in lines:
        if KNOWN_WARNING.search(line):
            tracing = True
        elif tracing and line.startswith("Call Trace:"):
            tracing = False
        else:
            kept.append(line)
    return kept


def first_report(lines, trouble, most=30):
    """What the kernel says from the first line of trouble on: what is in it names the cause."""
    first = lines.index(trouble[0])
    return lines[first : first + most]


def main():
    parser = argparse.ArgumentParser()
    for option in ("results", "console", "ktap", "name"):
        parser.add_argument("--" + option, required=True)
    parser.add_argument("--status", type=int, required=True)
    parser.add_argument("--limit", type=int, required=True)
    parser.add_argument("--expect", action="append", default=[])
    parser.add_argument("--rules", action="store_true")
    parser.add_argument("--console-has-points", action="store_true")
    given = parser.parse_args()

    results, console = lines_of(given.results), lines_of(given.console)
    console, foreign = without_foreign_races(without_known_warnings(console))
    if given.rules:
        console = without_rule_reports(console)
    end = [line for line in results if line.startswith("VM-END ")]
    leaks = [line for line in results if "unreferenced object" in line]
    said = console + leaks
    trouble = [line for line in said if TROUBLE.search(line) and not HARMLESS.search(line)]

    points = []
    if given.status in (124, 137):
        points.append((False, f"the VM ends within {given.limit} s"))
    else:
        points.append((bool(end), "the VM ends by itself"))
    if end:
        points.append((end[-1] == "VM-END 0", "the job in the VM succeeds"))
    for wanted in given.expect:
        seen = any(re.search(wanted, line) for line in trouble)
        points.append((seen, f"the harness sees /{wanted}/ in the kernel's log"))
    if not given.expect:
        points.append((not trouble, "the kernel's log is clean"))

    inner = console if given.console_has_points else results
    with open(given.ktap, "w", encoding="utf-8") as out:
        print("KTAP version 1\n1..1", file=out)
        for line in inner:
            print(line, file=out)
        print(f"    1..{len(points)}", file=out)
        for number, (good, text) in enumerate(points, 1):
            print(f"    {'ok' if good else 'not ok'} {number} {given.name}: {text}", file=out)
        print(f"{'ok' if all(p[0] for p in points) else 'not ok'} 1 {given.name}", file=out)

    if foreign:
        print(f"{foreign} race reports of the kernel's own, in which no module of ours takes part")
    if trouble and not given.expect:
        print(f"{len(trouble)} lines of trouble in the kernel's log, the first with what follows it:")
        for line in first_report(said, trouble):
            print(f"  {line}")
    for good, text in points:
        print(f"{'ok' if good else 'NOT OK'}: {text}")
    return 0 if all(good for good, _ in points) else 1


if __name__ == "__main__":
    sys.exit(main())
