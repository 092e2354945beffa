"""History: a slider over a run's epochs, played, followed in training, and taken home as pictures, which are decoded
here without libpng. Runs under session.py; each case says which ones it goes on from."""
import glob
import json
import os
import re
import struct
import zlib

from cases import follows, run_tests
from desktop import Atspi, GLib, Widget, command, role_of, wait, walk
from views import HOME, Program, park_pointer

RH = os.environ["RH"]
EPOCHS = 30
program = None


def slider():
    return program.find("slider", "Epoch in view")


def scores():
    return program.label("Scores of the epoch")


def prediction():
    return program.label("Prediction")


def shown(epoch):
    return wait(lambda: scores().startswith("Epoch %d of " % epoch) and program.window.says("after epoch %d" % epoch),
                "epoch %d" % epoch)


def steps():
    """Milliseconds of every step so far, from the slider to the painted frame."""
    return [float(value) for value in program.logged(r"history step painted after ([\d.]+) ms")]


def chunks(data):
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    offset = 8
    while offset < len(data):
        length, kind = struct.unpack(">I4s", data[offset:offset + 8])
        content = data[offset + 8:offset + 8 + length]
        crc, = struct.unpack(">I", data[offset + 8 + length:offset + 12 + length])
        assert crc == zlib.crc32(kind + content), kind
        yield kind.decode(), content
        offset += 12 + length
    assert kind == b"IEND"


def unfilter(stream, width, height):
    """Rows of 8-bit RGB from the filtered stream, by the PNG specification."""
    data, size = zlib.decompress(stream), 3 * width
    assert len(data) == height * (size + 1)
    above, rows = bytearray(size), []
    for y in range(height):
        kind, row = data[y * (size + 1)], bytearray(data[y * (size + 1) + 1:(y + 1) * (size + 1)])
        for i in range(size):
            left, up, corner = row[i - 3] if i >= 3 else 0, above[i], above[i - 3] if i >= 3 else 0
            if kind == 1:
                row[i] = row[i] + left & 255
            elif kind == 2:
                row[i] = row[i] + up & 255
            elif kind == 3:
                row[i] = row[i] + (left + up) // 2 & 255
            elif kind == 4:
                guess = left + up - corner
                nearest = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))
                row[i] = row[i] + nearest[2] & 255
        above = row
        rows.append(bytes(row))
    return b"".join(rows)


def decode(path):
    """Width, height, the milliseconds and the pixels of every picture of an animated PNG."""
    with open(path, "rb") as file:
        data = file.read()
    delays, streams, sequence, count = [], [], 0, None
    for kind, content in chunks(data):
        if kind == "IHDR":
            width, height = struct.unpack(">II", content[:8])
            assert content[8:] == b"\x08\x02\0\0\0"
        elif kind == "acTL":
            count, plays = struct.unpack(">II", content)
        elif kind == "fcTL":
            number, w, h, x, y, numerator, denominator = struct.unpack(">IIIIIHH", content[:24])
            assert (number, w, h, x, y) == (sequence, width, height, 0, 0)
            sequence += 1
            delays.append(1000 * numerator // denominator)
            streams.append(b"")
        elif kind == "IDAT":
            assert len(streams) == 1
            streams[0] += content
        elif kind == "fdAT":
            assert struct.unpack(">I", content[:4]) == (sequence,)
            sequence += 1
            streams[-1] += content[4:]
    assert count == len(streams) == len(delays)
    return width, height, delays, streams


TITLES = {"animation": "Save as Animated PNG", "sequence": "Folder for the Pictures"}


def chooser(kind):
    """The file chooser, once the keyboard is its."""
    return next((node for node in program.window.toplevels() if node.get_name() == TITLES[kind]
                 and not program.window.root.get_state_set().contains(Atspi.StateType.ACTIVE)), None)


def entry(kind):
    """Where a name is typed in it."""
    return next((Widget(program.window, node) for node in walk(chooser(kind)) if role_of(node) == "text"
                 and node.get_state_set().contains(Atspi.StateType.FOCUSED)), None)


def save_into(kind, place):
    """Through the menu's action and the file chooser, by keyboard."""
    program.window.action("win.export-history", GLib.Variant("s", kind))
    wait(lambda: chooser(kind), "the file chooser")
    if kind == "sequence":
        program.window.key("ctrl+l")
    wait(lambda: entry(kind), "its entry")
    program.window.key("ctrl+a")
    command("xdotool", "type", "--delay", "8", place)
    wait(lambda: entry(kind).text() == place, "the name in it")
    program.window.key("Return")
    wait(lambda: not any(node.get_name() == TITLES[kind] for node in program.window.toplevels()), "its end")


def test_without_a_run_there_is_no_history(folder):
    global program, study
    study = os.path.join(HOME, "study")
    command(RH, "new", "synthetic", study)
    program = Program(study)
    assert not program.window.has("slider", "Epoch in view") and not program.window.has("label", "Scores of the epoch")


@follows(test_without_a_run_there_is_no_history)
def test_it_follows_the_newest_epoch_while_training(folder):
    program.find("spin button", "Epochs").value = EPOCHS
    program.find("push button", "Train").click()
    seen = set()

    def done():
        seen.add(int(slider().value))
        return "is finished" in program.label("Training status")
    wait(done, "the end of the training", progress=lambda: program.label("Training status"))
    print("# epochs seen while training: %s" % sorted(seen))
    assert len(seen) > 1  # a busy machine shows few of them here
    wait(lambda: re.match(r"Epoch \d+ of %d, the best" % EPOCHS, scores()), "the selected epoch")


@follows(test_it_follows_the_newest_epoch_while_training)
def test_going_back_while_training_and_following_again(folder):
    program.find("spin button", "Epochs").value = 100
    program.find("push button", "Train").click()
    wait(lambda: re.match(r"Epoch \d+ of (\d+)", scores()) and int(slider().value) >= 8 and
         "Epoch" in program.label("Training status"), "eight epochs")
    slider().value = 3
    shown(3)
    trained = program.label("Training status")
    for _ in range(2):
        wait(lambda: program.label("Training status") != trained, "another epoch")
        trained = program.label("Training status")
    assert scores().startswith("Epoch 3 of "), scores()  # new epochs do not take it away
    park_pointer()
    slider().value = 1000
    wait(lambda: program.window.says("live, after epoch"), "the live map")
    before = slider().value
    wait(lambda: slider().value > before, "a newer epoch")
    program.find("push button", "Stop").click()
    wait(lambda: "Resume goes on" in program.label("Training status"), "the stop")


def choose_run(name):
    program.window.action("win.choose-run", GLib.Variant("s", name))
    wait(lambda: scores().startswith("Epoch"), "its epochs")


@follows(test_it_follows_the_newest_epoch_while_training)
def test_every_epoch_is_shown_as_it_was(folder):
    """Another program, given the stored weights, says the same of the image."""
    choose_run("baseline-small-1234")
    told = {}
    for epoch in (1, 2, 15, EPOCHS):
        slider().value = epoch
        shown(epoch)
        told[epoch] = re.search(r"probability ([\d.]+)", prediction()).group(1)
        program.screenshot("history-1-epoch-%02d" % epoch) if epoch in (1, 15) else None
    print("# probabilities by epoch: %s" % told)
    with open(os.path.join(study, "runs", "baseline-small-1234", "metrics.csv")) as file:
        rows = [line.split(",") for line in file.read().split()]
    column = rows[0].index("valid_auc")
    for epoch in (2, 15):
        slider().value = epoch
        shown(epoch)
        assert "validation AUC %.2f" % float(rows[epoch][column]) in scores(), (scores(), rows[epoch])
    assert len(set(told.values())) > 1


@follows(test_it_follows_the_newest_epoch_while_training)
def test_a_step_to_an_epoch_seen_before_computes_nothing(folder):
    for epoch in range(1, EPOCHS + 1):
        slider().value = epoch
        shown(epoch)
    before, computed = len(steps()), len(program.logged("history step waits for its map"))
    assert computed > 0
    for count, epoch in enumerate([*range(1, EPOCHS + 1), *range(EPOCHS - 1, 0, -3)], 1):
        slider().value = epoch
        wait(lambda: len(steps()) == before + count, "epoch %d painted" % epoch)
    assert len(program.logged("history step waits for its map")) == computed
    times = sorted(steps()[before:])
    print("# %d steps: median %.1f ms, longest %.1f ms" % (len(times), times[len(times) // 2], times[-1]))


@follows(test_it_follows_the_newest_epoch_while_training)
def test_another_image_and_map_stay_in_the_epoch(folder):
    slider().value = 2
    shown(2)
    park_pointer()
    program.window.rest()
    before = program.canvas().pixels()
    program.choose("Map", 1)
    park_pointer()
    wait(lambda: program.canvas().pixels() != before, "another map")
    assert scores().startswith("Epoch 2 of ")
    name = program.image_in_view()
    program.window.action("win.next-image")
    wait(lambda: program.image_in_view() not in (None, name), "the next image")
    shown(2)
    program.choose("Map", 0)


@follows(test_it_follows_the_newest_epoch_while_training)
def test_played_it_comes_to_the_last_epoch(folder):
    slider().value = 20
    shown(20)
    program.find("push button", "Play epochs").click()
    seen = set()

    def done():
        seen.add(int(slider().value))
        return slider().value == EPOCHS
    wait(done, "the last epoch", step=0.02)
    assert len(seen) > 2, seen  # a busy machine shows few of them here


@follows(test_it_follows_the_newest_epoch_while_training)
def test_an_animated_png_that_another_decoder_reads(folder):
    path = os.path.join(folder, "epochs.png")
    save_into("animation", path)
    wait(lambda: os.path.exists(path), "the file")
    wait(lambda: program.window.told("%d epochs saved" % EPOCHS), "a word on it")
    program.screenshot("history-2-saved")
    width, height, delays, streams = decode(path)
    assert len(streams) == EPOCHS and delays == [200] * (EPOCHS - 1) + [1500], delays
    pictures = [unfilter(streams[i], width, height) for i in (0, EPOCHS // 2, EPOCHS - 1)]
    assert len(set(pictures)) == 3
    sequence = os.path.join(folder, "sequence")
    os.mkdir(sequence)
    save_into("sequence", sequence)
    wait(lambda: len(glob.glob(os.path.join(sequence, "*.png"))) == EPOCHS, "the sequence")
    files = sorted(glob.glob(os.path.join(sequence, "*.png")))
    assert files[0].endswith("-0001.png") and files[-1].endswith("-%04d.png" % EPOCHS), files
    # ImageMagick's reader agrees with the animation's pictures, as decoded above, to the last bit.
    for place, picture in zip((0, EPOCHS // 2, EPOCHS - 1), pictures):
        assert command("convert", files[place], "-depth", "8", "rgb:-") == picture, place
    command("cp", files[EPOCHS // 2], os.path.join(os.environ["RH_SCREENSHOTS"], "history-3-picture.png"))


@follows(test_it_follows_the_newest_epoch_while_training)
def test_without_weights_only_the_prediction_is_shown(folder):
    """A run of a large network, or of an older program, has kept scores alone."""
    run = os.path.join(study, "runs", "baseline-small-1234")
    path = os.path.join(run, "history", "0002.safetensors")
    with open(path, "rb") as file:
        data = file.read()
    length, = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    kept, content = {}, b""
    for name in ("scores.validation", "scores.test"):
        begin, end = header[name]["data_offsets"]
        kept[name] = dict(header[name], data_offsets=[len(content), len(content) + end - begin])
        content += data[8 + length:][begin:end]
    text = json.dumps(kept).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + content)
    program.window.action("win.select-image", GLib.Variant("s", "test-0005"))
    wait(lambda: program.image_in_view() == "test-0005", "a test image")
    slider().value = 2
    wait(lambda: program.window.says("no weights kept"), "the reason")
    assert prediction().startswith("Prediction: "), prediction()
    program.window.action("win.select-image", GLib.Variant("s", "training-0005"))
    wait(lambda: "no score of this image" in prediction(), "the sentence")
    program.screenshot("history-4-no-weights")
    program.quit()


@follows(test_it_follows_the_newest_epoch_while_training)
def test_in_the_dark(folder):
    global program
    program = Program(study, dark=True)
    choose_run("baseline-small-1234")
    slider().value = 7
    shown(7)
    program.screenshot("history-5-dark")
    program.quit()


try:
    run_tests(globals())
finally:
    if program is not None:
        program.kill()
