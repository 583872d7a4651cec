#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Show what is on the straight way of a function, and complain of what has no place there.

    straight.py OBJECT FUNCTION...

The straight way is what is executed when no conditional branch is taken: the
compiler puts what is unlikely() out of line.  On the way of a message from one
queue to the next there is no locked instruction, no fence and no change of the
interrupt flag, and nothing is called but the put procedure: that is claim and
release of a perimeter's gate for the price of two increments and two loads.
Prints one line for each complaint, or for each function its length.
"""

import re
import subprocess
import sys

FORBIDDEN = re.compile(r"^(lock\b|xchg\b(?!\s+%ax,%ax)|cmpxchg|[lms]fence|pushf|popf|cli\b|sti\b|cpuid)")
ALLOWED_CALLS = re.compile(r"^(__fentry__|__x86_indirect_thunk_\w+|mcount)")


def disassembly(path, function):
    """The instructions of a function, with the symbols that their relocations name."""
    text = subprocess.run(
        ["objdump", "-dr", "--no-show-raw-insn", path],
        check=True, capture_output=True, text=True).stdout
    found = False
    code = []
    for line in text.splitlines():
        if re.match(rf"^[0-9a-f]+ <{function}>:", line):
            found = True
            continue
        if not found:
            continue
        if re.match(r"^[0-9a-f]+ <", line):
            break
        relocation = re.match(r"^\s+[0-9a-f]+: R_\S+\s+([^\s+-]+)", line)
        if relocation and code:
            code[-1][1] = relocation.group(1)
            continue
        instruction = re.match(r"^\s*[0-9a-f]+:\s+(.*\S)", line)
        if instruction:
            code.append([instruction.group(1), ""])
    return code


def straight(code):
    """Up to the first instruction that leads away for certain."""
    way = []
    for instruction, symbol in code:
        way.append((instruction, symbol))
        if re.match(r"^(jmp|ret)\b", instruction):
            return way
    return way


def complaints(function, way):
    """What has no place on the way, and what has to be there."""
    procedures = 0
    for instruction, symbol in way:
        if FORBIDDEN.match(instruction):
            yield f"{function}: {instruction}"
        if re.match(r"^call\b", instruction):
            if not ALLOWED_CALLS.match(symbol) and "*" not in instruction:
                yield f"{function}: calls {symbol or instruction}"
            if "indirect_thunk" in symbol or "*" in instruction:
                procedures += 1
    if procedures != 1:
        yield f"{function}: {procedures} calls of a put procedure on its straight way"


def main():
    """Every function that is named."""
    bad = 0
    for function in sys.argv[2:]:
        way = straight(disassembly(sys.argv[1], function))
        for complaint in complaints(function, way):
            print(complaint)
            bad = 1
        if not bad:
            print(f"# {function}: {len(way)} instructions", file=sys.stderr)
    return bad


if __name__ == "__main__":
    sys.exit(main())
