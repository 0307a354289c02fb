"""The name of the file or object at each path, and the order in which they are written.

What others point to goes first: pictures and style, then articles, then the lists of articles (front page, feeds). A
build that is killed leaves no link without its target.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..formats import FEED_FORMATS
from ..pictures import sizes
from ..places import feed
from ..plan import Plan
from ..planned import Planned
from ..site import Site
from ..urls import FAVICON, HOME, MEDIA_FOLDERS, ROBOTS
from .manifest import UNKNOWN, Manifest

STAGES = 4
# A feed's former addresses at which a copy of the feed stands, for no file can answer 301.
COPIES = {former: feed(HOME, form.suffix) for form in FEED_FORMATS for former in form.former if former.endswith(".xml")}
# Files of other software, or by hand: where one stands that feedsite did not write, it stays.
LEFT_ALONE = frozenset({ROBOTS.lstrip("/"), FAVICON.lstrip("/")})
_WELL_KNOWN = ".well-known/"
_INDEX = "index.html"
_FILES = ("static", *MEDIA_FOLDERS)
_COPIES_OF_PICTURES = sizes.FOLDER.lstrip("/")


def planned(site: Site) -> dict[str, Planned]:
    """Every path of the site, by the name that is written for it."""
    with site.view():
        paths = {planned.path: planned for planned in site.plan}
        for former, path in COPIES.items():
            if former in paths and path in paths:
                paths[former] = _both(paths[former], paths[path])
    return {file_name(path): item for path, item in paths.items()}


def planned_since(site: Site, written: Manifest) -> dict[str, Planned]:
    """The same, without a look at what did not change since the manifest's state, where that can be known.

    What the manifest does not know for certain is looked at as well.
    """
    with site.view():
        changed = site.plan.changed_paths(written.state)
        if changed is None:
            return planned(site)
        rows = written.rows
        items = {name: Planned(row.path or path_of(name), row.fingerprint, row.source) for name, row in rows.items()}
        paths = {
            *changed,
            *(item.path for item in items.values() if item.fingerprint == UNKNOWN),
            *map(path_of, LEFT_ALONE),
        }
        paths |= {former for former, path in COPIES.items() if path in paths}
        for name in {file_name(path) for path in paths}:
            items.pop(name, None)
        for path in sorted(paths | {path_of(file_name(path)) for path in paths}):
            if found := _planned_at(site.plan, path):
                items[file_name(path)] = found
    return items


def _planned_at(plan: Plan, path: str) -> Planned | None:
    drawing = plan.at(path)
    copied = plan.at(COPIES[path]) if drawing and path in COPIES else None
    if drawing is None:
        return None
    return _both(drawing.planned, copied.planned) if copied else drawing.planned


def _both(former: Planned, copied: Planned) -> Planned:
    """What is planned at a feed's former address, with the copy that stands there."""
    return replace(former, fingerprint=f"{former.fingerprint} {copied.fingerprint}")


def file_name(path: str) -> str:
    """The file for a path: what ends in a slash, or has no suffix, is a folder's index.html.

    Below /.well-known/ stand files of just these names (RFC 8615).
    """
    name = path.lstrip("/")
    if name.startswith(_WELL_KNOWN):
        return name
    if name and not name.endswith("/") and "." in name.rpartition("/")[2]:
        return name
    return f"{name.rstrip('/')}/{_INDEX}".lstrip("/")


def path_of(name: str) -> str:
    """The path that has a file of this name, as most paths are written: of a folder's index.html one with a slash."""
    folder, slash, file = name.rpartition("/")
    return f"/{folder}{slash}" if file == _INDEX else f"/{name}"


def unusual_path(path: str) -> str:
    """The path itself where its file's name does not say it (path_of); else ""."""
    return "" if path_of(file_name(path)) == path else path


def staged(names: Iterable[str], items: Mapping[str, Planned]) -> list[list[str]]:
    """The names by stages: each stage is written when the one before it is whole."""
    stages: list[list[str]] = [[] for _ in range(STAGES)]
    for name in names:
        stages[_stage(name, items[name])].append(name)
    # Lists, feeds and archives of the same weeks have the same articles, which they find in caches.
    stages[-1].sort(key=lambda name: items[name].newest, reverse=True)
    return stages


def _stage(name: str, item: Planned) -> int:
    if name.startswith(_COPIES_OF_PICTURES):
        return 1  # drawn, so by all processors
    return 0 if name.partition("/")[0] in _FILES else 2 if item.source else 3
