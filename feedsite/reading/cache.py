"""The cache folder of a site, and the index in it: `.feedsite` below the site's folder, or what FEEDSITE_CACHE names.

What lies in it is made of the site's files. Processes whose environment gives the site other settings have an index of
their own: its articles are others.
"""

import os
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path

from .database import Unusable, discard, held
from .index import Index
from .settings import overrides

FOLDER = ".feedsite"


def folder(site: Path, environment: Mapping[str, str]) -> Path:
    return Path(environment.get("FEEDSITE_CACHE") or site / FOLDER)


def opened(site: Path, environment: Mapping[str, str]) -> Index:
    """The site's index; a new one where there is none, or one that is damaged or of another version.

    Raises Unusable where none can be kept there.
    """
    path = folder(site, environment) / _name(environment)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        ignored = path.parent / ".gitignore"
        if not ignored.exists():
            ignored.write_text("*\n")
    except OSError as error:
        raise Unusable(f"{path.parent} cannot be written to: {error.strerror}") from None
    place = str(site.resolve())
    try:
        index = Index(path)
        other = index.meta("folder")
        if other in (None, place):
            if other is None:
                _claim(index, place)
            return index
        index.close()
        reason = f"{path.parent} is the cache of {other}; name another one in FEEDSITE_CACHE"
    except Unusable as error:
        if not error.is_damaged:
            raise
        reason = f"{path} is in use by something else: {error}"
    if (lead := held(leading(path))) is None:
        raise Unusable(reason)
    try:
        discard(path)
        index = Index(path)
        _claim(index, place)
    finally:
        os.close(lead)
    return index


def _claim(index: Index, place: str) -> None:
    with index.writing() as pen:
        pen.tell("folder", place)


def lead(index: Index) -> int | None:
    """The lock of the one process that keeps this index in step, held until it is closed; None where another has it."""
    path = index.database.path
    return held(leading(path)) if path else None


def leading(path: Path) -> Path:
    return path.with_suffix(".leading")


def _name(environment: Mapping[str, str]) -> str:
    told = overrides(environment)
    mark = f"-{blake2b(repr(sorted(told.items())).encode(), digest_size=4).hexdigest()}" if told else ""
    return f"index{mark}.sqlite"
