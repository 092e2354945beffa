"""rh verify on the reference values, and on values that were tampered with."""
import json
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import tap
from command import as_json, content, rh

KINDS = ("attribution", "train-baseline", "train-masked", "train-shuffled", "train-actdiff", "train-adversarial",
         "train-gradmask", "train-rrr")


def verify(kind):
    path = tap.shared("reference/%s.safetensors" % kind)
    told = as_json("verify", path)
    lines = [line for line in told if line["ok"] is not None]
    assert len(lines) >= 5, told
    for line in lines:
        assert line["ok"] and line["error"] <= line["limit"], line
    text = rh("verify", path).stdout
    assert text.count(" ok\n") == len(lines) and "FAIL" not in text, text
    assert text.count("not checked") == len(told) - len(lines), text


for kind in KINDS:
    globals()["test_" + kind] = lambda folder, kind=kind: verify(kind)


def test_a_wrong_value_fails(folder):
    raw = bytearray(content(tap.shared("reference/train-baseline.safetensors")))
    length, = struct.unpack("<Q", raw[:8])
    start, end = json.loads(raw[8:8 + length])["expect/logits"]["data_offsets"]
    value, = struct.unpack("<f", raw[8 + length + start:8 + length + start + 4])
    raw[8 + length + start:8 + length + start + 4] = struct.pack("<f", value * 1.01 + 0.01)
    path = os.path.join(folder, "wrong.safetensors")
    with open(path, "wb") as file:
        file.write(raw)
    done = rh("verify", path, status=1)
    assert "FAIL" in done.stdout and "outside their limits" in done.stderr, done


tap.run(globals())
