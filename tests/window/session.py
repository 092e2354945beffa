"""Runs a test in a desktop of its own: X server, message bus, home folder; nothing of the user's is touched.

    session.py SCRIPT.py|PROGRAM [ARGUMENT…]

Where the test leaves word in the file $RH_PROGRESS how far it came, it is run again in a fresh desktop.

The exit status is the test's."""
import os
import subprocess
import sys
import tempfile

SCREEN = os.environ.get("RH_SCREEN", "1440x900") + "x24"


def start_server(log):
    """An X server on a display it finds free itself; it names it once it is ready."""
    reading, writing = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(writing), "-screen", "0", SCREEN, "-nolisten", "tcp",
                               "-noreset"], pass_fds=[writing], stdin=subprocess.DEVNULL, stderr=log)
    os.close(writing)
    with os.fdopen(reading) as answer:
        number = answer.readline().strip()
    if not number:
        sys.exit("Xvfb did not start; see %s" % log.name)
    return server, ":" + number


def environment(folder, display):
    places = {name: os.path.join(folder, name.lower()) for name in ("HOME", "XDG_RUNTIME_DIR")}
    for place in places.values():
        os.mkdir(place, 0o700)
    own = {name: value for name, value in os.environ.items()
           if name not in ("XAUTHORITY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "AT_SPI_BUS_ADDRESS")
           and not name.startswith(("XDG_", "GSETTINGS_", "LC_", "LANG"))}
    own.update(places, DISPLAY=display, GDK_BACKEND="x11", GSK_RENDERER="cairo", GTK_A11Y="atspi",
               GIO_USE_VFS="local", GTK_USE_PORTAL="0", LC_ALL="C.UTF-8")
    return own


def settle(own):
    """What runs in the desktop before the script: the introduction of the first start counts as seen."""
    if "REDHERRING" not in own:
        return "true"
    schemas = os.path.join(os.path.dirname(own["REDHERRING"]), "..", "resources")
    return "gsettings --schemadir '%s' set org.redherring.RedHerring welcome-shown true" % schemas


def test_command(test, *arguments):
    return [sys.executable, test, *arguments] if test.endswith(".py") else [test, *arguments]


def run_in_desktop(test, progress):
    with tempfile.TemporaryDirectory(prefix="rh-desktop-") as folder:
        with open(os.path.join(folder, "xvfb.log"), "w") as log:
            server, display = start_server(log)
            # What the bus and its services say goes to the log, the script's words to where ours go.
            words, complaints = os.dup(sys.stdout.fileno()), os.dup(sys.stderr.fileno())
            try:
                own = dict(environment(folder, display), RH_PROGRESS=progress)
                return subprocess.call(["dbus-run-session", "--", "sh", "-c",
                                        settle(own) + '; exec "$@" >&%d 2>&%d' % (words, complaints), "sh",
                                        *test_command(*test)], pass_fds=[words, complaints], stdout=log, stderr=log,
                                       env=own, stdin=subprocess.DEVNULL)
            finally:
                server.terminate()
                server.wait()
                os.close(words)
                os.close(complaints)


def content(path):
    """None where there is no file."""
    if not os.path.exists(path):
        return None
    with open(path) as file:
        return file.read()


def main():
    """A test that has left word how far it came goes on from there, in the next desktop."""
    with tempfile.TemporaryDirectory(prefix="rh-progress-") as folder:
        progress = os.path.join(folder, "progress.json")
        while True:
            before = content(progress)
            status = run_in_desktop(sys.argv[1:], progress)
            if content(progress) == before:
                return status


sys.exit(main())
