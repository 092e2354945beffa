"""PNG files of every kind, with nothing but Python's own library."""
import struct
import zlib

GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def save(path, rows, colour=GREY, depth=8, palette=None, extra=b"", behind=b""):
    """rows: of each row its samples, as many a pixel as the colour type has; chunks before and behind a palette."""
    width = len(rows[0]) // CHANNELS[colour]
    sample = ">%dH" if depth == 16 else ">%dB"
    data = b"".join(b"\0" + struct.pack(sample % len(row), *row) for row in rows)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" +
                   chunk(b"IHDR", struct.pack(">IIBBBBB", width, len(rows), depth, colour, 0, 0, 0)) + extra +
                   (chunk(b"PLTE", bytes(palette)) if palette else b"") + behind +
                   chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b""))


def load_grey(path):
    """The rows of an 8-bit grey PNG as the program writes it."""
    with open(path, "rb") as file:
        content = file.read()
    at, data = 8, b""
    while at < len(content):
        length, name = struct.unpack(">I4s", content[at:at + 8])
        body = content[at + 8:at + 8 + length]
        if name == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", body[:10])
            assert (depth, colour) == (8, GREY), (depth, colour)
        if name == b"IDAT":
            data += body
        at += 12 + length
    data, rows, before = zlib.decompress(data), [], [0] * width
    for y in range(height):
        kind, line = data[y * (width + 1)], list(data[y * (width + 1) + 1:(y + 1) * (width + 1)])
        for x in range(width):
            left, up, corner = (line[x - 1] if x else 0), before[x], (before[x - 1] if x else 0)
            nearest = min((left, up, corner), key=lambda v: abs(left + up - corner - v))
            line[x] = (line[x] + (0, left, up, (left + up) // 2, nearest)[kind]) % 256
        rows.append(line)
        before = line
    return rows
