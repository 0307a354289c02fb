"""The name of the file or object at each path, and the order in which they are written.

What others point to goes first: pictures and style, then articles, then the lists of articles (front page, feeds). A
build that is killed leaves no link without its target.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..formats import FEED_FORMATS
from ..places import feed
from ..planned import Planned
from ..site import Site
from ..urls import FAVICON, HOME, MEDIA_FOLDERS, ROBOTS

STAGES = 3
# A feed's former addresses at which a copy of the feed stands, for no file can answer 301.
COPIES = {former: feed(HOME, form.suffix) for form in FEED_FORMATS for former in form.former if former.endswith(".xml")}
# Files of other software, or by hand: where one stands that feedsite did not write, it stays.
LEFT_ALONE = frozenset({ROBOTS.lstrip("/"), FAVICON.lstrip("/")})
_WELL_KNOWN = ".well-known/"
_FILES = ("static", *MEDIA_FOLDERS)


def planned(site: Site) -> dict[str, Planned]:
    """Every path of the site, by the name that is written for it."""
    with site.view():
        paths = {planned.path: planned for planned in site.plan}
    for former, path in COPIES.items():
        if former in paths and path in paths:
            both = f"{paths[former].fingerprint} {paths[path].fingerprint}"
            paths[former] = replace(paths[former], fingerprint=both)
    return {file_name(path): item for path, item in paths.items()}


def file_name(path: str) -> str:
    """The file for a path: what ends in a slash, or has no suffix, is a folder's index.html.

    Below /.well-known/ stand files of just these names (RFC 8615).
    """
    name = path.lstrip("/")
    if name.startswith(_WELL_KNOWN):
        return name
    if name and not name.endswith("/") and "." in name.rpartition("/")[2]:
        return name
    return f"{name.rstrip('/')}/index.html".lstrip("/")


def staged(names: Iterable[str], items: Mapping[str, Planned]) -> list[list[str]]:
    """The names by stages: each stage is written when the one before it is whole."""
    stages: list[list[str]] = [[] for _ in range(STAGES)]
    for name in names:
        stages[0 if name.partition("/")[0] in _FILES else 1 if items[name].source else 2].append(name)
    # Lists, feeds and archives of the same weeks have the same articles, which they find in caches.
    stages[-1].sort(key=lambda name: items[name].newest, reverse=True)
    return stages
