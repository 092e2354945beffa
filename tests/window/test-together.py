"""Several programs, one study: what others write into its tables is kept, and shows in the open window; and images and
masks that cannot be read leave a way to go on. Runs under session.py; each case says which ones it goes on from.
The waits tell nothing of speed."""
import csv
import fcntl
import glob
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "rh"))
from made_png import load_grey

from cases import follows, run_tests
from desktop import Bus, GLib, Window, complaints, make_films, wait

PROGRAM, RH = os.environ["REDHERRING"], os.environ["RH"]
HOME = os.environ["HOME"]
LOG = os.path.join(HOME, "program.log")
STUDY = os.path.join(HOME, "study")
LONG = 120  # seconds: no verdict on how fast the machine is
ROUNDS = 20
window = second = bus = None  # the second is another program, on a message bus of its own


def start(bus=None):
    started = Window(PROGRAM, (STUDY,), title="Red Herring", application_id="org.redherring.RedHerring",
                     log=open(LOG, "a"), bus=bus)
    wait(lambda: image_in_view(started), "an image in view", LONG)
    started.action("win.tool", GLib.Variant("s", "brush"))
    return started


def canvas(place=None):
    return (place or window).find("image", "Canvas")


def image_in_view(place=None):
    told = re.match(r"Image ([^,]+), .* mask", canvas(place).description() or "")
    return told and told.group(1)


def table(name):
    path = os.path.join(STUDY, name)
    if not os.path.exists(path):
        return {}
    with open(path, newline="", encoding="utf-8") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def rewrite(name, change):
    """As another program does: reads, changes and replaces the file. It holds the study's lock, or it would undo what
    comes while it does so."""
    path = os.path.join(STUDY, name)
    with open(os.path.join(STUDY, ".lock"), "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with open(path, newline="", encoding="utf-8") as file:
            text = change(file.read())
        with open(path + ".new", "w", newline="", encoding="utf-8") as file:
            file.write(text)
        os.rename(path + ".new", path)


def select(name, place=None):
    (place or window).action("win.select-image", GLib.Variant("s", name))
    wait(lambda: image_in_view(place) == name, name + " in view", LONG)


def dab(x=0.5, place=None):
    """A click on the canvas, at that part of its width."""
    canvas(place).stroke([(x, 0.5), (x, 0.5)])


def row(name, place=None):
    """What the list says of an image, whose row is scrolled to where it has to be."""
    names = [each.name() for each in (place or window).all("list item")]
    return next(said for said in names if (", %s" % name) in said)


def has_mask(name):
    return os.path.exists(os.path.join(STUDY, "masks", name + ".png"))


def test_starts(folder):
    films = os.path.join(HOME, "films")
    make_films(films, ("no", "yes"), 8, "300x200")
    subprocess.run([RH, "new", "folder", films, STUDY], check=True, stdout=subprocess.DEVNULL)
    global window
    window = start()


@follows(test_starts)
def test_a_corrected_label_is_not_undone(folder):
    select("yes3")
    rewrite("images.csv", lambda text: re.sub(r"(?m)^(yes3,[^,]*,)yes,", r"\1no,", text))
    wait(lambda: "Image yes3, no," in canvas().description(), "the label in the window", LONG)
    assert image_in_view() == "yes3"
    select("no1")
    dab()
    wait(lambda: has_mask("no1") and table("images.csv")["no1"]["mask"], "the mask in the table", LONG)
    assert table("images.csv")["yes3"]["label"] == "no"


@follows(test_starts, test_a_corrected_label_is_not_undone)
def test_undo_is_intact_after_a_change_elsewhere(folder):
    assert image_in_view() == "no1" and has_mask("no1")
    rewrite("images.csv", lambda text: re.sub(r"(?m)^(yes4,[^,]*,)yes,", r"\1no,", text))
    wait(lambda: any("yes4" in row.name() and "class no" in row.name() for row in window.all("list item")),
         "the label in the list", LONG)
    window.key("ctrl+z")
    wait(lambda: not has_mask("no1"), "undo", LONG)
    assert image_in_view() == "no1"


@follows(test_starts)
def test_a_colleagues_answer_is_kept(folder):
    path = os.path.join(STUDY, "reading.csv")
    if os.path.exists(path):
        rewrite("reading.csv", lambda text: re.sub(r"(?m)^yes5,.*\n", "", text) + "yes5,nothing to mark,seen by Dr B\n")
    else:
        with open(path, "w", encoding="utf-8") as file:
            file.write("id,answer,note\nyes5,nothing to mark,seen by Dr B\n")
    select("no2")
    window.action("win.nothing-to-mark")
    wait(lambda: table("reading.csv").get("no2", {}).get("answer"), "one's own answer", LONG)
    assert table("reading.csv")["yes5"]["note"] == "seen by Dr B"
    select("yes5")
    assert window.find("text", "Note").text() == "seen by Dr B"


@follows(test_starts)
def test_a_new_split_is_not_undone(folder):
    subprocess.run([RH, "split", STUDY, "--split", "paper", "--split-seed", "77"], check=True,
                   stdout=subprocess.DEVNULL)
    split = {name: row["split"] for name, row in table("images.csv").items()}
    select("no3")
    dab()
    wait(lambda: has_mask("no3") and table("images.csv")["no3"]["mask"], "the mask in the table", LONG)
    assert split == {name: row["split"] for name, row in table("images.csv").items()}
    with open(os.path.join(STUDY, "study.ini"), encoding="utf-8") as file:
        assert "seed=77" in file.read()


@follows(test_starts, test_a_corrected_label_is_not_undone, test_a_colleagues_answer_is_kept)
def test_all_write_at_once_and_nothing_is_lost(folder):
    """The window answers while two programs rewrite the tables again and again."""
    names = ["no4", "no5", "yes0", "yes1"]
    for i in range(ROUNDS):
        subprocess.run([RH, "split", STUDY, "--split", "paper", "--split-seed", str(i)], check=True,
                       stdout=subprocess.DEVNULL)
        if i % 5 == 0:
            name = names[i // 5]
            select(name)
            window.action("win.nothing-to-mark")
        rewrite("study.ini", lambda text: text.rstrip("\n") + "\nround%d=%d\n" % (i, i))
    wait(lambda: all(table("reading.csv").get(name, {}).get("answer") for name in names), "all answers", LONG)
    with open(os.path.join(STUDY, "study.ini"), encoding="utf-8") as file:
        text = file.read()
    assert all("round%d=%d" % (i, i) in text for i in range(ROUNDS)) and "seed=%d" % (ROUNDS - 1) in text
    assert table("images.csv")["yes3"]["label"] == "no" and table("reading.csv")["yes5"]["note"] == "seen by Dr B"


@follows(test_starts)
def test_who_else_has_it_open_is_said(folder):
    own = wait(lambda: glob.glob(os.path.join(STUDY, ".open", "*.ini")), "a file that tells of this window", LONG)
    assert len(own) == 1
    other = os.path.join(STUDY, ".open", "ward-7.ini")
    with open(other, "w", encoding="utf-8") as file:
        file.write("[open]\nhost=ward\npid=7\nsince=1769860800\n")
    wait(lambda: "Also open on ward" in window.find("label", "Others at this study").text(), "a word of it", LONG)
    os.remove(other)
    wait(lambda: not window.has("label", "Others at this study"), "no word of it", LONG)


def pixels_of(name):
    rows = load_grey(os.path.join(STUDY, "masks", name + ".png"))
    return {(x, y) for y, row in enumerate(rows) for x, value in enumerate(row) if value > 0}


@follows(test_starts)
def test_two_windows_and_a_command_line_lose_nothing(folder):
    """Round after round one window draws, the other answers and draws on the same image, a label is corrected in the table
    and the images are divided anew; each window shows what the other did."""
    global bus, second
    bus = Bus()
    second = start(bus)
    for each in window, second:
        wait(lambda: "Also open in another window" in each.find("label", "Others at this study").text(), "a word", LONG)
    corrected, pairs = "yes5", [("no0", "yes2"), ("no6", "yes3"), ("no7", "yes4"), ("yes7", "yes6")]
    for i, (drawn, answered) in enumerate(pairs):
        select(drawn)
        select(answered, second)
        window.raise_up()
        dab(0.4)
        second.action("win.nothing-to-mark")
        rewrite("images.csv", lambda text: re.sub(r"(?m)^(%s,[^,]*,)(yes|no)," % corrected,
                                                  lambda found: found[1] + ("no," if found[2] == "yes" else "yes,"), text))
        label = table("images.csv")[corrected]["label"]
        subprocess.run([RH, "split", STUDY, "--split", "paper", "--split-seed", str(100 + i)], check=True,
                       stdout=subprocess.DEVNULL)
        wait(lambda: has_mask(drawn) and table("images.csv")[drawn]["mask"], "the mask of %s in the table" % drawn, LONG)
        wait(lambda: table("reading.csv").get(answered, {}).get("answer"), "the answer on %s" % answered, LONG)
        first = pixels_of(drawn)
        wait(lambda: "has mask" in row(drawn, second), "the mask of %s in the other window" % drawn, LONG)
        wait(lambda: "nothing to mark" in row(answered), "the answer on %s in the other window" % answered, LONG)
        for each in window, second:
            wait(lambda: "class " + label in row(corrected, each), "the label of %s in both" % corrected, LONG)
        select(drawn, second)
        second.raise_up()
        dab(0.6, second)
        wait(lambda: len(pixels_of(drawn) - first) > 0, "what the other window drew on %s" % drawn, LONG)
        assert first <= pixels_of(drawn), "what was drawn first on %s" % drawn
        assert table("images.csv")[corrected]["label"] == label
    images, readings = table("images.csv"), table("reading.csv")
    assert all(images[drawn]["mask"] and readings[answered]["answer"] for drawn, answered in pairs), (images, readings)
    with open(os.path.join(STUDY, "study.ini"), encoding="utf-8") as file:
        assert "seed=%d" % (100 + i) in file.read()
    assert not os.path.exists(os.path.join(STUDY, "conflicts.csv"))


@follows(test_two_windows_and_a_command_line_lose_nothing)
def test_the_second_window_quits_and_the_first_says_so(folder):
    assert second.quit() == 0
    bus.close()
    wait(lambda: not window.has("label", "Others at this study"), "no word of another window", LONG)


@follows(test_starts)
def test_an_image_that_is_gone_does_not_end_the_way(folder):
    select("no0")
    os.rename(os.path.join(HOME, "films/no/no1.png"), os.path.join(HOME, "no1-away.png"))
    canvas().click()
    window.key("Escape", "Right")
    wait(lambda: (canvas().description() or "").startswith("Image no1 cannot be shown."), "a word about no1", LONG)
    window.key("Right")
    wait(lambda: image_in_view() == "no2", "the image after it", LONG)
    os.rename(os.path.join(HOME, "no1-away.png"), os.path.join(HOME, "films/no/no1.png"))


@follows(test_starts)
def test_a_mask_of_no_bytes_is_begun_anew(folder):
    path = os.path.join(STUDY, "masks", "yes2.png")
    open(path, "w").close()
    window.action("win.select-image", GLib.Variant("s", "yes2"))
    window.find_in_dialog("push button", "Begin Anew").press()
    wait(lambda: os.path.exists(path + ".broken"), "the file put aside", LONG)
    wait(lambda: image_in_view() == "yes2", "the image", LONG)
    dab()
    wait(lambda: os.path.exists(path) and os.path.getsize(path) > 0, "a mask", LONG)


@follows(test_starts)
def test_images_that_moved_are_told_of_once(folder):
    films = os.path.join(HOME, "films")
    os.rename(films, films + "-away")
    window.action("win.select-image", GLib.Variant("s", "yes0"))
    wait(lambda: "study.ini" in (canvas().description() or ""), "where it is written", LONG)
    told = subprocess.run([RH, "train", STUDY, "--epochs", "1"], capture_output=True, text=True)
    assert told.returncode != 0 and told.stderr.count("\n") == 1 and "images=" in told.stderr, told.stderr
    shutil.move(films + "-away", films)


@follows(test_starts)
def test_quits(folder):
    assert window.quit() == 0
    assert not os.path.exists(os.path.join(STUDY, ".open"))
    assert not complaints(LOG), complaints(LOG)


try:
    run_tests(globals())
finally:
    for each in window, second:
        if each is not None:
            each.kill()
