"""Are the documents in order? Their width, where their links lead, and whether what they name is there."""
import glob
import os
import re

import tap

SOURCE = os.environ["SOURCE"]
WIDTH = 120


def read(name):
    with open(os.path.join(SOURCE, name)) as file:
        return file.read()


def documents():
    """Name → text."""
    paths = [os.path.join(SOURCE, name) for name in ("README.md", "CONTRIBUTING.md")]
    paths += glob.glob(os.path.join(SOURCE, "docs", "**", "*.md"), recursive=True)
    return {os.path.relpath(path, SOURCE): read(path) for path in paths}


def anchors(text):
    """What GitHub makes of the headings."""
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


def test_lines_are_not_too_long(folder):
    long = ["%s:%d" % (name, number) for name, text in documents().items()
            for number, line in enumerate(text.splitlines(), 1) if len(line) > WIDTH and not line.startswith("|")]
    assert not long, long


def test_links_lead_somewhere(folder):
    for name, text in documents().items():
        for target in re.findall(r"\]\(([^)]+)\)", text):
            if target.startswith("https://"):
                continue
            path, _, anchor = target.partition("#")
            path = os.path.normpath(os.path.join(os.path.dirname(name), path)) if path else name
            assert os.path.exists(os.path.join(SOURCE, path)), "%s: %s" % (name, target)
            assert not anchor or anchor in anchors(read(path)), "%s: %s" % (name, target)


def test_options_are_those_of_the_programs(folder):
    sources = "".join(read(path) for top in ("app", "engine/study") for path in
                      glob.glob(os.path.join(SOURCE, top, "**", "*.c"), recursive=True))
    sources += read("tests/window/run").replace('"--', '"')
    for name, text in documents().items():
        for option in re.findall(r"(?<![\w-])--([a-z][a-z-]+)", text):
            assert '"%s"' % option in sources, "%s: --%s" % (name, option)


def has_case(place, program, case):
    """Whether a test of that folder has it: the name of a function in Python, and a word with hyphens in C."""
    for ending, called in (".py", case.replace(" ", "_")), (".c", case.replace(" ", "-")):
        path = os.path.join("tests", place, "test-%s%s" % (program, ending))
        if os.path.exists(os.path.join(SOURCE, path)) and called in read(path):
            return True
    return False


def test_cases_for_complaints_are_there(folder):
    """Those of the table in CONTRIBUTING.md, by the names under which they are run."""
    sources = {os.path.basename(path): read(path) for path in
               glob.glob(os.path.join(SOURCE, "tests", "**", "*.[cp]*"), recursive=True) if path.endswith((".c", ".py"))}
    count = 0
    for row in re.findall(r"^\|.*$", read("CONTRIBUTING.md"), re.MULTILINE):
        for case in re.findall(r"`(/[^`…]+)…?`", row):
            assert any('"' + case in source for source in sources.values()), case
            count += 1
        for place, program, cases in re.findall(r"`(\w+)-([\w-]+)` ((?:\*[^*]+\*(?:, )?)+)", row):
            for case in re.findall(r"\*([^*]+)\*", cases):
                assert has_case(place, program, case.replace("… ", "")), "%s-%s: %s" % (place, program, case)
                count += 1
    assert count > 30, count


tap.run(globals())
