"""Images as cameras and detectors write them: turned by their EXIF, and with fewer bits than the file has."""
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import made_png
import tap
from command import content, rh

WIDTH, HEIGHT, COUNT = 20, 12, 12


def exif(orientation):
    return made_png.chunk(b"eXIf", b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, 0x0112, 3, 1, orientation, 0, 0))


def turned(rows, orientation):
    """The rows as they are stored, so that turning them as EXIF says gives `rows`: each case on its own."""
    mirrored, flipped = [row[::-1] for row in rows], rows[::-1]
    half = [row[::-1] for row in flipped]
    transposed = [list(column) for column in zip(*rows)]
    return {1: rows, 2: mirrored, 3: half, 4: flipped, 5: transposed,
            6: transposed[::-1],  # seen from the left: the last upright column is stored first
            7: [row[::-1] for row in transposed[::-1]], 8: [row[::-1] for row in transposed]}[orientation]


def film(i):
    """An upright image with one bright block, whose place is that of its mask."""
    return [[250 if 2 <= x < 6 and 1 <= y < 4 else (x + 3 * y + i) % 60 for x in range(WIDTH)] for y in range(HEIGHT)]


def block():
    return [[255 if 2 <= x < 6 and 1 <= y < 4 else 0 for x in range(WIDTH)] for y in range(HEIGHT)]


def source(folder, orientation, mask):
    place = os.path.join(folder, "source")
    os.makedirs(os.path.join(place, "masks"))
    lines = ["image,label,mask"]
    for i in range(COUNT):
        made_png.save(os.path.join(place, "p%d.png" % i), turned(film(i), orientation), extra=exif(orientation))
        made_png.save(os.path.join(place, "masks", "p%d.png" % i), mask)
        lines.append("p%d.png,%d,masks/p%d.png" % (i, i % 2, i))
    with open(os.path.join(place, "images.csv"), "w") as file:
        file.write("\n".join(lines) + "\n")


def bright_pixels(rows):
    return [(x, y) for y, row in enumerate(rows) for x, value in enumerate(row) if value > 128]


def check_upright(folder, text, place="study"):
    """The study's mask lies on the bright block of the image as people see it."""
    assert "12 images are turned upright" in text, text
    assert len(os.listdir(os.path.join(folder, place, "masks"))) == 12, text
    assert "orientation=exif" in content(folder, place, "study.ini").decode()
    mask = made_png.load_grey(os.path.join(folder, place, "masks", "p0.png"))
    assert bright_pixels(mask) == bright_pixels(film(0)), mask


def test_an_image_is_turned_as_its_exif_says(folder):
    for orientation in range(2, 9):
        place = os.path.join(folder, str(orientation))
        os.mkdir(place)
        source(place, orientation, block())
        check_upright(place, rh("new", "folder", "source", "study", cwd=place).stdout)


def test_a_mask_of_the_stored_size_is_turned_along(folder):
    for orientation in (5, 6, 7, 8):
        place = os.path.join(folder, str(orientation))
        os.mkdir(place)
        source(place, orientation, turned(block(), orientation))
        text = rh("new", "folder", "source", "study", cwd=place).stdout
        check_upright(place, text)
        assert "12 masks have the size of their images before those were turned" in text, text


def test_a_turned_image_is_seen_upright_by_the_network(folder):
    """The same pixels stored upright and turned: a training gives the same numbers to the last digit."""
    scores = []
    for orientation in (1, 6):
        place = os.path.join(folder, str(orientation))
        os.mkdir(place)
        source(place, orientation, block())
        rh("new", "folder", "--size", "16", "source", "study", cwd=place)
        rh("train", "study", "--method", "actdiff", "--network", "small", "--epochs", "2", "--seed", "1",
           "--name", "run", "--quiet", cwd=place)
        scores.append(content(place, "study", "runs", "run", "test.csv"))
    assert scores[0] == scores[1]


def deep(folder, scale):
    place = os.path.join(folder, "source")
    os.makedirs(place)
    lines = ["image,label"]
    for i in range(COUNT):
        made_png.save(os.path.join(place, "p%d.png" % i),
                      [[(x * 97 + y * 31 + i * 53) % 4000 * scale for x in range(WIDTH)] for y in range(HEIGHT)], depth=16)
        lines.append("p%d.png,%d" % (i, i % 2))
    with open(os.path.join(place, "images.csv"), "w") as file:
        file.write("\n".join(lines) + "\n")
    return rh("new", "folder", "source", "study", cwd=folder).stdout


def test_twelve_bits_in_sixteen_are_the_range_and_said(folder):
    text = deep(folder, 1)
    assert "12 images of 16 bits use 12 of them" in text and "4095 counts as white" in text, text
    ini = os.path.join(folder, "study", "study.ini")
    assert "bits=12" in content(ini).decode()
    rh("split", "study", "--split-seed", "2", cwd=folder)  # writes it anew
    assert "bits=12" in content(ini).decode()


def test_sixteen_bits_and_eight_say_nothing(folder):
    text = deep(folder, 16)
    assert "16 bits" not in text, text
    assert "bits=" not in content(folder, "study", "study.ini").decode()


def test_a_range_that_makes_no_sense_is_refused(folder):
    deep(folder, 1)
    ini = os.path.join(folder, "study", "study.ini")
    for line in ("bits=17", "bits=0", "bits=many"):
        with open(ini) as file:
            text = file.read()
        with open(ini, "w") as file:
            file.write(text.replace("bits=12", line))
        done = rh("split", "study", status=2, cwd=folder)
        assert "study.ini" in done.stderr and "bits" in done.stderr, done.stderr
        with open(ini, "w") as file:
            file.write(text)


tap.run(globals())
