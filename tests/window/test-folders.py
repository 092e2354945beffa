"""A folder of images that is opened: what is asked, under which names its images come, and what has changed in it since.
Runs under session.py; each case says which ones it goes on from."""
import csv
import glob
import os
import stat

from cases import follows, run_tests
from desktop import GLib, make_films, wait
from views import HOME, Program

DATA = os.path.join(HOME, ".local/share/redherring")
program = None


def press_menu_item(name):
    """With the pointer, in the menu of studies."""
    program.find("push button", "Study").click()
    program.window.rest(2)
    item = wait(lambda: next((each for role in ("menu item", "check menu item") for each in program.window.all(role)
                              if each.name() == name), None), name)
    item.click()
    program.window.rest(2)


def open_folder(place):
    program.window.action("win.open", GLib.Variant("s", place))


def table(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def study_of(place):
    found, = glob.glob(os.path.join(DATA, "studies", os.path.basename(place) + "-*"))
    return found


@follows()
def test_films_are_opened_under_numbers(folder):
    global program
    first, place = os.path.join(HOME, "first"), os.path.join(HOME, "DOE_ward")
    make_films(first, ("no", "yes"), 6, "64x64")
    make_films(place, ("no", "yes"), 6, "72x64")
    for path in glob.glob(os.path.join(place, "*", "*.png")):
        os.rename(path, os.path.join(os.path.dirname(path), "DOE_" + os.path.basename(path)))
    program = Program(first)
    press_menu_item("Numbers for Names of Images and Patients")
    open_folder(place)
    wait(lambda: program.image_in_view() == "image-0001", "a number for a name")
    key, = glob.glob(os.path.join(DATA, "keys", "numbered-1-*.csv"))
    wait(lambda: program.window.says(key), "where the key is")
    assert not program.window.says("DOE")
    program.screenshot("folders-numbers")
    assert stat.S_IMODE(os.stat(key).st_mode) == 0o600
    assert "DOE_yes0.png" in {os.path.basename(row["original image"]) for row in table(key)}
    for path, folders, files in os.walk(os.path.join(DATA, "studies", "numbered-1")):
        for name in folders + files:
            assert "DOE" not in name, name
        for name in files:
            with open(os.path.join(path, name), "rb") as file:
                assert b"DOE" not in file.read(), name
    open_folder(first)
    wait(lambda: program.image_in_view() == "image-0001" and os.path.exists(os.path.join(DATA, "studies", "numbered-2")),
         "another folder has a study of its own")
    open_folder(place)
    wait(lambda: program.window.has("label", "numbered-1"), "the same folder has the same study")
    press_menu_item("Numbers for Names of Images and Patients")
    program.quit()


run_tests(globals())
