"""A log of many writers: every line whole, no answer held up, and what is missing is told."""

import fcntl
import os
import resource
import select
import stat
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsite.errors import FeedsiteError
from feedsite.serving.logfile import LONGEST, LogFile, _pieces, refuse_unwritable

LEFT_OUT = "lines are left out of the access log: "


class Log(LogFile):
    """A log that a test writes by hand. `lost` are the lines that it told to be left out."""

    def __init__(self, path, **changes):
        self.lost = []
        super().__init__(str(path), self.lost.append, **changes)

    def take(self, *lines):
        for line in lines:
            self.add(line)
        self.write()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "access.log"


@contextmanager
def room_for(size):
    """Within it no file can grow beyond that size: what is half written then is what a full disk leaves, too."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_lines_are_appended_to_what_is_there(path):
    """By whatever program, and before whatever restart."""
    path.write_text("before\n")
    log = Log(path)
    log.take("a\n", "b\n")
    log.take("c\n")
    assert path.read_text() == "before\na\nb\nc\n"
    assert log.lost == []


def test_a_new_log_is_not_for_everybody(path):
    """Who reads what is nobody's business: the file is the owner's, and its group may read it."""
    Log(path).take("a\n")
    assert stat.S_IMODE(path.stat().st_mode) & ~0o640 == 0


def test_a_log_that_was_renamed_is_left_and_another_begun(path):
    """As logrotate does it, with no signal to anybody."""
    log = Log(path)
    log.take("a\n")
    path.rename(path.with_suffix(".1"))
    log.take("b\n")
    assert (path.with_suffix(".1").read_text(), path.read_text()) == ("a\n", "b\n")


def test_a_log_that_was_replaced_or_deleted_is_left(path):
    """What stands at the path now is the log, and nothing is written where nobody can find it."""
    log = Log(path)
    log.take("a\n")
    path.rename(path.with_suffix(".1"))
    path.write_text("")
    log.take("b\n")
    assert path.read_text() == "b\n"
    path.unlink()
    log.take("c\n")
    assert path.read_text() == "c\n"


def test_a_log_that_was_emptied_goes_on_at_its_beginning(path):
    """logrotate's copytruncate."""
    log = Log(path)
    log.take("a\n")
    os.truncate(path, 0)
    log.take("b\n")
    assert path.read_text() == "b\n"


def test_a_lost_folder_is_told_once_and_every_line_counted(path, caplog):
    """One line in the server's log, and lines again as soon as they can be written."""
    folder = path.parent / "log"
    log = Log(folder / "access.log", calm=0)
    for _ in range(3):
        log.take("a\n", "b\n")
    assert log.lost == [2, 2, 2]
    assert [record.getMessage() for record in caplog.records] == [
        f"{folder}/access.log: {LEFT_OUT}No such file or directory"
    ]
    folder.mkdir()
    log.take("c\n")
    assert (folder / "access.log").read_text() == "c\n"
    assert caplog.messages[1:] == [f"{folder}/access.log: the access log is written again; 6 lines are missing"]


def test_trouble_that_comes_and_goes_is_not_told_each_time(path, caplog):
    """A disk at its limit would fill the server's own log."""
    folder = path.parent / "log"
    log = Log(folder / "access.log")
    for _ in range(3):
        log.take("a\n")
        folder.mkdir()
        log.take("b\n")
        (folder / "access.log").unlink()
        folder.rmdir()
    assert log.lost == [1, 1, 1]
    assert len(caplog.records) == 1


def test_a_full_disk_leaves_no_torn_line(path, caplog):
    """What went in by half is taken back; when there is room again, the next line begins where the last one ended."""
    log = Log(path)
    log.take("first\n")
    with room_for(100):
        log.take(*(f"{number:09}\n" for number in range(50)))
        assert path.read_text() == "first\n"
        log.take("short\n")
    log.take("last\n")
    assert path.read_text() == "first\nshort\nlast\n"
    assert log.lost == [50]
    assert caplog.messages == [f"{path}: {LEFT_OUT}No space left on device"]


def test_a_full_disk_takes_nothing_from_another_writer(path):
    """Only what ends the file is taken back."""
    log, other = Log(path), Log(path)
    other.take("theirs\n")
    with room_for(60):
        log.take("x" * 80 + "\n")
    other.take("theirs too\n")
    assert path.read_text() == "theirs\ntheirs too\n"


def test_a_disk_that_is_full_from_the_first_is_told(caplog):
    """A device that has never room."""
    log = Log("/dev/full")
    log.take("a\n", "b\n")
    assert log.lost == [2]
    assert caplog.messages == [f"/dev/full: {LEFT_OUT}No space left on device"]


def test_lines_that_wait_are_bounded(path, caplog):
    """A disk that stands still fills no memory: what comes meanwhile is left out."""
    log = Log(path, most=3)
    log.take(*(f"{number}\n" for number in range(5)))
    assert path.read_text() == "0\n1\n2\n"
    assert log.lost == [2]
    assert caplog.messages == [f"{path}: {LEFT_OUT}more lines come than can be written"]
    log.take("next\n")
    assert log.lost == [2]


def test_a_pipe_that_nobody_reads_holds_nobody_up(path, caplog):
    """Neither one without a reader nor one that is full: lines are left out at once."""
    os.mkfifo(path)
    log = Log(path)
    log.take("a\n")
    assert log.lost == [1]
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    log.take(*["x" * 999 + "\n"] * 1000)
    got = os.read(reader, 2**20)
    os.close(reader)
    assert set(got.split(b"\n")) == {b"x" * 999, b""}
    assert log.lost == [1, 1000 - got.count(b"\n")]


@given(st.lists(st.integers(1, LONGEST)))
def test_what_goes_into_a_pipe_goes_in_pieces_of_whole_lines(sizes):
    """No piece is longer than the system keeps together (PIPE_BUF), and none is missing."""
    lines = ["x" * (size - 1) + "\n" for size in sizes]
    reader, writer = os.pipe()
    try:
        pieces = list(_pieces(writer, lines))
    finally:
        os.close(reader)
        os.close(writer)
    assert [line for piece in pieces for line in piece] == lines
    assert all(sum(map(len, piece)) <= select.PIPE_BUF for piece in pieces)


WRITER = """
import sys
from feedsite.serving.logfile import LogFile
log = LogFile(sys.argv[1], print)
log.start()
for number in range(5000):
    log.add(f"{sys.argv[2]} {number} {'x' * (number * 7 % 3000)}\\n")
"""


@pytest.mark.parametrize("is_standard_output", [False, True], ids=["file", "pipe"])
def test_many_processes_write_whole_lines(path, is_standard_output):
    """Four at once, with lines of up to 3 kB: each line is there, whole, once, and each process's in their order."""
    reader, writer = os.pipe()
    target, output = ("-", writer) if is_standard_output else (str(path), subprocess.DEVNULL)
    processes = [subprocess.Popen([sys.executable, "-c", WRITER, target, name], stdout=output) for name in "abcd"]
    os.close(writer)
    written = bytearray()

    def read():
        while piece := os.read(reader, 2**20):
            written.extend(piece)

    reading = threading.Thread(target=read)
    reading.start()
    assert [process.wait() for process in processes] == [0, 0, 0, 0]
    reading.join()
    os.close(reader)
    text = written.decode() if is_standard_output else path.read_text()
    for name in "abcd":
        mine = [line for line in text.splitlines() if line.startswith(name)]
        assert mine == [f"{name} {number} {'x' * (number * 7 % 3000)}" for number in range(5000)]
    assert len(text.splitlines()) == 20_000


def test_a_log_that_cannot_be_written_is_refused_in_one_sentence(path):
    """Where the server starts, and not when the first reader comes."""
    refuse_unwritable("-")
    refuse_unwritable(str(path))
    with pytest.raises(FeedsiteError, match=r"cannot be written: No such file or directory; choose another with --acc"):
        refuse_unwritable(str(path.parent / "nowhere" / "access.log"))
    with pytest.raises(FeedsiteError, match="cannot be written: Is a directory"):
        refuse_unwritable(str(path.parent))


def test_a_lock_that_somebody_holds_leaves_lines_out_and_says_so(path):
    """Whoever may read the file can lock it, for ever: no thread waits for that."""
    log = Log(path)
    log.take("first\n")
    lock = os.open(path, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    log.take("second\n")
    assert log.lost == [1]
    os.close(lock)
    log.take("third\n")
    assert path.read_text() == "first\nthird\n"
