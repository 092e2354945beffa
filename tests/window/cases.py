"""The cases of a script of the window. Each goes on where those before it stopped, or only those it is said to follow.
One that fails ends only itself: the next begins in a fresh desktop (session.py), in which the cases it follows are gone
through once more. Only where one of these fails again there, the case cannot be tried and is skipped.

RH_CASE=TITLE runs the one case whose title begins so, after those it follows. RH_FAIL_CASE=NUMBER lets that case fail,
to see that the others do not. RH_EACH_AFRESH=1 begins every case in a fresh desktop, to see that it says all it goes on
from."""
import glob
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import tap


def follows(*cases):
    """For a case that does not need all those before it: the ones it goes on from, and what these go on from."""
    def note(case):
        case.follows = cases
        return case
    return note


class Script:
    def __init__(self, namespace):
        self.name = os.path.splitext(os.path.basename(namespace["__file__"]))[0]
        self.cases = tap.cases(namespace)
        self.gone_through = []  # in this desktop
        self.progress = {"next": 0, "failed": [], "lost": []}  # places of cases; lost ones failed twice
        if os.path.exists(os.environ["RH_PROGRESS"]):
            with open(os.environ["RH_PROGRESS"]) as file:
                self.progress = json.load(file)

    def followed(self, place):
        """The places of all cases that one goes on from, in their order."""
        case = self.cases[place]
        if not hasattr(case, "follows"):
            return list(range(place))
        direct = [self.cases.index(each) for each in case.follows]
        return sorted(set(direct).union(*map(self.followed, direct)))

    def missing(self, place):
        """What a case follows and this desktop has not seen."""
        return [before for before in self.followed(place) if before not in self.gone_through]

    def is_too_late(self, place):
        """Whether something it follows would come after what follows that in the script."""
        return min(self.missing(place), default=len(self.cases)) < max(self.gone_through, default=0)

    def prepare(self, place):
        for before in self.missing(place):
            if before not in self.progress["lost"]:
                self.go_through(before)
            if before in self.progress["lost"]:
                raise tap.Skip("it goes on from “%s”, which failed" % tap.title(self.cases[before]))

    def go_through(self, place):
        """For those that follow the case; to them it is lost where it has failed and fails again."""
        try:
            tap.perform(self.cases[place])
            self.gone_through.append(place)
        except Exception:
            if place not in self.progress["failed"]:
                raise
            tap.explain()
            self.progress["lost"].append(place)

    def attempt(self, place):
        self.prepare(place)
        if str(place + 1) == os.environ.get("RH_FAIL_CASE"):
            raise AssertionError("broken on purpose")
        tap.perform(self.cases[place])
        self.gone_through.append(place)

    def picture(self, place):
        """Of the screen at a failure one stays until the next run."""
        subprocess.run(["import", "-window", "root", self.picture_path(place + 1)])

    def picture_path(self, number):
        return os.path.join(os.environ["RH_SCREENSHOTS"], "failed-%s-%s.png" % (self.name, number))

    def wanted(self):
        """The places of the cases to run: of all, or of the one that is asked for."""
        asked = os.environ.get("RH_CASE")
        places = range(len(self.cases))
        if asked is None:
            return places
        found = [place for place in places if tap.title(self.cases[place]).startswith(asked)]
        if len(found) != 1:
            sys.exit("%d cases of %s begin with “%s”; its cases are:\n%s" % (
                len(found), self.name, asked, "\n".join(map(tap.title, self.cases))))
        return range(found[0], found[0] + 1)

    def begin(self, wanted):
        print("%d..%d" % (wanted[0] + 1, wanted[-1] + 1), flush=True)
        os.makedirs(os.environ["RH_SCREENSHOTS"], exist_ok=True)
        for old in glob.glob(self.picture_path("*")):
            os.remove(old)

    def go_on_afresh(self, place):
        with open(os.environ["RH_PROGRESS"], "w") as file:
            json.dump({**self.progress, "next": place}, file)
        sys.exit(1)

    def run(self):
        wanted = self.wanted()
        if self.progress["next"] == 0:
            self.begin(wanted)
        for place in wanted[max(self.progress["next"] - wanted[0], 0):]:
            if self.is_too_late(place):
                self.go_on_afresh(place)
            if not tap.tell(place + 1, self.cases[place], lambda: self.attempt(place)):
                self.picture(place)
                self.progress["failed"].append(place)
            if place not in self.gone_through or "RH_EACH_AFRESH" in os.environ:
                self.go_on_afresh(place + 1)
        sys.exit(1 if self.progress["failed"] else 0)


def run_tests(namespace):
    """Runs the cases of a script, given as globals(), and ends the program with their status."""
    Script(namespace).run()
