"""Masks as other programs write them: which pixels are inside, and what is said where that is not known."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import made_png
import tap
from command import refusal, rh

WIDTH, HEIGHT, COUNT = 20, 16, 12


def source(folder, mask, count=COUNT, **kind):
    """Images with a table; `mask` gives the samples of a mask's row, and is given the image's number and y."""
    place = os.path.join(folder, "source")
    os.makedirs(os.path.join(place, "masks"))
    lines = ["image,label,mask"]
    for i in range(count):
        made_png.save(os.path.join(place, "p%d.png" % i),
                      [[(x * 7 + y * 3 + i) % 256 for x in range(WIDTH)] for y in range(HEIGHT)])
        made_png.save(os.path.join(place, "masks", "p%d.png" % i), [mask(i, y) for y in range(HEIGHT)], **kind)
        lines.append("p%d.png,%d,masks/p%d.png" % (i, i % 2, i))
    with open(os.path.join(place, "images.csv"), "w") as file:
        file.write("\n".join(lines) + "\n")
    return place


def row(y, *bands):
    """A row of one sample a pixel: each band (value, first row, past the last) is 6 pixels wide from 4 on."""
    value = next((value for value, first, end in bands if first <= y < end), 0)
    return [value if 4 <= x < 10 else 0 for x in range(WIDTH)]


def inside(folder, name="p0"):
    """How many pixels of a mask of the study are inside, and in which rows."""
    rows = made_png.load_grey(os.path.join(folder, "study", "masks", name + ".png"))
    assert {value for line in rows for value in line} <= {0, 255}
    return sum(value == 255 for line in rows for value in line), [y for y, line in enumerate(rows) if 255 in line]


def make(folder, *options):
    return rh("new", "folder", *options, "source", "study", cwd=folder).stdout


def taken(folder):
    """How many masks the study has."""
    return len(os.listdir(os.path.join(folder, "study", "masks")))


def two_classes(i, y):
    return row(y, (1, 2, 6), (2, 8, 12))


def test_a_palette_of_two_classes_is_not_silently_empty(folder):
    source(folder, two_classes, colour=made_png.PALETTE, palette=[0, 0, 0, 128, 0, 0, 0, 128, 0])
    text = make(folder)
    assert taken(folder) == 0 and "1 (288 pixels), 2 (288 pixels)" in text and "--region" in text, text


def test_a_region_is_chosen_among_labels(folder):
    source(folder, two_classes, colour=made_png.PALETTE, palette=[0, 0, 0, 128, 0, 0, 0, 128, 0])
    text = make(folder, "--region", "2")
    assert taken(folder) == 12 and "the region of interest is made of 2" in text, text
    assert inside(folder) == (24, [8, 9, 10, 11])


def test_regions_are_merged_only_when_asked(folder):
    source(folder, lambda i, y: row(y, (1, 2, 5), (2, 6, 9), (3, 10, 13)))
    text = make(folder)
    assert taken(folder) == 0 and "1 (216 pixels), 2 (216 pixels), 3 (216 pixels)" in text, text
    os.rename(os.path.join(folder, "study"), os.path.join(folder, "first"))
    make(folder, "--region", "1,3")
    assert taken(folder) == 12
    assert inside(folder) == (36, [2, 3, 4, 10, 11, 12])


def test_labels_are_those_of_all_masks_together(folder):
    """Each mask has one label, but not the same: none is taken for the other."""
    source(folder, lambda i, y: row(y, (1 + i % 2, 2, 6)))
    text = make(folder)
    assert taken(folder) == 0 and "1 (144 pixels), 2 (144 pixels)" in text, text
    os.rename(os.path.join(folder, "study"), os.path.join(folder, "first"))
    text = make(folder, "--region", "2")
    assert taken(folder) == 6 and "nothing inside: 6" in text, text


def test_a_region_that_no_mask_has_is_refused(folder):
    source(folder, two_classes)
    sentence = refusal("new", "folder", "--region", "7", "source", "study", status=2, cwd=folder)
    assert "label 7" in sentence and "1 (288 pixels)" in sentence, sentence
    sentence = refusal("new", "folder", "--region", "1,,2", "source", "study", status=2, cwd=folder)
    assert "1,,2" in sentence, sentence
    assert not os.path.exists(os.path.join(folder, "study"))


def test_two_values_below_half_are_told_and_can_be_taken(folder):
    source(folder, lambda i, y: row(y, (100, 2, 6), (120, 6, 10)))
    text = make(folder)
    assert taken(folder) == 0 and "100 (288 pixels), 120 (288 pixels)" in text, text
    os.rename(os.path.join(folder, "study"), os.path.join(folder, "first"))
    make(folder, "--region", "all")
    assert taken(folder) == 12
    assert inside(folder) == (48, list(range(2, 10)))


def test_a_soft_mask_below_half_is_not_empty(folder):
    source(folder, lambda i, y: [(0, 10, 25, 40, 60, 80)[min(x, 5)] for x in range(WIDTH)])
    text = make(folder)
    assert taken(folder) == 12 and "12 masks have soft shades and none as bright as half" in text, text
    assert inside(folder)[0] == 17 * HEIGHT


def test_255_beside_a_small_label_is_ignored_and_said(folder):
    source(folder, lambda i, y: [255] * WIDTH if y == 0 else row(y, (1, 4, 10)))
    text = make(folder)
    assert taken(folder) == 12 and "255 beside so small a number" in text, text
    assert inside(folder) == (36, list(range(4, 10)))


def test_colours_are_named(folder):
    def mask(i, y):
        colours = {0: (0, 0, 0), 1: (255, 0, 0), 2: (40, 90, 220)}
        return [sample for value in two_classes(i, y) for sample in colours[value]]
    source(folder, mask, colour=made_png.RGB)
    text = make(folder)
    assert "red (288 pixels)" in text and "#285adc (288 pixels)" in text, text
    os.rename(os.path.join(folder, "study"), os.path.join(folder, "first"))
    make(folder, "--region", "red")
    assert inside(folder) == (24, [2, 3, 4, 5])


def test_two_values_are_a_mask_as_they_are(folder):
    """0 and 1, 0 and 100, 16 bits, red on transparent, white with opacity alone: all the same, without a word."""
    def bands(value):
        return lambda i, y: row(y, (value, 2, 6))

    def painted(clear, opaque):
        return lambda i, y: [sample for value in row(y, (1, 2, 6)) for sample in (opaque if value else clear)]
    kinds = [(bands(1), {}), (bands(100), {}), (bands(255), {}), (bands(300), {"depth": 16}),
             (bands(15), {"colour": made_png.PALETTE, "palette": [0] * 45 + [224, 224, 192]}),
             (painted((0, 0, 0, 0), (255, 0, 0, 255)), {"colour": made_png.RGBA}),
             (painted((255, 255, 255, 0), (255, 0, 0, 255)), {"colour": made_png.RGBA}),
             (painted((255, 255, 255, 0), (255, 255, 255, 255)), {"colour": made_png.RGBA})]
    for number, (mask, kind) in enumerate(kinds):
        place = os.path.join(folder, str(number))
        os.mkdir(place)
        source(place, mask, count=8, **kind)
        text = make(place)
        assert taken(place) == 8 and "Left out or changed" not in text, (number, text)
        assert inside(place) == (24, [2, 3, 4, 5]), (number, inside(place))


def test_an_inverted_mask_is_taken_and_noted(folder):
    source(folder, lambda i, y: [255 - value for value in row(y, (255, 2, 6))])
    text = make(folder)
    assert taken(folder) == 12 and "12 masks cover most of their image" in text and "92 %" in text, text


def test_an_empty_mask_is_noted(folder):
    source(folder, lambda i, y: row(y, (255 if i else 0, 2, 6)))
    text = make(folder)
    assert taken(folder) == 11 and "Nothing is inside the mask “masks/p0.png”" in text, text


def test_a_file_of_zero_bytes_is_said_to_be_empty(folder):
    place = source(folder, lambda i, y: row(y, (1, 2, 6)))
    open(os.path.join(place, "p3.png"), "w").close()
    open(os.path.join(place, "masks", "p4.png"), "w").close()
    text = make(folder)
    assert taken(folder) == 10, text
    for name in ("“p3.png”", "masks/p4.png"):
        line = next(line for line in text.splitlines() if name in line)
        assert "is empty" in line and "convert" not in line, line


tap.run(globals())
