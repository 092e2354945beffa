"""A test script's cases, its functions test_… in order, told in the Test Anything Protocol."""
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


def cases(namespace):
    """Those of a module, given as globals()."""
    return [value for name, value in namespace.items() if name.startswith("test_") and callable(value)]


def title(case):
    return case.__name__[len("test_"):].replace("_", " ")


def perform(case):
    """Runs a case, which gets an empty folder of its own."""
    with tempfile.TemporaryDirectory(prefix="rh-test-") as folder:
        os.chmod(folder, 0o755)
        case(folder)


def explain():
    """Tells of the exception that is being handled."""
    for words in traceback.format_exc().splitlines():
        print("# " + words)


def tell(number, case, run):
    """Runs what is given and tells how it went with the case of that number; whether nothing is wrong."""
    line = "%d - %s" % (number, title(case))
    try:
        run()
    except Skip as reason:
        print("ok %s # SKIP %s" % (line, reason), flush=True)
    except BaseException as error:
        explain()
        print("not ok " + line, flush=True)
        if isinstance(error, KeyboardInterrupt):
            raise
        return False
    else:
        print("ok " + line, flush=True)
    return True


def run(namespace):
    """Runs the cases of a module, given as globals(), and ends the program with their status."""
    own = cases(namespace)
    print("1..%d" % len(own), flush=True)
    well = [tell(number, case, lambda: perform(case)) for number, case in enumerate(own, 1)]
    sys.exit(0 if all(well) else 1)
