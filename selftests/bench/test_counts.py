#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""That what was counted is read as it is meant: python3 -m unittest test_counts"""
import os
import tempfile
import unittest

import counts
import goals
import report

COUNTS = """\
SECTION 0 insn=30 kernel=20 lock=2
AT ffffffff81000010 10 k
AT ffffffff81000014 10 kl
AT 401000 10
END 0
SECTION 1 insn=24 kernel=14 lock=0
AT ffffffff81000020 4 k
AT ffffffff81000014 10 k
AT 401000 10
END 1
SECTION 2 insn=14 kernel=4 lock=0
AT ffffffff81000020 4 k
AT 401000 10
END 2
"""
RESULTS = """\
MEMORY stream 4 slab=8192 percpu=32 vmalloc=0
CACHE stream kmalloc-512 4096
ROW write 2
ROW write 2
ROW settle 4
ffffffff81000010 T first
ffffffff81000020 t second\t[streams]
0000000000000000 A absolute
VM-END 0
"""


class Reading(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.counts = os.path.join(folder.name, "counts")
        self.results = os.path.join(folder.name, "results")
        self.write(COUNTS, RESULTS)

    def write(self, of_plugin, of_job):
        with open(self.counts, "w", encoding="utf-8") as stream:
            stream.write(of_plugin)
        with open(self.results, "w", encoding="utf-8") as stream:
            stream.write(of_job)

    def read(self, settled=lambda row: None):
        return counts.read_boot(self.counts, self.results, settled)

    def test_the_round_with_the_fewest_instructions_counts(self):
        profiles, _ = self.read()
        self.assertEqual(profiles["write"].kinds, {"insn": 12, "kernel": 7, "lock": 0})

    def test_functions_are_found_by_address(self):
        profiles, _ = self.read()
        self.assertEqual(
            profiles["write"].functions,
            {"second [streams]": (2, 0, 2), "first": (5, 0, 0), counts.USER_SPACE: (5, 0, 0)},
        )
        self.assertEqual(profiles["write"].entered("second [streams]", "third"), 2)

    def test_rounds_that_leave_work_behind_are_a_mean_less_the_wait(self):
        profiles, _ = self.read({"write": "settle", "settle": "settle"}.get)
        self.assertEqual(profiles["write"].kinds["insn"], ((30 + 24) / 2 - 14) / 2)
        self.assertEqual(profiles["write"].functions["first"], (7.5, 2.5, 2.5))
        self.assertEqual(profiles["settle"].kinds["insn"], 14 / 4)

    def test_weights_are_of_one(self):
        _, weights = self.read()
        self.assertEqual(weights.of("stream"), (8192 + 32) / 4)
        self.assertEqual(weights.largest("stream")[0], ("kmalloc-512", 1024))

    def test_what_is_cut_off_is_refused(self):
        for lost in ("END 2\n", "SECTION 1 insn=24 kernel=14 lock=0\n"):
            self.write(COUNTS.replace(lost, ""), RESULTS)
            with self.assertRaises(counts.Unreadable):
                self.read()

    def test_marks_and_rows_must_agree(self):
        self.write(COUNTS, RESULTS.replace("ROW settle 4\n", ""))
        with self.assertRaises(counts.Unreadable):
            self.read()


class Judging(unittest.TestCase):
    def judged(self, insn, lock, **limits):
        goal = goals.Goal("G0", "name", "what", goals.row("it"), **limits)
        profiles = {
            "it": counts.Profile({"insn": insn, "lock": lock}),
            "other": counts.Profile({"insn": 100, "lock": 0}),
        }
        return report.Judged(goal, profiles, None)

    def test_moonshot_gate_and_neither(self):
        limits = {"gate": 40, "moonshot": 20, "gate_lock": 2, "moonshot_lock": 0}
        for insn, lock, reached in ((20, 0, 0), (21, 0, 1), (20, 1, 1), (41, 0, 2), (20, 3, 2)):
            self.assertEqual(self.judged(insn, lock, **limits).reached, reached)
        self.assertEqual(self.judged(50, 0, **limits).verdict, "MISSED GATE: 1.25 x")

    def test_a_ratio_is_what_counts_where_there_is_a_baseline(self):
        one = self.judged(150, 0, gate=1.2, base=goals.row("other"), to="other")
        self.assertEqual((one.ratio, one.reached), (1.5, report.Judged.MISSED))

    def test_every_goal_has_a_row_to_look_into_or_a_number(self):
        for goal in goals.GOALS:
            self.assertTrue(goal.gate is not None or goal.moonshot is not None, goal.name)
            self.assertEqual(goal.base is None, goal.to is None, goal.name)
        self.assertEqual(len({goal.name for goal in goals.GOALS}), len(goals.GOALS))


class Holding(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(setattr, report, "REFERENCE", report.REFERENCE)
        report.REFERENCE = os.path.join(folder.name, "reference.json")
        with open(report.REFERENCE, "w", encoding="utf-8") as stream:
            stream.write('{"here": {"write": 1000, "push-pop": 1000, "gone": 5}}')

    def no_worse(self, value, machine="here"):
        rows = [{"name": "write", "value": value}, {"name": "new", "value": 9}]
        return report.no_worse(rows, machine)

    def test_half_a_percent(self):
        self.assertTrue(self.no_worse(1004))
        self.assertFalse(self.no_worse(1006))
        self.assertTrue(self.no_worse(2000, machine="elsewhere"))

    def test_a_locked_instruction_more(self):
        with open(report.REFERENCE, "w", encoding="utf-8") as stream:
            stream.write('{"here": {"write": 1000, "write/lock": 9}}')
        for lock, good in ((9.1, True), (9.2, False), (8, True)):
            rows = [{"name": "write", "value": 1000, "lock": lock}]
            self.assertEqual(report.no_worse(rows, "here"), good)

    def test_what_a_timer_moves_is_held_loosely(self):
        for value, good in ((1019, True), (1021, False)):
            rows = [{"name": "push-pop", "value": value}]
            self.assertEqual(report.no_worse(rows, "here"), good)

    def test_goals_and_waits_are_not_held(self):
        rows = [{"name": name, "value": 1} for name in ("write", "push-pop-2cpu", "open-step")]
        rows.append({"name": "open-close", "value": 1, "goal": "G13"})
        rows.append({"name": "read", "value": 3, "lock": 2})
        self.assertEqual(report.to_be_held(rows), {"write": 1, "read": 3, "read/lock": 2})


if __name__ == "__main__":
    unittest.main(buffer=True)
