"""What is said of runs that are trained: their settings, and when their result is none."""
import csv
import hashlib
import io
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import tap
from command import as_json, content, refusal, rh, small_study


def train(folder, *arguments):
    return rh("train", "demo", "--epochs", "2", "--quiet", *arguments, cwd=folder)


def doubts(folder):
    return {run["run"]: run["doubt"] for run in as_json("runs", "demo", cwd=folder)}


def put_scores(folder, run, **columns):
    """Gives every test image these scores, as a training that came to them would have left them."""
    place = os.path.join(folder, "demo", "runs", run)
    with open(os.path.join(place, "test.csv"), newline="") as file:
        rows = list(csv.DictReader(file))
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, **columns} for row in rows)
    scores = text.getvalue().encode()
    before = hashlib.sha256(content(place, "test.csv")).hexdigest().encode()
    settings = content(place, "run.ini")
    assert before in settings, settings
    for name, data in (("test.csv", scores),
                       ("run.ini", settings.replace(before, hashlib.sha256(scores).hexdigest().encode()))):
        with open(os.path.join(place, name), "wb") as file:
            file.write(data)


def test_a_diverged_run_says_so(folder):
    small_study(folder)
    said = train(folder, "--method", "rrr", "--lr", "10", "--lambda", "1000000").stdout
    assert "The training diverged" in said and "lower learning rate" in said, said
    assert "The training diverged" in doubts(folder)["rrr-small-1234"]
    assert "The training diverged" in rh("runs", "demo", cwd=folder).stdout


def test_a_run_that_learnt_says_nothing(folder):
    small_study(folder)
    rh("train", "demo", "--epochs", "8", "--quiet", cwd=folder)
    assert list(doubts(folder).values()) == [None], doubts(folder)


def test_a_run_that_learnt_nothing_at_any_level_says_so(folder):
    small_study(folder)
    train(folder, "--name", "run")
    put_scores(folder, "run", logit0="0", logit1="0")
    doubt = doubts(folder)["run"]
    assert doubt is not None and ("Nothing was learnt" in doubt), doubt


def test_scores_that_are_no_numbers_are_no_class(folder):
    small_study(folder)
    train(folder, "--name", "run")
    put_scores(folder, "run", logit1="nan")
    run, = as_json("runs", "demo", cwd=folder)
    assert "scores that are no numbers in 64 of 64 rows" in run["doubt"] and "diverged" in run["doubt"], run
    assert all(run[name] is None for name in ("accuracy_aligned", "test_accuracy", "auc_aligned", "test_auc")), run
    text = rh("runs", "demo", cwd=folder)
    assert run["doubt"] in text.stdout and text.stderr == "", text


def test_settings_that_differ_are_shown(folder):
    small_study(folder)
    for weight in ("0.1", "10"):
        train(folder, "--method", "actdiff", "--lambda", weight)
    text = rh("runs", "demo", cwd=folder).stdout
    assert "λ 0.1" in text and "λ 10" in text and "accuracy" in text, text
    runs = as_json("runs", "demo", cwd=folder)
    assert [run["settings"]["lambda"] for run in runs] == [0.1, 10], runs
    for run in runs:
        assert {"learning_rate", "batch", "mask_blur", "mask_fraction", "epochs", "validation"} <= set(run["settings"])
        assert run["created"].endswith("Z") and len(run["images_sha256"]) == 64 and run["seconds"] > 0, run


def test_options_that_do_nothing_are_refused(folder):
    small_study(folder)
    train(folder)
    for option, value, kind in (("--window", "5", "integrated-gradients"), ("--stride", "3", "gradient"),
                                ("--fill", "0.5", "integrated-gradients"), ("--nodes", "7", "gradient"),
                                ("--nodes", "7", "occlusion")):
        told = refusal("explain", "demo", "--map", kind, option, value, status=2, cwd=folder)
        assert "%s has no meaning for the map %s" % (option, kind) in told, told
    told = refusal("explain", "demo", "--nodes", "100000000", status=2, cwd=folder)
    assert "not 100000000." in told, told
    told = refusal("new", "folder", "here", "there", "--confounder", "sex", "--confounder", "view", status=2, cwd=folder)
    assert "--confounder is given twice" in told, told


def test_a_probability_says_of_which_class(folder):
    small_study(folder)
    train(folder)
    told = as_json("explain", "demo", "--map", "gradient", cwd=folder)
    assert 0 <= told["probability_class1"] <= 1 and told["class1"] == "two crosses", told
    text = rh("explain", "demo", "--map", "gradient", cwd=folder).stdout
    assert "probability of two crosses %.3f" % told["probability_class1"] in text, text


tap.run(globals())
