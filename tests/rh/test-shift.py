"""What rh shift says of how certain its values are, and of what they are."""
import csv
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import tap
from command import as_json, refusal, rh, small_study

INTERVALS = ("accuracy", "auc")


def trained(folder, name="demo", epochs=2, **more):
    study = small_study(folder, name, **more)
    rh("train", name, "--epochs", epochs, "--seed", "1-2", "--quiet", cwd=folder)
    return study


def rewrite(study, change):
    """images.csv with its rows, dictionaries, as `change` leaves them."""
    path = os.path.join(study, "images.csv")
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    change(rows)
    with open(path, "w", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows(rows)


def width(point, value):
    return point[value + "_high"] - point[value + "_low"]


def test_no_interval_is_a_point(folder):
    trained(folder)
    for options in ((), ("--by-method",)):
        for point in as_json("shift", "demo", *options, cwd=folder):
            for value in INTERVALS:
                assert point[value + "_low"] <= point[value] <= point[value + "_high"], point
                assert width(point, value) > 0.01, point


def test_patients_widen_intervals(folder):
    study = trained(folder)
    alone = as_json("shift", "demo", "--levels", "3", cwd=folder)

    def group(rows):
        test = [row for row in rows if row["split"] == "test"]
        for label in {row["label"] for row in test}:
            for place, row in enumerate(row for row in test if row["label"] == label):
                row["group"] = "%s patient %d" % (label, place // 4)

    rewrite(study, group)
    patients = as_json("shift", "demo", "--levels", "3", cwd=folder)
    assert [point["auc"] for point in alone] == [point["auc"] for point in patients]
    for before, after in zip(alone, patients):
        assert before["interval_over"] == "images" and after["interval_over"] == "patients"
        assert before["patients_1_aligned"] == 16 and after["patients_1_aligned"] == 4, after
        assert before["images_1_aligned"] == after["images_1_aligned"] == 16
        assert width(after, "accuracy") > width(before, "accuracy"), (before, after)
    assert "16 conflicting of 4 and 4 patients" in rh("shift", "demo", cwd=folder).stdout


def test_two_versions_of_an_image_are_one_observation(folder):
    """Else the interval at level one half would be as if there were twice as many images."""
    trained(folder)
    for run in ("baseline-small-1", "baseline-small-2"):
        point = as_json("shift", "demo", run, "--levels", "2", cwd=folder)[0]
        assert point["images_0_aligned"] == point["images_0_conflicting"] == 16
    told = rh("shift", "demo", "baseline-small-1", "--levels", "3", cwd=folder).stdout
    assert "16 + 16\n" in told and "32 + 32\n" in told and "16 aligned and 16 conflicting" in told, told


def test_the_crossing_is_that_of_the_curve_whatever_levels_are_printed(folder):
    trained(folder)
    found = {point["crossing"] for levels in (2, 3, 11) for point in
             as_json("shift", "demo", "baseline-small-1", "--levels", levels, cwd=folder)}
    assert len(found) == 1, found
    ends = as_json("shift", "demo", "baseline-small-1", "--levels", "3", cwd=folder)
    level = found.pop()
    if level is not None:  # the quadratic through three of its points
        start, middle, end = (point["auc"] for point in ends)
        a, b = 2 * (start - 2 * middle + end), 4 * middle - 3 * start - end
        assert abs(a * level * level + b * level + start - 0.5) < 1e-9


def test_results_of_other_data_are_said_to_be(folder):
    trained(folder)
    other = small_study(folder, "other", count="64,32,30")
    os.makedirs(os.path.join(other, "runs"))
    shutil.copytree(os.path.join(folder, "demo", "runs", "baseline-small-1"), os.path.join(other, "runs", "guest"))
    for command in (("shift", "other"), ("runs", "other"), ("explain", "other", "--map", "gradient")):
        assert "“guest” was trained and tested on other images" in rh(*command, cwd=folder).stderr, command
        assert "other images" not in rh(command[0], "demo", *command[2:], cwd=folder).stderr, command
    assert {point["data"] for point in as_json("shift", "other", cwd=folder)} == {"other"}
    assert {run["data"] for run in as_json("runs", "demo", cwd=folder)} == {"same"}

    def relabel(rows):
        row = next(row for row in rows if row["split"] == "test")
        row["split"] = ""

    rewrite(os.path.join(folder, "demo"), relabel)
    assert {run["data"] for run in as_json("runs", "demo", cwd=folder)} == {"other"}


def test_one_table_holds_what_json_holds(folder):
    trained(folder)
    rh("train", "demo", "--epochs", "2", "--method", "actdiff", "--lambda", "0.5", "--quiet", cwd=folder)
    for options in ((), ("--by-method",)):
        points = as_json("shift", "demo", "--levels", "3", *options, cwd=folder)
        rh("shift", "demo", "--levels", "3", "--out", "all.csv", *options, cwd=folder)
        with open(os.path.join(folder, "all.csv"), newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == len(points) > 3
        for row, point in zip(rows, points):
            for key, value in point.items():
                if value is None:
                    assert row[key] == "", (key, row)
                elif isinstance(value, bool):
                    assert row[key] == str(value).lower(), (key, row[key], value)
                elif isinstance(value, (int, float)):
                    assert float(row[key]) == value, (key, row[key], value)
                else:
                    assert row[key] == str(value), (key, row[key], value)
        methods = {(row["method"], row["lambda"]) for row in rows}
        assert methods == {("baseline", ""), ("actdiff", "0.5")}, methods
        assert all(row["learning_rate"] and row["images_sha256"] and row["select_by"] for row in rows)


def test_a_chart_nobody_asked_for_is_no_reason_to_fail(folder):
    study = trained(folder)
    os.mkdir(os.path.join(study, "shift.png"))  # where it would be written nothing can
    done = rh("shift", "demo", cwd=folder)
    assert "No chart was written" in done.stderr and "baseline-small-2" in done.stdout, done
    rh("shift", "demo", "--out", os.path.join(study, "shift.png"), status=1, cwd=folder)


def test_a_format_is_refused_before_anything_is_printed(folder):
    trained(folder)
    done = rh("shift", "demo", "--out", "chart.jpg", status=2, cwd=folder)
    assert done.stdout == "", done.stdout
    assert "closed-form or bootstrap" in refusal("shift", "demo", "--intervals", "exact", status=2, cwd=folder)


def test_the_bootstrap_is_an_option(folder):
    trained(folder)
    closed, drawn, again = (as_json("shift", "demo", "baseline-small-1", "--levels", "3", *options, cwd=folder)
                            for options in ((), ("--intervals", "bootstrap"), ("--intervals", "bootstrap")))
    assert drawn == again
    for one, other in zip(closed, drawn):
        assert one["auc"] == other["auc"] and other["interval_by"] == "bootstrap"
        assert other["auc_low"] <= other["auc"] <= other["auc_high"]


tap.run(globals())
