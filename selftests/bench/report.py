#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Put what was counted beside the goals, and refuse what got worse.

report.py --kernel RELEASE --json OUT COUNTS:RESULTS...
report.py --accept BENCH.JSON

Each COUNTS:RESULTS are the files of one boot of the same machine; all must be the
same.  OUT gets a row for each thing measured.  A row more than 0.5 % above
reference.json, where that knows this kernel, compiler and emulator, is a failure;
--accept makes an earlier OUT the reference.
"""
import argparse
import filecmp
import json
import os
import re
import subprocess
import sys

from counts import Profile, Unreadable, read_boot
from goals import GOALS, settled

REFERENCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "reference.json")
TOLERANCE = 1.005
METHOD = "instructions executed, QEMU icount, 1 CPU"
KINDS = ("insn", "kernel", "lock", "xchg", "fence", "cli", "sti", "flags", "indirect")


def first_line(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")[0]


def machine_of(kernel):
    """What decides about counts besides the sources measured."""
    qemu = re.search(r"[\d.]+", first_line("qemu-system-x86_64", "--version"))
    return f"Linux {kernel}, gcc {first_line('gcc', '-dumpfullversion')}, QEMU {qemu[0]}"


def rows_of(profiles, weights, common):
    """The rows of OUT: what was counted, as it was counted."""
    rows = []
    for name, profile in profiles.items():
        counted = {kind: round(profile.kinds[kind], 3) for kind in KINDS[1:]}
        method = METHOD + (", until quiet" if settled(name) else "")
        rows.append({"name": name, "value": round(profile.kinds["insn"], 3), "unit": "insn",
                     "baseline": None, "ratio": None, **common, "method": method, **counted})  # fmt: skip
    for name, weight in weights.items():
        rows.append({"name": "memory-" + name, "value": round(weight, 1), "unit": "bytes",
                     "baseline": None, "ratio": None, **common,
                     "method": "Slab + Percpu + VmallocUsed for each of 10,000, 1 CPU"})  # fmt: skip
    return rows


def verdict_of(goal, value, lock):
    """The words, and which of 0 (moonshot met), 1 (gate met) and 2 (gate missed)."""

    def within(limit, lock_limit):
        return (limit is None or value <= limit + 1e-9) and (
            lock_limit is None or lock is None or lock <= lock_limit + 0.05
        )

    def missed(limit, lock_limit):
        if limit is None or value <= limit + 1e-9:
            return f"by {lock - lock_limit:.0f} lock"
        return f"{value / limit:.2f} x" if limit else f"by {value:.2f}"

    if within(goal.moonshot, goal.moonshot_lock):
        return "met moonshot", 0
    if goal.gate is None:
        return f"missed moonshot, {missed(goal.moonshot, goal.moonshot_lock)}", 1
    if within(goal.gate, goal.gate_lock):
        return f"met gate (moonshot missed, {missed(goal.moonshot, goal.moonshot_lock)})", 1
    return f"MISSED GATE, {missed(goal.gate, goal.gate_lock)}", 2


def judge(goal, profiles, weights, common):
    """The row of a goal, how far it got, and the Profile to look into."""
    cost = goal.cost(profiles, weights)
    profile = cost if isinstance(cost, Profile) else None
    value = profile.kinds["insn"] if profile else cost
    lock = profile.kinds["lock"] if profile else None
    ratio = None
    if goal.baseline:
        base = profiles[goal.baseline].kinds["insn"]
        # A row of the kernel's own has the same loop around it.
        if goal.baseline in ("kmalloc-128", "skb-64"):
            base -= profiles["empty"].kinds["insn"]
        ratio = value / base
    words, rank = verdict_of(goal, ratio if ratio is not None else value, lock)
    row = {"name": goal.name, "value": round(value, 3), "unit": goal.unit,
           "baseline": goal.baseline, "ratio": ratio and round(ratio, 4), **common,
           "method": METHOD, "goal": goal.goal, "gate": goal.gate, "moonshot": goal.moonshot,
           "lock": lock and round(lock, 3), "verdict": words, "what": goal.what}  # fmt: skip
    return row, rank, profile


def number(value, lock=None):
    if value is None:
        return ""
    text = f"{value:g}"
    return text if lock is None else f"{text}, {lock:g}"


def print_rows(profiles):
    print("One operation executes:\n")
    print(f"  {'':28}" + "".join(f"{kind:>10}" for kind in KINDS))
    for name, profile in profiles.items():
        print(f"  {name:28}" + "".join(f"{profile.kinds[kind]:10.2f}" for kind in KINDS))


def print_goals(judged):
    print("\nBeside the goals (gate and moonshot: of the ratio where there is a baseline; and locks):\n")
    print(f"  {'':5}{'':42}{'value':>10} {'unit':<8}{'lock':>6} {'ratio':>6}  {'to':<17}"
          f"{'gate':>8} {'moonshot':>9}  verdict")  # fmt: skip
    for goal, (row, _, _) in judged:
        lock = "" if row["lock"] is None else f"{row['lock']:.1f}"
        ratio = "" if row["ratio"] is None else f"{row['ratio']:.3f}"
        print(f"  {goal.goal:5}{goal.what:42}{row['value']:10.1f} {goal.unit:<8}{lock:>6} "
              f"{ratio:>6}  {goal.baseline or '':<17}{number(goal.gate, goal.gate_lock):>8} "
              f"{number(goal.moonshot, goal.moonshot_lock):>9}  {row['verdict']}")  # fmt: skip


def print_dearest(title, profile, count):
    print(f"\n  {title}\n\n    {'insn':>9} {'lock':>6}  function")
    for name, insn, lock in profile.dearest(count):
        print(f"    {insn:9.1f} {lock:6.2f}  {name}")


def print_reasons(judged, profiles):
    """What costs most, of each goal that is missed; once for each profile."""
    seen = set()
    for goal, (row, rank, profile) in judged:
        if rank == 0 or goal.what in seen:
            continue
        seen.add(goal.what)
        title = f"{goal.goal} {goal.what}: {row['verdict']}; what costs most:"
        if profile:
            print_dearest(title, profile, 15 if rank == 2 else 8)
        elif goal.name.endswith("-crowd"):
            alone = "stream-" * goal.name.startswith("open") + goal.name.removesuffix("-crowd")
            print_dearest(title, profiles[alone + "-crowd"] - profiles[alone], 8)


def print_profiles(names, profiles):
    for name in names:
        print_dearest(name, profiles[name], 60)


def all_the_same(boots):
    """Whether every boot counted what the first did, to the last instruction."""
    first = boots[0][0]
    other = [counts for counts, _ in boots[1:] if not filecmp.cmp(first, counts, shallow=False)]
    for counts in other:
        print(f"NOT THE SAME: {counts} differs from {first}")
    if not other:
        print(f"{len(boots)} boots of the machine counted the same, to the last instruction.")
    return not other


def known_machines():
    if not os.path.exists(REFERENCE):
        return {}
    with open(REFERENCE, encoding="utf-8") as stream:
        return json.load(stream)


def comparable(rows):
    return {row["name"]: row["value"] for row in rows
            if "goal" not in row and not row["name"].startswith("settle")}  # fmt: skip


def no_worse(rows, machine):
    """Whether no row is above the reference of this machine."""
    known = known_machines().get(machine)
    if known is None:
        print(f"reference.json has nothing for this machine ({machine}): nothing to compare with.")
        return True
    worse = better = 0
    for name, value in comparable(rows).items():
        if name in known and value > known[name] * TOLERANCE:
            worse += 1
            print(f"WORSE: {name}: {known[name]:.1f} before, {value:.1f} now, "
                  f"+{100 * (value / known[name] - 1):.2f} %")  # fmt: skip
        better += name in known and value < known[name] / TOLERANCE
    if worse:
        print("If this is meant: `make bench-reference` accepts it.")
    else:
        print(f"No row is more than 0.5 % above reference.json; {better} are below it"
              + (": `make bench-reference` keeps that." if better else "."))  # fmt: skip
    return not worse


def accept(path):
    with open(path, encoding="utf-8") as stream:
        rows = json.load(stream)
    known = known_machines()
    known[rows[0]["machine"]] = comparable(rows)
    with open(REFERENCE, "w", encoding="utf-8") as out:
        json.dump(known, out, indent=1, sort_keys=True)
        out.write("\n")
    print(f"reference.json now has {path} for {rows[0]['machine']}")


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
    boots = [boot.split(":") for boot in given.boots]
    if not boots or not given.kernel or not given.json:
        parser.error("--kernel, --json and the files of a boot")

    try:
        profiles, weights = read_boot(*boots[0], settled)
    except (OSError, Unreadable) as error:
        return f"report.py: {error}"
    machine = machine_of(given.kernel)
    common = {"kernel": given.kernel, "method": METHOD, "machine": machine}
    judged = [(goal, judge(goal, profiles, weights, common)) for goal in GOALS]
    rows = rows_of(profiles, weights, common)
    with open(given.json, "w", encoding="utf-8") as out:
        json.dump(rows + [row for _, (row, _, _) in judged], out, indent=1)
        out.write("\n")

    print_rows(profiles)
    print_goals(judged)
    print_reasons(judged, profiles)
    print_profiles(given.profile, profiles)
    print()
    good = [all_the_same(boots), no_worse(rows, machine)]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
