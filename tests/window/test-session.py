"""A person's first hour with the real window: draws a mask, trains with and without it, sees heatmap and shift curve,
closes the window and finds everything again. Runs under session.py; each case says which ones it goes on from."""
import csv
import glob
import os
import re

from cases import follows, run_tests
from desktop import Atspi, GLib, Window, assert_never_held_up, command, complaints, make_films, wait

PROGRAM = os.environ["REDHERRING"]
SCREENSHOTS = os.environ["RH_SCREENSHOTS"]
HOME = os.environ["HOME"]
WATCHDOG = os.path.join(HOME, "watchdog.txt")
LOG = os.path.join(HOME, "program.log")
ACROSS = [(0.42 + 0.16 * i / 6, 0.5) for i in range(7)]  # a stroke through the middle of the canvas
FINISHED = ("baseline-small-1234", "actdiff-small-1234")

os.makedirs(SCREENSHOTS, exist_ok=True)
window = None


def start(*arguments):
    """Starts the program; it is ready when an image is in view."""
    global window
    window = Window(PROGRAM, arguments, title="Red Herring", application_id="org.redherring.RedHerring",
                    log=open(LOG, "a"), environment={"RH_WATCHDOG": WATCHDOG})
    wait(image_in_view, "an image in view")


def screenshot(name):
    window.rest()
    window.screenshot(os.path.join(SCREENSHOTS, name + ".png"))


def canvas():
    return window.find("image", "Canvas")


def image_in_view():
    """Its id, as the canvas tells a screen reader: "Image ID, class, …"."""
    told = re.match(r"Image ([^,]+),", canvas().description() or "")
    return told and told.group(1)


def study():
    place, = glob.glob(os.path.join(HOME, ".local/share/redherring/**/synthetic/study.ini"), recursive=True)
    return os.path.dirname(place)


def mask(name=None):
    """The pixels of the mask as they are on disk, a row a bytes object."""
    path = os.path.join(study(), "masks", (name or image_in_view()) + ".png")
    pixels = command("convert", path, "-depth", "8", "gray:-")
    side = round(len(pixels) ** 0.5)
    return [pixels[i * side:(i + 1) * side] for i in range(side)]


def area(rows):
    return sum(pixel > 127 for row in rows for pixel in row)


def longest_line(before):
    """The length of the longest line that is in the mask on disk and has new pixels at both ends, without a gap."""
    longest = 0
    for row, old in zip(mask(), before):
        new = [i for i, (a, b) in enumerate(zip(row, old)) if a > 127 and b <= 127]
        if new and min(row[new[0]:new[-1] + 1]) > 127:
            longest = max(longest, new[-1] + 1 - new[0])
    return longest


def status():
    return window.find("label", "Training status").text()


def shift_values():
    """Run → (accuracy, AUC) as the label under the chart reads them off, each before its interval."""
    text = window.find("label", "Shift values").text()
    return {name: (float(accuracy), float(auc)) for name, accuracy, auc in
            re.findall(r"^(\S+): accuracy ([\d.]+) \([^)]*\), AUC ([\d.]+) \([^)]*\), images ", text, re.MULTILINE)}


def finished_curves():
    """The values of the two runs that are trained to their end: one that is stopped has a curve as well if it came far
    enough before the stop, which is as it happens."""
    return {name: value for name, value in shift_values().items() if name in FINISHED}


def saved_stroke(points, pause=0.01):
    """A stroke that is on disk to its end."""
    name = image_in_view()
    saves = window.saves(name)
    canvas().stroke(points, pause)
    wait(lambda: window.saves(name) > saves, "the mask on disk")


def take_up(tool):
    window.find("push button", tool).click()
    wait(lambda: window.find("push button", tool).is_pressed(), "the tool %s" % tool)


def choose(name, place):
    """Chooses the entry at a place of a drop-down by the keyboard."""
    window.choose(name, place)


def choose_run(name):
    """By a click on its row, which may have to be scrolled to."""
    row = next(row for row in window.all("list item") if row.name().startswith(name + ","))
    window.find("label", "Training status").scroll(False, 20)
    row.click()


def train_to_the_end():
    window.find("push button", "Train")
    window.key("ctrl+t")
    wait(lambda: "Epoch" in status(), "an epoch")


def finished(name):
    return wait(lambda: "%s is finished" % name in status(), "the end of %s" % name, progress=status)


def test_starts_with_the_built_in_study_and_no_dialog(folder):
    start()
    print("# first seen after %.2f s" % window.seconds_to_show)
    assert not window.all("dialog") and not window.all("alert")
    images = window.find("list", "Images")
    wait(lambda: images.count() > 3, "rows")
    assert images.extents()[2] > 50
    wait(lambda: canvas().has(Atspi.StateType.FOCUSED), "keys to draw at once")
    assert "train one" in window.find("label", "Shift values").text()
    screenshot("1-start")


@follows(test_starts_with_the_built_in_study_and_no_dialog)
def test_wheel_zooms_and_fit_brings_back(folder):
    before = canvas().pixels()
    canvas().scroll(True, 4, 0.4, 0.4)
    wait(lambda: canvas().pixels() != before, "a larger image")
    window.find("push button", "Fit").click()
    command("xdotool", "mousemove", "2", "2")
    wait(lambda: canvas().pixels() == before, "the whole image")


@follows(test_starts_with_the_built_in_study_and_no_dialog)
def test_brush_draws_a_mask_that_is_saved_unasked(folder):
    name = image_in_view()
    original = glob.glob(os.path.join(study(), "images", "**", name + ".*"), recursive=True)[0]
    with open(original, "rb") as file:
        content = file.read()
    before = mask()
    take_up("Brush")
    window.find("slider", "Brush size").value = 2
    assert window.find("slider", "Brush size").value == 2
    saved_stroke([ACROSS[0], ACROSS[-1]])  # as fast as a pointer can be
    assert longest_line(before) >= 4, "the line has a gap"
    with open(original, "rb") as file:
        assert file.read() == content
    screenshot("2-drawn")


@follows(test_brush_draws_a_mask_that_is_saved_unasked)
def test_undo_redo_and_eraser(folder):
    drawn = mask()
    window.find("push button", "Undo").click()
    wait(lambda: area(mask()) < area(drawn), "undo on disk")
    undone = mask()
    window.find("push button", "Redo").click()
    wait(lambda: mask() == drawn, "redo on disk")
    window.key("ctrl+z")
    wait(lambda: mask() == undone, "undo by key")
    window.key("ctrl+shift+z")
    wait(lambda: mask() == drawn, "redo by key")
    take_up("Eraser")
    saved_stroke(ACROSS)
    assert area(mask()) < area(drawn), "the eraser"
    window.find("push button", "Undo").click()
    wait(lambda: mask() == drawn, "undo of the eraser")


@follows(test_starts_with_the_built_in_study_and_no_dialog)
def test_brackets_change_the_brush(folder):
    size = window.find("slider", "Brush size")
    before, clean = size.value, mask()
    take_up("Brush")
    saved_stroke([(0.3, 0.3)])  # where nothing is yet
    assert mask() != clean, "no dot"
    window.key("bracketright", "bracketright")
    wait(lambda: size.value > before, "a larger brush")
    larger = size.value
    window.key("bracketleft")
    wait(lambda: size.value < larger, "a smaller brush")
    window.find("push button", "Undo").click()
    wait(lambda: mask() == clean, "undo on disk")


@follows(test_starts_with_the_built_in_study_and_no_dialog)
def test_next_image_and_back(folder):
    name = image_in_view()
    drawn = mask()
    window.action("win.next-image")
    wait(lambda: image_in_view() not in (None, name), "the next image")
    window.action("win.select-image", GLib.Variant("s", name))
    wait(lambda: image_in_view() == name, "the image before")
    assert mask() == drawn


def look_at_another_image_and_back():
    for action in ("win.next-image", "win.previous-image"):
        before = image_in_view()
        window.action(action)
        wait(lambda: image_in_view() not in (None, before), "another image")
        wait(lambda: "Prediction" in canvas().description(), "its prediction")


@follows(test_starts_with_the_built_in_study_and_no_dialog)
def test_trains_while_the_heatmap_moves(folder):
    command("xdotool", "mousemove", "2", "2")
    before = canvas().pixels()
    assert "No prediction" in window.find("label", "Prediction").text()
    train_to_the_end()
    wait(lambda: window.find("label", "Prediction").text().startswith("Prediction: "), "a prediction")
    wait(lambda: canvas().pixels() != before, "a heatmap")
    window.find("push button", "Pause").click()
    wait(lambda: "Paused" in status(), "a pause")
    screenshot("3-training")
    paused = status()
    look_at_another_image_and_back()  # after which an epoch that had gone on would have been told of
    assert status() == paused
    window.find("push button", "Resume").click()
    finished("baseline-small-1234")
    assert not window.find("push button", "Pause").is_sensitive()


@follows(test_trains_while_the_heatmap_moves)
def test_the_map_is_renewed_while_training(folder):
    with open(LOG) as file:
        rates = [float(rate) for rate in re.findall(r"map in [\d.]+ ms, ([\d.]+) a second", file.read())]
    rates.sort()
    assert len(rates) >= 3, "hardly a map was computed while the network was training: %s" % rates
    print("# maps a second while training: median %.1f" % rates[len(rates) // 2])


@follows(test_trains_while_the_heatmap_moves)
def test_other_maps_can_be_chosen(folder):
    gradient = canvas().pixels()
    choose("Map", 2)
    command("xdotool", "mousemove", "2", "2")
    wait(lambda: canvas().pixels() != gradient, "another map")
    coloured = canvas().pixels()
    window.find("slider", "Heatmap opacity").value = 0
    wait(lambda: canvas().pixels() != coloured, "no map")
    bare = canvas().pixels()
    window.find("slider", "Heatmap opacity").value = 0.6
    wait(lambda: canvas().pixels() != bare, "the map again")


@follows(test_trains_while_the_heatmap_moves)
def test_a_second_method_and_the_shift_curves(folder):
    choose("Method", 3)
    train_to_the_end()
    finished("actdiff-small-1234")
    level = window.find("slider", "Shift level")
    level.value = 0
    values = wait(lambda: len(finished_curves()) == 2 and finished_curves(), "two curves")
    assert values["baseline-small-1234"][1] > 0.95 and values["actdiff-small-1234"][1] > 0.9, values
    level.value = 1
    values = wait(lambda: shift_values()["baseline-small-1234"][1] < 0.5 and shift_values(), "the level's values")
    assert values["baseline-small-1234"][1] < 0.1 and values["actdiff-small-1234"][1] > 0.9, values
    screenshot("4-shift")


@follows(test_starts_with_the_built_in_study_and_no_dialog)
def test_stop_leaves_a_run_that_can_be_resumed(folder):
    window.find("spin button", "Epochs").value = 400
    train_to_the_end()
    wait(lambda: re.search(r"Epoch ([2-9]|\d\d)", status()), "something to go on from")
    window.find("push button", "Stop").press()
    wait(lambda: "Resume goes on" in status(), "the stop")
    assert re.search(r"is unfinished, epoch \d+ of 400", status()), status()


@follows(test_a_second_method_and_the_shift_curves)
def test_trouble_is_told_in_the_window(folder):
    empty = os.path.join(folder, "empty")
    os.mkdir(empty)
    broken = os.path.join(folder, "broken")
    os.mkdir(broken)
    with open(os.path.join(broken, "a.png"), "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n and no more")
    for place, words in ((empty, "empty"), (broken, "a.png"), (os.path.join(folder, "nowhere"), "nowhere")):
        window.action("win.open", GLib.Variant("s", place))
        said = wait(lambda: window.says(words), "a message about %s" % words)
        print("# " + said.replace("\n", " "))
        screenshot("5-trouble-" + os.path.basename(place))
        window.dismiss()
    assert len(finished_curves()) == 2 and image_in_view()


@follows(test_a_second_method_and_the_shift_curves)
def test_quits_and_was_never_held_up(folder):
    global drawn, viewed, values
    drawn, viewed, values = mask(), image_in_view(), finished_curves()
    assert window.quit() == 0
    assert_never_held_up(WATCHDOG)


@follows(test_quits_and_was_never_held_up)
def test_finds_everything_again(folder):
    start()
    assert image_in_view() == viewed and mask() == drawn
    assert wait(lambda: len(finished_curves()) == 2 and finished_curves(), "the curves") == values
    assert window.find("slider", "Shift level").value == 1
    runs = window.find("list", "Runs")
    assert runs.extents()[3] > 0
    for name in ("baseline-small-1234", "actdiff-small-1234"):
        assert window.says(name), name
    choose_run("actdiff-small-1234")
    wait(lambda: window.find("label", "Prediction").text().startswith("Prediction: "), "a prediction")
    screenshot("6-again")


@follows(test_starts_with_the_built_in_study_and_no_dialog)
def test_a_stroke_survives_a_kill(folder):
    before = area(mask())
    take_up("Brush")
    saved_stroke([(0.45, 0.62), (0.55, 0.62)])
    after = mask()
    assert area(after) > before
    window.kill()
    start()
    assert mask() == after


@follows(test_starts_with_the_built_in_study_and_no_dialog)
def test_a_large_image_is_drawn_on_without_gaps_or_delay(folder):
    source = os.path.join(folder, "large")
    make_films(source, ("no", "yes"), 6, "3000x3000")
    window.action("win.open", GLib.Variant("s", source))
    wait(lambda: re.match(r"(no|yes)\d", image_in_view() or ""), "a large image")
    take_up("Brush")
    window.find("slider", "Brush size").value = 40
    name = image_in_view()
    saved_stroke([(0.3 + 0.4 * (i % 2), 0.3 + 0.4 * i / 12) for i in range(13)], 0.004)
    path, = glob.glob(os.path.join(HOME, ".local/share/redherring/**/masks/%s.png" % name), recursive=True)
    labelled = command("convert", path, "-depth", "8", "-threshold", "50%", "-define",
                       "connected-components:verbose=true", "-define", "connected-components:mean-color=true",
                       "-connected-components", "8", "null:").decode()
    strokes = [line for line in labelled.splitlines() if "255" in line.split()[-1] or "white" in line]
    assert len(strokes) == 1, labelled
    screenshot("7-large")
    assert window.quit() == 0
    assert_never_held_up(WATCHDOG)


@follows()
def test_a_folder_can_be_given_as_an_argument(folder):
    source = os.path.join(folder, "views")
    make_films(source, ("no", "yes"), 8)
    start(source)
    assert image_in_view().startswith(("no", "yes"))
    told_what_a_method_lacks(source)
    assert window.quit() == 0


def told_what_a_method_lacks(source):
    """Masks: first all of them, then those of one class."""
    lacks_all, lacks_yes = "No training image has a mask", "Only images of “no” have masks"
    assert not window.says(lacks_all), "the baseline needs none"
    choose("Method", 3)
    wait(lambda: window.says(lacks_all), lacks_all)
    screenshot("8-no-masks")
    made = next(place for place in glob.glob(os.path.join(HOME, ".local/share/redherring/**/images.csv"), recursive=True)
                if source in content(os.path.join(os.path.dirname(place), "study.ini")))
    with open(made, newline="") as file:
        training = [row["id"] for row in csv.DictReader(file) if row["split"] == "training"]
    for label in ("no", "yes"):
        window.action("win.select-image", GLib.Variant("s", next(name for name in training if name.startswith(label))))
        wait(lambda: (image_in_view() or "").startswith(label), "an image of “%s”" % label)
        take_up("Brush")
        canvas().stroke(ACROSS)
        wait(lambda: bool(window.says(lacks_yes)) == (label == "no"), "what is told of the masks")
    assert not window.says(lacks_all)
    choose("Method", 0)


def content(path):
    with open(path) as file:
        return file.read()


@follows(test_starts_with_the_built_in_study_and_no_dialog)
def test_no_warning_was_written(folder):
    # libadwaita 1.7 measures the headings of its own dialogs for less room than they need.
    said = complaints(LOG, harmless="Trying to measure GtkLabel")
    assert not said, said


try:
    run_tests(globals())
finally:
    if window is not None:
        window.kill()
