"""Sites deployed by links (git-sync, Kubernetes): when a link is set anew, what it leads to then is served."""

import logging
import os
import shutil
import subprocess
import time

import pytest

from feedsite.folder.filereader import SETTLED
from feedsite.serving import rootfolders
from feedsite.serving.live import Live

from .support.articles import article
from .support.golden import NOW, SAMPLE
from .support.live import get
from .support.servers import Server
from .support.waiting import until

PAGE = "/2026/11/new/"
PICTURE = "/images/new.png"
SECOND = 1.0  # what is promised; the tests wait longer, on a machine that has much else to do


def release(place, title):
    """A whole site, with an article and a picture of this title."""
    shutil.copytree(SAMPLE, place, ignore=shutil.ignore_patterns(".feedsite"))
    (place / "entries" / "new.yaml").write_text(article(title))
    (place / "images" / "new.png").write_text(title)
    return place


def swap(link, target):
    """As git-sync and Kubernetes do: in one step, by renaming."""
    link.with_name(f"{link.name}_tmp").symlink_to(target)
    link.with_name(f"{link.name}_tmp").rename(link)


def mount(folder, files, version):
    """A ConfigMap's folder: files are links into ..data, which is a link to a hidden folder of this version."""
    hidden = folder / f"..2026_{version}"
    hidden.mkdir(parents=True)
    for name, text in files.items():
        (hidden / name).write_text(text)
        if not (folder / name).is_symlink():
            (folder / name).symlink_to(f"..data/{name}")
    former = os.readlink(folder / "..data") if (folder / "..data").is_symlink() else None
    swap(folder / "..data", hidden.name)
    if former:
        shutil.rmtree(folder / former)


@pytest.fixture
def begin(tmp_path):
    """Begins to serve a folder, as a worker does; the second one follows the first."""
    running = []

    def one(folder):
        live = Live(folder, {"FEEDSITE_CACHE": str(tmp_path / "cache")}, clock=lambda: NOW)
        live.start()
        running.append(live)
        return live

    yield one
    for live in running:
        live.stop()


def shows(live, title):
    return title.encode() in get(live, PAGE).data and get(live, PICTURE).data == title.encode()


def test_a_site_s_link_that_is_set_anew_is_followed(tmp_path, begin):
    """As by git-sync: every process serves articles, pictures and site.yaml of the new release, and edits there."""
    for number in (1, 2, 3):
        release(tmp_path / str(number), f"Release {number}")
    (tmp_path / "3" / "site.yaml").write_text((SAMPLE / "site.yaml").read_text().replace("Sample", "Third"))
    (tmp_path / "current").symlink_to("1")
    lives = [begin(tmp_path / "current"), begin(tmp_path / "current")]
    for number in (2, 3):
        swap(tmp_path / "current", str(number))
        shutil.rmtree(tmp_path / str(number - 1))
        for live in lives:
            until(lambda live=live, number=number: shows(live, f"Release {number}"))
    for live in lives:
        until(lambda live=live: b"Third" in get(live, "/").data)
        assert get(live, "/healthz").status_code == 200
    (tmp_path / "3" / "entries" / "new.yaml").write_text(article("Edited there"))
    for live in lives:
        until(lambda live=live: b"Edited there" in get(live, PAGE).data)


def test_a_link_above_the_site_that_is_set_anew_is_followed(tmp_path, begin):
    """The site is a folder within what the link leads to."""
    for number in (1, 2):
        (tmp_path / str(number)).mkdir()
        release(tmp_path / str(number) / "news", f"Release {number}")
    (tmp_path / "current").symlink_to("1")
    live = begin(tmp_path / "current" / "news")
    swap(tmp_path / "current", "2")
    until(lambda: shows(live, "Release 2"))


def test_a_config_map_that_is_swapped_is_followed(tmp_path, begin):
    """entries/ and images/ are mounted so: every process serves what changes, comes and goes."""
    folder = tmp_path / "site"
    (folder / "entries").mkdir(parents=True)
    shutil.copy(SAMPLE / "site.yaml", folder)
    mount(folder / "entries", {"new.yaml": article("Version 1"), "b.yaml": article("B", id="tag:a,2026:b")}, 1)
    mount(folder / "images", {"new.png": "Version 1"}, 1)
    lives = [begin(folder), begin(folder)]
    for live in lives:
        until(lambda live=live: shows(live, "Version 1"))
    for number in (2, 3):
        mount(folder / "entries", {"new.yaml": article(f"Version {number}")}, number)
        mount(folder / "images", {"new.png": f"Version {number}"}, number)
        for live in lives:
            until(lambda live=live, number=number: shows(live, f"Version {number}"))
    (folder / "entries" / "..data" / "new.yaml").write_text(article("Version 4"))  # in place, as nobody should
    (folder / "images" / "..data" / "new.png").write_text("Version 4")
    for live in lives:
        until(lambda live=live: shows(live, "Version 4"))


def test_a_config_map_of_a_thousand_articles_is_followed(tmp_path, begin):
    """Its links are too many to be checked at each tick; the swap itself is noticed."""
    folder = tmp_path / "site"
    (folder / "entries").mkdir(parents=True)
    shutil.copy(SAMPLE / "site.yaml", folder)
    files = {f"{number}.yaml": article(f"Article {number}", id=f"tag:a,2026:{number}") for number in range(1000)}
    mount(folder / "entries", files, 1)
    live = begin(folder)
    until(lambda: not live._committed.again)
    time.sleep(SETTLED / 1e9)
    mount(folder / "entries", files | {"999.yaml": article("Another title", id="tag:a,2026:999")}, 2)
    until(lambda: b"Another title" in get(live, "/2026/11/999/").data)


@pytest.mark.parametrize("name", ["new.yaml", "world"])
def test_what_an_article_s_link_leads_to_is_followed(tmp_path, begin, name):
    """A file or folder elsewhere in the site is changed in place, replaced, and has its own link set anew."""
    folder = tmp_path / "site"
    (folder / "entries").mkdir(parents=True)
    shutil.copy(SAMPLE / "site.yaml", folder)
    for number in (1, 2):
        (folder / "drafts" / str(number)).mkdir(parents=True)
        (folder / "drafts" / str(number) / "new.yaml").write_text(article(f"Title {number}"))
    (folder / "drafts" / "current").symlink_to("1")
    target = "../drafts/current/new.yaml" if name == "new.yaml" else "../drafts/current"
    (folder / "entries" / name).symlink_to(target)
    live = begin(folder)
    until(lambda: b"Title 1" in get(live, PAGE).data)
    (folder / "drafts" / "1" / "new.yaml").write_text(article("In place"))
    until(lambda: b"In place" in get(live, PAGE).data)
    swap(folder / "drafts" / "current", "2")
    until(lambda: b"Title 2" in get(live, PAGE).data)
    (folder / "drafts" / "new").write_text(article("Renamed"))
    (folder / "drafts" / "new").rename(folder / "drafts" / "2" / "new.yaml")
    until(lambda: b"Renamed" in get(live, PAGE).data)
    swap(folder / "entries" / name, target.replace("current", "1"))
    until(lambda: b"In place" in get(live, PAGE).data)
    (folder / "entries" / name).unlink()
    until(lambda: get(live, PAGE).status_code == 404)


def test_an_editor_s_hidden_files_cost_no_scan_of_everything(tmp_path, begin, monkeypatch, caplog):
    """Swap files and locks come and go with each save; without links they mean nothing."""
    caplog.set_level(logging.INFO)
    folder = release(tmp_path / "site", "Title")
    live = begin(folder)
    until(lambda: "verified" in caplog.text and not live._committed.again)
    looks = []
    monkeypatch.setattr(live, "take_in", lambda paths=None: looks.append(paths))
    (folder / "entries" / ".new.yaml.swp").write_text("x")
    (folder / "entries" / ".#new.yaml").symlink_to("editor@host.123:1")
    (folder / "entries" / ".new.yaml.swp").unlink()
    (folder / "entries" / ".#new.yaml").unlink()
    time.sleep(0.5)  # the promise is that nothing happens
    assert looks == []


def test_a_server_follows_a_link_that_is_set_anew(tmp_path):
    """The real program with two workers, the link swapped by ln and mv: both serve it within a second."""
    for number in (1, 2):
        release(tmp_path / "git" / str(number), f"Release {number}")
    link = tmp_path / "git" / "current"
    link.symlink_to("1")
    server = Server(link, "--workers", "2", FEEDSITE_CACHE=str(tmp_path / "cache"))
    try:
        assert b"Release 1" in server.get(PAGE).body
        subprocess.run(["ln", "-s", "2", f"{link}_tmp"], check=True)
        subprocess.run(["mv", "-T", f"{link}_tmp", link], check=True)
        time.sleep(SECOND)  # the promise is about the clock
        assert all(b"Release 2" in server.get(PAGE).body for _ in range(20))
        assert {server.get(PICTURE).body for _ in range(20)} == {b"Release 2"}
        assert {server.get("/healthz").status for _ in range(10)} == {200}
    finally:
        assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


def test_links_that_double_at_each_level_hold_up_no_edit(tmp_path, begin):
    """Thirty-four links, and links to folders that are large, unreadable or not the site's: each edit is served."""
    folder = release(tmp_path / "site", "Title 0")
    for number in range(18):
        (folder / "images" / f"d{number:02}").mkdir()
    for number in range(17):
        for name in "ab":
            (folder / "images" / f"d{number:02}" / name).symlink_to(f"../d{number + 1:02}")
    for target in ("/", "/usr", "/proc"):
        (folder / "images" / f"out{target.replace('/', '-')}").symlink_to(target)
    live = begin(folder)
    for number in range(1, 4):
        (folder / "entries" / "new.yaml").write_text(article(f"Title {number}"))
        until(lambda number=number: f"Title {number}".encode() in get(live, PAGE).data)


def test_links_that_are_slow_to_check_are_checked_in_turns(tmp_path, monkeypatch):
    """However long one takes, a look at them has an end, and each one has its turn."""
    folder = tmp_path / "site"
    (folder / "entries").mkdir(parents=True)
    links = {f"entries/{number}.yaml": (1, 2) for number in range(7)}  # which is not where they lead
    monkeypatch.setattr(rootfolders, "_CHECKING", -1)
    roots = rootfolders._RootFolders(folder)
    assert [roots._moved(links) for _ in range(8)] == [{link} for link in [*links, "entries/0.yaml"]]
