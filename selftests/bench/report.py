#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Turn the BENCH lines of a run into build/bench.json and a table.

report.py --kernel RELEASE --json OUT RESULTS

A line is "BENCH <name> <value> <unit> <baseline> <ratio> <method>"; the baseline
is the row it is to be compared with, measured in the same run.
"""
import argparse
import json
import sys

# The ratio that a row must never exceed, and the one it is meant to reach.
GOALS = {
    "loop-64": (1.25, 0.95),
    "loop-getmsg-64": (0.75, 0.50),
    "stream-open-close": (2.0, 1.2),
}


def rows_of(path, kernel):
    rows = []
    with open(path, encoding="utf-8", errors="replace") as results:
        for line in results:
            words = line.split()
            if words[:1] != ["BENCH"]:
                continue
            if len(words) < 7:
                sys.exit(f"report.py: not a row: {line.rstrip()}")
            _, name, value, unit, baseline, ratio, *method = words
            rows.append(
                {
                    "name": name,
                    "value": float(value),
                    "unit": unit,
                    "baseline": baseline,
                    "ratio": float(ratio),
                    "kernel": kernel,
                    "method": " ".join(method),
                }
            )
    return rows


def table(rows):
    print(f"{'':26}{'value':>12} {'unit':<14}{'ratio':>7}  {'to':<20}{'limit':>6}{'aim':>6}")
    for row in rows:
        limit, aim = GOALS.get(row["name"], ("", ""))
        against = "" if row["baseline"] == row["name"] else row["baseline"]
        ratio = f"{row['ratio']:.2f}" if against else ""
        print(
            f"{row['name']:26}{row['value']:12.0f} {row['unit']:<14}{ratio:>7}  "
            f"{against:<20}{limit:>6}{aim:>6}"
        )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kernel", required=True)
    parser.add_argument("--json", required=True)
    parser.add_argument("results")
    given = parser.parse_args()
    rows = rows_of(given.results, given.kernel)
    if not rows:
        sys.exit(f"report.py: no row in {given.results}")
    with open(given.json, "w", encoding="utf-8") as out:
        json.dump(rows, out, indent=1)
        out.write("\n")
    table(rows)


if __name__ == "__main__":
    main()
