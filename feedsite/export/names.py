"""What an export is to hold: each path under the name of its file or object, in the order in which they are written.

What others point to goes first: pictures and style, then articles, then the lists of articles (front page, feeds). A
build that is killed leaves no link without its target.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from ..document import Document, File, Moved, Representation
from ..feeds import NEWEST
from ..formats import FEED_FORMATS
from ..plan import Planned
from ..site import Site
from ..urls import MEDIA_FOLDERS, feed
from .manifest import Refused

STAGES = 3
_FILES = ("static", *MEDIA_FOLDERS)
_COPIES = {
    former: feed(NEWEST, form.suffix) for form in FEED_FORMATS for former in form.former if former.endswith(".xml")
}


class Held(NamedTuple):
    """What stands in a file, what it was drawn from (as Planned says it), and where it leads if it only does that."""

    fingerprint: str
    document: Representation
    location: str = ""


def planned(site: Site) -> dict[str, Planned]:
    """Everything the site has, by the name it is written under."""
    with site.view():
        paths = {planned.path: planned for planned in site.plan}
    for former, path in _COPIES.items():
        if former in paths and path in paths:
            both = f"{paths[former].fingerprint} {paths[path].fingerprint}"
            paths[former] = replace(paths[former], fingerprint=both)
    return {file_name(path): item for path, item in paths.items()}


def file_name(path: str) -> str:
    """The file for a path: what ends in a slash, or has no suffix, is a folder's index.html."""
    name = path.lstrip("/")
    if name and not name.endswith("/") and "." in name.rpartition("/")[2]:
        return name
    return f"{name.rstrip('/')}/index.html".lstrip("/")


def staged(names: Iterable[str], items: Mapping[str, Planned]) -> list[list[str]]:
    """The names by stages: each is written when the one before it is whole."""
    stages: list[list[str]] = [[] for _ in range(STAGES)]
    for name in names:
        stages[0 if name.partition("/")[0] in _FILES else 1 if items[name].source else 2].append(name)
    return stages


def held(site: Site, path: str) -> Held | None:
    """No file can answer 301: at a feed's former address stands the feed itself, or a page that leads there.

    Raises Refused where a picture cannot be read.
    """
    try:
        found = site.draw(path)
    except OSError as error:
        raise _unread(error) from None
    if found is None:
        return None
    fingerprint, resource = found
    if isinstance(resource, Document | File):
        return Held(fingerprint, resource)
    location = resource.location if isinstance(resource, Moved) else ""
    copied = site.draw(_COPIES[path]) if path in _COPIES else None
    if copied and isinstance(copied[1], Document):
        return Held(f"{fingerprint} {copied[0]}", copied[1], location)
    return Held(fingerprint, resource.document, location)


def pieces(document: Representation) -> Iterator[bytes]:
    """Its bytes. Raises Refused where a recording is changed while it is copied."""
    try:
        yield from document.pieces()
    except OSError as error:
        raise _unread(error) from None


def _unread(error: OSError) -> Refused:
    return Refused(f"it cannot be read: {error.strerror}; build again")
