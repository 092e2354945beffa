"""The part of a desktop's session manager that is asked to keep the screen awake: writes a line into the file it is
given for every "Inhibit" (its flags and reason) and "Uninhibit", and "ready" once it can be asked."""
import sys

from gi.repository import Gio, GLib

NAME = "org.gnome.SessionManager"
INTERFACES = """<node>
  <interface name="org.gnome.SessionManager">
    <method name="RegisterClient"><arg type="s" direction="in"/><arg type="s" direction="in"/>
      <arg type="o" direction="out"/></method>
    <method name="UnregisterClient"><arg type="o" direction="in"/></method>
    <method name="Inhibit"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
      <arg type="u" direction="in"/><arg type="u" direction="out"/></method>
    <method name="Uninhibit"><arg type="u" direction="in"/></method>
  </interface>
</node>"""


def called(connection, sender, path, interface, method, arguments, invocation):
    answer = {"RegisterClient": GLib.Variant("(o)", ("/org/gnome/SessionManager/Client1",)),
              "Inhibit": GLib.Variant("(u)", (7,))}.get(method)
    if method == "Inhibit":
        say("Inhibit %d %s" % (arguments[3], arguments[2]))
    elif method == "Uninhibit":
        say("Uninhibit")
    invocation.return_value(answer)


def say(text):
    with open(sys.argv[1], "a") as file:
        file.write(text + "\n")


def acquired(connection, name):
    connection.register_object("/org/gnome/SessionManager", Gio.DBusNodeInfo.new_for_xml(INTERFACES).interfaces[0], called)


Gio.bus_own_name(Gio.BusType.SESSION, NAME, Gio.BusNameOwnerFlags.NONE, acquired, lambda *_: say("ready"), None)
GLib.MainLoop().run()
