#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Put what was counted beside the goals, and refuse what got worse.

report.py --kernel RELEASE --json OUT [--profile ROW]... CPUS:COUNTS:RESULTS...
report.py --accept BENCH.JSON

Each CPUS:COUNTS:RESULTS are the files of one boot; boots with as many CPUs are of
the same machine, and all must be the same.  OUT gets a row for each thing
measured.  A row more than 0.5 % above reference.json, or 2 % where timer
interrupts have a say, is a failure where that knows this kernel, compiler and
emulator, and so is a tenth of a locked instruction more; --accept makes an
earlier OUT the reference.
"""
import argparse
import filecmp
import json
import os
import re
import subprocess
import sys

from counts import Profile, Unreadable, read_boot
from goals import GOALS, LOOSELY_HELD, NOT_HELD, NOT_HELD_BEGIN, settled

REFERENCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "reference.json")
TOLERANCE = 1.005
LOOSE_TOLERANCE = 1.02
LOCK = "/lock"  # ends the name of a row's locked instructions in the reference
LOCK_TOLERANCE = 0.1
METHOD = "instructions executed, QEMU icount"
KINDS = ("insn", "kernel", "lock", "xchg", "fence", "cli", "sti", "flags", "indirect")


def output_of(*command, given=None):
    return subprocess.run(command, input=given, capture_output=True, text=True, check=True).stdout


def machine_of(kernel):
    """What decides about counts besides the sources measured."""
    qemu = re.search(r"[\d.]+", output_of("qemu-system-x86_64", "--version"))
    compiler = output_of("gcc", "-dumpfullversion").strip()
    return f"Linux {kernel}, gcc {compiler}, QEMU {qemu[0]}"


def rows_of(profiles, weights, common):
    """The rows of OUT that say what was counted."""
    rows = []

    def add(name, value, unit, method, counted):
        rows.append({"name": name, "value": value, "unit": unit, "baseline": None, "ratio": None,
                     **common, "method": method, **counted})  # fmt: skip

    for name, profile in profiles.items():
        counted = {kind: round(profile.kinds[kind], 3) for kind in KINDS[1:]}
        method = METHOD + (", until quiet" if settled(name) else "")
        add(name, round(profile.kinds["insn"], 3), "insn", method, counted)
    for what in weights.kinds:
        method = f"Slab + Percpu + VmallocUsed of {weights.count[what]}, 1 CPU"
        counted = {kind: round(value, 1) for kind, value in weights.kinds[what].items()}
        add("memory-" + what, round(weights.of(what), 1), "bytes", method, counted)
    return rows


class Judged:
    """A goal, and how far it was reached."""

    MOONSHOT, GATE, MISSED = range(3)

    def __init__(self, goal, profiles, weights):
        cost = goal.cost(profiles, weights)
        self.goal = goal
        self.profile = cost if isinstance(cost, Profile) else None
        self.base = goal.base(profiles, weights) if goal.base else None
        self.value = self.profile.kinds["insn"] if self.profile else cost
        self.lock = self.profile.kinds["lock"] if self.profile else None
        self.ratio = self.value / self.base.kinds["insn"] if self.base else None
        self.reached, self.verdict = self.judge()

    def excess(self, limit, lock_limit):
        """In words, by how much a limit is missed; empty if it is met."""
        value = self.value if self.ratio is None else self.ratio
        if limit is not None and value > limit + 1e-9:
            return f"{value / limit:.2f} x" if limit else f"{value:.2f} instead of 0"
        if lock_limit is not None and self.lock > lock_limit + 0.05:
            return f"{self.lock:.1f} locks instead of {lock_limit}"
        return ""

    def judge(self):
        goal = self.goal
        moonshot = self.excess(goal.moonshot, goal.moonshot_lock)
        gate = self.excess(goal.gate, goal.gate_lock)
        if gate:
            return self.MISSED, f"MISSED GATE: {gate}"
        if moonshot:
            met = "met gate; " if goal.gate is not None else ""
            return self.GATE, f"{met}missed moonshot: {moonshot}"
        return self.MOONSHOT, "met moonshot"

    def row(self, common):
        goal = self.goal
        return {"name": goal.name, "value": round(self.value, 3), "unit": goal.unit,
                "baseline": goal.to, "ratio": self.ratio and round(self.ratio, 4), **common,
                "method": METHOD, "lock": self.lock and round(self.lock, 3), "goal": goal.goal,
                "what": goal.what, "gate": goal.gate, "gate_lock": goal.gate_lock,
                "moonshot": goal.moonshot, "moonshot_lock": goal.moonshot_lock,
                "verdict": self.verdict}  # fmt: skip


def print_rows(profiles):
    print("One operation executes:\n")
    print(f"  {'':26}" + "".join(f"{kind:>10}" for kind in KINDS))
    for name, profile in profiles.items():
        print(f"  {name:26}" + "".join(f"{profile.kinds[kind]:10.2f}" for kind in KINDS))


def limits(value, lock):
    if value is None:
        return ""
    return f"{value:g}" if lock is None else f"{value:g}, {lock:g}"


def print_goals(judged):
    print("\nBeside the goals (where there is a ratio, gate and moonshot are for it; then locks):\n")
    print(f"  {'':4} {'':43} {'value':>9} {'unit':<6}{'lock':>6} {'ratio':>6}  {'to':<20}"
          f"{'gate':>7} {'moonshot':>9}  verdict")  # fmt: skip
    for one in judged:
        goal = one.goal
        lock = "" if one.lock is None else f"{one.lock:.1f}"
        ratio = "" if one.ratio is None else f"{one.ratio:.3f}"
        print(f"  {goal.goal:4} {goal.what:43} {one.value:9.1f} {goal.unit:<6}{lock:>6} "
              f"{ratio:>6}  {goal.to or '':<20}{limits(goal.gate, goal.gate_lock):>7} "
              f"{limits(goal.moonshot, goal.moonshot_lock):>9}  {one.verdict}")  # fmt: skip


def readable(names):
    """C++ names without their parameters."""
    plain = output_of("c++filt", "-p", given="\n".join(names))
    return plain.replace("(anonymous namespace)::", "").replace("strm::", "").split("\n")


def print_dearest(title, profile, count):
    dearest = profile.dearest(count)
    print(f"\n  {title}\n\n      {'insn':>9} {'lock':>6}  function")
    for name, (_, insn, lock) in zip(readable([function for function, _, _ in dearest]), dearest):
        print(f"      {insn:9.1f} {lock:6.2f}  {name}")


def print_largest(title, parts):
    print(f"\n  {title}\n\n      {'bytes':>9}  of")
    for name, value in parts:
        print(f"      {value:9.1f}  {name}")


def print_reasons(judged, weights):
    """What costs most, of each goal that is missed; once of what has several."""
    done = set()
    for one in judged:
        goal = one.goal
        if one.reached == Judged.MOONSHOT or goal.what in done:
            continue
        done.add(goal.what)
        title = f"{goal.goal} {goal.what}: {one.verdict}; what costs most:"
        if goal.memory:
            print_largest(title, weights.largest(goal.memory))
        elif goal.to == "alone":
            print_dearest(title, one.profile - one.base, 8)
        elif one.profile:
            print_dearest(title, one.profile, 15 if one.reached == Judged.MISSED else 8)


def all_the_same(machines):
    """Whether every boot of a machine counted what its first did, to the last instruction."""
    same = True
    for cpus, boots in machines.items():
        first = boots[0][0]
        for counts, _ in boots[1:]:
            if not filecmp.cmp(first, counts, shallow=False):
                print(f"NOT THE SAME: {counts} differs from {first}")
                same = False
        if same and len(boots) > 1:
            print(f"{len(boots)} boots with {cpus} CPU counted the same, to the last instruction.")
    return same


def known_machines():
    if not os.path.exists(REFERENCE):
        return {}
    with open(REFERENCE, encoding="utf-8") as stream:
        return json.load(stream)


def is_held(name):
    return not name.endswith(NOT_HELD) and not name.startswith(NOT_HELD_BEGIN)


def to_be_held(rows):
    held = {}
    for row in rows:
        if "goal" in row or not is_held(row["name"]):
            continue
        held[row["name"]] = row["value"]
        if "lock" in row:
            held[row["name"] + LOCK] = row["lock"]
    return held


def most(name, before):
    """What a row of the reference may become."""
    loose = name.removesuffix(LOCK).endswith(LOOSELY_HELD)
    allowed = before * (LOOSE_TOLERANCE if loose else TOLERANCE)
    return max(allowed, before + LOCK_TOLERANCE) if name.endswith(LOCK) else allowed


def no_worse(rows, machine):
    """Whether no row is above the reference of this machine."""
    known = known_machines().get(machine)
    if known is None:
        print(f"reference.json knows no such machine ({machine}): nothing to compare with.")
        return True
    worse = better = 0
    for name, value in to_be_held(rows).items():
        if name not in known:
            continue
        if value > most(name, known[name]):
            worse += 1
            print(f"WORSE: {name}: {known[name]:.1f} before, {value:.1f} now")
        better += most(name, value) < known[name]
    if worse:
        print("If this is meant, `make bench-reference` accepts it.")
    else:
        print(f"No row is worse than reference.json allows; {better} are as much below it"
              + (", which `make bench-reference` keeps." if better else "."))  # fmt: skip
    return not worse


def accept(path):
    with open(path, encoding="utf-8") as stream:
        rows = json.load(stream)
    known = known_machines()
    known[rows[0]["machine"]] = to_be_held(rows)
    with open(REFERENCE, "w", encoding="utf-8") as out:
        json.dump(known, out, indent=1, sort_keys=True)
        out.write("\n")
    print(f"reference.json has what {path} says of {rows[0]['machine']}")


def read_machines(machines):
    """The first boot of each machine; only the one with 1 CPU weighs anything."""
    profiles, weights = {}, None
    for boots in machines.values():
        of_this, its_weights = read_boot(*boots[0], settled)
        profiles.update(of_this)
        if its_weights.kinds:
            weights = its_weights
    return profiles, weights


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kernel")
    parser.add_argument("--json")
    parser.add_argument("--accept")
    parser.add_argument("--profile", action="append", default=[], help="a row to look into")
    parser.add_argument("boots", nargs="*")
    given = parser.parse_args()
    if given.accept:
        return accept(given.accept)
    if not given.boots or not given.kernel or not given.json:
        parser.error("--kernel, --json and the files of a boot")

    machines = {}
    for boot in given.boots:
        cpus, counts, results = boot.split(":")
        machines.setdefault(cpus, []).append((counts, results))
    try:
        profiles, weights = read_machines(machines)
    except (OSError, Unreadable) as error:
        return f"report.py: {error}"
    machine = machine_of(given.kernel)
    common = {"kernel": given.kernel, "machine": machine}
    judged = [Judged(goal, profiles, weights) for goal in GOALS]
    rows = rows_of(profiles, weights, common)
    with open(given.json, "w", encoding="utf-8") as out:
        json.dump(rows + [one.row(common) for one in judged], out, indent=1)
        out.write("\n")

    print_rows(profiles)
    print_goals(judged)
    print_reasons(judged, weights)
    for name in given.profile:
        print_dearest(name, profiles[name], 60)
    print()
    good = [all_the_same(machines), no_worse(rows, machine)]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
