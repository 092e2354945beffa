"""Input that is broken or of another kind than said: one clear sentence, and nothing else is lost."""
import os
import resource
import shutil
import struct
import sys
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import tap
from command import content, refusal, rh, small_study


def png(path, width, height, value=128):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    rows = b"".join(b"\0" + bytes((x * 7 + y * 3 + value) % 256 for x in range(width)) for y in range(height))
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) +
                   chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def source(folder, count=48, header="path,label,confounder,group,mask", label=None):
    """A folder of images with a table, as another program might have written it."""
    place = os.path.join(folder, "source")
    os.makedirs(os.path.join(place, "masks"))
    lines = [header]
    for i in range(count):
        png(os.path.join(place, "%02d.png" % i), 32, 32, i)
        png(os.path.join(place, "masks", "%02d.png" % i), 32, 32, 255)
        lines.append("%02d.png,%s,%s,p%d,masks/%02d.png" % (i, label or "ab"[i % 2], "xy"[i // 2 % 2], i, i))
    with open(os.path.join(place, "images.csv"), "w") as file:
        file.write("\n".join(lines) + "\n")
    return place


def write(text, *path):
    with open(os.path.join(*path), "w" if isinstance(text, str) else "wb") as file:
        file.write(text)


def test_good_source(folder):
    source(folder)
    text = rh("new", "folder", "source", "study", cwd=folder).stdout
    assert "48 image files: 48 taken, 0 left out\n  48 mask files: 48 taken, 0 left out\n" in text, text


def test_broken_images_are_left_out_and_named(folder):
    place = source(folder)
    write("this is no image", place, "05.png")
    whole = content(place, "06.png")
    write(whole[:len(whole) // 2], place, "06.png")
    os.remove(os.path.join(place, "07.png"))
    text = rh("new", "folder", "source", "study", cwd=folder).stdout
    assert "47 image files: 45 taken, 2 left out (broken: 2)" in text, text
    assert "rows of the table that name no image: 1" in text, text
    assert "05.png" in text and "The same goes for 1 other." in text and "07.png" in text, text
    text = rh("new", "folder", "source", "again", "--verbose", cwd=folder).stdout
    for name in ("05.png", "06.png", "07.png"):
        assert name in text, (name, text)


def test_mask_of_another_size_is_named_with_both_sizes(folder):
    place = source(folder)
    png(os.path.join(place, "masks", "08.png"), 20, 30)
    text = rh("new", "folder", "source", "study", cwd=folder).stdout
    line = next(line for line in text.splitlines() if "08.png" in line)
    assert "20" in line and "30" in line and "32" in line, line


def test_missing_column(folder):
    source(folder, header="path,something,confounder,group,mask")
    sentence = refusal("new", "folder", "source", "study", cwd=folder)
    assert "images.csv" in sentence and "label" in sentence, sentence
    sentence = refusal("new", "folder", "source", "study", "--label", "diagnosis", cwd=folder)
    assert "images.csv" in sentence and "diagnosis" in sentence, sentence
    assert not os.path.exists(os.path.join(folder, "study"))


def test_third_class_is_refused_and_can_be_joined(folder):
    place = source(folder)
    lines = content(place, "images.csv").decode().splitlines()
    lines[9] = lines[9].replace(",a,", ",perhaps,").replace(",b,", ",perhaps,")
    write("\n".join(lines), place, "images.csv")
    sentence = refusal("new", "folder", "source", "study", cwd=folder)
    assert "images.csv" in sentence and "“perhaps” (1)" in sentence, sentence
    text = rh("new", "folder", "source", "study", "--positive", "b,perhaps", "--negative", "a", cwd=folder).stdout
    assert "classes: 0 is “a”, 1 (positive) is “b, perhaps”" in text, text
    text = rh("new", "folder", "source", "other", "--positive", "b", "--negative", "a", cwd=folder).stdout
    assert "images without a label: 1" in text and "“perhaps” (1)" in text, text


def test_patient_in_two_sets_is_not_trained_with(folder):
    source(folder)
    rh("new", "folder", "source", "study", cwd=folder)
    place = os.path.join(folder, "study", "images.csv")
    text = content(place).decode()
    lines = [line.split(",") for line in text.splitlines()]
    split, group = lines[0].index("split"), lines[0].index("group")
    first = next(line for line in lines if line[split] == "training")
    second = next(line for line in lines if line[split] == "test")
    second[group] = first[group]
    write("\n".join(",".join(line) for line in lines) + "\n", place)
    sentence = refusal("train", "study", "--epochs", "1", cwd=folder)
    assert first[group] in sentence and "line %d" % (lines.index(second) + 1) in sentence, sentence


def test_empty_folder(folder):
    os.mkdir(os.path.join(folder, "empty"))
    assert "empty" in refusal("new", "folder", "empty", "study", cwd=folder)
    assert "nowhere" in refusal("new", "folder", "nowhere", "study", cwd=folder)
    assert sorted(os.listdir(folder)) == ["empty"]


def test_no_study(folder):
    os.mkdir(os.path.join(folder, "images"))
    for command in ("train", "shift", "explain", "runs", "split"):
        assert "rh new folder images" in refusal(command, "images", cwd=folder)
        assert "rh new synthetic nowhere" in refusal(command, "nowhere", cwd=folder)


def test_study_that_exists_is_not_overwritten(folder):
    small_study(folder)
    before = content(folder, "demo", "images.csv")
    assert "demo" in refusal("new", "synthetic", "demo", cwd=folder)
    source(folder)
    assert "demo" in refusal("new", "folder", "source", "demo", cwd=folder)
    assert content(folder, "demo", "images.csv") == before


def test_damaged_study(folder):
    small_study(folder)
    for name, text in (("images.csv", "nothing,here\n1,2\n"), ("study.ini", "\0\1\2 nonsense"), ("study.ini", ""),
                       ("images.csv", "")):
        shutil.copytree(os.path.join(folder, "demo"), os.path.join(folder, "copy"))
        write(text, folder, "copy", name)
        assert name in refusal("train", "copy", cwd=folder)
        shutil.rmtree(os.path.join(folder, "copy"))


def test_image_lost_from_a_study_is_named(folder):
    study = small_study(folder)
    images = os.path.join(study, "images")
    names = sorted(os.path.relpath(os.path.join(place, name), study) for place, _, files in os.walk(images)
                   for name in files)
    write("no image", study, names[0])
    done = rh("train", "demo", "--epochs", "5", cwd=folder)
    assert any(line.startswith("rh: ") and os.path.basename(names[0]) in line for line in done.stderr.splitlines())


def test_weights_of_another_shape(folder):
    study = small_study(folder)
    rh("train", "demo", "--epochs", "5", "--quiet", "--name", "one", cwd=folder)
    rh("train", "demo", "--epochs", "5", "--quiet", "--name", "two", "--width", "8", cwd=folder)
    weights = os.path.join(study, "runs", "one", "best.safetensors")
    shutil.copy(os.path.join(study, "runs", "two", "best.safetensors"), weights)
    sentence = refusal("explain", "demo", "--run", "one", cwd=folder)
    assert "best.safetensors" in sentence, sentence
    write(content(weights)[:100], weights)
    assert "best.safetensors" in refusal("explain", "demo", "--run", "one", cwd=folder)
    os.remove(weights)
    assert "best.safetensors" in refusal("explain", "demo", "--run", "one", cwd=folder)


def test_broken_run_does_not_hide_the_others(folder):
    study = small_study(folder)
    rh("train", "demo", "--epochs", "5", "--quiet", "--name", "good", cwd=folder)
    shutil.copytree(os.path.join(study, "runs", "good"), os.path.join(study, "runs", "bad"))
    write("nonsense", study, "runs", "bad", "run.ini")
    done = rh("shift", "demo", cwd=folder)
    assert "good" in done.stdout and "bad" in done.stderr, done


def as_nobody():
    return {"user": 65534, "group": 65534, "extra_groups": []} if os.getuid() == 0 else {}


def test_read_only_folder(folder):
    study = small_study(folder)
    locked = os.path.join(folder, "locked")
    os.mkdir(locked)
    os.chmod(locked, 0o555)
    assert "locked" in refusal("new", "synthetic", "locked/demo", cwd=folder, **as_nobody())
    os.chmod(study, 0o555)
    sentence = refusal("train", "demo", "--epochs", "5", cwd=folder, **as_nobody())
    assert "demo" in sentence and "ermission denied" in sentence, sentence
    os.chmod(study, 0o755)


def limit_files(size):
    """A disk that is full, as a program sees it: writing beyond `size` bytes of a file fails."""
    return {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))}


def test_full_disk(folder):
    study = small_study(folder)
    assert "shift" not in os.listdir(study)
    refusal("new", "synthetic", "other", cwd=folder, **limit_files(64))
    assert sorted(os.listdir(folder)) == ["demo"]
    sentence = refusal("train", "demo", "--epochs", "5", "--quiet", cwd=folder, **limit_files(20000))
    assert "File too large" in sentence and "Make room" in sentence, sentence
    rh("train", "demo", "--epochs", "5", "--quiet", cwd=folder)
    before = content(folder, "demo", "images.csv")
    refusal("explain", "demo", "--out", "heat.png", cwd=folder, **limit_files(100))
    assert content(folder, "demo", "images.csv") == before and sorted(os.listdir(folder)) == ["demo"]


def test_verify_refuses_what_is_no_reference(folder):
    write("nonsense", folder, "file.safetensors")
    sentence = rh("verify", "file.safetensors", status=1, cwd=folder).stderr.splitlines()[0]
    assert "file.safetensors" in sentence, sentence
    assert "nowhere" in rh("verify", "nowhere", status=1, cwd=folder).stderr.splitlines()[0]


tap.run(globals())
