"""Runs rh as a user would."""
import json
import os
import shutil
import subprocess
import time

RH = os.environ["RH"]
PATIENCE = 300  # seconds; as long as this a machine may take for an epoch
TRIES = 20


def rh(*arguments, status=0, cwd=None, **more):
    """Runs rh and insists on its exit status; gives what it printed. A refusal is sentences on standard error,
    each after "rh: ", and never a warning of a library."""
    done = subprocess.run([RH, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, encoding="utf-8", cwd=cwd, timeout=540, **more)
    assert done.returncode == status, "rh %s: exit status %d, not %d\n%s%s" % (
        " ".join(map(str, arguments)), done.returncode, status, done.stdout, done.stderr)
    for word in ("CRITICAL", "WARNING", "Sanitizer"):
        assert word not in done.stderr, done.stderr
    if status != 0:
        assert done.stderr.startswith("rh: ") or "\nrh: " in done.stderr, repr(done.stderr)
    return done


def refusal(*arguments, status=1, **more):
    """The sentence with which rh refuses."""
    lines = rh(*arguments, status=status, **more).stderr.splitlines()
    return next(line for line in reversed(lines) if line.startswith("rh: "))


def as_json(*arguments, **more):
    return json.loads(rh(*arguments, "--json", **more).stdout)


def small_study(folder, name="demo", count="64,32,32"):
    """A synthetic study that is quick to train on."""
    rh("new", "synthetic", "--count", count, name, cwd=folder)
    return os.path.join(folder, name)


def content(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def wait_for_epochs(process, metrics, epochs):
    """Until so many epochs stand in metrics.csv, or training is over."""
    end = time.monotonic() + PATIENCE
    while process.poll() is None and not (os.path.exists(metrics) and len(content(metrics).splitlines()) > epochs):
        assert time.monotonic() < end, "no %d epochs in %s" % (epochs, metrics)
        time.sleep(0.005)


def stopped_training(folder, run, epochs, how, *arguments):
    """Trains on the study “demo” and sends the signal once so many epochs of the run are done. One that is over before
    the signal comes is trained again on the study as it was, so that the processor's speed decides nothing. Gives the
    process, which has ended, what it printed, and its complaints."""
    study, before = os.path.join(folder, "demo"), os.path.join(folder, "before")
    shutil.copytree(study, before)
    for _ in range(TRIES):
        process = subprocess.Popen([RH, "train", "demo", *arguments], cwd=folder, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        wait_for_epochs(process, os.path.join(study, "runs", run, "metrics.csv"), epochs)
        process.send_signal(how)
        printed, complaints = process.communicate(timeout=PATIENCE)
        state = {each["run"]: each["state"] for each in as_json("runs", "demo", cwd=folder)}.get(run)
        assert state in ("finished", "unfinished"), (state, complaints)
        if state == "unfinished":
            shutil.rmtree(before)
            return process, printed, complaints
        shutil.rmtree(study)
        shutil.copytree(before, study)
    raise AssertionError("each of %d trainings was over before the signal came" % TRIES)
