"""Made-up chest films as a person chooses them: wrong values told at the field, a preview that follows, films made with
progress, called off, and opened. Runs under session.py; each case says which ones it goes on from."""
import configparser
import csv
import os
import subprocess
import time

from cases import follows, run_tests
from desktop import Window, assert_never_held_up, command, complaints, wait

PROGRAM = os.environ["REDHERRING"]
SCREENSHOTS = os.environ["RH_SCREENSHOTS"]
HOME = os.environ["HOME"]
WATCHDOG = os.path.join(HOME, "watchdog.txt")
LOG = os.path.join(HOME, "program.log")
STUDIES = os.path.join(HOME, ".local/share/redherring/studies")

window = None


def dialog(role, name):
    return window.find_in_dialog(role, name)


def shows_dialog():
    """As the X server knows it: GTK 4.8 can fall over when it is asked for its windows while one is closing."""
    return subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "^New Made-up Chest Films$"],
                          stdout=subprocess.PIPE).stdout.strip()


def bring_into_view(field):
    """As a person does who turns the wheel."""
    for button in ("5", "4"):  # down, then up
        for _ in range(30):
            left, top, width, height = field.extents()
            if (top + height < 660) if button == "5" else (top > 80):
                break
            command("xdotool", "mousemove", "240", "90", "click", button)
            time.sleep(0.1)
    return field


def write(name, text):
    bring_into_view(dialog("text", name)).click()
    window.key("ctrl+a")
    command("xdotool", "type", "--delay", "20", text)
    time.sleep(0.3)


def can_make():
    return dialog("push button", "Make").is_sensitive()


def screenshot(name):
    os.makedirs(SCREENSHOTS, exist_ok=True)
    window.screenshot(os.path.join(SCREENSHOTS, "films-" + name + ".png"))


def test_it_opens_from_the_menu_with_values_that_are_right(folder):
    global window
    window = Window(PROGRAM, [], title="Red Herring", application_id="org.redherring.RedHerring", log=open(LOG, "a"),
                    environment={"RH_WATCHDOG": WATCHDOG})
    wait(lambda: "%" in (window.find("image", "Canvas").description() or ""), "an image in view")
    window.find("push button", "Study").click()
    window.find("menu item", "New Films…").click()
    wait(shows_dialog, "the dialog")
    wait(can_make, "its values to be right")
    assert dialog("text", "Name").text() == "chest-films-1"
    screenshot("new")


@follows(test_it_opens_from_the_menu_with_values_that_are_right)
def test_a_wrong_value_is_told_at_its_field(folder):
    for name, wrong, words, right in (
            ("In training", "2", "Write a number from 0 to 1, with a point and no comma.", "1"),
            ("Training films", "41", "Write a multiple of 4 from 4 to 20000.", "40"),
            ("Seed", "x", "Write a whole number, 0 or above.", "7"),
            ("Name", "a/b", "A name does not begin with a point and has no slash.", "mine")):
        assert not window.says(words), words
        write(name, wrong)
        wait(lambda: window.says(words), words)
        assert not can_make(), name
        screenshot("wrong")
        write(name, right)
        wait(lambda: not window.says(words), "“%s” to go" % words)
        wait(can_make, "the button after " + name)


@follows(test_it_opens_from_the_menu_with_values_that_are_right)
def test_the_preview_follows(folder):
    def film():
        return dialog("image", "Nodule, the sign agrees").pixels()
    for name, text in (("Seed", "8"), ("Imprecision of the masks", "1")):
        before = film()
        write(name, text)
        wait(lambda: film() != before, "another film after " + name)
    before = film()
    bring_into_view(dialog("combo box", "Sign")).click()
    time.sleep(0.3)
    window.key("Down", "Down", "Return")
    wait(lambda: film() != before, "a film of another scanner")
    wait(lambda: window.says("inside the masks too"), "what a scanner is")
    screenshot("scanner")


@follows(test_a_wrong_value_is_told_at_its_field)
def test_calling_it_off_leaves_nothing(folder):
    write("Size", "1024")
    dialog("push button", "Make").click()
    wait(lambda: window.says(" of 400"), "the making to be told")
    screenshot("making")
    dialog("push button", "Cancel").click()
    wait(can_make, "the dialog to be as before")
    assert shows_dialog() and not window.says("of 400")
    assert not [name for name in os.listdir(STUDIES) if "mine" in name], os.listdir(STUDIES)


@follows(test_a_wrong_value_is_told_at_its_field, test_the_preview_follows)
def test_the_films_are_made_as_chosen_and_opened(folder):
    for name, text in (("Size", "48"), ("Validation films", "8"), ("Test films", "12")):
        write(name, text)
    window.key("Return")  # in a field, as the button
    wait(lambda: not shows_dialog(), "the dialog to close")
    wait(lambda: window.says("60 images"), "the films in the list")
    study = configparser.ConfigParser(interpolation=None)
    study.read(os.path.join(STUDIES, "mine", "study.ini"))
    with open(os.path.join(STUDIES, "mine", "images.csv")) as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 60 and sum(row["split"] == "training" for row in rows) == 40, rows[:3]
    told = {key: value for section in study.sections() for key, value in study[section].items()}
    assert "scanner" in told.values() and "48" in told.values(), told
    screenshot("opened")


@follows(test_it_opens_from_the_menu_with_values_that_are_right)
def test_closing_it_changes_nothing(folder):
    window.action("win.new-films")
    wait(shows_dialog, "the dialog")
    assert dialog("text", "Name").text() == "chest-films-1"
    before = sorted(os.listdir(STUDIES))
    window.key("Escape")
    wait(lambda: not shows_dialog(), "the dialog to close")
    assert sorted(os.listdir(STUDIES)) == before
    assert window.quit() == 0
    assert not complaints(LOG), complaints(LOG)
    assert_never_held_up(WATCHDOG)


run_tests(globals())
