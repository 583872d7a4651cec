#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Count the test points of KTAP streams.

ktap.py [--quiet|--failures] FILE...

A stream may be a kernel's console log: time stamps are stripped and what is not
KTAP is passed over.  Only leaves are counted: the result line of a suite stands
for the cases indented above it, and counts as a failure of its own only if it
says "not ok" though all its cases passed.  A plan (1..N) with fewer results than
it promised is a failure, so a test that died half-way cannot pass.

The last line says "N passed, N failed"; the exit status is 0 if nothing failed
and something passed.  --quiet prints that line alone, --failures the names of
what failed alone.
"""
import re
import sys

STAMP = re.compile(r"^(?:<\d+>)?\[\s*\d+\.\d+\](?:\[\s*[TC]\d+\])? ?")
RESULT = re.compile(r"^( *)(ok|not ok) (\d+)\b(?: -)? ?(.*)$")
PLAN = re.compile(r"^( *)1\.\.(\d+)")
VERSION = re.compile(r"^( *)(?:KTAP version|TAP version) \d+")


class Level:
    """What was seen at one depth since its last parent."""

    def __init__(self):
        self.plan = None
        self.results = 0
        self.failed = 0  # failures at this depth and below


class Count:
    def __init__(self):
        self.passed = 0
        self.skipped = 0
        self.failures = []
        self.levels = {}

    def close_deeper(self, depth):
        """Close every level below depth; whether there was one, and its failures."""
        failed, seen = 0, False
        for deeper in sorted((d for d in self.levels if d > depth), reverse=True):
            level = self.levels.pop(deeper)
            seen = seen or level.results > 0 or level.plan is not None
            failed += level.failed + self.plan_kept(level)
        return seen, failed

    def plan_kept(self, level):
        if level.plan is None or level.results >= level.plan:
            return 0
        missing = level.plan - level.results
        self.failures.append(f"{missing} of {level.plan} planned results never came")
        return 1

    def level(self, depth):
        return self.levels.setdefault(depth, Level())

    def result(self, depth, good, text):
        parent, below = self.close_deeper(depth)
        level = self.level(depth)
        level.results += 1
        level.failed += below
        name, _, directive = text.partition(" # ")
        directive = directive.strip().upper()
        if directive.startswith("SKIP") or text.upper().startswith("# SKIP"):
            if not parent:
                self.skipped += 1
        elif good or directive.startswith(("TODO", "XFAIL")):
            if not parent:
                self.passed += 1
        elif not below:
            level.failed += 1
            self.failures.append(name.strip() or "(no name)")

    def finish(self):
        self.close_deeper(-1)


def count(path, total):
    total.levels = {}
    points = 0
    with open(path, encoding="utf-8", errors="replace") as stream:
        for line in stream:
            line = STAMP.sub("", line.rstrip("\r\n"))
            if match := RESULT.match(line):
                points += 1
                total.result(len(match[1]), match[2] == "ok", match[4])
            elif match := PLAN.match(line):
                level = total.level(len(match[1]))
                level.plan = (level.plan or 0) + int(match[2])
            elif match := VERSION.match(line):
                # a new stream at this depth: what hung below it is over
                total.close_deeper(len(match[1]))
    total.finish()
    if points == 0:
        total.failures.append(f"{path}: no test point in it")


def main(arguments):
    quiet = "--quiet" in arguments
    only_failures = "--failures" in arguments
    paths = [a for a in arguments if not a.startswith("--")]
    total = Count()
    for path in paths:
        count(path, total)
    if not quiet:
        for name in total.failures:
            print(f"not ok: {name}")
    if not only_failures:
        if total.skipped and not quiet:
            print(f"{total.skipped} skipped")
        print(f"{total.passed} passed, {len(total.failures)} failed")
    return 1 if total.failures or total.passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
