"""A fault at every operation that changes a file: the disk is full or broken there, once or for good, or the program is
killed. Nothing is half there, nothing stays behind, the program says what happened, and what goes on afterwards ends in
the same bits as if nothing had happened."""
import concurrent.futures
import errno
import itertools
import os
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "rh"))
sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import tap
from command import RH, as_json, content, rh
from made_png import load_grey

LIBRARY = os.environ["RH_FAULTS"]
KILL = "kill"
FAULTS = {KILL: None, "full disk": "%d+" % errno.ENOSPC, "one failure": "%d" % errno.EIO}
# Of each kind of fault; where a command has more operations they are spread evenly over them.
TRIES = int(os.environ.get("RH_FAULT_TRIES", 60))
EPOCHS = 3


def run(arguments, folder, how, at=0, count=None):
    """Runs a program with a fault, or counts its operations."""
    environment = dict(os.environ, LD_PRELOAD=LIBRARY, RH_FAULT_BELOW=folder, RH_FAULT_HOW=how, RH_FAULT_AT=str(at))
    if count is not None:
        environment["RH_FAULT_COUNT"] = count
    return subprocess.run(arguments, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=300)


def how_of(fault):
    return FAULTS[fault] or KILL


def count_operations(arguments, folder, fault):
    place = folder + ".count"
    done = run(arguments, folder, how_of(fault), count=place)
    assert done.returncode == 0, done.stderr
    return int(content(place))


def spread(count, tries):
    """Numbers from 1 to count, all of them or so many at equal distances."""
    tries = min(count, tries)
    return sorted({1 + i * count // tries for i in range(tries)})


def try_all(folder, arguments, prepare, check):
    """Makes a folder of its own for each fault, runs the command there, and has it checked."""
    cases = []
    for number, fault in enumerate(FAULTS):
        sample = os.path.join(folder, "count-%d" % number)
        prepare(sample)
        count = count_operations(arguments, sample, fault)
        wanted = spread(count, TRIES)
        print("# %s: %d operations, tried at %d of them" % (fault, count, len(wanted)))
        cases += [(fault, at) for at in wanted]

    def one(number, fault, at):
        place = os.path.join(folder, "try-%d" % number)
        prepare(place)
        done = run(arguments, place, how_of(fault), at)
        try:
            check_end(done, fault)
            check(place, done)
        except AssertionError as error:
            raise AssertionError("%s at operation %d: %s\n%s" % (fault, at, error, done.stderr))
        shutil.rmtree(place)

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(one, itertools.count(), *zip(*cases)))
    print("# %d faults" % len(cases))


def check_end(done, fault):
    if fault == KILL:
        assert done.returncode in (0, -signal.SIGKILL), done.returncode
        return
    assert done.returncode in (0, 1), "exit status %d" % done.returncode
    for word in ("CRITICAL", "WARNING", "ERROR"):
        assert word not in done.stderr
    if done.args[0] == RH and done.returncode == 1:
        sentence = done.stderr.splitlines()[-1]
        assert sentence.startswith("rh: ") and sentence.endswith("."), sentence
        assert ".rh-" not in sentence, sentence  # a temporary name says nothing to anybody


def files(folder):
    """All but the lock of a study's tables, which is empty, and is done without where it cannot be made."""
    return sorted(os.path.relpath(os.path.join(place, name), folder) for place, _, names in os.walk(folder)
                  for name in names if name != ".lock")


def test_new_study(folder):
    arguments = [RH, "new", "synthetic", "--count", "4,4,4", "demo"]
    whole = os.path.join(folder, "whole")
    os.mkdir(whole)
    subprocess.run(arguments, cwd=whole, check=True, stdout=subprocess.DEVNULL)

    def check(place, done):
        demo = os.path.join(place, "demo")
        assert done.returncode != 0 or os.path.exists(demo)
        if done.returncode > 0:
            assert os.listdir(place) in ([], ["demo"]), os.listdir(place)
        if not os.path.exists(demo):
            rh("new", "synthetic", "--count", "4,4,4", "demo", cwd=place)
        rh("runs", "demo", cwd=place)
        assert files(place) == files(whole), files(place)
        for name in files(whole):
            assert content(place, name) == content(whole, name), name

    try_all(folder, arguments, os.mkdir, check)


def results(run_folder):
    """All of a run but the times in it."""
    taken = {name: content(run_folder, name) for name in files(run_folder) if name not in ("run.ini", "metrics.csv")}
    lines = [line.split(",") for line in content(run_folder, "metrics.csv").decode().splitlines()]
    place = lines[0].index("seconds")
    taken["metrics.csv"] = [line[:place] + line[place + 1:] for line in lines]
    return taken


def test_training(folder):
    arguments = [RH, "train", "demo", "--epochs", str(EPOCHS), "--threads", "1", "--name", "run", "--quiet"]
    sample = os.path.join(folder, "sample")
    os.mkdir(sample)
    rh("new", "synthetic", "--count", "16,4,4", "--size", "24", "demo", cwd=sample)
    whole = os.path.join(folder, "whole")
    shutil.copytree(sample, whole)
    subprocess.run(arguments, cwd=whole, check=True, stdout=subprocess.DEVNULL)
    expected = results(os.path.join(whole, "demo", "runs", "run"))

    def check(place, done):
        if done.returncode > 0:
            assert not [name for name in files(place) if ".rh-" in name], files(place)
        states = {entry["run"]: entry["state"] for entry in as_json("runs", "demo", cwd=place)}
        assert set(states) <= {"run"}, states
        if states.get("run") != "finished":
            assert done.returncode != 0
            subprocess.run(arguments, cwd=place, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        rh("runs", "demo", cwd=place)
        assert os.listdir(os.path.join(place, "demo", "runs")) == ["run"]
        now = results(os.path.join(place, "demo", "runs", "run"))
        assert set(now) == set(expected), set(now) ^ set(expected)
        for name in expected:
            assert now[name] == expected[name], name
        assert files(place) == files(whole), set(files(place)) ^ set(files(whole))

    try_all(folder, arguments, lambda place: shutil.copytree(sample, place), check)


STEPS = ["draft", "new", "more", "removed", "answer", "all"]  # of the program that draws, in the order it takes them
MASKS = ["training-0001", "training-0002", "training-0003"]  # on which it draws


def masks(study):
    """Of each mask that is drawn on its rows, or None where there is no file."""
    paths = {name: os.path.join(study, "masks", name + ".png") for name in MASKS}
    return {name: load_grey(path) if os.path.exists(path) else None for name, path in paths.items()}


def inside(rows):
    return sum(value > 0 for row in rows or [] for value in row)


def check_nothing_drawn_is_lost(study, saved, before, after):
    """After a kill: what was on disk by what the program said is there still, and no mask is half there."""
    now = masks(study)
    new, more, removed = MASKS
    if "new" in saved:
        assert now[new] == after[new], "the new mask"
    elif "draft" in saved:
        assert 0 < inside(now[new]) <= inside(after[new]), "the beginning of the new mask"
    assert now[more] in ((after[more],) if "more" in saved else (before[more], after[more])), "what was added"
    assert now[removed] in ((None,) if "removed" in saved else (before[removed], None)), "the mask that was removed"
    if "answer" in saved:
        assert b"training-0003,nothing to mark,nothing here" in content(study, "reading.csv")


def test_drawing(folder):
    if "RH_DRAW" not in os.environ:
        raise tap.Skip("the window is not built")
    arguments = [os.environ["RH_DRAW"], "demo"]
    sample = os.path.join(folder, "sample")
    os.mkdir(sample)
    rh("new", "synthetic", "--count", "4,4,4", "demo", cwd=sample)
    os.remove(os.path.join(sample, "demo", "masks", MASKS[0] + ".png"))
    table = os.path.join(sample, "demo", "images.csv")
    text = content(table).replace(b",masks/training-0001.png", b",")
    with open(table, "wb") as file:
        file.write(text)
    whole = os.path.join(folder, "whole")
    shutil.copytree(sample, whole)
    told = subprocess.run(arguments, cwd=whole, check=True, stdout=subprocess.PIPE, text=True).stdout
    assert told.split() == STEPS, told
    before, after = (masks(os.path.join(place, "demo")) for place in (sample, whole))

    def check(place, done):
        study, words = os.path.join(place, "demo"), done.stdout.splitlines()
        saved = [line for line in words if line in STEPS]
        failures = [line for line in words if line.startswith("told: ")]
        if done.returncode == -signal.SIGKILL:
            check_nothing_drawn_is_lost(study, saved, before, after)
            subprocess.run(arguments, cwd=place, check=True, stdout=subprocess.DEVNULL)
        elif done.returncode == 0:
            assert saved[-1] == "all", words
            assert len(saved) + len(failures) >= len(STEPS), words
        assert all(line.endswith(".") and ".rh-" not in line for line in failures), failures
        assert files(place) == files(whole), set(files(place)) ^ set(files(whole))
        for name in files(whole):
            assert content(place, name) == content(whole, name), name

    try_all(folder, arguments, lambda place: shutil.copytree(sample, place), check)


tap.run(globals())
