"""A reader goes through images with the real window: answers, notes and times, ways of looking, drawing by keyboard.
Runs under session.py; each case says which ones it goes on from.

What users of mask editors complain about and ask for is in the tests' names, here and in test-editor.py."""
import csv
import glob
import os
import re
import signal
import time

import xserver
from cases import follows, run_tests
from desktop import Atspi, GLib, Widget, Window, assert_never_held_up, command, complaints, wait

PROGRAM = os.environ["REDHERRING"]
SCREENSHOTS = os.environ["RH_SCREENSHOTS"]
HOME = os.environ["HOME"]
WATCHDOG = os.path.join(HOME, "watchdog.txt")
LOG = os.path.join(HOME, "program.log")
NAMES = ["%s%d" % (label, i) for label in "ab" for i in range(8)]

os.makedirs(SCREENSHOTS, exist_ok=True)
window = None


def start(*arguments):
    global window
    window = Window(PROGRAM, arguments, title="Red Herring", application_id="org.redherring.RedHerring",
                    log=open(LOG, "a"), environment={"RH_WATCHDOG": WATCHDOG})
    wait(image_in_view, "an image in view")


def screenshot(name):
    window.screenshot(os.path.join(SCREENSHOTS, "viewing-" + name + ".png"))


def canvas():
    return window.find("image", "Canvas")


def image_in_view():
    told = re.match(r"Image ([^,]+),", canvas().description() or "")
    return told and told.group(1)


def show(name):
    window.action("win.select-image", GLib.Variant("s", name))
    wait(lambda: image_in_view() == name, name)


def study():
    place, = glob.glob(os.path.join(HOME, ".local/share/redherring/studies/films-*/study.ini"))
    return os.path.dirname(place)


def readings():
    """id → row of reading.csv"""
    try:
        with open(os.path.join(study(), "reading.csv"), encoding="utf-8", newline="") as file:
            return {row["id"]: row for row in csv.DictReader(file)}
    except FileNotFoundError:
        return {}


def mask(name):
    """The pixels inside, as (column, row); none if there is no file."""
    path = os.path.join(study(), "masks", name + ".png")
    if not os.path.exists(path):
        return set()
    pixels = command("convert", path, "-depth", "8", "gray:-")
    return {(i % 64, i // 64) for i, pixel in enumerate(pixels) if pixel > 127}


def nothing_to_mark():
    return window.find("check box", "Nothing to mark here")


def test_a_study_of_before_has_everything_to_mark(folder):
    films = os.path.join(HOME, "films")
    for name in NAMES:
        place = os.path.join(films, {"a": "no", "b": "yes"}[name[0]])
        os.makedirs(place, exist_ok=True)
        # No two are alike, for an import takes copies for one image.
        command("convert", "-size", "64x64", "gradient:gray%d-gray%d" % (5 * int(name[1]), 90 + "ab".index(name[0])),
                "-depth", "8", os.path.join(place, name + ".png"))
    start(films)
    wait(lambda: window.says("16 images, 16 to mark"), "how many are left")
    assert not readings() and not nothing_to_mark().is_pressed()


@follows(test_a_study_of_before_has_everything_to_mark)
def test_nothing_to_mark_is_an_answer_of_its_own(folder):
    show("a0")
    nothing_to_mark().click()
    wait(lambda: readings().get("a0", {}).get("answer") == "nothing to mark", "the answer in the study")
    wait(lambda: nothing_to_mark().is_pressed(), "the answer in view")
    wait(lambda: window.says("16 images, 15 to mark"), "one fewer")
    assert not mask("a0")
    with open(os.path.join(study(), "images.csv"), encoding="utf-8") as file:
        assert "nothing" not in file.read()
    window.key("ctrl+n")
    wait(lambda: not readings().get("a0", {}).get("answer"), "the answer taken back")
    window.key("ctrl+n")
    wait(lambda: readings().get("a0", {}).get("answer"), "the answer again")


@follows(test_nothing_to_mark_is_an_answer_of_its_own)
def test_next_to_mark_passes_by_masks_and_answers(folder):
    show("a1")
    window.find("push button", "Brush").click()
    canvas().stroke([(0.4, 0.5), (0.6, 0.5)])
    wait(lambda: mask("a1"), "a mask")
    wait(lambda: not nothing_to_mark().is_sensitive(), "no answer beside a mask")
    screenshot("1-queue")
    show("b7")
    window.find("push button", "Next to Mark").click()
    wait(lambda: image_in_view() == "a2", "the next image to mark")
    window.key("ctrl+j")
    wait(lambda: image_in_view() == "a3", "the one after it")
    wait(lambda: window.says("16 images, 14 to mark"), "two fewer")


@follows(test_a_study_of_before_has_everything_to_mark)
def test_a_note_and_the_time_are_kept(folder):
    """The time is not less than that of the hand at work, nor more than all the time that passed."""
    began = time.monotonic()
    show("a4")
    window.key("F2")
    wait(lambda: window.find("text", "Note").has(Atspi.StateType.FOCUSED), "the field to have the keyboard")
    command("xdotool", "type", "--delay", "30", "left base, ask")
    wait(lambda: readings().get("a4", {}).get("note") == "left base, ask", "the note")
    window.key("Return")  # and the keyboard is back at the image
    wait(lambda: canvas().has(Atspi.StateType.FOCUSED), "the canvas to have the focus")
    for i in range(6):
        command("xdotool", "mousemove", *canvas().point(0.4 + 0.02 * i, 0.5))
        time.sleep(0.5)  # the time is what is kept
    show("a5")
    wait(lambda: window.find("text", "Note").text() in ("", "Note on this image"), "no note")
    seconds = wait(lambda: float(readings()["a4"]["seconds"]) > 2 and float(readings()["a4"]["seconds"]), "the time")
    assert seconds < time.monotonic() - began, seconds
    show("a4")
    wait(lambda: window.find("text", "Note").text() == "left base, ask", "the note again")
    wait(lambda: re.match(r"\d+:\d\d on this image", window.find("label", "Time on this image").text()), "its time")


@follows(test_nothing_to_mark_is_an_answer_of_its_own)
def test_a_mask_takes_the_answer_back(folder):
    show("a0")
    wait(lambda: nothing_to_mark().is_pressed(), "the answer in view")
    canvas().stroke([(0.4, 0.6), (0.6, 0.6)])
    wait(lambda: mask("a0"), "a mask")
    wait(lambda: not readings().get("a0", {}).get("answer"), "the answer taken back")
    wait(lambda: not nothing_to_mark().is_pressed(), "no answer in view")


@follows(test_next_to_mark_passes_by_masks_and_answers, test_a_note_and_the_time_are_kept,
         test_a_mask_takes_the_answer_back)
def test_all_is_there_after_a_kill(folder):
    show("b0")
    nothing_to_mark().click()
    wait(lambda: readings().get("b0", {}).get("answer"), "the answer")
    said = readings()
    window.kill()
    start(os.path.join(HOME, "films"))
    wait(lambda: window.says("16 images, 13 to mark"), "how many are left")
    show("a4")
    wait(lambda: window.find("text", "Note").text() == "left base, ask", "the note")
    assert {name: row["answer"] for name, row in readings().items() if row["answer"]} == {"b0": "nothing to mark"}
    assert float(readings()["a4"]["seconds"]) >= float(said["a4"]["seconds"])


def level(name):
    return window.find("slider", name).value


def grey(x, y):
    """The grey on the screen at a place of the canvas."""
    left, top, width, height = canvas().extents()
    return xserver.pixels(round(left + x * width), round(top + y * height), 1, 1)[0]


def point():
    return window.find("label", "Under the pointer").text()


def park():
    """The pointer away from the canvas, which has taken it in."""
    command("xdotool", "mousemove", "2", "2")
    wait(lambda: point() == "", "no read-out outside")


@follows(test_next_to_mark_passes_by_masks_and_answers)
def test_the_pixel_under_the_pointer_is_read_out(folder):
    show("a2")
    command("xdotool", "mousemove", *canvas().point(0.5, 0.5))
    told = wait(lambda: re.match(r"Column (\d+), row (\d+) · value (\d+) · outside the mask$", point()), "the read-out")
    column, row, value = map(int, told.groups())
    assert column in (32, 33) and row in (32, 33), told.group()
    film = command("convert", os.path.join(HOME, "films", "no", "a2.png"), "-depth", "8", "gray:-")
    assert value == film[(row - 1) * 64 + column - 1], (value, told.group())
    show("a1")
    command("xdotool", "mousemove", *canvas().point(0.5, 0.501))
    wait(lambda: "in the mask" in point(), "the mask under the pointer")
    park()


@follows(test_a_study_of_before_has_everything_to_mark)
def test_right_drag_windows_and_keys_bring_presets(folder):
    show("b7")
    assert not mask("b7")
    window.find("push button", "Brush").click()
    canvas().click()
    wait(lambda: mask("b7"), "a dab")
    window.key("ctrl+z")
    wait(lambda: not mask("b7"), "undo")
    park()
    whole = grey(0.5, 0.5)
    command("xdotool", "mousemove", *canvas().point(0.5, 0.5), "mousedown", "3", "mousemove_relative", "--", "-20", "-40",
            "sleep", "0.05", "mousemove_relative", "--", "-60", "-40", "sleep", "0.05", "mouseup", "3", "mousemove", "2", "2")
    wait(lambda: grey(0.5, 0.5) > whole + 20, "a brighter, harder picture")
    canvas().click()  # a dab is all there is to take back: nothing was drawn by the right button
    wait(lambda: mask("b7"), "a dab")
    window.key("ctrl+z", "alt+1")
    wait(lambda: not mask("b7"), "undo")
    park()
    wait(lambda: abs(grey(0.5, 0.5) - whole) <= 1, "the full range again")
    command("xdotool", "mousemove", *canvas().point(0.5, 0.5))
    window.key("i")
    park()
    wait(lambda: abs(grey(0.5, 0.5) - (255 - whole)) <= 1, "the negative")
    window.action("win.inverted")
    wait(lambda: abs(grey(0.5, 0.5) - whole) <= 1, "the positive")
    window.action("win.window-preset", GLib.Variant("s", "dark"))
    wait(lambda: grey(0.5, 0.5) > whole + 40, "the dark parts spread")
    screenshot("2-dark-parts")
    window.action("win.window-preset", GLib.Variant("s", "full"))


def window_recorded(name):
    """The values that were shown as black and white, as reading.csv has them."""
    row = readings().get(name, {})
    return row.get("black") and (float(row["black"]), float(row["white"]))


@follows(test_a_study_of_before_has_everything_to_mark)
def test_the_window_and_level_used_are_recorded(folder):
    """With the mask, as with an answer; a preset's, one dragged to, and a negative's."""
    show("b6")
    window.find("push button", "Brush").click()
    canvas().stroke([(0.4, 0.3), (0.6, 0.3)])
    wait(lambda: window_recorded("b6") == (0, 255), "the full range of 8 bits")
    # 150 pixels to the left halve the width, 60 up lower the level by 60/300 of it: 0.05 to 0.55 of the range.
    command("xdotool", "mousemove", *canvas().point(0.5, 0.8), "mousedown", "3", "mousemove_relative", "--", "-100", "-30",
            "sleep", "0.05", "mousemove_relative", "--", "-50", "-30", "sleep", "0.05", "mouseup", "3")
    canvas().stroke([(0.4, 0.5), (0.6, 0.5)])
    wait(lambda: window_recorded("b6") == (12.75, 140.25), "the window dragged to")
    show("b5")
    nothing_to_mark().click()
    wait(lambda: window_recorded("b5") == (12.75, 140.25), "the window beside an answer")
    window.action("win.inverted")
    show("b6")
    canvas().stroke([(0.4, 0.7), (0.6, 0.7)])
    wait(lambda: window_recorded("b6") == (140.25, 12.75), "a negative")
    assert window_recorded("b5") == (12.75, 140.25)
    window.action("win.inverted")
    window.action("win.window-preset", GLib.Variant("s", "full"))
    show("b7")


@follows(test_a_study_of_before_has_everything_to_mark)
def test_display_panel(folder):
    display = window.open_popover("Display")
    screenshot("3-display")
    whole = grey(0.5, 0.5)
    window.find("slider", "White level").value = 0.5
    wait(lambda: grey(0.5, 0.5) > whole + 20, "a brighter picture")
    window.toggle(display, "Inverted")
    wait(lambda: grey(0.5, 0.5) < 255 - whole, "the negative")
    window.toggle(display, "Inverted")
    window.action("win.window-preset", GLib.Variant("s", "full"))
    wait(lambda: level("White level") == 1, "the slider follows")
    window.close_popover(display)


@follows(test_next_to_mark_passes_by_masks_and_answers)
def test_mask_as_outline_in_another_colour(folder):
    show("a1")
    park()
    window.rest()
    filled = canvas().pixels()
    window.action("win.mask-style", GLib.Variant("s", "outlined"))
    wait(lambda: canvas().pixels() != filled, "an outline")
    window.rest()
    outline = canvas().pixels()
    window.action("win.mask-colour", GLib.Variant("s", "magenta"))
    wait(lambda: canvas().pixels() != outline, "another colour")
    screenshot("4-outline")
    window.action("win.mask-style", GLib.Variant("s", "filled"))
    window.action("win.mask-colour", GLib.Variant("s", "cyan"))
    wait(lambda: canvas().pixels() == filled, "the mask as before")


@follows(test_a_study_of_before_has_everything_to_mark)
def test_grid_and_overview_when_zoomed_in(folder):
    window.find("push button", "Fit").click()
    canvas().scroll(True, 6, 0.5, 0.5)
    park()
    window.rest()
    screenshot("5-zoomed")
    lines = canvas().pixels()
    window.action("win.pixel-grid")
    wait(lambda: canvas().pixels() != lines, "no lines")
    window.action("win.pixel-grid")
    wait(lambda: canvas().pixels() == lines, "lines again")
    overview = window.find("image", "Overview")
    before = lines
    command("xdotool", "mousemove", *overview.point(0.2, 0.8), "click", "1", "mousemove", "2", "2")
    wait(lambda: canvas().pixels() != before, "another part in view")
    command("xdotool", "mousemove", *canvas().point(0.5, 0.5))
    told = wait(lambda: re.match(r"Column (\d+), row (\d+)", point()), "the read-out")
    assert abs(int(told.group(1)) - 13) <= 2 and abs(int(told.group(2)) - 52) <= 2, told.group()
    window.key("ctrl+0")  # another pixel comes under the pointer
    wait(lambda: re.match(r"Column 3[23], row 3[23] ", point()), "the read-out of the pixel in the middle")
    park()


@follows(test_a_study_of_before_has_everything_to_mark)
def test_no_work_is_lost_on_going_to_the_next_image(folder):
    """By the arrows, in the middle of a stroke."""
    show("b1")
    window.find("push button", "Brush").click()
    command("xdotool", "mousemove", *canvas().point(0.4, 0.4), "sleep", "0.05", "mousedown", "1", "mousemove",
            *canvas().point(0.6, 0.4), "sleep", "0.05")
    window.key("Right")  # with the pen still down
    wait(lambda: image_in_view() == "b2", "the next image")
    command("xdotool", "mouseup", "1")
    wait(lambda: len({x for x, y in mask("b1")}) > 10, "the whole stroke on disk, not only its beginning")
    drawn = mask("b1")
    window.key("Left")
    wait(lambda: image_in_view() == "b1", "the image before")
    assert mask("b1") == drawn and not mask("b2")
    window.key("ctrl+z")
    wait(lambda: not mask("b1"), "undo after coming back")


@follows(test_a_study_of_before_has_everything_to_mark)
def test_drawing_by_keyboard(folder):
    show("b2")
    window.find("slider", "Brush size").value = 1
    command("xdotool", "mousemove", *canvas().point(0.5, 0.5))
    window.find("push button", "Fit").click()
    command("xdotool", "mousemove", *canvas().point(0.5, 0.5), "click", "2")
    window.key("k")
    wait(lambda: "Crosshair at" in canvas().description(), "the crosshair")
    command("xdotool", "mousemove", "2", "2")
    window.key("Left", "Left", "Up")
    told = wait(lambda: re.search(r"Crosshair at column (\d+), row (\d+), pen up", canvas().description()), "its place")
    column, row = int(told.group(1)) - 1, int(told.group(2)) - 1
    command("xdotool", "keydown", "space", "sleep", "0.1", "key", "--delay", "30", "Right", "Right", "Right", "Down",
            "sleep", "0.1", "keyup", "space")
    expected = {(column + i, row) for i in range(4)} | {(column + 3, row + 1)}
    wait(lambda: mask("b2") == expected, "the line on disk")
    screenshot("6-keyboard")
    window.key("Down", "Return", "shift+Left", "Return", "Up")
    expected |= {(column + 3 - i, row + 2) for i in range(11)}
    wait(lambda: mask("b2") == expected, "the second line")
    assert image_in_view() == "b2"
    window.key("Return", "Left", "Escape")
    window.key("Down", "Down", "Return", "Return")  # a dab apart from it, after which the disk has all that there is
    wait(lambda: len(mask("b2")) == len(expected) + 1, "the dab alone: Escape takes the line back")
    window.key("k", "Right")
    wait(lambda: image_in_view() == "b3", "arrows go to the next image again")


@follows(test_a_study_of_before_has_everything_to_mark)
def test_two_slow_clicks_are_no_double_click_on_a_busy_machine(folder):
    """It handles both at once, long after they were made: a polygon stays open, and is given up with what was drawn."""
    show("b4")
    window.find("push button", "Polygon").click()
    corners = [tuple(map(int, canvas().point(x, y))) for x, y in ((0.3, 0.3), (0.6, 0.3), (0.5, 0.6))]
    window.process.send_signal(signal.SIGSTOP)
    for x, y in corners:
        command("xdotool", "mousemove", str(x), str(y), "click", "1")
    time.sleep(0.6)  # more than a double click's 0.4 s
    command("xdotool", "mousemove", str(corners[-1][0] + 3), str(corners[-1][1]), "click", "1")
    window.process.send_signal(signal.SIGCONT)
    window.key(*["Escape"] * 4)
    window.action("win.tool", GLib.Variant("s", "brush"))
    canvas().stroke([(0.8, 0.8), (0.8, 0.8)])
    wait(lambda: mask("b4"), "a dab")
    assert not {(x, y) for x, y in mask("b4") if y < 40}, "the polygon was closed"
    window.key("ctrl+z")
    wait(lambda: not mask("b4"), "undo of the only step")


@follows(test_a_study_of_before_has_everything_to_mark)
def test_shortcuts_are_explained(folder):
    window.action("win.show-help-overlay")
    for words in ("Paint while held", "Nothing to mark here", "Full range, middle, dark parts, bright parts"):
        wait(lambda: window.says(words), words)
    window.rest()
    screenshot("7-shortcuts")
    wait(lambda: not Widget(window, window.root).has(Atspi.StateType.ACTIVE), "the shortcuts to take the keys")
    window.key("Escape")
    wait(lambda: len(window.toplevels()) == 1, "the end of the shortcuts")


@follows(test_a_study_of_before_has_everything_to_mark)
def test_quits_and_was_never_held_up(folder):
    status = window.quit()
    assert status == 0, status
    assert_never_held_up(WATCHDOG)


@follows(test_a_study_of_before_has_everything_to_mark)
def test_no_warning_was_written(folder):
    assert not complaints(LOG), complaints(LOG)


try:
    run_tests(globals())
finally:
    if window is not None:
        window.kill()
