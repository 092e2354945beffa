"""A test script's functions test_… in order, told in the Test Anything Protocol."""
import os
import sys
import tempfile
import traceback


class Skip(Exception):
    """Raised by a test that cannot run here; says why."""


def shared(relative):
    """The path of a shared sample; the test is skipped where the samples are not."""
    path = os.path.join(os.environ.get("RH_SHARED", ""), relative)
    if not os.path.exists(path):
        raise Skip("sample data %s are not here (RH_SHARED=%s)" % (relative, os.environ.get("RH_SHARED", "")))
    return path


def run(namespace, failed=lambda number: None):
    """Runs the tests of a module, given as globals(); each gets an empty folder of its own. failed is told the number
    of a test that failed, before the next begins."""
    tests = [(name, value) for name, value in namespace.items() if name.startswith("test_") and callable(value)]
    failures = 0
    print("1..%d" % len(tests), flush=True)
    for number, (name, test) in enumerate(tests, 1):
        title = "%d - %s" % (number, name[len("test_"):].replace("_", " "))
        try:
            with tempfile.TemporaryDirectory(prefix="rh-test-") as folder:
                os.chmod(folder, 0o755)
                test(folder)
        except Skip as reason:
            print("ok %s # SKIP %s" % (title, reason), flush=True)
        except BaseException as error:
            failures += 1
            for line in traceback.format_exc().splitlines():
                print("# " + line)
            print("not ok " + title, flush=True)
            failed(number)
            if isinstance(error, KeyboardInterrupt):
                raise
        else:
            print("ok " + title, flush=True)
    sys.exit(1 if failures else 0)
