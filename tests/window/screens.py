"""Every screen of the window and how to come there, in whatever language; for the scripts that look at all of them.

SCREENS is the table: (name, show, leave, is_shown), functions of the window, which has a study with runs open. What a
screen is called and done by must not depend on the language: actions and keys, or names looked up in the translations."""
import contextlib
import gettext
import os

import desktop
from desktop import Atspi, GLib, Window, command, wait

PROGRAM = os.environ["REDHERRING"]
SCHEMAS = os.path.join(os.path.dirname(PROGRAM), "..", "resources")
TRANSLATIONS = os.path.join(os.path.dirname(PROGRAM), "..", "po")
HOME = os.environ["HOME"]
LOG = os.path.join(HOME, "program.log")
ID = "org.redherring.RedHerring"
FOCUSED = Atspi.StateType.FOCUSED
RUNS = ("baseline", "actdiff")
# Roles of what is used, or told of by itself.
CONTROLS = {"push button", "toggle button", "check box", "radio button", "combo box", "slider", "spin button", "text",
            "entry", "password text", "list", "list item", "tree", "table", "tab", "page tab", "menu item",
            "check menu item", "radio menu item", "progress bar", "switch", "image", "link", "level bar", "dialog",
            "alert", "frame", "canvas"}


def setting(key, *value, schema=ID):
    """The value of a setting as GVariant text; sets it if one is given."""
    own = ["--schemadir", SCHEMAS] if schema == ID else []
    return command("gsettings", *own, "set" if value else "get", schema, key, *value).decode().strip()


def prepare(folder, epochs=None):
    """A study with a run without and a run with masks, made by the command line."""
    place = os.path.join(folder, "demo")
    rh = os.environ["RH"]
    command(rh, "new", "synthetic", "--variant", "hard", place)
    for method in RUNS:
        command(rh, "train", place, "--method", method, "--network", "small", "--seed", "1234",
                *(["--epochs", str(epochs)] if epochs else []))
    return place


class Visit:
    """A window opened on a study, in a language ("de") or none."""

    def __init__(self, study, language=None, environment=None, program=PROGRAM, scale=1):
        self.words = gettext.translation("redherring", TRANSLATIONS, [language]) if language else None
        more = dict(environment or {})
        if language:
            more["LANGUAGE"] = language
        self.window = Window(program, [study] if study else [], title=self.tr("Red Herring"), application_id=ID,
                             log=open(LOG, "a"), environment=more, scale=scale)
        self.canvas = self.tr("Canvas")

    def tr(self, text):
        return self.words.gettext(text) if self.words else text

    def wait_for_image(self):
        """What the canvas is described with once an image is in view and something is known of it."""
        def described():
            told = self.window.find("image", self.canvas).description() or ""
            return "%" in told and told
        return wait(described, "an image in view")

    @contextlib.contextmanager
    def on(self, screen):
        """For what is done while a screen is shown; it is left again whatever comes of it."""
        name, show, leave, is_shown = screen
        try:
            show(self)
            wait(lambda: is_shown(self), "the screen “%s”" % name)
            self.window.rest(0.8)
            yield
        finally:
            leave(self)
            stay(self)  # the hint of what the pointer is on would take the next click
            wait(lambda: not another_window(self) and not self.window.popover_is_open(), "“%s” to close" % name)
            self.window.rest(0.5)


def act(name, argument=None):
    return lambda visit: visit.window.action(name, GLib.Variant("s", argument) if argument is not None else None)


def press(*keys):
    return lambda visit: visit.window.key(*keys)


def stay(visit):
    command("xdotool", "mousemove", "2", "2")


def open_menu(name):
    return lambda visit: visit.window.find("push button", visit.tr(name).replace("_", "")).click()


def sees(text):
    """Whether the text, in the window's language, begins what something on the screen is called."""
    def seen(visit):
        start = visit.tr(text).replace("_", "")
        return any((node.get_name() or "").replace("_", "").startswith(start) and
                   node.get_component_iface().get_extents(Atspi.CoordType.WINDOW).width > 0
                   for toplevel in visit.window.toplevels() for node in desktop.walk(toplevel))
    return seen


def another_window(visit):
    return len(visit.window.toplevels()) > 1


SCREENS = [
    ("study", stay, stay, sees("Canvas")),
    ("study-menu", open_menu("Study"), press("Escape"), sees("_Built-in Study")),
    ("main-menu", open_menu("Main Menu"), press("Escape"), sees("_Quit")),
    ("mask-menu", open_menu("Mask operations"), press("Escape"), sees("Fill Holes")),
    ("display", open_menu("Display"), press("Escape"), sees("Pixel grid")),
    ("training-settings", open_menu("Settings…"), press("Escape"), sees("Start from")),
    ("compare", act("win.compare"), act("win.compare"), sees("The runs ticked in the list")),
    ("present", act("win.present"), press("Escape"), sees("Can a network be right for the wrong reason?")),
    ("shortcuts", act("win.show-help-overlay"), press("Escape"), another_window),
    ("about", act("app.about"), press("Escape"), another_window),
    ("no-folder", act("win.open", "/nowhere"), press("Escape"), another_window),
    ("new-films", act("win.new-films"), press("Escape"), sees("One of the patients")),
    ("study-missing", act("win.open-recent", "/media/films"), press("Escape"), another_window),
    ("folder-chooser", act("win.open-folder"), press("Escape"), another_window),
    ("introduction", act("win.show-welcome"), act("win.hide-welcome"), sees("_Back to the Study")),
]
# Windows whose inside is not ours.
MADE_BY_GTK = ("shortcuts", "about", "folder-chooser")


def empty_folder(folder):
    """A folder that cannot be opened: given as an argument it brings the page that says so."""
    place = os.path.join(folder, "empty")
    os.makedirs(place, exist_ok=True)
    return place


def complaints():
    """Warnings the program has written, but for one of GTK's own window of shortcuts."""
    return desktop.complaints(LOG, "GtkLabel")
