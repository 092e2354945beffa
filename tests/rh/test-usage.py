"""Help, versions, exit statuses, lists."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import tap
from command import as_json, refusal, rh, small_study

COMMANDS = ["new", "split", "train", "runs", "shift", "explain", "verify", "bench", "methods", "maps", "networks"]


def test_help_names_every_command(folder):
    text = rh("--help").stdout
    for name in COMMANDS:
        assert "\n  %s " % name in text, name
    assert "0 done, 1 failed, 2 wrong usage, 75 interrupted" in text
    assert rh("help").stdout == text


def test_every_command_has_help(folder):
    for name in COMMANDS:
        text = rh(name, "--help").stdout
        assert text.startswith("Usage:\n  rh %s " % name), text
        assert rh("help", name).stdout == text
    for kind in ("synthetic", "phantom", "folder"):
        assert "rh new %s" % kind in rh("new", kind, "--help").stdout
    for option in ("--threads", "--epochs", "--lr", "--lambda", "--seed"):
        assert option in rh("train", "--help").stdout, option


def test_version(folder):
    words = rh("--version").stdout.split()
    assert words[0] == "rh" and words[-1][0].isdigit(), words


def test_wrong_usage_exits_with_2(folder):
    for arguments in ([], ["nonsense"], ["train"], ["train", "--nonsense", "x"], ["new"], ["new", "nothing"],
                      ["new", "synthetic"], ["new", "synthetic", "a", "b"], ["new", "folder", "a"], ["verify"],
                      ["methods", "superfluous"], ["help", "nonsense"],
                      ["new", "synthetic", "--variant", "nonsense", "x"],
                      ["new", "phantom", "--confounder", "smudge", "x"], ["new", "phantom", "--agreement", "1,2", "x"],
                      ["new", "phantom", "--size", "20", "x"], ["new", "phantom", "--count", "6,4,4", "x"],
                      ["new", "synthetic", "--count", "3", "x"], ["new", "synthetic", "--size", "0", "x"]):
        rh(*arguments, status=2, cwd=folder)
    assert os.listdir(folder) == []


def test_speaks_english_wherever_it_is(folder):
    """Its words are read by other programs; those of the libraries below it, too."""
    abroad = dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE="de")
    for status, arguments in ((2, ["train", "--nonsense", "x"]), (1, ["new", "synthetic", "/proc/x"])):
        said = refusal(*arguments, status=status, cwd=folder)
        assert refusal(*arguments, status=status, cwd=folder, env=abroad) == said, said
        print("# " + said)


def test_settings_out_of_range_are_refused(folder):
    small_study(folder)
    for arguments in (["--epochs", "0"], ["--epochs", "many"], ["--lr", "0"], ["--lr", "nan"], ["--batch", "1"],
                      ["--method", "nonsense"], ["--network", "nonsense"], ["--seed", "x"], ["--seed", ""],
                      ["--seed", "1,,2"], ["--seed", "1,1"], ["--seed", "5-3"], ["--seed", "1-101"],
                      ["--lambda", "-1", "--method", "actdiff"], ["--threads", "-1"], ["--mask-fraction", "2"],
                      ["--validation", "nonsense"], ["--lambda", "1"], ["--disc-lr", "1", "--method", "actdiff"]):
        rh("train", "demo", *arguments, status=2, cwd=folder)
    assert as_json("runs", "demo", cwd=folder) == []
    for arguments in (["--levels", "1"], ["--measure", "nonsense"]):
        rh("shift", "demo", *arguments, status=2, cwd=folder)
    assert "meaning" in refusal("train", "demo", "--lambda", "1", status=2, cwd=folder)


def test_lists(folder):
    methods = {method["id"]: method for method in as_json("methods")}
    assert list(methods) == ["baseline", "masked", "shuffled", "actdiff", "adversarial", "gradmask", "rrr"], methods
    assert "lambda" in methods["actdiff"] and "lambda" not in methods["baseline"]
    assert "disc_lr" in methods["adversarial"] and methods["baseline"]["epochs"] > 0
    assert {"gradient", "integrated-gradients", "occlusion"} <= {entry["id"] for entry in as_json("maps")}
    assert {"small", "resnet18", "resnet34"} == {entry["id"] for entry in as_json("networks")}
    for name in ("methods", "maps", "networks"):
        assert rh(name).stdout.strip()


def test_output_that_cannot_be_written_is_a_failure(folder):
    import subprocess
    with open("/dev/full", "w") as full:
        done = subprocess.run([os.environ["RH"], "methods"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1 and "rh: Standard output" in done.stderr, done


tap.run(globals())
