"""Sitemaps (sitemaps.org, protocol 0.9), and Google's news sitemaps 0.9. Dates are W3C's, in UTC."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from html import escape

from ..model import Entry
from ..settings import Settings
from ..urls import Urls

MEDIA_TYPE = "application/xml; charset=utf-8"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)")
_OF_TRADITIONAL_CHINESE = frozenset({"hant", "tw", "hk", "mo"})


def index(sitemaps: Iterable[tuple[str, int | None]], base: Urls) -> bytes:
    """The sitemaps at these paths, each with the second in which it last changed."""
    lines = (f"<sitemap>{_place(path, updated, base)}</sitemap>" for path, updated in sitemaps)
    return _document("sitemapindex", _NAMESPACE, lines)


def urlset(addresses: Iterable[tuple[str, int | None]], base: Urls) -> bytes:
    """The pages at these paths, each with the second in which it last changed."""
    lines = (f"<url>{_place(path, updated, base)}</url>" for path, updated in addresses)
    return _document("urlset", _NAMESPACE, lines)


def news(entries: Iterable[Entry], settings: Settings) -> bytes:
    """The name of the publication is that of the site, without brackets, as Google asks."""
    name = _IN_BRACKETS.sub("", settings.title).strip() or settings.title
    lines = (
        f"<url><loc>{escape(settings.urls.absolute(entry.path))}</loc><news:news>"
        f"<news:publication><news:name>{escape(name)}</news:name>"
        f"<news:language>{news_language(entry.language)}</news:language></news:publication>"
        f"<news:publication_date>{entry.published.isoformat()}</news:publication_date>"
        f"<news:title>{escape(entry.title)}</news:title></news:news></url>"
        for entry in entries
    )
    return _document("urlset", f"{_NAMESPACE} {_NEWS}", lines)


def news_language(language: str) -> str:
    """A code of ISO 639; of Chinese zh-cn or zh-tw, by its script."""
    code, *rest = language.lower().split("-")
    if code != "zh":
        return code
    return "zh-tw" if _OF_TRADITIONAL_CHINESE & set(rest) and "hans" not in rest else "zh-cn"


def _place(path: str, updated: int | None, base: Urls) -> str:
    changed = "" if updated is None else f"<lastmod>{datetime.fromtimestamp(updated, UTC).isoformat()}</lastmod>"
    return f"<loc>{escape(base.absolute(path))}</loc>{changed}"


def _document(root: str, namespaces: str, lines: Iterator[str]) -> bytes:
    return "\n".join((_DECLARATION, f"<{root} {namespaces}>", *lines, f"</{root}>\n")).encode()
