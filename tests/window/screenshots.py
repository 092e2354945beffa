"""Pictures of every screen, light and dark, for docs/images/screens: screenshots.py FOLDER, under session.py."""
import os
import sys

import screens
from desktop import command

TARGET = sys.argv[1]
SCHEMES = {"light": {}, "dark": {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}}


def take(visit, name):
    """The window with its dialog, without the screen around it."""
    path = os.path.join(TARGET, name + ".png")
    visit.window.screenshot(path)
    command("mogrify", "-bordercolor", "black", "-trim", "+repage", "-strip", "-define", "png:compression-level=9",
            path)
    print(path, flush=True)


def write_gallery(names):
    """A page that shows them all."""
    with open(os.path.join(TARGET, "README.md"), "w") as file:
        file.write("# Every screen, light and dark\n\nMade by `ninja -C build screenshots`.\n")
        for name in names:
            file.write("\n## %s\n\n| light | dark |\n|---|---|\n| ![%s, light](%s-light.png) | ![%s, dark](%s-dark.png) |\n" %
                       (name.replace("-", " ").capitalize(), name, name, name, name))


def main():
    os.makedirs(TARGET, exist_ok=True)
    study = screens.prepare(screens.HOME)
    for scheme, environment in SCHEMES.items():
        visit = screens.Visit(study, environment=environment)
        visit.wait_for_image()
        visit.window.rest()
        for screen in screens.SCREENS:
            with visit.on(screen):
                take(visit, "%s-%s" % (screen[0], scheme))
        assert visit.window.quit() == 0
        trouble = screens.Visit(screens.empty_folder(screens.HOME), environment=environment)
        trouble.window.rest()
        take(trouble, "no-study-" + scheme)
        assert trouble.window.quit() == 0
    write_gallery([screen[0] for screen in screens.SCREENS] + ["no-study"])


main()
