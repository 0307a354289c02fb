"""Whether a built site has all lists of articles, with all their pages and feeds, and no others; and in some of them
exactly the articles that belong there. What is missing stops the benchmark."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from . import audit
from .audit import PAGE_SIZE
from .corpus import AUTHORS, Article
from .reading import SUFFIXES
from .servers import Failed

_LOOKED_INTO = 2  # lists of each kind
_ARCHIVE = "archive"  # the folder in which feedsite's archives of a list stand


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where a generator writes its lists: for each kind the folder, with {} for the list's name.

    `between` stands between year and month in the name of a month.
    `pages` is the number of pages of a list of so many articles. The pages in `leading_on` only lead to another one.
    """

    folders: Mapping[str, str]
    pages: Callable[[int], int]
    between: str = "/"
    leading_on: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Counted:
    """Lists of one kind, all their pages, and all their feeds."""

    lists: int
    pages: int
    feeds: int


def _sections(article: Article) -> Iterator[str]:
    parts = article.section.split("/")
    return ("/".join(parts[:count]) for count in range(1, len(parts) + 1))


# The names of the lists of each kind that an article stands in, as parts of their addresses.
_KINDS: Mapping[str, Callable[[Article], Iterable[str]]] = MappingProxyType(
    {
        "everything": lambda _: [""],
        "section": _sections,
        "tag": lambda article: map(part, article.tags),
        "author": lambda article: (part(AUTHORS[author]) for author in article.authors),
        "language": lambda article: [article.language],
        "year": lambda article: [f"{article.published:%Y}"],
        "month": lambda article: [f"{article.published:%Y/%m}"],
    }
)
_PLAIN = {"everything": "", "section": "{}", "author": "author/{}", "language": "language/{}"}
FEEDSITE = Layout(
    folders=_PLAIN | {"tag": "tag/{}", "year": "{}", "month": "{}"},
    pages=lambda articles: max(1, articles // PAGE_SIZE),  # the first page has what is left over, too
)
HUGO = Layout(
    folders=_PLAIN | {"tag": "tags/{}", "year": "year/{}", "month": "month/{}"},
    pages=lambda articles: -(-articles // PAGE_SIZE),
    between="-",
    leading_on=frozenset({"1"}),  # Hugo before 0.128
)


def part(name: str) -> str:
    """A name of the corpus as a part of an address."""
    return name.lower().replace(" ", "-")


def lists(name: str, output: Path, layout: Layout, articles: Sequence[Article]) -> dict[str, Counted]:
    """What is there, by kind. The articles are all of the site's, the newest first. Raises Failed."""
    wanted = {kind: _members(kind, articles) for kind in _KINDS}
    folders = {kind: [_folder(layout, kind, each) for each in found] for kind, found in wanted.items()}
    every = {folder for each in folders.values() for folder in each}
    if (found := set(_with_feeds(output))) != every:
        raise Failed(f"{name} has feeds of {len(found)} lists where there are {len(every)}: {min(found ^ every)!r}")
    counted = {}
    for kind, members in wanted.items():
        paths = [output / folder for folder in folders[kind]]
        pages = sum(_pages(path, layout) for path in paths)
        if pages != (expected := sum(layout.pages(len(each)) for each in members.values())):
            raise Failed(f"{name} has {pages} pages of lists of the kind {kind}; {expected} are wanted")
        feeds = sum((path / f"feed.{suffix}").is_file() for path in paths for suffix in SUFFIXES)
        if feeds != len(paths) * len(SUFFIXES):
            raise Failed(f"{name} has {feeds} feeds of lists of the kind {kind}")
        counted[kind] = Counted(len(paths), pages, feeds)
        for each in list(members)[:: max(1, len(members) // _LOOKED_INTO)][:_LOOKED_INTO]:
            folder = _folder(layout, kind, each)
            audit.listing(name, output, f"/{folder}/" if folder else "/", members[each])
            audit.feeds(name, output / folder, members[each])
    return counted


def _members(kind: str, articles: Sequence[Article]) -> dict[str, list[Article]]:
    members: dict[str, list[Article]] = {}
    for article in articles:
        for each in _KINDS[kind](article):
            members.setdefault(each, []).append(article)
    return members


def _folder(layout: Layout, kind: str, name: str) -> str:
    if kind == "month":
        name = name.replace("/", layout.between)
    return layout.folders[kind].format(name)


def _with_feeds(output: Path) -> Iterator[str]:
    for folder, below, names in os.walk(output):
        if _ARCHIVE in below:
            below.remove(_ARCHIVE)
        if f"feed.{SUFFIXES[0]}" in names:
            yield Path(folder).relative_to(output).as_posix().removeprefix(".")


def _pages(folder: Path, layout: Layout) -> int:
    further = (each.name for each in folder.glob("page/*") if (each / "index.html").is_file())
    return sum(name not in layout.leading_on for name in further) + (folder / "index.html").is_file()
