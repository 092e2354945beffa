#!/usr/bin/env python3
"""Counts the cases in a JUnit report of `meson test`: prints "PASSED FAILED"; on standard error, what failed
and what was skipped, and why."""
import re
import sys
import xml.etree.ElementTree as tree

COMPLAINT_LINES = 12
LINE_LENGTH = 400


def complaints(suite):
    """What a script said right before each case that failed: case number → lines."""
    said, lines = {}, []
    for line in (suite.findtext("system-out") or "").splitlines():
        if line.startswith("#"):
            lines.append(line)
            continue
        told = re.match(r"not ok (\d+)", line)
        if told:
            said[told.group(1)] = lines[-COMPLAINT_LINES:]
        lines = []
    return said


passed = failed = 0
for suite in tree.parse(sys.argv[1]).getroot().iter("testsuite"):
    said = complaints(suite)
    for case in suite.iter("testcase"):
        name = "%s %s" % (suite.get("name"), case.get("name"))
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
            print("  failed:  %s" % name, file=sys.stderr)
            for line in said.get(case.get("name").split()[0], []):
                print("           %s" % line[:LINE_LENGTH], file=sys.stderr)
        elif skipped is not None:
            print("  skipped: %s: %s" % (name, skipped.get("message") or skipped.text or ""), file=sys.stderr)
        else:
            passed += 1
    # A program that died has no case to tell it, but it had said how many there would be.
    out = suite.findtext("system-out") or ""
    planned = re.search(r"^1\.\.(\d+)", out, re.MULTILINE)
    if planned and len(suite.findall("testcase")) < int(planned.group(1)):
        failed += 1
        print("  failed:  %s ended early" % suite.get("name"), file=sys.stderr)
        for line in [line for line in out.splitlines() if line.startswith("Bail out!")]:
            print("           %s" % line[:LINE_LENGTH], file=sys.stderr)
print(passed, failed)
