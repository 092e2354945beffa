"""rh bench: what it prints, not how fast this machine is."""
import csv
import json
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import tap
from command import RH, content, refusal, rh

QUICK = ["--network", "small", "--size", "12", "--width", "4", "--batch", "4", "--runs", "2"]
METHODS = ["baseline", "masked", "shuffled", "actdiff", "adversarial", "gradmask", "rrr"]
MAPS = ["gradient", "integrated-gradients", "occlusion"]
KEYS = {"program", "task", "network", "kernels", "threads", "batch", "size", "width", "median_ms", "min_ms", "max_ms",
        "quartile_low_ms", "quartile_high_ms", "peak_rss_mb", "gflops", "peak_share"}
NO_DISPLAY = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
NO_DISPLAY["XDG_RUNTIME_DIR"] = "/nonexistent"


def lines(*arguments, **more):
    """One object a line, and nothing else on standard output."""
    return [json.loads(line) for line in rh("bench", *QUICK, *arguments, "--json", **more).stdout.splitlines()]


def script(folder, text):
    """A peer: a shell script with these lines."""
    path = os.path.join(folder, "peer")
    with open(path, "w") as file:
        file.write("#!/bin/sh\n" + text + "\n")
    os.chmod(path, 0o755)
    return path


def close(a, b):
    return abs(a - b) <= 1e-9 * max(abs(a), abs(b))


def test_one_task_is_one_line(folder):
    result, = lines("step", "--method", "gradmask", "--threads", "1", "--quiet")
    assert KEYS <= set(result), result
    assert result["program"].startswith("redherring ") and result["task"] == "gradmask", result
    assert (result["network"], result["threads"], result["batch"], result["size"], result["width"]) == \
        ("small", 1, 4, 12, 4), result
    assert lines("eval", "--kernels", "exact")[0]["kernels"] == "exact" and result["kernels"], result
    assert 0 < result["min_ms"] <= result["quartile_low_ms"] <= result["median_ms"], result
    assert result["median_ms"] <= result["quartile_high_ms"] <= result["max_ms"], result
    assert result["gflops"] > 0 and 0 < result["peak_share"] < 1.5 and 1 < result["peak_rss_mb"] < 1000, result
    assert close(result["gflops"], result["gflop"] / (result["median_ms"] / 1e3)), result
    assert close(result["images_per_second"], 4 / (result["median_ms"] / 1e3)), result


def test_work_is_counted(folder):
    """The convolutions and the linear layer of the small network, worked by hand for four images."""
    forward = [2 * 4 * 144 * 9 * 4, 2 * 4 * 36 * 9 * 4 * 8, 2 * 4 * 9 * 9 * 8 * 16, 2 * 4 * 9 * 9 * 16 * 16,
               2 * 4 * 16 * 2]
    evaluation, step = lines("eval", "baseline")
    assert close(evaluation["gflop"] * 1e9, sum(forward)), evaluation
    assert close(step["gflop"] * 1e9, 3 * sum(forward) - forward[0]), step


def test_every_task(folder):
    results = lines("step", "eval", "map", "data")
    assert [result["task"] for result in results] == METHODS + ["eval"] + MAPS + ["data"], results
    for result in results:
        assert KEYS <= set(result) and result["median_ms"] > 0 and result["size"] == 12, result
        assert (result["network"] is None) == (result["gflops"] is None) == (result["task"] == "data"), result
    assert {result["batch"] for result in results if result["task"] in MAPS} == {1}


def test_narrowed_tasks(folder):
    told = [result["task"] for result in lines("step", "--method", "rrr,baseline", "--method", "masked", "rrr", "map",
                                               "--map", "occlusion")]
    assert told == ["rrr", "baseline", "masked", "occlusion"], told
    assert [result["task"] for result in lines("gradient", "actdiff")] == ["gradient", "actdiff"]


def test_memory_is_the_tasks_own(folder):
    """What came first leaves no trace: the large batch first, then the small one, and the same in turn."""
    def memory(*arguments):
        done = rh("bench", "--network", "small", "--width", "4", "--size", "64", "--batch", "64", "--runs", "2",
                  *arguments, "--json")
        return [json.loads(line)["peak_rss_mb"] for line in done.stdout.splitlines()]
    large_first, small_first = memory("rrr", "gradient"), memory("gradient", "rrr")
    for large, small in (large_first, reversed(small_first)):
        assert small < 0.8 * large, (large_first, small_first)


def test_memory_of_a_large_parent_does_not_count(folder):
    ballast = bytearray(os.urandom(1 << 20) * 300)
    done = subprocess.Popen([RH, "bench", "eval", *QUICK, "--json", "--quiet"], stdout=subprocess.PIPE,
                            preexec_fn=lambda: ballast[0])
    assert json.loads(done.communicate()[0])["peak_rss_mb"] < 200


def test_text(folder):
    done = rh("bench", "baseline", "eval", *QUICK)
    head, titles, *rows = done.stdout.splitlines()
    assert "peak is" in head and "GFLOP/s" in head and "2 threads" in head and "small" in head, head
    assert titles.split()[0] == "task" and [row.split()[0] for row in rows] == ["baseline", "eval"], done.stdout
    assert done.stderr == "baseline\neval\n", done.stderr
    assert rh("bench", "eval", "data", *QUICK, "--quiet").stderr == ""


def test_help_lists_the_tasks(folder):
    text = rh("bench", "--help").stdout
    for name in ("step", "eval", "map", "data", "canvas", "canvas-training", "live", "growth"):
        assert "\n  %s " % name in text, name
    assert "--peak" not in text


def test_wrong_usage(folder):
    for arguments in (["nonsense"], ["step", "--method", "nonsense"], ["map", "--map", "nonsense"],
                      ["eval", "--method", "baseline"], ["step", "--map", "occlusion"], ["--network", "nonsense"],
                      ["--kernels", "nonsense"], ["--runs", "0"], ["--size", "1"], ["--batch", "0"], ["--threads", "-1"],
                      ["--rounds", "3"], ["--peer", "true", "--rounds", "0"], ["--over", "batch"], ["--out", "x.png"],
                      ["growth", "eval"], ["growth", "--over", "nonsense"], ["growth", "--peer", "true"],
                      ["growth", "--out", "x.gif"]):
        rh("bench", *arguments, status=2, cwd=folder)
    assert "“nonsense”" in refusal("bench", "nonsense", status=2)
    assert os.listdir(folder) == []


def test_the_canvas_needs_a_display(folder):
    told = refusal("bench", "canvas", *QUICK, env=NO_DISPLAY)
    assert "The window cannot be timed" in told, told
    done = rh("bench", *QUICK, "--json", "--quiet", env=NO_DISPLAY)
    assert [json.loads(line)["task"] for line in done.stdout.splitlines()] == METHODS + ["eval"] + MAPS + ["data"]
    assert "The window cannot be timed" in done.stderr and "left out" in done.stderr, done.stderr


def test_peer(folder):
    """Three rounds of a peer that takes 6, 2 and 4 ms."""
    peer = script(folder, """cd %s
echo "$1" >>asked
n=$(grep -c . asked)
echo 'importing…'
echo '{"task": "another", "median_ms": 1}'
echo "{\\"program\\": \\"fake 1\\", \\"task\\": \\"$1\\", \\"median_ms\\": $(echo 6 2 4 | cut -d' ' -f$n), \\"peak_rss_mb\\": 100}"
echo '{"task": "'$1'", "median_ms": null}'""" % folder)
    result, = lines("eval", "--rounds", "3", "--peer", peer)
    assert content(folder, "asked") == b"eval\n" * 3
    assert result["task"] == "eval" and result["rounds"] == 3 and result["peer_program"] == "fake 1", result
    assert result["peer_median_ms"] == 4 and result["peer_peak_rss_mb"] == 100, result
    assert close(result["peak_rss_ratio"], result["peak_rss_mb"] / 100), result
    assert result["ratio_low"] <= result["ratio"] <= result["ratio_high"], result
    assert 2 / result["max_ms"] <= result["ratio_low"] <= 2 / result["min_ms"], result
    assert 6 / result["max_ms"] <= result["ratio_high"] <= 6 / result["min_ms"], result
    assert close(result["gflops"], result["gflop"] / (result["median_ms"] / 1e3)), result


def test_ratio_of_a_steady_peer(folder):
    """The ratios turn around with our times: their median is that of ours, turned around."""
    peer = "echo '{\"task\": \"%s\", \"median_ms\": 5}'; true"
    one, two = lines("eval", "baseline", "--rounds", "3", "--peer", peer)
    for result in (one, two):
        assert close(result["ratio"], 5 / result["median_ms"]), result
        assert close(result["ratio_low"], 5 / result["max_ms"]) and close(result["ratio_high"], 5 / result["min_ms"])
        assert result["peer_peak_rss_mb"] is None and result["peak_rss_ratio"] is None, result
    text = rh("bench", "eval", *QUICK, "--quiet", "--rounds", "1", "--peer", peer).stdout
    assert "ratio" in text and text.splitlines()[-1].split()[2] == "5.000", text


def test_a_peer_that_timed_something_else_is_told(folder):
    done = rh("bench", "eval", *QUICK, "--quiet", "--rounds", "1", "--peer",
              "echo '{\"task\": \"%s\", \"median_ms\": 5, \"batch\": 16, \"threads\": 2}'")
    assert done.stderr == "rh: The peer timed eval with batch 16, we with 4.\n", done.stderr


def test_a_peer_that_fails(folder):
    peer = script(folder, """if [ $1 = eval ]; then echo 'out of luck' >&2; exit 3; fi
if [ $1 = gradient ]; then echo '{"task": "gradient"}'; exit; fi
if [ $1 = masked ]; then exit; fi
echo '{"task": "'$1'", "median_ms": 5}'""")
    done = rh("bench", "eval", "gradient", "masked", "baseline", *QUICK, "--json", "--quiet", "--rounds", "1", "--peer",
              peer, status=1)
    assert [json.loads(line)["task"] for line in done.stdout.splitlines()] == ["baseline"], done.stdout
    assert done.stderr.splitlines() == [
        "rh: The peer failed on eval with exit status 3 and said last “out of luck”.",
        "rh: The peer printed no usable result of gradient and said last “{\"task\": \"gradient\"}”.",
        "rh: The peer printed no usable result of masked and said nothing.",
        "rh: 3 of 4 tasks could not be timed."], done.stderr


def test_growth(folder):
    done = rh("bench", "growth", "--over", "batch", *QUICK, "--out", "growth.csv", "--method", "baseline,actdiff",
              cwd=folder)
    assert len(done.stdout.splitlines()) == 2 + 2 * 7, done.stdout
    with open(os.path.join(folder, "growth.csv"), newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["series"] for row in rows} == {"baseline, a step", "baseline, a GFLOP", "actdiff, a step",
                                               "actdiff, a GFLOP"}, rows
    steps = [row for row in rows if row["series"] == "baseline, a step"]
    assert [float(row["Images in a batch"]) for row in steps] == [1, 2, 4, 8, 16, 32, 64], steps
    assert all(float(row["Milliseconds"]) > 0 for row in rows)
    told = lines("growth", "--over", "threads", "--out", os.path.join(folder, "growth.png"))
    assert told[0]["threads"] == 1 and all(result["task"] == "baseline" for result in told), told
    assert content(folder, "growth.png").startswith(b"\x89PNG")


def processes(word):
    """Those whose command line has this word."""
    found = []
    for number in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/cmdline" % number, "rb") as file:
                arguments = file.read().split(b"\0")
        except OSError:
            continue
        if word.encode() in arguments:
            found.append(int(number))
    return found


def wait(condition, what):
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.05)


def interrupt(folder, sent, begun, *arguments):
    """Ends it with a signal as soon as it has begun; `folder` is where it makes temporary ones."""
    process = subprocess.Popen([RH, "bench", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                               env={**os.environ, "TMPDIR": folder})
    wait(begun, "the beginning")
    process.send_signal(sent)
    told = process.communicate(timeout=60)[1]
    assert process.returncode == 75 and told.endswith("rh: Stopped before the end.\n"), (process.returncode, told)


def test_interrupted(folder):
    for tasks in (["data"], ["data", "eval"]):
        interrupt(folder, signal.SIGINT, lambda: os.listdir(folder), *tasks, "--runs", "9999", "--size", "512", "--batch",
                  "8")
        assert os.listdir(folder) == []


def test_an_interrupted_peer_is_ended(folder):
    interrupt(folder, signal.SIGTERM, lambda: processes("98765"), "eval", *QUICK, "--peer", "sleep 98765; echo")
    wait(lambda: not processes("98765"), "the peer's end")


tap.run(globals())
