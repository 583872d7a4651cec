# SPDX-License-Identifier: GPL-2.0-only
"""Read what a machine counted: the plugin's file, and the job's results.

The plugin (plugin/plugin.c) writes a section for each pair of marks; rows.c says
which row each belongs to; /proc/kallsyms follows in the results and says which
function lies at which address.
"""
import bisect

USER_SPACE = "user space"


class Unreadable(Exception):
    """The files are not what rows.c and the plugin write."""


class Profile:
    """What one operation executes: by kind, and by function."""

    def __init__(self, kinds=None, functions=None):
        self.kinds = kinds or {}  # "insn", "lock" ...: executions
        self.functions = functions or {}  # name: (instructions, locked ones, times entered)

    def __sub__(self, other):
        return self.combined(other, lambda a, b: a - b)

    def __add__(self, other):
        return self.combined(other, lambda a, b: a + b)

    def __truediv__(self, number):
        return Profile(
            {kind: value / number for kind, value in self.kinds.items()},
            {name: tuple(n / number for n in cost) for name, cost in self.functions.items()},
        )

    def combined(self, other, how):
        nothing = (0, 0, 0)
        names = self.functions.keys() | other.functions.keys()
        return Profile(
            {kind: how(value, other.kinds.get(kind, 0)) for kind, value in self.kinds.items()},
            {
                name: tuple(
                    map(how, self.functions.get(name, nothing), other.functions.get(name, nothing))
                )
                for name in names
            },
        )

    def entered(self, *names):
        """How often these functions were called."""
        return sum(self.functions[name][2] for name in names if name in self.functions)

    def dearest(self, count):
        """The functions that cost most: [(name, instructions, locked ones)]."""
        order = sorted(self.functions.items(), key=lambda item: (-item[1][0], item[0]))
        return [(name, insn, lock) for name, (insn, lock, _) in order[:count] if insn > 0.005]


class Symbols:
    """Which function lies at an address."""

    def __init__(self, lines):
        found = {}
        for line in lines:
            words = line.split()
            if len(words) < 3 or words[1] not in "tTwW" or not words[0].startswith("ffffffff"):
                continue
            # Of several names for one address any will do, as long as it is always the same.
            name = " ".join(words[2:])
            address = int(words[0], 16)
            found[address] = min(found.get(address, name), name)
        self.addresses = sorted(found)
        self.names = [found[address] for address in self.addresses]

    def at(self, address):
        """The name, and whether this is where it begins."""
        if not address >> 63:
            return USER_SPACE, False
        index = bisect.bisect_right(self.addresses, address) - 1
        if index < 0:
            return "?", False
        return self.names[index], self.addresses[index] == address

    def functions_of(self, sites):
        functions = {}
        for address, executions, letters in sites:
            name, begins = self.at(address)
            insn, lock, entered = functions.get(name, (0, 0, 0))
            functions[name] = (
                insn + executions,
                lock + (executions if "l" in letters else 0),
                entered + (executions if begins else 0),
            )
        return functions


class Weights:
    """Bytes of kernel memory that one of something takes."""

    def __init__(self):
        self.count = {}
        self.kinds = {}  # what: {"slab": bytes ...}; together they are all of it
        self.caches = {}  # what: {slab cache: bytes}; objects, without what is left over

    def add(self, what, count, words):
        self.count[what] = count
        kinds = (word.split("=") for word in words)
        self.kinds[what] = {kind: int(value) / count for kind, value in kinds}

    def add_cache(self, what, cache, value):
        self.caches.setdefault(what, {})[cache] = int(value) / self.count[what]

    def of(self, what):
        return sum(self.kinds[what].values())

    def largest(self, what):
        """[(name, bytes)]: slab caches, and what is not of a slab."""
        parts = dict(self.caches.get(what, {}))
        parts.update({kind: value for kind, value in self.kinds[what].items() if kind != "slab"})
        return sorted(parts.items(), key=lambda part: (-part[1], part[0]))


def read_sections(path):
    """Yield (kinds, sites) for each pair of marks, in order."""
    kinds, sites = None, []
    with open(path, encoding="utf-8") as stream:
        for line in stream:
            words = line.split()
            if words[0] == "SECTION":
                kinds, sites = {}, []
                for word in words[2:]:
                    kind, value = word.split("=")
                    kinds[kind] = int(value)
            elif words[0] == "AT":
                letters = words[3] if len(words) > 3 else ""
                sites.append((int(words[1], 16), int(words[2]), letters))
            elif words[0] == "END" and kinds is not None:
                yield kinds, sites
                kinds = None
            else:
                raise Unreadable(f"{path}: what is {line.rstrip()!r}?")
    if kinds is not None:
        raise Unreadable(f"{path}: the last section has no end")


def read_results(path):
    """([(row, repetitions)] in order of the marks, Weights, Symbols)."""
    order, weights, symbols = [], Weights(), []
    with open(path, encoding="utf-8", errors="replace") as stream:
        for line in stream:
            words = line.split()
            if words[:1] == ["ROW"]:
                order.append((words[1], int(words[2])))
            elif words[:1] == ["MEMORY"]:
                weights.add(words[1], int(words[2]), words[3:])
            elif words[:1] == ["CACHE"]:
                weights.add_cache(*words[1:])
            else:
                symbols.append(line)
    return order, weights, Symbols(symbols)


def read_boot(counts, results, settled):
    """({row: Profile of one operation}, Weights) of one boot.

    A row is the round with the fewest instructions, which no timer interrupted.
    Rows for which settled(row) names another row have left work behind, of which
    rounds have more or less: they are the mean of all rounds, less that other row.
    """
    order, weights, symbols = read_results(results)
    rounds = {}
    sections = list(read_sections(counts))
    if len(sections) != len(order):
        raise Unreadable(f"{counts}: {len(sections)} sections for {len(order)} pairs of marks")
    for (row, repetitions), (kinds, sites) in zip(order, sections):
        rounds.setdefault((row, repetitions), []).append((kinds, sites))

    whole, per_row = {}, {}
    for (row, repetitions), measured in rounds.items():
        per_row[row] = repetitions
        if settled(row) is None:
            kinds, sites = min(measured, key=lambda section: section[0]["insn"])
            whole[row] = Profile(kinds, symbols.functions_of(sites))
        else:
            total = Profile({kind: 0 for kind in measured[0][0]})
            for kinds, sites in measured:
                total = total + Profile(kinds, symbols.functions_of(sites))
            whole[row] = total / len(measured)
    profiles = {}
    for row, profile in whole.items():
        if settled(row) not in (None, row):
            profile = profile - whole[settled(row)]
        profiles[row] = profile / per_row[row]
    return profiles, weights
