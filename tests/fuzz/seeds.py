#!/usr/bin/python3
"""Writes small PNG files of every kind as seeds for the fuzz targets of images and masks: seeds.py FOLDER."""
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "rh"))
import made_png

SIDE = 4
EXIF = made_png.chunk(b"eXIf", b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, 0x0112, 3, 1, 6, 0, 0))
CLEAR = made_png.chunk(b"tRNS", b"\0\xff")


def main(folder):
    os.makedirs(folder, exist_ok=True)
    kinds = {"grey": (made_png.GREY, 8), "grey16": (made_png.GREY, 16), "rgb": (made_png.RGB, 8),
             "rgb16": (made_png.RGB, 16), "grey-alpha": (made_png.GREY_ALPHA, 8), "rgba": (made_png.RGBA, 8)}
    for name, (colour, depth) in kinds.items():
        samples = SIDE * made_png.CHANNELS[colour]
        rows = [[(x // 2 + y) % 4 * 60 for x in range(samples)] for y in range(SIDE)]
        made_png.save(os.path.join(folder, name + ".png"), rows, colour=colour, depth=depth)
        made_png.save(os.path.join(folder, name + "-turned.png"), rows, colour=colour, depth=depth, extra=EXIF)
    places = [[(x // 2 + y) % 3 for x in range(SIDE)] for y in range(SIDE)]
    palette = [0, 0, 0, 128, 0, 0, 0, 128, 0]
    made_png.save(os.path.join(folder, "palette.png"), places, colour=made_png.PALETTE, palette=palette)
    made_png.save(os.path.join(folder, "palette-clear.png"), places, colour=made_png.PALETTE, palette=palette,
                  behind=CLEAR)
    border = [[255 if y == 0 else x % 2 for x in range(SIDE)] for y in range(SIDE)]
    made_png.save(os.path.join(folder, "border.png"), border)


main(sys.argv[1])
