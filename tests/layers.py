"""Does scripts/layers find what the table of rooms forbids? On small made-up trees."""
import os
import subprocess

import tap

LAYERS = os.path.join(os.environ["SOURCE"], "scripts", "layers")
TABLE = """| room | what is in it | uses |
|---|---|---|
| `engine/base` | files | |
| `engine/image` | images | `engine/base` |
| `engine/mask` | masks | `engine/base` |
| `ui/window` | the window | `engine/` |
"""
TREE = {
    "CONTRIBUTING.md": TABLE,
    "engine/base/files.h": "",
    "engine/base/files.c": '#include "base/files.h"\n#include "config.h"\n#include <glib.h>\n',
    "engine/image/image.h": '#include "base/files.h"\n',
    "engine/mask/mask.h": '#include "base/files.h"\n',
    "ui/window/window.h": '#include "image/image.h"\n',
    "ui/window/window.c": '#include "window.h"\n#include "window/window.h"\n',
}


def found(folder, changes):
    """What the script says of the tree with those changes: path → text, or None for a file that is not there."""
    for path, text in {**TREE, **changes}.items():
        path = os.path.join(folder, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if text is not None:
            with open(path, "w") as file:
                file.write(text)
    done = subprocess.run([LAYERS, folder], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    lines = done.stdout.decode().splitlines()
    assert done.returncode == (1 if lines else 0), (done.returncode, lines)
    return lines


def test_a_tree_that_keeps_to_its_table_is_in_order(folder):
    assert found(folder, {}) == []


def test_an_include_that_goes_up_is_found(folder):
    lines = found(folder, {"engine/base/files.c": '#include "base/files.h"\n# include "image/image.h"\n'})
    assert lines == ["engine/base/files.c:2: engine/base may not use engine/image (engine/image/image.h)"], lines


def test_an_include_that_goes_sideways_is_found(folder):
    lines = found(folder, {"engine/mask/mask.h": '#include "image/image.h"\n#include "base/files.h"\n'})
    assert lines == ["engine/mask/mask.h:1: engine/mask may not use engine/image (engine/image/image.h)"], lines


def test_the_engine_does_not_know_the_window(folder):
    lines = found(folder, {"engine/mask/mask.c": '#include "window/window.h"\n'})
    assert lines == ["engine/mask/mask.c:1: engine/mask may not use ui/window (ui/window/window.h)"], lines


def test_a_row_that_allows_what_lies_below_is_found(folder):
    table = TABLE.replace("| images | `engine/base` |", "| images | `engine/base` `engine/mask` |")
    lines = found(folder, {"CONTRIBUTING.md": table, "engine/image/image.c": '#include "mask/mask.h"\n'})
    assert lines == ["CONTRIBUTING.md: engine/image may use only rooms above it, and engine/mask is none"], lines
    table = TABLE.replace("| files | |", "| files | `engine/` |")
    lines = found(folder, {"CONTRIBUTING.md": table, "engine/image/image.c": "",
                           "engine/base/files.c": '#include "mask/mask.h"\n'})
    assert lines == ["CONTRIBUTING.md: engine/base may use only rooms above it, and engine/ is none"], lines


def test_a_row_that_allows_what_nothing_needs_is_found(folder):
    lines = found(folder, {"engine/image/image.h": ""})
    assert lines == ["CONTRIBUTING.md: engine/image uses nothing of engine/base"], lines


def test_rooms_and_rows_belong_together(folder):
    lines = found(folder, {"engine/loose.c": "", "engine/mask/mask.h": None})
    assert lines == ["CONTRIBUTING.md: engine has no row", "CONTRIBUTING.md: there is no room engine/mask",
                     "CONTRIBUTING.md: engine/mask uses nothing of engine/base"], lines


def test_an_exception_is_for_two_files_and_ends_with_its_include(folder):
    table = TABLE + "\n* `engine/base/files.c` includes `engine/image/image.h`: it cannot be helped.\n"
    upward = '#include "image/image.h"\n'
    assert found(folder, {"CONTRIBUTING.md": table, "engine/base/files.c": upward}) == []
    lines = found(folder, {"CONTRIBUTING.md": table, "engine/base/files.h": upward})
    assert lines == ["engine/base/files.h:1: engine/base may not use engine/image (engine/image/image.h)",
                     "CONTRIBUTING.md: engine/base/files.c does not include engine/image/image.h"], lines


def test_an_include_that_leads_nowhere_is_found(folder):
    lines = found(folder, {"ui/window/window.c": '#include "gone.h"\n'})
    assert lines == ["ui/window/window.c:1: there is no file gone.h"], lines


tap.run(globals())
