"""rh bench canvas on a display: what it prints, not how fast this machine draws. Runs under session.py."""
import json
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import tap

RH = os.environ["RH"]


def test_canvas(folder):
    done = subprocess.run([RH, "bench", "canvas", "--runs", "2", "--json"], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=120)
    assert done.returncode == 0 and done.stderr == "", done
    result, = map(json.loads, done.stdout.splitlines())
    assert result["task"] == "canvas" and result["size"] == 4096 and result["network"] is None, result
    assert 0 < result["min_ms"] <= result["median_ms"] <= result["percentile_99_ms"] <= result["max_ms"], result
    assert result["peak_rss_mb"] > 32 and result["renderer"] == "GskCairoRenderer", result


def test_interrupted(folder):
    process = subprocess.Popen([RH, "bench", "canvas", "--runs", "9999", "--json"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    told, complaint = process.communicate(timeout=30)
    assert process.returncode == 1 and told == "" and complaint == "rh: Stopped before the end.\n", (told, complaint)


tap.run(globals())
