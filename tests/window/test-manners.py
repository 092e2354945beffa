"""How the window behaves as a guest on a desktop: it remembers how it was left, keeps to the settings of the person and
touches no others. Runs under session.py; each test goes on where the one before it stopped."""
import ast
import glob
import os
import re
import shutil
import subprocess
import time

from desktop import GLib, Window, command, complaints, run_tests, wait

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
    if window is not None:
        window.kill()
    window = Window(program, arguments, title="Red Herring", application_id=ID, log=open(LOG, "a"),
                    environment=environment)


def start_with_image(*arguments, **more):
    start(*arguments, **more)
    return wait(image_in_view, "an image in view")


def image_in_view():
    told = re.match(r"Image ([^,]+),", window.find("image", "Canvas").description() or "")
    return told and told.group(1)


def screenshot(name):
    time.sleep(0.5)
    window.screenshot(os.path.join(SCREENSHOTS, name + ".png"))


def setting(key, *value):
    """The value of a setting as GVariant text; sets it if one is given."""
    told = command("gsettings", "--schemadir", SCHEMAS, "set" if value else "get", ID, key, *value)
    return told.decode().strip()


def recent():
    return [name for _, name in ast.literal_eval(setting("recent-studies").replace("@a(ss) ", ""))]


def make_images(folder, classes=("no", "yes")):
    for label in classes:
        os.makedirs(os.path.join(folder, label))
        for i in range(6):
            command("convert", "-size", "64x64", "gradient:gray%d-gray%d" % (10 * i, 90), "-depth", "8",
                    os.path.join(folder, label, "%s%d.png" % (label, i)))
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
    time.sleep(1)
    welcome = window.find("panel", "Introduction").pixels()
    assert len(set(welcome)) > 20
    for words in ("misleading sign", "built-in example", "folder of my images", "Open a study", "not for diagnosis"):
        assert window.says(words), words
    screenshot("welcome")
    assert setting("welcome-shown") == "true"
    assert not glob.glob(os.path.join(HOME, ".local/share/redherring/studies/*")), "a study was made unasked"
    for row, title in (("Choose a folder of my images", "Open a Folder of Images or a Study"),
                       ("Open a study", "Open a Study")):
        window.find("list item", row).click()
        wait(lambda: window.says(title), title)
        time.sleep(0.5)
        screenshot("welcome-" + row.split()[0].lower())
        window.key("Escape")
        time.sleep(0.5)
    window.key("Home", "Return")  # the keyboard is as good
    window.find("list item", "Look at the built-in example").click()
    wait(image_in_view, "an image in view", 30)
    assert not is_welcome_in_view()
    assert window.quit() == 0


def test_and_never_again_unless_it_is_asked_for(folder):
    start_with_image()
    assert not is_welcome_in_view()
    window.action("win.show-welcome")
    wait(is_welcome_in_view, "the introduction")
    screenshot("welcome-again")
    window.find("push button", "Back to the Study").click()
    wait(lambda: not is_welcome_in_view(), "the study")
    assert window.quit() == 0


def test_a_folder_given_at_the_first_start_is_opened(folder):
    setting("welcome-shown", "false")
    assert start_with_image(make_images(os.path.join(folder, "given"))).startswith(("no", "yes"))
    assert not is_welcome_in_view()
    assert window.quit() == 0
    setting("welcome-shown", "true")
    setting("recent-studies", "[]")


def test_runs_where_its_schema_is_not_installed(folder):
    elsewhere = os.path.join(folder, "elsewhere")
    os.mkdir(elsewhere)
    shutil.copy(PROGRAM, elsewhere)
    start_with_image(program=os.path.join(elsewhere, "redherring"))
    window.find("slider", "Heatmap opacity").value = 0.125
    assert window.quit() == 0
    assert setting("heat-opacity") == "0.125"
    start_with_image(program=os.path.join(elsewhere, "redherring"), environment={"TMPDIR": "/nowhere"})
    assert window.quit() == 0
    with open(LOG) as file:
        assert "nothing about the window will be remembered" in file.read()
    setting("heat-opacity", "0.7")


def test_the_window_comes_back_as_it_was_left(folder):
    start_with_image()
    command("xdotool", "windowsize", "--sync", window.id, "1240", "700")
    window.find("slider", "Heatmap opacity").value = 0.25
    window.find("slider", "Mask opacity").value = 0.75
    window.find("slider", "Shift level").value = 0.4
    window.find("push button", "Eraser").click()
    window.action("win.show-images")
    time.sleep(0.5)
    frame = window.root.get_component_iface().get_extents(1)
    assert window.quit() == 0
    assert setting("heat-opacity") == "0.25" and setting("mask-opacity") == "0.75", setting("heat-opacity")
    assert setting("tool") == "'eraser'" and setting("images-shown") == "false"
    start_with_image()
    again = window.root.get_component_iface().get_extents(1)
    assert (again.width, again.height) == (frame.width, frame.height) and frame.width < 1280, (again.width, frame.width)
    assert window.find("slider", "Heatmap opacity").value == 0.25
    assert window.find("slider", "Mask opacity").value == 0.75
    assert abs(window.find("slider", "Shift level").value - 0.4) < 1e-9
    assert window.find("push button", "Eraser").is_pressed()
    window.action("win.show-images")
    window.find("slider", "Heatmap opacity").value = 0.7
    wait(lambda: abs(float(setting("heat-opacity")) - 0.7) < 1e-9 and setting("images-shown") == "true", "settings without closing", 8)


def test_settings_that_make_no_sense_do_no_harm(folder):
    assert window.quit() == 0
    for key, value in (("tool", "'crowbar'"), ("map", "'treasure'"), ("measure", "''"), ("recent-studies", "[('', '')]")):
        setting(key, value)
    start_with_image()
    assert window.find("push button", "Brush").is_pressed()
    assert window.quit() == 0
    assert setting("map") == "'gradient'"


def test_recent_studies_are_listed_and_opened(folder):
    home = os.path.join(HOME, "films")
    make_images(home)
    start_with_image()
    window.action("win.open", GLib.Variant("s", home))
    wait(lambda: (image_in_view() or "").startswith(("no", "yes")), "the folder's images")
    wait(lambda: recent()[:2] == ["films", "synthetic"], "both studies in the list", 8)
    open_menu("Study")
    item = wait(lambda: next((item for item in window.all("menu item") if item.name().startswith("synthetic")), None),
                "the study before in the menu")
    screenshot("recent-menu")
    item.press()
    wait(lambda: image_in_view() and not image_in_view().startswith(("no", "yes")), "the study before")


def test_the_study_of_last_time_is_opened(folder):
    wait(lambda: recent()[0] == "synthetic", "the study at the head", 8)
    assert window.quit() == 0
    setting("recent-studies", setting("recent-studies"))
    start_with_image()
    assert not image_in_view().startswith(("no", "yes"))


def test_a_missing_study_is_shown_as_missing_and_can_be_removed(folder):
    place, = glob.glob(os.path.join(HOME, ".local/share/redherring/studies/films-*"))
    aside = place + ".aside"
    os.rename(place, aside)
    window.action("win.open-recent", GLib.Variant("s", place))  # and looks what is missing
    wait(lambda: window.says("There is no study in"), "a message")
    screenshot("recent-missing")
    window.find_in_dialog("push button", "Keep in the List").press()
    time.sleep(1)  # until the dialog has gone
    open_menu("Study")
    wait(lambda: any(item.name().startswith("films (missing)") for item in window.all("menu item")), "a missing study")
    screenshot("recent-menu-missing")
    window.key("Escape")
    assert "films" in recent()
    window.action("win.open-recent", GLib.Variant("s", place))
    wait(lambda: window.says("There is no study in"), "a message")
    window.find_in_dialog("push button", "Remove from the List").press()
    window.find("slider", "Heatmap opacity").value = 0.5  # has the state written
    wait(lambda: "films" not in recent(), "a list without it", 8)
    os.rename(aside, place)


def test_no_warning_was_written(folder):
    if window.process.poll() is None:
        assert window.quit() == 0
    assert not complaints(LOG, "enum nick ‘crowbar’"), complaints(LOG, "enum nick ‘crowbar’")


try:
    run_tests(globals())
finally:
    if window is not None:
        window.kill()
