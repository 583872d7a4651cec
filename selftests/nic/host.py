#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The host's side of a VM with network cards: what its tests cannot do from within.

host.py words FOLDER    QEMU's words for the cards, and for the two sockets in FOLDER
host.py serve FOLDER    do what the guest asks for, until QEMU is gone

A guest asks in lines on its third serial port and is answered by a line each, "ok" or
"error" and why:

hello               nothing
link CARD on|off    pull the cable, or put it back
unplug CARD         as somebody would who asks before (through the guest's hot-plug driver)
plug CARD           put it back
aer CARD ERROR      the port that the card is in reports an error of PCI Express
record CARD         from now on, write down what its wire carries (QEMU's filter-dump)
stop CARD           stop that
check CARD FLOW COUNT DESTINATION SOURCE    is this flow in what was recorded? (frames.py)
count CARD FLOW COUNT    are so many frames of this flow there, whatever is in them?
"""
import json
import os
import socket
import sys
import time

import frames

# The cards n* and x* are for the driver that is tested, p* for the kernel's own.  Each is
# on the hub of its number, an Ethernet without collisions; x1 is beside n1 and p1.
CARDS = {
    "n0": ("e1000e,bus=slot0", 0),
    "p0": ("e1000,bus=pcie.0,addr=0x10", 0),
    "n1": ("e1000,bus=slot1", 1),
    "p1": ("e1000e,bus=pcie.0,addr=0x11", 1),
    "x1": ("e1000-82545em,bus=pcie.0,addr=0x12", 1),
}

ROM_SIZE = 0x20000  # as many as the registers


def device_of(card):
    model, _ = CARDS[card]
    # The address says which card it is: 52:54:00:00:00:n0 and so on.
    number = {"n": 0xA0, "p": 0xB0, "x": 0xC0}[card[0]] + int(card[1])
    return f"{model},id=nic-{card},netdev={card},mac=52:54:00:00:00:{number:02x}"


def rom_of(card, folder):
    """A ROM with nothing in it.  Where the registers were it answers as a card that has
    been pulled out: vanish.c."""
    return f"{folder}/ones" if card[0] == "n" else ""


def words(folder):
    """QEMU's command line, a word a line."""
    line = ["-qmp", f"unix:{folder}/qmp,server=on,wait=off",
            "-chardev", f"socket,id=guest,path={folder}/guest,server=on,wait=off",
            # an interrupt of its own: not all kernels let serial ports share one
            "-device", "isa-serial,chardev=guest,index=2,iobase=0x3e8,irq=5",
            # as slow as the 82574L: of faster ones Linux wants to hear that the link is up
            # again after a reset, which QEMU does not say where ACPI sees to the plugs
            "-device", "pcie-root-port,id=slot0,chassis=1,slot=1,addr=0x8,x-speed=2_5",
            "-device", "pcie-root-port,id=slot1,chassis=2,slot=2,addr=0x9,x-speed=2_5"]  # fmt: skip
    with open(rom_of("n0", folder), "wb") as rom:
        rom.write(b"\xff" * ROM_SIZE)
    for card, (_, hub) in CARDS.items():
        line += ["-netdev", f"hubport,hubid={hub},id={card}",
                 "-device", f"{device_of(card)},romfile={rom_of(card, folder)}"]  # fmt: skip
    return line


class Refused(Exception):
    """What was asked for cannot be done."""


class Monitor:
    """QEMU's, by QMP."""

    def __init__(self, path):
        self.lines = connect(path).makefile("rw", encoding="utf-8")
        self.events = []
        self.lines.readline()  # the greeting
        self.ask("qmp_capabilities")

    def next(self):
        line = self.lines.readline()
        if not line:
            raise EOFError
        return json.loads(line)

    def ask(self, command, **arguments):
        json.dump({"execute": command, "arguments": arguments}, self.lines)
        self.lines.write("\n")
        self.lines.flush()
        while True:
            answer = self.next()
            if "event" in answer:
                self.events.append(answer)
            elif "error" in answer:
                raise Refused(answer["error"]["desc"])
            else:
                return answer["return"]

    def wait_for(self, event, **data):
        """An event with these data; those that came before it are forgotten."""
        while True:
            one = self.events.pop(0) if self.events else self.next()
            if one["event"] == event and data.items() <= one.get("data", {}).items():
                return


def connect(path):
    """QEMU makes its sockets when it starts, which may be a moment from now."""
    for _ in range(100):
        one = socket.socket(socket.AF_UNIX)
        try:
            one.connect(path)
            return one
        except OSError:
            one.close()
            time.sleep(0.1)
    sys.exit(f"host.py: nobody listens at {path}")


class Host:
    def __init__(self, folder):
        self.folder = folder
        self.recording = set()
        self.monitor = Monitor(f"{folder}/qmp")
        self.guest = connect(f"{folder}/guest").makefile("rw", encoding="utf-8", errors="replace")

    def path(self, card):
        return f"{self.folder}/{card}.pcap"

    def hello(self):
        pass

    def link(self, card, state):
        self.monitor.ask("set_link", name=f"nic-{card}", up=state == "on")

    def unplug(self, card):
        self.monitor.ask("device_del", id=f"nic-{card}")
        self.monitor.wait_for("DEVICE_DELETED", device=f"nic-{card}")

    def plug(self, card):
        driver, *rest = device_of(card).split(",")
        self.monitor.ask("device_add", driver=driver, romfile=rom_of(card, self.folder),
                         **dict(one.split("=") for one in rest))  # fmt: skip

    def aer(self, card, error):
        said = self.monitor.ask("human-monitor-command",
                                **{"command-line": f"pcie_aer_inject_error slot{card[1]} {error}"})
        if not said.startswith("OK"):
            raise Refused(said.strip())

    def record(self, card):
        if card in self.recording:  # by a test that did not reach its end
            self.stop(card)
        self.recording.add(card)
        self.monitor.ask("object-add", **{"qom-type": "filter-dump", "id": f"record-{card}",
                                          "netdev": card, "file": self.path(card)})  # fmt: skip

    def stop(self, card):
        self.recording.remove(card)
        self.monitor.ask("object-del", id=f"record-{card}")

    def check(self, card, flow, count, destination, source):
        wrong = frames.check(self.path(card), int(flow), int(count),
                             bytes.fromhex(destination), bytes.fromhex(source))  # fmt: skip
        if wrong:
            raise Refused(wrong)

    def count(self, card, flow, count):
        found = sum(frames.is_of(frame, int(flow)) for frame in frames.records(self.path(card)))
        if found != int(count):
            raise Refused(f"{found} frames")

    ACTIONS = ("hello", "link", "unplug", "plug", "aer", "record", "stop", "check", "count")

    def serve(self):
        for line in self.guest:
            command, *rest = line.split() or [""]
            try:
                if command not in self.ACTIONS:
                    raise Refused(f"what is {line.strip()!r}?")
                getattr(self, command)(*rest)
                answer = "ok"
            except (Refused, OSError, TypeError, ValueError, KeyError) as error:
                answer = f"error {error}"
            print(f"{line.strip()}: {answer}", flush=True)
            self.guest.write(answer + "\n")
            self.guest.flush()


def main():
    what, folder = sys.argv[1:]
    if what == "words":
        print("\n".join(words(folder)))
        return
    try:
        Host(folder).serve()
    except (EOFError, ConnectionError):
        pass


if __name__ == "__main__":
    main()
