"""rh bench of the window on a display: what it prints, not how fast this machine is. Runs under session.py."""
import glob
import json
import os
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import tap
from desktop import wait

RH = os.environ["RH"]


def bench(folder, task):
    """The one line it prints; nothing is left where temporary files are made."""
    done = subprocess.run([RH, "bench", task, "--runs", "2", "--json", "--quiet"], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": folder})
    assert done.returncode == 0 and done.stderr == "", done
    assert os.listdir(folder) == []
    result, = map(json.loads, done.stdout.splitlines())
    assert result["task"] == task and result["network"] is None and result["renderer"] == "GskCairoRenderer", result
    assert 0 < result["min_ms"] <= result["median_ms"] <= result["percentile_99_ms"] <= result["max_ms"], result
    assert result["peak_rss_mb"] > 32, result
    return result


def test_canvas(folder):
    assert bench(folder, "canvas")["size"] == 4096


def test_canvas_while_a_run_trains(folder):
    assert bench(folder, "canvas-training")["size"] == 4096


def test_live_loop(folder):
    for size in (28, 64):
        result = bench(folder, "live-%d" % size)
        assert result["size"] == size and result["min_ms"] > 100, result  # a training lies between
    for name in (".local/share/redherring", ".local/state/redherring", ".config/dconf"):  # nothing of the user's
        assert not os.path.exists(os.path.join(os.environ["HOME"], name)), name


def has_child(process):
    def parent(path):
        with open(path) as file:
            return int(file.read().rpartition(") ")[2].split()[1])
    return any(parent(path) == process for path in glob.glob("/proc/[0-9]*/stat"))


def test_interrupted(folder):
    process = subprocess.Popen([RH, "bench", "canvas", "--runs", "9999", "--json"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    wait(lambda: has_child(process.pid), "the program that draws")
    process.send_signal(signal.SIGINT)
    told, complaint = process.communicate()
    assert process.returncode == 75 and told == "" and complaint == "rh: Stopped before the end.\n", (told, complaint)


tap.run(globals())
