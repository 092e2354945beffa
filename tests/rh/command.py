"""Runs rh as a user would."""
import json
import os
import subprocess

RH = os.environ["RH"]


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
