"""The training desk: settings with help and limits, a queue of runs that are paused, stopped and gone on with, runs
that are renamed, repeated and deleted, results by another rule. Runs under session.py; each case says which ones it
goes on from."""
import configparser
import glob
import os
import re
import shutil
import time

from cases import follows, run_tests
from desktop import (Atspi, GLib, Widget, Window, assert_never_held_up, children, command, complaints, is_called,
                     role_of, wait, walk)

PROGRAM = os.environ["REDHERRING"]
SCREENSHOTS = os.environ["RH_SCREENSHOTS"]
HOME = os.environ["HOME"]
WATCHDOG = os.path.join(HOME, "watchdog.txt")
LOG = os.path.join(HOME, "program.log")

os.makedirs(SCREENSHOTS, exist_ok=True)
window = None


def start(*arguments, **environment):
    global window
    window = Window(PROGRAM, arguments, title="Red Herring", application_id="org.redherring.RedHerring",
                    log=open(LOG, "a"), environment={"RH_WATCHDOG": WATCHDOG, **environment})
    wait(lambda: re.match(r"Image ([^,]+),", window.find("image", "Canvas").description() or ""), "an image in view")


def screenshot(name):
    window.rest(1)
    window.screenshot(os.path.join(SCREENSHOTS, "desk-" + name + ".png"))


def study():
    place, = glob.glob(os.path.join(HOME, ".local/share/redherring/**/synthetic/study.ini"), recursive=True)
    return os.path.dirname(place)


def run_ini(name):
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(os.path.join(study(), "runs", name, "run.ini"))
    return parser


def state(name):
    """What the row of a run says behind its name."""
    for row in window.all("list item"):
        if row.name().startswith(name + ", "):
            return row.name()[len(name) + 2:]
    return None


def write(name, text):
    """Into an entry, as a person does."""
    entry = window.find("text", name)
    entry.click()
    wait(lambda: entry.has(Atspi.StateType.FOCUSED), "the entry %s to have the keyboard" % name)
    window.key("ctrl+a")
    command("xdotool", "type", "--delay", "20", text)
    wait(lambda: entry.text() == text, "%s in the entry %s" % (text, name))


def set_epochs(number):
    window.find("spin button", "Epochs").value = number


def press(label):
    window.find("push button", label).press()


def dialogs():
    return [node for application in children(Atspi.get_desktop(0))
            if application.get_process_id() == window.process.pid for node in children(application)]


class Dialog:
    """Another window of the program. A window manager, which there is none of, would place it; so it is used by the
    accessibility tree alone, but for the keys."""

    def __init__(self, title):
        self.title = title
        wait(self.open, title)

    def open(self):
        return next((node for application in children(Atspi.get_desktop(0))
                     if application.get_process_id() == window.process.pid
                     for node in children(application) if node.get_name() == self.title), None)

    def nodes(self, role):
        return [node for node in walk(self.open()) if role_of(node) == role]

    def says(self, words):
        return any(words in node.get_name() for node in self.nodes("label"))

    def shown(self, label):
        """Whether a row takes place: a hidden one has no extents."""
        return any(node.get_name() == label and node.get_component_iface().get_extents(Atspi.CoordType.WINDOW).height > 0
                   for node in self.nodes("label"))

    def field(self, name):
        """Once it is there: the rows come one group after the other."""
        return wait(lambda: next((node for node in self.nodes("text") if is_called(node, "text", name)), None),
                    name).get_editable_text_iface()

    def text(self, name):
        return Widget(window, next(node for node in self.nodes("text") if is_called(node, "text", name))).text()

    def press(self, label):
        button = next(node for node in self.nodes("push button") if is_called(node, "push button", label))
        button.get_action_iface().do_action(0)

    def choose(self, row, place):
        """An entry of a drop-down row, by the keyboard."""
        item = next(node for node in self.nodes("label") if is_called(node, "label", row))
        box = item.get_component_iface().get_extents(Atspi.CoordType.WINDOW)
        place_of = command("xdotool", "search", "--onlyvisible", "--name", "^%s$" % self.title).split()[0].decode()
        told = command("xwininfo", "-id", place_of).decode()
        number = lambda label: int(re.search(label + r":\s+(-?\d+)", told).group(1))
        frame = self.open().get_component_iface().get_extents(Atspi.CoordType.WINDOW)
        command("xdotool", "mousemove",
                str(number("Absolute upper-left X") + (number("Width") - frame.width) // 2 + box.x + box.width // 2),
                str(number("Absolute upper-left Y") + (number("Height") - frame.height) // 2 + box.y + box.height // 2),
                "click", "1")

        def entries():
            return [Widget(window, node) for node in self.nodes("list item")]
        wait(lambda: any(each.has(Atspi.StateType.FOCUSED) for each in entries()), "the list")
        window.key("Home", *["Down"] * place, "Return")
        wait(lambda: not any(each.has(Atspi.StateType.FOCUSED) for each in entries()), "the end of the list")


def end():
    """Closes the program, which was never held up."""
    assert window.quit() == 0
    assert_never_held_up(WATCHDOG)


def test_a_wrong_seed_is_told_at_its_field(folder):
    start()
    train = window.find("push button", "Train")
    write("Seeds", "1, 2, x")
    wait(lambda: window.says("Write different whole numbers"), "a complaint")
    assert not train.is_sensitive()
    screenshot("1-wrong-seed")
    write("Seeds", "11, 12")
    wait(train.is_sensitive, "Train")
    assert not window.says("Write different whole numbers")


@follows(test_a_wrong_seed_is_told_at_its_field)
def test_the_wheel_passes_by_numbers_and_sliders(folder):
    for role, name in (("spin button", "Epochs"), ("slider", "Shift level")):
        field = window.find(role, name)
        before = field.value
        for button in ("4", "5"):
            command("xdotool", "mousemove", *field.point(0.3, 0.5), "click", button)
            window.rest()
            assert field.value == before, (name, button, before, field.value)


@follows(test_a_wrong_seed_is_told_at_its_field)
def test_two_seeds_make_two_runs_of_one_group(folder):
    """With so much patience that they do not end early, while the tests below still need them."""
    window.find("push button", "Settings…").click()
    settings = Dialog("Training Settings")
    settings.field("Patience").set_text_contents("600")
    window.key("Escape")
    wait(lambda: not settings.open(), "the window closed")
    set_epochs(600)
    window.find("push button", "Train").click()
    wait(lambda: (state("baseline-small-11") or "").startswith("training"), "the first run")
    assert state("baseline-small-12") == "waiting, number 1 in the queue"
    wait(lambda: window.says("· 2 seeds"), "the group's line")
    wait(lambda: "1 run waiting" in window.find("label", "Training status").text(), "the status")
    screenshot("2-queue")


@follows(test_two_seeds_make_two_runs_of_one_group)
def test_a_run_is_added_while_another_trains(folder):
    write("Seeds", "13")
    set_epochs(6)
    window.find("push button", "Settings…").click()
    settings = Dialog("Training Settings")
    settings.press("Train")  # as good as the button beside the settings
    wait(lambda: not settings.open(), "the window closed")
    wait(lambda: state("baseline-small-13") == "waiting, number 2 in the queue", "a third run")


@follows(test_a_run_is_added_while_another_trains)
def test_a_waiting_run_is_held_and_let_go(folder):
    press("Pause baseline-small-12")
    wait(lambda: state("baseline-small-12") == "waiting, number 1 in the queue, paused", "the held run")
    press("Pause baseline-small-11")
    wait(lambda: (state("baseline-small-11") or "").startswith("paused in epoch"), "the paused run")
    paused = state("baseline-small-11")
    time.sleep(1)  # time for an epoch or more; on a busy machine for fewer, which lets nothing fail
    assert state("baseline-small-11") == paused
    assert state("baseline-small-13") == "waiting, number 2 in the queue"
    screenshot("3-paused")
    press("Resume baseline-small-11")
    wait(lambda: (state("baseline-small-11") or "").startswith("training"), "the run again")
    press("Stop baseline-small-11")
    wait(lambda: (state("baseline-small-11") or "").startswith("unfinished"), "the stop")
    wait(lambda: re.match("6 epochs", state("baseline-small-13") or ""), "the run that passed the held one")
    assert state("baseline-small-12") == "waiting, number 1 in the queue, paused"


@follows(test_a_waiting_run_is_held_and_let_go)
def test_a_failing_run_does_not_stop_the_queue(folder):
    """The weights an unfinished run would go on from are spoilt."""
    with open(os.path.join(study(), "runs", "baseline-small-11", "state.safetensors"), "wb") as file:
        file.write(b"nothing")
    press("Stop baseline-small-12")  # or it would go first
    wait(lambda: state("baseline-small-12") == "not begun", "the queue without it")
    press("Resume All")
    wait(lambda: (state("baseline-small-11") or "").startswith("failed: "), "the failure at the run")
    assert "state.safetensors" in state("baseline-small-11")
    wait(lambda: (state("baseline-small-12") or "").startswith("training"), "the next run")
    assert "state.safetensors" in run_ini("baseline-small-11")["result"]["trouble"]
    screenshot("4-failed")


@follows(test_a_failing_run_does_not_stop_the_queue)
def test_a_stopped_run_goes_on_after_the_program_was_closed(folder):
    wait(lambda: re.match(r"training, epoch ([2-9]|\d\d) ", state("baseline-small-12") or ""), "a few epochs")
    end()
    start()
    unfinished = wait(lambda: re.match(r"unfinished, epoch (\d+) of 600", state("baseline-small-12") or ""), "the run")
    assert int(unfinished.group(1)) >= 1
    assert (state("baseline-small-11") or "").startswith("failed: ")
    press("Resume baseline-small-12")
    goes = wait(lambda: re.match(r"training, epoch (\d+) of 600", state("baseline-small-12") or ""), "the run again")
    assert int(goes.group(1)) > int(unfinished.group(1))
    press("Stop baseline-small-12")
    wait(lambda: (state("baseline-small-12") or "").startswith("unfinished"), "the stop")


@follows(test_a_stopped_run_goes_on_after_the_program_was_closed)
def test_a_run_goes_on_with_other_kernels_only_when_told_to(folder):
    """This computer lacks the kernels that the run was begun with."""
    end()
    path = os.path.join(study(), "runs", "baseline-small-12", "run.ini")
    with open(path) as file:
        text = file.read()
    with open(path, "w") as file:
        file.write(re.sub("(?m)^kernels=.*$", "kernels=neon", text))
    start()
    wait(lambda: (state("baseline-small-12") or "").startswith("unfinished"), "the run")
    press("Resume baseline-small-12")
    question = Dialog("Go On With Other Kernels?")
    question.press("Cancel")
    wait(lambda: question.open() is None, "its end")
    assert (state("baseline-small-12") or "").startswith("unfinished")
    assert run_ini("baseline-small-12")["run"]["kernels"] == "neon"
    press("Resume baseline-small-12")
    Dialog("Go On With Other Kernels?").press("Go On")
    wait(lambda: (state("baseline-small-12") or "").startswith("training, epoch"), "the run again")
    press("Stop baseline-small-12")
    wait(lambda: (state("baseline-small-12") or "").startswith("unfinished"), "the stop")
    assert run_ini("baseline-small-12")["run"]["kernels"] != "neon"


def waiting():
    """Run → what its row says of its place, of those in the queue."""
    rows = [row.name().partition(", ") for row in window.all("list item")]
    return {name: words[len("waiting, number "):] for name, _, words in rows if words.startswith("waiting")}


def as_number(*seeds):
    """What waiting() is after a restart for the runs of these seeds, in this order."""
    return {"baseline-small-%d" % seed: "%d in the queue, paused" % (i + 1) for i, seed in enumerate(seeds)}


def queue_on_disk():
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(os.path.join(study(), "queue.ini"))
    return [int(name.rpartition("-")[2]) for name in parser["queue"]["runs"].split(";") if name] if parser.sections() else []


@follows(test_a_run_goes_on_with_other_kernels_only_when_told_to)
def test_the_queue_is_kept_in_its_order(folder):
    set_epochs(600)
    write("Seeds", "23, 21, 22")
    window.find("push button", "Train").click()
    wait(lambda: (state("baseline-small-23") or "").startswith("training"), "the first run")
    press("Pause baseline-small-22")
    wait(lambda: queue_on_disk() == [23, 21, 22], "the queue on disk")
    window.kill()
    start()
    wait(lambda: waiting() == as_number(23, 21, 22), "the queue")
    window.rest()  # what would begin by itself begins with the first pictures
    assert waiting() == as_number(23, 21, 22) and not window.find("push button", "Pause").is_sensitive()
    window.find("label", "Training status").scroll(False, 20)
    screenshot("5-queue-again")
    press("Resume All")
    wait(lambda: (state("baseline-small-23") or "").startswith("training"), "the first of the queue")
    wait(lambda: queue_on_disk() == [23, 21, 22, 11, 12], "those that were unfinished behind it")
    end()
    start()
    wait(lambda: waiting() == as_number(23, 21, 22, 11, 12), "the queue after closing")


@follows(test_the_queue_is_kept_in_its_order)
def test_a_run_of_a_queue_that_stands_passes_the_others(folder):
    """And keeps its place at the head while another study is open."""
    for seed in (11, 12):
        press("Stop baseline-small-%d" % seed)
    press("Resume baseline-small-21")
    wait(lambda: re.match("training, epoch [2-9]", state("baseline-small-21") or ""), "its training")
    assert waiting() == as_number(23, 22)
    other = os.path.join(folder, "other")
    command(os.environ["RH"], "new", "synthetic", other)
    window.action("win.open", GLib.Variant("s", other))
    wait(lambda: state("baseline-small-22") is None, "the other study")
    window.action("win.open", GLib.Variant("s", study()))
    wait(lambda: waiting() == as_number(21, 23, 22), "the queue")


@follows(test_a_run_of_a_queue_that_stands_passes_the_others)
def test_an_empty_queue_leaves_nothing_behind(folder):
    for seed in (21, 22, 23):
        press("Stop baseline-small-%d" % seed)
    wait(lambda: not waiting() and not os.path.exists(os.path.join(study(), "queue.ini")), "no queue on disk")


@follows(test_an_empty_queue_leaves_nothing_behind)
def test_a_broken_queue_is_told_and_the_rest_goes_on(folder):
    end()
    place = os.path.join(study(), "queue.ini")
    for content in (b"[queue & <b>", b"\x89PNG\r\n\x1a\n", b"[queue]\nruns=" + b"../..;" * 5000 + b"\n"):
        with open(place, "wb") as file:
            file.write(content)
        start()
        said = wait(lambda: window.says("queue.ini"), "a word about it")
        print("# " + said.replace("\n", " "))
        assert "& <b>" in said or b"&" not in content, said
        assert not waiting() and state("baseline-small-22") == "not begun"
        aside = max(glob.glob(place + ".broken*"), key=os.path.getctime)
        assert "kept as “%s”" % aside in said and not os.path.exists(place), said
        with open(aside, "rb") as file:
            assert file.read() == content
        end()
        start()
        assert not window.says("queue.ini"), "it is told once"
        end()
    with open(place, "w") as file:
        file.write("[queue]\nruns=baseline-small-22;../runs;baseline-small-22;baseline-small-13;never;baseline-small-21\n")
    start()
    wait(lambda: waiting() == as_number(22, 21), "what there is of it that is to be trained")
    end()
    assert queue_on_disk() == [22, 21]
    os.remove(place)
    for seed in (21, 22, 23):
        shutil.rmtree(os.path.join(study(), "runs", "baseline-small-%d" % seed))
    start()


@follows(test_a_wrong_seed_is_told_at_its_field)
def test_all_settings_have_help_and_limits(folder):
    window.find("push button", "Settings…").click()
    settings = Dialog("Training Settings")
    wait(lambda: settings.says("The size of the steps.") and settings.says("Training ends early"), "the settings")
    assert not settings.shown("Share of masks used")  # the baseline has no masks
    batch = settings.field("Images a step")
    batch.set_text_contents("1")
    wait(lambda: settings.says("Write a whole number from 2 to 4096."), "a complaint at the field")
    assert not window.find("push button", "Train").is_sensitive()
    screenshot("6-settings-wrong")
    batch.set_text_contents("32")
    wait(window.find("push button", "Train").is_sensitive, "Train")
    assert not settings.says("Write a whole number")


@follows(test_all_settings_have_help_and_limits)
def test_the_paper_gives_settings_and_seeds(folder):
    settings = Dialog("Training Settings")
    settings.choose("Method", 6)
    wait(lambda: settings.shown("Share of masks used"), "the masks' settings")
    settings.choose("Start from", 1)
    wait(lambda: settings.text("Learning rate") == "1e-05", "the paper's rate for rrr")
    assert settings.text("Weight λ") == "10" and settings.text("Epochs") == "100"
    settings.press("The Paper's Ten")
    wait(lambda: settings.text("All seeds").startswith("1234, 3232, 3221"), "the paper's seeds")
    screenshot("7-settings-paper")
    settings.choose("Start from", 0)
    wait(lambda: settings.text("Learning rate") != "1e-05", "the defaults again")
    window.key("Escape")
    wait(lambda: not settings.open(), "the window closed")
    write("Seeds", "1")
    assert window.find("text", "Weight").text() == "3000"


@follows(test_a_waiting_run_is_held_and_let_go)
def test_a_run_is_renamed(folder):
    window.action("win.rename-run", GLib.Variant("s", "baseline-small-13"))
    dialog = wait(lambda: next((node for node in dialogs() if node.get_name() == "Rename Run"), None), "the question")
    question = Widget(window, dialog)
    wait(lambda: not Widget(window, window.root).has(Atspi.StateType.ACTIVE) and window.focused(question), "the keys")
    window.key("ctrl+a")
    command("xdotool", "type", "--delay", "20", "Tag/first")
    wait(lambda: window.focused(question).text() == "Tag/first", "the name in the field")
    screenshot("8-rename")
    window.key("Return")
    wait(lambda: state("Tag/first"), "the new name")
    assert run_ini("baseline-small-13")["run"]["title"] == "Tag/first"


@follows(test_a_run_is_renamed)
def test_another_epoch_counts_at_once(folder):
    before = state("Tag/first")
    assert re.match(r"6 epochs, best 5", before), before
    assert window.find("combo box", "Epoch that counts").is_sensitive()
    window.action("win.select-by", GLib.Variant("s", "last"))
    wait(lambda: state("Tag/first") == "6 epochs, result of epoch 6", "the last epoch")
    screenshot("9-last-epoch")


def shown_in(name):
    """The entry of a drop-down that is chosen."""
    return [node.get_name() for node in walk(window.find("combo box", name).node) if role_of(node) == "label"][-1]


@follows(test_another_epoch_counts_at_once)
def test_which_epoch_counts_is_kept_with_the_study(folder):
    other = os.path.join(folder, "other")
    command(os.environ["RH"], "new", "synthetic", other)
    end()
    start()
    wait(lambda: state("Tag/first") == "6 epochs, result of epoch 6", "the last epoch")
    assert shown_in("Epoch that counts") == "Last epoch"
    window.action("win.open", GLib.Variant("s", other))
    wait(lambda: shown_in("Epoch that counts") == "As trained", "another study's epochs")
    window.action("win.open", GLib.Variant("s", study()))
    wait(lambda: state("Tag/first") == "6 epochs, result of epoch 6", "the last epoch")
    end()
    path, = glob.glob(os.path.join(HOME, ".local/state/redherring/studies.ini"))
    with open(path) as file:
        text = file.read()
    assert "select-by=last" in text
    with open(path, "w") as file:
        file.write(text.replace("select-by=last", "select-by=tea leaves"))
    start()
    before = wait(lambda: re.match(r"6 epochs, best 5", state("Tag/first") or ""), "the epoch it was trained with").string
    window.action("win.select-by", GLib.Variant("s", "last"))
    wait(lambda: state("Tag/first") == "6 epochs, result of epoch 6", "the last epoch")
    window.action("win.select-by", GLib.Variant("s", "as-trained"))
    wait(lambda: state("Tag/first") == before, "the epoch it was trained with")


@follows(test_a_stopped_run_goes_on_after_the_program_was_closed, test_a_run_is_renamed)
def test_a_run_is_deleted_and_brought_back(folder):
    """Even while a failure is told of, which stays until somebody puts it away."""
    place = os.path.join(study(), "runs", "baseline-small-13")
    press("Resume baseline-small-11")
    wait(lambda: window.says("baseline-small-11 could not be trained"), "the failure")
    press("Delete Tag/first")
    wait(lambda: not os.path.exists(place), "the folder set aside")
    wait(lambda: state("Tag/first") is None, "the list without it")
    wait(lambda: window.told("Tag/first deleted"), "the way back")
    screenshot("10-deleted")
    # As its button does, which is gone after some seconds, however long the machine takes to find it.
    window.action("win.undo-delete-run", GLib.Variant("s", "baseline-small-13"))
    wait(lambda: os.path.exists(os.path.join(place, "test.csv")), "the folder back")
    wait(lambda: state("Tag/first"), "the row")
    wait(lambda: window.says("baseline-small-11 could not be trained"), "the failure again")


@follows(test_a_stopped_run_goes_on_after_the_program_was_closed, test_a_run_is_renamed)
def test_what_is_deleted_is_back_after_a_kill_and_gone_after_closing(folder):
    place = os.path.join(study(), "runs", "baseline-small-13")
    press("Delete Tag/first")
    wait(lambda: not os.path.exists(place), "the folder set aside")
    window.kill()
    start()
    wait(lambda: state("Tag/first"), "the row again")
    press("Delete Tag/first")
    wait(lambda: not os.path.exists(place), "the folder set aside")
    end()
    left = os.listdir(os.path.join(study(), "runs"))
    assert sorted(left) == ["baseline-small-11", "baseline-small-12"], left


@follows(test_a_wrong_seed_is_told_at_its_field)
def test_no_warning_was_written(folder):
    assert not complaints(LOG), complaints(LOG)


try:
    run_tests(globals())
finally:
    if window is not None:
        window.kill()
