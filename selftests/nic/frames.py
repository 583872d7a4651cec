# SPDX-License-Identifier: GPL-2.0-only
"""Read what QEMU recorded of a wire (filter-dump), and say whether a flow of frames is right.

A flow is the frames that frames.h makes: numbered, of a length and with contents that
follow from flow and number.  Each must be there once, in order, and equal to the last bit.
"""
import struct

ETHERTYPE = 0x88B5
HEADER = struct.Struct("!6s6sHIIH")  # destination, source, type, flow, number, length
SHORTEST, LONGEST = 60, 1514
NOISE = 65536
MASK = (1 << 64) - 1


def make_noise():
    """As noise_make() in frames.h."""
    noise, state = bytearray(), 1
    while len(noise) < NOISE:
        state = (state * 6364136223846793005 + 1442695040888963407) & MASK
        noise.append(state >> 56)
    return bytes(noise)


def mixed(value):
    """As mixed() in frames.h."""
    value = (value + 0x9E3779B97F4A7C15) & MASK
    value = ((value ^ value >> 30) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ value >> 27) * 0x94D049BB133111EB) & MASK
    return value ^ value >> 31


NOISE_BYTES = make_noise()


def expected(flow, number, destination, source):
    """The frame with this number."""
    chance = mixed(flow << 32 | number)
    length = SHORTEST + chance % (LONGEST - SHORTEST + 1)
    start = (chance >> 32) % (NOISE - LONGEST)
    head = HEADER.pack(destination, source, ETHERTYPE, flow, number, length)
    return head + NOISE_BYTES[start : start + length - len(head)]


def records(path):
    """The frames of a recording, each as the bytes that were on the wire."""
    with open(path, "rb") as stream:
        head = stream.read(24)
        if len(head) < 24:
            raise ValueError("the recording has no head")
        order = {b"\xd4\xc3\xb2\xa1": "<", b"\xa1\xb2\xc3\xd4": ">"}.get(head[:4])
        if order is None:
            raise ValueError("the recording is none")
        record = struct.Struct(order + "IIII")
        while True:
            words = stream.read(record.size)
            if not words:
                return
            _, _, kept, length = record.unpack(words)
            frame = stream.read(kept)
            if kept != length or len(frame) != kept:
                raise ValueError("the recording is cut off")
            yield frame


def is_of(frame, flow):
    return (
        len(frame) >= HEADER.size
        and frame[12:14] == b"\x88\xb5"
        and frame[14:18] == struct.pack("!I", flow)
    )


def first_difference(got, wanted):
    for at, (one, other) in enumerate(zip(got, wanted)):
        if one != other:
            return at
    return min(len(got), len(wanted))


def check(path, flow, count, destination, source):
    """What is wrong with a flow, in words; None if nothing is."""
    number = 0
    for frame in records(path):
        if not is_of(frame, flow):
            continue
        found = HEADER.unpack_from(frame)[4]
        if found != number:
            return f"frame {found} where frame {number} should be"
        wanted = expected(flow, number, destination, source)
        if frame != wanted:
            return (
                f"frame {number}, of {len(frame)} instead of {len(wanted)} bytes, "
                f"differs at byte {first_difference(frame, wanted)}"
            )
        number += 1
    return None if number == count else f"{number} frames instead of {count}"
