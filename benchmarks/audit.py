"""Whether a built site is whole: every page there, each with its text and its neighbours, and three feeds of the newest
articles in full. What is missing stops the benchmark: nobody is measured for work that was not done."""

import html
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from urllib.parse import unquote

import feedparser

from .archive import WINDOW
from .corpus import BASE_URL, Article
from .servers import Failed

PAGE_SIZE = 20  # articles on a page of the front page
_LISTED = re.compile(r'class="u-url p-name" href="([^"]+)"')
_OLDER = re.compile(r'<link rel="next" href="([^"]+)"')
_LOOKED_INTO = 25  # pages, spread over the archive


@dataclass(frozen=True, slots=True)
class Item:
    """What a feed says of an article; `words` are those of its text, in order."""

    url: str
    title: str
    words: tuple[str, ...]


def pages(name: str, output: Path, articles: Sequence[Article]) -> None:
    """The articles are all of the site's, the newest first. Raises Failed where a page is missing or is not whole."""
    for article in articles:
        if not _page(output, article.path).is_file():
            raise Failed(f"{name} wrote no {article.path}")
    listing(name, output, "/", articles)
    trios = list(zip(articles, articles[1:], articles[2:], strict=False))
    for newer, article, older in trios[:: max(1, len(trios) // _LOOKED_INTO)]:
        page = _page(output, article.path).read_text(encoding="utf-8")
        if any(f'href="{neighbour.path}"' not in page for neighbour in (newer, older)):
            raise Failed(f"{name}: {article.path} does not link to its neighbours")
        if not _contains(_words(page), _said(article)):
            raise Failed(f"{name}: {article.path} does not hold its article")


def feeds(name: str, output: Path, newest: Sequence[Article]) -> None:
    """The three feeds in a folder. Raises Failed where one is not well-formed, or does not hold exactly the newest of
    those articles, in order and in full.
    """
    wanted = [Item(BASE_URL + article.path, article.title, tuple(_said(article))) for article in newest[:WINDOW]]
    for suffix, read in (("rss", _parsed), ("atom", _parsed), ("json", _json)):
        document = (output / f"feed.{suffix}").read_bytes()
        found = list(read(name, document))
        if len(found) != len(wanted):
            raise Failed(f"{name}: feed.{suffix} holds {len(found)} articles where there are {len(wanted)}")
        for item, article in zip(found, wanted, strict=True):
            if item != article:
                raise Failed(f"{name}: feed.{suffix} says something else of {article.url}")


def listing(name: str, output: Path, first: str, articles: Sequence[Article]) -> None:
    """From a list's first page on, each page leads to the next older ones, until every article was listed. Those of the
    further pages stand in order; a front page may have an order of its own, and show older articles as well.

    Raises Failed where that is not so.
    """
    pages: list[dict[str, None]] = []
    path: str | None = first
    count = 0
    while path and count <= len(articles):
        page = _page(output, path).read_text(encoding="utf-8")
        pages.append(dict.fromkeys(_LISTED.findall(page)))
        found = _OLDER.search(page)
        path = found[1] if found else None
        count += 1
    further = list(chain.from_iterable(pages[1:]))
    wanted = [article.path for article in articles]
    front, older = wanted[: len(wanted) - len(further)], wanted[len(wanted) - len(further) :]
    if further != older or not pages[0].keys() >= set(front):
        raise Failed(
            f"{name} lists other articles on {count} pages from {first} on than these {len(articles)}, or otherwise"
        )
    if not 0 <= count * PAGE_SIZE - len(articles) + PAGE_SIZE <= 2 * PAGE_SIZE:
        raise Failed(f"{name} wrote {count} pages from {first} on where {PAGE_SIZE} articles are wanted on each")


def _parsed(name: str, document: bytes) -> Iterator[Item]:
    parsed = feedparser.parse(document, sanitize_html=False, resolve_relative_uris=False)
    if parsed.bozo or not parsed.version:
        raise Failed(f"{name}: a feed is not well-formed: {parsed.get('bozo_exception')}")
    for entry in parsed.entries:
        content = entry.content[0].value if "content" in entry else entry.summary
        yield Item(entry.link, html.unescape(entry.title), tuple(_words(content)))


def _json(name: str, document: bytes) -> Iterator[Item]:
    try:
        feed = json.loads(document)
        for item in feed["items"]:
            yield Item(item["url"], item["title"], tuple(_words(item["content_html"])))
    except (ValueError, KeyError) as error:
        raise Failed(f"{name}: feed.json is no JSON Feed: {error}") from None


def _page(output: Path, path: str) -> Path:
    return output / unquote(path.lstrip("/")) / "index.html"


def _words(markup: str) -> list[str]:
    return re.findall(r"\w+", html.unescape(re.sub(r"<[^>]+>", " ", markup)))


def _said(article: Article) -> list[str]:
    """The words of the article's Markdown, without the addresses that it links to."""
    return re.findall(r"\w+", re.sub(r"\]\([^)]*\)", "]", article.body))


def _contains(words: Sequence[str], part: Sequence[str]) -> bool:
    return f" {' '.join(part)} " in f" {' '.join(words)} "
