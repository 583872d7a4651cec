#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The interface and its pages belong together.

Every exported function, and every type of a function that others write, has
kernel-doc that says in which contexts it is called and what it returns; and
everything that has kernel-doc is on exactly one page of Documentation/api.  Prints KTAP, one point a rule.
"""
import collections
import glob
import os
import re
import sys

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))

Item = collections.namedtuple("Item", "name header function void sections")

COMMENT = re.compile(r"^/\*\*\n(.*?)\*/\n(?=((?:.*\n){0,6}))", re.MULTILINE | re.DOTALL)
TITLE = re.compile(r" \* (?:(?:struct|union|enum|typedef) )?(\w+)(\(\))? - ")
SECTION = re.compile(r"^ \* (Context|Return): *\S", re.MULTILINE)
DIRECTIVE = re.compile(r"^\.\. kernel-doc:: (\S+)\n((?:[ \t]+\S.*\n)*)", re.MULTILINE)
points = []


def text_of(path):
    with open(path, encoding="utf-8") as stream:
        return stream.read()


def point(name, found):
    points.append((name, sorted(set(found))))


def items_of(header):
    """What has kernel-doc in a header."""
    for comment, declaration in COMMENT.findall(text_of(header)):
        title = TITLE.match(comment)
        if not title:
            continue
        name = title.group(1)
        macro = declaration.startswith("#define")
        callback = declaration.startswith("typedef") and f"(*{name})" in declaration
        result = re.match(r"(?:static inline |typedef )?(.*?)(?:\b|\(\*)%s\)?\s*\(" % re.escape(name),
                          declaration, re.DOTALL)
        yield Item(name, header, bool(title.group(2)) and not macro or callback,
                   bool(result) and result.group(1).strip() == "void",
                   {section.group(1) for section in SECTION.finditer(comment)})


def exported():
    """Of each exported function the names that it may be described by."""
    given = {symbol: name for name, symbol in
             re.findall(r"^#define\s+(\w+)\s+(strm_\w+)$", text_of("include/sys/names.h"), re.MULTILINE)}
    for path in [path for room in ("streams_core", "perimeter", "modules", "drivers")
                 for path in glob.glob(f"{room}/**/*.c", recursive=True)]:
        for symbol in re.findall(r"^EXPORT_SYMBOL_GPL\((\w+)\);", text_of(path), re.MULTILINE):
            # what a macro of the DDI's name calls has no text but the macro's
            macro = re.sub(r"^strm_|_(?:class|plain)$", "", symbol)
            yield symbol, {symbol, given.get(symbol), macro}


def shown(items):
    """(page, header, name) for whatever a page shows; None for a name that is not there."""
    for page in sorted(glob.glob("Documentation/api/*.rst")):
        for header, options in DIRECTIVE.findall(text_of(page)):
            there = [item.name for item in items if item.header == header]
            wanted = re.search(r":identifiers:((?:.|\n)*)", options)
            for name in wanted.group(1).split() if wanted else there or [None]:
                yield page, header, name if name in there else None, name


def main():
    headers = sorted(glob.glob("include/sys/*.h")) + ["include/strm/perimeters.h"]
    items = [item for header in headers for item in items_of(header)]
    documented = {item.name for item in items}
    variables = re.findall(r"^extern (?:struct )?\w+ (\w+);", "".join(map(text_of, headers)), re.MULTILINE)

    point("every exported function has kernel-doc",
          [symbol for symbol, names in exported()
           if not names & documented and not names & set(variables)])
    point("every function says in which context it may be called",
          [f"{item.header}: {item.name}()" for item in items
           if item.function and "Context" not in item.sections])
    point("every function that is not void says what it returns",
          [f"{item.header}: {item.name}()" for item in items
           if item.function and not item.void and "Return" not in item.sections])

    pages = list(shown(items))
    point("the pages show nothing that is not there",
          [f"{page}: {wanted or 'nothing'} of {header}" for page, header, name, wanted in pages if not name])
    places = collections.Counter((header, name) for _, header, name, _ in pages)
    point("everything is on one page, and on one only",
          [f"{item.header}: {item.name} is on {places[item.header, item.name]} pages"
           for item in items if places[item.header, item.name] != 1])
    index = text_of("Documentation/api/index.rst")
    point("the index names every page",
          [page for page in glob.glob("Documentation/api/*.rst")
           if os.path.basename(page) not in index and os.path.basename(page) != "index.rst"])

    seeing = text_of("Documentation/seeing.rst")
    counters = re.findall(r"^STAT\((\w+)", text_of("include/strm/stats.h"), re.MULTILINE)
    counters += re.findall(r'"(\w+) %l', text_of("streams_core/linux/stat.c"))
    # what was made and freed is told by what lives
    told = {re.sub(r"^(\w+)_(?:made|freed)$", r"live_\1", name) for name in counters} - {"live_bands"}
    events = re.findall(r"^(?:TRACE_EVENT(?:_FN)?\(|DEFINE_EVENT(?:_FN)?\(\w+, |STRM_PLUMB_EVENT\()(strm_\w+)",
                        text_of("streams_core/linux/trace.h"), re.MULTILINE)
    point("seeing.rst tells of every counter and every tracepoint",
          [name for name in [*told, *events] if f"``{name}``" not in seeing])

    # perimeters.rst says of each promise what shows it: cases, and mutants of the model
    shown_by = "".join(re.findall(r"\*Shown by\*((?:.+\n)+)", text_of("Documentation/perimeters.rst")))
    tests = "".join(text_of(path) for folder in ("kunit", "selftests")
                    for path in glob.glob(f"{folder}/**/*.*", recursive=True)
                    if path.endswith((".c", ".cc", ".pml", ".sh")))
    names = set(re.findall(r"\b[a-z]+(?:_[a-z]+){2,}\b", shown_by))
    if glob.glob("selftests/model/*.pml"):
        names |= set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", shown_by))
    files = {re.sub(r"\.\w+$", "", os.path.basename(path))
             for path in glob.glob("kunit/*_test.c*") + glob.glob("selftests/*.c")}
    point("what perimeters.rst calls a test is there",
          [name for name in names if not re.search(rf"\b{name}\b", tests)] +
          [name for name in re.findall(r"``(\w+)`` \(", shown_by) if name not in files])

    for number, (name, found) in enumerate(points, 1):
        for line in found[:40]:
            print(f"# {line}")
        print(f"{'not ok' if found else 'ok'} {number} {name}")
    print(f"1..{len(points)}")
    return 1 if any(found for _, found in points) else 0


if __name__ == "__main__":
    sys.exit(main())
