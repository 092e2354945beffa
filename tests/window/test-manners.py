"""How the window behaves as a guest on a desktop: it remembers how it was left, keeps to the settings of the person and
touches no others. Runs under session.py; each case says which ones it goes on from."""
import ast
import contextlib
import glob
import os
import re
import shutil

from cases import follows, run_tests
from desktop import PATIENCE, Gio, GLib, Window, command, complaints, make_films, wait

PROGRAM = os.environ["REDHERRING"]
SCHEMAS = os.path.join(os.path.dirname(PROGRAM), "..", "resources")
SCREENSHOTS = os.path.join(os.environ["RH_SCREENSHOTS"], "manners")
HOME = os.environ["HOME"]
LOG = os.path.join(HOME, "program.log")
ID = "org.redherring.RedHerring"

os.makedirs(SCREENSHOTS, exist_ok=True)
window = None


def start(*arguments, environment=None, program=PROGRAM):
    global window
    window = Window(program, arguments, title="Red Herring", application_id=ID, log=open(LOG, "a"),
                    environment=environment)


def start_with_image(*arguments, **more):
    start(*arguments, **more)
    return wait(image_in_view, "an image in view")


def image_in_view():
    told = re.match(r"Image ([^,]+),", window.find("image", "Canvas").description() or "")
    return told and told.group(1)


def screenshot(name):
    window.rest()
    window.screenshot(os.path.join(SCREENSHOTS, name + ".png"))


def setting(key, *value):
    """The value of a setting as GVariant text; sets it if one is given."""
    told = command("gsettings", "--schemadir", SCHEMAS, "set" if value else "get", ID, key, *value)
    return told.decode().strip()


def state(action):
    """Of an action of the window, as its menu would show it."""
    told = Gio.bus_get_sync(Gio.BusType.SESSION).call_sync(
        ID, "/" + ID.replace(".", "/") + "/window/1", "org.gtk.Actions", "Describe", GLib.Variant("(s)", (action,)), None,
        Gio.DBusCallFlags.NONE, 1000 * PATIENCE, None)
    return told.unpack()[0][2][0]


def tool(name):
    window.action("win.tool", GLib.Variant("s", name))


@contextlib.contextmanager
def popover(name):
    button = window.open_popover(name)
    yield button
    window.close_popover(button)


@contextlib.contextmanager
def comparison():
    window.action("win.compare")
    yield
    window.action("win.compare")


OPTIONS = [("wand", "slider", "Tolerance"), ("threshold-brush", "spin button", "Range from"),
           ("threshold-brush", "spin button", "Range to")]
OF_TIP = ["Square tip", "Soft edge", "Pen pressure"]
OF_DISPLAY = ["Inverted", "Pixel grid", "Overview when zoomed in"]
ONE_SCALE = "One colour scale for all"
SWITCHES = ["inverted", "pixel-grid", "minimap"]
CHOICES = {"mask-style": "outlined", "mask-colour": "magenta"}


def ways_of_working():
    """How the tools work and what is seen of image and mask, as the controls have it. The brush is then in hand."""
    told = {name: state(name) for name in [*SWITCHES, *CHOICES]}
    for with_tool, role, name in OPTIONS:
        tool(with_tool)
        told[name] = window.find(role, name).value
    tool("brush")
    for button, names in (("Tip", OF_TIP), ("Display", OF_DISPLAY)):
        with popover(button):
            told.update({name: window.find("check box", name).is_pressed() for name in names})
    with comparison():
        told[ONE_SCALE] = window.find("check box", ONE_SCALE).is_pressed()
    return told


def recent():
    return [name for _, name in ast.literal_eval(setting("recent-studies").replace("@a(ss) ", ""))]


def make_images(folder, classes=("no", "yes")):
    make_films(folder, classes, 6)
    return folder


def open_menu(name):
    window.find("push button", name).click()


def is_welcome_in_view():
    """Whether its place on the screen looks as it did at the first start; it leaves the tree never."""
    seen = window.find("panel", "Introduction").pixels()
    return len(seen) == len(welcome) and sum(map(int.__eq__, seen, welcome)) > 0.8 * len(welcome)


def test_the_first_start_explains_itself(folder):
    setting("welcome-shown", "false")
    start()
    global welcome
    window.find("panel", "Introduction")
    window.rest()
    welcome = window.find("panel", "Introduction").pixels()
    assert len(set(welcome)) > 20
    for words in ("misleading sign", "built-in example", "folder of my images", "Show it to an audience", "Open a study",
                  "not for diagnosis"):
        assert window.says(words), words
    for button in ("Compare", "Show Images"):  # there is nothing to compare or to show yet
        assert not window.has("push button", button), button
    screenshot("welcome")
    assert setting("welcome-shown") == "true"
    assert not glob.glob(os.path.join(HOME, ".local/share/redherring/studies/*")), "a study was made unasked"
    for row, title in (("Choose a folder of my images", "Open a Folder of Images or a Study"),
                       ("Open a study", "Open a Study")):
        window.find("list item", row).click()
        wait(lambda: window.says(title), title)
        screenshot("welcome-" + row.split()[0].lower())
        window.dismiss()
    window.key("Home", "Return")  # the keyboard is as good: the first row, which opens the built-in example
    wait(image_in_view, "an image in view")
    wait(lambda: not is_welcome_in_view(), "the study")
    assert window.quit() == 0


@follows(test_the_first_start_explains_itself)
def test_and_never_again_unless_it_is_asked_for(folder):
    start_with_image()
    wait(lambda: not is_welcome_in_view(), "the study")
    window.action("win.show-welcome")
    wait(is_welcome_in_view, "the introduction")
    screenshot("welcome-again")
    window.find("push button", "Back to the Study").click()
    wait(lambda: not is_welcome_in_view(), "the study")
    assert window.quit() == 0


@follows(test_the_first_start_explains_itself)
def test_a_folder_given_at_the_first_start_is_opened(folder):
    setting("welcome-shown", "false")
    assert start_with_image(make_images(os.path.join(folder, "given"))).startswith(("no", "yes"))
    wait(lambda: not is_welcome_in_view(), "the study")
    assert window.quit() == 0
    setting("welcome-shown", "true")
    setting("recent-studies", "[]")


@follows()
def test_images_without_classes_are_for_marking_only(folder):
    start_with_image(make_images(os.path.join(folder, "loose"), ("all",)))
    wait(lambda: window.says("there is nothing to learn"), "why nothing can be trained")
    assert not window.find("push button", "Train").is_sensitive()
    wait(lambda: window.told("6 images imported; none has a class"), "how many images there are")
    screenshot("no-classes")
    window.action("win.open", GLib.Variant("s", make_images(os.path.join(folder, "sorted"))))
    wait(lambda: window.find("push button", "Train").is_sensitive(), "what can be trained on")
    wait(lambda: not window.says("none has a class"), "what was told of the other study to go")
    assert window.quit() == 0
    setting("recent-studies", "[]")


@follows()
def test_runs_where_its_schema_is_not_installed(folder):
    elsewhere = os.path.join(folder, "elsewhere")
    os.mkdir(elsewhere)
    shutil.copy(PROGRAM, elsewhere)
    start_with_image(program=os.path.join(elsewhere, "redherring"))
    window.find("slider", "Heatmap opacity").value = 0.125
    assert window.quit() == 0
    assert setting("heat-opacity") == "0.125"
    start_with_image(program=os.path.join(elsewhere, "redherring"), environment={"TMPDIR": "/nowhere"})
    global unset
    unset = ways_of_working()
    assert window.quit() == 0
    with open(LOG) as file:
        assert "nothing about the window will be remembered" in file.read()
    setting("heat-opacity", "0.7")


def size():
    box = window.root.get_component_iface().get_extents(1)
    return box.width, box.height


@follows()
def test_the_window_comes_back_as_it_was_left(folder):
    start_with_image()
    command("xdotool", "windowsize", "--sync", window.id, "1240", "700")
    window.find("slider", "Heatmap opacity").value = 0.25
    window.find("slider", "Mask opacity").value = 0.75
    window.find("slider", "Shift level").value = 0.4
    window.find("push button", "Eraser").click()
    window.action("win.show-images")
    wait(lambda: size()[0] < 1280, "a smaller window")
    frame = size()
    assert window.quit() == 0
    assert setting("heat-opacity") == "0.25" and setting("mask-opacity") == "0.75", setting("heat-opacity")
    assert setting("tool") == "'eraser'" and setting("images-shown") == "false"
    start_with_image()
    assert size() == frame, (size(), frame)
    assert window.find("slider", "Heatmap opacity").value == 0.25
    assert window.find("slider", "Mask opacity").value == 0.75
    assert abs(window.find("slider", "Shift level").value - 0.4) < 1e-9
    assert window.find("push button", "Eraser").is_pressed()
    window.action("win.show-images")
    window.find("slider", "Heatmap opacity").value = 0.7
    wait(lambda: abs(float(setting("heat-opacity")) - 0.7) < 1e-9 and setting("images-shown") == "true", "settings without closing")


@follows(test_the_window_comes_back_as_it_was_left)
def test_a_window_that_filled_the_screen_does_so_again(folder):
    assert window.quit() == 0
    setting("window-maximized", "true")
    start_with_image()
    told = command("xprop", "-id", window.id, "_NET_WM_STATE").decode()  # what a window manager is asked for
    assert "MAXIMIZED_HORZ" in told and "MAXIMIZED_VERT" in told, told
    assert window.quit() == 0
    command("gsettings", "--schemadir", SCHEMAS, "reset", ID, "window-maximized")
    start_with_image()
    told = command("xprop", "-id", window.id, "_NET_WM_STATE").decode()
    assert "MAXIMIZED" not in told, told


@follows(test_the_window_comes_back_as_it_was_left)
def test_the_desktop_knows_the_window_for_the_program_s(folder):
    """By its class, which the desktop file names: else it has no icon among the open windows."""
    entry = GLib.KeyFile()
    entry.load_from_file(os.path.join(SCHEMAS, ID + ".desktop"), GLib.KeyFileFlags.NONE)
    told = command("xprop", "-id", window.id, "WM_CLASS").decode()
    assert '"%s"' % entry.get_string("Desktop Entry", "StartupWMClass") in told, told


@follows(test_the_window_comes_back_as_it_was_left)
def test_what_was_kept_of_the_studies_and_broke_is_kept_aside_and_told_once(folder):
    place = os.path.join(HOME, ".local", "state", "redherring", "studies.ini")
    for number, content in ((1, b"[study & <b>\nimage=a"), (2, b"\x89PNG\r\n\x1a\n")):
        assert window.quit() == 0
        with open(place, "wb") as file:
            file.write(content)
        start_with_image()
        aside = place + ".broken" + ("-%d" % number if number > 1 else "")
        wait(lambda: window.says("The file is kept as “%s”" % aside), "a word about it")
        order = command("xwininfo", "-root", "-children").decode()  # from the top down
        assert order.index("What was kept of your studies") < order.index('"Red Herring"'), order
        if number == 1:
            screenshot("broken-state")
        with open(aside, "rb") as file:
            assert file.read() == content
        window.find_in_dialog("push button", "Close").press()
        window.wait_alone()
        assert window.quit() == 0
        name = start_with_image()
        window.action("win.next-image")  # after which anything to be told at the start would have been
        wait(lambda: image_in_view() not in (None, name), "the next image")
        assert not window.says("could not be read")


@follows(test_runs_where_its_schema_is_not_installed, test_the_window_comes_back_as_it_was_left)
def test_tools_and_display_are_as_they_were_left(folder):
    """What nobody has set is as in a program that has no settings."""
    assert ways_of_working() == unset
    for (with_tool, role, name), value in zip(OPTIONS, (12.5, 20, 80)):
        tool(with_tool)
        window.find(role, name).value = value
    tool("brush")
    with popover("Tip") as button:
        for name in OF_TIP:
            window.toggle(button, name)
    for name in SWITCHES:
        window.action("win." + name)
    for name, choice in CHOICES.items():
        window.action("win." + name, GLib.Variant("s", choice))
    with comparison():
        window.find("check box", ONE_SCALE).click()
        wait(lambda: not window.find("check box", ONE_SCALE).is_pressed(), "scales of their own")
    left = ways_of_working()
    assert all(left[name] != unset[name] for name in unset), left
    screenshot("kept-before")
    assert window.quit() == 0
    start_with_image()
    again = ways_of_working()
    assert again == left, again
    screenshot("kept-after")
    for key in ("tolerance", "range-low", "range-high", "square-tip", "soft-edge", "pen-pressure", "one-colour-scale",
                *SWITCHES, *CHOICES):
        command("gsettings", "--schemadir", SCHEMAS, "reset", ID, key)
    wait(lambda: ways_of_working() == unset, "what nobody has set")


@follows(test_the_window_comes_back_as_it_was_left)
def test_settings_that_make_no_sense_do_no_harm(folder):
    assert window.quit() == 0
    for key, value in (("tool", "'crowbar'"), ("map", "'treasure'"), ("measure", "''"), ("recent-studies", "[('', '')]"),
                       ("mask-style", "'hatched'"), ("mask-colour", "'octarine'"), ("learning-curves", "'tea leaves'"),
                       ("shift-smoothing", "998"), ("range-low", "90"), ("range-high", "10")):
        setting(key, value)
    start_with_image()
    assert window.find("push button", "Brush").is_pressed()
    assert state("mask-style") == "filled" and state("mask-colour") == "cyan", state("mask-style")
    assert window.quit() == 0
    assert setting("map") == "'gradient'"


@follows()
def test_recent_studies_are_listed_and_opened(folder):
    home = os.path.join(HOME, "films")
    make_images(home)
    start_with_image()
    window.action("win.open", GLib.Variant("s", home))
    wait(lambda: (image_in_view() or "").startswith(("no", "yes")), "the folder's images")
    wait(lambda: recent()[:2] == ["films", "synthetic"], "both studies in the list")
    open_menu("Study")
    item = wait(lambda: next((item for item in window.all("menu item") if item.name().startswith("synthetic")), None),
                "the study before in the menu")
    screenshot("recent-menu")
    item.press()
    wait(lambda: image_in_view() and not image_in_view().startswith(("no", "yes")), "the study before")


@follows(test_recent_studies_are_listed_and_opened)
def test_the_study_of_last_time_is_opened(folder):
    wait(lambda: recent()[0] == "synthetic", "the study at the head")
    assert window.quit() == 0
    setting("recent-studies", setting("recent-studies"))
    start_with_image()
    assert not image_in_view().startswith(("no", "yes"))


@follows(test_recent_studies_are_listed_and_opened)
def test_a_missing_study_is_shown_as_missing_and_can_be_removed(folder):
    place, = glob.glob(os.path.join(HOME, ".local/share/redherring/studies/films-*"))
    aside = place + ".aside"
    os.rename(place, aside)
    window.action("win.open-recent", GLib.Variant("s", place))  # and looks what is missing
    wait(lambda: window.says("There is no study in"), "a message")
    screenshot("recent-missing")
    window.find_in_dialog("push button", "Keep in the List").press()
    window.wait_alone()
    open_menu("Study")
    wait(lambda: any(item.name().startswith("films (missing)") for item in window.all("menu item")), "a missing study")
    screenshot("recent-menu-missing")
    window.key("Escape")
    window.wait_alone()
    assert "films" in recent()
    window.action("win.open-recent", GLib.Variant("s", place))
    wait(lambda: window.says("There is no study in"), "a message")
    window.find_in_dialog("push button", "Remove from the List").press()
    window.find("slider", "Heatmap opacity").value = 0.5  # has the state written
    wait(lambda: "films" not in recent(), "a list without it")
    os.rename(aside, place)


@follows(test_the_window_comes_back_as_it_was_left)
def test_no_warning_was_written(folder):
    if window.process.poll() is None:
        assert window.quit() == 0
    unknown = "enum nick ‘(crowbar|hatched|octarine)’"
    assert not complaints(LOG, unknown), complaints(LOG, unknown)


try:
    run_tests(globals())
finally:
    if window is not None:
        window.kill()
