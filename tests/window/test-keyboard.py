"""A researcher's way through the training desk by the keyboard alone: the pointer is never moved. Runs under
session.py; each case says which ones it goes on from."""
import csv
import os
import re

from cases import follows, run_tests
from desktop import Atspi, command, role_of, wait, walk
from views import HOME, Program, park_pointer

program = None


def start(*arguments):
    global program
    program = Program(*arguments)


def key(*keys):
    """One after the other, each once the window has come to rest."""
    for each in keys:
        program.window.key(each)
        program.window.rest(2)


def write(text):
    command("xdotool", "type", "--delay", "20", text)
    program.window.rest(2)


def focus():
    """Role and name of what has the focus; of a long list of rows none is found."""
    return next(((role_of(node), node.get_name()) for toplevel in program.window.toplevels() for node in walk(toplevel)
                 if node.has(Atspi.StateType.FOCUSED)), None)


def has_focus(name):
    return (focus() or ("", ""))[1].startswith(name)


def go_to(name, by="Tab"):
    """From where the focus is."""
    for _ in range(80):
        if has_focus(name):
            return
        program.window.key(by)
    raise AssertionError("%s does not reach %s but %s" % (by, name, focus()))


def runs():
    """Name → what its row says behind it."""
    rows = [row.name().partition(", ") for row in program.window.all("list item")]
    return {name: words for name, _, words in rows if "-small-" in name}


def training():
    """What changes while one goes on."""
    return program.label("Training status"), runs()


def test_two_methods_over_three_seeds_are_trained(folder):
    start()
    park_pointer()
    key("alt+e", "ctrl+a")
    write("1-3")
    key("alt+p", "ctrl+a")
    write("6")
    key("ctrl+t")
    wait(lambda: len(runs()) == 3, "three runs", progress=training)
    key("alt+m", "Home", "Down", "Down", "Down", "Return")
    wait(lambda: has_focus("Method"), "the focus back at the method")
    key("alt+p", "ctrl+a")
    write("6")
    key("ctrl+t")
    wait(lambda: len(runs()) == 6 and all(words.startswith("6 epochs") for words in runs().values()), "six runs",
         progress=training)


def label(name):
    return program.find("label", name).text()


@follows(test_two_methods_over_three_seeds_are_trained)
def test_means_stand_with_their_intervals(folder):
    said = re.findall(r"^(\S+) \(n = 3\): accuracy ([\d.]+) \(([\d.]+)–([\d.]+)\), AUC", label("Shift values"), re.MULTILINE)
    assert {line[0] for line in said} == {"baseline-small", "actdiff-small"}, label("Shift values")
    assert all(0 <= float(low) <= float(mean) <= float(high) <= 1 for _, mean, low, high in said), said


def chart_says(words):
    return words in (program.find("image", "Every run against shift level").description() or "")


@follows(test_two_methods_over_three_seeds_are_trained)
def test_an_entry_of_a_submenu_leaves_the_focus_at_the_chart(folder):
    """It was left in the menu that had closed: no key did anything any more."""
    go_to("Every run against shift level: menu")
    key("Return", "c", "Down", "Return")
    wait(lambda: chart_says("(hidden)"), "a hidden curve")
    wait(lambda: has_focus("Every run against shift level: menu"), "the focus at the menu's button")
    key("Return", "c", "Down", "Return")
    wait(lambda: not chart_says("(hidden)"), "the curve again")
    key("F9")
    wait(lambda: not program.find("push button", "Show Images").is_pressed(), "a key that works")
    key("F9")


@follows(test_an_entry_of_a_submenu_leaves_the_focus_at_the_chart)
def test_a_chart_is_saved(folder):
    path = os.path.join(HOME, "shift.csv")
    wait(lambda: has_focus("Every run against shift level: menu"), "the focus at the menu's button")
    key("Return", "s", "c")
    wait(lambda: program.window.says("Name:"), "where to save")
    wait(lambda: (focus() or ("",))[0] == "text", "the focus where the name is written")
    key("ctrl+a")
    write(path)
    key("Return")
    wait(lambda: os.path.exists(path), path)
    with open(path) as file:
        assert {row["series"] for row in csv.DictReader(file)} == {"baseline-small (n = 3)", "actdiff-small (n = 3)"}


@follows(test_two_methods_over_three_seeds_are_trained)
def test_a_run_is_deleted_and_brought_back(folder):
    """The focus stays where it was in the list, and Undo is about the run for as long as it is there."""
    go_to("Epoch that counts")
    key("Tab", "Home", "Down")
    wait(lambda: has_focus("baseline-small-2"), "the second run")
    key("Delete")
    wait(lambda: "baseline-small-2" not in runs(), "the list without it")
    wait(lambda: has_focus("baseline-small-3"), "the focus at its neighbour")
    key("Delete")
    wait(lambda: "baseline-small-3" not in runs() and has_focus("actdiff-small-1"), "the next one")
    wait(lambda: program.window.told("baseline-small-3 deleted"), "a word about it")
    wait(lambda: not program.window.says("baseline-small-3 deleted"), "the word to go")
    key("ctrl+z")
    wait(lambda: "baseline-small-3" in runs(), "the last one back")
    key("ctrl+z")
    wait(lambda: len(runs()) == 6, "all back")
    assert not program.find("push button", "Undo").is_sensitive()


def rows_of_settings():
    """What the settings window says in its labels."""
    window, = [each for each in program.window.toplevels() if each.get_name() == "Training Settings"]
    return [node.get_name() for node in walk(window) if role_of(node) == "label"]


@follows(test_two_methods_over_three_seeds_are_trained)
def test_settings_are_chosen_by_their_whole_titles(folder):
    """Return, which opened the settings, does not train at once, and each control has a name."""
    program.quit()
    start()
    wait(lambda: len(runs()) == 6, "the runs")
    wait(lambda: program.window.has("push button", "Train · about"), "an estimate")
    toplevels = len(program.window.toplevels())
    go_to("Settings…")
    key("Return")
    wait(lambda: has_focus("Start from"), "the first of the settings")
    wait(lambda: any(text.startswith("Train · about") for text in rows_of_settings()), "the estimate")
    go_to("Validation images")
    go_to("Start from", "shift+Tab")
    key("Return", "End", "Return")
    wait(lambda: "Paper: two views, ratio 0.5" in rows_of_settings(), "the last preset")
    key("Return", "Home", "Return")
    wait(lambda: "This program's defaults" in rows_of_settings(), "the first one")
    key("Escape")
    wait(lambda: len(program.window.toplevels()) == toplevels, "the window closed")
    assert len(runs()) == 6


@follows(test_two_methods_over_three_seeds_are_trained)
def test_quits(folder):
    program.quit()


try:
    run_tests(globals())
finally:
    if program is not None:
        program.kill()
