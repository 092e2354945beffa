"""The same command goes on, and does nothing twice: repeated, killed, given in two terminals at once."""
import json
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import tap
from command import RH, as_json, content, rh, small_study, stopped_training

QUICK = ("--epochs", "2", "--quiet")
LONG = ("--epochs", "500", "--quiet")


def train(folder, *arguments, status=0):
    """The lines that training prints, a run each."""
    done = rh("train", "demo", *arguments, "--json", status=status, cwd=folder)
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def start(folder, *arguments):
    return subprocess.Popen([RH, "train", "demo", *arguments, "--json"], cwd=folder, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def names(folder):
    return [run["run"] for run in as_json("runs", "demo", cwd=folder)]


def outcomes(lines):
    return {line["seed"]: line["outcome"] for line in lines}


def wait_for(what, path, process):
    end = time.monotonic() + 120
    while not os.path.exists(path):
        assert time.monotonic() < end and process.poll() is None, "no %s: %s" % (what, process.communicate())
        time.sleep(0.01)


def test_a_finished_seed_is_passed_over(folder):
    small_study(folder)
    train(folder, "--seed", "1,2", *QUICK)
    weights = content(folder, "demo", "runs", "baseline-small-1", "best.safetensors")
    lines, errors = train(folder, "--seed", "1-3", *QUICK)
    assert outcomes(lines) == {1: "passed over", 2: "passed over", 3: "trained"}, lines
    assert "“baseline-small-1” is finished and passed over" in errors, errors
    assert names(folder) == ["baseline-small-1", "baseline-small-2", "baseline-small-3"]
    assert content(folder, "demo", "runs", "baseline-small-1", "best.safetensors") == weights
    lines, _ = train(folder, "--seed", "2", "--again", *QUICK)
    assert outcomes(lines) == {2: "trained"} and "baseline-small-2-2" in names(folder)


def test_names_of_several_seeds_are_passed_over_too(folder):
    small_study(folder)
    train(folder, "--seed", "1,2", "--name", "batch", *QUICK)
    lines, _ = train(folder, "--seed", "1,2,3", "--name", "batch", *QUICK)
    assert outcomes(lines) == {1: "passed over", 2: "passed over", 3: "trained"}, lines
    assert names(folder) == ["batch-1", "batch-2", "batch-3"]
    refused = rh("train", "demo", "--name", "batch-1", "--seed", "1", "--lr", "0.5", *QUICK, status=2, cwd=folder)
    assert "There is a run “batch-1” already" in refused.stderr, refused.stderr


def test_other_settings_data_or_kernels_are_another_run(folder):
    small_study(folder)
    train(folder, "--seed", "1", "--kernels", "plain", *QUICK)
    for more in (["--kernels", "auto"], ["--kernels", "plain"], []):
        lines, _ = train(folder, "--seed", "1", *more, *QUICK)
        assert outcomes(lines) == {1: "passed over"}, more
    for more in (["--kernels", "exact"], ["--lr", "0.01"]):
        lines, _ = train(folder, "--seed", "1", *more, *QUICK)
        assert outcomes(lines) == {1: "trained"}, more
    table = os.path.join(folder, "demo", "images.csv")
    rows = content(table).decode().splitlines()
    place = rows[0].split(",").index("split")
    left_out = next(i for i, row in enumerate(rows) if row.split(",")[place] == "training")
    with open(table, "w") as file:
        file.write("\n".join(rows[:left_out] + rows[left_out + 1:]) + "\n")
    lines, _ = train(folder, "--seed", "1", *QUICK)
    assert outcomes(lines) == {1: "trained"}, "a run of other images was taken for the one that is wanted"


def test_killed_and_repeated(folder):
    small_study(folder)
    _, printed, _ = stopped_training(folder, "baseline-small-2", 1, signal.SIGKILL, "--seed", "1-3", "--epochs", "60",
                                     "--quiet", "--json")
    first, = [json.loads(line) for line in printed.splitlines()]
    assert first["run"] == "baseline-small-1" and first["outcome"] == "trained", first
    lines, errors = train(folder, "--seed", "1-3", "--epochs", "60", "--quiet")
    assert outcomes(lines) == {1: "passed over", 2: "trained", 3: "trained"}, lines
    assert names(folder) == ["baseline-small-1", "baseline-small-2", "baseline-small-3"]


def test_interrupted_has_an_exit_status_of_its_own(folder):
    small_study(folder)
    process, _, errors = stopped_training(folder, "baseline-small-1", 1, signal.SIGTERM, "--seed", "1-3", *LONG)
    assert process.returncode == 75, errors
    assert "the same command goes on" in errors.splitlines()[-1], errors
    assert names(folder) == ["baseline-small-1"]


def test_two_at_once_end_with_each_run_once(folder):
    small_study(folder)
    both = [start(folder, "--seed", "1-4", "--epochs", "20", "--quiet") for _ in range(2)]
    lines = []
    for process in both:
        out, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
        told = [json.loads(line) for line in out.splitlines()]
        assert sorted(outcomes(told)) == [1, 2, 3, 4], told
        lines += told
    assert sorted(names(folder)) == ["baseline-small-%d" % seed for seed in (1, 2, 3, 4)]
    assert sorted(line["seed"] for line in lines if line["outcome"] == "trained") == [1, 2, 3, 4], lines


def test_a_run_that_another_program_trains_comes_last(folder):
    small_study(folder)
    holder = start(folder, "--seed", "1", *LONG)
    wait_for("run", os.path.join(folder, "demo", "runs", "baseline-small-1", "metrics.csv"), holder)
    second = start(folder, "--seed", "1,2", *LONG)
    wait_for("run of the other seed", os.path.join(folder, "demo", "runs", "baseline-small-2", "metrics.csv"), second)
    second.send_signal(signal.SIGINT)
    _, errors = second.communicate(timeout=120)
    assert "“baseline-small-1” is being trained by another program and comes last" in errors, errors
    assert second.returncode == 75, errors
    third = start(folder, "--seed", "1", *LONG)
    line = third.stderr.readline()
    assert "comes last" in line, line
    holder.kill()
    holder.communicate()
    line = third.stderr.readline()
    third.send_signal(signal.SIGINT)
    third.communicate(timeout=120)
    assert line.startswith("Going on with “baseline-small-1” after epoch"), line


def test_a_run_that_fails_does_not_stop_the_rest(folder):
    small_study(folder)
    train(folder, "--seed", "2", *QUICK)
    run = os.path.join(folder, "demo", "runs", "baseline-small-2")
    text = content(run, "run.ini").decode().replace("state=finished", "state=unfinished")
    with open(os.path.join(run, "run.ini"), "w") as file:
        file.write(text)
    with open(os.path.join(run, "state.safetensors"), "w") as file:
        file.write("no weights")
    lines, errors = train(folder, "--seed", "1-3", *QUICK, status=1)
    assert outcomes(lines) == {1: "trained", 2: "failed", 3: "trained"}, lines
    assert "state.safetensors" in lines[1]["error"] and "1 of 3 runs failed" in errors.splitlines()[-1], errors


tap.run(globals())
