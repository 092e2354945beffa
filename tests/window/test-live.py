"""The live loop: a network is trained anew whenever masks change, and is seen seconds after the stroke; how many is
told. Runs under session.py; each case says which ones it goes on from."""
import os
import re
import time

from cases import follows, run_tests
from desktop import command, wait
from views import HOME, Program, park_pointer

RH = os.environ["RH"]
CURVE, MAP = r"live curve [\d.]+ s", r"live map [\d.]+ s"
NOW, BEFORE = "with your masks now", "before your last stroke"
program = None


def toggle():
    return program.find("check box", "Retrain while I draw")


def status():
    return program.label("Live training")


def trained():
    return re.search(r"(\d+) epochs?, trained in", status())


def open_study(folder, *options, dark=False):
    """A study of the built-in images, at the given size."""
    global program
    path = os.path.join(HOME, "study-%d" % Program.count)
    command(RH, "new", "synthetic", *options, path)
    program = Program(path, dark=dark)
    return path


def runs(study):
    folder = os.path.join(study, "runs")
    return sorted(os.listdir(folder)) if os.path.isdir(folder) else []


def switch_on():
    program.choose_method("actdiff")
    toggle().click()
    wait(trained, "a live network")
    wait(lambda: NOW in program.shift_values(), "its curve")
    wait(lambda: program.label("Prediction").startswith("Prediction: "), "its prediction")


def draw(points, tool="Brush"):
    """A broad stroke; gives the seconds from its end until scores and curve, and until the heatmap, are new."""
    program.find("push button", tool).click()
    program.find("slider", "Brush size").value = 7
    park_pointer()
    program.window.take_in()
    curves, maps = (len(program.logged(what)) for what in (CURVE, MAP))
    program.canvas().stroke(points)
    ended = time.monotonic()
    park_pointer()
    wait(lambda: len(program.logged(CURVE)) > curves, "a new curve", step=0.01)
    curve = time.monotonic() - ended
    wait(lambda: len(program.logged(MAP)) > maps, "a new heatmap", step=0.01)
    return curve, time.monotonic() - ended


def answers_strokes(what):
    # The network was told where to look and is told otherwise: a large false mask, then another one.
    for points in ([(0.3, 0.25), (0.7, 0.25)], [(0.3, 0.75), (0.7, 0.75)], [(0.35, 0.3), (0.35, 0.7)]):
        before = program.canvas().pixels()
        curve, heatmap = draw(points)
        print("# %s: curve and scores after %.2f s, heatmap after %.2f s" % (what, curve, heatmap))
        assert program.canvas().pixels() != before
        assert BEFORE in program.shift_values() and NOW in program.shift_values(), program.shift_values()


def test_off_until_switched_on(folder):
    global study
    study = open_study(folder)
    assert not toggle().is_pressed() and status() == ""
    assert NOW not in program.shift_values()


@follows(test_off_until_switched_on)
def test_a_switch_trains_at_once(folder):
    switch_on()
    print("# " + status())
    assert BEFORE not in program.shift_values()
    assert program.label("Prediction") and "IoU" in program.label("Prediction"), program.label("Prediction")
    program.screenshot("live-1-on")


@follows(test_a_switch_trains_at_once)
def test_a_stroke_is_answered(folder):
    answers_strokes("500 images of 28×28")
    program.screenshot("live-2-stroke")


@follows(test_a_switch_trains_at_once)
def test_the_same_masks_give_the_same_network(folder):
    """What differs is what was drawn and nothing else: the stroke taken back brings the old values back."""
    now = program.shift_values()[NOW]
    draw([(0.3, 0.5), (0.7, 0.5)])
    assert program.shift_values()[BEFORE] == now
    answered = len(program.logged(r"live curve"))
    program.window.key("ctrl+z")
    wait(lambda: len(program.logged(r"live curve")) > answered, "the curve again")
    wait(lambda: program.shift_values()[NOW] == now, "the value from before")


@follows(test_a_switch_trains_at_once)
def test_drawing_is_not_held_up_by_training(folder):
    """Strokes while the network trains; the watchdog tells at the end."""
    program.find("push button", "Brush").click()
    for i in range(6):
        program.canvas().stroke([(0.3 + 0.07 * i, 0.2), (0.35 + 0.05 * i, 0.8)], 0.02)
        time.sleep(0.7)  # a person's pause: time is the subject, for then a training begins, which the next stroke meets
    answered = len(program.logged(r"live curve"))
    wait(lambda: len(program.logged(r"live curve")) > answered or "trained in" in status(), "the last answer")


@follows(test_a_switch_trains_at_once)
def test_another_method_is_trained_at_once(folder):
    program.choose_method("baseline")
    wait(lambda: status().startswith("Baseline") and trained(), "the baseline")
    assert BEFORE not in program.shift_values()  # it is no comparison of masks
    program.find("push button", "Eraser").click()
    program.canvas().stroke([(0.4, 0.4), (0.6, 0.6)])
    wait(lambda: "does not use masks" in status(), "the reason why nothing happens")


@follows(test_a_switch_trains_at_once)
def test_named_runs_are_untouched(folder):
    assert runs(study) == []
    program.choose_method("actdiff")
    wait(lambda: status().startswith("Activation") and trained(), "the method")
    program.find("spin button", "Epochs").value = 1  # which every machine has time for, and was not seen before
    wait(lambda: re.search(r"\b1 epoch, trained in", status()), "one epoch")
    program.window.key("ctrl+t")
    wait(lambda: program.label("Training status") != "Ready", "a training")
    wait(lambda: "is finished" in program.label("Training status"), "a run",
         progress=lambda: program.label("Training status"))
    assert runs(study) == ["actdiff-small-1234"], runs(study)
    run = os.path.join(study, "runs", "actdiff-small-1234")
    before = {name: os.stat(os.path.join(run, name)).st_mtime_ns for name in os.listdir(run)}
    draw([(0.3, 0.6), (0.7, 0.6)], "Eraser")
    after = {name: os.stat(os.path.join(run, name)).st_mtime_ns for name in os.listdir(run)}
    assert before == after and runs(study) == ["actdiff-small-1234"]
    wait(lambda: set(program.shift_values()) == {"actdiff-small-1234", NOW, BEFORE}, "the curves beside each other")


@follows(test_a_switch_trains_at_once)
def test_a_large_network_is_refused_with_a_reason(folder):
    program.choose("Network", 1)
    wait(lambda: "larger ones take minutes" in status(), "the reason")
    assert not toggle().is_sensitive() and NOW not in program.shift_values()
    program.choose("Network", 0)
    wait(lambda: toggle().is_sensitive() and trained(), "the live network again")


@follows(test_a_switch_trains_at_once)
def test_switched_off_it_is_gone(folder):
    toggle().click()
    wait(lambda: NOW not in program.shift_values() and status() == "", "nothing live")
    program.quit()


@follows()
def test_150_images_of_64_pixels(folder):
    open_study(folder, "--count=150,40,40", "--size=64", dark=True)
    switch_on()
    answers_strokes("150 images of 64×64")
    program.screenshot("live-3-dark")
    program.quit()


try:
    run_tests(globals())
finally:
    if program is not None:
        program.kill()
