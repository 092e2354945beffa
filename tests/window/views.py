"""What the tests of the live loop, of History and of Compare have in common: the program with a study in view."""
import os
import re

from desktop import Window, assert_never_held_up, command, complaints, wait

SCREENSHOTS = os.environ["RH_SCREENSHOTS"]
HOME = os.environ["HOME"]
METHODS = ["baseline", "masked", "shuffled", "actdiff"]  # the first of the list, in its order


class Program:
    """A running Red Herring; each has a log and a watchdog's file of its own."""

    count = 0

    def __init__(self, *arguments, dark=False):
        Program.count += 1
        self.watchdog = os.path.join(HOME, "watchdog-%d.txt" % Program.count)
        self.log = os.path.join(HOME, "program-%d.log" % Program.count)
        environment = {"RH_WATCHDOG": self.watchdog}
        if dark:
            environment["ADW_DEBUG_COLOR_SCHEME"] = "prefer-dark"
        self.window = Window(os.environ["REDHERRING"], arguments, title="Red Herring",
                             application_id="org.redherring.RedHerring", log=open(self.log, "w"),
                             environment=environment)
        wait(self.image_in_view, "an image in view")

    def find(self, role, name):
        return self.window.find(role, name)

    def label(self, name):
        return self.window.find("label", name).text()

    def canvas(self):
        return self.window.find("image", "Canvas")

    def image_in_view(self):
        """Its id, as the canvas tells a screen reader: "Image ID, class, …"."""
        told = re.match(r"Image ([^,]+),", self.canvas().description() or "")
        return told and told.group(1)

    def shift_values(self):
        """Run → accuracy at the level of the slider, as the label under the chart reads them off."""
        found = re.findall(r"^(.+): accuracy ([\d.]+|nan)(?: \([^)]*\))?,", self.label("Shift values"), re.MULTILINE)
        return {name: float(accuracy) for name, accuracy in found}

    def choose(self, name, place):
        """Chooses the entry at a place of a drop-down by the keyboard."""
        self.window.choose(name, place)

    def choose_method(self, method):
        self.choose("Method", METHODS.index(method))

    def screenshot(self, name):
        os.makedirs(SCREENSHOTS, exist_ok=True)
        self.window.screenshot(os.path.join(SCREENSHOTS, name + ".png"))

    def logged(self, pattern):
        with open(self.log) as file:
            return re.findall(pattern, file.read())

    def quit(self):
        """Ends it: it must go by itself, without a warning and without ever having held up its main loop."""
        assert self.window.quit() == 0
        assert not complaints(self.log), complaints(self.log)
        assert_never_held_up(self.watchdog)

    def kill(self):
        self.window.kill()


def park_pointer():
    command("xdotool", "mousemove", "2", "2")
