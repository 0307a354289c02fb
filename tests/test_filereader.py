"""Reading files in several processes gives what reading them one by one gives, whatever happens to the processes."""

import contextlib
import errno
import os
import resource
import signal
import threading
import time
from pathlib import Path

import pytest

from feedsite.folder import filereader, opening
from feedsite.folder.filereader import Job
from feedsite.index.readresult import ReadResult, content_hash

from .support.builders import entry_text, settings

MANY = filereader._MANY + 2 * filereader._AT_ONCE + 7
WHOLE = entry_text()
PATH = "entries/a.yaml"


def article(number):
    """Some of them with notes, and each ninth broken."""
    if number % 9 == 0:
        return "title: ["
    own = None if number % 5 == 0 else f"tag:news.example,2026:{number}"
    return entry_text(id=own, title=f"Article {number}", slug=f"a{number}")


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A folder with so many files that processes are started for them, the jobs, and what reading one by one gives."""
    folder = tmp_path_factory.mktemp("many")
    (folder / "entries").mkdir()
    for number in range(MANY):
        (folder / "entries" / f"{number}.yaml").write_text(article(number))
    time.sleep(filereader.SETTLED / 1e9)  # so that each has its signature
    jobs = [job(folder, f"entries/{number}.yaml") for number in range(MANY)]
    return folder, jobs, in_order(outcome for each in jobs for outcome in read(folder, [each]))


def job(folder, path, known=None):
    found = os.stat(folder / path)
    return Job(path, (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino), known)


WAITED_FOR = ReadResult(PATH, is_passing=True)


def read(folder, jobs, *, waits_for_saves=False):
    return list(filereader.read(jobs, folder, settings(), waits_for_saves=waits_for_saves))


def in_order(outcomes):
    return sorted(outcomes, key=lambda outcome: outcome.path)


def children():
    """The processes of this one, but for multiprocessing's own."""
    found = set()
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):  # a thread or a process that ends just now
            below = map(int, (task / "children").read_text().split())
            found |= {
                child for child in below if b"resource_tracker" not in Path(f"/proc/{child}/cmdline").read_bytes()
            }
    return found


def test_many_files_read_in_processes_are_what_they_are_one_by_one(many):
    """Each file is read once: entries, faults, hashes and signatures."""
    folder, jobs, expected = many
    outcomes = read(folder, jobs)
    assert in_order(outcomes) == expected
    assert len(outcomes) == MANY
    assert all(outcome.is_news for outcome in outcomes)


def test_many_files_read_beside_other_threads_are_the_same(many):
    """A process with threads, as a server is, starts the reading processes in another way."""
    folder, jobs, expected = many
    ended = threading.Event()
    beside = threading.Thread(target=ended.wait)
    beside.start()
    try:
        assert in_order(read(folder, jobs)) == expected
    finally:
        ended.set()
        beside.join()


@pytest.mark.parametrize("after", [0, filereader._AT_ONCE, MANY - 1])
def test_a_process_that_is_killed_costs_no_file(many, after):
    """What a killed process would have read is read here, whether at the beginning or at the end."""
    folder, jobs, expected = many
    before = children()
    reading = filereader.read(jobs, folder, settings(), waits_for_saves=False)
    outcomes = [next(reading) for _ in range(after + 1)]
    for child in children() - before:
        os.kill(child, signal.SIGKILL)
    outcomes += reading
    assert in_order(outcomes) == expected


def test_where_no_process_can_be_started_files_are_read_here(many):
    """With too many open files, as in a server with many readers, files are read one at a time."""
    folder, jobs, expected = many
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    held = []
    try:
        with contextlib.suppress(OSError):
            while True:
                held.append(os.open(os.devnull, os.O_RDONLY))
        for _ in range(2):
            os.close(held.pop())
        assert in_order(read(folder, jobs)) == expected
    finally:
        for file in held:
            os.close(file)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_reading_that_is_broken_off_leaves_no_process_behind(many):
    """A command may be interrupted in the middle of a first reading."""
    folder, jobs, _ = many
    before = children()
    reading = filereader.read(jobs, folder, settings(), waits_for_saves=False)
    next(reading)
    reading.close()
    assert children() <= before


# One file


@pytest.fixture
def saved(tmp_path):
    """Saves a file, and gives the outcome of reading it `age` seconds later."""

    def one(text, *, age=10.0, waits_for_saves=True, known=None):
        path = tmp_path / PATH
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        size, *_, inode = job(tmp_path, PATH).signature
        moment = time.time_ns() - int(age * 1e9)
        (outcome,) = read(tmp_path, [Job(PATH, (size, moment, moment, inode), known)], waits_for_saves=waits_for_saves)
        return outcome

    return one


@pytest.mark.parametrize("text", ["", "title: War", WHOLE.rstrip("\n"), WHOLE[:40]])
def test_what_ends_within_a_line_is_waited_for_while_it_is_young(saved, text):
    """A program may be writing such a file just now; 300 ms later it is read."""
    assert saved(text, age=0.01) == WAITED_FOR
    assert saved(text, age=0.31).is_news


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_what_ends_with_a_line_is_whole(saved, end):
    """An ordinary save is read at once."""
    assert saved(WHOLE.rstrip("\n") + end, age=0.01).entry is not None


def test_a_reader_that_does_not_wait_reads_half_a_file(saved):
    """A command that reads once takes what is there."""
    assert saved("title: War", age=0.01, waits_for_saves=False).is_news


def test_a_file_that_a_program_has_open_for_writing_is_waited_for(saved, tmp_path):
    """It is read when it is closed, or has not changed for 5 seconds, wherever its text ends."""
    saved(WHOLE)
    with (tmp_path / PATH).open("a"):
        assert saved(WHOLE, age=4) == WAITED_FOR
        assert saved(WHOLE, age=6).is_news
    assert saved(WHOLE, age=4).is_news


def test_a_file_of_another_user_is_waited_for_half_a_second(saved, monkeypatch):
    """Only a file's owner can ask whether a program writes to it (fcntl(2)); half a draft must not be read."""

    def refused(*_told):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(opening.fcntl, "fcntl", refused)
    assert saved(WHOLE, age=0.4) == WAITED_FOR
    assert saved(WHOLE, age=0.6).is_news


def test_a_file_that_others_read_is_not_waited_for(saved, tmp_path):
    """A backup, a search or an editor may have the file open for reading."""
    saved(WHOLE)
    with (tmp_path / PATH).open():
        assert saved(WHOLE, age=1).is_news


def test_a_young_file_has_no_signature_yet(saved):
    """It may change again within the same tick of the clock, so the next scan reads it again."""
    assert saved(WHOLE, age=0.05).signature is None
    assert saved(WHOLE, age=0.15).signature is not None


def test_a_file_of_the_future_has_no_signature(saved):
    """After the clock was set back, a file is read all the same, and again at each scan."""
    outcome = saved(WHOLE, age=-3600)
    assert (outcome.signature, outcome.entry is not None) == (None, True)


def test_a_file_with_the_same_bytes_is_not_parsed_again(saved):
    """A file that was touched, copied over or checked out anew has the same hash."""
    outcome = saved(WHOLE, known=content_hash(WHOLE.encode()))
    assert (outcome.is_news, outcome.is_passing) == (False, False)
    assert outcome.signature is not None
    assert saved(WHOLE, known=content_hash(b"else")).is_news


def test_a_file_that_was_deleted_since_the_scan_is_scanned_again(tmp_path):
    """It has no fault: it may be there again in a moment."""
    (tmp_path / "entries").mkdir()
    outcomes = read(tmp_path, [Job(PATH, (1, 2, 3, 4))], waits_for_saves=True)
    assert outcomes == [WAITED_FOR]


def test_what_cannot_be_opened_for_a_moment_keeps_no_signature(saved, tmp_path, no_more_files):
    """It has a fault for now and is scanned again soon, though no event will report it."""
    saved(WHOLE)
    waiting = job(tmp_path, PATH)
    with no_more_files():
        (outcome,) = read(tmp_path, [waiting], waits_for_saves=True)
    assert outcome.path == PATH
    assert (outcome.signature, outcome.hash, len(outcome.faults), outcome.is_passing) == (None, None, 1, True)
