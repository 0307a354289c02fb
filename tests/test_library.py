"""A library keeps the index of a site's folder in step with it while editors work there."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedsite.document import Document
from feedsite.errors import Faults
from feedsite.folder import filereader, indexfile
from feedsite.folder.commit import _AT_ONCE
from feedsite.folder.filereader import SETTLED
from feedsite.folder.library import Library
from feedsite.folder.opening import LARGEST, ROOTS
from feedsite.index import mediarows
from feedsite.index.unusable import Unusable
from feedsite.model import NEVER
from feedsite.parsing.sitefile import read as read_settings
from feedsite.site import Site
from feedsite.urls import key

from .support.builders import entry_text
from .support.golden import SAMPLE
from .support.laws import few

SITE = "title: The Meridian\ndescription: World news, set plainly.\nbase_url: https://news.example\n"
OLD = (Path(__file__).parent / "faulty" / "section-near.yaml").read_text()
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def write(folder, files):
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text if isinstance(text, bytes) else text.encode())


def library(folder, files=None, site=SITE, **environment):
    """The library of a folder with these files."""
    (folder / "entries").mkdir()
    write(folder, {"site.yaml": site, **(files or {})})
    return Library(folder, environment)


def article(name, **fields):
    return entry_text(**{"id": f"tag:news.example,2026:{name}", "title": f"Article {name}", "slug": name, **fields})


def read(site):
    """The library, after it has read its folder."""
    site.read()
    return site


def articles(site):
    """All entries that stand, drafts too, as they are in the index now."""
    return list(site.index.entries())


def titles(site):
    return sorted(entry.title for entry in articles(site))


def faults_of(site):
    return [str(fault) for fault in site.index.faults()]


def settings_of(site):
    return site.contents(NOW).settings


def media_of(site):
    return site.contents(NOW).media


def opened(site, **options):
    """How many entry files another scan of the folder opens."""
    counts = [0]
    site.update(progress=lambda done, _: counts.append(done), **options)
    return counts[-1]


# What is an entry file


def test_entries_are_read_in_every_folder(tmp_path):
    """.yaml and .yml, in capitals too, at any depth; the source is the path within the site."""
    files = ["entries/a.yaml", "entries/b.yml", "entries/world/asia/c.yaml", "entries/D.YAML"]
    site = read(library(tmp_path, {path: article(f"n{number}") for number, path in enumerate(files)}))
    assert sorted(entry.source for entry in articles(site)) == sorted(files)
    assert faults_of(site) == []


@pytest.mark.parametrize(
    "name", [".a.yaml", ".a.yaml.swp", "a.yaml~", "#a.yaml#", ".#a.yaml", ".git/a.yaml", "a.png", "README.md", "a"]
)
def test_hidden_files_backups_and_others_are_passed_over(tmp_path, name):
    """What an editor's program or git leaves beside an article is no article, and gets no fault or note."""
    site = read(library(tmp_path, {f"entries/{name}": article("a")}))
    assert (titles(site), faults_of(site)) == ([], [])


@pytest.mark.parametrize("name", ["a.yaml.txt", "a.yml.bak", "A.YAML.orig"])
def test_a_file_that_only_looks_like_an_article_is_noted(tmp_path, name):
    """Notepad adds .txt out of sight; a note says why the article does not appear."""
    site = read(library(tmp_path, {f"entries/{name}": article("a")}))
    assert titles(site) == []
    assert faults_of(site) == [f"entries/{name}: note: this file is not read; its name must end in .yaml"]


def test_a_folder_with_the_name_of_an_article_is_a_fault(tmp_path):
    """Neither the folder is read as an article, nor the files below it."""
    site = read(library(tmp_path, {"entries/a.yaml/b.yaml": article("b"), "entries/c.yaml": article("c")}))
    assert titles(site) == ["Article c"]
    assert faults_of(site) == ["entries/a.yaml: this is a folder with the name of an article; rename the folder"]


def test_a_link_that_leads_back_is_a_fault(tmp_path):
    """A walk along a link to a folder above it ends, and reads every other file once."""
    site = library(tmp_path, {"entries/world/a.yaml": article("a")})
    (tmp_path / "entries" / "world" / "loop").symlink_to(tmp_path / "entries", target_is_directory=True)
    site.read()
    assert titles(site) == ["Article a"]
    assert faults_of(site) == ["entries/world/loop: this link leads back to a folder above it; delete the link"]


def test_a_linked_folder_is_read(tmp_path):
    """A link in entries/ may lead to a folder elsewhere in the site."""
    site = library(tmp_path)
    write(tmp_path, {"elsewhere/a.yaml": article("a")})
    (tmp_path / "entries" / "world").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert titles(read(site)) == ["Article a"]


@pytest.mark.parametrize("target", ["nowhere.yaml", "a.yaml"])
def test_a_link_that_leads_nowhere_is_a_fault(tmp_path, target):
    """A link to a missing file, or to itself, is a fault; the other files are read."""
    site = library(tmp_path, {"entries/b.yaml": article("b")})
    (tmp_path / "entries" / "a.yaml").symlink_to(target)
    site.read()
    assert titles(site) == ["Article b"]
    assert [(fault.path, fault.line, fault.is_note) for fault in site.index.faults()] == [("entries/a.yaml", 0, False)]


def test_a_pipe_is_a_fault(tmp_path):
    """A pipe is not read, for that would never end."""
    site = library(tmp_path)
    os.mkfifo(tmp_path / "entries" / "a.yaml")
    assert faults_of(read(site)) == ["entries/a.yaml: this is no ordinary file (a folder, a pipe or a device)"]


@pytest.mark.parametrize("size", [LARGEST + 1, 5 * 1024**2])
def test_a_file_of_megabytes_is_a_fault(tmp_path, size):
    """A file of 1 MB is read as a whole; a larger one is a fault."""
    text = article("a", body=None) + "body: |\n  "
    files = {"entries/a.yaml": text.ljust(size, "x"), "entries/b.yaml": text.ljust(LARGEST, "x")}
    site = read(library(tmp_path, files))
    assert faults_of(site) == [
        "entries/a.yaml: the file is larger than 1 MB; an article holds text, its pictures stand in images/"
    ]
    assert [entry.source for entry in articles(site)] == ["entries/b.yaml"]


def test_a_file_that_may_not_be_read_is_a_fault(tmp_path):
    """The fault says which permission is missing; the other files are read."""
    site = library(tmp_path, {"entries/a.yaml": article("a"), "entries/b.yaml": article("b")})
    (tmp_path / "entries" / "a.yaml").chmod(0)
    if os.access(tmp_path / "entries" / "a.yaml", os.R_OK):
        pytest.skip("whoever runs this may read every file")
    site.read()
    assert titles(site) == ["Article b"]
    assert faults_of(site) == ["entries/a.yaml: feedsite is not allowed to read this; give its user permission to read"]


# While editors work


def test_a_file_that_breaks_keeps_its_last_good_version(tmp_path):
    """A fault in a file never takes its article offline."""
    site = library(tmp_path, {"entries/a.yaml": article("a")})
    good = articles(read(site))
    write(tmp_path, {"entries/a.yaml": article("a", title="War: what")})
    assert articles(read(site)) == good != []
    assert [(fault.path, fault.line, fault.column) for fault in site.index.faults()] == [("entries/a.yaml", 2, 11)]


def test_a_file_that_breaks_again_keeps_its_last_good_version(tmp_path):
    """However many faulty versions follow one another, the last good one stays online."""
    site = library(tmp_path, {"entries/a.yaml": article("a")})
    good = articles(read(site))
    for slip in ("War: what", "@War", '"War'):
        write(tmp_path, {"entries/a.yaml": article("a", title=slip)})
        assert (articles(read(site)), len(faults_of(site))) == (good, 1)
    assert titles(read(site)) == ["Article a"]


TAKEN = "the address /2026/11/b/ is that of entries/b.yaml:6:7, which stands; write `slug: b-2`"


def test_an_article_that_asks_for_anothers_address_stays_as_it_was(tmp_path):
    """Its file has a fault at every scan; once the address is free, the article takes it."""
    site = library(tmp_path, {"entries/a.yaml": article("a", published="2020-11-01"), "entries/b.yaml": article("b")})
    good = articles(read(site))
    write(tmp_path, {"entries/a.yaml": article("a", slug="b", published="2026-11-01", title="Moved")})
    for _ in range(2):
        assert articles(read(site)) == good
        assert faults_of(site) == [f"entries/a.yaml:6:7: {TAKEN}"]
    write(tmp_path, {"entries/b.yaml": article("b", slug="c")})
    site.update(["entries/b.yaml"])
    assert {(one.title, one.path) for one in articles(site)} == {
        ("Moved", "/2026/11/b/"),
        ("Article b", "/2026/11/c/"),
    }
    assert faults_of(site) == []


def test_an_article_that_asks_for_anothers_address_can_be_taken_back(tmp_path):
    """When it becomes a draft, or is withdrawn, its former version does not stand for it."""
    for change in ({"status": "draft"}, {"status": "withdrawn", "withdrawn": "{at: 2026-12-01, reason: Untrue.}"}):
        folder = tmp_path / change["status"]
        folder.mkdir()
        site = library(folder, {"entries/a.yaml": article("a"), "entries/b.yaml": article("b")})
        site.read()
        write(folder, {"entries/a.yaml": article("a", slug="b")})
        assert titles(read(site)) == ["Article a", "Article b"]
        write(folder, {"entries/a.yaml": article("a", slug="b", **change)})
        assert "Article a" not in [one.title for one in articles(read(site)) if one.published.year < 9999]


def test_a_file_that_was_never_good_is_no_article(tmp_path):
    """The other articles appear without it."""
    site = read(library(tmp_path, {"entries/a.yaml": "title: [", "entries/b.yaml": article("b")}))
    assert titles(site) == ["Article b"]


def test_a_mended_file_is_read(tmp_path):
    """Its new version replaces the last good one, and the fault is gone."""
    site = library(tmp_path, {"entries/a.yaml": article("a")})
    site.read()
    write(tmp_path, {"entries/a.yaml": "\ttitle"})
    site.read()
    write(tmp_path, {"entries/a.yaml": article("a", title="Mended")})
    assert titles(read(site)) == ["Mended"]
    assert faults_of(read(site)) == []


def test_a_deleted_file_takes_its_article_with_it(tmp_path):
    """An article is gone when its file is deleted, also where the file had a fault."""
    site = library(tmp_path, {"entries/a.yaml": article("a"), "entries/b.yaml": article("b")})
    site.read()
    write(tmp_path, {"entries/b.yaml": "\ttitle"})
    site.read()
    (tmp_path / "entries" / "a.yaml").unlink()
    assert titles(read(site)) == ["Article b"]
    (tmp_path / "entries" / "b.yaml").unlink()
    assert (titles(read(site)), faults_of(read(site))) == ([], [])


def test_articles_stay_while_their_folder_is_away(tmp_path):
    """A disk that comes late, or a deployment halfway, empties no feed; a fault names the folder."""
    site = library(tmp_path, {"entries/a.yaml": article("a"), "entries/world/b.yaml": article("b")})
    before = articles(read(site))
    (tmp_path / "entries").rename(tmp_path / "away")
    assert articles(read(site)) == before != []
    assert faults_of(site) == [
        "entries: this does not exist; a link may point nowhere, or the folder has still to be made"
    ]
    (tmp_path / "away").rename(tmp_path / "entries")
    assert (articles(read(site)), faults_of(read(site))) == (before, [])


def test_articles_stay_while_their_folder_is_a_file(tmp_path):
    """A file in the place of entries/ empties no feed."""
    site = library(tmp_path, {"entries/a.yaml": article("a")})
    before = articles(read(site))
    (tmp_path / "entries").rename(tmp_path / "away")
    write(tmp_path, {"entries": b""})
    assert articles(read(site)) == before != []
    assert faults_of(read(site)) == ["entries: this must be a folder"]


def test_articles_stay_while_their_folder_may_not_be_listed(tmp_path):
    """A folder without permission to list it keeps its articles; the folders beside it are read."""
    site = library(tmp_path, {"entries/world/a.yaml": article("a"), "entries/b.yaml": article("b")})
    before = articles(read(site))
    (tmp_path / "entries" / "world").chmod(0)
    try:
        if os.access(tmp_path / "entries" / "world", os.R_OK):
            pytest.skip("whoever runs this may list every folder")
        assert articles(read(site)) == before != []
        assert [fault.path for fault in read(site).index.faults()] == ["entries/world"]
    finally:
        (tmp_path / "entries" / "world").chmod(0o755)


def test_only_changed_files_are_read_again(tmp_path):
    """A file with the signature that it had when it was read is not opened."""
    site = library(tmp_path)
    write(tmp_path, {f"entries/{name}.yaml": OLD for name in "abc"})
    time.sleep(filereader.SETTLED / 1e9)  # else each may change again within the same tick of the clock
    site.read()
    write(tmp_path, {"entries/b.yaml": article("b")})
    assert opened(site) == 1


def test_a_change_within_one_tick_of_the_clock_is_seen(tmp_path):
    """A file that was young when it was read is read again, for a new version may have the same size and time."""
    site = library(tmp_path, {"entries/a.yaml": article("a", title="One")})
    time = (tmp_path / "entries" / "a.yaml").stat().st_mtime_ns
    assert titles(read(site)) == ["One"]
    write(tmp_path, {"entries/a.yaml": article("a", title="Two")})
    os.utime(tmp_path / "entries" / "a.yaml", ns=(time, time))
    assert titles(read(site)) == ["Two"]


def test_a_copy_does_not_push_its_model_out(tmp_path):
    """A copy never takes an article's id, even backdated and with a name that sorts first."""
    site = library(tmp_path, {"entries/b.yaml": article("b")})
    site.read()
    write(tmp_path, {"entries/a.yaml": article("b", title="Copy", published="2020-01-01")})
    site.read()
    assert titles(site) == ["Article b"]
    assert [fault.path for fault in site.index.faults()] == ["entries/a.yaml"]


@pytest.mark.parametrize("change", [None, "title: [", article("else")])
def test_a_refused_article_stands_when_the_other_gives_way(tmp_path, change):
    """The other file is deleted, or has another article. Where it only breaks, it keeps the id."""
    site = library(tmp_path, {"entries/a.yaml": article("a")})
    site.read()
    write(tmp_path, {"entries/b.yaml": article("a", title="Copy")})
    assert titles(read(site)) == ["Article a"]
    (tmp_path / "entries" / "a.yaml").unlink()
    write(tmp_path, {"entries/a.yaml": change} if change else {})
    expected = {None: ["Copy"], "title: [": ["Article a"]}
    assert titles(read(site)) == expected.get(change, ["Article else", "Copy"])


def test_two_files_may_exchange_their_names(tmp_path):
    """Articles with ids of their own stay the same articles when their files exchange names."""
    site = library(tmp_path, {"entries/a.yaml": article("a"), "entries/b.yaml": article("b")})
    site.read()
    write(tmp_path, {"entries/a.yaml": article("b"), "entries/b.yaml": article("a")})
    assert (titles(read(site)), faults_of(read(site))) == (["Article a", "Article b"], [])


# site.yaml


def test_the_fault_of_a_missing_site_yaml_says_how_to_begin_a_site(tmp_path):
    """Who is in the wrong folder goes to another one; who has no site makes one."""
    with pytest.raises(Faults) as caught:
        read(Library(tmp_path, {}))
    assert str(caught.value) == (
        f"site.yaml: there is no site.yaml in {tmp_path}; "
        "go into the folder of your site, or make a new one: `feedsite init my-site`"
    )


def test_the_fault_of_a_missing_site_yaml_names_the_site_around_the_folder(tmp_path):
    """Who stands in a folder of the site gets the line that leads to the site."""
    write(tmp_path, {"site.yaml": "title: x\n", "entries/a.yaml": article("a")})
    with pytest.raises(Faults) as caught:
        read(Library(tmp_path / "entries", {}))
    assert str(caught.value) == (
        f"site.yaml: there is no site.yaml in {tmp_path}/entries; the site is the folder around it: `cd {tmp_path}`"
    )


@pytest.mark.parametrize("site", ["title: [", "title: x\n", b"\xff"])
def test_a_site_yaml_that_was_never_good_is_refused(tmp_path, site):
    """Nothing can be drawn without settings."""
    with pytest.raises(Faults):
        read(library(tmp_path, site=site))


@pytest.mark.parametrize("site", ["title: [", "", None])
def test_a_site_yaml_that_breaks_later_keeps_the_former_settings(tmp_path, site):
    """Where site.yaml is faulty, empty or deleted, that is a fault, and the former settings stay."""
    library_ = library(tmp_path, {"entries/a.yaml": article("a")})
    before, good = settings_of(read(library_)), articles(library_)
    (tmp_path / "site.yaml").unlink()
    if site is not None:
        write(tmp_path, {"site.yaml": site})
    library_.read()
    assert (settings_of(library_), articles(library_)) == (before, good)
    assert [fault.path for fault in library_.index.faults()] == ["site.yaml"]


def test_a_change_of_site_yaml_reaches_every_article(tmp_path):
    """Articles whose own files have not changed are read again with the new settings."""
    entries = {"entries/a.yaml": article("a", section="world", body='"[x](/y)"'), "entries/b.yaml": OLD}
    site = library(tmp_path, entries)
    time.sleep(filereader.SETTLED / 1e9)
    site.read()
    write(tmp_path, {"site.yaml": SITE.replace("news.example", "new.example") + "sections: {world: World news}\n"})
    a, b = sorted(articles(read(site)), key=lambda entry: entry.source)
    assert (a.section.label, a.body) == ("World news", '<p><a href="https://new.example/y">x</a></p>\n')
    assert b.authors[0].name == "The Meridian"
    assert faults_of(read(site)) != []


def test_the_environment_wins_over_site_yaml(tmp_path):
    """FEEDSITE_TITLE publishes the same folder under another name."""
    assert settings_of(read(library(tmp_path, FEEDSITE_TITLE="Other"))).title == "Other"


# Media


def test_pictures_and_recordings_are_media(tmp_path):
    """Each has its path and type; other files, hidden ones and links out of the folder are not published."""
    site = library(
        tmp_path,
        {
            "images/a.png": b"png",
            "images/2026/b.JPG": b"jpg",
            "audio/c.mp3": b"mp3",
            "images/.d.png": b"",
            "images/e.html": b"",
            "secret.png": b"",
        },
    )
    (tmp_path / "images" / "f.png").symlink_to(tmp_path / "secret.png")
    assert {path: medium.draw() for path, medium in media_of(read(site)).items()} == {
        "/images/a.png": Document(b"png", "image/png"),
        "/images/2026/b.JPG": Document(b"jpg", "image/jpeg"),
        "/audio/c.mp3": Document(b"mp3", "audio/mpeg"),
    }


@pytest.mark.parametrize("target", ["{above}/secret.mp3", "../entries/draft.yaml", "/proc/self/environ"])
def test_a_recording_that_becomes_a_link_hands_nothing_out(tmp_path, target):
    """Neither before the next scan nor after it, when the link is a fault."""
    site = tmp_path / "site"
    site.mkdir()
    library_ = library(site, {"audio/ep.mp3": b"mp3", "entries/draft.yaml": article("a", status="draft")})
    (tmp_path / "secret.mp3").write_bytes(b"secret")
    media = media_of(read(library_))
    (site / "audio" / "ep.mp3").unlink()
    (site / "audio" / "ep.mp3").symlink_to(target.format(above=tmp_path))
    for again in (media, media_of(read(library_))):
        with pytest.raises(OSError, match="a link leads out of audio/"):
            again["/audio/ep.mp3"].draw()
    assert faults_of(read(library_)) == [
        "audio/ep.mp3: a link leads out of audio/; put the files themselves there, or delete the link"
    ]


def test_articles_stay_while_their_folder_leads_out(tmp_path):
    """Where entries/ becomes a link out of the site, its articles stay, and no new one is read."""
    site = tmp_path / "site"
    site.mkdir()
    library_ = library(site, {"entries/a.yaml": article("a"), "images/a.png": b"png"})
    library_.read()
    for name in ("entries", "images"):
        (site / name).rename(tmp_path / name)
        (site / name).symlink_to(tmp_path / name)
    write(tmp_path, {"entries/b.yaml": article("b"), "images/b.png": b"png"})
    library_.read()
    assert titles(library_) == ["Article a"]
    assert [*media_of(library_)] == ["/images/a.png"]
    assert [str(fault).partition(";")[0] for fault in library_.index.faults()] == [
        f"{name}: a link leads out of the site's folder" for name in ("entries", "images")
    ]


def test_a_medium_that_was_deleted_is_a_missing_key(tmp_path):
    """A picture may be deleted between the scan and its drawing."""
    site = read(library(tmp_path, {"images/a.png": b"png"}))
    (tmp_path / "images" / "a.png").unlink()
    with pytest.raises(KeyError):
        media_of(site)["/images/a.png"].draw()


def test_what_another_process_read_later_is_not_written_over(tmp_path, monkeypatch):
    """A build reads a file, the server reads and commits a later version, and then the build commits."""
    library(tmp_path, {"entries/a.yaml": article("a"), "entries/b.yaml": article("b")})
    slow, quick = (Library(tmp_path, {}, indexfile.opened(tmp_path, {})) for _ in range(2))
    slow.read()
    reads = [article("a", title="Third"), article("a", title="Second")]
    read_files = filereader.read

    def and_then(jobs, *values, **more):
        outcomes = list(read_files(jobs, *values, **more))
        if reads:
            write(tmp_path, {"entries/a.yaml": reads.pop()})
            quick.read()
        return iter(outcomes)

    write(tmp_path, {"entries/a.yaml": article("a", title="First")})
    monkeypatch.setattr(filereader, "read", and_then)
    assert titles(read(slow)) == titles(quick) == ["Article b", "Third"]


def test_a_file_that_is_back_is_not_dropped(tmp_path, monkeypatch):
    """A file that was missing in a scan is not dropped where another process has committed it since."""
    library(tmp_path, {"entries/a.yaml": article("a"), "entries/b.yaml": article("b")})
    slow, quick = (Library(tmp_path, {}, indexfile.opened(tmp_path, {})) for _ in range(2))
    slow.read()
    text = (tmp_path / "entries" / "a.yaml").read_text()
    read_files = filereader.read

    def and_then(*values, **more):
        monkeypatch.setattr(filereader, "read", read_files)
        write(tmp_path, {"entries/a.yaml": text})
        quick.read()
        return iter(())

    (tmp_path / "entries" / "a.yaml").unlink()
    monkeypatch.setattr(filereader, "read", and_then)
    assert titles(read(slow)) == ["Article a", "Article b"]


def test_settings_that_are_being_saved_are_waited_for(tmp_path):
    """With half of a site.yaml, without its base_url, every link and every derived id would be another one."""
    made = library(tmp_path, {"entries/a.yaml": article("a")})
    before = settings_of(read(made))
    with (tmp_path / "site.yaml").open("w") as file:
        file.write("title: The Meridian\ndescription: World news, set plainly.\n")
        file.flush()
        done = made.update(waits_for_saves=True)
        assert settings_of(made) == before
        assert "site.yaml" in done.again
        file.write("base_url: https://another.example\n")
    made.update(done.again, waits_for_saves=True)
    assert settings_of(made).base_url == "https://another.example"


def test_a_name_of_another_encoding_stops_no_scan(tmp_path):
    """A name as zip files of other systems leave it is a fault, and every other file is read."""
    made = library(tmp_path, {"entries/a.yaml": article("a")})
    (tmp_path / "images").mkdir()
    for folder in (b"entries/caf\xe9.yaml", b"images/caf\xe9.png"):
        with open(os.fsencode(tmp_path) + b"/" + folder, "wb") as file:
            file.write(b"x")
    made.read()
    assert titles(made) == ["Article a"]
    assert len(faults_of(made)) == 2
    assert all("another encoding" in fault for fault in faults_of(made))


def test_what_cannot_be_opened_for_a_moment_is_neither_lost_nor_forgotten(tmp_path, no_more_files):
    """With too many open files, all stays as it is, a fault says so, and the paths are scanned again."""
    shutil.copytree(SAMPLE, tmp_path / "site", ignore=shutil.ignore_patterns(".feedsite"))
    time.sleep(SETTLED / 1e9)  # else the pictures are looked at again
    library = Library(tmp_path / "site", {})
    library.read()
    before, faults = (articles(library), set(media_of(library)), settings_of(library)), faults_of(library)
    with no_more_files():
        done = library.update(waits_for_saves=True)
    assert (articles(library), set(media_of(library)), settings_of(library)) == before
    assert all(before)
    assert {fault.path for fault in library.index.faults() if not fault.is_note} == {
        "audio",
        "entries",
        "images",
        "pages",
        "site.yaml",
        "theme",
    }
    assert done.again == {"audio", "entries", "images", "pages", "site.yaml", "theme"}
    done = library.update(done.again, waits_for_saves=True)
    assert (articles(library), set(media_of(library)), settings_of(library)) == before
    assert (faults_of(library), done.again) == (faults, set())


# From one start to the next


def lasting(folder, **environment):
    """A library whose index outlives it, as each start opens it."""
    return Library(folder, environment, indexfile.opened(folder, environment))


def aged(folder):
    """The library of a folder whose files are so old by now that a scan need not read them again."""
    time.sleep(SETTLED / 1e9 + 0.01)
    site = lasting(folder)
    site.read()
    return site


def test_a_restart_reads_only_what_changed(tmp_path):
    """Files with the same signatures as at the former start are not opened."""
    library(tmp_path, {f"entries/{name}.yaml": article(name) for name in "abc"})
    aged(tmp_path).index.close()
    write(tmp_path, {"entries/b.yaml": article("b", title="Another")})
    site = lasting(tmp_path)
    assert opened(site) == 1
    assert titles(site) == ["Another", "Article a", "Article c"]


def test_a_restart_has_contents_before_it_scans(tmp_path):
    """Articles and settings are those of the last commit, without any file being opened."""
    library(tmp_path, {"entries/a.yaml": article("a")}, site=f"{SITE}window: 7\n")
    aged(tmp_path).index.close()
    shutil.rmtree(tmp_path / "entries")
    (tmp_path / "site.yaml").unlink()
    site = lasting(tmp_path)
    assert (titles(site), settings_of(site).window) == (["Article a"], 7)


def test_a_library_is_empty_until_a_scan_is_committed(tmp_path):
    """The contents of an empty library are refused as unusable."""
    library(tmp_path, {"entries/a.yaml": article("a")})
    site = lasting(tmp_path)
    assert site.is_empty
    with pytest.raises(Unusable):
        site.contents(NOW)
    site.read()
    assert not site.is_empty
    assert not lasting(tmp_path).is_empty


def test_a_last_good_version_outlives_a_restart(tmp_path):
    """An article stays online through faulty versions before, during and after a restart, until it is deleted."""
    library(tmp_path, {"entries/a.yaml": article("a"), "entries/b.yaml": article("b")})
    good = articles(aged(tmp_path))
    for slip in ("title: [", "title: War: what"):
        write(tmp_path, {"entries/a.yaml": slip})
        site = read(lasting(tmp_path))
        assert (articles(site), len(faults_of(site))) == (good, 1)
    (tmp_path / "entries" / "a.yaml").unlink()
    assert titles(read(lasting(tmp_path))) == ["Article b"]


def test_what_stands_as_it_was_outlives_a_restart(tmp_path):
    """The file that claims another's address has the fault again, and waits on."""
    library(tmp_path, {"entries/a.yaml": article("a"), "entries/b.yaml": article("b")})
    aged(tmp_path).index.close()
    write(tmp_path, {"entries/a.yaml": article("a", slug="b")})
    for _ in range(2):
        site = aged(tmp_path)
        assert {one.path for one in articles(site)} == {"/2026/11/a/", "/2026/11/b/"}
        assert faults_of(site) == [f"entries/a.yaml:6:7: {TAKEN}"]
        site.index.close()
    (tmp_path / "entries" / "b.yaml").unlink()
    assert [one.path for one in articles(aged(tmp_path))] == ["/2026/11/b/"]


@pytest.mark.parametrize("site", ["title: [", "", None])
def test_a_broken_site_yaml_outlives_a_restart(tmp_path, site):
    """A start goes on with the last sound settings; the fault is there, and articles are read."""
    library(tmp_path, {"entries/a.yaml": article("a")}, site=f"{SITE}window: 7\n")
    aged(tmp_path).index.close()
    (tmp_path / "site.yaml").unlink()
    write(tmp_path, {"entries/b.yaml": article("b")} | ({} if site is None else {"site.yaml": site}))
    library_ = read(lasting(tmp_path))
    assert (settings_of(library_).window, titles(library_)) == (7, ["Article a", "Article b"])
    assert [fault.path for fault in library_.index.faults()] == ["site.yaml"]


def test_a_mended_site_yaml_has_no_fault_any_more(tmp_path):
    """The fault is gone also where the mended site.yaml says exactly what it said before."""
    site = library(tmp_path, {"entries/a.yaml": article("a")})
    site.read()
    write(tmp_path, {"site.yaml": "title: ["})
    assert len(faults_of(read(site))) == 1
    write(tmp_path, {"site.yaml": SITE})
    assert faults_of(read(site)) == []


@pytest.mark.parametrize("is_restarted", [True, False])
@pytest.mark.parametrize(
    ("change", "count"),
    [
        ("language: de", 2),
        ('words: {"Withdrawn: {title}": "Gone: {title}"}', 2),
        ("timezone: Asia/Taipei", 2),
        ("id: https://old.example/", 2),
        ("publisher: {name: Another}", 2),
        ("authors: {sato: {name: Mina Sato}}", 2),
        ("sections: {world: World}", 2),
        ("typographer: true", 2),
        ("math: true", 2),
        ("window: 7", 0),
        ("hub: https://hub.example/", 0),
        ("rights: © The Meridian", 0),
        ("theme: {accent: darkred}", 0),
    ],
)
def test_a_change_of_settings_reads_what_it_concerns(tmp_path, change, count, is_restarted):
    """All articles where it decides what is read in them, else none. It is news either way."""
    library(tmp_path, {"entries/a.yaml": article("a"), "entries/b.yaml": article("b")})
    site = aged(tmp_path)
    write(tmp_path, {"site.yaml": f"{SITE}{change}\n"})
    if is_restarted:
        site = lasting(tmp_path)
    assert site.update([]).has_news
    write(tmp_path, {"site.yaml": SITE})
    assert opened(site) == count
    assert settings_of(site) == library_of(SITE)


def library_of(text):
    return read_settings(text.encode(), {})[0]


def test_articles_that_were_away_while_settings_changed_are_read_when_they_are_back(tmp_path):
    """entries/ was moved aside, the base_url changed, and entries/ came back untouched."""
    library(tmp_path, {"entries/a.yaml": article("a", body='"[x](/y)"')})
    site = aged(tmp_path)
    (tmp_path / "entries").rename(tmp_path / "away")
    write(tmp_path, {"site.yaml": SITE.replace("news.example", "new.example")})
    site.read()
    (tmp_path / "away").rename(tmp_path / "entries")
    assert [one.body for one in articles(read(site))] == ['<p><a href="https://new.example/y">x</a></p>\n']


READING = """
import sys
from pathlib import Path
from feedsite.folder import indexfile
from feedsite.folder.library import Library

def progress(done, count):
    if done == int(sys.argv[2]):
        print(done, flush=True)
        sys.stdin.read()

site = Path(sys.argv[1])
Library(site, {}, indexfile.opened(site, {})).read(progress)
"""


def test_a_first_reading_that_was_killed_goes_on_where_it_was(tmp_path):
    """Files that were committed by then are not read again, and in the end all are in the index."""
    count = _AT_ONCE + 300
    library(tmp_path, {f"entries/{number}.yaml": article(f"n{number}") for number in range(count)})
    time.sleep(SETTLED / 1e9)
    with subprocess.Popen(
        [sys.executable, "-c", READING, str(tmp_path), str(_AT_ONCE + 1)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        process.kill()
    site = lasting(tmp_path)
    assert site.is_empty
    assert opened(site) == 300
    assert site.index.counts(NOW) == (count, 0, 0)
    assert site.index.signatures("entries").keys() == {f"entries/{number}.yaml" for number in range(count)}


# Scans


def test_a_scan_without_changes_writes_nothing(tmp_path):
    """The other processes would look for a change after every write."""
    library(tmp_path, {"entries/a.yaml": article("a"), "images/a.png": b"png"})
    site, other = aged(tmp_path), lasting(tmp_path)
    before = other.index.database.data_version()
    for paths in (ROOTS, [], ["entries/a.yaml"], ["entries/gone.yaml", "images/gone.png"]):
        assert not site.update(paths).has_news
    assert other.index.database.data_version() == before


def test_a_scan_writes_nothing_to_the_index(tmp_path):
    """What a scan found is true for no process before it is committed."""
    library(tmp_path, {"entries/a.yaml": article("a"), "images/a.png": b"png"})
    site, other = aged(tmp_path), lasting(tmp_path)
    write(tmp_path, {"entries/b.yaml": article("b"), "entries/a.yaml": "title: [", "images/b.png": b"png"})
    before = state(other), other.index.database.data_version()
    change = site.scan()
    assert (state(site), (state(other), other.index.database.data_version())) == (before[0], before)
    with site.commit(change) as done:
        assert done.has_news
    assert titles(site) == titles(other) == ["Article a", "Article b"]


def test_a_reader_that_waits_for_one_file_counts_them_all(tmp_path):
    """The number of files that it returns is that of its first scan."""
    site = library(tmp_path, {f"entries/{name}.yaml": article(name) for name in "abc"})
    write(tmp_path, {"entries/c.yaml": article("c").rstrip("\n")})
    assert (site.read(waits_for_saves=True).count, len(titles(site))) == (3, 3)


def test_what_is_drawn_within_a_commit_becomes_true_with_it(tmp_path):
    """No process sees the article before; and where drawing fails, the article is not committed."""
    library(tmp_path, {"entries/a.yaml": article("a")})
    site, other = aged(tmp_path), lasting(tmp_path)
    write(tmp_path, {"entries/b.yaml": article("b")})
    with suppress(ZeroDivisionError), site.commit(site.scan()):
        assert titles(site) == ["Article a", "Article b"]
        assert titles(other) == ["Article a"]
        raise ZeroDivisionError
    assert titles(site) == ["Article a"]
    assert titles(read(site)) == titles(other) == ["Article a", "Article b"]


def test_a_deleted_file_is_waited_for_and_then_it_is_gone(tmp_path):
    """A program may delete a file and write it anew: the file is scanned again before it is dropped."""
    site = library(tmp_path, {"entries/a.yaml": article("a"), "entries/b.yaml": article("b")})
    site.read()
    (tmp_path / "entries" / "a.yaml").unlink()
    end = time.monotonic() + 5
    done = site.update(["entries/a.yaml"], waits_for_saves=True)
    assert (done.has_news, done.again) == (False, {"entries/a.yaml"})
    while done.again and time.monotonic() < end:
        assert titles(site) == ["Article a", "Article b"]
        time.sleep(0.02)
        done = site.update(done.again, waits_for_saves=True)
    assert (titles(site), done.again) == (["Article b"], set())


@pytest.mark.parametrize("is_edited", [False, True], ids=["as it is", "with its former address as an alias"])
@pytest.mark.parametrize("is_in_two_steps", [False, True], ids=["at once", "copied, then deleted"])
def test_a_renamed_file_keeps_what_it_held(tmp_path, is_edited, is_in_two_steps):
    """An earlier article that claims the same id and address gets neither."""
    site = read(library(tmp_path, {"entries/trains.yaml": article("trains")}))
    asking = article("trains", title="Another", published="2026-11-01")
    (tmp_path / "entries" / "asking.yaml").write_text(asking)
    assert titles(read(site)) == ["Article trains"]
    text = article("trains", aliases="[/old/]") if is_edited else article("trains")
    (tmp_path / "entries" / "rails.yaml").write_text(text)
    if is_in_two_steps and not is_edited:
        read(site)
    (tmp_path / "entries" / "trains.yaml").unlink()
    assert titles(read(site)) == ["Article trains"]
    (one,) = articles(site)
    assert one.source == "entries/rails.yaml"


def test_deleting_files_takes_time_that_is_linear_in_their_number(tmp_path):
    """Also where all of them claim the same id."""

    def seconds(count):
        folder = tmp_path / str(count)
        folder.mkdir()
        site = read(library(folder, {f"entries/{n}.yaml": article("same", title=f"{n}") for n in range(count)}))
        for path in (folder / "entries").iterdir():
            path.unlink()
        begun = time.process_time()
        site.update()
        return time.process_time() - begun

    assert seconds(2000) < 4 * 3 * max(seconds(500), 0.02)


def test_a_renamed_file_is_not_waited_for(tmp_path):
    """Its article stands under the new name at once."""
    site = library(tmp_path, {"entries/a.yaml": article("a")})
    site.read()
    (tmp_path / "entries" / "a.yaml").rename(tmp_path / "entries" / "b.yaml")
    done = site.update(["entries/a.yaml", "entries/b.yaml"], waits_for_saves=True)
    assert done.has_news
    assert [one.source for one in articles(site)] == ["entries/b.yaml"]
    assert (faults_of(site), done.again) == ([], set())


@pytest.mark.parametrize("saved", [article, lambda _, title: entry_text(title=title)], ids=["with an id", "without"])
def test_a_whole_text_beside_its_file_is_no_article_while_it_may_be_renamed(tmp_path, saved):
    """Some programs write all of it under another name first, and then give it the file's own."""
    beside, path = "entries/a.tmp.yaml", "entries/a.yaml"
    site = read(library(tmp_path, {path: saved("a", title="Former")}))
    write(tmp_path, {beside: saved("a", title="Newer")})
    done = site.update([beside], waits_for_saves=True)
    assert (titles(site), faults_of(site), done.again) == (["Former"], [], {beside})
    (tmp_path / beside).rename(tmp_path / path)
    site.update([path, beside], waits_for_saves=True)
    assert (titles(site), faults_of(site)) == (["Newer"], [])


def test_a_copy_that_stays_beside_its_file_is_told_after_a_moment(tmp_path):
    site = read(library(tmp_path, {"entries/a.yaml": article("a")}))
    write(tmp_path, {"entries/b.yaml": article("a")})
    end = time.monotonic() + 10
    done = site.update(["entries/b.yaml"], waits_for_saves=True)
    assert done.again
    while done.again and time.monotonic() < end:
        time.sleep(0.02)
        done = site.update(done.again, waits_for_saves=True)
    assert [one.path for one in site.index.faults()] == ["entries/b.yaml"]


NAMES = ("entries/a.yaml", "entries/b.yaml", "entries/c.yml", "entries/world/a.yaml", "entries/world/asia/b.yaml")
NAMES += ("entries/a copy.yaml", "entries/a 2.yaml")
MORE = ("images/a.png", "images/new/b.jpg", "audio/c.mp3", "entries/d.yaml.txt")
TEXTS = (
    *(article(name, **fields) for name in "ab" for fields in ({}, {"title": "Another"}, {"aliases": "[/old, /a.b]"})),
    article("c", id=None),
    article("d", status="draft"),
    article("e", slug="a", published="2020-01-01"),
    article("f", aliases="[/2026/11/a/, /a.b/c]"),
    "title: [",
    "",
)
FOLDERS = ("entries/world", "entries/asia", "entries/world/asia", "images/new", "entries/folder.yaml")
SITES = (SITE, f"{SITE}window: 7\n", f"{SITE}language: de\n", "title: [", SITE.replace("news", "new"))
EDITS = st.lists(
    st.tuples(st.just("write"), st.sampled_from(NAMES + MORE), st.sampled_from(TEXTS))
    | st.tuples(st.just("delete"), st.sampled_from(NAMES + MORE))
    | st.tuples(st.just("move"), st.sampled_from(NAMES + FOLDERS), st.sampled_from(NAMES + FOLDERS))
    | st.tuples(st.just("link"), st.sampled_from(NAMES + FOLDERS), st.sampled_from(["nowhere", "."]))
    | st.tuples(st.just("site"), st.sampled_from(SITES)),
    max_size=12,
)


def edit(folder, kind, *said):
    """Does what an editor does, and returns the paths of its events: of a linked file, both paths."""
    if kind == "site":
        (folder / "site.yaml").write_text(said[0])
        return set()
    path = folder / said[0]
    named = [folder / name for name in (said if kind == "move" else said[:1])]
    paths = {os.path.relpath(name, folder) for path in named for name in (path, path.parent.resolve() / path.name)}
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        if kind == "write":
            with suppress(OSError):
                path.unlink()  # else it might be written elsewhere, through a link
            path.write_text(said[1])
        elif kind == "delete":
            path.unlink()
        elif kind == "link":
            path.symlink_to(said[1])
        else:
            (folder / said[1]).parent.mkdir(parents=True, exist_ok=True)
            path.rename(folder / said[1])
    return paths


def state(site):
    index = site.index
    media = mediarows.signatures(index)
    return list(index.entries()), index.faults(), media, index.signatures("entries").keys(), settings_of(site)


@few
@given(EDITS, st.data())
def test_scanning_what_changed_is_as_good_as_scanning_everything(edits, data):
    """The law: whatever editors do, one or several things at once, the index is the same in the end."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        whole = library(folder, {"entries/a.yaml": article("a"), "images/a.png": b"png"})
        part = Library(folder, {})
        whole.read()
        part.read()
        changed = set()
        for one in edits:
            changed |= edit(folder, *one)
            if data.draw(st.booleans()):
                whole.read()
                part.update(changed)
                changed = set()
                assert state(part) == state(whole)


# Few ids, slugs and aliases, so that many files claim the same; some are broken, and some are drafts.
CLAIMING = st.builds(
    lambda name, **fields: article(name, **{field: value for field, value in fields.items() if value}),
    st.sampled_from("abc"),
    slug=st.sampled_from([None, "a", "b", "c"]),
    aliases=st.sampled_from(
        [None, "[/old]", "[/old/]", "[/2026/11/a/]", "[/2026/11/b, /old]", "[/a.b]", "[/a.b/c, /2026/11/c]"]
    ),
    published=st.sampled_from([None, "2026-11-01", "2027-01-01"]),
    status=st.sampled_from([None, None, None, "draft"]),
)
STEPS = st.lists(
    st.tuples(st.just("write"), st.sampled_from(NAMES), CLAIMING | st.sampled_from(["title: [", article("x", id=None)]))
    | st.tuples(st.just("delete"), st.sampled_from(NAMES))
    | st.tuples(st.just("move"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    max_size=14,
)


def published_by(site):
    """The fingerprint of everything that stands, by path."""
    contents = site.contents(datetime(2026, 12, 24, tzinfo=UTC))
    planned = Site(contents.edition, contents.settings, contents.media).plan
    return {one.path: one.fingerprint for one in planned}


def at_odds(site):
    """The files with a fault, but those whose only one is that an alias yields to an article's own address."""
    faults = [fault for fault in site.index.faults() if not fault.is_note]
    own = {key(entry.path) for entry in articles(site) if entry.published != NEVER}
    yielding = re.compile("the alias (.*) belongs to ")
    return {one.path for one in faults if not ((match := yielding.match(one.message)) and key(match[1]) in own)}


@few
@given(STEPS)
@example(
    [
        ("write", "entries/b.yaml", article("b", aliases="[/2026/11/c/]")),
        ("write", "entries/c.yml", article("c")),
    ]
)
def test_a_node_that_saw_every_step_and_one_that_starts_now_publish_the_same(steps):
    """The law: in a folder without faults, and where aliases yield to articles' own addresses, no past counts."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        running = library(folder, {"entries/a.yaml": article("a")})
        running.read()
        for step in steps:
            edit(folder, *step)
            running.read()
        fresh = Library(folder, {})
        fresh.read()
        while wrong := at_odds(fresh):
            (folder / min(wrong)).unlink()
            running.read()
            fresh = Library(folder, {})
            fresh.read()
        assert published_by(running) == published_by(fresh)
        assert running.index.faults() == fresh.index.faults()
