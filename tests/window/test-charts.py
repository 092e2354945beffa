"""The charts of the real window, moved by pointer and keys: read off, curves hidden, seeds together, smoothed,
logarithmic, held, saved in every format. Runs under session.py; each case says which ones it goes on from.

What users of training dashboards complain about is in the tests' names."""
import csv
import glob
import json
import os
import re
import shutil
import struct
import subprocess
import zlib

from cases import follows, run_tests
from desktop import Atspi, Widget, Window, assert_never_held_up, command, complaints, role_of, wait

import gi
gi.require_version("GdkPixbuf", "2.0")
from gi.repository import GdkPixbuf

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
    environment = {"RH_WATCHDOG": WATCHDOG}
    if dark:
        environment["ADW_DEBUG_COLOR_SCHEME"] = "prefer-dark"
    window = Window(PROGRAM, (STUDY,), title="Red Herring", application_id="org.redherring.RedHerring",
                    log=open(LOG, "a"), environment=environment)
    wait(lambda: "n = 3" in told(shift()), "the shift curves")


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


def place(chart, x, y):
    """Screen coordinates of a place in pixels from the chart's corner; negative x: from the right."""
    left, top, width, height = chart.extents()
    return str(left + (x if x >= 0 else width + x)), str(top + y)


def click_at(chart, x, y):
    command("xdotool", "mousemove", *place(chart, x, y), "click", "1")


def click_first_in_legend(chart):
    click_at(chart, 20, 34)


def hover(chart, x, y=0.6):
    command("xdotool", "mousemove", *chart.point(x, y))
    return wait(lambda: re.search(r"; at (-?[\d.e+-]+)", told(chart)), "a value under the pointer")


def menu(chart, *keys):
    """Opens the menu in the chart's corner and chooses by the underlined letters. The pointer leaves the corner once the
    menu is gone: over a hint that came up meanwhile, the next click would be lost."""
    button = window.find("push button", chart.name() + ": menu")
    click_at(chart, -16, 13)
    wait(lambda: button.has(Atspi.StateType.EXPANDED), "the chart's menu")
    for key in keys:
        window.rest()
        window.key(key)
    wait(lambda: not button.has(Atspi.StateType.EXPANDED), "the end of the menu")
    away()


def mean_accuracy(method, level):
    """Of all seeds, linear between the levels that rh prints."""
    rows = [row for row in json.loads(rh("shift", STUDY, "--by-method", "--levels", "101", "--json"))
            if row["method"] == method]
    below = max((row for row in rows if row["level"] <= level), key=lambda row: row["level"])
    above = min((row for row in rows if row["level"] >= level), key=lambda row: row["level"])
    share = 0 if above is below else (level - below["level"]) / (above["level"] - below["level"])
    return below["accuracy"] + share * (above["accuracy"] - below["accuracy"])


def epoch():
    match = re.search(r"Epoch (\d+) of", window.find("label", "Training status").text())
    return match and int(match.group(1))


def wait_epochs(count):
    first = wait(epoch, "an epoch")
    wait(lambda: (epoch() or 0) >= first + count, "%d epochs more" % count)


def test_one_line_is_not_shown_as_certain(folder):
    rh("new", "synthetic", "--variant", "hard", STUDY)
    rh("train", STUDY, "--method", "baseline", "--seed", "1,2,3", "--epochs", "6", "--quiet")
    rh("train", STUDY, "--method", "actdiff", "--seed", "1", "--epochs", "4", "--quiet")
    start()
    wait(lambda: value_of(shift(), "baseline-small (n = 3)") is not None, "the mean of the seeds")
    assert "baseline-small-2" not in told(shift()) and "actdiff-small-1" in told(shift()), told(shift())
    assert abs(value_of(shift(), "baseline-small (n = 3)") - mean_accuracy("baseline", 1)) < 0.006
    window.rest()
    screenshot("1-start")


@follows(test_one_line_is_not_shown_as_certain)
def test_hover_reads_all_runs_at_that_place(folder):
    levels = []
    for x in (0.3, 0.5, 0.8):
        away()
        wait(lambda: told(shift()).endswith("; at 1"), "the slider's level")
        hover(shift(), x)
        wait(lambda: not told(shift()).endswith("; at 1"), "the level under the pointer")
        level = float(re.search(r"; at (-?[\d.e+-]+)", told(shift())).group(1))
        levels.append(level)
        for label, method in (("baseline-small (n = 3)", "baseline"), ("actdiff-small-1", "actdiff")):
            assert abs(value_of(shift(), label) - mean_accuracy(method, level)) < 0.01, (label, level, told(shift()))
    assert abs((levels[1] - levels[0]) / 0.2 - (levels[2] - levels[1]) / 0.3) < 0.05 and levels[0] < levels[2], levels
    screenshot("2-hover")
    away()
    wait(lambda: told(shift()).endswith("; at 1"), "the level again")


@follows(test_one_line_is_not_shown_as_certain)
def test_a_run_can_be_hidden_by_a_click_on_the_legend(folder):
    window.rest()
    before = shift().pixels()
    click_first_in_legend(shift())
    wait(lambda: "baseline-small (n = 3) (hidden)" in told(shift()), "a hidden curve")
    for seed in (1, 2, 3):
        assert not window.find("check box", "Show baseline-small-%d in the charts" % seed).is_pressed()
    assert "baseline" not in window.find("label", "Shift values").text()
    away()
    wait(lambda: shift().pixels() != before, "the chart without it")
    click_first_in_legend(shift())
    away()
    wait(lambda: shift().pixels() == before, "the curve again")


@follows(test_one_line_is_not_shown_as_certain)
def test_legend_and_values_by_the_keyboard(folder):
    click_at(shift(), 250, 100)  # into the plot: it has the keys
    away()
    window.key("Down", "Down", "space")
    wait(lambda: "chosen in the legend: actdiff-small-1" in told(shift()), "the second entry")
    wait(lambda: "actdiff-small-1 (hidden)" in told(shift()), "a hidden curve")
    window.key("space")
    wait(lambda: "hidden" not in told(shift()), "the curve again")
    window.key("Escape", "Home")
    wait(lambda: "; at 0" in told(shift()) and window.find("slider", "Shift level").value == 0, "the first level")
    window.key("Right", "Right")
    wait(lambda: "; at 0.04" in told(shift()), "two levels on")
    window.key("End")
    wait(lambda: window.find("slider", "Shift level").value == 1, "the last level")


@follows(test_one_line_is_not_shown_as_certain)
def test_smoothing_can_be_off_and_is_said(folder):
    away()
    window.rest()
    before = learning().pixels()
    menu(learning(), "3")
    away()
    wait(lambda: "smoothed, mean of 3 points" in told(learning()), "smoothing")
    wait(lambda: learning().pixels() != before, "the smoothed curves")
    screenshot("3-smoothed")
    menu(learning(), "o")
    away()
    wait(lambda: "smoothed" not in told(learning()), "no smoothing")
    wait(lambda: learning().pixels() == before, "the chart as it was")


@follows(test_one_line_is_not_shown_as_certain)
def test_axes_are_linear_or_logarithmic(folder):
    away()
    window.rest()
    before = learning().pixels()
    menu(learning(), "v")
    wait(lambda: "vertical axis logarithmic" in told(learning()), "a logarithmic axis")
    menu(learning(), "h")
    wait(lambda: "horizontal axis logarithmic" in told(learning()), "two of them")
    away()
    wait(lambda: learning().pixels() != before, "other axes")
    screenshot("4-logarithmic")
    at = float(hover(learning(), 0.15).group(1))
    assert at > 0.9, at  # the axis begins at the first epoch, and is read off as it is drawn
    away()
    menu(learning(), "v")
    menu(learning(), "h")
    away()
    wait(lambda: learning().pixels() == before, "linear axes")


@follows(test_one_line_is_not_shown_as_certain)
def test_seeds_can_be_seen_apart(folder):
    menu(shift(), "m")
    wait(lambda: all("baseline-small-%d" % seed in told(shift()) for seed in (1, 2, 3)), "a curve a seed")
    assert "n = 3" not in told(shift())
    away()
    window.rest()
    screenshot("5-apart")
    menu(shift(), "m")
    away()
    wait(lambda: "n = 3" in told(shift()), "the mean again")


def choose_curves(steps):
    """In the list of what the learning curves may show, by the keyboard."""
    window.choose("Learning curves", steps)
    away()


@follows(test_one_line_is_not_shown_as_certain)
def test_a_learning_curve_of_all_runs(folder):
    choose_curves(7)  # validation loss
    wait(lambda: "baseline-small (n = 3)" in told(learning()) and "actdiff-small-1" in told(learning()), "all runs")
    hover(learning(), 0.6)
    assert value_of(learning(), "baseline-small (n = 3)") is not None
    screenshot("6-all-runs")
    away()
    choose_curves(5)
    wait(lambda: "Test, conflicting" in told(learning()) and "Training" not in told(learning()), "the AUC of one run")
    choose_curves(1)
    wait(lambda: "Training" in told(learning()) and "n = 3" not in told(learning()), "the loss of one run")


def panels(chart):
    """What the chart tells of each of its panels: {panel: {curve: value}}."""
    told_of, values = told(chart).split("; at ")[0], {}
    for part in told_of.split("; "):
        panel, colon, rest = part.rpartition(": ")
        if colon:
            values[panel] = here = {}
        match = re.fullmatch(r"(.*) (-?[\d.e+-]+)", rest)
        if match:
            here[match.group(1)] = float(match.group(2))
    return values


@follows(test_one_line_is_not_shown_as_certain)
def test_loss_terms_accuracy_and_auc_each_on_its_own(folder):
    height = learning().extents()[3]
    choose_curves(0)
    wait(lambda: "penalty, weighted" in told(learning()), "the panels")
    wait(lambda: learning().extents()[3] > 1.4 * height, "room for them")
    assert list(panels(learning())) == ["loss (nats)", "penalty, weighted", "accuracy", "AUC"], told(learning())
    run, = glob.glob(os.path.join(STUDY, "runs", "actdiff-*"))
    with open(os.path.join(run, "metrics.csv")) as file:
        epochs = list(csv.DictReader(file))
    click_at(learning(), 60, 110)  # into the first panel: the keys go from epoch to epoch
    away()
    window.key("Home")
    for row in epochs:
        wait(lambda: told(learning()).endswith("; at " + row["epoch"]), "epoch " + row["epoch"])
        for panel, curve, column in (
                ("loss (nats)", "Training", "train_classification"), ("loss (nats)", "Validation", "valid_loss"),
                ("penalty, weighted", "Training", "train_penalty"), ("accuracy", "Training", "train_accuracy"),
                ("accuracy", "Validation", "valid_accuracy"), ("AUC", "Validation", "valid_auc"),
                ("AUC", "Test, aligned", "test_auc_aligned"), ("AUC", "Test, conflicting", "test_auc_conflicting")):
            value = panels(learning())[panel][curve]
            assert abs(value - float(row[column])) <= 0.006 * abs(value) + 1e-6, (panel, curve, value, row[column])
        window.key("Right")
    for x in (0.3, 0.8):  # of either column
        hover(learning(), x)
        wait(lambda: 0 < float(told(learning()).split("; at ")[1]) < 4, "an epoch under the pointer")
        assert all(panels(learning()).values()), "hovering one panel reads all: " + told(learning())
    screenshot("6-side-by-side")
    away()


@follows(test_loss_terms_accuracy_and_auc_each_on_its_own)
def test_one_legend_hides_a_curve_in_every_panel(folder):
    window.key("Down", "Down", "space")
    wait(lambda: told(learning()).count("Validation (hidden)") == 3, "loss, accuracy and AUC without validation")
    window.rest()
    screenshot("6-hidden")
    table = list(csv.DictReader(save(learning(), "c", os.path.join(HOME, "panels.csv")).decode().splitlines()))
    assert {row["panel"] for row in table} == {"loss (nats)", "penalty, weighted", "accuracy", "AUC"}
    assert {row["series"] for row in table} == {"Training", "Test, aligned", "Test, conflicting"}
    click_at(learning(), 60, 110)
    away()
    window.key(*["Up"] * 4, "Down", "space", "Escape")
    wait(lambda: "hidden" not in told(learning()), "the curves again")
    save(learning(), "p", os.path.join(HOME, "panels.png"))
    shutil.copy(os.path.join(HOME, "panels.png"), os.path.join(SCREENSHOTS, "charts-panels.png"))
    pdf = save(learning(), "d", os.path.join(HOME, "panels.pdf"))
    words = "loss (nats)penalty, weightedaccuracyAUCepochTest, aligned"
    assert set(words) - {" "} <= pdf_characters(pdf), pdf_characters(pdf)
    choose_curves(1)
    wait(lambda: "penalty, weighted" not in told(learning()), "the loss alone")


def name_file(path):
    """In the file chooser, once its entry has the keyboard."""
    def entry():
        focused = [window.focused(Widget(window, node)) for node in window.toplevels() if node != window.root]
        return next((each for each in focused if each is not None and role_of(each.node) == "text"), None)
    wait(lambda: not Widget(window, window.root).has(Atspi.StateType.ACTIVE) and entry(), "the file chooser's entry")
    window.key("ctrl+a")
    command("xdotool", "type", "--delay", "10", path)
    wait(lambda: entry().text() == path, "the name in it")
    window.key("Return")


def save(chart, letter, path):
    menu(chart, "s", letter)
    name_file(path)
    wait(lambda: os.path.exists(path), path)
    wait(lambda: window.told("Chart saved as “%s”" % os.path.basename(path)), "a word about it")
    wait(lambda: len(window.toplevels()) == 1, "the end of the file chooser")
    away()
    with open(path, "rb") as file:
        return file.read()


def pdf_characters(content):
    """All characters that the fonts of a PDF have: it holds those that are in its text, and no others."""
    found = set()
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        try:
            text = zlib.decompress(stream)
        except zlib.error:
            continue
        if b"begincmap" in text:
            found.update(chr(int(code, 16)) for code in re.findall(rb"<[0-9a-f]+> <([0-9a-f]{4})>", text))
            for first, last, code in re.findall(rb"<([0-9a-f]+)> <([0-9a-f]+)> <([0-9a-f]{4})>", text):
                found.update(chr(int(code, 16) + i) for i in range(int(last, 16) - int(first, 16) + 1))
    return found


@follows(test_one_line_is_not_shown_as_certain)
def test_figures_have_title_axes_units_and_legend(folder):
    path = {kind: os.path.join(HOME, "figure." + kind) for kind in ("png", "svg", "pdf", "csv")}
    png = save(shift(), "p", path["png"])
    assert png[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", png[16:24]) == (1800, 1120)
    svg = save(shift(), "g", path["svg"])
    assert b"<svg" in svg[:200] and b"</svg>" in svg
    pdf = save(shift(), "d", path["pdf"])
    words = "Accuracy under shift" + "shift level" + "test accuracy" + "baseline-small (n = 3)" + "actdiff-small-1"
    assert pdf.startswith(b"%PDF-") and set(words) - {" "} <= pdf_characters(pdf), pdf_characters(pdf)
    table = list(csv.reader(save(shift(), "c", path["csv"]).decode().splitlines()))
    assert table[0] == ["chart", "series", "shift level", "test accuracy", "test accuracy, low",
                        "test accuracy, high"], table[0]
    assert {row[0] for row in table[1:]} == {"Accuracy under shift · Bands: 95 %, over test images; of n runs, "
                                             "over trainings"}
    assert {row[1] for row in table[1:]} == {"baseline-small (n = 3)", "actdiff-small-1"}
    for row in table[1:]:
        method = row[1].split("-")[0]
        if row[2] in ("0", "0.5", "1"):
            assert abs(float(row[3]) - mean_accuracy(method, float(row[2]))) < 1e-9, row
    screenshot("7-saved")
    pictures = os.path.join(SCREENSHOTS, "charts-figure.png"), os.path.join(SCREENSHOTS, "charts-figure-svg.png")
    shutil.copy(path["png"], pictures[0])
    pixbuf = GdkPixbuf.Pixbuf.new_from_file_at_size(path["svg"], 1800, 1120)
    pixbuf.savev(pictures[1], "png", [], [])
    differing = subprocess.run(["compare", "-metric", "RMSE", *pictures, "null:"], stderr=subprocess.PIPE).stderr
    assert float(re.search(rb"\(([\d.e-]+)\)", differing).group(1)) < 0.05, differing


@follows(test_figures_have_title_axes_units_and_legend)
def test_a_name_without_ending_gets_one_and_nothing_is_replaced_unasked(folder):
    bare = os.path.join(HOME, "figure")
    with open(bare + ".csv", "rb") as file:
        before = file.read()
    menu(shift(), "s", "c")
    name_file(bare)
    wait(lambda: window.told("is there already"), "a refusal")
    with open(bare + ".csv", "rb") as file:
        assert file.read() == before


@follows(test_one_line_is_not_shown_as_certain)
def test_hidden_stays_hidden_while_data_come(folder):
    """The training goes on while charts are read, however long that takes."""
    window.find("spin button", "Epochs").value = 2000
    window.find("push button", "Train").click()
    wait_epochs(1)
    click_first_in_legend(learning())
    away()
    wait(lambda: "Training (hidden)" in told(learning()), "a hidden curve")
    wait_epochs(2)
    assert "Training (hidden)" in told(learning()) and "Validation (hidden)" not in told(learning())


@follows(test_hidden_stays_hidden_while_data_come)
def test_a_chart_does_not_jump_while_one_reads_it(folder):
    hover(learning(), 0.4)
    before, values = learning().pixels(), told(learning())
    wait(lambda: "held, newer data wait" in told(learning()), "newer data")
    wait_epochs(2)
    assert told(learning()).split("; at")[0] == values.split("; at")[0]
    screenshot("8-read")
    away()
    wait(lambda: "held" not in told(learning()) and learning().pixels() != before, "the newer data")


@follows(test_hidden_stays_hidden_while_data_come)
def test_a_chart_can_be_held_still(folder):
    click_at(learning(), 250, 120)
    away()
    window.key("space")
    wait(lambda: "; held" in told(learning()), "a held chart")
    wait(lambda: "newer data wait" in told(learning()), "newer data")
    window.rest(2)
    before = learning().pixels()
    wait_epochs(2)
    assert learning().pixels() == before
    screenshot("9-held")
    window.key("space")
    wait(lambda: "held" not in told(learning()), "the chart let go")
    wait(lambda: learning().pixels() != before, "the newer data")
    window.find("push button", "Stop").click()
    wait(lambda: "Resume goes on" in window.find("label", "Training status").text(), "the stop")


@follows(test_one_line_is_not_shown_as_certain)
def test_the_menu_has_a_name(folder):
    for chart in (learning(), shift()):
        assert window.find("push button", chart.name() + ": menu").is_sensitive()


@follows(test_one_line_is_not_shown_as_certain)
def test_quits_and_was_never_held_up(folder):
    assert window.quit() == 0
    assert_never_held_up(WATCHDOG)


@follows(test_one_line_is_not_shown_as_certain)
def test_smoothing_and_axes_are_as_they_were_left(folder):
    """Those of each chart."""
    start()
    menu(learning(), "3")
    menu(learning(), "v")
    menu(shift(), "7")
    menu(shift(), "h")
    wait(lambda: "horizontal axis logarithmic" in told(shift()), "a logarithmic axis")
    assert window.quit() == 0
    start()
    for chart, words, others in ((learning(), ("vertical axis logarithmic", "mean of 3 points"), "horizontal"),
                                 (shift(), ("horizontal axis logarithmic", "mean of 7 points"), "vertical")):
        assert all(word in told(chart) for word in words) and others not in told(chart), told(chart)
    screenshot("10-again")
    for chart, key in ((learning(), "v"), (shift(), "h")):
        menu(chart, "o")
        menu(chart, key)
    wait(lambda: "logarithmic" not in told(learning()) + told(shift()), "the charts as at first")
    assert window.quit() == 0


@follows(test_one_line_is_not_shown_as_certain)
def test_is_readable_in_the_dark(folder):
    start(dark=True)
    hover(shift(), 0.4)
    screenshot("11-dark")
    assert window.quit() == 0


@follows(test_one_line_is_not_shown_as_certain)
def test_no_warning_was_written(folder):
    assert not complaints(LOG), complaints(LOG)


try:
    run_tests(globals())
finally:
    if window is not None:
        window.kill()
