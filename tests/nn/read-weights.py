#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Loads weights into the same network in PyTorch and prints its logits.

    read-weights.py small|resnet18 WEIGHTS.safetensors INPUT.safetensors

Exit status 77: PyTorch is not here. The reader of the format is the ten lines of `load`."""
import json
import struct
import sys

try:
    import numpy as np
    import torch
    from torch import nn
    from torch.nn import functional as F
except ImportError as reason:
    print(reason)
    sys.exit(77)


def load(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    header.pop("__metadata__", None)
    kinds = {"F32": np.float32, "I64": np.int64}
    return {name: torch.from_numpy(np.frombuffer(data[slice(*entry["data_offsets"])], kinds[entry["dtype"]])
                                   .reshape(entry["shape"]).copy())
            for name, entry in header.items()}


class Small(nn.Module):
    def __init__(self, w):
        super().__init__()
        self.strides = [1, 2, 2, 1]
        for i, (a, b, stride) in enumerate(zip([1, w, 2 * w, 4 * w], [w, 2 * w, 4 * w, 4 * w], self.strides), 1):
            setattr(self, f"conv{i}", nn.Conv2d(a, b, 3, stride, 1, bias=False))
            setattr(self, f"bn{i}", nn.BatchNorm2d(b))
        self.fc = nn.Linear(4 * w, 2)

    def forward(self, x):
        for i in range(1, 5):
            x = F.relu(getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(x)))
        return self.fc(x.mean((2, 3)))


class Block(nn.Module):
    def __init__(self, a, b, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(a, b, 3, stride, 1, bias=False), nn.BatchNorm2d(b)
        self.conv2, self.bn2 = nn.Conv2d(b, b, 3, 1, 1, bias=False), nn.BatchNorm2d(b)
        self.downsample = nn.Sequential(nn.Conv2d(a, b, 1, stride, bias=False), nn.BatchNorm2d(b)) if a != b else None

    def forward(self, x):
        skip = self.downsample(x) if self.downsample else x
        return F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))) + skip)


class ResNet18(nn.Module):
    def __init__(self, w):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(1, w, 3, 1, 1, bias=False), nn.BatchNorm2d(w)
        for i, (a, b) in enumerate([(w, w), (w, 2 * w), (2 * w, 4 * w), (4 * w, 8 * w)], 1):
            setattr(self, f"layer{i}", nn.Sequential(Block(a, b, 1 if a == b else 2), Block(b, b, 1)))
        self.fc = nn.Linear(8 * w, 2)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        for i in range(1, 5):
            x = getattr(self, f"layer{i}")(x)
        return self.fc(x.mean((2, 3)))


def main():
    kind, weights, inputs = sys.argv[1:]
    tensors = load(weights)
    net = {"small": Small, "resnet18": ResNet18}[kind](len(tensors["conv1.weight"]))
    net.load_state_dict(tensors, strict=True)
    torch.set_num_threads(1)
    with torch.no_grad():
        for row in net.eval()(load(inputs)["x"]).tolist():
            print(*row)


main()
