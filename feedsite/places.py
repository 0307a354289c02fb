"""What stands at the addresses of a collection: its page, its further pages, its feeds and their archives."""

import re
from dataclasses import dataclass, replace

_NUMBER = "[1-9][0-9]{0,8}"
_PATH = re.compile(
    "(?P<folder>/(?:[^/]+/)*?)"
    rf"(?:page/(?P<page>{_NUMBER})/"
    rf"|archive/(?P<year>(?!0000)[0-9]{{4}})/(?P<month>0[1-9]|1[0-2])/(?P<part>{_NUMBER})/feed\.(?P<suffix>[a-z]+)"
    r"|feed\.(?P<newest>[a-z]+))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One address below `folder`, which is the path of a collection's page; without anything else it is that page.

    `page` is the number of a further page. `suffix` is that of a feed: of the newest items or, where `month` is given,
    of one part of the items of a month of UTC. `query` is that of a search (RFC 3986 3.4), which no path has.
    """

    folder: str
    page: int = 0
    suffix: str = ""
    year: int = 0
    month: int = 0
    part: int = 0
    query: str = ""

    def of(self, suffix: str) -> "Place":
        """The same feed in the format with this suffix."""
        return replace(self, suffix=suffix)


def parse(path: str) -> Place | None:
    """The place that has this path; None where no collection has such a path. `path_of` is the inverse."""
    found = _PATH.fullmatch(path)
    if not found:
        return None
    page, year, month, part = (int(found[name] or 0) for name in ("page", "year", "month", "part"))
    suffix = found["suffix"] or found["newest"] or ""
    return Place(folder=found["folder"], page=page, suffix=suffix, year=year, month=month, part=part)


def path_of(place: Place) -> str:
    """The path of a place, without the query that its address may have."""
    if place.page:
        return further_page(place.folder, place.page)
    if place.month:
        return f"{place.folder}archive/{place.year:04}/{place.month:02}/{place.part}/feed.{place.suffix}"
    return feed(place.folder, place.suffix) if place.suffix else place.folder


def further_page(folder: str, number: int) -> str:
    return f"{folder}page/{number}/"


def feed(folder: str, suffix: str) -> str:
    return f"{folder}feed.{suffix}"
