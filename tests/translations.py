"""Are the translations whole? Collects the strings anew and compares; says what is missing and how to mend it."""
import os
import re
import subprocess

import tap

SOURCE = os.environ["SOURCE"]
PO = os.path.join(SOURCE, "po")
MARKED = re.compile(r'\b[NC]?_\(\s*"|ngettext\(|translatable="yes"')
# Those that tell people something: what is written out in their arguments must go through gettext.
TELLERS = re.compile(r"\b(?:g_set_error|g_set_error_literal|g_error_new|g_error_new_literal|g_prefix_error|"
                     r"g_propagate_prefixed_error|refuse|rh_note|rh_table_refuse|rh_window_toast|rh_window_report)\(")
MEND = "run ninja -C build redherring-pot redherring-update-po and translate what is new in po/*.po"


def command(*arguments, **more):
    done = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=SOURCE, **more)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def lines(name):
    with open(os.path.join(PO, name)) as file:
        return [line.strip() for line in file if line.strip() and not line.startswith("#")]


def collect(folder):
    pot = os.path.join(folder, "redherring.pot")
    command("xgettext", "--from-code=UTF-8", "--keyword=_", "--keyword=N_", "--keyword=C_:1c,2", "--keyword=NC_:1c,2",
            "--keyword=g_dngettext:2,3", "--keyword=ngettext:1,2", "--flag=g_strdup_printf:1:c-format",
            "--flag=g_string_append_printf:2:c-format", "--flag=adw_message_dialog_format_body:2:c-format",
            "--add-comments", "--files-from=" + os.path.join(PO, "POTFILES"), "--output=" + pot)
    return pot


def messages(po):
    """(original, translation) of a file in gettext's format, plural forms too; the header left out."""
    entries = []
    for entry in command("msgcat", "--no-wrap", po).decode().split("\n\n"):
        told = {key: "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text)) for key, text in
                re.findall(r'^(msg\w+(?:\[\d\])?) ((?:"(?:[^"\\]|\\.)*"\n?)+)', entry, re.MULTILINE)}
        if told.get("msgid"):
            entries += [(told["msgid_plural" if key == "msgstr[1]" else "msgid"], text) for key, text in told.items()
                        if key.startswith("msgstr")]
    return entries


def bare_sentences(source):
    """The literals that C source tells people without gettext: those TELLERS get, and those with “quotes”."""
    literals = []

    def keep(match):
        if not match.group().startswith('"'):
            return " "  # a comment or a character
        literals.append(match.group())
        return "\0%d\0" % (len(literals) - 1)

    plain = re.sub(r"""/\*.*?\*/|'(?:[^'\\\n]|\\.)*'|(?:"(?:[^"\\\n]|\\.)*"\s*)+""", keep, source, flags=re.DOTALL)
    plain = re.sub(r"\b(?:[NC]?C?_|\w*gettext)\((?:\w+,\s*)?\0\d+\0(?:\s*,\s*\0\d+\0)*(?=\s*[,)])", "(", plain)
    told = ""
    for call in TELLERS.finditer(plain):
        depth, end = 1, call.end()
        while depth > 0:
            depth += {"(": 1, ")": -1}.get(plain[end], 0)
            end += 1
        told += plain[call.end():end]
    places = [("\0%d\0" % number, text) for number, text in enumerate(literals)]
    return [text for place, text in places if place in told or (place in plain and re.search("[“”]", text))
            if re.search(r"[^\W\d_]", re.sub(r"%[-\d$.]*[a-z]", "", text))]


def test_no_sentence_goes_past_gettext(folder):
    assert bare_sentences('g_set_error(&e, D, f(1), "No “%s” " "here" /* (" */, x);') == ['"No “%s” " "here" ']
    assert bare_sentences('rh_note(notes, many ? _("All.") : "One.");') == ['"One."']
    assert bare_sentences('return refuse(file, "“%s” is lost", name);') == ['"“%s” is lost"']
    assert bare_sentences('g_set_error(e, D, C, _("Of %" G_GSIZE_FORMAT "."), n);') == ['"Of %" ']
    assert not bare_sentences("""g_set_error(e, D, '"', _("Not " "so."), "%s", ngettext("a", "b", n)); f("No.");""")
    for top in ("engine", "ui"):
        for place, _, names in os.walk(os.path.join(SOURCE, top)):
            for name in names:
                path = os.path.join(place, name)
                if name.endswith((".c", ".h")):
                    with open(path) as file:
                        bare = bare_sentences(file.read())
                    assert not bare, "%s: put %s into _()" % (os.path.relpath(path, SOURCE), ", ".join(bare))


def test_names_from_the_engine_go_through_gettext(folder):
    """The window shows methods, networks and maps by the titles of the engine's tables."""
    path = re.compile(r"(.{2})\b(?:\w+(?:->|\.))*(?:method|network|map)->(?:title|summary|description)\b")
    assert path.findall('put(_(run->settings.method->title), method->title)') == ["_(", ", "]
    for place, _, names in os.walk(os.path.join(SOURCE, "ui")):
        for name in names:
            with open(os.path.join(place, name)) as file:
                assert set(path.findall(file.read())) <= {"_("}, "%s: put the title or summary into _()" % name


def test_every_file_with_strings_is_listed(folder):
    listed = set(lines("POTFILES"))
    for top in ("app", "ui", "engine", "resources"):
        for place, _, names in os.walk(os.path.join(SOURCE, top)):
            for name in names:
                path = os.path.relpath(os.path.join(place, name), SOURCE)
                if name.endswith((".c", ".h", ".ui")):
                    with open(os.path.join(SOURCE, path)) as file:
                        assert path in listed or not MARKED.search(file.read()), "add %s to po/POTFILES" % path
    assert all(os.path.exists(os.path.join(SOURCE, path)) for path in listed)


def test_nothing_is_untranslated(folder):
    pot = collect(folder)
    originals = len(messages(pot))
    assert originals > 100, originals
    for language in lines("LINGUAS"):
        po = os.path.join(PO, language + ".po")
        merged = os.path.join(folder, language + ".po")
        command("msgmerge", "--quiet", "--no-fuzzy-matching", "--output-file=" + merged, po, pot)
        missing = [original for original, translation in messages(merged) if not translation]
        fuzzy = command("msgattrib", "--only-fuzzy", "--no-obsolete", po).decode().count("\nmsgid ")
        print("# %s: %d messages, %d untranslated, %d fuzzy" % (language, originals, len(missing), fuzzy))
        assert not missing and not fuzzy, "%s; untranslated: %s" % (MEND, "; ".join(missing))


def test_formats_and_headers_are_right(folder):
    for language in lines("LINGUAS"):
        command("msgfmt", "--check", "--output-file=/dev/null", os.path.join(PO, language + ".po"))


def test_letters_ellipses_and_spaces_are_kept(folder):
    for language in lines("LINGUAS"):
        for original, translation in messages(os.path.join(PO, language + ".po")):
            where = "%s: “%s” is “%s”" % (language, original, translation)
            assert len(re.findall(r"_\w", original)) == len(re.findall(r"_\w", translation)), where
            assert original.endswith("…") == translation.endswith("…"), where
            assert original.endswith(" ") == translation.endswith(" "), where
            assert original.endswith("\\n") == translation.endswith("\\n"), where


def template(name):
    with open(os.path.join(SOURCE, "resources", "ui", name + ".ui")) as file:
        return file.read()


def with_letters(text, tag):
    return re.findall(r'<%s name="label" translatable="yes">([^<]*_\w[^<]*)<' % tag, text)


def test_each_letter_stands_for_one_thing_on_the_screen(folder):
    work = template("window").split('<property name="name">trouble<')[0]
    screens = [sum([with_letters(text, "property") for text in [work, *map(template, (
        "run-panel", "queue-panel", "live-bar", "history-bar", "compare-view"))]], [])]
    screens += [with_letters(menu, "attribute") for menu in work.split("<menu ")[1:]]
    assert len(screens) == 3 and min(map(len, screens)) > 6, screens
    for language in [None, *lines("LINGUAS")]:
        known = dict(messages(os.path.join(PO, language + ".po"))) if language else {}
        for screen in screens:
            texts = {}
            for text in dict.fromkeys(screen):
                letter = re.search(r"_(\w)", known.get(text, text)).group(1).lower()
                texts.setdefault(letter, []).append(known.get(text, text))
            assert all(len(same) == 1 for same in texts.values()), (language, texts)


tap.run(globals())
