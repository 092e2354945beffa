"""Does the window of shortcuts tell every key the program listens to, and none that it does not? Reads both from the
source: the keys of ui/ by their names in C, those of the application from its table."""
import fnmatch
import glob
import os
import re
import xml.etree.ElementTree

import tap

SOURCE = os.environ["SOURCE"]
APPLICATION = "app/redherring.c"
# Where the keys of a group of shortcuts are listened to; what belongs to no other place is the window's and the canvas's.
CANVAS = ("ui/canvas/*.c", "ui/tools/*.c")
PLACES = {"Chart": ("ui/charts/*.c",), "Runs": ("ui/runs/run-row.c",), "Compared images": ("ui/compare/*.c",),
          "Presentation": ("ui/present/*.c",)}
# Tab, and Escape that closes a dialog or leaves a field, are as everywhere on the desktop.
AS_EVERYWHERE = ("ui/start/films-window.c", "ui/common/focus.c", "ui/masks/queue-panel.c", "ui/runs/settings-window.c")
# Keys that stand for another one on other keyboards.
SAME = {"equal": "plus", "KP_Add": "plus", "KP_Subtract": "minus", "KP_Enter": "Return"}
KEY = re.compile(r"GDK_KEY_(\w+)((?:, *GDK_\w+_MASK(?: \| GDK_\w+_MASK)*)?)")


def read(name):
    with open(os.path.join(SOURCE, name)) as file:
        return file.read()


def sources():
    found = glob.glob(os.path.join(SOURCE, "ui", "**", "*.c"), recursive=True)
    return [os.path.relpath(path, SOURCE) for path in sorted(found)]


def key(name, *modifiers):
    """A key with its modifiers, told in one way."""
    return "+".join(sorted(modifiers) + [SAME.get(name, name.replace("KP_", ""))])


def parse(accelerator):
    """"<Control>plus" as a key."""
    modifiers = re.findall(r"<(\w+)>", accelerator)
    return key(accelerator.rpartition(">")[2], *modifiers)


def keys_in(name):
    return {key(found, *(each.capitalize() for each in re.findall(r"GDK_(\w+)_MASK", modifiers)))
            for found, modifiers in KEY.findall(read(name))}


def keys_of(patterns):
    return {found for name in sources() if any(fnmatch.fnmatch(name, pattern) for pattern in patterns)
            for found in keys_in(name)}


def of_application():
    """Action → its keys."""
    table = re.search(r"shortcuts\[\] = \{(.*?)\n\};", read(APPLICATION), re.DOTALL).group(1)
    return {action: {parse(each) for each in re.findall(r'"([^"]+)"', keys)}
            for action, keys in re.findall(r'\{"([\w.-]+)", \{(.*?)\}\}', table)}


def groups():
    """(title of the group, [(title, action or None, accelerator or None)])."""
    def told(node, name):
        return next((child.text for child in node.findall("property") if child.get("name") == name), None)
    tree = xml.etree.ElementTree.fromstring(read("resources/ui/shortcuts-window.ui"))
    for group in tree.iter("object"):
        if group.get("class") == "GtkShortcutsGroup":
            yield told(group, "title"), [(told(each, "title"), told(each, "action-name"), told(each, "accelerator"))
                                         for each in group.iter("object") if each.get("class") == "GtkShortcutsShortcut"]


def expand(accelerators):
    """"h space" and "<Alt>1...<Alt>4" as sets of keys."""
    found = set()
    for each in (accelerators or "").split():
        first, _, last = each.partition("...")
        held = first[:-1]
        found |= {parse(held + str(i)) for i in range(int(first[-1]), int(last[-1]) + 1)} if last else {parse(each)}
    return found


def shown(place=None):
    """The keys that the groups of a place show; without one, those of window and canvas, actions too."""
    actions = of_application()
    return {found for title, rows in groups() if (title == place if place else title not in PLACES)
            for _, action, accelerator in rows for found in actions.get(action, expand(accelerator))}


def test_each_key_of_a_widget_is_shown(folder):
    for place, patterns in [*PLACES.items(), (None, CANVAS)]:
        known = keys_of(patterns)
        assert known, "no keys found in %s" % (patterns,)
        missing = known - shown(place)
        assert not missing, "not in the window of shortcuts, for %s: %s" % (patterns, sorted(missing))


def test_each_key_of_the_application_is_shown(folder):
    actions = of_application()
    assert len(actions) > 10, actions
    for action, keys in actions.items():
        assert keys <= shown(), "%s is not in the window of shortcuts: %s" % (action, sorted(keys - shown()))


def test_each_key_that_is_shown_is_listened_to(folder):
    actions = of_application()
    for title, rows in groups():
        known = keys_of(PLACES.get(title, CANVAS))
        if title not in PLACES:
            known |= set().union(*actions.values())
            known |= {"F10"} if '<property name="primary">True</property>' in read("resources/ui/window.ui") else set()
        for name, action, accelerator in rows:
            assert action is None or action in actions, "“%s”: %s has no keys" % (name, action)
            assert expand(accelerator) <= known, "“%s” in “%s”: nothing listens to %s" % (
                name, title, sorted(expand(accelerator) - known))


def test_no_other_file_listens_to_keys(folder):
    """Then it needs a place above."""
    patterns = [*CANVAS, *AS_EVERYWHERE, *(pattern for patterns in PLACES.values() for pattern in patterns)]
    others = [name for name in sources() if keys_in(name) and not any(fnmatch.fnmatch(name, each) for each in patterns)]
    assert not others, others


tap.run(globals())
