"""The same window in other guises: in German and Japanese, from right to left, on a screen of twice the pixels, in high
contrast, dark, with large text, without motion, and on a small screen. Runs under session.py."""
import collections
import glob
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import screens
import tap
import tree
from cases import follows, run_tests
from desktop import PATIENCE, command, role_of, wait, walk

SHOTS = os.path.join(os.environ["RH_SCREENSHOTS"], "guises")
SMALL = (1024, 768)  # the smallest screen the window must fit
SETTINGS = os.path.join(screens.HOME, ".config", "gtk-4.0", "settings.ini")

study = None
visit = None

os.makedirs(SHOTS, exist_ok=True)


def start(guise, **more):
    global study, visit
    study = study or screens.prepare(screens.HOME, 12)
    visit = screens.Visit(study, **more)
    visit.guise = guise
    visit.wait_for_image()
    visit.window.rest(1)


def shot(name):
    visit.window.screenshot(os.path.join(SHOTS, "%s-%s.png" % (visit.guise, name)))


def gtk_settings(**values):
    os.makedirs(os.path.dirname(SETTINGS), exist_ok=True)
    with open(SETTINGS, "w") as file:
        file.write("[Settings]\n" + "".join("gtk-%s=%s\n" % (name.replace("_", "-"), value)
                                            for name, value in values.items()))


def frame():
    box = visit.window.root.get_component_iface().get_extents(1)
    return box.width, box.height


def shrink(width=SMALL[0], height=SMALL[1]):
    """Makes the window as large as a screen of that size, or as small as it will be, and no other window larger."""
    command("xdotool", "windowsize", visit.window.id, str(width), str(height))
    for window in command("xdotool", "search", "--onlyvisible", "--pid", str(visit.window.process.pid)).split():
        told = command("xdotool", "getwindowgeometry", "--shell", window).decode()
        across, down = (int(re.search(r"^%s=(\d+)" % name, told, re.MULTILINE).group(1)) for name in ("WIDTH", "HEIGHT"))
        if across > width or down > height:
            command("xdotool", "windowsize", window, str(min(across, width)), str(min(down, height)))
    visit.window.rest(1)
    return frame()


def texts():
    """What stands on the screen in view, from labels, buttons and the like, in all windows of the program."""
    for toplevel in visit.window.toplevels():
        for node in walk(toplevel):
            if role_of(node) in ("label", "push button", "toggle button", "menu item", "heading", "list item"):
                yield node.get_name()


class Box(collections.namedtuple("Box", "x y width height")):
    @classmethod
    def of(cls, told):
        return told and cls(*told)


def is_cut(box, frame):
    """Whether an edge of the frame goes through the box. What lies outside is not shown: the list in a small window."""
    inside = box.x >= 0 and box.y >= 0 and box.x + box.width <= frame.width and box.y + box.height <= frame.height
    outside = box.x + box.width <= 0 or box.y + box.height <= 0 or box.x >= frame.width or box.y >= frame.height
    return not inside and not outside


def cut_off(width, height):
    """What does not fit a screen of that size: windows and menus that are larger, and controls that a window cuts."""
    found = []

    def look(node, frame):
        role, name, box = role_of(node), node.get_name(), boxes[node]
        if box and (frame is None or name.startswith("GtkPopover")) and (box.width > width or box.height > height):
            found.append("%s “%s”, %d×%d" % (role, name, box.width, box.height))
        if name.startswith("GtkPopover") or role in ("scroll pane", "list"):
            return  # a surface of its own, or scrolled
        if box and frame and role in screens.CONTROLS and is_cut(box, frame):
            found.append("%s “%s”, %d…%d, %d…%d" % (role, name, box.x, box.x + box.width, box.y, box.y + box.height))
        for child in node.children:
            look(child, frame or box)
    for toplevel in visit.window.toplevels():
        nodes = list(walk(toplevel))
        boxes = dict(zip(nodes, map(Box.of, tree.boxes(nodes, 1000 * PATIENCE))))
        look(nodes[0], None)
    return found


def untranslated():
    """What stands on the screen as it is in the source, though the window's language has other words for it."""
    known = visit.words._catalog.items() if visit.words else ()
    known = {original: translation for original, translation in known
             if isinstance(original, str) and original and translation not in ("", original)}
    return sorted({text for text in texts() if text in known})


def walk_small(width=SMALL[0], height=SMALL[1]):
    """Visits every screen as on a small one; on each all must fit, and be in the window's language."""
    for screen in screens.SCREENS:
        with visit.on(screen):
            shrink(width, height)
            shot(screen[0])
            cut = cut_off(width, height)
            left = untranslated() if screen[0] not in screens.MADE_BY_GTK else ()
        assert not cut, "on “%s” cut off: %s" % (screen[0], "; ".join(cut))
        assert not left, "on “%s” untranslated: %s" % (screen[0], left)


def walk_presentation():
    """Every step, once the models are there, is in the window's language, down to the names of the methods."""
    present = next(screen for screen in screens.SCREENS if screen[0] == "present")
    with visit.on(present):
        for step in range(1, 9):
            if step == 3:
                for model in (("Without masks", "Baseline"), ("With an expert's masks", "Activation difference")):
                    words = " · ".join(map(visit.tr, model))
                    wait(lambda: visit.window.says(words), words)
            shot("present-%d" % step)
            assert not untranslated(), "in step %d untranslated: %s" % (step, untranslated())
            visit.window.key("Next")
            visit.window.rest(1)


def in_language(language, expected):
    start(language, language=language)
    said = visit.wait_for_image()
    assert expected in said, said
    walk_small()
    walk_presentation()
    for tool in ("brush", "wand", "threshold-brush"):  # each with options of its own beside the menus
        visit.window.action("win.tool", screens.GLib.Variant("s", tool))
        width, height = shrink()
        shot("small-" + tool)
        assert width <= SMALL[0] and height <= SMALL[1], (tool, width, height)
        left, right = (visit.window.find("push button", visit.tr(name)).node.get_component_iface().get_extents(1)
                       for name in ("Brush", "Stop"))
        assert left.x >= 0 and right.x + right.width <= width, ("cut off", tool, left.x, right.x + right.width, width)
    assert visit.window.quit() == 0


@follows()
def test_german(folder):
    in_language("de", "% des Bildes")


@follows()
def test_japanese(folder):
    in_language("ja", "マスクは画像の")


def told_of_what_is_wrong(folder, language, broken, left_out, no_value):
    """A folder whose only image is broken, one with a broken image among others, and a study whose settings are."""
    start(language, language=language)
    images = sorted(glob.glob(os.path.join(study, "images", "*.png")))[:5]
    alone, among, settings = (os.path.join(folder, name) for name in ("alone", "among", "settings"))
    for place, names in ((alone, images[:1]), (among, images)):
        os.mkdir(place)
        for name in names:
            shutil.copy(name, place)
        os.truncate(os.path.join(place, os.path.basename(images[0])), os.path.getsize(images[0]) // 2)
    os.mkdir(settings)
    shutil.copy(os.path.join(study, "images.csv"), settings)
    with open(os.path.join(study, "study.ini")) as file, open(os.path.join(settings, "study.ini"), "w") as copy:
        copy.write(re.sub(r"(?m)^height=.*", "height=4", file.read()))
    for place, words in ((alone, broken), (settings, no_value)):
        visit.window.action("win.open", screens.GLib.Variant("s", place))
        said = wait(lambda: visit.window.says(words), "a message about %s" % place)
        print("# " + said.replace("\n", " "))
        visit.window.rest(2)
        shot("wrong-" + os.path.basename(place))
        visit.window.dismiss()
    visit.window.action("win.open", screens.GLib.Variant("s", among))
    wait(lambda: visit.window.says(visit.tr("_Details").replace("_", "")), "the end of the import")
    visit.window.action("win.import-details")
    said = wait(lambda: visit.window.says(left_out), "what was left out")
    print("# " + said.replace("\n", " "))
    assert broken in said, said
    visit.window.rest(2)
    shot("left-out")
    visit.window.dismiss()
    assert visit.window.quit() == 0


@follows()
def test_what_is_wrong_is_told_in_german(folder):
    told_of_what_is_wrong(folder, "de", "ist ein beschädigtes PNG", "Das Bild wird ausgelassen.", "ist kein Wert für")


@follows()
def test_what_is_wrong_is_told_in_japanese(folder):
    told_of_what_is_wrong(folder, "ja", "は壊れた PNG です", "この画像は除外します。", "の値になりません")


@follows()
def test_files_stay_the_same_where_the_comma_is_the_point(folder):
    """Numbers in files are written for programs, whatever the country."""
    made = subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", os.path.join(folder, "de_DE.UTF-8")],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if not os.path.exists(os.path.join(folder, "de_DE.UTF-8")):
        raise tap.Skip("there are no locales to make (package locales)")
    start("comma", language="de", environment={"LOCPATH": folder, "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"})
    assert re.search(r"\d,\d", visit.wait_for_image()), "German numbers are written with a comma"
    visit.window.find("spin button", visit.tr("E_pochs").replace("_", "")).value = 2
    seeds = visit.window.find("text", visit.tr("Se_eds").replace("_", ""))
    seeds.click()
    visit.window.key("ctrl+a", "7")
    wait(lambda: seeds.text() == "7", "the seed")
    visit.window.action("win.train")
    run, = wait(lambda: glob.glob(os.path.join(study, "runs", "*-7", "test.csv")), "the run's files",
                progress=visit.window.find("label", visit.tr("Training status")).text)
    assert visit.window.quit() == 0
    folder_of_run = os.path.dirname(run)
    with open(os.path.join(folder_of_run, "metrics.csv")) as file:
        head, *rows = [line.split(",") for line in file.read().splitlines()]
    assert rows and all(len(row) == len(head) for row in rows), rows[:1]
    with open(os.path.join(folder_of_run, "run.ini")) as file:
        assert not re.search(r"=\d+,\d+$", file.read(), re.MULTILINE)
    command(os.environ["RH"], "shift", study)  # and another program reads it
    shutil.rmtree(folder_of_run)


def right_to_left(folder):
    """The program beside a Hebrew translation of one word, so that GTK turns the window around."""
    made = subprocess.run(["localedef", "-i", "he_IL", "-f", "UTF-8", os.path.join(folder, "he_IL.UTF-8")],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if not os.path.exists(os.path.join(folder, "he_IL.UTF-8")) or not os.path.exists(
            "/usr/share/locale/he/LC_MESSAGES/gtk40.mo"):
        raise tap.Skip("there is no Hebrew here (packages locales, libgtk-4-common)")
    words = os.path.join(folder, "share", "locale", "he", "LC_MESSAGES")
    programs = os.path.join(folder, "bin")
    os.makedirs(words)
    os.makedirs(programs)
    shutil.copy(screens.PROGRAM, programs)
    source = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nLanguage: he\\n"\n'
    subprocess.run(["msgfmt", "-o", os.path.join(words, "redherring.mo"), "-"], input=source.encode(), check=True)
    return {"program": os.path.join(programs, "redherring"),
            "environment": {"LOCPATH": folder, "LC_ALL": "he_IL.UTF-8", "LANG": "he_IL.UTF-8", "LANGUAGE": "he"}}


@follows()
def test_right_to_left(folder):
    start("rtl", **right_to_left(folder))
    shot("study")
    images, canvas = visit.window.find("list", "Images").extents(), visit.window.find("image", "Canvas").extents()
    train = visit.window.find("push button", "Train").extents()
    assert images[0] > canvas[0] + canvas[2] // 2, (images, canvas)
    assert train[0] < canvas[0], (train, canvas)
    draw_and_compare()  # the image itself is not turned around
    assert visit.window.quit() == 0


def mask_centre(name):
    """Where the marked pixels of an image's mask lie, as fractions of the image, and how many there are."""
    pixels = command("convert", os.path.join(study, "masks", name + ".png"), "-depth", "8", "gray:-")
    side = round(len(pixels) ** 0.5)
    marked = [(i % side, i // side) for i, pixel in enumerate(pixels) if pixel > 127]
    return (sum(x for x, _ in marked) / len(marked) / side, sum(y for _, y in marked) / len(marked) / side,
            len(marked))


def draw_and_compare():
    """A stroke in the upper left quarter of an image is a mask in the upper left quarter."""
    visit.window.action("win.tool", screens.GLib.Variant("s", "brush"))
    canvas = visit.window.find("image", "Canvas")
    left, top, width, height = canvas.extents()
    side = min(width, height)
    x = lambda u: 0.5 + (u - 0.5) * 0.9 * side / width
    y = lambda v: 0.5 + (v - 0.5) * 0.9 * side / height
    name = re.match(r"Image ([^,]+),", canvas.description()).group(1)
    visit.window.rest()

    def saved(change, *arguments):
        saves = visit.window.saves(name)
        change(*arguments)
        wait(lambda: visit.window.saves(name) > saves, "the mask on disk")
        return mask_centre(name)
    drawn = saved(canvas.stroke, [(x(0.2 + 0.1 * (i % 2)), y(0.2 + 0.02 * i)) for i in range(8)])
    before = saved(visit.window.action, "win.undo")
    n = drawn[2] - before[2]
    centre = [(drawn[k] * drawn[2] - before[k] * before[2]) / n for k in (0, 1)]
    assert n > 0 and 0.1 < centre[0] < 0.4 and 0.1 < centre[1] < 0.4, (centre, n)


@follows()
def test_twice_the_pixels(folder):
    start("scale2", environment={"GDK_SCALE": "2"}, scale=2)
    shot("study")
    width, height = frame()
    told = command("xwininfo", "-id", visit.window.id).decode()
    assert int(re.search(r"Width: (\d+)", told).group(1)) >= 2 * width
    draw_and_compare()
    assert visit.window.quit() == 0


@follows()
def test_high_contrast(folder):
    start("plain")
    plain = visit.window.find("combo box", "Method").pixels()
    outline = seen(visit.window.find("image", "Canvas"))[CYAN]
    assert outline > 0
    wait(lambda: (0, 0, 0) not in seen(shift_chart()), "a chart without pure black, once it is painted")
    for guise, ink, environment in (("contrast", (0, 0, 0), {}),
                                    ("contrast-dark", (255, 255, 255), {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"})):
        start(guise, environment={"ADW_DEBUG_HIGH_CONTRAST": "1", **environment})
        shot("study")
        assert visit.window.find("combo box", "Method").pixels() != plain, "it looks as always"
        for label in ("Prediction", "Training status"):
            lightest, darkest = extremes(visit.window.find("label", label))
            assert contrast(lightest, darkest) >= 7, (label, contrast(lightest, darkest))
        chart = seen(shift_chart())
        paper, = [colour for colour, _ in chart.most_common(1)]
        assert chart[ink] > 300, "axes and text are pure: %d" % chart[ink]
        assert any(count > 60 and max(colour) - min(colour) > 60 and
                   contrast(*sorted(map(luminance, (colour, paper)), reverse=True)) >= 4.5
                   for colour, count in chart.items()), "no curve, which is not grey, stands out"
        assert seen(visit.window.find("image", "Canvas"))[CYAN] > 1.4 * outline, "the mask's outline is no thicker"
    assert visit.window.quit() == 0


CYAN = (0x33, 0xd6, 0xff)  # of the mask


def seen(widget):
    """How often each colour is seen."""
    pixels = widget.pixels()
    return collections.Counter(zip(pixels[0::3], pixels[1::3], pixels[2::3]))


def shift_chart():
    return visit.window.find("image", "Every run against shift level")


def luminance(pixel):
    parts = [(part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4) for part in pixel]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def extremes(widget):
    pixels = widget.pixels()
    seen = {tuple(pixels[i:i + 3]) for i in range(0, len(pixels), 3)}
    return max(map(luminance, seen)), min(map(luminance, seen))


def contrast(lighter, darker):
    """As the WCAG has it; 4.5 is readable, 7 good."""
    return (lighter + 0.05) / (darker + 0.05)


@follows()
def test_dark_and_light_are_readable(folder):
    for guise, environment in (("light", {}), ("dark", {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"})):
        start(guise, environment=environment)
        shot("study")
        for label in ("Prediction", "Training status"):
            value = contrast(*extremes(visit.window.find("label", label)))
            print("# %s, %s: contrast %.1f" % (guise, label, value))
            assert value >= 4.5, (guise, label, value)
        assert visit.window.quit() == 0


@follows()
def test_large_text(folder):
    start("text1")
    small, chart = visit.window.find("label", "Training status").extents()[3], chart_text()
    resources("Xft.dpi:\t144\n")  # what desktops set for people who want text of half as much again
    start("text15")
    shot("study")
    large = visit.window.find("label", "Training status").extents()[3]
    assert large > 1.3 * small, (large, small)
    assert chart_text() != chart, "the charts keep their small letters"
    width, height = shrink()
    shot("small")
    print("# no smaller than %d×%d" % (width, height))
    assert height <= SMALL[1] and width <= 1.5 * SMALL[0], (width, height)
    walk_small(SMALL[0] * 3 // 2, SMALL[1])
    assert visit.window.quit() == 0
    resources("")


def resources(text):
    command("xprop", "-root", "-f", "RESOURCE_MANAGER", "8s", "-set", "RESOURCE_MANAGER", text)


def chart_text():
    """What is seen at the upper edge of a chart, where its title stands."""
    left, top, width, height = next(widget for widget in visit.window.all("image") if widget.extents()[3] > 100 and
                                    widget.name() != "Canvas").extents()
    return command("import", "-window", "root", "-crop", "%dx%d+%d+%d" % (200, 30, left, top), "-depth", "8", "rgb:-")


@follows()
def test_without_motion(folder):
    gtk_settings(enable_animations="false")
    screens.setting("images-shown", "true")
    start("still")
    command("xdotool", "windowsize", visit.window.id, "1280", "800")  # in a small one the list lies over the canvas
    images = visit.window.find("list", "Images")
    wait(lambda: images.extents()[2] > 100 and images.extents()[0] + images.extents()[2] <=
         visit.window.find("image", "Canvas").extents()[0], "the list beside the canvas")
    before = visit.window.find("image", "Canvas").extents()
    visit.window.action("win.show-images")
    wait(lambda: visit.window.find("image", "Canvas").extents()[2] > before[2] + 100, "a wider canvas")
    first = visit.window.find("image", "Canvas").extents()
    visit.window.rest()
    assert visit.window.find("image", "Canvas").extents() == first, "the list goes step by step"
    visit.window.action("win.show-images")
    assert visit.window.quit() == 0
    os.remove(SETTINGS)


@follows()
def test_fits_a_small_screen(folder):
    start("small")
    width, height = shrink()
    shot("study")
    print("# %d×%d" % (width, height))
    assert width <= SMALL[0] and height <= SMALL[1], (width, height)
    left, top, right, bottom = 0, 0, *SMALL
    for role, name in (("push button", "Train"), ("image", "Canvas"), ("push button", "Brush"),
                       ("slider", "Mask opacity"), ("push button", "Main Menu")):
        box = visit.window.find(role, name).extents()
        assert box[0] >= 0 and box[0] + box[2] <= width + 60, (name, box)
    visit.window.action("win.show-images")  # over the canvas
    images = visit.window.find("list", "Images")
    wait(lambda: images.extents()[2] > 100, "the list")
    visit.window.rest()
    shot("images")
    visit.window.action("win.show-images")
    assert visit.window.quit() == 0


@follows(test_fits_a_small_screen)
def test_no_warning_was_written(folder):
    assert not screens.complaints(), "".join(screens.complaints()[:10])


try:
    run_tests(globals())
finally:
    if visit is not None:
        visit.window.kill()
