"""The charts of the real window, moved by pointer and keys: read off, curves hidden, seeds together, smoothed,
logarithmic, held, saved in every format. Runs under session.py; each test goes on where the one before it stopped.

What users of training dashboards complain about is in the tests' names."""
import csv
import json
import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import tap
from desktop import GLib, Window, command, wait

PROGRAM = os.environ["REDHERRING"]
RH = os.environ["RH"]
SCREENSHOTS = os.environ["RH_SCREENSHOTS"]
HOME = os.environ["HOME"]
LOG = os.path.join(HOME, "program.log")
STUDY = os.path.join(HOME, "study")
WATCHDOG = os.path.join(HOME, "watchdog.txt")

os.makedirs(SCREENSHOTS, exist_ok=True)
window = None


def rh(*arguments):
    return command(RH, *arguments).decode()


def start(dark=False):
    global window
    environment = {"G_MESSAGES_DEBUG": "all", "RH_WATCHDOG": WATCHDOG}
    if dark:
        environment["ADW_DEBUG_COLOR_SCHEME"] = "prefer-dark"
    window = Window(PROGRAM, (STUDY,), title="Red Herring", application_id="org.redherring.RedHerring",
                    log=open(LOG, "a"), environment=environment)
    wait(lambda: "n = 3" in told(shift()), "the shift curves", 30)


def screenshot(name):
    window.screenshot(os.path.join(SCREENSHOTS, "charts-" + name + ".png"))


def shift():
    return window.find("image", "Every run against shift level")


def learning():
    return window.find("image", "Learning curves")


def told(chart):
    """What the chart tells a screen reader."""
    return chart.description() or ""


def value_of(chart, label):
    match = re.search(re.escape(label) + r" (-?[\d.e+-]+)(;|$)", told(chart))
    return match and float(match.group(1))


def away():
    command("xdotool", "mousemove", "2", "2")


def test_study_with_three_seeds_opens(folder):
    rh("new", "synthetic", "--variant", "hard", STUDY)
    rh("train", STUDY, "--method", "baseline", "--seed", "1,2,3", "--epochs", "6", "--quiet")
    rh("train", STUDY, "--method", "actdiff", "--seed", "1", "--epochs", "4", "--quiet")
    start()
    time.sleep(1)
    print("# " + told(shift()))
    print("# " + told(learning()))
    screenshot("1-start")


try:
    tap.run(globals())
finally:
    if window is not None:
        window.kill()
