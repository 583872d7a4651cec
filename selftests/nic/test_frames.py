#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The checker of recordings finds what is wrong with one."""
import os
import struct
import tempfile
import unittest

import frames

HERE, THERE = b"\x52\x54\0\0\0\1", b"\x52\x54\0\0\0\2"
FLOW, COUNT = 7, 20


class Recordings(unittest.TestCase):
    def setUp(self):
        self.wire = [frames.expected(FLOW, number, HERE, THERE) for number in range(COUNT)]

    def verdict(self, cut=0):
        with tempfile.NamedTemporaryFile(delete=False) as out:
            out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65536, 1))
            whole = b"".join(
                struct.pack("<IIII", 0, 0, len(frame), len(frame)) + frame for frame in self.wire
            )
            out.write(whole[: len(whole) - cut])
        try:
            return frames.check(out.name, FLOW, COUNT, HERE, THERE)
        finally:
            os.unlink(out.name)

    def test_good(self):
        self.wire.insert(3, frames.expected(FLOW + 1, 0, HERE, THERE))
        self.wire.append(b"\xff" * 60)
        self.assertIsNone(self.verdict())

    def test_lost(self):
        del self.wire[5]
        self.assertIn("frame 6 where frame 5", self.verdict())

    def test_last_lost(self):
        del self.wire[-1]
        self.assertIn("19 frames", self.verdict())

    def test_doubled(self):
        self.wire.insert(5, self.wire[5])
        self.assertIn("frame 5 where frame 6", self.verdict())

    def test_swapped(self):
        self.wire[5], self.wire[6] = self.wire[6], self.wire[5]
        self.assertIn("frame 6 where frame 5", self.verdict())

    def test_altered(self):
        frame = bytearray(self.wire[5])
        frame[-1] ^= 1
        self.wire[5] = bytes(frame)
        self.assertIn(f"differs at byte {len(frame) - 1}", self.verdict())

    def test_longer(self):
        self.wire[5] += b"\0"
        self.assertIn("differs", self.verdict())

    def test_from_elsewhere(self):
        self.wire[5] = frames.expected(FLOW, 5, HERE, HERE)
        self.assertIn("differs at byte 11", self.verdict())

    def test_cut_off(self):
        with self.assertRaises(ValueError):
            self.verdict(cut=1)


if __name__ == "__main__":
    unittest.main()
