"""A folder of images that is opened: what is asked, under which names its images come, and what has changed in it since.
Runs under session.py; each case says which ones it goes on from."""
import csv
import glob
import os
import re
import shutil
import stat

from cases import follows, run_tests
from desktop import GLib, make_films, role_of, wait, walk
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


def press_answer(name, key):
    """By the keyboard: where a dialog lies on the screen is not told."""
    program.window.find_in_dialog("push button", name)
    program.window.rest(5)
    program.window.key(key)


def choose_answer(question, place):
    """Opens the list as a screen reader does, for where a dialog lies on the screen is not told."""
    choice = program.window.find_in_dialog("combo box", question)
    button = next(node for node in walk(choice.node) if role_of(node) == "push button")
    button.get_action_iface().do_action(0)
    program.window.rest(2)
    for key in ("Home", *["Down"] * place, "Return"):
        program.window.key(key)
        program.window.rest(2)


def settings_of(place):
    with open(os.path.join(study_of(place), "study.ini"), encoding="utf-8") as file:
        return file.read()


def everything_below(folder):
    return {os.path.join(path, name) for path, folders, files in os.walk(folder) for name in folders + files}


def rewrite(path, change):
    with open(path, encoding="utf-8") as file:
        text = change(file.read())
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(text)
    os.rename(path + ".new", path)


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
    wait(lambda: not program.window.says("DOE"), "a window without names")
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


@follows()
def test_what_is_new_in_a_folder_opened_again_is_offered(folder):
    global program
    place = os.path.join(HOME, "again")
    make_films(place, ("no", "yes"), 6, "64x64")
    with open(os.path.join(place, "images.csv"), "w", encoding="utf-8") as file:
        file.write("image,label\n" + "".join("%s/%s%d.png,%s\n" % (k, k, i, k) for k in ("no", "yes")
                                             for i in range(6)))
    program = Program(place)
    program.quit()

    def labels():
        return {row["id"]: row["label"] for row in table(os.path.join(study_of(place), "images.csv"))}

    make_films(os.path.join(HOME, "more"), ("no",), 3, "80x64")
    for i in range(3):
        shutil.copy(os.path.join(HOME, "more", "no", "no%d.png" % i), os.path.join(place, "no", "new%d.png" % i))
    rewrite(os.path.join(place, "images.csv"),
            lambda text: text.replace("yes/yes4.png,yes", "yes/yes4.png,no") +
            "".join("no/new%d.png,no\n" % i for i in range(3)))
    rewrite(os.path.join(study_of(place), "images.csv"),  # corrected here, and not to be undone
            lambda text: re.sub(r"(?m)^(no3,[^,]*),no,", r"\1,yes,", text))
    program = Program(place)
    wait(lambda: program.window.says("New images: 3. Changed labels: 1."), "the offer")
    program.screenshot("folders-again")
    press_answer("Keep as It Is", "alt+k")
    program.window.rest(2)
    assert len(labels()) == 12 and labels()["yes4"] == "yes"
    open_folder(place)
    press_answer("Add 3 New Images", "alt+a")
    wait(lambda: program.window.says("15 images, 12 to mark, 3 not used"), "the new images in the list")
    assert labels()["new2"] == "no" and labels()["yes4"] == "yes"
    program.quit()
    program = Program(place, dark=True)
    wait(lambda: program.window.says("New images: 0. Changed labels: 1."), "what is left to offer")
    program.screenshot("folders-again-dark")
    press_answer("Take 1 Changed Label", "alt+t")
    wait(lambda: labels()["yes4"] == "no", "the corrected label")
    assert labels()["no3"] == "yes"
    open_folder(place)
    program.window.rest(5)
    assert not program.window.says("The Folder Has Changed")
    program.quit()


@follows()
def test_what_an_import_cannot_know_is_asked(folder):
    global program
    first, place = os.path.join(HOME, "known"), os.path.join(HOME, "asked")
    make_films(first, ("no", "yes"), 6, "64x64")
    make_films(place, ("a", "b"), 6, "60x64")
    with open(os.path.join(place, "images.csv"), "w", encoding="utf-8") as file:
        file.write("image,label,view\n")
        for i in range(6):
            for k, label in (("a", "edema"), ("b", ("fracture", "effusion")[i % 2])):
                file.write("%s/%s%d.png,%s,%s\n" % (k, k, i, label, ("AP", "PA", "LL")[i % 3]))
    program = Program(first)  # its words leave nothing to ask
    open_folder(place)
    positive = "The label has 3 values, and a study has two classes. Which is the positive one?"
    confounder = "The confounder “view” has 3 values, and two can be compared. Which?"
    for question in (positive, confounder):
        program.window.find_in_dialog("combo box", question)
    program.window.rest(5)
    program.screenshot("folders-asked")
    program.window.key("alt+i")
    wait(lambda: program.window.has("label", "asked"), "the study")
    told = settings_of(place)
    assert "classes=not edema;edema" in told and "view" not in told, told  # what stands first in each
    assert {row["label"] for row in table(os.path.join(study_of(place), "images.csv"))} == {"edema", "not edema"}
    rewrite(os.path.join(place, "images.csv"), lambda text: text.replace("a/a0.png,edema", "a/a0.png,fracture"))
    open_folder(place)  # what was answered holds, and is not asked again
    wait(lambda: program.window.says("New images: 0. Changed labels: 1."), "the corrected label")
    press_answer("Take 1 Changed Label", "alt+t")
    wait(lambda: {row["id"]: row["label"] for row in table(os.path.join(study_of(place), "images.csv"))}["a0"] ==
         "not edema", "the label in the study")
    program.quit()


@follows()
def test_which_of_two_classes_is_positive_is_asked(folder):
    """Cancelled it leaves nothing behind; then the other answer than the first is given."""
    global program
    first, place = os.path.join(HOME, "decided"), os.path.join(HOME, "undecided")
    make_films(first, ("no", "yes"), 6, "64x64")
    make_films(place, ("edema", "effusion"), 6, "60x64")
    program = Program(first)
    studies, shown = os.path.join(DATA, "studies"), program.image_in_view()
    before = [everything_below(place), os.listdir(studies)]
    question = "Nothing says which class is positive, the ill. Which is it?"
    open_folder(place)
    program.window.find_in_dialog("combo box", question)
    program.window.rest(5)
    program.screenshot("folders-which-is-positive")
    program.window.key("alt+c")
    wait(lambda: not program.window.says(question), "the dialog to go")
    program.window.rest(2)
    assert program.image_in_view() == shown and program.window.has("label", "decided")
    assert not program.window.has("label", "undecided")
    assert [everything_below(place), os.listdir(studies)] == before
    open_folder(place)
    program.window.find_in_dialog("combo box", question)
    program.window.rest(5)
    choose_answer(question, 1)
    program.window.key("alt+i")
    wait(lambda: program.window.has("label", "undecided"), "the study")
    assert "classes=effusion;edema" in settings_of(place), settings_of(place)
    program.quit()


@follows()
def test_what_the_split_leaves_aside_is_not_to_mark(folder):
    global program
    place = os.path.join(HOME, "aside")
    make_films(place, ("no", "yes"), 6, "64x64")
    program = Program(place)
    wait(lambda: program.window.has("label", "12 images, 12 to mark"), "the count")
    rewrite(os.path.join(study_of(place), "images.csv"),
            lambda text: re.sub(r"(?m)^((?:no[0-4]|yes5),[^,]*,[^,]*,[^,]*),[a-z]+,", r"\1,,", text))
    wait(lambda: program.window.has("label", "12 images, 6 to mark, 6 not used"), "the count without them")
    program.choose("Images with a mask", 3)
    wait(lambda: program.window.says("of 12 images, 6 to mark, 6 not used"), "the list of those to mark")

    def shown():
        return {item.name().split()[-1] for item in program.window.all("list item") if item.name().startswith("Image ")}
    wait(lambda: shown() - {program.image_in_view()} == {"no5", "yes0", "yes1", "yes2", "yes3", "yes4"}, "those alone")
    seen = []
    for _ in range(6):
        program.find("push button", "Next to Mark Next to Mark").click()
        wait(lambda: program.image_in_view() not in seen, "the next image")
        seen.append(program.image_in_view())
    assert sorted(seen) == ["no5", "yes0", "yes1", "yes2", "yes3", "yes4"], seen
    program.choose("Images with a mask", 0)
    program.quit()


@follows()
def test_a_split_that_tears_a_patient_apart_is_announced(folder):
    global program
    place = os.path.join(HOME, "torn")
    make_films(place, ("no", "yes"), 6, "64x64")
    program = Program(place)
    table_path = os.path.join(study_of(place), "images.csv")
    wait(lambda: not program.window.says("is in two sets"), "a window that announces nothing")
    program.quit()
    good = open(table_path, encoding="utf-8").read()
    torn = {row["split"]: row["id"] for row in table(table_path)}  # one image of each set
    rewrite(table_path, lambda text: re.sub(r"(?m)^((?:%s|%s),.*),," % (torn["training"], torn["test"]), r"\1,Meier,",
                                            text))
    program = Program(study_of(place))
    told = wait(lambda: program.window.says("The group “Meier” is in two sets"), "the announcement")
    assert torn["training"] in told and torn["test"] in told and "rh split" in told, told
    program.screenshot("folders-torn")
    rewrite(table_path, lambda text: good)
    wait(lambda: not program.window.has("label", "Split that cannot be used"), "it is mended")
    program.quit()
    program = Program(study_of(place), dark=True)
    shutil.copy(os.path.join(place, "no", "no0.png"), os.path.join(place, "yes", "yes0.png"))  # one picture, two sets
    rewrite(table_path, lambda text: re.sub(r"(?m)^(no0,[^,]*,[^,]*,[^,]*),[a-z]+,", r"\1,test,",
                                            re.sub(r"(?m)^(yes0,[^,]*,[^,]*,[^,]*),[a-z]+,", r"\1,training,", text)))
    wait(lambda: program.window.says("One picture is in two sets"), "the announcement of one content")
    program.screenshot("folders-torn-dark")
    program.quit()


run_tests(globals())
