"""The disk is full, or may not be written to: readers are served all the same, and one line says what is wrong."""

from contextlib import contextmanager

import pytest

from benchmarks import stories
from feedsite.folder import indexfile

from .support.newsroom import (
    PATIENCE,
    TOGETHER,
    bound_by_rights,
    edit,
    errors,
    in_memory,
    mounted,
    newsroom,
    read_by_a_crowd,
    serving,
)
from .support.programs import needed
from .support.waiting import until

SMALL = 16 * 1024  # bytes that a file may have: a log of some lines, and no database


@pytest.fixture
def site(tmp_path):
    return newsroom(tmp_path)


def told_in_one_line(server):
    """No cause is told more than once a process."""
    return all(count <= 2 for count in errors(server).values())


def fill(folder):
    """Until nothing more goes onto the disk."""
    for size in (65536, 4096, 512, 1):
        with (folder / f"filler-{size}").open("wb", buffering=0) as file:
            try:
                while file.write(bytes(size)):
                    pass
            except OSError:
                continue


def test_a_save_that_a_full_disk_cuts_off_takes_no_article_offline(tmp_path):
    """An editor's program empties the file, and nothing more can be written: the last good version stays."""
    with in_memory(tmp_path / "disk", "4m") as disk:
        (tmp_path / "site").symlink_to(newsroom(disk))
        site = tmp_path / "site"  # its log stands elsewhere
        with serving(site, *TOGETHER) as server, read_by_a_crowd(server) as crowd:
            fill(disk)
            stories.file(site, 3).write_text("")
            with pytest.raises(OSError, match="No space left on device"):
                stories.file(site, 3).write_text(stories.text(3, 2) * 100)
            until(lambda: any("story-00003.yaml" in line for line in errors(server)), PATIENCE)
            crowd.hear(50)
            assert told_in_one_line(server)
            for path in disk.glob("filler-*"):
                path.unlink()
            edit(site, crowd, 3, 2)


@contextmanager
def full_disk(site, tmp_path):
    """A disk of its own for the cache, on which nothing has room."""
    with in_memory(tmp_path / "cache", "64k") as cache:
        fill(cache)
        yield {"FEEDSITE_CACHE": str(cache)}


@contextmanager
def small_files(site, tmp_path):
    """Where nobody may mount a disk: files that may not grow."""
    yield {"within": (needed("prlimit"), f"--fsize={SMALL}")}


@contextmanager
def no_rights(site, tmp_path):
    """The site belongs to somebody else, as it should."""
    site.chmod(0o555)
    yield {"within": bound_by_rights()}
    site.chmod(0o755)


@contextmanager
def cache_in_the_way(site, tmp_path):
    """A file stands where the cache folder is to be made."""
    place = indexfile.folder(site, {})
    place.parent.mkdir(parents=True, exist_ok=True)
    place.touch()
    yield {}


@contextmanager
def no_such_disk(site, tmp_path):
    """A folder for the cache that cannot be made."""
    yield {"FEEDSITE_CACHE": "/dev/null/cache"}


@pytest.mark.sampled
@pytest.mark.parametrize("hindrance", [full_disk, small_files, no_rights, cache_in_the_way, no_such_disk])
def test_where_nothing_can_be_written_all_is_served(site, tmp_path, hindrance):
    """From the first start, through edits, and after a restart."""
    with hindrance(site, tmp_path) as how:
        for version in (2, 3):
            with serving(site, *TOGETHER, **how) as server, read_by_a_crowd(server) as crowd:
                edit(site, crowd, 3, version)
                crowd.hear(20)
                assert told_in_one_line(server), errors(server)


def test_a_disk_that_becomes_full_later_stops_no_edit(site, tmp_path):
    """The articles stand on another one: each edit is served, before, meanwhile, and after there is room again."""
    with in_memory(tmp_path / "cache", "2m") as cache:
        with (
            serving(site, *TOGETHER, FEEDSITE_CACHE=str(cache)) as server,
            read_by_a_crowd(server) as crowd,
        ):
            edit(site, crowd, 3, 2)
            fill(cache)
            for version in (3, 4, 5):
                edit(site, crowd, 3, version)
            crowd.hear(20)
            for path in cache.glob("filler-*"):
                path.unlink()
            edit(site, crowd, 3, 6)
            assert told_in_one_line(server), errors(server)
        with serving(site, FEEDSITE_CACHE=str(cache)) as server, read_by_a_crowd(server) as crowd:
            until(lambda: crowd.version(3) == 6, PATIENCE)


def test_a_site_on_a_read_only_disk_is_served(site, tmp_path):
    """What somebody else writes there is seen; that feedsite can write nothing is told once."""
    with mounted(tmp_path / "same", "--bind", "-o", "ro", site) as same:
        with pytest.raises(OSError, match="Read-only file system"):
            stories.save(same, 3)
        with serving(same, *TOGETHER) as server, read_by_a_crowd(server) as crowd:
            edit(site, crowd, 3, 2)
            crowd.hear(20)
            assert told_in_one_line(server), errors(server)
