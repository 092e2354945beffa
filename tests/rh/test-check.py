"""rh check: what is amiss in a study is named with its file, what is ours and left over is cleared away if asked, and
nothing else is touched."""
import glob
import os
import shutil
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import made_png
import tap
from command import RH, TRIES, as_json, content, rh, small_study


def study(folder):
    """A study with a finished run; all is well in it."""
    rh("new", "synthetic", "--count", "16,4,4", "--size", "24", "demo", cwd=folder)
    rh("train", "demo", "--epochs", "2", "--name", "run", "--quiet", cwd=folder)
    assert rh("check", "demo", cwd=folder).stdout == "All is well.\n"
    assert as_json("check", "demo", cwd=folder) == []
    return os.path.join(folder, "demo")


def write(data, *path):
    with open(os.path.join(*path), "wb") as file:
        file.write(data)


def snapshot(folder):
    return {os.path.join(place, name): content(place, name) for place, _, names in os.walk(folder) for name in names
            if not os.path.islink(os.path.join(place, name))}


def assert_found(folder, name, word, count=1):
    """One fault, at that file, with that word in its reason; nothing is changed, repaired or not."""
    before = snapshot(os.path.join(folder, "demo"))
    for options in ((), ("--repair",)):
        done = rh("check", "demo", *options, status=1, cwd=folder)
        lines = sorted(done.stdout.splitlines())  # a folder has its entries in no order
        assert len(lines) == count, lines
        assert lines[0].startswith(name + ": ") and word in lines[0], (name, word, lines)
        assert "amiss" in done.stderr
    assert snapshot(os.path.join(folder, "demo")) == before


def test_tables_cut_or_changed(folder):
    demo = study(folder)
    whole = content(demo, "runs", "run", "test.csv")
    write(b"".join(whole.splitlines(True)[:-2]), demo, "runs", "run", "test.csv")
    assert_found(folder, "runs/run", "cut off")
    write(whole.replace(b",0,", b",1,", 1), demo, "runs", "run", "test.csv")
    assert_found(folder, "runs/run", "changed")
    write(whole, demo, "runs", "run", "test.csv")
    rh("check", "demo", cwd=folder)


def test_images_and_masks(folder):
    demo = study(folder)
    shutil.copytree(demo, demo + ".whole")
    image, mask = os.path.join(demo, "images", "test-0001.png"), os.path.join(demo, "masks", "test-0001.png")
    whole = content(image)
    write(whole[:-20], image)
    assert_found(folder, "images/test-0001.png", "test-0001.png", count=2)  # and the run's data are others now
    write(whole, image)
    whole = content(mask)
    write(b"", mask)
    assert_found(folder, "masks/test-0001.png", "test-0001.png")
    write(whole, mask)
    write(whole, demo, "masks", "nobody.png")
    assert_found(folder, "masks/nobody.png", "no image")


def test_a_label_that_was_changed_after_training(folder):
    demo = study(folder)
    table = content(demo, "images.csv").decode().splitlines(True)
    row = next(i for i, line in enumerate(table) if line.startswith("test-"))
    table[row] = (table[row].replace("two crosses", "one cross") if "two crosses" in table[row]
                  else table[row].replace("one cross", "two crosses"))
    write("".join(table).encode(), demo, "images.csv")
    assert_found(folder, "runs/run/run.ini", "other data")


def test_a_split_that_tears_a_group_apart(folder):
    demo = study(folder)
    lines = content(demo, "images.csv").decode().splitlines()
    place = lines[0].split(",").index("group")
    for i, line in enumerate(lines):
        if line.startswith(("training-0001,", "test-0002,")):
            cells = line.split(",")
            cells[place] = "Ms Smith"
            lines[i] = ",".join(cells)
    write(("\n".join(lines) + "\n").encode(), demo, "images.csv")
    assert_found(folder, "images.csv", "“Ms Smith”")


def test_one_picture_in_two_sets(folder):
    rh("new", "phantom", "--count", "16,8,8", "--size", "64", "demo", cwd=folder)
    images = os.path.join(folder, "demo", "images")
    shutil.copy(os.path.join(images, "training-0001.png"), os.path.join(images, "test-0002.png"))
    found = [entry["reason"] for entry in as_json("check", "demo", status=1, cwd=folder)
             if entry["file"] == "images.csv"]
    assert len(found) == 1 and "One picture is in two sets" in found[0] and "“test-0002”" in found[0], found


def test_weights_that_are_no_numbers(folder):
    demo = study(folder)
    best = os.path.join(demo, "runs", "run", "best.safetensors")
    whole = content(best)
    header = struct.unpack("<Q", whole[:8])[0]
    write(whole[:8 + header] + struct.pack("<f", float("nan")) + whole[12 + header:], best)
    assert_found(folder, "runs/run/best.safetensors", "no numbers")
    write(whole[:100], best)
    assert_found(folder, "runs/run/best.safetensors", "best.safetensors")
    os.remove(best)
    assert_found(folder, "runs/run/best.safetensors", "missing")


def test_links_that_lead_out(folder):
    demo = study(folder)
    os.mkdir(os.path.join(folder, "victim"))
    write(b"mine", folder, "victim", "thesis.txt.rh-aB3dE9")
    os.symlink("../victim", os.path.join(demo, "elsewhere"))
    os.symlink("nothing", os.path.join(demo, "nowhere"))
    assert_found(folder, "elsewhere", "out of the study", count=2)
    assert content(folder, "victim", "thesis.txt.rh-aB3dE9") == b"mine"


def test_leftovers(folder):
    demo = study(folder)
    run = os.path.join(demo, "runs", "run")
    ours = {"images.csv.rh-aB3dE9": demo, "test-0001.png.rh-123456": os.path.join(demo, "masks"),
            "state.safetensors": run, "best.pending.rh-ZZZZZZ": run, "metrics.csv.DTB7y3": run,
            "0001.safetensors.AbCdEf": os.path.join(run, "history")}
    theirs = {"images.csv.backup": demo, "study.ini.2024Q1": demo, "run.ini.before": run, "notes.AbCdEf": run}
    before = time.time() - 7200
    for name, place in {**ours, **theirs}.items():
        write(b"x", place, name)
        os.utime(os.path.join(place, name), (before, before))
    os.mkdir(os.path.join(demo, "runs", "nameless"))
    os.mkdir(os.path.join(demo, ".adding"))
    write(b"x", demo, ".adding", "images.csv")
    os.utime(os.path.join(demo, ".adding"), (before, before))
    found = as_json("check", "demo", status=1, cwd=folder)
    names = {os.path.relpath(os.path.join(place, name), demo) for name, place in ours.items()}
    names |= {"runs/nameless", ".adding"}
    assert {entry["file"] for entry in found} == names, found
    for name in names:
        assert os.path.exists(os.path.join(demo, name)), name
    found = as_json("check", "demo", "--repair", cwd=folder)
    assert {entry["file"] for entry in found if entry["repaired"]} == names, found
    for name in names:
        assert not os.path.exists(os.path.join(demo, name)), name
    for name, place in theirs.items():
        assert content(place, name) == b"x", name
    assert rh("check", "demo", cwd=folder).stdout == "All is well.\n"


def kill_while_adding(folder):
    """Adds images to the study “demo” and kills the program in the midst of it; one that is over before the kill comes
    is tried again. Gives the folder that is left."""
    demo, whole = os.path.join(folder, "demo"), os.path.join(folder, "whole")
    shutil.copytree(demo, whole)
    for _ in range(TRIES):
        process = subprocess.Popen([RH, "new", "folder", "films", "demo", "--add-images"], cwd=folder,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and not glob.glob(os.path.join(demo, "adding.rh-*")):
            pass
        process.kill()
        process.wait()
        left = [os.path.basename(path) for path in glob.glob(os.path.join(demo, "adding.rh-*"))]
        if left:
            shutil.rmtree(whole)
            return left[0]
        shutil.rmtree(demo)
        shutil.copytree(whole, demo)
    raise AssertionError("no adding was killed in its midst")


def test_images_whose_adding_was_killed(folder):
    films = os.path.join(folder, "films")

    def add_films(label, first, count):
        os.makedirs(os.path.join(films, label), exist_ok=True)
        for i in range(first, first + count):
            made_png.save(os.path.join(films, label, "%s%d.png" % (label, i)),
                          [[(x * y + 3 * i + (label == "yes")) % 256 for x in range(64)] for y in range(64)])
    for label in ("no", "yes"):
        add_films(label, 0, 6)
    rh("new", "folder", "films", "demo", cwd=folder)
    add_films("yes", 6, 60)
    left = kill_while_adding(folder)
    assert [entry["file"] for entry in as_json("check", "demo", status=1, cwd=folder)] == [left]
    assert [entry["repaired"] for entry in as_json("check", "demo", "--repair", cwd=folder)] == [True]
    assert not os.path.exists(os.path.join(folder, "demo", left))
    left = kill_while_adding(folder)
    assert "60 images added" in rh("new", "folder", "films", "demo", "--add-images", cwd=folder).stdout
    assert not os.path.exists(os.path.join(folder, "demo", left))
    assert rh("check", "demo", cwd=folder).stdout == "All is well.\n"


def test_no_study(folder):
    rh("check", "nothing", status=1, cwd=folder)
    write(b"[study", small_study(folder), "study.ini")
    lines = rh("check", "demo", status=1, cwd=folder).stdout.splitlines()
    assert len(lines) == 1 and "study.ini" in lines[0], lines


tap.run(globals())
