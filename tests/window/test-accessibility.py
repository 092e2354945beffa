"""What a person hears who does not see the window: every control on every screen has a name, and the canvas says in
words what it shows."""
import os
import re

import screens
import tree
from cases import follows, run_tests
from desktop import PATIENCE, Gio, GLib, role_of, wait, walk

CLASS = re.compile(r"^(Gtk|Adw|Rh)[A-Z]\w*$")  # what GTK says of a widget nobody has named

study = None
visit = None


def nameless(window):
    """Controls without a name, as paths from the window. A part of a named control needs none, nor does a picture
    beside a name."""
    found = []

    def look(node, path, within):
        role, name = role_of(node), node.get_name()
        named = bool(name) and not CLASS.match(name)
        path = path + ["%s “%s”" % (role, name)]
        if role in screens.CONTROLS and not named and not within:
            found.append(" / ".join(path[-4:]))
        for child in node.children:
            look(child, path, within or role in screens.CONTROLS - {"frame", "dialog", "alert", "list", "table"} and named)
    for toplevel in window.toplevels():
        look(tree.read(toplevel, 1000 * PATIENCE), [], False)
    return found


def test_no_control_on_any_screen_is_without_a_name(folder):
    global study, visit
    study = screens.prepare(os.path.dirname(screens.LOG), 12)
    visit = screens.Visit(study)
    visit.wait_for_image()
    for screen in screens.SCREENS:
        with visit.on(screen):
            found = nameless(visit.window) if screen[0] not in screens.MADE_BY_GTK else []
        assert not found, "on “%s”: %s" % (screen[0], "; ".join(found))


@follows(test_no_control_on_any_screen_is_without_a_name)
def test_what_has_the_focus_has_a_name(folder):
    names, unnamed = [], []
    for _ in range(60):
        visit.window.key("Tab")
        focused = [node for node in walk(visit.window.root) if node.has(screens.FOCUSED)]
        for node in focused:
            name = node.get_name() or ""
            names.append(name)
            if not name or CLASS.match(name):
                above = node.get_parent()
                unnamed.append("%s “%s” in %s “%s”" % (role_of(node), name, role_of(above), above.get_name()))
    print("# " + ", ".join(dict.fromkeys(names)))
    assert not unnamed, "with the focus: %s" % sorted(set(unnamed))
    for name in ("Brush", "Train", "Canvas", "Shift level", "Show Images"):
        assert any(known.startswith(name) for known in names), (name, names)


def canvas():
    return visit.window.find("image", "Canvas")


def described():
    return canvas().description() or ""


def share():
    return float(re.search(r"mask ([\d.]+) % of the image", described()).group(1))


@follows(test_no_control_on_any_screen_is_without_a_name)
def test_the_canvas_says_which_image_which_mask_and_what_is_predicted(folder):
    first = visit.wait_for_image()
    wait(lambda: re.search(r"Prediction: .+, probability [01]\.\d\d", described()), "a prediction in words")
    visit.window.action("win.next-image")
    wait(lambda: described().split(",")[0] != first.split(",")[0], "another image in words")
    wait(lambda: "Prediction" in described(), "its prediction")
    before = share()
    visit.window.find("push button", "Brush").click()
    visit.window.find("slider", "Brush size").value = 4
    canvas().stroke([(0.4, 0.4), (0.6, 0.4), (0.6, 0.5)])
    wait(lambda: share() > before, "a larger mask in words")
    visit.window.find("push button", "Undo").click()
    wait(lambda: share() == before, "the mask before in words")


def ask_for_window(number):
    """As a screen reader does that does not know yet that a window has closed; gives what it is answered."""
    session = Gio.bus_get_sync(Gio.BusType.SESSION)
    address, = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, 0, -1, None)
    bus = Gio.DBusConnection.new_for_address_sync(address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT |
                                                  Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)

    def call(name, path, interface, method, *arguments):
        return bus.call_sync(name, path, interface, method, *arguments, None, 0, 5000, None).unpack()[0]
    bus_call = ("org.freedesktop.DBus", "/", "org.freedesktop.DBus")
    for name in call(*bus_call, "ListNames", None):
        if name.startswith(":") and visit.window.process.pid == call(*bus_call, "GetConnectionUnixProcessID",
                                                                     GLib.Variant("(s)", (name,))):
            return call(name, "/org/a11y/atspi/accessible/root", "org.a11y.atspi.Accessible", "GetChildAtIndex",
                        GLib.Variant("(i)", (number,)))
    raise AssertionError("the program is not on the bus of accessibility")


@follows(test_no_control_on_any_screen_is_without_a_name)
def test_asking_for_a_window_that_has_closed_does_no_harm(folder):
    assert ask_for_window(1), "nothing was answered"
    for screen in screens.SCREENS:
        if screen[0] in ("present", "shortcuts", "about", "new-films", "study-missing", "folder-chooser"):
            with visit.on(screen):
                pass
            assert ask_for_window(1), screen[0]


@follows(test_no_control_on_any_screen_is_without_a_name)
def test_the_page_of_trouble_too(folder):
    assert visit.window.quit() == 0
    empty = screens.Visit(screens.empty_folder(folder))
    wait(lambda: empty.window.says("/empty"), "what is wrong")
    found = nameless(empty.window)
    assert not found, "; ".join(found)
    assert empty.window.quit() == 0


@follows(test_no_control_on_any_screen_is_without_a_name)
def test_no_warning_was_written(folder):
    assert not screens.complaints(), "".join(screens.complaints()[:10])


try:
    run_tests(globals())
finally:
    if visit is not None:
        visit.window.kill()
