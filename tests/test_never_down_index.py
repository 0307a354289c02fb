"""The index is derived: damaged, locked, foreign or gone, readers are served all articles, and one line says so."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from benchmarks import stories
from feedsite.folder import indexfile

from .support.newsroom import PATIENCE, TOGETHER, edit, errors, newsroom, read_by_a_crowd, serving
from .support.waiting import until

PRAGMAS = ("integrity_check", "application_id", "user_version", "journal_mode")
COUNT = 120
ALL, NEWEST = range(COUNT), range(COUNT - 50, COUNT)  # what has a page; what stands in the feeds
CROWD = {"always": NEWEST, "pages": ALL}


@pytest.fixture(scope="module")
def served_before(tmp_path_factory):
    """A site, and a copy of its index."""
    site = newsroom(tmp_path_factory.mktemp("never-down"), COUNT)
    with serving(site):
        until(lambda: index(site).stat().st_size, PATIENCE)
    copy = site.with_name("copy")
    shutil.copytree(indexfile.folder(site, {}), copy)
    return site, copy


@pytest.fixture
def site(served_before):
    """The site with its index as it was before any test: in its own place, for an index knows whose it is."""
    site, copy = served_before
    shutil.rmtree(site)
    stories.write_site(site, COUNT)
    place = indexfile.folder(site, {})
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(copy, place)
    return site


@pytest.fixture
def sound(served_before):
    (found,) = served_before[1].glob("*.sqlite")
    return nature(found)


def index(site):
    """Its file. Raises ValueError where there is none, or several."""
    (found,) = indexfile.folder(site, {}).glob("*.sqlite")
    return found


def beside(file):
    """The files that SQLite keeps beside it."""
    return [path for path in file.parent.glob(f"{file.name}*") if path != file]


def garbage(file):
    """Not one byte is what it was."""
    size = file.stat().st_size
    with file.open("r+b") as opened:
        opened.write(os.urandom(size))


def garbage_in_the_middle(file):
    """The head is sound, a third of the pages is not."""
    size = file.stat().st_size
    with file.open("r+b") as opened:
        opened.seek(size // 3)
        opened.write(os.urandom(size // 3))


def garbage_in_the_log(file):
    """In the write-ahead log, where there is one."""
    for path in beside(file):
        with path.open("r+b") as opened:
            opened.write(os.urandom(max(4096, path.stat().st_size)))


def cut_in_half(file):
    os.truncate(file, file.stat().st_size // 2)


def emptied(file):
    os.truncate(file, 0)


def deleted(file):
    for path in [file, *beside(file)]:
        path.unlink(missing_ok=True)


def deleted_alone(file):
    """What stands beside it stays."""
    file.unlink()


def folder_deleted(file):
    shutil.rmtree(file.parent)


def a_folder(file):
    deleted(file)
    file.mkdir()


def foreign(file):
    """Another program's database, and a table of it has a name that feedsite uses."""
    with closing(sqlite3.connect(file)) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    deleted(file)
    with closing(sqlite3.connect(file)) as database:
        for name in names:
            if not name.startswith("sqlite_"):
                database.execute(f'CREATE TABLE "{name}" (bookmark TEXT)')
        database.execute("CREATE TABLE bookmarks (address TEXT)")
        database.commit()


def of_the_future(file):
    """As a later feedsite may have left it."""
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA user_version = 99999")
        database.commit()


def of_another_site(file):
    """Copied from there, as whoever begins a second site by copying the first one's folder does."""
    other = file.parent.parent.parent / "other"
    other.mkdir()
    place = newsroom(other, COUNT)
    for number in ALL:
        stories.save(place, number, 7)
    with serving(place):
        until(lambda: index(place).stat().st_size, PATIENCE)
    deleted(file)
    for path in [index(place), *beside(index(place))]:
        shutil.copy2(path, file.parent / path.name)


def unreadable(file):
    """A link that leads nowhere good."""
    deleted(file)
    file.symlink_to("/dev/full")


BEFORE = [
    garbage,
    garbage_in_the_middle,
    cut_in_half,
    emptied,
    deleted_alone,
    a_folder,
    foreign,
    of_the_future,
    of_another_site,
    unreadable,
]
IN_THE_WAY = [a_folder, unreadable]  # and nothing that feedsite made: it may stay there
MEANWHILE = [
    garbage,
    garbage_in_the_middle,
    garbage_in_the_log,
    cut_in_half,
    emptied,
    deleted,
    deleted_alone,
    folder_deleted,
]


def nature(file):
    """What makes a database an index: SQLite's check of it, whose it is, and its tables but those of a search, which a
    server makes a moment later.
    """
    tables = "SELECT sql FROM sqlite_schema WHERE name NOT LIKE '%search%' AND name NOT LIKE 'has_word%' ORDER BY name"
    with closing(sqlite3.connect(file)) as database:
        marks = [database.execute(f"PRAGMA {name}").fetchall() for name in PRAGMAS]
        return [*marks, database.execute(tables).fetchall()]


def refuse_repetitions(server):
    """One cause, one line: at most one of each process, and never a traceback (`serving` looks for that)."""
    told = errors(server)
    assert told.total() <= 2 * len(TOGETHER), told


@pytest.mark.sampled
@pytest.mark.parametrize("damage", BEFORE)
def test_an_index_that_is_none_is_made_anew(site, sound, damage):
    """At the start: every feed and every page is there, edits are served, and what is left behind is a sound index."""
    damage(index(site))
    with serving(site, *TOGETHER) as server, read_by_a_crowd(server, **CROWD) as crowd:
        edit(site, crowd, COUNT - 1, 2)
        crowd.hear(40)
        refuse_repetitions(server)
    assert damage in IN_THE_WAY or nature(index(site)) == sound


@pytest.mark.sampled
@pytest.mark.parametrize("damage", MEANWHILE)
def test_an_index_that_is_damaged_under_a_server_harms_no_reader(site, sound, damage):
    """Pages that nobody had asked for yet, and feeds after an edit: all are whole; and the index is made anew."""
    with serving(site, *TOGETHER) as server, read_by_a_crowd(server, **CROWD) as crowd:
        damage(index(site))
        edit(site, crowd, COUNT - 1, 2)
        crowd.hear(80)
        edit(site, crowd, COUNT - 2, 2)
        refuse_repetitions(server)
    assert nature(index(site)) == sound


HOLDS = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)
database.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("is_before", [True, False], ids=["before", "meanwhile"])
def test_an_index_that_another_program_locks_stops_nobody(site, is_before):
    """A backup, or somebody's shell: edits are served all the same, and remembered when the lock is gone."""

    def held():
        command = [sys.executable, "-c", HOLDS, index(site)]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    holders = []
    try:
        if is_before:
            holders.append(held())
            assert holders[0].stdout.readline() == "locked\n"
        with serving(site, *TOGETHER) as server, read_by_a_crowd(server, **CROWD) as crowd:
            if not is_before:
                holders.append(held())
                assert holders[0].stdout.readline() == "locked\n"
            edit(site, crowd, COUNT - 1, 2)
            crowd.hear(50)
            holders[0].communicate()
            edit(site, crowd, COUNT - 2, 2)
            refuse_repetitions(server)
    finally:
        for holder in holders:
            holder.kill()
            holder.communicate()


def test_what_was_good_last_outlives_a_restart_and_a_kill(site):
    """A file breaks, the server is killed: the next one serves what the file said before it broke."""
    with serving(site, *TOGETHER) as server:
        with read_by_a_crowd(server, **CROWD) as crowd:
            edit(site, crowd, COUNT - 1, 2)
            stories.file(site, COUNT - 1).write_text("title: [\n")
            until(lambda: any("story-00119.yaml:1:8" in line for line in errors(server)), PATIENCE)
        for pid in [server.process.pid, *server.workers()]:
            os.kill(pid, signal.SIGKILL)
        server.process.wait()
    with serving(site, *TOGETHER) as server, read_by_a_crowd(server, **CROWD) as crowd:
        until(lambda: crowd.version(COUNT - 1) == 2, PATIENCE)
        edit(site, crowd, COUNT - 1, 3)


def test_two_sites_with_one_cache_each_serve_their_own(site, tmp_path):
    """FEEDSITE_CACHE named the same folder for both by mistake."""
    (tmp_path / "other").mkdir()
    other = newsroom(tmp_path / "other", COUNT)
    cache = {"FEEDSITE_CACHE": str(tmp_path / "cache")}
    for number in ALL:
        stories.save(other, number, 7)
    with (
        serving(site, *TOGETHER, **cache) as one,
        serving(other, *TOGETHER, **cache) as two,
        read_by_a_crowd(one, **CROWD) as crowd,
        read_by_a_crowd(two, **CROWD) as another,
    ):
        edit(site, crowd, COUNT - 1, 2)
        edit(other, another, COUNT - 1, 8)
        assert {crowd.version(number) for number in NEWEST} == {1, 2}
        assert {another.version(number) for number in NEWEST} == {7, 8}
