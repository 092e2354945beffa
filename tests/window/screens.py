"""Every screen of the window and how to come there, in whatever language; for the scripts that look at all of them.

SCREENS is the table: (name, show, leave), functions of the window, which has a study with runs open. What a screen is
called and done by must not depend on the language: actions and keys, or names looked up in the translations."""
import gettext
import os
import time

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
        more = dict(environment or {}, G_MESSAGES_DEBUG="")
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
        return wait(described, "an image in view", 30)

    def show(self, screen):
        name, show, leave = screen
        show(self)
        time.sleep(0.8)

    def leave(self, screen):
        screen[2](self)
        time.sleep(0.5)


def act(name, argument=None):
    return lambda visit: visit.window.action(name, GLib.Variant("s", argument) if argument is not None else None)


def press(*keys):
    return lambda visit: visit.window.key(*keys)


def stay(visit):
    command("xdotool", "mousemove", "2", "2")


def open_menu(name):
    return lambda visit: visit.window.find("push button", visit.tr(name).replace("_", "")).click()


SCREENS = [
    ("study", stay, stay),
    ("study-menu", open_menu("Study"), press("Escape")),
    ("main-menu", open_menu("Main Menu"), press("Escape")),
    ("shortcuts", act("win.show-help-overlay"), press("Escape")),
    ("about", act("app.about"), press("Escape")),
    ("no-folder", act("win.open", "/nowhere"), press("Escape")),
    ("study-missing", act("win.open-recent", "/media/films"), press("Escape")),
    ("folder-chooser", act("win.open-folder"), press("Escape")),
    ("introduction", act("win.show-welcome"), act("win.hide-welcome")),
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
