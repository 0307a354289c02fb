"""A SQLite file that holds what can be made again. The only door to sqlite3.

Any number of processes read, one at a time writes (WAL); what is written is seen whole or not at all, and a process
that is killed leaves the last whole state. Rules for whoever adds a use:

- A file that cannot be opened, read or written raises Unusable; whoever holds the database goes on without it.
- The file may be deleted or replaced at any moment: `is_standing` tells, and open connections read the former one on.
- Threads share one connection for reading; a view lasts as long as the `with`, and is short.
"""

import errno
import fcntl
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from ..errors import FeedsiteError

_OURS = 0x66656564  # "feed", in SQLite's application_id
_BUSY = 2  # seconds that another program may hold the file
_LONG = 10  # seconds after which waiting for another writer is reported
_PRIVATE = 0o600
# What SQLite says of a damaged file; constraints are broken only where a page says what was never written.
_DAMAGED = frozenset(
    {
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_ERROR,
        sqlite3.SQLITE_FORMAT,
        sqlite3.SQLITE_MISMATCH,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_SCHEMA,
    }
)
_REFUSALS = (sqlite3.Error, UnicodeDecodeError)  # the second where SQLite's own message quotes damaged text
Connection = sqlite3.Connection
_log = logging.getLogger("feedsite")


class Unusable(FeedsiteError):
    """The database cannot be used; the text says why. One that is damaged can be made anew, what passes tried again."""

    def __init__(self, reason: str, *, is_damaged: bool = False, is_passing: bool = False) -> None:
        super().__init__(reason)
        self.is_damaged = is_damaged
        self.is_passing = is_passing


def strange() -> Unusable:
    """For whoever reads a value that was never written there."""
    return Unusable("it holds what was never written there", is_damaged=True)


class Database:
    """One open database. Without a path it is in memory: threads then wait for each other, processes know nothing."""

    def __init__(self, path: Path | None, schema: str, version: int) -> None:
        """`version` is of the schema, 31 bits. Raises Unusable, damaged where the file holds anything else."""
        self.path = path
        self._lock = threading.RLock()
        self._depth = 0
        self._writer_lock = threading.RLock()
        self._writing: int | None = None  # the thread
        self.is_waiting = False  # for another process, for longer than its writing should take
        with _told(is_reading=False):
            if path is not None:
                self._make(path)
            self._writer = _connected(path)
            self._reader = self._writer
            if path is None:
                self._writer_lock = self._lock
                self._writer.executescript(schema)
                return
            if not _is_ours(self._writer, version):
                with self._alone():
                    _prepare(self._writer, schema, version)
            self._inode = os.stat(path).st_ino
            self._reader = _connected(path)
            self._reader.execute("PRAGMA query_only = 1")

    def reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """One view of the whole, whatever is written meanwhile; a thread that writes sees what it has written."""
        return _View(self._begin_view, self._end_view)

    def hold(self) -> None:
        """From now on all is read in one view, until this is closed."""
        self._begin_view()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """What is written within becomes true at its end at once, or never. One within another is a part of it."""
        if self._writing == threading.get_ident():
            yield self._writer
            return
        with self._writer_lock, _told(is_reading=False), self._alone():
            self._writer.execute("BEGIN IMMEDIATE")
            self._writing = threading.get_ident()
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            finally:
                self._writing = None
                if self._writer.in_transaction:
                    with suppress(sqlite3.Error):  # SQLite has rolled back by itself
                        self._writer.execute("ROLLBACK")

    def tidy(self) -> None:
        """Moves what was written into the main file, as far as nobody reads it just now."""
        with self._writer_lock, suppress(sqlite3.Error):
            self._writer.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def state(self) -> int:
        """A number that is another after another process's write."""
        with self._writer_lock, _told(is_reading=True):
            return int(self._writer.execute("PRAGMA data_version").fetchone()[0])

    @property
    def is_standing(self) -> bool:
        """Whether the file at the path is still the one that was opened."""
        if self.path is None:
            return True
        try:
            return os.stat(self.path).st_ino == self._inode
        except OSError:
            return False

    def discard(self) -> None:
        """Takes the file away, unless another one stands there by now."""
        if self.path and self.is_standing:
            discard(self.path)

    def copy_to(self, other: "Database") -> None:
        """Everything, as it stands now."""
        with self._lock, _told(is_reading=True):
            self._reader.backup(other._writer)  # noqa: SLF001  # of its own class

    def _begin_view(self) -> sqlite3.Connection:
        if self._writing == threading.get_ident():
            return self._writer
        self._lock.acquire()
        self._depth += 1
        try:
            if self._depth == 1:
                self._reader.execute("BEGIN")
        except sqlite3.Error as error:
            self._end_view(error)
        return self._reader

    def _end_view(self, error: BaseException | None) -> None:
        try:
            if self._writing != threading.get_ident():
                self._depth -= 1
                try:
                    if self._depth == 0 and self._reader.in_transaction:
                        self._reader.execute("ROLLBACK")
                finally:
                    self._lock.release()
        except sqlite3.Error as failed:
            error = failed
        if isinstance(error, _REFUSALS):
            raise _unusable(error, is_reading=True) from error

    def close(self) -> None:
        """Waits for whoever reads or writes just now: a connection that is closed under a query ends the process."""
        with self._lock, suppress(sqlite3.Error):
            self._reader.close()
        with self._writer_lock, suppress(sqlite3.Error):
            self._writer.close()

    def _make(self, path: Path) -> None:
        """The file, which nobody but its user may read: it holds drafts. SQLite gives its log the same rights."""
        try:
            if not path.exists():
                with self._alone():
                    _clear_away(path)
                    with suppress(FileExistsError):  # another process was quicker
                        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _PRIVATE))
            elif (found := os.stat(path)).st_uid != os.geteuid():
                raise Unusable(f"{path} belongs to another user; delete it")
            elif found.st_mode & ~_PRIVATE & 0o777:
                os.chmod(path, _PRIVATE)
        except OSError as error:
            raise _unwritable(path, error) from None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Writers wait for each other here, as long as it takes: SQLite would give up while a large site is read."""
        if self.path is None or self._writing is not None:
            yield
            return
        lock = _opened(self.path.with_suffix(".writing"))
        try:
            self._await(lock)
            yield
        finally:
            os.close(lock)

    def _await(self, lock: int) -> None:
        """Takes the lock, which the operating system releases when the process that holds it exits."""
        begun = time.monotonic()
        while not _taken(lock):
            time.sleep(0.01)
            if not self.is_waiting and time.monotonic() - begun > _LONG:
                self.is_waiting = True
                _log.info("waiting for another feedsite that writes to %s", self.path and self.path.parent)
        self.is_waiting = False


class _View:
    """What `Database.reading` gives: each article drawn asks for ten, and a generator would take thrice the time."""

    __slots__ = ("_begin", "_end")

    def __init__(self, begin: Callable[[], sqlite3.Connection], end: Callable[[BaseException | None], None]) -> None:
        self._begin = begin
        self._end = end

    def __enter__(self) -> sqlite3.Connection:
        return self._begin()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end(error)


def _clear_away(path: Path) -> None:
    """The log of a database that is gone itself: a new one would take it for its own, and share it with the former."""
    if not path.exists():
        for suffix in ("-wal", "-shm"):
            with suppress(OSError):
                os.unlink(f"{path}{suffix}")


def discard(path: Path) -> None:
    """The log first: beside a new database it would be a stranger's."""
    for suffix in ("-wal", "-shm", ""):
        with suppress(OSError):
            os.unlink(f"{path}{suffix}")


def held(path: Path) -> int | None:
    """A lock that is held as long as this descriptor is open; None where another process holds it. Raises Unusable."""
    lock = _opened(path)
    if _taken(lock):
        return lock
    os.close(lock)
    return None


def _opened(path: Path) -> int:
    try:
        return os.open(path, os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, _PRIVATE)
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> Unusable:
    is_passing = error.errno in (errno.EMFILE, errno.ENFILE)
    return Unusable(f"{path} cannot be written: {error.strerror}", is_passing=is_passing)


def _taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _connected(path: Path | None) -> sqlite3.Connection:
    """Threads are kept apart by this module's locks, transactions begin where it says so."""
    name = ":memory:" if path is None else str(path)
    connection = sqlite3.connect(name, timeout=_BUSY, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA cache_size = -4096")  # KiB
    connection.execute("PRAGMA wal_autocheckpoint = 20000")  # pages; `tidy` is called when nobody waits
    connection.execute("PRAGMA journal_size_limit = 33554432")  # bytes that a log keeps after a large change
    connection.execute("PRAGMA synchronous = NORMAL")  # after a power cut the last writes may be missing, not torn
    return connection


def _is_ours(connection: sqlite3.Connection, version: int) -> bool:
    """Whether all is there already: then nobody is waited for who writes just now."""
    questions = ("application_id", "user_version", "journal_mode")
    told = tuple(connection.execute(f"PRAGMA {name}").fetchone()[0] for name in questions)
    return told == (_OURS, version, "wal")


def _prepare(connection: sqlite3.Connection, schema: str, version: int) -> None:
    told = (
        connection.execute("PRAGMA application_id").fetchone()[0],
        connection.execute("PRAGMA user_version").fetchone()[0],
    )
    is_empty = not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if told != (_OURS, version) and not is_empty:
        raise Unusable("it was written by another version of feedsite, or another program", is_damaged=True)
    if connection.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
        raise Unusable("the disk does not let several programs read what one writes (a network disk?)")
    if is_empty:
        marks = f"PRAGMA application_id = {_OURS}; PRAGMA user_version = {version};"
        connection.executescript(f"BEGIN IMMEDIATE; {schema} {marks} COMMIT;")


@contextmanager
def _told(*, is_reading: bool) -> Iterator[None]:
    """SQLite's errors as Unusable."""
    try:
        yield
    except _REFUSALS as error:
        raise _unusable(error, is_reading=is_reading) from error


def _unusable(error: Exception, *, is_reading: bool) -> Unusable:
    code: Any = getattr(error, "sqlite_errorcode", None)
    if code is None:  # not SQLite's own: of text that is no UTF-8 the module says so, at length
        is_text = isinstance(error, sqlite3.OperationalError | UnicodeDecodeError)
        return strange() if is_text else Unusable(str(error))
    is_short = code == sqlite3.SQLITE_IOERR_SHORT_READ or (is_reading and code & 255 == sqlite3.SQLITE_IOERR)
    return Unusable(str(error), is_damaged=is_short or code & 255 in _DAMAGED)
