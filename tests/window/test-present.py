"""A teacher before an audience: presents made-up chest films and the paper's set by the keyboard, while what is missing
is trained in the background. Runs under session.py; each case says which ones it goes on from."""
import copy
import glob
import os
import re
import subprocess
import sys

import tree
from cases import follows, run_tests
from desktop import PATIENCE, Atspi, Window, assert_never_held_up, children, command, role_of, wait

PROGRAM = os.environ["REDHERRING"]
RH = os.environ["RH"]
SCREENSHOTS = os.environ["RH_SCREENSHOTS"]
HOME = os.environ["HOME"]
WATCHDOG = os.path.join(HOME, "watchdog.txt")
FILMS = os.path.join(HOME, "films")
TITLES = ["Can a network be right for the wrong reason?", "The images, and what is burnt into them",
          "Two models, each tested in its own hospital", "Where does each of them look?",
          "Another hospital: what misled is turned around", "What an expert's masks do, method by method",
          "Does a heatmap on the right place mean a model that holds?", "To take home"]

os.makedirs(SCREENSHOTS, exist_ok=True)
IDLE = 8  # as GTK names it: the screen that goes dark after a while
SESSION = os.path.join(HOME, "session.txt")
window = None
manager = None
stage = None


def told():
    """What the desktop's session manager was asked."""
    with open(SESSION) as file:
        return file.read().splitlines()[1:]


def start(folder):
    global window, manager
    manager = subprocess.Popen([sys.executable, os.path.join(os.path.dirname(__file__), "session-manager.py"), SESSION])
    wait(lambda: os.path.exists(SESSION), "a session manager")
    window = Window(PROGRAM, [folder], title="Red Herring", application_id="org.redherring.RedHerring",
                    log=open(os.path.join(HOME, "program.log"), "a"), environment={"RH_WATCHDOG": WATCHDOG})
    wait(lambda: window.find("image", "Canvas").description().startswith("Image "), "an image in view")


def frame():
    for application in children(Atspi.get_desktop(0)):
        if application.get_process_id() == window.process.pid:
            for node in children(application):
                if node.get_name() == "Red Herring: Present" and node.get_state_set().contains(
                        Atspi.StateType.SHOWING):
                    return node
    return None


def begin(key="F5"):
    """Presents; from then on `stage` is the window of the presentation."""
    global stage
    window.key(key)
    stage = copy.copy(window)
    stage.found = {}
    stage.root = wait(frame, "the presentation")


def shown(node):
    """The node and what is below it, without the steps that are hidden."""
    if node.has(Atspi.StateType.VISIBLE):
        yield node
        for child in node.children:
            yield from shown(child)


def on_stage():
    return list(shown(tree.read(stage.root, 1000 * PATIENCE)))


def texts():
    """All that is to be read in the presentation, of the step that is shown."""
    return tree.texts([node for node in on_stage() if role_of(node) == "label"], 1000 * PATIENCE)


def step():
    for text in texts():
        place = re.match(r"(\d) of (\d) · ", text)
        if place:
            return int(place.group(1))
    return None


def screenshot(name):
    window.rest(1)  # until the heatmap and the chart of this step are drawn; while models train it hardly rests
    window.screenshot(os.path.join(SCREENSHOTS, "present-%s.png" % name))


def press(key, expected):
    window.key(key)
    wait(lambda: step() == expected, "step %d after %s" % (expected, key))


def shares():
    """The large figures of the step, as numbers."""
    return [int(text[:-2]) for text in texts() if re.fullmatch(r"\d+ %", text)]


def is_trained(method):
    """Where the tree is slow to read, a training may be over before its progress is seen."""
    return any("state=finished" in open(path).read() for path in glob.glob("%s/runs/%s-*/run.ini" % (FILMS, method)))


def test_films_are_made_by_rh(folder):
    subprocess.run([RH, "new", "phantom", "--size", "48", "--count", "96,32,40", "--contrast", "2", FILMS], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    start(FILMS)


@follows(test_films_are_made_by_rh)
def test_first_steps_can_be_shown_while_models_train(folder):
    begin()
    wait(lambda: "films: 168 images, “no nodule” or “nodule”. A network learns to tell them apart." in texts(),
         "the images")
    assert step() == 1
    assert TITLES[0] in texts(), texts()
    wait(lambda: any(text.startswith("Training Baseline: Epoch") for text in texts()) or is_trained("baseline"),
         "the training's progress, or its end")
    screenshot("1-opening")
    press("Next", 2)
    words = " ".join(texts())
    assert "In training, “nodule” comes with marker “PORTABLE” in 48 of 48 images" in words, words
    assert "nodule · marker: PORTABLE" in texts() and "no nodule · marker: none" in texts(), texts()
    names = [node.get_name() for node in on_stage() if role_of(node) == "image"]
    assert "nodule · marker: PORTABLE" in names, names
    screenshot("2-images")


@follows(test_first_steps_can_be_shown_while_models_train)
def test_two_models_come_by_themselves(folder):
    press("space", 3)
    wait(lambda: len(shares()) == 2, "two models", progress=texts)
    assert shares()[0] >= 95, shares()
    wait(lambda: "In the background" not in [node.get_name() for node in on_stage()], "the end of it all",
         progress=texts)
    screenshot("3-models")


@follows(test_two_models_come_by_themselves)
def test_every_step_by_the_keys_of_a_clicker(folder):
    for number in range(4, 9):
        press("Next", number)
        assert TITLES[number - 1] in texts(), (number, texts())
        assert "For research and teaching, not for diagnosis." in texts(), texts()
        if number == 4:
            wait(lambda: sum("overlap by" in text for text in texts()) == 2, "two heatmaps")
        if number == 7:
            wait(lambda: any(text.startswith("2 trainings.") for text in texts()), "both points")
        screenshot("%d" % number)
    window.key("Next")
    assert step() == 8, "the last step is the last"
    press("Prior", 7)
    press("Left", 6)
    rows = texts()
    assert "Baseline" in rows and "right, turned around" in rows, rows
    press("Home", 1)
    press("Left", 1)
    press("End", 8)


@follows(test_two_models_come_by_themselves)
def test_accuracy_falls_as_the_level_rises(folder):
    press("Home", 1)
    for number in range(2, 6):
        press("Right", number)
    before = shares()[0]
    scale = stage.find("slider", "Shift level")
    assert scale.value == 0
    assert "Bands: 95 %, over the test images" in stage.find("image", "Accuracy at every shift level").description()
    window.key(*["Up"] * 10)
    wait(lambda: abs(scale.value - 1) < 1e-6, "level 1")
    wait(lambda: shares()[0] < before - 40, "the fall of accuracy: %s" % shares())
    assert step() == 5
    assert "It now says the opposite of what it said in training" in texts(), texts()
    screenshot("5-turned")
    window.key("Down")
    wait(lambda: abs(scale.value - 0.9) < 1e-6, "level 0.9")


@follows(test_two_models_come_by_themselves)
def test_dark_and_a_black_screen(folder):
    light = stage_pixels()
    window.key("d")
    wait(lambda: sum(stage_pixels()) < 0.5 * sum(light), "dark")
    for number in range(5, 9):
        screenshot("%d-dark" % number)
        window.key("Next")
    for number in (4, 3, 2):
        press("Home", 1)
        for to in range(2, number + 1):
            press("Next", to)
        screenshot("%d-dark" % number)
    press("Next", 3)
    window.key("b")
    wait(lambda: max(stage_pixels()) == 0, "a black screen")
    window.key("b")
    wait(lambda: max(stage_pixels()) > 0, "the step again")


@follows(test_two_models_come_by_themselves)
def test_nothing_goes_on_under_a_black_screen(folder):
    for how in (lambda: window.key("Next"), lambda: window.key("Up"),
                lambda: command("xdotool", "mousemove", "400", "300", "click", "1"), lambda: window.key("period")):
        window.key("B")  # as with Caps Lock on
        wait(lambda: max(stage_pixels()) == 0, "a black screen")
        how()
        wait(lambda: max(stage_pixels()) > 0, "the step again")
        assert step() == 3, step()


def stage_pixels():
    """A coarse picture of the upper two thirds of the screen."""
    return subprocess.run(["sh", "-c", "import -window root -crop 1400x560+10+10 -resize 70x28! -depth 8 gray:-"],
                          check=True, stdout=subprocess.PIPE).stdout


@follows(test_two_models_come_by_themselves)
def test_a_step_is_left_and_come_back_to(folder):
    wait(lambda: told()[-1].startswith("Inhibit %d " % IDLE), "the screen to be kept awake")
    assert len(told()) == 1, told()
    window.key("Escape")
    wait(lambda: frame() is None, "the window again")
    wait(lambda: told()[1:] == ["Uninhibit"], "the screen to be let go dark")
    rows = lambda: [row.name() for row in window.all("list item")]
    wait(lambda: any(name.startswith("baseline-small-1234,") for name in rows()), "the new run in the list")
    screenshot("9-left")
    begin()
    wait(lambda: step() == 3, "the step that was left")
    assert len(shares()) == 2, texts()
    window.key("Escape")
    wait(lambda: frame() is None, "the window again")


@follows(test_a_step_is_left_and_come_back_to)
def test_built_in_films_are_drawn_and_closing_does_not_wait(folder):
    window.action("win.present-films")
    global stage
    stage.root = wait(frame, "the presentation")
    wait(lambda: any("760 images" in text for text in texts()), "the built-in films")
    wait(lambda: any(re.search(r"Epoch \d+ of \d+ · \d+:\d\d left", text) for text in texts()), "time left")
    screenshot("films")
    window.key("Escape")
    wait(lambda: frame() is None, "the window again")
    assert window.quit() == 0
    states = re.findall(r"^state=(\w+)", command("sh", "-c", "cat '%s'/.local/share/redherring/*/*/runs/*/run.ini" %
                                                 HOME).decode(), re.MULTILINE)
    assert "unfinished" in states, states


@follows(test_built_in_films_are_drawn_and_closing_does_not_wait)
def test_the_main_loop_was_never_held_up(folder):
    assert_never_held_up(WATCHDOG)


if __name__ == "__main__":
    try:
        run_tests(globals())
    finally:
        for process in (window, manager):
            if process is not None:
                process.kill()
