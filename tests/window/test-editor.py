"""The mask editor with real pointer and keys: every tool, operation and the history; what comes to be on disk is
compared with pixels worked out here. Runs under session.py; each case says which ones it goes on from.

What users of mask editors complain about and ask for is in the tests' names, here and in test-viewing.py."""
import glob
import math
import os
import re
import struct
import zlib

from cases import follows, run_tests
import xserver
from desktop import Atspi, GLib, Widget, Window, assert_never_held_up, command, complaints, make_films, wait

PROGRAM = os.environ["REDHERRING"]
SCREENSHOTS = os.environ["RH_SCREENSHOTS"]
HOME = os.environ["HOME"]
WATCHDOG = os.path.join(HOME, "watchdog.txt")
LOG = os.path.join(HOME, "program.log")
WIDTH, HEIGHT = 120, 90
CENTRE, RADIUS = (60.0, 45.0), 24.0  # of the bright disc

os.makedirs(SCREENSHOTS, exist_ok=True)
window = None


def value(x, y):
    """A bright disc on dark ground; a darker bar leads out of it to the right, brighter than the ground."""
    if math.hypot(x + 0.5 - CENTRE[0], y + 0.5 - CENTRE[1]) < RADIUS:
        return 180 + (x * 7 + y * 3) % 5
    if 40 <= y < 50 and x >= 60:
        return 150 + (x + y) % 3
    return 40 + (x * 5 + y * 11) % 7


def let_double_clicks_be_slow():
    """Two clicks at one place are a double click, however long the machine takes between them; those that are to be none
    are far apart."""
    settings = os.path.join(HOME, ".config", "gtk-4.0")
    os.makedirs(settings)
    with open(os.path.join(settings, "settings.ini"), "w") as file:
        file.write("[Settings]\ngtk-double-click-time=600000\n")


def write_images(source):
    for label in ("no", "yes"):
        os.makedirs(os.path.join(source, label))
        for i in range(6):
            plain = os.path.join(source, "image.pgm")
            with open(plain, "wb") as file:
                file.write(b"P5 %d %d 255\n" % (WIDTH, HEIGHT) +
                           bytes(value(x, y) for y in range(HEIGHT) for x in range(WIDTH)))
            name = "%s%d" % (label, i)  # in the file as well, for an import takes copies for one image
            command("convert", plain, "-set", "comment", name, os.path.join(source, label, name + ".png"))
            os.remove(plain)


def canvas():
    return window.find("image", "Canvas")


def image_in_view():
    told = re.match(r"Image ([^,]+),", canvas().description() or "")
    return told and told.group(1)


def study_folder(name="films"):
    place, = glob.glob(os.path.join(HOME, ".local/share/redherring/**/%s*/study.ini" % name), recursive=True)
    return os.path.dirname(place)


def mask(name=None):
    """The pixels inside as they are on disk: a set of (x, y); of a file that is not there: none."""
    path = os.path.join(study_folder(), "masks", (name or image_in_view()) + ".png")
    if not os.path.exists(path):
        return set()
    pixels = command("convert", path, "-depth", "8", "gray:-")
    return {(i % WIDTH, i // WIDTH) for i, pixel in enumerate(pixels) if pixel > 127}


def place(x, y):
    """The whole pixel of the screen nearest to an image point, and the image point it is."""
    left, top, width, height = canvas().extents()
    zoom = min((width - 16) / WIDTH, (height - 16) / HEIGHT)
    # To the 64th part of a pixel, as the canvas places the image.
    from_left, from_top = (math.floor((side / 2 - size / 2 * zoom) * 64 + 0.5) / 64
                           for side, size in ((width, WIDTH), (height, HEIGHT)))
    screen_x, screen_y = round(left + from_left + x * zoom), round(top + from_top + y * zoom)
    return (screen_x, screen_y), ((screen_x - left - from_left) / zoom, (screen_y - top - from_top) / zoom)


def move(screen):
    return ["mousemove", str(screen[0]), str(screen[1]), "sleep", "0.03"]


def drag(points, hold=None):
    """Presses at the first image point and moves along all; gives the image points the pointer was at."""
    places = [place(*point) for point in points]
    arguments = ["xdotool", *(["keydown", hold] if hold else []), *move(places[0][0]), "mousedown", "1", "sleep", "0.03"]
    for screen, _ in places[1:]:
        arguments += move(screen)
    command(*arguments, "sleep", "0.05", "mouseup", "1", *(["keyup", hold] if hold else []))
    return [point for _, point in places]


def click(point, times=1):
    screen, at = place(*point)
    command("xdotool", *move(screen), "click", "--repeat", str(times), "--delay", "60", "1")
    return at


def choose(tool):
    """The tool is in hand when the action is answered. The threshold brush has a row of options more, for which the canvas
    makes room."""
    threshold_brush, before = window.find("push button", "Threshold brush"), canvas().extents()
    had_options = threshold_brush.is_pressed()
    window.action("win.tool", GLib.Variant("s", tool))
    if had_options != (tool == "threshold-brush"):
        wait(lambda: canvas().extents() != before, "the canvas beside the options of " + tool)


def toggle_tip(name):
    """A check box in the popover with the brush's tip."""
    tip = window.open_popover("Tip")
    window.toggle(tip, name)
    window.close_popover(tip)


def away(distance):
    """Whether a place is far enough from an outline for rounding not to matter: a widget may lie between whole
    pixels of the screen, and the accessibility tree tells whole ones."""
    return abs(distance) > 0.15


def assert_mask(expected, what, unsure=frozenset()):
    """Waits for the mask on disk; `unsure` are pixels of which it does not matter on which side they are."""
    try:
        wait(lambda: not (mask() ^ expected) - unsure, what)
    except AssertionError:
        found = mask()
        raise AssertionError("%s: %d pixels are missing, e.g. %s; %d too many, e.g. %s" % (
            what, len(expected - found - unsure), sorted(expected - found - unsure)[:5],
            len(found - expected - unsure), sorted(found - expected - unsure)[:5]))


def pixels(inside):
    return {(x, y) for y in range(HEIGHT) for x in range(WIDTH) if inside(x + 0.5, y + 0.5)}


def undo_to(expected, what):
    window.key("ctrl+z")
    assert_mask(expected, "undo of " + what)


def distance_to_segment(a, b, x, y):
    dx, dy = b[0] - a[0], b[1] - a[1]
    square = dx * dx + dy * dy
    t = max(0, min(1, ((x - a[0]) * dx + (y - a[1]) * dy) / square)) if square else 0
    return math.hypot(a[0] + t * dx - x, a[1] + t * dy - y)


def distance_to_path(points, x, y):
    return min(distance_to_segment(a, b, x, y) for a, b in zip(points, points[1:] or points))


def polygon(points):
    """The pixels whose middle an outline goes around, and those too near to it to tell."""
    closed = points + points[:1]

    def turns(x, y):
        total = 0
        for a, b in zip(closed, closed[1:]):
            ax, ay, bx, by = a[0] - x, a[1] - y, b[0] - x, b[1] - y
            total += math.atan2(ax * by - ay * bx, ax * bx + ay * by)
        return abs(total) > math.pi
    return pixels(turns), pixels(lambda x, y: not away(distance_to_path(closed, x, y)))


def park():
    """The pointer away from the canvas, which has taken it in."""
    command("xdotool", "mousemove", "2", "2")
    wait(lambda: not window.find("label", "Under the pointer").text(), "the pointer to have left the canvas")


def seen():
    """What is seen on the canvas, within the ring around it that tells of the focus."""
    park()
    left, top, width, height = canvas().extents()
    return xserver.pixels(left + 4, top + 4, width - 8, height - 8)


def under_pointer():
    """Column and row, from 0, and whether that pixel is in the mask."""
    told = re.match(r"Column (\d+), row (\d+) .* (in|outside) the mask", window.find("label", "Under the pointer").text())
    return told and (int(told.group(1)) - 1, int(told.group(2)) - 1, told.group(3) == "in")


def screenshot(name):
    window.screenshot(os.path.join(SCREENSHOTS, "editor-" + name + ".png"))


def test_starts(folder):
    global window
    source = os.path.join(HOME, "films")
    write_images(source)
    let_double_clicks_be_slow()
    window = Window(PROGRAM, [source], title="Red Herring", application_id="org.redherring.RedHerring",
                    log=open(LOG, "a"), environment={"RH_WATCHDOG": WATCHDOG})
    wait(image_in_view, "an image in view")
    wait(lambda: canvas().extents()[2] > 100, "the canvas")
    window.rest()
    assert mask() == set()


@follows(test_starts)
def test_brush_round_and_square(folder):
    choose("brush")
    window.find("slider", "Brush size").value = 9
    points = drag([(20.3, 20.2), (50.7, 31.1), (48.2, 60.4)])
    expected = pixels(lambda x, y: distance_to_path(points, x, y) <= 4.5)
    unsure = pixels(lambda x, y: not away(distance_to_path(points, x, y) - 4.5))
    assert_mask(expected, "a round brush", unsure)
    screenshot("brush")
    undo_to(set(), "a stroke")
    toggle_tip("Square tip")
    points = drag([(30.4, 30.4), (30.4, 30.4)])
    expected = pixels(lambda x, y: -4.5 <= x - points[0][0] < 4.5 and -4.5 <= y - points[0][1] < 4.5)
    assert len(expected) == 81, expected
    assert_mask(expected, "a square dab")
    toggle_tip("Square tip")
    undo_to(set(), "a dab")


@follows(test_starts)
def test_a_true_one_pixel_brush(folder):
    choose("brush")
    window.find("slider", "Brush size").value = 1
    (x, y), = drag([(33.5, 21.5)])
    assert_mask({(int(x), int(y))}, "one pixel")
    undo_to(set(), "one pixel")


@follows(test_starts)
def test_soft_edge_takes_passes(folder):
    choose("brush")
    window.find("slider", "Brush size").value = 20
    toggle_tip("Soft edge")
    drag([(20.5, 45.5), (100.5, 45.5)])
    core = pixels(lambda x, y: 25 < x < 95 and abs(y - 45.5) < 4.8)
    beyond = pixels(lambda x, y: 25 < x < 95 and abs(y - 45.5) > 6.5)
    wait(lambda: core <= mask() and not mask() & beyond, "the core of a soft brush")
    once = mask()
    drag([(20.5, 45.5), (100.5, 45.5)] * 4)
    wait(lambda: len(mask()) > len(once) * 1.15, "more of the rim")
    assert not mask() & pixels(lambda x, y: abs(y - 45.5) > 10.5)
    toggle_tip("Soft edge")
    window.key("ctrl+z")
    undo_to(set(), "soft strokes")


@follows(test_starts)
def test_polygon(folder):
    choose("polygon")
    corners = [(15.3, 12.2), (90.6, 20.8), (70.1, 75.7), (30.9, 60.3)]
    points = [click(corner) for corner in corners[:3]]
    click((5.2, 80.1))
    window.key("Escape")  # drops the last one
    points.append(click(corners[3]))
    screenshot("polygon-under-way")
    window.key("Return")
    expected, unsure = polygon(points)
    assert_mask(expected, "a polygon", unsure)
    filled = mask()
    hole = [(40.2, 30.4), (60.3, 30.4), (50.2, 50.8)]
    command("xdotool", "keydown", "ctrl")
    hole = [click(corner) for corner in hole[:2]] + [click(hole[2], 2)]  # a double click closes
    command("xdotool", "keyup", "ctrl")
    removed, unsure = polygon(hole)
    assert_mask(filled - removed, "a polygon removed", unsure)
    undo_to(filled, "the removal")
    undo_to(set(), "the polygon")


@follows(test_starts)
def test_escape_gives_a_polygon_up(folder):
    choose("polygon")
    for corner in ((20, 20), (60, 22), (50, 60)):
        click(corner)
    window.key("Escape", "Escape", "Escape", "Return")  # the last one puts a single point, by keyboard
    window.key("Escape", "Escape")  # that point, and drawing by keyboard
    wait(lambda: "Crosshair" not in canvas().description(), "the end of drawing by keyboard")
    choose("brush")  # which would close a polygon that is still open
    window.find("slider", "Brush size").value = 1
    (x, y), = drag([(95.5, 70.5)])
    assert_mask({(int(x), int(y))}, "what is drawn next, and nothing else")
    undo_to(set(), "the only step")


@follows(test_starts)
def test_lasso(folder):
    choose("lasso")
    points = drag([(60 + 30 * math.cos(i / 4), 45 + 25 * math.sin(i / 4)) for i in range(20)])
    expected, unsure = polygon(points)
    assert_mask(expected, "a lasso", unsure)
    undo_to(set(), "the lasso")


@follows(test_starts)
def test_rectangle_and_ellipse(folder):
    choose("rectangle")
    a, b = drag([(20.4, 15.6), (75.2, 60.3)])
    box = (int(a[0]), int(a[1]), int(b[0]), int(b[1]))
    rectangle = {(x, y) for x in range(box[0], box[2] + 1) for y in range(box[1], box[3] + 1)}
    assert_mask(rectangle, "a rectangle")
    choose("ellipse")
    a, b = drag([(30.6, 25.6), (60.4, 50.4)], "ctrl")
    left, top, right, bottom = int(a[0]), int(a[1]), int(b[0]) + 1, int(b[1]) + 1

    def depth(x, y):
        return (((2 * x - left - right) / (right - left)) ** 2 + ((2 * y - top - bottom) / (bottom - top)) ** 2)
    ellipse = pixels(lambda x, y: depth(x, y) <= 1)
    assert_mask(rectangle - ellipse, "an ellipse removed", pixels(lambda x, y: abs(depth(x, y) - 1) < 1e-9))
    undo_to(rectangle, "the ellipse")
    undo_to(set(), "the rectangle")
    a, b = drag([(40.4, 30.6), (60.2, 70.3)], "shift")
    side = max(abs(int(b[0]) - int(a[0])), abs(int(b[1]) - int(a[1])))
    circle = pixels(lambda x, y: math.hypot(x - int(a[0]) - (side + 1) / 2, y - int(a[1]) - (side + 1) / 2)
                    <= (side + 1) / 2)
    assert_mask(circle, "a circle")
    undo_to(set(), "the circle")


def region(x, y, tolerance):
    """Connected pixels like the one at (x, y), by spreading from it."""
    start, found, waiting = value(x, y), {(x, y)}, [(x, y)]
    while waiting:
        x, y = waiting.pop()
        for beside in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
            if beside in found or not (0 <= beside[0] < WIDTH and 0 <= beside[1] < HEIGHT):
                continue
            if abs(value(*beside) - start) <= tolerance:
                found.add(beside)
                waiting.append(beside)
    return found


def extent():
    values = [value(x, y) for y in range(HEIGHT) for x in range(WIDTH)]
    return min(values), max(values)


@follows(test_starts)
def test_magic_wand(folder):
    choose("wand")
    window.find("slider", "Tolerance").value = 5
    low, high = extent()
    x, y = click((60.5, 30.5))
    disc = region(int(x), int(y), 0.05 * (high - low))
    assert 1500 < len(disc) < 2000
    assert_mask(disc, "the wand on the disc")
    undo_to(set(), "the wand")
    screen, at = place(60.5, 30.5)  # dragged to the right: the bar belongs to it too
    command("xdotool", *move(screen), "mousedown", "1", *move((screen[0] + 60, screen[1])),
            *move((screen[0] + 200, screen[1])), "sleep", "0.3", "mouseup", "1")
    wait(lambda: window.find("slider", "Tolerance").value > 24.9, "the tolerance that was dragged to")
    both = region(int(at[0]), int(at[1]), 0.25 * (high - low))
    assert len(both) > len(disc) + 300
    assert_mask(both, "the wand dragged")
    window.find("slider", "Tolerance").value = 5
    command("xdotool", "keydown", "ctrl")
    click((60.5, 30.5))
    command("xdotool", "keyup", "ctrl")
    assert_mask(both - disc, "the wand removes")
    screenshot("wand")
    undo_to(both, "the removal")
    undo_to(set(), "the wand")


@follows(test_starts)
def test_threshold_brush(folder):
    choose("threshold-brush")
    window.find("slider", "Brush size").value = 14
    window.find("spin button", "Range from").value = 60
    window.find("spin button", "Range to").value = 85
    low, high = extent()
    points = drag([(30.4, 44.6), (105.3, 46.2)])
    expected = {(x, y) for x, y in pixels(lambda x, y: distance_to_path(points, x, y) <= 7)
                if low + 0.6 * (high - low) <= value(x, y) <= low + 0.85 * (high - low)}
    assert 200 < len(expected) < 500, len(expected)  # of the bar, and nothing of disc or ground
    assert_mask(expected, "the threshold brush", pixels(lambda x, y: not away(distance_to_path(points, x, y) - 7)))
    undo_to(set(), "the threshold brush")


@follows(test_starts)
def test_live_wire(folder):
    choose("live-wire")
    for i in range(6):
        angle = 2 * math.pi * i / 6 + 0.5
        click((CENTRE[0] + RADIUS * math.cos(angle), CENTRE[1] + RADIUS * math.sin(angle)))
    screenshot("live-wire-under-way")
    window.key("Return")
    disc = pixels(lambda x, y: math.hypot(x - CENTRE[0], y - CENTRE[1]) < RADIUS)
    wait(mask, "a live-wire")
    found = mask()
    likeness = len(found & disc) / len(found | disc)
    print("# live-wire: likeness to the disc %.3f; a hexagon's is 0.83" % likeness)
    assert likeness > 0.93
    undo_to(set(), "the live-wire")


TOOLS = (("b", "1", "Brush"), ("e", "2", "Eraser"), ("p", "3", "Polygon"), ("l", "4", "Lasso"), ("r", "5", "Rectangle"),
         ("o", "6", "Ellipse"), ("w", "7", "Magic wand"), ("t", "8", "Threshold brush"), ("s", "9", "Live-wire"))


def wait_in_hand(title, how):
    """Its button is pressed, and no other."""
    titles = [tool for _, _, tool in TOOLS] + ["Pan"]
    wait(lambda: [tool for tool in titles if window.find("push button", tool).is_pressed()] == [title],
         "%s by %s" % (title, how))


@follows(test_starts)
def test_a_number_key_a_tool(folder):
    for letter, number, title in TOOLS:
        for key in (letter, number):
            window.key("h")
            wait_in_hand("Pan", "H")
            window.key(key)
            wait_in_hand(title, key)
    window.key("KP_1")
    wait_in_hand("Brush", "the keypad")
    window.key("x")
    wait_in_hand("Eraser", "X")


@follows(test_starts)
def test_button_and_shortcut_agree(folder):
    """What is chosen, done or not to be done by one is so by the other."""
    for letter, _, title in TOOLS:
        window.find("push button", title).click()
        wait_in_hand(title, "its button")
        window.key("h")  # also where the button has the focus
        wait_in_hand("Pan", "H after the button of " + title)
        window.key(letter)
        wait_in_hand(title, letter)
    choose("rectangle")
    a, b = drag([(20.4, 15.6), (40.2, 30.3)])
    first = {(x, y) for x in range(int(a[0]), int(b[0]) + 1) for y in range(int(a[1]), int(b[1]) + 1)}
    assert_mask(first, "a rectangle")
    undo, redo = window.find("push button", "Undo"), window.find("push button", "Redo")
    for back, again in ((undo.click, lambda: window.key("ctrl+y")), (lambda: window.key("ctrl+z"), redo.click),
                        (lambda: window.action("win.undo"), lambda: window.key("ctrl+shift+z"))):
        assert undo.is_sensitive() and not redo.is_sensitive()
        back()
        assert_mask(set(), "undo")
        wait(lambda: redo.is_sensitive() and not undo.is_sensitive(), "the buttons after undo")
        again()
        assert_mask(first, "redo")
        wait(lambda: undo.is_sensitive() and not redo.is_sensitive(), "the buttons after redo")
    undo_to(set(), "the rectangle")
    fitted = seen()
    for fit in (window.find("push button", "Fit").click, lambda: window.key("0"), lambda: window.key("ctrl+0")):
        canvas().scroll(True, 3, 0.4, 0.4)
        wait(lambda: seen() != fitted, "an enlarged image")
        fit()
        wait(lambda: seen() == fitted, "the whole image")


@follows(test_starts)
def test_brackets_change_the_brush_size(folder):
    choose("brush")
    size = window.find("slider", "Brush size")
    for tool in ("brush", "eraser", "threshold-brush"):
        choose(tool)
        size.value = 8
        for key, expected in (("bracketright", 10), ("bracketright", 13), ("bracketleft", 10), ("bracketleft", 8)):
            window.key(key)
            wait(lambda: size.value == expected, "size %d by %s" % (expected, key))
    choose("brush")
    size.value = 2
    window.key("bracketleft", "bracketleft")  # and not below a pixel
    wait(lambda: size.value == 1, "one pixel")
    window.key("bracketright")
    wait(lambda: size.value == 2, "the smallest step up")
    window.key(*["bracketright"] * 12)
    wait(lambda: size.value == WIDTH // 4, "a quarter of the image")


@follows(test_starts)
def test_fast_strokes_have_no_gaps(folder):
    """The pointer jumps from place to place without a pause: every jump is in the stroke, as a line."""
    choose("brush")
    window.find("slider", "Brush size").value = 3
    points = [(10.5 + 11 * i, 12.5 + 60 * (i % 2)) for i in range(10)]
    places = [place(*point) for point in points]
    arguments = ["xdotool", *move(places[0][0]), "mousedown", "1"]
    for screen, _ in places[1:]:
        arguments += ["mousemove", str(screen[0]), str(screen[1])]
    command(*arguments, "mouseup", "1")
    path = [point for _, point in places]
    expected = pixels(lambda x, y: distance_to_path(path, x, y) <= 1.5)
    assert_mask(expected, "a fast stroke", pixels(lambda x, y: not away(distance_to_path(path, x, y) - 1.5)))
    screenshot("fast")


@follows(test_fast_strokes_have_no_gaps)
def test_undo_takes_back_a_stroke_and_not_a_pixel_at_a_time(folder):
    drawn = mask()
    assert len(drawn) > 500
    drag([(5.5, 85.5), (60.5, 82.5), (115.5, 85.5)])
    wait(lambda: len(mask()) > len(drawn) + 200, "a second stroke")
    both = mask()
    undo_to(drawn, "the second stroke")
    undo_to(set(), "the first")
    window.key("ctrl+y", "ctrl+y")
    assert_mask(both, "both again")


def go_to(name):
    window.action("win.select-image", GLib.Variant("s", name))
    wait(lambda: image_in_view() == name, name)


@follows(test_undo_takes_back_a_stroke_and_not_a_pixel_at_a_time)
def test_undo_is_not_lost_on_going_to_the_next_image(folder):
    name, both = image_in_view(), mask()
    window.key("Right")
    wait(lambda: image_in_view() not in (None, name), "the next image")
    other = image_in_view()
    window.find("slider", "Brush size").value = 5
    drag([(50.5, 50.5), (60.5, 50.5)])
    wait(lambda: mask(other), "a stroke there")
    window.key("Left")
    wait(lambda: image_in_view() == name, "the image before")
    assert mask() == both
    window.key("ctrl+z", "ctrl+z")
    assert_mask(set(), "both strokes of this image taken back")
    assert mask(other)
    go_to(other)
    undo_to(set(), "the stroke of the other")
    go_to(name)


@follows(test_starts)
def test_the_eraser_leaves_no_residue(folder):
    """Along the same way, with whatever tip: nothing is left on disk nor on the screen."""
    choose("brush")
    clean = seen()
    way = [(20.3, 20.2), (50.7, 31.1), (48.2, 60.4), (90.9, 70.6)]
    for size, square in ((1, False), (9, False), (9, True)):
        if square:
            toggle_tip("Square tip")
        window.find("slider", "Brush size").value = size
        choose("brush")
        drag(way)
        wait(mask, "a stroke")
        choose("eraser")
        drag(list(reversed(way)))
        assert_mask(set(), "nothing after the eraser of size %d" % size)
        wait(lambda: seen() == clean, "nothing on the screen")
    toggle_tip("Square tip")


@follows(test_starts)
def test_ctrl_held_erases(folder):
    choose("brush")
    window.find("slider", "Brush size").value = 9
    drag([(30.5, 45.5), (90.5, 45.5)])
    wait(mask, "a stroke")
    painted = mask()
    points = drag([(60.5, 20.5), (60.5, 70.5)], "ctrl")
    removed = pixels(lambda x, y: distance_to_path(points, x, y) <= 4.5)
    assert len(painted & removed) > 60
    assert_mask(painted - removed, "what Ctrl has erased",
                pixels(lambda x, y: not away(distance_to_path(points, x, y) - 4.5)))
    choose("eraser")
    drag([(60.5, 45.5), (60.5, 45.5)], "ctrl")  # and the eraser paints
    wait(lambda: (60, 45) in mask(), "a dab of the eraser")
    window.key("ctrl+z", "ctrl+z", "ctrl+z")
    assert_mask(set(), "all of it taken back")


@follows(test_starts)
def test_escape_in_mid_stroke_leaves_no_half_stroke(folder):
    choose("rectangle")
    drag([(70.4, 15.6), (100.2, 40.3)])
    wait(mask, "a rectangle")
    drawn = mask()
    for tool in ("brush", "eraser", "lasso", "rectangle", "ellipse", "threshold-brush", "wand"):
        choose(tool)
        before = seen()
        (start, _), (way, _), (end, _), (after, _) = (place(*at) for at in ((20.5, 20.5), (85.5, 30.5), (40.5, 70.5),
                                                                           (100.5, 80.5)))
        command("xdotool", *move(start), "mousedown", "1", *move(way), *move(end), "sleep", "0.1", "key", "Escape",
                "sleep", "0.05", *move(after), "mouseup", "1")
        wait(lambda: seen() == before, "nothing of %s on the screen" % tool)
    choose("brush")
    window.find("slider", "Brush size").value = 1
    (x, y), = drag([(5.5, 80.5)])
    assert_mask(drawn | {(int(x), int(y))}, "what is drawn next, and nothing else")
    undo_to(drawn, "what was drawn next")
    undo_to(set(), "the rectangle, the only step")


def assert_in_place(inside, what):
    """Over the canvas: what the pixel under the pointer is said to be and the colour it has on the screen are those
    of the mask. Places near the mask's border are passed by."""
    park()
    left, top, width, height = canvas().extents()
    screen, found, last = canvas().pixels(), {True: 0, False: 0}, None
    for i in range(24):
        if i == 5:
            continue  # there is the overview, where it is shown
        x, y = round(width * (0.2 + 0.6 * (i % 6) / 5)), round(height * (0.2 + 0.6 * (i // 6) / 3))
        command("xdotool", "mousemove", str(left + x), str(top + y))
        told = wait(lambda: under_pointer() != last and under_pointer(), "the read-out of another pixel")
        column, row, marked = last = told
        around = {(column + dx, row + dy) in inside for dx in (-1, 0, 1) for dy in (-1, 0, 1)}
        if len(around) > 1:
            continue
        red, _, blue = screen[3 * (y * width + x):][:3]
        assert marked == ((column, row) in inside) == (blue > red), (what, told, red, blue)
        found[marked] += 1
    assert found[True] and found[False], (what, found)


@follows(test_starts)
def test_a_mask_does_not_move_on_zooming_and_resizing(folder):
    window.find("push button", "Fit").click()
    choose("rectangle")
    drag([(35.4, 30.6), (75.2, 60.3)])
    wait(mask, "a rectangle")
    drawn = mask()
    fitted = seen()
    assert_in_place(drawn, "fitted")
    canvas().scroll(True, 2, 0.3, 0.4)
    assert_in_place(drawn, "larger")
    canvas().scroll(True, 2, 0.3, 0.4)
    assert_in_place(drawn, "much larger")
    canvas().scroll(False, 2, 0.6, 0.7)
    assert_in_place(drawn, "smaller again")
    size = [str(side) for side in xserver.box(window.id)[2:]]
    before = canvas().extents()
    command("xdotool", "windowsize", "--sync", window.id, "1240", "720")
    wait(lambda: canvas().extents()[2] < before[2] and canvas().extents()[3] < before[3], "a smaller canvas")
    window.rest()
    assert_in_place(drawn, "in a smaller window")
    window.key("0")
    assert_in_place(drawn, "fitted into a smaller window")
    command("xdotool", "windowsize", "--sync", window.id, *size)
    wait(lambda: seen() == fitted, "the picture as it was")
    assert mask() == drawn


@follows(test_a_mask_does_not_move_on_zooming_and_resizing)
def test_space_held_moves_the_image(folder):
    drawn = mask()
    canvas().scroll(True, 3, 0.5, 0.5)
    left, top, width, height = canvas().extents()
    start, end = (left + width // 2, top + height // 2), (left + width // 2 + 60, top + height // 2 - 40)
    command("xdotool", *move(start))
    held = wait(under_pointer, "the read-out")
    command("xdotool", "keydown", "space", "mousedown", "1", *move((start[0] + 20, start[1])), *move(end),
            "mouseup", "1", "keyup", "space")
    park()
    command("xdotool", *move(end))
    assert wait(under_pointer, "the read-out after the movement") == held, (under_pointer(), held)
    command("xdotool", *move(start))
    wait(lambda: (under_pointer() or held)[:2] != held[:2], "another pixel where it began")
    window.find("push button", "Fit").click()
    assert mask() == drawn
    undo_to(set(), "the rectangle, the only step")


@follows(test_starts)
def test_an_open_polygon_is_not_lost_on_going_on(folder):
    name = image_in_view()
    choose("polygon")
    points = [click(corner) for corner in ((20.2, 20.2), (70.4, 25.3), (50.1, 70.2))]
    window.action("win.next-image")
    wait(lambda: image_in_view() not in (None, name), "the next image")
    expected, unsure = polygon(points)
    wait(lambda: not (mask(name) ^ expected) - unsure, "the polygon of the image before")
    window.action("win.select-image", GLib.Variant("s", name))
    wait(lambda: image_in_view() == name, "the image before")
    window.action("win.undo")
    assert_mask(set(), "undo after coming back")


def operate(name):
    window.action("win.mask-operation", GLib.Variant("s", name))


def operated(name):
    """How many operations on the mask of an image are over, as the program's log has it."""
    with open(LOG) as file:
        return sum(line.endswith("operated on the mask of %s\n" % name) for line in file)


def disc_around(inside, radius):
    """What lies within the radius of a set of pixels, in the image."""
    reach = [(dx, dy) for dx in range(-radius, radius + 1) for dy in range(-radius, radius + 1)
             if dx * dx + dy * dy <= radius * radius]
    return {(x + dx, y + dy) for x, y in inside for dx, dy in reach
            if 0 <= x + dx < WIDTH and 0 <= y + dy < HEIGHT}


ALL = {(x, y) for x in range(WIDTH) for y in range(HEIGHT)}


def smoothed(inside, radius):
    out = set()
    for x, y in ALL:
        around = disc_around({(x, y)}, radius)
        votes = len(around & inside)
        if 2 * votes > len(around) or (2 * votes == len(around) and (x, y) in inside):
            out.add((x, y))
    return out


def draw_ring_and_spot():
    """A frame with a hole and a spot beside it; gives the pixels of both."""
    choose("rectangle")
    a, b = drag([(20.4, 15.6), (60.2, 60.3)])
    c, d = drag([(30.6, 25.6), (50.4, 50.4)], "ctrl")
    e, f = drag([(80.5, 30.5), (81.5, 31.5)])

    def box(p, q):
        return {(x, y) for x in range(int(p[0]), int(q[0]) + 1) for y in range(int(p[1]), int(q[1]) + 1)}
    return box(a, b) - box(c, d), box(c, d), box(e, f)


@follows(test_starts)
def test_operations(folder):
    frame, hole, spot = draw_ring_and_spot()
    drawn = frame | spot
    assert_mask(drawn, "a frame and a spot")
    for name, expected in (
            ("fill-holes", drawn | hole), ("keep-largest", frame), ("remove-specks", frame), ("invert", ALL - drawn),
            ("grow", disc_around(drawn, 3)), ("shrink", drawn - disc_around(ALL - drawn, 3)),
            ("smooth", smoothed(drawn, 3)), ("mirror-sideways", {(WIDTH - 1 - x, y) for x, y in drawn}),
            ("mirror-upright", {(x, HEIGHT - 1 - y) for x, y in drawn}), ("clear", set())):
        operate(name)
        assert_mask(expected, name)
        undo_to(drawn, name)


def count_specks():
    """As the button beside the tools says; 0 while it is not there."""
    shown = [button.name() for button in window.all("push button")
             if re.match(r"\d+ speck", button.name()) and button.has(Atspi.StateType.VISIBLE)]
    return int(shown[0].split()[0]) if shown else 0


@follows(test_operations)
def test_holes_do_not_go_unnoticed(folder):
    """A hole of a pixel and an island of four, in a mask that looks whole."""
    wait(lambda: count_specks() == 1, "the island")
    before, drawn = seen(), mask()
    choose("rectangle")
    (x, y), _ = drag([(25.5, 40.5), (25.5, 40.5)], "ctrl")
    assert_mask(drawn - {(int(x), int(y))}, "a hole")
    wait(lambda: count_specks() == 2, "the hole")
    assert seen() != before
    button, = [b for b in window.all("push button") if re.match(r"\d+ speck", b.name())]
    screenshot("specks")
    shown = set()
    for _ in range(2):  # one after the other in the middle of the view
        park()
        fitted = seen()
        button.press()
        wait(lambda: seen() != fitted, "another part of the image")
        window.rest()
        command("xdotool", "mousemove", *canvas().point(0.5, 0.5))
        shown.add(wait(under_pointer, "the read-out"))
    screenshot("speck-shown")
    assert (int(x), int(y), False) in shown and len(shown) == 2, shown
    window.find("push button", "Fit").click()
    operate("remove-specks")
    wait(lambda: count_specks() == 0, "no speck")
    window.action("win.undo")
    wait(lambda: count_specks() == 2, "both again")
    window.action("win.undo")
    assert_mask(drawn, "the mask without the hole")


def find_spot(inside):
    return {(x, y) for x, y in inside if x > 70}


@follows(test_operations)
def test_operations_by_the_menu(folder):
    drawn = wait(lambda: len(find_spot(mask())) == 4 and mask(), "the spot again")
    window.open_popover("Mask operations")
    screenshot("mask-menu")
    assert window.find("spin button", "Mask pixels").value == 3
    window.find("push button", "Invert").press()
    assert_mask(ALL - drawn, "invert by its button")
    window.action("win.undo")
    assert_mask(drawn, "undo of it")


def put_away():
    """The dialog that is open, once it takes the keys; then the keys are the window's again."""
    wait(lambda: not Widget(window, window.root).has(Atspi.StateType.ACTIVE), "a dialog that takes the keys")
    window.key("Escape")
    wait(lambda: len(window.toplevels()) == 1, "the end of the dialog")


@follows(test_operations)
def test_masks_of_other_images(folder):
    first, drawn = image_in_view(), mask()
    assert drawn
    window.action("win.next-image")
    wait(lambda: image_in_view() not in (None, first), "the next image")
    window.action("win.mask-copy-previous")
    assert_mask(drawn, "the mask of the previous image")
    window.action("win.undo")
    assert_mask(set(), "undo of the copy")
    window.action("win.mask-copy-image", GLib.Variant("s", first))
    assert_mask(drawn, "the mask of an image by name")
    path = os.path.join(folder, "expert.png")
    other = {(x, y) for x, y in ALL if (x // 10 + y // 10) % 2 == 0}
    with open(os.path.join(folder, "expert.pgm"), "wb") as file:
        file.write(b"P5 %d %d 255\n" % (WIDTH, HEIGHT) +
                   bytes(255 if (x, y) in other else 0 for y in range(HEIGHT) for x in range(WIDTH)))
    command("convert", os.path.join(folder, "expert.pgm"), path)
    for name, expected in (("unite", drawn | other), ("intersect", drawn & other), ("subtract", drawn - other),
                           ("copy", other)):
        window.action("win.mask-import-file", GLib.Variant("(ss)", (name, path)))
        assert_mask(expected, name + " with a file")
        window.action("win.undo")
        assert_mask(drawn, "undo of %s" % name)
    small = os.path.join(folder, "small.png")
    command("convert", "-size", "20x10", "xc:white", small)
    window.action("win.mask-import-file", GLib.Variant("(ss)", ("unite", small)))
    wait(lambda: window.says("small.png"), "a refusal of a mask of another size")
    put_away()
    grey = os.path.join(folder, "grey.png")
    command("convert", "-size", "%dx%d" % (WIDTH, HEIGHT), "xc:gray20", grey)
    window.action("win.mask-import-file", GLib.Variant("(ss)", ("copy", grey)))
    wait(lambda: window.says("grey.png"), "a refusal of a mask that marks nothing")
    put_away()
    operate("invert")
    assert_mask(ALL - drawn, "what is done next, and nothing else")
    undo_to(drawn, "what was done next")


@follows(test_masks_of_other_images)
def test_history_can_be_clicked(folder):
    drawn = mask()
    operate("invert")
    assert_mask(ALL - drawn, "invert")
    operate("clear")
    assert_mask(set(), "clear")
    window.open_popover("History of the mask")
    wait(lambda: window.says("As it was") and window.says("Invert"), "the steps")
    screenshot("history")
    window.key("Home", "Down", "Return")
    assert_mask(drawn, "the first step")
    window.action("win.redo")
    window.action("win.redo")
    assert_mask(set(), "both steps again")


@follows(test_history_can_be_clicked)
def test_an_operation_is_not_lost_on_going_on(folder):
    name = image_in_view()
    window.action("win.undo")
    window.action("win.undo")
    wait(mask, "the mask")
    before = mask()
    operate("invert")
    window.action("win.next-image")
    wait(lambda: image_in_view() not in (None, name), "the next image")
    wait(lambda: mask(name) == ALL - before, "the operation on the image before")


def make_large_films(source):
    """One picture, which takes long to make, with words of its own in each file: an import takes copies for one image."""
    make_films(source, ("no",), 1, "4096x4096")
    first = os.path.join(source, "no", "no0.png")
    with open(first, "rb") as file:
        picture = file.read()
    os.remove(first)
    os.makedirs(os.path.join(source, "yes"))
    for label, name in [(label, "large-%s%d" % (label, i)) for label in ("no", "yes") for i in range(4)]:
        words = b"tEXtComment\0" + name.encode()
        chunk = struct.pack(">I", len(words) - 4) + words + struct.pack(">I", zlib.crc32(words))
        with open(os.path.join(source, label, name + ".png"), "wb") as file:
            file.write(picture[:-12] + chunk + picture[-12:])  # before the last chunk, which is empty


def saved():
    """The state of the mask's file, which no two savings have in common."""
    told = os.stat(os.path.join(study_folder("large"), "masks", image_in_view() + ".png"))
    return told.st_mtime_ns, told.st_ino


@follows(test_starts)
def test_a_large_film(folder):
    """Every operation, the wand and undo on 4,096 pixels a side; the main loop is watched."""
    source = os.path.join(HOME, "large")
    make_large_films(source)
    window.action("win.open", GLib.Variant("s", source))
    name = wait(lambda: re.match(r"large-.*", image_in_view() or ""), "a large image").group()
    choose("ellipse")
    left, top, width, height = canvas().extents()
    undo = window.find("push button", "Undo")
    wait(lambda: not undo.is_sensitive(), "a mask without steps")
    command("xdotool", *move((left + width // 4, top + height // 4)), "mousedown", "1",
            *move((left + width // 2, top + height // 2)), *move((left + width * 3 // 4, top + height * 3 // 4)),
            "mouseup", "1")
    wait(undo.is_sensitive, "an ellipse")
    for operation in ("grow", "shrink", "smooth", "fill-holes", "keep-largest", "mirror-sideways", "invert",
                      "remove-specks"):
        before = operated(name)
        operate(operation)
        wait(lambda: operated(name) > before, operation)
    before = wait(saved, "a mask on disk")
    choose("wand")
    command("xdotool", *move((left + width // 2, top + height // 2)), "click", "1")
    wait(lambda: saved() != before, "what the wand has found")
    before = saved()
    choose("live-wire")
    for x, y in ((0.3, 0.3), (0.7, 0.35), (0.5, 0.7)):
        command("xdotool", *move((left + round(width * x), top + round(height * y))), "click", "1")
    window.key("Return")
    wait(lambda: saved() != before, "the live-wire")
    before = saved()
    for _ in range(6):
        window.action("win.undo")
    wait(lambda: saved() != before, "the mask after undo")
    screenshot("large")


@follows(test_starts)
def test_quits_and_was_never_held_up(folder):
    status = window.quit()
    with open(LOG) as file:
        assert status == 0, (status, file.read()[-2000:])
    assert_never_held_up(WATCHDOG)
    assert not complaints(LOG), complaints(LOG)


try:
    run_tests(globals())
finally:
    if window is not None:
        window.kill()
