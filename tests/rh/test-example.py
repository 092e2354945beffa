"""The way through the program that its manual shows, and the effect it is about."""
import csv
import os
import statistics
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import tap
from command import as_json, content, refusal, rh, small_study

KEYS = {"run", "method", "seed", "level", "accuracy", "auc", "auc_low", "auc_high"}


def png_size(path):
    head = content(path)[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n", path
    return struct.unpack(">II", head[16:24])


def at(points, method, level):
    return next(p for p in points if p["method"] == method and abs(p["level"] - level) < 1e-9)


def test_the_example(folder):
    rh("new", "synthetic", "--variant", "hard", "demo", cwd=folder)
    for method in ("baseline", "actdiff"):
        text = rh("train", "demo", "--method", method, "--network", "small", "--seed", "1234", cwd=folder).stdout
        assert "%s-small-1234: best epoch" % method in text and "images/s" in text, text
    table = rh("shift", "demo", cwd=folder).stdout
    assert "baseline-small-1234" in table and "actdiff-small-1234" in table
    assert min(png_size(os.path.join(folder, "demo", "shift.png"))) > 300
    points = as_json("shift", "demo", cwd=folder)
    assert len(points) == 22 and all(KEYS <= set(point) for point in points)
    assert at(points, "baseline", 0)["auc"] > 0.95 and at(points, "baseline", 1)["auc"] < 0.1
    assert at(points, "actdiff", 0)["auc"] > 0.9 and at(points, "actdiff", 1)["auc"] > 0.9
    for point in points:
        assert point["auc_low"] <= point["auc"] <= point["auc_high"], point
        assert point["run"] == point["method"] + "-small-1234" and point["seed"] == 1234, point
    rh("explain", "demo", "--map", "integrated-gradients", "--image", "3", "--out", "heat.png", cwd=folder)
    assert min(png_size(os.path.join(folder, "heat.png"))) > 300


def test_runs_and_names(folder):
    small_study(folder)
    train = ["train", "demo", "--epochs", "6", "--quiet"]
    rh(*train, "--seed", "1,2", cwd=folder)
    rh(*train, "--seed", "1", "--again", cwd=folder)
    rh(*train, "--seed", "3", "--name", "mine", cwd=folder)
    runs = as_json("runs", "demo", cwd=folder)
    assert sorted(run["run"] for run in runs) == ["baseline-small-1", "baseline-small-1-2", "baseline-small-2",
                                                  "mine"], runs
    assert all(run["state"] == "finished" and run["epochs_done"] == 6 for run in runs)
    assert "mine" in rh("runs", "demo", cwd=folder).stdout
    assert "mine" in refusal("shift", "demo", "nonsense", status=2, cwd=folder)


def test_progress_goes_to_standard_error(folder):
    small_study(folder)
    done = rh("train", "demo", "--epochs", "5", cwd=folder)
    assert "epoch 5 of 5" in done.stderr and "\r" not in done.stderr
    assert "epoch 3" not in done.stdout
    assert rh("train", "demo", "--epochs", "5", "--again", "--quiet", cwd=folder).stderr == ""
    result = as_json("train", "demo", "--epochs", "5", "--seed", "9", cwd=folder)
    assert result["run"] == "baseline-small-9" and result["images_per_second"] > 0 and result["epochs"] == 5
    assert 1 <= result["best_epoch"] <= 5 and 0 <= result["auc_conflicting"] <= 1


def test_progress_on_a_terminal_is_one_line(folder):
    import pty
    import subprocess
    small_study(folder)
    master, slave = pty.openpty()
    process = subprocess.Popen([os.environ["RH"], "train", "demo", "--epochs", "60"], cwd=folder, stderr=slave,
                               stdout=subprocess.DEVNULL)
    os.close(slave)
    seen = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    assert process.wait(60) == 0
    assert b"\r\x1b[K" in seen and b" of 60" in seen and b" left" in seen and b"\n" not in seen, seen[-500:]


def test_chart_formats(folder):
    small_study(folder)
    rh("train", "demo", "--epochs", "5", "--seed", "1-3", "--quiet", cwd=folder)
    for suffix, start in (("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF"), ("csv", b"")):
        rh("shift", "demo", "--levels", "5", "--out", "chart." + suffix, cwd=folder)
        assert content(folder, "chart." + suffix).startswith(start) and len(content(folder, "chart." + suffix)) > 50
    rh("shift", "demo", "--out", "chart.gif", status=2, cwd=folder)
    means = as_json("shift", "demo", "--by-method", cwd=folder)
    assert len(means) == 11 and means[0]["runs"] == 3 and "run" not in means[0]
    single = as_json("shift", "demo", cwd=folder)
    for mean in means:
        level = [point["auc"] for point in single if abs(point["level"] - mean["level"]) < 1e-9]
        assert len(level) == 3 and abs(sum(level) / 3 - mean["auc"]) < 1e-9
        assert mean["auc_lowest"] == min(level) and mean["auc_highest"] == max(level)
        reach = 4.302652730 * statistics.stdev(level) / 3 ** 0.5  # Student's t with two degrees of freedom
        if reach > 0:
            assert abs(mean["auc_low"] - max(0, mean["auc"] - reach)) < 1e-6, (mean, level)
            assert abs(mean["auc_high"] - min(1, mean["auc"] + reach)) < 1e-6, (mean, level)
        assert mean["auc_low"] < mean["auc_high"], "an interval is no point"
    told = rh("shift", "demo", cwd=folder).stdout
    assert "baseline-small (n = 3), mean over 3 trainings, same test images\n" in told, told
    lone = as_json("shift", "demo", "baseline-small-2", "--by-method", cwd=folder)
    assert lone == [point for point in single if point["run"] == "baseline-small-2"], "one run is no mean"
    rh("shift", "demo", "--by-method", "--out", "means.csv", cwd=folder)
    assert b",trainings,t," in content(folder, "means.csv")
    one = as_json("shift", "demo", "baseline-small-2", cwd=folder)
    assert {point["run"] for point in one} == {"baseline-small-2"}


def test_explain_takes_a_number_or_an_id_and_writes_values(folder):
    small_study(folder)
    rh("train", "demo", "--epochs", "5", "--quiet", cwd=folder)
    with open(os.path.join(folder, "demo", "images.csv"), newline="") as file:
        tests = [row for row in csv.DictReader(file) if row["split"] == "test"]
    assert len(tests) == 32
    first = as_json("explain", "demo", "--image", "3", "--out", "a.npy", cwd=folder)
    again = as_json("explain", "demo", "--image", first["image"], "--out", "b.npy", cwd=folder)
    assert first["image"] in tests[2]["path"] and first["split"] == "test"
    assert content(folder, "a.npy") == content(folder, "b.npy") and first["iou"] == again["iou"]
    raw = content(folder, "a.npy")
    assert raw[:6] == b"\x93NUMPY" and len(raw) - 10 - struct.unpack("<H", raw[8:10])[0] == 28 * 28 * 4
    values = struct.unpack("<784f", raw[-28 * 28 * 4:])
    rh("explain", "demo", "--image", "3", "--out", "a.csv", cwd=folder)
    with open(os.path.join(folder, "a.csv")) as file:
        cells = [float(cell) for row in csv.reader(file) for cell in row]
    assert len(cells) == 784 and max(abs(a - b) for a, b in zip(cells, values)) < 1e-6 and any(cells)
    for name in ("iou", "iop", "iot", "iou_chance", "iop_chance", "iot_chance", "probability_class1"):
        assert 0 <= first[name] <= 1, (name, first[name])
    for kind in ("gradient", "occlusion", "integrated-gradients"):
        assert as_json("explain", "demo", "--map", kind, "--image", "20", cwd=folder)["map"] == kind
    mirrored = as_json("explain", "demo", "--image", "3", "--mirror", cwd=folder)
    assert mirrored["mirrored"] and mirrored["logit1"] != first["logit1"]
    for image in ("0", "33", "nonsense"):
        assert "test images" in refusal("explain", "demo", "--image", image, status=2, cwd=folder) or image == "33"


def test_radiographs(folder):
    source = tap.shared("data/cxr/rsna_nih_mini")
    before = sorted(os.listdir(source))
    summary = rh("new", "folder", source, "views", "--size", "64", cwd=folder).stdout
    assert "PA" in summary and "AP" in summary and "split curve" in summary, summary
    rh("train", "views", "--network", "small", "--seed", "1,2,3", "--quiet", cwd=folder)
    points = as_json("shift", "views", "--by-method", cwd=folder)
    assert points[0]["level"] == 0 and points[0]["auc"] > 0.95, points[0]
    assert points[-1]["level"] == 1 and points[-1]["auc"] < 0.2, points[-1]
    with open(os.path.join(folder, "views", "images.csv"), newline="") as file:
        rows = list(csv.DictReader(file))
    sides = {}
    for row in rows:
        if row["split"]:
            sides.setdefault(row["group"], set()).add(row["split"])
    assert all(len(split) == 1 for split in sides.values())
    rh("split", "views", "--split", "paper", "--ratio", "0.8", cwd=folder)
    with open(os.path.join(folder, "views", "images.csv"), newline="") as file:
        assert [row["split"] for row in csv.DictReader(file)] != [row["split"] for row in rows]
    heat = as_json("explain", "views", "--map", "occlusion", "--out", "heat.png", cwd=folder)
    assert heat["run"].startswith("baseline-small") and png_size(os.path.join(folder, "heat.png"))[0] > 300
    assert sorted(os.listdir(source)) == before


tap.run(globals())
