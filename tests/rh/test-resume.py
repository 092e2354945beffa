"""The same seed gives the same bits: on any number of threads, and after a kill at any instant."""
import os
import shutil
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import tap
from command import as_json, content, rh, small_study, stopped_training

METHODS = ("actdiff", "adversarial", "rrr")
EPOCHS = 14


def metrics_without_times(path):
    lines = content(path).decode().splitlines()
    place = lines[0].split(",").index("seconds")
    return [[cell for i, cell in enumerate(line.split(",")) if i != place] for line in lines]


def same_result(one, other):
    for name in ("best.safetensors", "test.csv"):
        assert content(one, name) == content(other, name), name
    assert metrics_without_times(os.path.join(one, "metrics.csv")) == metrics_without_times(
        os.path.join(other, "metrics.csv"))


def test_threads_do_not_matter(folder):
    small_study(folder)
    for method in METHODS:
        for threads in ("1", "2"):
            rh("train", "demo", "--method", method, "--epochs", "8", "--threads", threads, "--quiet", "--name",
               method + threads, cwd=folder)
        runs = os.path.join(folder, "demo", "runs")
        same_result(os.path.join(runs, method + "1"), os.path.join(runs, method + "2"))


def test_seeds_do(folder):
    small_study(folder)
    rh("train", "demo", "--epochs", "5", "--seed", "1,2", "--quiet", cwd=folder)
    runs = os.path.join(folder, "demo", "runs")
    assert content(runs, "baseline-small-1", "best.safetensors") != content(runs, "baseline-small-2",
                                                                            "best.safetensors")


def killed_and_resumed(folder, method, after):
    arguments = ["--method", method, "--epochs", str(EPOCHS), "--name", "run"]
    whole, broken = os.path.join(folder, "whole"), os.path.join(folder, "broken-" + method)
    shutil.copytree(whole, broken)
    rh("train", "demo", *arguments, "--quiet", cwd=whole)
    stopped_training(broken, "run", after, signal.SIGKILL, *arguments)
    state, = as_json("runs", "demo", cwd=broken)
    assert state["state"] == "unfinished" and after <= state["epochs_done"] < EPOCHS, state
    again = rh("train", "demo", *arguments, cwd=broken)
    assert "Going on with “run” after epoch %d" % state["epochs_done"] in again.stderr, again.stderr
    same_result(os.path.join(whole, "demo", "runs", "run"), os.path.join(broken, "demo", "runs", "run"))
    shutil.rmtree(os.path.join(whole, "demo", "runs"))


def test_killed_and_resumed(folder):
    os.mkdir(os.path.join(folder, "whole"))
    small_study(os.path.join(folder, "whole"), count="256,64,64")
    for method, after in zip(METHODS, (1, 4, 7)):
        killed_and_resumed(folder, method, after)


def test_interrupted_says_how_to_go_on(folder):
    small_study(folder, count="256,64,64")
    process, _, errors = stopped_training(folder, "run", 2, signal.SIGINT, "--epochs", "500", "--name", "run")
    assert process.returncode == 75, errors
    assert errors.splitlines()[-1].startswith("rh: Stopped “run” after epoch"), errors
    assert "same command" in errors.splitlines()[-1]


tap.run(globals())
