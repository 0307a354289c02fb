"""The files of a site's theme/ folder: taken in with every scan, and the same in every process."""

import logging
import os
import time

import pytest
from click.testing import CliRunner

from feedsite.cli import main
from feedsite.folder import themefiles
from feedsite.folder.library import Library
from feedsite.folder.saves import SAVING
from feedsite.index.index import Index
from feedsite.serving.live import Live
from feedsite.site import Site

from .support.builders import entry_text
from .support.golden import NOW
from .support.live import get
from .support.waiting import until

SITE = "title: The Meridian\ndescription: World news, set plainly.\nbase_url: https://news.example\n"
STYLE = ".own { color: red; }\n"
ENTRY = '{% extends "feedsite/entry.html" %}\n{% block title %}Own{% endblock %}\n'


@pytest.fixture
def folder(tmp_path):
    for name in ("entries", "theme"):
        (tmp_path / name).mkdir()
    (tmp_path / "site.yaml").write_text(SITE)
    (tmp_path / "entries" / "a.yaml").write_text(entry_text())
    (tmp_path / "theme" / "style.css").write_text(STYLE)
    (tmp_path / "theme" / "entry.html").write_text(ENTRY)
    return tmp_path


def opened(folder):
    library = Library(folder, {})
    library.read()
    return library


def theme_of(library):
    return dict(library.contents(NOW).settings.theme.files)


def faults(library):
    return [str(fault) for fault in library.index.faults()]


def site_of(library):
    contents = library.contents(NOW)
    return Site(contents.edition, contents.settings, contents.media)


def test_the_files_of_the_theme_are_part_of_the_site(folder):
    """The stylesheet and the templates; neither is a page of its own."""
    library = opened(folder)
    assert theme_of(library) == {"style.css": STYLE, "entry.html": ENTRY}
    site = site_of(library)
    assert site["/static/style.css"].body.decode().endswith(STYLE)
    assert b"<title>Own</title>" in site["/2026/11/a/"].body
    assert [path for path in site if "theme" in path] == []


def test_what_changes_in_the_theme_changes_every_page_and_no_feed(folder):
    """A scan of theme/ alone finds it; where nothing changed there is no news."""
    library = opened(folder)
    former = site_of(library)
    before, feed = former.plan, former["/feed.atom"]
    assert not library.update(["theme"]).has_news
    (folder / "theme" / "style.css").write_text("p { margin: 0; }\n")
    assert library.update(["theme/style.css"]).has_news
    after = site_of(library).plan
    assert after.changed_paths(before.state) is None
    for path in ("/", "/2026/11/a/", "/static/style.css"):
        assert after.at(path).planned.fingerprint != before.at(path).planned.fingerprint
    assert after.at("/feed.atom").draw() == feed


def test_a_folder_that_goes_is_no_theme(folder):
    """Ours is used again, from the next scan on."""
    library = opened(folder)
    for path in (folder / "theme").iterdir():
        path.unlink()
    assert library.update(["theme"]).has_news
    assert theme_of(library) == {}
    (folder / "theme").rmdir()
    assert not library.update(["theme"]).has_news
    assert faults(library) == [fault for fault in faults(library) if "theme" not in fault]


def test_another_process_reads_the_theme_from_the_index(folder, tmp_path):
    """The version that was committed, whatever stands on the disk by now."""
    index = Index(tmp_path / "index.sqlite")
    library = Library(folder, {}, index)
    library.read()
    (folder / "theme" / "style.css").write_text("p { margin: 0; }\n")
    other = Library(folder, {}, Index(tmp_path / "index.sqlite"))
    assert theme_of(other)["style.css"] == STYLE
    for one in (library, other):
        one.index.close()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"p {}\n\xff\n", "theme/style.css:2:1: this is not saved as UTF-8; save it so"),
        (b"x" * (themefiles.LARGEST + 1), "theme/style.css: the file is larger than 256 kB"),
    ],
)
def test_a_file_that_cannot_be_taken_keeps_its_text(folder, content, message):
    """Its fault stays until it is mended."""
    library = opened(folder)
    (folder / "theme" / "style.css").write_bytes(content)
    library.update(["theme"])
    assert theme_of(library)["style.css"] == STYLE
    assert message in faults(library)
    (folder / "theme" / "style.css").write_text("p { margin: 0; }\n")
    library.update(["theme"])
    assert theme_of(library)["style.css"] == "p { margin: 0; }\n"
    assert message not in faults(library)


def test_a_theme_has_a_bound(folder):
    """What goes beyond it is not read, and says so."""
    for number in range(5):
        (folder / "theme" / f"x{number}.html").write_text("x" * themefiles.LARGEST)
    library = opened(folder)
    assert theme_of(library).keys() == {"style.css", "entry.html", "x0.html", "x1.html", "x2.html"}
    assert "theme/x3.html: the files of this folder are larger than 1 MB; this one is not read" in faults(library)


def test_what_is_no_file_of_a_theme_has_a_note(folder):
    """Hidden files, editors' backups and a README have none."""
    for name in ("font.woff2", "Style.css", ".secret", "entry.html~", "#x", "README.md"):
        (folder / "theme" / name).write_text("x")
    (folder / "theme" / "folder").mkdir()
    library = opened(folder)
    assert theme_of(library).keys() == {"style.css", "entry.html"}
    assert [fault.partition(": note: ")[0] for fault in faults(library)] == [
        "theme/Style.css",
        "theme/folder",
        "theme/font.woff2",
    ]


def test_no_link_leads_out_of_the_theme(folder):
    """Neither out of the site nor to its articles; one within is followed."""
    (folder / "theme" / "base.html").symlink_to("/etc/hostname")
    (folder / "theme" / "list.html").symlink_to(folder / "entries" / "a.yaml")
    (folder / "theme" / "page.html").symlink_to("entry.html")
    library = opened(folder)
    assert theme_of(library).keys() == {"style.css", "entry.html", "page.html"}
    assert faults(library) == [
        f"theme/{name}.html: a link leads out of theme/; put the files themselves there, or delete the link"
        for name in ("base", "list")
    ]


def test_a_file_that_is_being_saved_is_waited_for(folder):
    """Half of a stylesheet is never served."""
    library = opened(folder)
    (folder / "theme" / "style.css").write_text(".half { col")
    committed = library.update(["theme"], waits_for_saves=True)
    assert committed.again == {"theme"}
    assert theme_of(library)["style.css"] == STYLE
    then = time.time_ns() - 2 * SAVING
    os.utime(folder / "theme" / "style.css", ns=(then, then))
    time.sleep(SAVING / 1e9)
    library.update(committed.again, waits_for_saves=True)
    assert theme_of(library)["style.css"] == ".half { col"


def test_a_saved_theme_is_seen_at_the_next_request(folder, caplog):
    """In a running server, which follows the folder; a template that breaks has a line in the log, and no page goes."""
    caplog.set_level(logging.INFO)
    live = Live(folder, {})
    live.start()
    try:
        page = "/2026/11/a/"
        assert b"<title>Own</title>" in get(live, page).data
        (folder / "theme" / "entry.html").write_text(ENTRY.replace("Own", "Other"))
        until(lambda: b"<title>Other</title>" in get(live, page).data)
        (folder / "theme" / "entry.html").write_text("\n{{ nothing }}\n")
        until(lambda: b"<title>Night trains return" in get(live, page).data)
        until(lambda: "theme/entry.html:2:1: 'nothing' is undefined" in caplog.text)
        assert b"theme/entry.html:2:1: 'nothing' is undefined" in get(live, "/status").data
        (folder / "theme" / "entry.html").unlink()
        (folder / "theme" / "style.css").write_text("p { margin: 0; }\n")
        until(lambda: get(live, "/static/style.css?v=any").data.endswith(b"p { margin: 0; }\n"))
        until(lambda: "theme/entry.html: no fault any more" in caplog.text)
    finally:
        live.stop()


def run(folder, *words):
    found = CliRunner(env={"FEEDSITE_BASE_URL": None}).invoke(main, ["--site", str(folder), *map(str, words)])
    return found.exit_code, found.output.splitlines()


def test_check_prints_what_is_wrong_with_a_theme_and_what_has_no_effect(folder):
    """A template that is wrong is a fault, with an exit status for scripts."""
    (folder / "theme" / "entry.html").write_text("\n{{ entry.titel }}\n")
    (folder / "theme" / "style.css").write_text(
        '/* @import "no.css"; */\n@import "x.css";\np { background: url("https://x.example/a.png"); }\n'
        "@font-face { font-family: X; }\n.own { background: url(/images/a.png); }\n"
    )
    code, lines = run(folder, "check")
    assert code == 1
    assert [" ".join(line.split()[:2]) for line in lines[:-1] if line and line[0] != " "] == [
        "E121 theme/entry.html:2:1",
        "N122 theme/style.css:2:1",
        "N122 theme/style.css:3:17",
        "N122 theme/style.css:4:1",
    ]
    assert lines[-1] == "1 fault to mend in 1 article; 3 notes."


def test_a_build_has_one_stylesheet_and_prints_what_is_wrong(folder, tmp_path):
    """It is written whatever is wrong, with ours in the place of a template that fails."""
    (folder / "theme" / "list.html").write_text("{{ nothing }}")
    out = tmp_path / "out" / "site"
    code, lines = run(folder, "build", "--output", out)
    assert code == 0
    assert lines[0].startswith("theme/list.html:1:1: 'nothing' is undefined")
    assert (out / "static" / "style.css").read_text().endswith(STYLE)
    assert "<title>Own</title>" in (out / "2026" / "11" / "a" / "index.html").read_text()
    assert '<header class="masthead' in (out / "index.html").read_text()
