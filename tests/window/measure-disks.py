#!/usr/bin/python3
"""What happens on a disk that is really full, or really can be read only: a study lies on a file system of its own, a
stroke is drawn while nothing can be written, and is looked for once something can. No test, for it mounts file systems
and is run as root; docs/reliability.md says what came of it.

    tests/window/run measure-disks.py"""
import os
import subprocess
import time

from desktop import GLib, Window, command, complaints, make_films, wait

HOME, RH = os.environ["HOME"], os.environ["RH"]
DISK, LOG = os.path.join(HOME, "disk"), os.path.join(HOME, "program.log")
STUDY, FILLER = os.path.join(DISK, "study"), os.path.join(DISK, "filler")
window = None


def fill():
    with open(FILLER, "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass


def mount(*options):
    command("mount", "-o", ",".join(options), *([DISK] if "remount" in options else ["-t", "tmpfs", "tmpfs", DISK]))


def told():
    label = window.find("label", "Not saved")
    return label.text() if label.extents()[3] > 0 else ""


def stroke_while(name, hinder, free, word):
    """The stroke is on disk only once the hindrance is gone, and until then the window says why it is not."""
    window.action("win.select-image", GLib.Variant("s", name))
    canvas = window.find("image", "Canvas")
    wait(lambda: (canvas.description() or "").startswith("Image %s," % name), name)
    hinder()
    canvas.stroke([(0.4, 0.5), (0.6, 0.5)])
    words = wait(told, "the trouble")
    assert word in words, words
    free()
    begun = time.monotonic()
    wait(lambda: os.path.exists(os.path.join(STUDY, "masks", name + ".png")) and not told(), "the stroke on disk")
    print("%s: “%s”; saved %.1f s after it could be" % (name, words, time.monotonic() - begun), flush=True)


def refused(*arguments):
    done = subprocess.run([RH, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr.count("\n") == 1, (done.returncode, done.stderr)
    print("rh %s: “%s”" % (arguments[0], done.stderr.strip()), flush=True)


def main():
    global window
    os.mkdir(DISK)
    films = os.path.join(HOME, "films")
    make_films(films, ("no", "yes"), 6)
    mount("size=6m")
    try:
        command(RH, "new", "folder", films, STUDY)
        window = Window(os.environ["REDHERRING"], (STUDY,), title="Red Herring",
                        application_id="org.redherring.RedHerring", log=open(LOG, "a"))
        window.action("win.tool", GLib.Variant("s", "brush"))
        stroke_while("no0", fill, lambda: os.remove(FILLER), "No space left on device")
        stroke_while("no1", lambda: mount("remount", "ro"), lambda: mount("remount", "rw"), "Read-only file system")
        stroke_while("no2", lambda: os.rename(STUDY, STUDY + "-away"), lambda: os.rename(STUDY + "-away", STUDY), "gone")
        fill()
        refused("new", "folder", films, STUDY + "-2")
        refused("train", STUDY, "--epochs", "2", "--quiet")
        os.remove(FILLER)
        assert sorted(os.listdir(DISK)) == ["study"], os.listdir(DISK)
        command(RH, "train", STUDY, "--epochs", "2", "--quiet")
        command(RH, "check", STUDY)
        assert window.quit() == 0 and not complaints(LOG), complaints(LOG)
    finally:
        if window is not None:
            window.kill()
        command("umount", "-l", DISK)


main()
