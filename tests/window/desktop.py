"""A program's window, seen through the accessibility tree and moved by real pointer and key events."""
import os
import re
import signal
import subprocess
import time
import warnings

import gi

warnings.simplefilter("ignore")
gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib

import tree
import xserver
from ping import Pinger

Atspi.init()
PATIENCE = 180  # seconds; as long as this a machine may take for anything a test waits for
Atspi.set_timeout(1000 * PATIENCE, 1000 * PATIENCE)  # unasked it gives a program 0.8 s to answer


class CommandFailed(subprocess.CalledProcessError):
    def __str__(self):
        return "%s It said: %s" % (super().__str__(), self.stderr.decode(errors="replace").strip())


def command(*arguments):
    done = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        raise CommandFailed(done.returncode, arguments, done.stdout, done.stderr)
    return done.stdout


def make_films(folder, labels, count, size="64x64"):
    """Folders of images, one a class. No two are alike, for an import takes copies for one image."""
    for shade, label in enumerate(labels):
        os.makedirs(os.path.join(folder, label))
        for i in range(count):
            command("convert", "-size", size, "gradient:gray%d-gray%d" % (10 * i + shade, 60 + 5 * i), "-depth", "8",
                    "-define", "png:compression-level=1", os.path.join(folder, label, "%s%d.png" % (label, i)))


def wait(condition, what, seconds=PATIENCE, step=0.05, progress=lambda: None):
    """The first true value of condition(); what is not there yet may raise. Patience begins anew whenever progress()
    has changed, for what takes as long as it takes but goes on."""
    end = time.monotonic() + seconds
    problem = None
    before = progress()
    while time.monotonic() < end:
        now = progress()
        if now != before:
            before, end = now, time.monotonic() + seconds
        try:
            value = condition()
            problem = None
        except (GLib.Error, subprocess.CalledProcessError, AttributeError, IndexError, OSError) as error:
            value, problem = None, error
        if value:
            return value
        time.sleep(step)
    raise AssertionError("waited %g s in vain for %s%s" % (seconds, what, "" if problem is None else
                                                           " (%s)" % problem))


def complaints(log, harmless="$^"):
    """The warnings a program has written to its log, but for those in which the pattern is found."""
    with open(log) as file:
        return [line for line in file if re.search(r"-(WARNING|CRITICAL) \*\*|Sanitizer", line) and
                not re.search(harmless, line)]


def assert_never_held_up(watchdog):
    """By what the program's watchdog wrote, once it has ended. How long the loop took is told, and is no verdict."""
    with open(watchdog) as file:
        lines = file.read().splitlines()
    print("# the main loop: %s" % "; ".join(sorted(lines[:-1], key=took)[-3:] + lines[-1:]))
    assert re.match(r"\d+ turns", lines[-1]), lines
    held_up = [line for line in lines if line.startswith("held up")]
    assert not held_up, held_up


def took(line):
    """Milliseconds of a turn of the main loop, as the watchdog's line has them."""
    return float(re.search(r": ([\d.]+) ms", line).group(1))


def children(node):
    return [child for child in (node.get_child_at_index(i) for i in range(node.get_child_count())) if child]


def role_of(node):
    """Its role by the name it has in GTK 4.8, where every button is a "push button"."""
    name = node.get_role_name()
    return "push button" if name in ("button", "toggle button") else name


def walk(node):
    """The node and what is below it, as tree.read() gives them, but not the hundreds of rows of a long list."""
    return tree.walk(node if isinstance(node, tree.Seen) else tree.read(node, 1000 * PATIENCE))


def is_called(node, role, name):
    """GTK 4.8 joins a widget's own name, with the underline of its letter, and the text of its label: "_Brush Brush"."""
    return role_of(node) == role and (node.get_name() + " ").replace("_", "").startswith(
        (name + " ").replace("_", ""))


class Widget:
    """One node of the accessibility tree."""

    def __init__(self, window, node):
        self.window = window
        self.node = node.live() if isinstance(node, tree.Seen) else node

    def extents(self):
        """Left, top, width, height on the screen."""
        box = self.node.get_component_iface().get_extents(Atspi.CoordType.WINDOW)
        left, top = self.window.origin()
        scale = self.window.scale
        return left + scale * box.x, top + scale * box.y, scale * box.width, scale * box.height

    def point(self, x, y):
        """Screen coordinates of a place given as fractions of the widget."""
        left, top, width, height = self.extents()
        return str(round(left + x * width)), str(round(top + y * height))

    def stands_still(self):
        before = self.extents()
        time.sleep(0.05)
        return self.extents() == before

    def click(self):
        """As a person does: once it can be pressed and has come to rest, the pointer comes to it, stays and presses.
        Where its place is not told well, a button is pressed as a screen reader does, and anything larger is hit further
        down and to the right."""
        wait(lambda: self.is_sensitive() and self.stands_still(), "%s to come to rest" % self.name())
        place = (0.5, 0.5)
        if self.window.leaves_out_padding():
            place = (0.8, 0.9)
            if "click" in self.actions():
                self.press()
                return
        x, y = self.point(*place)
        self.window.pointer("mousemove", str(int(x) - 1), y, "sleep", "0.05", "mousemove", x, y, "sleep", "0.1", "click",
                            "1")

    def scroll(self, up, steps, x=0.5, y=0.5):
        self.window.pointer("mousemove", *self.point(x, y), "click", "--repeat", str(steps), "--delay", "30",
                            "4" if up else "5")

    def stroke(self, points, pause=0.01):
        """Pointer down at the first point, along all of them, up at the last."""
        arguments = ["mousemove", *self.point(*points[0]), "sleep", "0.05", "mousedown", "1"]
        for point in points[1:]:
            arguments += ["mousemove", *self.point(*point), "sleep", str(pause)]
        self.window.pointer(*arguments, "sleep", "0.05", "mouseup", "1")

    def actions(self):
        """The names of what a screen reader can do with it."""
        interface = self.node.get_action_iface()
        return [interface.get_action_name(place) for place in range(interface.get_n_actions())] if interface else []

    def press(self):
        """The widget's own action, as a screen reader would."""
        assert self.node.get_action_iface().do_action(0), self.name()

    def count(self):
        """How many children there are, as the rows of a list."""
        return self.node.get_child_count()

    def name(self):
        return self.node.get_name()

    def text(self):
        interface = self.node.get_text_iface()
        return Atspi.Text.get_text(interface, 0, Atspi.Text.get_character_count(interface))

    def description(self):
        return self.node.get_description()

    def has(self, state):
        return self.node.get_state_set().contains(state)

    def is_sensitive(self):
        return self.has(Atspi.StateType.SENSITIVE)

    def is_pressed(self):
        return self.has(Atspi.StateType.PRESSED) or self.has(Atspi.StateType.CHECKED)

    @property
    def value(self):
        return self.node.get_value_iface().get_current_value()

    @value.setter
    def value(self, value):
        self.node.get_value_iface().set_current_value(value)

    def pixels(self):
        """What is seen of it, as bytes."""
        return xserver.pixels(*self.extents())


class Bus:
    """A message bus of its own, for a program beside the first: on the same one it would be the same program."""

    def __init__(self):
        self.process = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--print-address"],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().strip()
        self.connection = Gio.DBusConnection.new_for_address_sync(
            self.address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT |
            Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)

    def environment(self):
        """The accessibility tree stays that of the desktop."""
        told = Gio.bus_get_sync(Gio.BusType.SESSION).call_sync(
            "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, Gio.DBusCallFlags.NONE,
            1000 * PATIENCE, None)
        return {"DBUS_SESSION_BUS_ADDRESS": self.address, "AT_SPI_BUS_ADDRESS": told.unpack()[0]}

    def close(self):
        self.connection.close_sync()
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


class Window:
    """A running program with one main window. There is one at a time: where one still runs, the next ends it, but for one
    that is given a bus."""

    last = None
    pinger = None

    def __init__(self, program, arguments=(), title="", application_id="", log=None, environment=None,
                 scale=1, bus=None):
        self.scale = scale  # pixels of the screen for one of the accessibility tree
        self.bus = bus
        self.application_id = application_id
        self.title = title
        self.log = log
        self.found = {}
        if bus is None and Window.last is not None:
            Window.last.kill()
        if bus is None:
            Window.last = self
        self.process = subprocess.Popen([program, *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                        env={**os.environ, "G_MESSAGES_DEBUG": "all", **(environment or {}),
                                             **(bus.environment() if bus is not None else {})})
        started = time.monotonic()
        self.id = wait(self._find_id, "the window \"%s\"" % title)
        self.seconds_to_show = time.monotonic() - started
        self.root = wait(self._find_root, "the window in the accessibility tree")

    def _find_id(self):
        self.assert_running()
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid), "--name",
                                "^%s$" % re.escape(self.title)], stdout=subprocess.PIPE).stdout.split()
        return found[0].decode() if found else None

    def _find_root(self):
        for application in children(Atspi.get_desktop(0)):
            if application.get_process_id() == self.process.pid:
                return next(node for node in children(application) if node.get_name() == self.title)
        return None

    def origin(self):
        """Where the accessibility tree's window coordinates start on the screen: inside the shadow's margin."""
        left, top, width, height = xserver.box(self.id)
        frame = self.root.get_component_iface().get_extents(Atspi.CoordType.WINDOW)
        return left + (width - self.scale * frame.width) // 2, top + (height - self.scale * frame.height) // 2

    def leaves_out_padding(self):
        """GTK 4.14 and later tell a widget's place within its parent's content, not within the parent: every border and
        padding on the way up to the window is missing, some twenty pixels in all. The window itself then lies at less
        than nothing."""
        return self.root.get_component_iface().get_extents(Atspi.CoordType.WINDOW).x < 0

    def all(self, role):
        def look():
            return ([Widget(self, node) for node in walk(self.root) if role_of(node) == role],)
        return wait(look, "a tree that stays as it is while it is read")[0]

    def has(self, role, name):
        return any(is_called(node, role, name) for node in walk(self.root))

    def _still_found(self, role, name):
        """The widget found before, if it is still what it was: walking the tree is slow."""
        known = self.found.get((role, name))
        try:
            return known if known is not None and is_called(known.node, role, name) else None
        except GLib.Error:
            return None

    def find(self, role, name):
        """The widget with that role and accessible name."""
        def look():
            self.assert_running()
            return self._still_found(role, name) or next(
                (Widget(self, node) for node in walk(self.root) if is_called(node, role, name)), None)
        try:
            widget = wait(look, "%s \"%s\"" % (role, name))
        except AssertionError as error:
            self.assert_running()
            known = sorted({"%s \"%s\"" % (role_of(node), node.get_name()) for node in walk(self.root)
                            if node.get_name()})
            raise AssertionError("%s; there are %s" % (error, ", ".join(known)))
        self.found[role, name] = widget
        return widget

    def assert_running(self):
        if self.process.poll() is None:
            return
        last = ""
        if self.log is not None:
            with open(self.log.name) as file:
                last = "; it said: " + "".join(file.readlines()[-3:])
        raise AssertionError("the program ended with status %s%s" % (self.process.returncode, last))

    def toplevels(self):
        """Every window of the program."""
        return [toplevel for application in children(Atspi.get_desktop(0))
                if application.get_process_id() == self.process.pid for toplevel in children(application)]

    def find_in_dialog(self, role, name):
        """The widget with that role and name in any of the program's windows."""
        return wait(lambda: next((Widget(self, node) for toplevel in self.toplevels() for node in walk(toplevel)
                                  if is_called(node, role, name)), None), "%s \"%s\" in a dialog" % (role, name))

    def busy(self):
        """The seconds that the main loop has computed so far, or waited for a processor to do so. While it waits for one,
        no call gives the same seconds as another."""
        task = "/proc/%d/task/%d/" % (self.process.pid, self.process.pid)
        with open(task + "stat") as file:
            if file.read().rpartition(") ")[2][0] == "R":
                return time.monotonic() + 1e9
        with open(task + "schedstat") as file:
            return sum(map(int, file.read().split()[:2])) / 1e9

    def rest(self, most=10):
        """Waits until the main loop has had nothing to do for a while, as after the last frame of an animation; but no
        longer than so many seconds, for some animations do not end."""
        end, since, before = time.monotonic() + most, time.monotonic(), self.busy()
        while time.monotonic() < min(end, since + 0.15):
            time.sleep(0.02)
            now = self.busy()
            if abs(now - before) > 0.001:
                since, before = time.monotonic(), now

    def says(self, words):
        """Whether any text in the window contains the words: a toast, a dialog, a label."""
        for toplevel in self.toplevels():
            nodes = list(walk(toplevel))
            for node, text in zip(nodes, tree.texts(nodes, 1000 * PATIENCE)):
                for said in (node.get_name(), text):
                    if words in said:
                        return said
        return None

    def told(self, words):
        """How often it has said so in passing: such words are gone from the window after some seconds, and are looked
        for in the log."""
        with open(self.log.name) as file:
            return sum("told: " in line and words in line for line in file)

    def saves(self, name):
        """How often the mask of an image has come to be on disk with all that was drawn so far."""
        with open(self.log.name) as file:
            return sum(line.endswith("saved: all of the mask of %s\n" % name) for line in file)

    def popover_is_open(self):
        """A menu or the like; then a click closes it and does no more."""
        return any(node.get_name().startswith("GtkPopover") for node in walk(self.root))

    def is_alone(self):
        """Whether nothing but the window itself is on the screen: no dialog, no menu."""
        return len(command("xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid)).split()) == 1

    def wait_alone(self):
        wait(self.is_alone, "the dialog to close")

    def dismiss(self):
        """Closes the dialog that has come or is about to, by the keyboard: one just shown may not have the keys yet."""
        wait(lambda: not self.is_alone(), "a dialog on the screen")
        wait(lambda: self.is_alone() or self.key("Escape"), "the dialog to close")

    def take_in(self):
        """Waits until it has handled every key and every press and movement of the pointer that came before."""
        Window.pinger = Window.pinger or Pinger()
        asked = Window.pinger.send(int(self.id))
        wait(lambda: self.process.poll() is not None or Window.pinger.is_answered(asked, 0.05),
             "the program to take in what it was sent", step=0)

    def pointer(self, *steps):
        """What xdotool is told to do with the pointer; the program has then taken it in."""
        command("xdotool", *steps)
        self.take_in()

    def key(self, *keys):
        """The keys, which the program has then taken in."""
        command("xdotool", "key", "--delay", "30", *keys)
        self.take_in()

    def focused(self, under):
        """The widget that has the keyboard, of those below one; where none has it: None."""
        return next((each for each in self.below(under) if each.has(Atspi.StateType.FOCUSED)), None)

    def below(self, widget):
        return [Widget(self, node) for node in walk(widget.node)]

    def choose(self, name, place):
        """The entry at a place of a drop-down, by the keyboard. It ends when the list is gone: one that is still open takes
        the next click to itself."""
        box = self.find("combo box", name)

        def entries():
            return [each for each in self.below(box) if role_of(each.node) == "list item"]
        box.click()
        wait(lambda: any(entry.has(Atspi.StateType.FOCUSED) for entry in entries()), "the list of " + name)
        self.key("Home", *["Down"] * place)
        wait(lambda: entries()[place].has(Atspi.StateType.FOCUSED), "entry %d of %s" % (place, name))
        self.key("Return")
        wait(lambda: not entries(), "the end of the list of " + name)

    def open_popover(self, name):
        """That of a menu button, which is pressed as a screen reader does: a click is lost where a hint comes up under the
        pointer. Gives the button, once the keyboard is the popover's."""
        button = self.find("push button", name)
        next(each for each in self.below(button) if each.actions()).press()
        wait(lambda: button.has(Atspi.StateType.EXPANDED) and self.focused(button), "the popover of " + name)
        return button

    def close_popover(self, button):
        self.key("Escape")
        wait(lambda: not button.has(Atspi.StateType.EXPANDED), "the end of the popover of " + button.name())

    def toggle(self, button, name):
        """A check box of an open popover, by keys: GTK 4.8 offers no action for one. Each key waits for the one before."""
        box = self.find("check box", name)
        while not box.has(Atspi.StateType.FOCUSED):
            before = wait(lambda: self.focused(button), "the keyboard in the popover")
            self.key("Tab")
            wait(lambda: not before.has(Atspi.StateType.FOCUSED) and self.focused(button), "the next field")
        before = box.is_pressed()
        self.key("space")
        wait(lambda: box.is_pressed() != before, name)

    def action(self, name, argument=None):
        """Activates "app.NAME" or "win.NAME" over the message bus."""
        group, name = name.split(".")
        path = "/" + self.application_id.replace(".", "/")
        if group == "win":
            path += "/window/1"
        connection = self.bus.connection if self.bus is not None else Gio.bus_get_sync(Gio.BusType.SESSION)
        connection.call_sync(
            self.application_id, path, "org.gtk.Actions", "Activate",
            GLib.Variant("(sava{sv})", (name, [argument] if argument is not None else [], {})), None,
            Gio.DBusCallFlags.NONE, 1000 * PATIENCE, None)

    def raise_up(self):
        """Above other windows, where the pointer reaches it, and the keys do."""
        command("xdotool", "windowraise", self.id, "windowfocus", "--sync", self.id)
        self.rest(2)

    def screenshot(self, path):
        command("import", "-window", "root", path)

    def quit(self):
        """Ends the program through its action; gives its exit status."""
        self.action("app.quit")
        return self.process.wait(PATIENCE)

    def kill(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
