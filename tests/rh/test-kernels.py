"""What a run is computed with: its own kernels, also when another one has others; no others unasked; all of it told."""
import csv
import os
import re
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import tap
from command import as_json, content, refusal, rh, small_study, stopped_training

SETTINGS = ("--epochs", "60", "--quiet")
FIRST = ("demo", "runs", "baseline-small-1")


def interrupt(folder, *arguments):
    """Training of seed 1 is stopped after an epoch or more."""
    small_study(folder, count="128,32,32")
    process, _, complaints = stopped_training(folder, FIRST[-1], 1, signal.SIGTERM,
                                              "--seed", "1", *arguments, *SETTINGS)
    assert process.returncode == 75, complaints
    return as_json("runs", "demo", cwd=folder)[0]["epochs_done"]


def runs(folder):
    return {run["seed"]: run for run in as_json("runs", "demo", cwd=folder)}


def stretches(run):
    return [(one["from_epoch"], one["kernels"]) for one in run["computed"]]


def change_ini(folder, change):
    path = os.path.join(folder, *FIRST, "run.ini")
    before = content(path).decode()
    after = change(before)
    assert after != before, before
    with open(path, "w") as file:
        file.write(after)


def test_each_run_is_computed_with_its_own_kernels(folder):
    fastest = rh("kernels").stdout.split()[0]
    interrupt(folder, "--kernels", "exact")
    rh("train", "demo", "--seed", "1,2", *SETTINGS, cwd=folder)
    found = runs(folder)
    assert stretches(found[1]) == [(1, "exact")], found[1]
    assert stretches(found[2]) == [(1, fastest)], found[2]
    for options, said in ((), {"exact", fastest}), (("--by-method",), {"exact;" + fastest}):
        rows = as_json("shift", "demo", *options, cwd=folder)
        assert {row["kernels"] for row in rows} == said, (options, said)
    for seed, kernels in ((1, "exact"), (2, fastest)):
        name = "alone-%d" % seed
        rh("train", "demo", "--seed", seed, "--kernels", kernels, "--name", name, "--again", *SETTINGS, cwd=folder)
        own = content(folder, "demo", "runs", "baseline-small-%d" % seed, "best.safetensors")
        assert own == content(folder, "demo", "runs", name, "best.safetensors"), kernels


def test_a_run_goes_on_with_other_kernels_only_when_told_to(folder):
    done = interrupt(folder, "--kernels", "plain")
    change_ini(folder, lambda text: text.replace("plain", "neon"))
    ini = content(folder, *FIRST, "run.ini")
    said = refusal("train", "demo", "--seed", "1", *SETTINGS, cwd=folder)
    assert "begun with the kernels “neon”" in said and "--kernels NAME" in said, said
    assert content(folder, *FIRST, "run.ini") == ini
    told = rh("train", "demo", "--seed", "1", "--kernels", "exact", *SETTINGS, cwd=folder)
    assert "and goes on with exact." in told.stderr, told.stderr
    found = runs(folder)
    assert len(found) == 1 and found[1]["state"] == "finished", found
    assert stretches(found[1]) == [(1, "neon"), (done + 1, "exact")], found[1]
    rh("shift", "demo", "--out", "shift.csv", cwd=folder)
    rows = list(csv.DictReader(content(folder, "shift.csv").decode().splitlines()))
    assert rows and all(row["kernels"] == "neon+exact" for row in rows), rows


def test_the_compiler_is_kept(folder):
    done = interrupt(folder, "--kernels", "plain")
    first, = runs(folder)[1]["computed"]
    assert re.fullmatch(r"(gcc|clang) \d+\.\d+\.\d+", first["compiler"]), first
    change_ini(folder, lambda text: text.replace(first["compiler"], "gcc 1.2.3"))
    rh("train", "demo", "--seed", "1", *SETTINGS, cwd=folder)
    assert runs(folder)[1]["computed"] == [
        {"from_epoch": 1, "kernels": "plain", "compiler": "gcc 1.2.3"},
        {"from_epoch": done + 1, "kernels": "plain", "compiler": first["compiler"]}]


def test_a_run_from_before_it_was_kept(folder):
    done = interrupt(folder, "--kernels", "plain")
    change_ini(folder, lambda text: re.sub("computed=.*\n", "", text))
    assert runs(folder)[1]["computed"] == []
    rh("train", "demo", "--seed", "1", *SETTINGS, cwd=folder)
    assert stretches(runs(folder)[1]) == [(1, "plain"), (done + 1, "plain")]
    assert runs(folder)[1]["computed"][0]["compiler"] == "unknown"


tap.run(globals())
