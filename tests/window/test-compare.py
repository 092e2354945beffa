"""Compare: the image in view under every ticked run, side by side, moved together, in one colour scale or each its own.
Runs under session.py; each case says which ones it goes on from."""
import os
import re

import xserver
from cases import follows, run_tests
from desktop import GLib, command, wait
from views import HOME, Program, park_pointer

RH = os.environ["RH"]
RUNS = ["baseline-small-1234", "actdiff-small-1234"]
NOW = "with your masks now"
program = None


def picture(name):
    return program.window.find("image", name)


def said(name):
    return picture(name).description() or ""


def compared():
    """The names of the pictures side by side."""
    names = RUNS + [NOW, "before your last stroke"]
    return [name for name in names if program.window.has("image", name)]


def scale(name):
    """The number and the words of what is written on the picture on its colours."""
    found = re.search(r"Colours: 0 to ([^,]+), (.+)$", said(name))
    return float(found.group(1)), found.group(2)


def bare(name):
    """What is seen of a picture, one row of tiles at the edges left out."""
    left, top, width, height = picture(name).extents()
    return xserver.pixels(left, top, width - 4, height - 4)


def test_two_runs_side_by_side(folder):
    global program, study
    study = os.path.join(HOME, "study")
    command(RH, "new", "synthetic", study)
    for method in ("baseline", "actdiff"):
        command(RH, "train", study, "--method", method, "--network", "small", "--seed", "1234", "--epochs", "12")
    program = Program(study)
    wait(lambda: len(program.shift_values()) == 2, "the runs")
    program.find("push button", "Compare").click()
    wait(lambda: compared() == RUNS, "two pictures")
    assert not program.window.has("slider", "Brush size")  # there is nothing to draw with here
    for name in RUNS:
        wait(lambda: said(name).startswith("Prediction: "), "the prediction of %s" % name)
        print("# %s: %s" % (name, said(name)))
        assert re.search(r"IoU [\d.]+, chance [\d.]+\. Accuracy [\d.]+, AUC [\d.]+ at shift level 1.00\. Colours", said(name))
    program.window.rest()
    program.screenshot("compare-1-shared")


@follows(test_two_runs_side_by_side)
def test_one_colour_scale_or_each_its_own(folder):
    wait(lambda: scale(RUNS[0]) == scale(RUNS[1]), "one scale")
    shared = scale(RUNS[0])
    assert shared[1] == "as in all pictures"
    park_pointer()
    program.window.rest()
    together = {name: picture(name).pixels() for name in RUNS}
    program.find("check box", "One colour scale for all").click()
    wait(lambda: scale(RUNS[0])[1] == "this picture's own", "scales of their own")
    own = {name: scale(name)[0] for name in RUNS}
    print("# strongest pixels: %s" % own)
    assert max(own.values()) == shared[0] and min(own.values()) < shared[0], (own, shared)
    weaker = min(own, key=own.get)
    wait(lambda: picture(weaker).pixels() != together[weaker], "stronger colours")
    program.screenshot("compare-2-own")
    program.find("check box", "One colour scale for all").click()
    wait(lambda: scale(weaker) == shared, "one scale again")


@follows(test_two_runs_side_by_side)
def test_pan_and_zoom_are_linked(folder):
    """Without heatmaps all pictures are one, and stay so while one of them is moved."""
    opacity = program.find("slider", "Heatmap opacity").value
    program.find("slider", "Heatmap opacity").value = 0
    park_pointer()
    assert picture(RUNS[0]).extents()[2:] == picture(RUNS[1]).extents()[2:]
    wait(lambda: bare(RUNS[0]) == bare(RUNS[1]), "equal pictures")
    program.window.rest()
    whole = bare(RUNS[1])
    picture(RUNS[0]).scroll(True, 4, 0.5, 0.5)
    park_pointer()
    wait(lambda: bare(RUNS[1]) != whole and bare(RUNS[0]) == bare(RUNS[1]), "both larger")
    larger = bare(RUNS[0])
    picture(RUNS[1]).stroke([(0.5, 0.5), (0.4, 0.45), (0.3, 0.4)])
    park_pointer()
    wait(lambda: bare(RUNS[0]) != larger and bare(RUNS[0]) == bare(RUNS[1]), "both moved")
    program.find("slider", "Heatmap opacity").value = opacity
    program.window.rest()
    program.screenshot("compare-3-zoomed")
    program.window.key("0")
    program.find("slider", "Heatmap opacity").value = 0
    wait(lambda: bare(RUNS[0]) == whole == bare(RUNS[1]), "the whole image")
    program.find("slider", "Heatmap opacity").value = opacity


@follows(test_two_runs_side_by_side)
def test_the_level_of_shift_is_read_off(folder):
    program.find("slider", "Shift level").value = 0
    wait(lambda: "at shift level 0.00" in said(RUNS[0]), "the level")
    values = program.shift_values()
    for name in RUNS:
        wait(lambda: "Accuracy %.2f" % values[name] in said(name), "%s in %s" % (values, name))
    program.find("slider", "Shift level").value = 1


@follows(test_two_runs_side_by_side)
def test_another_image(folder):
    before = said(RUNS[0])
    program.window.action("win.select-image", GLib.Variant("s", "test-0004"))
    wait(lambda: program.image_in_view() == "test-0004" and said(RUNS[0]) != before, "another image")
    told = {name: wait(lambda: re.search(r"Prediction: (.+?, probability [\d.]+)", said(name)), name).group(1)
            for name in RUNS}
    program.find("push button", "Compare").click()
    wait(canvas_is_back, "the canvas")
    for name in RUNS:  # the window's other way to a prediction says the same
        program.window.action("win.choose-run", GLib.Variant("s", name))
        wait(lambda: told[name] in program.label("Prediction"), "%s of %s" % (told[name], name))
    program.window.key("F8")
    wait(lambda: program.find("push button", "Compare").is_pressed(), "the comparison again")


def canvas_is_back():
    return program.canvas().extents()[2] > 300


def probability(text):
    return re.search(r"probability ([\d.]+)", text).group(1)


@follows(test_two_runs_side_by_side)
def test_another_epoch_counts(folder):
    """What is compared are the weights the scores are of, those that the canvas, too, would show."""
    trained = {name: probability(said(name)) for name in RUNS}
    program.window.action("win.select-by", GLib.Variant("s", "last"))
    wait(lambda: any(probability(said(name)) != trained[name] for name in RUNS), "the last epoch's predictions")
    program.window.rest()  # of all of them: one may say the same as before
    last = {name: probability(said(name)) for name in RUNS}
    program.find("push button", "Compare").click()
    wait(lambda: not program.find("push button", "Compare").is_pressed() and canvas_is_back(), "the canvas")
    for name in RUNS:
        program.window.action("win.choose-run", GLib.Variant("s", name))
        wait(lambda: "probability %s" % last[name] in program.label("Prediction"), "%s of %s" % (last[name], name))
    print("# probabilities, as trained and of the last epoch: %s, %s" % (trained, last))
    program.window.action("win.select-by", GLib.Variant("s", "as-trained"))
    program.find("push button", "Compare").click()
    wait(lambda: {name: probability(said(name)) for name in RUNS} == trained, "the epochs of the training")


@follows(test_two_runs_side_by_side)
def test_a_live_network_stands_beside_the_runs(folder):
    program.window.action("win.select-image", GLib.Variant("s", "training-0001"))
    program.choose("Method", 3)
    program.find("check box", "Retrain while I draw").click()
    wait(lambda: compared() == RUNS + [NOW] or NOW in compared(), "the live network")
    wait(lambda: said(NOW).startswith("Prediction: "), "its prediction")
    program.screenshot("compare-4-live")
    program.find("check box", "Retrain while I draw").click()
    wait(lambda: compared() == RUNS, "the runs alone")
    program.quit()


@follows(test_two_runs_side_by_side)
def test_in_the_dark(folder):
    global program
    program = Program(study, dark=True)
    wait(lambda: len(program.shift_values()) == 2, "the runs")
    program.find("push button", "Compare").click()
    wait(lambda: compared() == RUNS and all(said(name).startswith("Prediction: ") for name in RUNS), "two pictures")
    program.window.rest()
    program.screenshot("compare-5-dark")
    program.quit()


try:
    run_tests(globals())
finally:
    if program is not None:
        program.kill()
