"""An SQLite database whose content can be made again.

Any number of processes read while one writes (WAL); a reader sees all of a transaction or nothing of it, and a process
that is killed leaves the last complete state. Rules for new uses:

- A file that cannot be opened, read or written raises Unusable; its user goes on without it.
- The file may be deleted or replaced at any moment (`is_in_place`). Open connections keep reading the old file.
- Threads share one connection for reading. A view lasts as long as its `with`, which must be short.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from types import TracebackType

from . import connections, databasefile
from .connections import BUSY, ERRORS, Connection, Error, Functions, raising_unusable, unusable

_LONG = 10  # seconds after which waiting for another writer is logged
_PATIENCE = 10  # times as long as a question may take
_OPERATIONS = 200  # of SQLite's machine between two looks at the clock: some microseconds
_log = logging.getLogger("feedsite")


class TooLong(Exception):
    """A question took longer than it may (Database.limited)."""


class Database:
    """One open database. Without a path it is in memory, for this process alone; its threads wait for each other."""

    def __init__(self, path: Path | None, schema: str, version: int, functions: Functions | None = None) -> None:
        """`version` is a number of 31 bits for the schema. Raises Unusable; a file of another version is damaged.

        What is written may call the `functions`, by name, each with two values.
        """
        self.path = path
        self._lock = threading.RLock()
        self._views = 0  # open ones, within one another
        self._writer_lock = threading.RLock()
        self._writing: int | None = None  # the thread that writes
        self.is_waiting = False  # for another process, for longer than its writing should take
        with raising_unusable(is_reading=False):
            if path is not None:
                databasefile.make(path, self._alone())
            self._writer = connections.opened(path)
            self._writer.execute("PRAGMA secure_delete = 1")  # what is deleted is overwritten, as Debian has it anyway
            for name, function in (functions or {}).items():
                self._writer.create_function(name, 2, function, deterministic=True)
            self._reader = self._writer
            if path is None:
                self._writer_lock = self._lock
                self._writer.executescript(schema)
                return
            if not connections.is_ours(self._writer, version):
                with self._alone():
                    connections.prepare(self._writer, schema, version)
            self._inode = os.stat(path).st_ino
            self._reader = connections.opened(path)
            self._reader.execute("PRAGMA query_only = 1")

    def reading(self) -> AbstractContextManager[Connection]:
        """One view of all tables, whatever is written meanwhile. A thread that writes sees what it has written."""
        return _View(self._begin_view, self._end_view)

    @contextmanager
    def limited(self, seconds: float) -> Iterator[Connection]:
        """The same for questions that may take so long. Raises TooLong after that time.

        It is counted as the thread's own, for a busy machine makes no question a longer one; but after some times as
        long, by the clock, the question is given up as well.
        """
        own, now = time.thread_time() + seconds, time.monotonic()
        with self.reading() as view:
            is_over = partial(_is_over, own, now + seconds, now + _PATIENCE * seconds)
            view.set_progress_handler(is_over, _OPERATIONS)
            try:
                yield view
            except Error as error:
                if connections.was_interrupted(error):
                    raise TooLong from None
                raise
            finally:
                view.set_progress_handler(None, 0)

    @property
    def has_full_text(self) -> bool:
        """Whether this SQLite has FTS5. Some are built without."""
        with self.reading() as view:
            return bool(view.execute("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").fetchone())

    def freeze_view(self) -> None:
        """Has everything read in one view from now on, until the database is closed."""
        self._begin_view()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction, committed at the end of the `with` or rolled back. One within another is a part of it."""
        if self._writing == threading.get_ident():
            yield self._writer
            return
        with self._writer_lock, raising_unusable(is_reading=False), self._alone():
            self._writer.execute("BEGIN IMMEDIATE")
            self._writing = threading.get_ident()
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            finally:
                self._writing = None
                if self._writer.in_transaction:
                    with suppress(Error):  # SQLite has rolled back by itself
                        self._writer.execute("ROLLBACK")

    def checkpoint(self) -> None:
        """Moves the log into the main file, as far as no view is open on it."""
        with self._writer_lock, suppress(Error):
            self._writer.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def empty_log(self) -> bool:
        """Moves the log into the main file and empties it, so that nothing of what was deleted is left in either.

        False where that cannot be done now, for a view is open on it.
        """
        with self._writer_lock, suppress(Error):
            self._writer.execute("PRAGMA busy_timeout = 0")
            try:
                (is_busy, _, _) = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                return not is_busy
            finally:
                self._writer.execute(f"PRAGMA busy_timeout = {1000 * BUSY}")
        return False

    def data_version(self) -> int:
        """A number that changes whenever another process has written."""
        with self._writer_lock, raising_unusable(is_reading=True):
            return int(self._writer.execute("PRAGMA data_version").fetchone()[0])

    @property
    def is_in_place(self) -> bool:
        """Whether the file at the path is still the one that was opened."""
        if self.path is None:
            return True
        try:
            return os.stat(self.path).st_ino == self._inode
        except OSError:
            return False

    def discard(self) -> None:
        """Deletes the files, unless the path has another one by now."""
        if self.path and self.is_in_place:
            databasefile.discard(self.path)

    def copy_to(self, other: "Database") -> None:
        """Copies all tables."""
        with self._lock, raising_unusable(is_reading=True):
            self._reader.backup(other._writer)  # noqa: SLF001  # of its own class

    def _begin_view(self) -> Connection:
        if self._writing == threading.get_ident():
            return self._writer
        self._lock.acquire()
        self._views += 1
        try:
            if self._views == 1:
                self._reader.execute("BEGIN")
        except Error as error:
            self._end_view(error)
        return self._reader

    def _end_view(self, error: BaseException | None) -> None:
        try:
            if self._writing != threading.get_ident():
                self._views -= 1
                try:
                    if self._views == 0 and self._reader.in_transaction:
                        self._reader.execute("ROLLBACK")
                finally:
                    self._lock.release()
        except Error as failed:
            error = failed
        if isinstance(error, ERRORS):
            raise unusable(error, is_reading=True) from error

    def close(self) -> None:
        """Waits for the threads that read or write: SQLite would crash if its connection were closed under a query."""
        with self._lock, suppress(Error):
            self._reader.close()
        with self._writer_lock, suppress(Error):
            self._writer.close()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Only one process at a time is in this `with`. It waits as long as it takes, where SQLite would give up."""
        if self.path is None or self._writing is not None:
            yield
            return
        lock = self._awaited(self.path.with_suffix(".writing"))
        try:
            yield
        finally:
            os.close(lock)

    def _awaited(self, path: Path) -> int:
        """The lock, which the operating system releases when the process that holds it exits."""
        begun = time.monotonic()
        while (lock := databasefile.take_lock(path)) is None:
            time.sleep(0.01)
            if not self.is_waiting and time.monotonic() - begun > _LONG:
                self.is_waiting = True
                _log.info("waiting for another feedsite that writes to %s", path.parent)
        self.is_waiting = False
        return lock


class _View:
    """What `Database.reading` returns. Drawing one article takes ten; a generator would take three times as long."""

    __slots__ = ("_begin", "_end")

    def __init__(self, begin: Callable[[], Connection], end: Callable[[BaseException | None], None]) -> None:
        self._begin = begin
        self._end = end

    def __enter__(self) -> Connection:
        return self._begin()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end(error)


def _is_over(own: float, soonest: float, all_in_all: float) -> bool:
    """The thread's own time is never more than the clock's, which is asked at a fiftieth of the cost."""
    now = time.monotonic()
    return now > soonest and (now > all_in_all or time.thread_time() > own)
