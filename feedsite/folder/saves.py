"""Files that programs are saving just now, each in its own way: what is there, or missing, for a moment only."""

import time
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from ..index.index import Index
from ..index.readresult import ReadResult, Signature
from .opening import is_open, status

SAVING = 300_000_000  # ns for which a file may only be being saved that is missing, ends within a line, or is beside


def is_being_saved(folder: Path, path: str, text: bytes) -> bool:
    """Whether `text`, which was read from the file, may be a part of what a program is writing. Raises OSError."""
    now = status(folder, path)
    age = time.time_ns() - max(now.st_mtime_ns, now.st_ctime_ns)
    return is_open(folder, path, age) or is_cut(text, age)


def is_cut(text: bytes, age: int) -> bool:
    """Whether the text of a file that changed so many nanoseconds ago ends within a line."""
    return 0 <= age < SAVING and not text.endswith((b"\n", b"\r"))


def missing(
    gone: Iterable[str], reads: Iterable[ReadResult], former: Mapping[str, int], index: Index
) -> tuple[dict[str, int], set[str]]:
    """Of the files that are gone, those that may only be being saved, and since when they are missing; and the files
    to leave for a later scan meanwhile.

    A file is not waited for when its bytes were read in another file just now, with its id or without any: then it was
    renamed. Any other article with its id is left, for a checkout writes file by file, and the renamed one may come
    after it.
    """
    now = time.monotonic_ns()
    since = {path: former.get(path, now) for path in gone}
    read_now = {(read.entry.id, read.hash) for read in reads if read.entry}
    nameless = {read.hash for read in reads if read.entry and read.derived_id}
    waited = {
        path: entry_id
        for path, entry_id in index.ids(since).items()
        if now - since[path] < SAVING
        and (entry_id, digest := index.hash(path)) not in read_now
        and digest not in nameless
    }
    ids = set(waited.values())
    early = {read.path for read in reads if read.entry and read.entry.id in ids}
    return {path: since[path] for path in waited}, early


def beside(
    signatures: Mapping[str, Signature], gone: Iterable[str], reads: Iterable[ReadResult], index: Index
) -> set[str]:
    """Of the files just read, new ones that may be there for a moment only: some programs write the whole new text
    beside an article's file, and then give it that file's name.

    Such a file has the id of one that is there, or is called as one but for a further ending (`a.tmp.yaml`).
    """
    now = time.time_ns()
    ids = {one.path: one.entry.id for one in reads if one.entry and 0 <= now - max(signatures[one.path][1:3]) < SAVING}
    if not ids:
        return set()
    known = index.ids(ids)
    others = {path: {index.holder(entry_id), _called(path)} for path, entry_id in ids.items() if path not in known}
    there = index.ids(set().union(*others.values())).keys() - set(gone)
    return {path for path, other in others.items() if other & there}


def _called(path: str) -> str:
    """The path without the ending before its last one."""
    name = PurePosixPath(path)
    return str(name.with_stem(PurePosixPath(name.stem).stem))
