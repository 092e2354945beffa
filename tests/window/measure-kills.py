#!/usr/bin/python3
"""How much of a stroke is lost when the program is killed: draws on a film of 3,000 pixels while a network trains, kills
the program at a random instant, and looks on disk for the first piece that is missing. No test, for it is of this
machine as busy as it is; docs/reliability.md has the figures.

    tests/window/run measure-kills.py KILLS BUSY SEED

BUSY is how many programs compute beside it without end."""
import os
import random
import statistics
import subprocess
import sys
import time

from desktop import GLib, Window, command, wait

HOME = os.environ["HOME"]
STUDY, LOG = os.path.join(HOME, "study"), os.path.join(HOME, "program.log")
WIDTH, HEIGHT = 3000, 2400
FILMS = 40  # of each class, to train on
STEP, BRUSH = 12, 15  # pixels of the film: of one piece of the stroke, and wide
PAUSE = 0.016  # seconds from one piece to the next, as from one event of a mouse to the next


def make_study():
    films = os.path.join(HOME, "films")
    for label in ("no", "yes"):
        os.makedirs(os.path.join(films, label))
        for i in range(FILMS):
            command("convert", "-size", "256x256", "-seed", "%d" % (2 * i + (label == "yes")), "plasma:", "-colorspace",
                    "gray", "-depth", "8", os.path.join(films, label, "%s%d.png" % (label, i)))
    command("convert", "-size", "%dx%d" % (WIDTH, HEIGHT), "gradient:gray7-gray83", "-depth", "8",
            os.path.join(films, "no", "large.png"))
    command(os.environ["RH"], "new", "folder", films, STUDY, "--size", "224")


def start():
    window = Window(os.environ["REDHERRING"], (STUDY,), title="Red Herring",
                    application_id="org.redherring.RedHerring", log=open(LOG, "a"))
    canvas = window.find("image", "Canvas")
    wait(lambda: (canvas.description() or "").startswith("Image "), "an image in view")
    window.action("win.select-image", GLib.Variant("s", "large"))
    wait(lambda: (canvas.description() or "").startswith("Image large,"), "the film in view")
    window.action("win.tool", GLib.Variant("s", "brush"))
    window.find("slider", "Brush size").value = BRUSH
    window.action("win.train")
    wait(lambda: "Epoch" in window.find("label", "Training status").text(), "an epoch")
    wait(lambda: canvas.stands_still(), "the canvas to come to rest")
    return window, canvas.extents()


def place(canvas, x, y):
    """Of a point of the film on the screen, while the film fits."""
    left, top, width, height = canvas
    zoom = min((width - 16) / WIDTH, (height - 16) / HEIGHT)
    return round(left + width / 2 + (x - WIDTH / 2) * zoom), round(top + height / 2 + (y - HEIGHT / 2) * zoom)


def pieces():
    """To and fro across the film, row below row."""
    for row, y in enumerate(range(100, HEIGHT - 100, 100)):
        across = range(100, WIDTH - 100, STEP)
        for x in across if row % 2 == 0 else reversed(across):
            yield x, y


def draw_and_kill(window, canvas, seconds):
    """The pieces drawn until then, each as (time, x, y), and the time of the kill."""
    drawn = []
    with subprocess.Popen(["xdotool", "-"], stdin=subprocess.PIPE, text=True) as hand:
        def tell(words):
            hand.stdin.write(words + "\n")
            hand.stdin.flush()
        tell("mousemove %d %d" % place(canvas, 100, 100))
        tell("mousedown 1")
        begun = time.monotonic()
        for x, y in pieces():
            if time.monotonic() - begun > seconds:
                break
            tell("mousemove %d %d" % place(canvas, x, y))
            drawn.append((time.monotonic(), x, y))
            time.sleep(PAUSE)
        killed = time.monotonic()
        window.kill()
        tell("mouseup 1")
    return drawn, killed


def is_inside(mask, x, y):
    return any(mask[j * WIDTH + i] > 127 for j in (y - 3, y, y + 3) for i in (x - 3, x, x + 3))


def lost_seconds(drawn, killed):
    """Since the first piece was drawn that is not on disk."""
    path = os.path.join(STUDY, "masks", "large.png")
    mask = command("convert", path, "-depth", "8", "gray:-") if os.path.exists(path) else bytes(WIDTH * HEIGHT)
    missing = [at for at, x, y in drawn if not is_inside(mask, x, y)]
    return killed - missing[0] if missing else 0


def main(kills, busy, seed):
    random.seed(seed)
    make_study()
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(busy)]
    try:
        lost = []
        for _ in range(kills):
            path = os.path.join(STUDY, "masks", "large.png")
            if os.path.exists(path):
                os.remove(path)
            window, canvas = start()
            lost.append(lost_seconds(*draw_and_kill(window, canvas, random.uniform(2, 5))))
            print("%.2f s lost, load %.1f" % (lost[-1], os.getloadavg()[0]), flush=True)
        print("%d kills: median %.2f s, most %.2f s" % (kills, statistics.median(lost), max(lost)))
    finally:
        for other in others:
            other.kill()


main(*map(int, sys.argv[1:]))
