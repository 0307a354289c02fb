"""Which folders of a site are watched: those that its walk comes to, wherever links lead."""

import gc
import os
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from feedsite.folder.opening import ROOTS
from feedsite.serving import watchedfolders
from feedsite.serving.watch import Watch
from feedsite.serving.watchedfolders import WatchedFolders

PATIENCE = 20.0  # seconds in which a change must have been told; some 20 ms are usual


@pytest.fixture
def site(tmp_path):
    """A site with two folders of articles, and its own disk beside it."""
    for name in ("entries/asia", "entries/world", "images"):
        (tmp_path / "site" / name).mkdir(parents=True)
    (tmp_path / "elsewhere" / "below").mkdir(parents=True)
    return tmp_path / "site"


@contextmanager
def following(site):
    """The watched folders of a site, and what is told of them."""
    stop = threading.Event()
    watching = Watch([site / "entries"], stop)
    told = iter(watching)
    next(told)
    folders = WatchedFolders(site, watching)
    folders.follow(ROOTS)
    yield folders, told
    stop.set()
    assert [*told] in ([], [set()])


def watches():
    """How many folders this process watches (proc(5), fdinfo), but for watches that nothing refers to any more."""
    gc.collect()
    places = [Path("/proc/self/fdinfo", name) for name in os.listdir("/proc/self/fd")]
    return sum(place.read_text().count("inotify wd:") for place in places if place.exists())


def first(folders, told):
    """The first change that is told, by its paths within the site."""
    until = time.monotonic() + PATIENCE
    for events in told:
        if events or time.monotonic() > until:
            return folders.named(events)
    return None


def test_links_that_double_at_each_level_are_watched_once(site):
    """Eighteen folders with two links each to the next one would be 262,143 to a watch that follows them."""
    for number in range(18):
        (site / "images" / f"d{number:02}").mkdir()
    for number in range(17):
        for name in "ab":
            (site / "images" / f"d{number:02}" / name).symlink_to(f"../d{number + 1:02}")
    before = watches()
    with following(site):
        former = 1  # which is listened to for a second longer
        assert watches() - before == former + 3 + 1 + 18


@pytest.mark.parametrize("link", ["images", "images/link", "entries/link", "entries/asia/link"])
@pytest.mark.parametrize("target", ["/usr", "/proc", "{elsewhere}"])
def test_no_link_leads_a_watch_out_of_the_site(site, link, target, caplog):
    """Neither to many folders, nor to unreadable ones, nor to what others write to; what is in the site is watched."""
    if link == "images":
        (site / "images").rmdir()
    elsewhere = site.parent / "elsewhere"
    (site / link).symlink_to(target.format(elsewhere=elsewhere))
    before = watches()
    with following(site) as (folders, told):
        assert watches() - before <= 1 + 4
        (elsewhere / "a.yaml").touch()
        (elsewhere / "below" / "a.yaml").touch()
        (site / "entries" / "asia" / "a.yaml").touch()
        assert first(folders, told) == {"entries/asia/a.yaml"}
        assert next(told) == set()
    assert caplog.records == []


def test_a_folder_that_is_made_moved_or_replaced_is_watched(site):
    """As git does all three: what is saved in it afterwards is told."""
    with following(site) as (folders, told):

        def is_followed(path):
            paths = first(folders, told)
            folders.follow(paths, replaced=paths)
            for _ in range(3):
                next(told)
            (site / path / "a.yaml").touch()
            assert first(folders, told) == {f"{path}/a.yaml"}

        (site / "entries" / "new" / "below").mkdir(parents=True)
        is_followed("entries/new/below")
        (site / "entries" / "new").rename(site / "entries" / "old")
        is_followed("entries/old/below")
        (site / "entries" / "asia").rmdir()
        (site / "entries" / "asia").mkdir()
        is_followed("entries/asia")


def test_a_change_is_told_by_each_name_of_its_folder(site):
    """A link within the site leads to it as well."""
    (site / "entries" / "link").symlink_to("world")
    with following(site) as (folders, told):
        (site / "entries" / "world" / "a.yaml").touch()
        assert first(folders, told) == {"entries/world/a.yaml", "entries/link/a.yaml"}


def test_folders_beyond_a_bound_are_looked_at_in_turns(site, monkeypatch):
    """Those near the root are watched."""
    monkeypatch.setattr(watchedfolders, "_MOST", 3)
    (site / "entries" / "asia" / "below").mkdir()
    before = watches()
    with following(site) as (folders, told):
        assert watches() - before == 1 + 3
        assert folders.due() == {"entries/world", "entries/asia/below"}
        folders.looked_at(time.monotonic())
        assert folders.due() == set()
        (site / "entries" / "asia" / "a.yaml").touch()
        assert first(folders, told) == {"entries/asia/a.yaml"}


def test_folders_that_cannot_be_read_for_a_moment_are_watched_on(site, no_more_files):
    """Too many files are open just when the folders are to be found."""
    with following(site) as (folders, told):
        with no_more_files():
            folders.follow(ROOTS)
        (site / "entries" / "world" / "a.yaml").touch()
        assert first(folders, told) == {"entries/world/a.yaml"}
