"""Connections to SQLite: how one is opened, a file prepared, and an error told. The only door to sqlite3."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .unusable import Unusable, strange

_OURS = 0x66656564  # "feed", in SQLite's application_id
BUSY = 2  # seconds that another program may hold SQLite's own lock
Connection = sqlite3.Connection
Error = sqlite3.Error
Functions = Mapping[str, Callable[..., Any]]
# SQLite's errors that mean a damaged file. A constraint can only be broken where a page has what was never written.
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
ERRORS = (sqlite3.Error, UnicodeDecodeError)  # the second one where SQLite's own message quotes damaged text


def opened(path: Path | None) -> sqlite3.Connection:
    """A connection that any thread may use (Database's locks keep them apart); it begins no transaction itself."""
    name = ":memory:" if path is None else str(path)
    connection = sqlite3.connect(name, timeout=BUSY, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA cache_size = -4096")  # KiB
    connection.execute("PRAGMA wal_autocheckpoint = 20000")  # pages; `checkpoint` is called when no request waits
    connection.execute("PRAGMA journal_size_limit = 33554432")  # bytes that a log keeps after a large change
    connection.execute("PRAGMA synchronous = NORMAL")  # after a power cut the last writes may be missing, not torn
    return connection


def is_ours(connection: sqlite3.Connection, version: int) -> bool:
    """Whether the file has been prepared, so that no other process that writes just now must be waited for."""
    names = ("application_id", "user_version", "journal_mode")
    return tuple(connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names) == (_OURS, version, "wal")


def prepare(connection: sqlite3.Connection, schema: str, version: int) -> None:
    """Makes the tables of an empty file. Raises Unusable for a file of another version or program."""
    marks = tuple(connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
    is_empty = not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if marks != (_OURS, version) and not is_empty:
        raise Unusable("it was written by another version of feedsite, or another program", is_damaged=True)
    if connection.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
        raise Unusable("the disk does not let several programs read what one writes (a network disk?)")
    if is_empty:
        pragmas = f"PRAGMA application_id = {_OURS}; PRAGMA user_version = {version};"
        connection.executescript(f"BEGIN IMMEDIATE; {schema} {pragmas} COMMIT;")


@contextmanager
def raising_unusable(*, is_reading: bool) -> Iterator[None]:
    """Raises Unusable for the errors of SQLite."""
    try:
        yield
    except ERRORS as error:
        raise unusable(error, is_reading=is_reading) from error


def was_interrupted(error: Error) -> bool:
    """Whether the question took longer than it may (a progress handler said so)."""
    return getattr(error, "sqlite_errorcode", 0) & 255 == sqlite3.SQLITE_INTERRUPT


def unusable(error: Exception, *, is_reading: bool) -> Unusable:
    """An error of SQLite as Unusable: whether the file is damaged, by its code."""
    code: Any = getattr(error, "sqlite_errorcode", None)
    if code is None:  # the module's own error, such as for text that is no UTF-8
        is_text = isinstance(error, sqlite3.OperationalError | UnicodeDecodeError)
        return strange() if is_text else Unusable(str(error))
    is_short = code == sqlite3.SQLITE_IOERR_SHORT_READ or (is_reading and code & 255 == sqlite3.SQLITE_IOERR)
    return Unusable(str(error), is_damaged=is_short or code & 255 in _DAMAGED)
