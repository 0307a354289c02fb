"""The SQLite database below the index: readers see whole transactions, and each failure is damage or is not."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing, suppress

import pytest

from feedsite.index.database import Database
from feedsite.index.databasefile import discard, take_lock
from feedsite.index.unusable import Unusable

SCHEMA = "CREATE TABLE pair (one INTEGER, other INTEGER);"
OTHER_SCHEMA = "CREATE TABLE pair (one INTEGER);"
HEADER = 100  # bytes of an SQLite file


@pytest.fixture
def path(tmp_path):
    return tmp_path / "index.sqlite"


def opened(path, schema=SCHEMA, version=1):
    return closing(Database(path, schema, version))


def put(database, *numbers):
    """Each number twice, in two steps: a reader that sees one alone sees a torn state."""
    with database.writing() as writer:
        for number in numbers:
            writer.execute("INSERT INTO pair VALUES (?, NULL)", (number,))
            writer.execute("UPDATE pair SET other = one WHERE one = ?", (number,))


def seen(database):
    with database.reading() as view:
        found = view.execute("SELECT one, other FROM pair ORDER BY one").fetchall()
    assert [one for one, _ in found] == [other for _, other in found]
    return [one for one, _ in found]


def refused(path, schema=SCHEMA, version=1):
    """Whether a file that cannot be used is said to be damaged."""
    with pytest.raises(Unusable) as caught:
        Database(path, schema, version)
    assert str(caught.value)
    return caught.value.is_damaged


@pytest.fixture(params=["file", "memory"])
def database(request, path):
    with opened(path if request.param == "file" else None) as one:
        yield one


def test_what_was_written_is_there(database):
    """In a file and in memory alike."""
    assert seen(database) == []
    put(database, 1, 2)
    assert seen(database) == [1, 2]


def test_a_transaction_that_fails_writes_nothing(database):
    """Neither before the error nor in an inner block."""
    put(database, 1)
    with suppress(ZeroDivisionError), database.writing():
        put(database, 2)
        put(database, 3 // 0)
    assert seen(database) == [1]
    put(database, 4)
    assert seen(database) == [1, 4]


def test_a_writer_alone_sees_its_transaction_before_the_end(path):
    """Another thread, and another opening of the file, see it at the end of the block."""
    with opened(path) as database, opened(path) as other:
        outside = []
        with database.writing():
            put(database, 1)
            assert seen(database) == [1]
            looking = threading.Thread(target=lambda: outside.append(seen(database)))
            looking.start()
            looking.join(5)
            outside.append(seen(other))
        assert outside == [[], []]
        assert (seen(database), seen(other)) == ([1], [1])


def test_a_view_stays_what_it_was(path):
    """Whatever is written meanwhile; a view within it is the same one."""
    with opened(path) as database, opened(path) as other:
        put(other, 1)
        with database.reading():
            assert seen(database) == [1]
            put(other, 2)
            assert seen(database) == [1]
        assert seen(database) == [1, 2]


def test_threads_read_and_write_at_once(database):
    """Four that write and four that read one database see whole states, and nothing is lost."""
    torn = []

    def write(first):
        for number in range(first, first + 25):
            put(database, number)

    def read():
        with suppress(AssertionError):
            before = 0
            while before < 100:
                now = len(seen(database))
                assert now >= before
                before = now
            return
        torn.append(True)

    threads = [threading.Thread(target=write, args=(first,)) for first in (0, 100, 200, 300)]
    threads += [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(seen(database)), torn) == (100, [])


PROGRAM = """
import sys, itertools
from pathlib import Path
from feedsite.index.database import Database
database = Database(Path(sys.argv[1]), sys.argv[2], 1)
for number in itertools.count(int(sys.argv[3])):
    with database.writing() as writer:
        writer.execute("INSERT INTO pair VALUES (?, NULL)", (number,))
        if number % 7 == 6:
            database.checkpoint()
        writer.execute("UPDATE pair SET other = one WHERE one = ?", (number,))
    print(number, flush=True)
"""


def writing_process(path, first=0):
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(path), SCHEMA, str(first)], stdout=subprocess.PIPE, text=True
    )


def test_a_process_that_is_killed_loses_nothing_and_tears_nothing(path):
    """kill -9 ten times over: every transaction that was reported is there, as a whole."""
    with opened(path) as database:
        first = 0
        for patience in range(10):
            with writing_process(path, first) as process:
                for _ in range(patience * 5 + 1):
                    said = int(process.stdout.readline())
                process.kill()
                said = int((process.stdout.read().split() or [said])[-1])
            found = seen(database)
            assert found in ([*range(said + 1)], [*range(said + 2)])  # the last one may have been written, and not said
            first = len(found)


def test_a_writer_waits_for_another_process(path):
    """As long as it takes; a killed process delays no writer."""
    with opened(path) as database, writing_process(path) as process:
        process.stdout.readline()
        put(database, -1)
        assert seen(database)[0] == -1
        with database.writing():
            process.kill()
        process.wait()
        put(database, -2)
        assert seen(database)[:2] == [-2, -1]


def test_the_data_version_counts_the_writes_of_other_processes_only(path):
    """A process that follows the file is not woken by its own writes."""
    with opened(path) as database, opened(path) as other:
        before = database.data_version()
        put(database, 1)
        seen(database)
        database.checkpoint()
        assert database.data_version() == before
        put(other, 2)
        after = database.data_version()
        assert after != before
        assert database.data_version() == after


def test_a_database_is_in_place_until_its_file_is_another(path, tmp_path):
    """After its file was deleted, moved or replaced, an open database goes on with the old one."""
    with opened(path) as database:
        put(database, 1)
        assert database.is_in_place
        path.rename(tmp_path / "away")
        assert not database.is_in_place
        with opened(path) as other:
            put(other, 2)
            assert not database.is_in_place
            assert other.is_in_place
            assert (seen(database), seen(other)) == ([1], [2])


def test_a_database_in_memory_is_always_in_place():
    """It has no file that could be deleted."""
    with opened(None) as database:
        database.discard()
        assert database.is_in_place


def test_discarding_leaves_no_file(path):
    """Neither the database nor its log, which a new database would take for its own."""
    with opened(path) as database:
        put(database, 1)
        database.discard()
        assert [name for name in os.listdir(path.parent) if "sqlite" in name] == []
        with opened(path) as other:
            assert seen(other) == []


def test_discarding_leaves_another_database_alone(path, tmp_path):
    """A process that is late finds a new database at the path, and leaves it."""
    with opened(path) as database:
        path.rename(tmp_path / "away")
        with opened(path) as other:
            put(other, 1)
            database.discard()
            assert other.is_in_place
            assert seen(other) == [1]


def test_a_copy_in_memory_goes_on_by_itself(path):
    """It has what the file had, can be written to, and does not reach the file."""
    with opened(path) as database, opened(None) as copy:
        put(database, 1)
        database.copy_to(copy)
        put(copy, 2)
        put(database, 3)
        assert (seen(database), seen(copy)) == ([1, 3], [1, 2])


CLOSING = """
import sys, threading
from pathlib import Path
from feedsite.index.database import Database
from feedsite.index.unusable import Unusable

def read(database, begun):
    try:
        while True:
            with database.reading() as view:
                view.execute("SELECT count(*) FROM pair").fetchone()
            begun.set()
    except Unusable as error:
        assert not error.is_damaged

for path in 20 * (Path(sys.argv[1]), None):
    database, begun = Database(path, sys.argv[2], 1), threading.Event()
    threads = [threading.Thread(target=read, args=(database, begun)) for _ in range(3)]
    for thread in threads:
        thread.start()
    begun.wait()
    database.close()
    for thread in threads:
        thread.join()
"""


def test_a_database_can_be_closed_while_others_read_it(path):
    """A request that still reads a former index is refused; the process does not end."""
    ended = subprocess.run(
        [sys.executable, "-c", CLOSING, str(path), SCHEMA], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")


# What cannot be used


@pytest.mark.parametrize("content", [b"x" * 5000, b"SQLite format 3\0" + b"\xff" * 5000, b"not a database"])
def test_a_file_of_another_kind_is_damaged(path, content):
    """It can be made anew."""
    path.write_bytes(content)
    assert refused(path)
    assert path.read_bytes() == content


def test_an_empty_file_is_a_new_database(path):
    """A process that is killed before the first write leaves such a file."""
    path.touch()
    with opened(path) as database:
        assert seen(database) == []


@pytest.mark.parametrize(("schema", "version"), [(SCHEMA, 2), (OTHER_SCHEMA, 2)])
def test_a_database_of_another_version_is_damaged(path, schema, version):
    """It is not read, and the file stays as it is."""
    with opened(path, schema, version) as database:
        database.data_version()
    before = path.read_bytes()
    assert refused(path)
    assert path.read_bytes() == before


def test_a_database_of_another_program_is_damaged(path):
    """Also where it has the same tables by chance."""
    with closing(sqlite3.connect(path)) as foreign:
        foreign.executescript(SCHEMA)
    assert refused(path)


@pytest.mark.parametrize("start", [0, HEADER, 4096, 8192])
def test_a_damaged_page_is_damage(path, start):
    """Found at the opening, or at the latest when it is read: never a wrong answer or another error."""
    with opened(path) as database:
        put(database, *range(2000))
    assert not path.with_name(f"{path.name}-wal").exists()
    content = bytearray(path.read_bytes())
    assert len(content) > 3 * 4096
    content[start : start + 2048] = os.urandom(2048)
    path.write_bytes(content)
    with pytest.raises(Unusable) as caught, opened(path) as database:
        seen(database)
    assert caught.value.is_damaged


@pytest.mark.parametrize("left", [99, 4096, 5000])
def test_a_database_that_was_cut_off_is_damaged(path, left):
    """By a full disk, or a copy that broke off."""
    with opened(path) as database:
        put(database, *range(2000))
    os.truncate(path, left)
    with pytest.raises(Unusable) as caught, opened(path) as database:
        seen(database)
    assert caught.value.is_damaged


def test_garbage_while_it_is_open_is_damage(path):
    """Another program may overwrite the file of a running server."""
    with opened(path) as database:
        put(database, *range(2000))
        database.checkpoint()
        with path.open("r+b") as file:
            file.write(b"x" * path.stat().st_size)
        with pytest.raises(Unusable) as caught, opened(path) as another:
            seen(another)
        assert caught.value.is_damaged


def test_a_database_that_another_program_has_locked_is_no_damage(path):
    """It is refused after two seconds; once that program has ended, all is as it was."""
    with opened(path) as database, closing(sqlite3.connect(path, isolation_level=None)) as rude:
        put(database, 1)
        rude.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unusable) as caught:
            put(database, 2)
        assert not caught.value.is_damaged
        assert seen(database) == [1]
        rude.execute("ROLLBACK")
        put(database, 3)
        assert seen(database) == [1, 3]


@pytest.mark.parametrize("place", ["nowhere/index.sqlite", "file/index.sqlite"])
def test_a_place_where_nothing_can_be_written_is_no_damage(tmp_path, place):
    """A folder that does not exist, or is a file."""
    (tmp_path / "file").touch()
    assert not refused(tmp_path / place)


def test_a_folder_in_the_place_of_a_database_is_no_damage(path):
    """It is left alone."""
    path.mkdir()
    assert not refused(path)


def test_a_full_disk_is_no_damage(small_disk):
    """What was written stays and can be read; with room again, it can be written to."""
    place, fill = small_disk
    with opened(place / "index.sqlite") as database:
        put(database, 1)
        give_back = fill()
        with pytest.raises(Unusable) as caught, database.writing() as writer:
            writer.executemany("INSERT INTO pair VALUES (?, ?)", ((number, number) for number in range(2, 50_000)))
        assert not caught.value.is_damaged
        assert "full" in str(caught.value)
        assert seen(database) == [1]
        give_back()
        put(database, 2)
        assert seen(database) == [1, 2]


def test_a_full_disk_is_no_damage_at_the_start(small_disk):
    """Neither where the database must be made, nor where it is only opened."""
    place, fill = small_disk
    with opened(place / "known.sqlite") as database:
        put(database, 1)
    give_back = fill()
    assert not refused(place / "new.sqlite")
    with suppress(Unusable), opened(place / "known.sqlite") as database:
        assert seen(database) == [1]
    give_back()
    with opened(place / "known.sqlite") as database:
        assert seen(database) == [1]


def test_a_disk_that_is_read_only_is_no_damage(small_disk):
    """The error says so."""
    place, _ = small_disk
    with opened(place / "index.sqlite") as database:
        put(database, 1)
    mount = shutil.which("mount")
    subprocess.run([mount, "-o", "remount,ro", place], check=True)
    assert not refused(place / "index.sqlite")
    subprocess.run([mount, "-o", "remount,rw", place], check=True)
    with opened(place / "index.sqlite") as database:
        assert seen(database) == [1]


def test_too_many_open_files_are_no_damage(path, no_more_files):
    """With too many connections the index cannot be opened for a moment; it is not thrown away."""
    with opened(path) as database:
        put(database, 1)
        with no_more_files():
            assert not refused(path)
            with pytest.raises(Unusable) as caught:
                put(database, 2)
        assert not caught.value.is_damaged
        assert seen(database) == [1]


def test_a_closed_database_is_no_damage(path):
    """A question that comes a moment too late must not have the next index thrown away."""
    with opened(path) as database:
        put(database, 1)
    for question in (lambda: seen(database), lambda: put(database, 2), database.data_version):
        with pytest.raises(Unusable) as caught:
            question()
        assert not caught.value.is_damaged


# Locks


def test_a_lock_is_held_by_one_process_until_it_ends(tmp_path):
    """Closed, or killed: the next one takes it."""
    path = tmp_path / "lock"
    first = take_lock(path)
    assert take_lock(path) is None
    os.close(first)
    second = take_lock(path)
    assert second is not None
    os.close(second)
    program = "import sys; from pathlib import Path; from feedsite.index.databasefile import take_lock"
    program += "; take_lock(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        assert take_lock(path) is None
        process.kill()
        process.wait()
        third = take_lock(path)
    assert third is not None
    os.close(third)


def test_a_process_that_waits_for_a_lock_gets_it(path):
    """Never are two processes within it."""
    within = []

    def work(number):
        with opened(path) as own:
            for _ in range(10):
                with own.writing():
                    within.append(number)
                    assert within == [number]
                    within.pop()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert not any(thread.is_alive() for thread in threads)


def test_only_the_user_of_a_database_may_read_it(path):
    """Nor its log: it has drafts. A file that an older version left readable is made private."""
    for _ in range(2):
        with opened(path) as one, closing(sqlite3.connect(path)) as other:
            put(one, 1)
            other.execute("SELECT * FROM pair").fetchall()
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
            assert set(modes) >= {"index.sqlite", "index.sqlite-wal", "index.sqlite-shm", "index.writing"}
            assert set(modes.values()) == {0o600}
        path.chmod(0o644)


def test_a_lock_that_cannot_be_made_is_unusable(tmp_path):
    """As a database in that folder is."""
    with pytest.raises(Unusable) as caught:
        take_lock(tmp_path / "nowhere" / "lock")
    assert not caught.value.is_damaged


def test_a_database_that_is_gone_can_be_discarded(path):
    """Two processes may find the same damage."""
    discard(path)
