#!/usr/bin/python3
"""Writes small seeds for the fuzz targets, a folder for each kind of file: seeds.py RH FOLDER. RH is the command line,
which makes the study."""
import json
import os
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "rh"))
import made_png

SIDE = 4
TURNED = b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, 0x0112, 3, 1, 6, 0, 0)
EXIF = made_png.chunk(b"eXIf", TURNED)
CLEAR = made_png.chunk(b"tRNS", b"\0\xff")
# In the order of fuzz-study.c, with a byte 0 between one and the next.
STUDY = ["study.ini", "images.csv", "reading.csv", "queue.ini", "runs/run/run.ini", "runs/run/metrics.csv",
         "runs/run/test.csv", "runs/run/history/0001.safetensors"]
TABLES = {"commas": b"image,label,patient\na.png,1,p1\n\"b,c.png\",0,\"say \"\"no\"\"\"\n",
          "semicolons": b"\xef\xbb\xbfsep=;\r\nimage;label\r\na.png;1,5\r\n", "tabs": b"image\tlabel\na.png\t1\n"}


def put(folder, name, content):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as file:
        file.write(content)


def write_pngs(folder):
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


def segment(marker, content):
    return struct.pack(">BBH", 0xff, marker, len(content) + 2) + content


def jpeg(components, side, progressive=False, extra=b""):
    """A JPEG of one grey: every coefficient is nought, so that each block takes two bits, or one of two scans."""
    code = bytes([1] + [0] * 15 + [0])  # one code, of one bit, for the value 0
    numbers = range(1, components + 1)
    frame = struct.pack(">BHHB", 8, side, side, components)
    frame += b"".join(bytes([n, 0x22 if n == 1 and components > 1 else 0x11, 0]) for n in numbers)
    tables = segment(0xc4, b"\0" + code) + segment(0xc4, b"\x10" + code)

    def scan(parts, first, last):
        head = bytes([len(parts)]) + b"".join(bytes([n, 0]) for n in parts) + bytes([first, last, 0])
        return segment(0xda, head) + b"\0" * (components * side * side // 64 // 4 + 1)
    scans = scan(numbers, 0, 0) + b"".join(scan([n], 1, 63) for n in numbers) if progressive else scan(numbers, 0, 63)
    return (b"\xff\xd8" + extra + segment(0xdb, b"\0" + b"\1" * 64) +
            segment(0xc2 if progressive else 0xc0, frame) + tables + scans + b"\xff\xd9")


def write_jpegs(folder):
    put(folder, "grey.jpg", jpeg(1, 8))
    put(folder, "grey-turned.jpg", jpeg(1, 8, extra=segment(0xe1, b"Exif\0\0" + TURNED)))
    put(folder, "colour.jpg", jpeg(3, 16))
    put(folder, "progressive.jpg", jpeg(1, 8, progressive=True))
    put(folder, "progressive-colour.jpg", jpeg(3, 16, progressive=True))


def without_weights(content):
    """A safetensors file of an epoch with its scores alone, to be small."""
    length, = struct.unpack("<Q", content[:8])
    header = {name: entry for name, entry in json.loads(content[8:8 + length]).items()
              if name == "__metadata__" or name.startswith("scores.")}
    end = max(entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__")
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + content[8 + length:8 + length + end]


def write_study(rh, folder):
    """A study with one run."""
    with tempfile.TemporaryDirectory() as place:
        study = os.path.join(place, "study")
        subprocess.run([rh, "new", "synthetic", "--count", "4,4,4", "--size", "24", study], check=True,
                       stdout=subprocess.DEVNULL)
        subprocess.run([rh, "train", study, "--name", "run", "--epochs", "1", "--network", "small", "--quiet"],
                       check=True, stdout=subprocess.DEVNULL)
        files = []
        for name in STUDY:
            path = os.path.join(study, name)
            content = b""
            if os.path.exists(path):
                with open(path, "rb") as file:
                    content = file.read()
            files.append(content)
    files[-1] = without_weights(files[-1])
    put(os.path.join(folder, "study"), "trained", b"\0".join(files))
    put(os.path.join(folder, "study"), "untrained", b"\0".join(files[:4] + [b""] * 4))
    put(os.path.join(folder, "safetensors"), "epoch", files[-1])


def write_safetensors(folder):
    header = b'{"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"__metadata__":{"format":"pt"}}'
    put(folder, "small", struct.pack("<Q", len(header)) + header + struct.pack("<2f", 1, -2))


def main(rh, folder):
    write_pngs(os.path.join(folder, "png"))
    write_jpegs(os.path.join(folder, "jpeg"))
    write_safetensors(os.path.join(folder, "safetensors"))
    for name, content in TABLES.items():
        put(os.path.join(folder, "table"), name, content)
    write_study(os.path.abspath(rh), folder)


main(*sys.argv[1:])
