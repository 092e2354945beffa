#!/usr/bin/python3
"""Whether a run is the same after many kills: two trainings in one study are killed at random instants, again and again,
and go on until both are through; then their results are compared with those of trainings that nobody killed. No test,
for the instants are those of this machine; docs/reliability.md has the figures.

    RH=build/app/rh tests/rh/measure-kills.py ROUNDS SEED"""
import glob
import json
import os
import random
import subprocess
import sys
import tempfile
import time

from command import RH, content, rh, small_study

RUNS = {"first": ("--method", "actdiff", "--seed", "1"), "second": ("--method", "rrr", "--seed", "2")}
RESULTS = ("best.safetensors", "test.csv", "validation.csv", "history/*.safetensors")
EPOCHS = 20


def arguments(name):
    return ["train", "demo", "--name", name, "--epochs", str(EPOCHS), "--quiet", "--json", *RUNS[name]]


def results(folder, name):
    run = os.path.join(folder, "demo", "runs", name)
    return {os.path.relpath(path, run): content(path) for each in RESULTS for path in
            glob.glob(os.path.join(run, each))}


def start(folder, name):
    return subprocess.Popen([RH, *arguments(name)], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def is_through(process):
    """A killed training has printed its line only if that was all it had left to do."""
    printed, complaints = process.communicate()
    assert process.returncode in (0, -9), complaints
    return any(json.loads(line)["outcome"] in ("trained", "passed over") for line in printed.splitlines())


def train_with_kills(folder):
    """How many kills it took until both were through."""
    kills, left = 0, set(RUNS)
    while left:
        running = {name: start(folder, name) for name in left}
        time.sleep(random.uniform(0.02, 0.5))
        for name, process in running.items():
            kills += process.poll() is None
            process.kill()
            if is_through(process):
                left.remove(name)
    return kills


def main(rounds, seed):
    random.seed(seed)
    kills = 0
    with tempfile.TemporaryDirectory() as folder:
        small_study(folder)
        for name in RUNS:
            rh(*arguments(name), cwd=folder)
        whole = {name: results(folder, name) for name in RUNS}
        for i in range(rounds):
            broken = os.path.join(folder, str(i))
            os.mkdir(broken)
            small_study(broken)
            kills += train_with_kills(broken)
            for name in RUNS:
                assert results(broken, name) == whole[name], (i, name)
            rh("check", "demo", cwd=broken)
            print("round %d: the same results; %d kills so far" % (i + 1, kills), flush=True)


main(*map(int, sys.argv[1:]))
