"""The Site written into a folder: the same bytes that are served, only what changed, each file whole or not at all.

.feedsite/written.json in the folder lists what an export wrote, each file with the entry file it came from, so that a
later one removes that and nothing else. It is written before the files, with old and new names: whenever an export is
killed, no file is forgotten.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from .document import Document, Moved, Resource
from .errors import FeedsiteError
from .site import Site

_OWN = ".feedsite"  # the folder of the list, and of the file being written
_LIST = f"{_OWN}/written.json"
_PART = f"{_OWN}/part"


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one file; `path` is relative to the output folder."""

    path: str
    action: Literal["written", "unchanged", "removed"]


def steps(site: Site) -> int:
    """How many changes `write` tells at the least: for a progress bar."""
    return len(site)


def write(site: Site, output: Path, faulty: AbstractSet[str] = frozenset()) -> Iterator[Change]:
    """Writes every path of the site, removes what only an earlier export wrote, and tells each change.

    `faulty` are the files, and folders, that cannot be read now: what they have published stays as it was.
    """
    with _alone(output):
        names = {file_name(path): path for path in site}
        sources = {name: site.sources.get(path, "") for name, path in names.items()}
        earlier = _earlier(output)
        kept = {name: source for name, source in earlier.items() if name not in names and _is_below(source, faulty)}
        stale = earlier.keys() - names.keys() - kept.keys()
        _replace(output, _LIST, _listed(earlier | sources))
        for name in sorted(_in_the_way(earlier.keys() - names.keys(), names.keys())):
            _remove(output, name)
        for name, path in names.items():
            try:
                resource = site.get(path)
            except OSError as error:
                raise FeedsiteError(f"{path} cannot be read: {error.strerror}") from None
            if resource is None:
                continue  # a picture that was taken away meanwhile: the next export removes it
            document = _held(site, name, resource)
            yield Change(name, "written" if _replace(output, name, document.body) else "unchanged")
        for name in sorted(stale):
            _remove(output, name)
            yield Change(name, "removed")
        _replace(output, _LIST, _listed(kept | sources))


@contextmanager
def _alone(output: Path) -> Iterator[None]:
    """Two exports into one folder would take each other's files for their own: the second is refused."""
    _earlier(output)
    try:
        (output / _OWN).mkdir(parents=True, exist_ok=True)
        folder = os.open(output / _OWN, os.O_RDONLY)
    except OSError as error:
        raise FeedsiteError(f"{output} cannot be written to: {error.strerror}") from None
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise FeedsiteError(f"another build is writing to {output}; wait until it has ended") from None
    finally:
        os.close(folder)


def file_name(path: str) -> str:
    """The file for a path: what ends in a slash, or has no suffix, is a folder's index.html."""
    name = path.lstrip("/")
    if name and not name.endswith("/") and "." in name.rpartition("/")[2]:
        return name
    return f"{name.rstrip('/')}/index.html".lstrip("/")


def _earlier(output: Path) -> dict[str, str]:
    """What earlier exports wrote. Raises FeedsiteError where the folder holds something and is no export."""
    try:
        held = os.listdir(output)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise FeedsiteError(f"{output} cannot be written to: {error.strerror}") from None
    try:
        listed = json.loads((output / _LIST).read_bytes())
        return {name: source for name, source in listed.items() if _is_inside(name)}
    except FileNotFoundError:
        if not set(held) <= {_OWN}:
            message = f"{output} is not empty and was not written by feedsite; name a new or an empty folder"
            raise FeedsiteError(message) from None
        return {}
    except (OSError, ValueError, AttributeError, RecursionError):
        raise FeedsiteError(f"{output / _LIST} is damaged; delete {output} and build again") from None


def _held(site: Site, name: str, resource: Resource) -> Document:
    """What a file is to hold. No file can answer 301: at a feed's former address stands the feed itself, or a page that
    leads there.
    """
    if isinstance(resource, Document):
        return resource
    target = site.get(resource.path) if isinstance(resource, Moved) else None
    return target if isinstance(target, Document) and target.cut and name.endswith(".xml") else resource.document


def _listed(sources: Mapping[str, str]) -> bytes:
    return (json.dumps(sources, ensure_ascii=False, indent=0, sort_keys=True) + "\n").encode()


def _replace(output: Path, name: str, body: bytes) -> bool:
    """Whether the file had to be written. A reader finds the old or the new bytes, never half."""
    target, part = output / name, output / _PART
    try:
        if target.is_file() and target.read_bytes() == body:
            return False
        part.parent.mkdir(parents=True, exist_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)  # of an export that was killed; or a link that somebody laid there
        part.write_bytes(body)
        os.replace(part, target)
    except OSError as error:
        raise FeedsiteError(f"{target} cannot be written: {error.strerror}") from None
    return True


def _is_below(source: str, faulty: AbstractSet[str]) -> bool:
    """Whether a file, or a folder above it, is among the faulty ones."""
    place = PurePosixPath(source)
    return bool(faulty & {source, *map(str, place.parents)} - {"."})


def _in_the_way(stale: AbstractSet[str], names: AbstractSet[str]) -> set[str]:
    """Stale files that stand where a folder must be now, or in a folder that must be a file."""
    folders = {str(folder) for name in names for folder in PurePosixPath(name).parents}
    return {name for name in stale if name in folders or names & {str(above) for above in PurePosixPath(name).parents}}


def _remove(output: Path, name: str) -> None:
    """The file, and the folders that are empty without it."""
    target = output / name
    try:
        target.unlink()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return
    for folder in target.parents:
        if folder == output:
            return
        try:
            folder.rmdir()
        except OSError:
            return


def _is_inside(name: str) -> bool:
    return not name.startswith("/") and ".." not in Path(name).parts
