#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Measure the perimeters in user space, and put that beside the goals.

bench.py --programs FOLDER --json BENCH.JSON

Adds its rows to BENCH.JSON, which selftests/bench/report.py has written, or makes it.
Times say something only beside other times of the same run; counts of instructions,
by callgrind, are the same in every run.
"""
import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../bench"))
from goals import USERSPACE_GOALS  # noqa: E402

COUNTED = 800  # repetitions
CACHE_LINE = 64
PREFIX = "user-"
TIMES = "ns or us of real CPUs, least or median of many rounds"
SCALING = "two threads for each one, CPUs free; median"
METHODS = {"ns": TIMES, "us": TIMES, "ratio": SCALING, "insn": "instructions, callgrind",
           "writes": "lines that both write or read, lackey"}  # fmt: skip


def run(program, *arguments, under=()):
    command = [*under, program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        sys.exit(f"bench.py: {' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def measured(program):
    """{name: (value, unit)}, in order."""
    rows = {}
    for line in run(program, "bench", "2", "0", "1", "membarrier").splitlines():
        words = line.split()
        if words[:1] == ["ROW"]:
            rows[words[1]] = (float(words[2]), words[3])
        elif "never free" in line:
            print(line)
    return rows


def counted(program, number):
    """Instructions of one repetition."""
    under = ("valgrind", "--tool=callgrind", "--toggle-collect=bench_counted",
             "--callgrind-out-file=/dev/null")  # fmt: skip
    out = run(program, "count", "1", str(COUNTED / 1000), str(number), "membarrier", under=under)
    return int(re.search(r"Collected : (\d+)", out)[1]) / COUNTED


def shared_writes(program):
    """How often a message of one thread writes to a cache line that another thread's message
    touches too: the most of several turns that two threads take, by lackey's trace."""
    with tempfile.NamedTemporaryFile("r", suffix=".trace") as trace:
        under = ("valgrind", "--tool=lackey", "--trace-mem=yes", f"--log-file={trace.name}")
        out = run(program, "lines", "2", "0", "1", "membarrier", under=under)
        mark, puts = re.search(r"MARK ([0-9a-f]+) (\d+)", out).groups()
        turns, turn = [], None
        for line in trace:
            access = re.match(r" ([SLM]) ([0-9a-f]+),", line)
            if not access:
                continue
            address = int(access[2], 16)
            if address == int(mark, 16):
                if turn is not None:
                    turns.append(turn)
                turn = [] if turn is None else None
            elif turn is not None:
                turn.append((access[1] != "L", address // CACHE_LINE))
    if len(turns) < 2 or not all(turns):
        sys.exit("bench.py: lackey's trace has no turns in it")
    most = 0
    for i, turn in enumerate(turns):
        others = {line for other in turns[1 - i % 2 :: 2] for _, line in other}
        most = max(most, sum(write and line in others for write, line in turn))
    return most / int(puts)


def judge(goal, value):
    """What is said of a goal, and None where nothing was measured."""
    if value is None:
        return "not measured: the CPUs were never free"
    good = (lambda limit: value >= limit) if goal.more_is_better else (lambda limit: value <= limit)
    missed = (lambda limit: limit / value) if goal.more_is_better else (lambda limit: value / limit)
    if not good(goal.gate):
        return f"MISSED GATE: {missed(goal.gate):.2f} x"
    if not good(goal.moonshot):
        return f"met gate; missed moonshot: {missed(goal.moonshot):.2f} x"
    return "met moonshot"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", required=True)
    parser.add_argument("--json", required=True)
    given = parser.parse_args()
    program = os.path.join(given.programs, "plain/stress")

    rows = measured(program)
    one_thread = [name for name, (_, unit) in rows.items() if unit == "ns"]
    for number, name in enumerate(one_thread):
        rows[name + "-insn"] = (counted(program, number), "insn")

    rows["user-streams-shared-writes"] = (shared_writes(program), "writes")

    old = []
    if os.path.exists(given.json):
        with open(given.json, encoding="utf-8") as stream:
            old = [row for row in json.load(stream) if not row["name"].startswith(PREFIX)]
    common = {"kernel": platform.release(), "machine": platform.machine()}
    new = [{"name": name, "value": round(value, 4), "unit": unit, "baseline": None, "ratio": None,
            **common, "method": METHODS[unit]} for name, (value, unit) in rows.items()]  # fmt: skip

    print("\nPerimeters in user space:\n")
    for name in one_thread:
        print(f"  {name:28}{rows[name][0]:9.2f} ns{rows[name + '-insn'][0]:9.1f} insn")
    for name, (value, unit) in rows.items():
        if unit in ("us", "ratio", "writes"):
            print(f"  {name:28}{value:9.2f} {unit}")
    print("\nBeside the goals:\n")
    print(f"  {'':4} {'':46} {'value':>8} {'gate':>7} {'moonshot':>9}  verdict")
    for goal in USERSPACE_GOALS:
        value = None
        if goal.row in rows:
            value = rows[goal.row][0] / (rows[goal.to][0] if goal.to else 1)
        verdict = judge(goal, value)
        shown = "" if value is None else f"{value:8.3f}"
        print(f"  {goal.goal:4} {goal.what:46} {shown:>8} {goal.gate:7g} {goal.moonshot:9g}  {verdict}")
        new.append({"name": PREFIX + goal.name, "value": value and round(value, 4), "unit": goal.unit,
                    "baseline": goal.to, "ratio": value and goal.to and round(value, 4), **common,
                    "method": METHODS[rows[goal.row][1]] if goal.row in rows else None,
                    "goal": goal.goal, "what": goal.what, "gate": goal.gate,
                    "moonshot": goal.moonshot, "verdict": verdict})  # fmt: skip
    with open(given.json, "w", encoding="utf-8") as out:
        json.dump(old + new, out, indent=1)
        out.write("\n")


if __name__ == "__main__":
    main()
