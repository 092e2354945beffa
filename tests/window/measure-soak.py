#!/usr/bin/python3
"""Whether memory and descriptors grow while one works: draws, undoes, goes through the epochs and trains again and
again, and prints each minute what the program holds. No test, for it lasts as long as it is told to;
docs/reliability.md has the figures.

    tests/window/run measure-soak.py SECONDS SEED"""
import os
import random
import re
import sys
import time

from desktop import command, wait
from views import HOME, Program

EPOCHS = 40
counts = dict.fromkeys(("strokes", "undone", "epochs shown", "trainings"), 0)


def start():
    study = os.path.join(HOME, "study")
    command(os.environ["RH"], "new", "synthetic", study)
    program = Program(study)
    program.find("spin button", "Epochs").value = EPOCHS
    return program


def train_again(program):
    if "Epoch" in program.label("Training status"):
        return
    program.find("push button", "Train").press()
    wait(lambda: re.search("Epoch|finished", program.label("Training status")), "training")
    counts["trainings"] += 1


def draw(program):
    x, y = random.uniform(0.3, 0.6), random.uniform(0.3, 0.6)
    program.canvas().stroke([(x, y), (x + 0.1, y), (x + 0.1, y + 0.1)])
    counts["strokes"] += 1
    if random.random() < 0.5:
        program.window.key("ctrl+z")
        counts["undone"] += 1
    if random.random() < 0.3:
        program.window.action("win.next-image")


def go_through_epochs(program):
    if not program.window.has("slider", "Epoch in view"):
        return
    slider = program.find("slider", "Epoch in view")
    for _ in range(5):
        slider.value = random.randint(1, EPOCHS)
        counts["epochs shown"] += 1


def report(program, begun):
    folder = "/proc/%d" % program.window.process.pid
    with open(folder + "/status") as file:
        memory, = [int(line.split()[1]) for line in file if line.startswith("VmRSS")]
    done = ", ".join("%d %s" % (count, what) for what, count in counts.items())
    print("%4d s: %d MB, %d descriptors, %s" % (time.monotonic() - begun, memory // 1024, len(os.listdir(folder + "/fd")),
                                               done), flush=True)


def main(seconds, seed):
    random.seed(seed)
    program = start()
    begun = told = time.monotonic()
    report(program, begun)
    while time.monotonic() - begun < seconds:
        for step in train_again, draw, go_through_epochs:
            step(program)
        if time.monotonic() - told > 60:
            told = time.monotonic()
            report(program, begun)
    report(program, begun)
    program.quit()


main(*map(int, sys.argv[1:]))
