"""A program's accessibility tree, read at once: all questions about the nodes of a level go out together, where libatspi
waits for each answer before it asks the next, some thousand times."""
import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib

ACCESSIBLE, COMPONENT, TEXT = ("org.a11y.atspi." + name for name in ("Accessible", "Component", "Text"))
NOTHING = "/org/a11y/atspi/null"
PROPERTIES = "org.freedesktop.DBus.Properties"
LONG_LIST = 40  # entries


class Questions:
    """To the programs on the bus of accessibility."""

    connection = None

    def __init__(self, patience):
        self.patience = patience  # milliseconds

    def connect(self):
        told = Gio.bus_get_sync(Gio.BusType.SESSION).call_sync(
            "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, Gio.DBusCallFlags.NONE,
            self.patience, None)
        Questions.connection = Gio.DBusConnection.new_for_address_sync(
            told.unpack()[0], Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT |
            Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)

    def ask(self, program, questions):
        """An answer for each (path, interface, method, arguments); None where the node has none, or is gone."""
        if Questions.connection is None:
            self.connect()
        answers, left = [None] * len(questions), set(range(len(questions)))

        def answered(connection, result, place):
            left.discard(place)
            try:
                answers[place] = connection.call_finish(result).unpack()[0]
            except GLib.Error:
                pass
        context = GLib.MainContext.new()
        context.push_thread_default()
        for place, (path, interface, method, arguments) in enumerate(questions):
            Questions.connection.call(program, path, interface, method, arguments, None, Gio.DBusCallFlags.NONE,
                                      self.patience, None, answered, place)
        while left:
            context.iteration(True)
        context.pop_thread_default()
        return answers


class Seen:
    """A node as it was when the tree was read: role, name and states. All else is asked of the node itself."""

    def __init__(self, path, parent=None, index=0, live=None):
        self.path, self.parent, self.index, self.live_node = path, parent, index, live
        self.role, self.name, self.states, self.children = Atspi.Role.INVALID, "", (0, 0), []

    def live(self):
        """The node, to be used from now on; GLib.Error where another is in its place by now."""
        if self.live_node is None:
            node = self.parent.live().get_child_at_index(self.index)
            if node is None or node.path != self.path:
                raise GLib.Error("the tree has changed since it was read")
            self.live_node = node
        return self.live_node

    def program(self):
        """Its name on the bus."""
        return self.parent.program() if self.live_node is None else self.live_node.app.bus_name

    def get_role_name(self):
        return Atspi.role_get_name(self.role)

    def get_name(self):
        return self.name

    def has(self, state):
        word, bit = divmod(int(state), 32)
        return bool(self.states[word] >> bit & 1)

    def get_parent(self):
        return self.parent

    def __getattr__(self, name):
        return getattr(self.live(), name)


def questions_about(path):
    return [(path, ACCESSIBLE, "GetRole", None),
            (path, PROPERTIES, "Get", GLib.Variant("(ss)", (ACCESSIBLE, "Name"))),
            (path, ACCESSIBLE, "GetState", None),
            (path, PROPERTIES, "Get", GLib.Variant("(ss)", (ACCESSIBLE, "ChildCount")))]


def read(top, patience):
    """A node of libatspi's and what is below it, as Seen; what goes while it is read is left out, and the hundreds of
    rows of a long list are."""
    program, asking = top.app.bus_name, Questions(patience)
    root = Seen(top.path, live=top)
    level = [root]
    while level:
        answers = asking.ask(program, [question for node in level for question in questions_about(node.path)])
        places = []
        for number, node in enumerate(level):
            role, name, states, count = answers[4 * number:4 * number + 4]
            node.role, node.name, node.states = Atspi.Role(role or 0), name or "", states or (0, 0)
            if not (node.role == Atspi.Role.LIST and (count or 0) > LONG_LIST):
                places += [(node, index) for index in range(count or 0)]
        answers = asking.ask(program, [(node.path, ACCESSIBLE, "GetChildAtIndex", GLib.Variant("(i)", (index,)))
                                       for node, index in places])
        level = [Seen(answer[1], node, index) for (node, index), answer in zip(places, answers)
                 if answer is not None and answer[1] != NOTHING]
        for node in level:
            node.parent.children.append(node)
    return root


def walk(node):
    """What was read of the node and of what is below it."""
    yield node
    for child in node.children:
        yield from walk(child)


def ask_each(nodes, patience, interface, method, arguments):
    """An answer of each node, all of one program; None of one that does not have the interface."""
    program = next((node.program() for node in nodes), None)
    return Questions(patience).ask(program, [(node.path, interface, method, arguments) for node in nodes])


def texts(nodes, patience):
    """What stands in each, "" in one without text."""
    everything = GLib.Variant("(ii)", (0, GLib.MAXINT32))
    return [text or "" for text in ask_each(nodes, patience, TEXT, "GetText", everything)]


def boxes(nodes, patience):
    """Where in its window each is: x, y, width, height; None of one without a place."""
    within_window = GLib.Variant("(u)", (int(Atspi.CoordType.WINDOW),))
    return ask_each(nodes, patience, COMPONENT, "GetExtents", within_window)
