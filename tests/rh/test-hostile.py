"""A study, an image or a name that somebody sent, and files that are no files: nobody gets in, nothing is lost."""
import csv
import os
import stat
import subprocess
import struct
import sys
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import tap
from command import as_json, content, refusal, rh, small_study


def trained(folder):
    study = small_study(folder, count="32,16,16")
    rh("train", study, "--method", "baseline", "--epochs", "3", "--quiet")
    return study


def write(text, *path):
    with open(os.path.join(*path), "w") as file:
        file.write(text)


def change(path, old, new):
    text = content(path).decode()
    assert old in text, (old, text)
    write(text.replace(old, new), path)


def victim(folder):
    place = os.path.join(folder, "victim")
    os.mkdir(place)
    write("years of work", place, "thesis.txt")
    return place


def test_resuming_a_sent_run_deletes_nothing_outside_the_study(folder):
    study, place = trained(folder), victim(folder)
    run = os.path.join(study, "runs", os.listdir(os.path.join(study, "runs"))[0])
    for name in os.listdir(os.path.join(run, "history")):
        os.remove(os.path.join(run, "history", name))
    os.rmdir(os.path.join(run, "history"))
    os.symlink("../../../victim", os.path.join(run, "history"))
    change(os.path.join(run, "run.ini"), "state=finished", "state=unfinished")
    sentence = refusal("train", study, "--epochs", "3", "--quiet")
    assert "history" in sentence and "symbolic link" in sentence, sentence
    assert os.listdir(place) == ["thesis.txt"], os.listdir(place)
    told = rh("runs", study)  # it can be looked at, and says so
    assert "symbolic link" in told.stderr and "baseline" in told.stdout, told


def test_a_chart_beside_the_study_is_not_written_through_a_link(folder):
    study, place = trained(folder), victim(folder)
    os.symlink("../victim/thesis.txt", os.path.join(study, "shift.png"))
    told = rh("shift", study)
    assert "symbolic link" in told.stderr and "--out" in told.stderr and "level" in told.stdout, told
    assert content(place, "thesis.txt") == b"years of work"


def test_saving_through_a_link_of_ones_own_keeps_it(folder):
    study = trained(folder)
    for command, name in (("explain", "heat.png"), ("explain", "heat.npy"), ("shift", "s.csv"), ("shift", "s.pdf")):
        link, target = os.path.join(folder, name), os.path.join(folder, "kept-" + name)
        os.symlink("kept-" + name, link)
        rh(command, study, "--out", link)
        assert os.path.islink(link) and os.path.getsize(target) > 100, name


def test_a_device_or_pipe_is_written_to_and_not_replaced(folder):
    study, node = trained(folder), os.path.join(folder, "node")
    for command, name, begin in (("explain", "heat", b"\x89PNG"), ("explain", "heat.npy", b"\x93NUMPY"),
                                 ("explain", "heat.csv", None), ("shift", "s.csv", b"run,"), ("shift", "s.svg", b"<?xml"),
                                 ("shift", "s.pdf", b"%PDF-")):
        pipe = os.path.join(folder, name)
        os.mkfifo(pipe)
        with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
            rh(command, study, "--out", pipe)
            written = reader.communicate()[0]
        assert written.startswith(begin or b"") and written, (name, written[:20])
        assert stat.S_ISFIFO(os.lstat(pipe).st_mode), name
    try:
        os.mknod(node, stat.S_IFCHR | 0o666, os.makedev(1, 3))
        os.close(os.open(node, os.O_WRONLY))
    except OSError as reason:
        raise tap.Skip("a device of the test's own cannot be made here: %s" % reason)
    rh("explain", study, "--out", node)
    rh("shift", study, "--out", node)
    assert stat.S_ISCHR(os.lstat(node).st_mode)


def test_no_cell_of_a_table_of_results_is_run_as_a_formula(folder):
    study = trained(folder)
    table, runs = os.path.join(folder, "all.csv"), os.path.join(study, "runs")
    for name in os.listdir(runs):
        os.rename(os.path.join(runs, name), os.path.join(runs, "=HYPERLINK(1)"))
    rh("shift", study, "--out", table)
    lines = content(table).decode().splitlines()
    assert all(line.startswith("'=HYPERLINK(1),") for line in lines[1:]) and len(lines) > 1, lines
    assert as_json("shift", study)[0]["run"] == "=HYPERLINK(1)"


def test_a_format_that_cannot_be_written_is_refused_before_anything_is_computed(folder):
    study = small_study(folder, count="32,16,16")  # no run: what comes after would be another refusal
    for name in ("x.bmp", "x.tiff", "x.jpg", "x"):
        sentence = refusal("explain", study, "--out", os.path.join(folder, name), status=2)
        assert ".npy" in sentence and name in sentence, sentence
        sentence = refusal("shift", study, "--out", os.path.join(folder, name), status=2)
        assert ".svg" in sentence and name in sentence, sentence


def test_no_escape_sequence_reaches_the_terminal(folder):
    study = trained(folder)
    ini = os.path.join(study, "study.ini")
    change(ini, "one cross;two crosses", "\033[2Jone\u202e;\u009b31mtwo")
    for name in os.listdir(os.path.join(study, "runs")):
        os.rename(os.path.join(study, "runs", name), os.path.join(study, "runs", "a\033[31mb\u202e"))
    table = os.path.join(study, "images.csv")
    change(table, "one cross", "0")
    change(table, "two crosses", "1")
    for text in (rh("explain", study, cwd=folder).stdout, rh("runs", study).stdout, rh("shift", study).stdout,
                 refusal("shift", study, "no\033[5m", status=2)):
        assert not set("\033\u009b\u202e") & set(text), repr(text)
    assert as_json("runs", study)[0]["run"] == "a\033[31mb\u202e"  # nothing of the name is lost to a program
    assert not set("\033\u009b\u202e") & set(rh("runs", study, "--json").stdout)


def patients(folder):
    """Films whose names say whose they are, with all that a PNG can say besides."""
    place = os.path.join(folder, "DOE_ward")
    os.makedirs(os.path.join(place, "masks"))
    lines = ["path,label,confounder,patient,mask"]
    for i in range(48):
        name = "DOE_JOHN_%02d.png" % i
        png(os.path.join(place, name), i, b"Patient\0DOE^JOHN")
        png(os.path.join(place, "masks", name), 255, b"Patient\0DOE^JOHN")
        lines.append("%s,%s,%s,MRN-DOE-%d,masks/%s" % (name, "ab"[i % 2], "xy"[i // 2 % 2], i // 4, name))
    write("\n".join(lines) + "\n", place, "images.csv")
    return place


def png(path, value, text):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    rows = b"".join(b"\0" + bytes((x * 7 + y * 3 + value) % 256 if value < 255 else 255 for x in range(32))
                    for y in range(32))
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 32, 32, 8, 0, 0, 0, 0)) +
                   chunk(b"tEXt", text) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def everything_in(study):
    """Names and contents of all that is in a folder."""
    for place, folders, files in os.walk(study):
        for name in folders + files:
            yield os.path.relpath(os.path.join(place, name), study).encode()
        for name in files:
            yield content(place, name)


def test_patients_get_numbers_and_the_key_is_kept_apart(folder):
    source, study = patients(folder), os.path.join(folder, "study")
    told = rh("new", "folder", source, study, "--pseudonyms").stdout
    key = os.path.join(folder, "study-key.csv")
    assert key in told and "DOE" not in told.replace(key, ""), told
    assert stat.S_IMODE(os.stat(key).st_mode) == 0o600
    rows = [row for row in csv.DictReader(content(key).decode().splitlines()) if row["id"]]
    assert len(rows) == 48 and rows[0]["id"] == "image-0001" and rows[47]["id"] == "image-0048", rows[0]
    assert len({row["group"] for row in rows}) == 12 and rows[0]["group"] == "patient-001", rows[0]
    assert rows[5]["original image"] == "DOE_JOHN_05.png", rows[5]
    assert {(row["group"], row["original group"]) for row in rows[:5]} == {("patient-001", "MRN-DOE-0"),
                                                                      ("patient-002", "MRN-DOE-1")}, rows[:5]
    rh("train", study, "--method", "actdiff", "--epochs", "2", "--quiet")
    rh("explain", study, "--out", os.path.join(study, "heat.png"))
    rh("shift", study, "--out", os.path.join(study, "shift.csv"))
    for found in everything_in(study):
        assert b"DOE" not in found, found[:200]
    os.rename(source, source + "-away")  # all that is needed is in the study
    assert "finished" in rh("runs", study).stdout
    rh("train", study, "--seed", "2", "--epochs", "2", "--quiet")


def test_complaints_about_files_of_patients_are_in_the_key_alone(folder):
    source = patients(folder)
    write("II*\0" + "x" * 200, source, "DOE_JANE.tif")
    write("cut off", source, "DOE_JANE.png")
    write("", source, "masks", "DOE_NOBODY.png")
    change(os.path.join(source, "images.csv"), "DOE_JOHN_07.png,b", "DOE_GONE.png,b")
    for verbose in ([], ["--verbose"]):
        study = "study" + "".join(verbose)
        told = rh("new", "folder", source, study, "--pseudonyms", *verbose, cwd=folder).stdout
        assert "DOE" not in told and "TIFF: 1" in told and "in the key alone" in told, told
        key = content(folder, study + "-key.csv").decode()
        for name in ("DOE_JANE.tif", "DOE_JANE.png", "masks/DOE_NOBODY.png", "DOE_GONE.png", source):
            assert name in key, (name, key)
        for found in everything_in(os.path.join(folder, study)):
            assert b"DOE" not in found, found[:200]


def test_a_folder_given_again_says_what_is_new_and_takes_it(folder):
    source = patients(folder)
    plain = ("new", "folder", source, "study")
    numbered = ("new", "folder", source, "numbers", "--pseudonyms")
    rh(*plain, cwd=folder)
    rh(*numbered, cwd=folder)
    for command in (plain, numbered):
        assert "0 new images and 0 changed labels" in refusal(*command, status=1, cwd=folder)
    png(os.path.join(source, "DOE_NEW.png"), 99, b"Patient\0DOE^NEW")
    table = os.path.join(source, "images.csv")
    change(table, "DOE_JOHN_02.png,a", "DOE_JOHN_02.png,b")
    with open(table, "a") as file:
        file.write("DOE_NEW.png,a,x,MRN-DOE-99,\n")
    for command in (plain, numbered):
        assert "1 new image and 1 changed label" in refusal(*command, status=1, cwd=folder)
    told = rh(*plain, "--add-images", "--take-labels", cwd=folder).stdout
    assert "1 images added, 1 labels taken" in told and "rh split" in told, told
    rows = {row["id"]: row for row in csv.DictReader(content(folder, "study", "images.csv").decode().splitlines())}
    assert len(rows) == 49 and rows["DOE_JOHN_02"]["label"] == "b" and rows["DOE_NEW"]["split"] == "", rows["DOE_NEW"]
    assert "cannot be added" in refusal(*numbered, "--add-images", status=2, cwd=folder)
    assert "1 labels taken" in rh(*numbered, "--take-labels", cwd=folder).stdout
    for found in everything_in(os.path.join(folder, "numbers")):
        assert b"DOE" not in found, found[:200]
    for command in (plain, numbered):
        assert "0 changed labels" in refusal(*command, status=1, cwd=folder)


def test_pseudonyms_change_no_pixel(folder):
    source = patients(folder)
    rh("new", "folder", source, "plain", cwd=folder)
    rh("new", "folder", source, "numbered", "--pseudonyms", "--key", "keys.csv", cwd=folder)
    for study in ("plain", "numbered"):
        rh("train", study, "--method", "actdiff", "--epochs", "2", "--quiet", cwd=folder)
    runs = [content(folder, study, "runs", "actdiff-small-1234", "best.safetensors") for study in ("plain", "numbered")]
    assert runs[0] == runs[1]
    assert os.path.exists(os.path.join(folder, "keys.csv"))


def test_a_key_is_never_in_the_study_nor_in_place_of_another(folder):
    source = patients(folder)
    sentence = refusal("new", "folder", source, "study", "--pseudonyms", "--key", "study/key.csv", status=2, cwd=folder)
    assert "study/key.csv" in sentence and "apart" in sentence, sentence
    write("the key of another study", folder, "key.csv")
    sentence = refusal("new", "folder", source, "study", "--pseudonyms", "--key", "key.csv", cwd=folder)
    assert "key.csv" in sentence and "exists" in sentence, sentence
    assert content(folder, "key.csv") == b"the key of another study"
    assert "both" in refusal("new", "folder", source, "study", "--key", "other.csv", status=2, cwd=folder)
    assert sorted(os.listdir(folder)) == ["DOE_ward", "key.csv"]


tap.run(globals())
