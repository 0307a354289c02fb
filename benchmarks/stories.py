"""Stories that carry their version in title and text: whoever reads one sees whether it is whole.

A reader can therefore tell by itself what is torn, doubled or missing, and which of two answers is the older one.
"""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

from .wire import Torn

FIRST = datetime(2021, 1, 1, 6, tzinfo=UTC)  # when story 0 was published
APART = timedelta(hours=6)  # from one story to the next: so the window, and no span of hours, bounds a feed
SITE = """\
title: The Meridian
description: World news, set plainly.
base_url: https://lantern.example
timezone: Europe/Berlin
"""
UNREADABLE = (ET.ParseError, ValueError, KeyError)  # what `versions` raises besides Torn where a document is no feed
_TITLE = re.compile(r"Story (\d+), version (\d+)")
_SAID = re.compile(r"[Vv]ersion (\d+)")
_BEGIN, _END = "begins here", "ends here"
_LINES = 20  # of text between both
_ATOM = "{http://www.w3.org/2005/Atom}"


def published(number: int) -> datetime:
    return FIRST + number * APART


def path(number: int) -> str:
    """Its address."""
    return f"/{published(number):%Y/%m}/story-{number:05}/"


def file(site: Path, number: int) -> Path:
    return site / "entries" / f"story-{number:05}.yaml"


def text(number: int, version: int = 1, **fields: str) -> str:
    """The text of its file; `fields` stand in place of its own, as YAML."""
    begin, end = (f"Version {version} of story {number} {word}." for word in (_BEGIN, _END))
    lines = [f"Line {line} of version {version}, which is as long as all others." for line in range(_LINES)]
    sound = {
        "id": f"tag:lantern.example,2021:{number}",
        "title": f'"Story {number}, version {version}"',
        "published": f"{published(number):%Y-%m-%dT%H:%M:%SZ}",
        "body": "|\n" + "\n".join(f"  {line}" for line in (begin, "", *lines, "", end)),
    }
    return "".join(f"{name}: {value}\n" for name, value in (sound | fields).items())


def save(site: Path, number: int, version: int = 1, **fields: str) -> None:
    """As a simple program does: the file is emptied and written."""
    file(site, number).write_text(text(number, version, **fields), encoding="utf-8")


def write_site(site: Path, count: int) -> None:
    """A site's folder with the stories from 0 on, ready to be served."""
    (site / "entries").mkdir(parents=True)
    (site / "site.yaml").write_text(SITE, encoding="utf-8")
    for number in range(count):
        save(site, number)


def versions(document: bytes, suffix: str) -> dict[int, int]:
    """The version of each story in a feed. Raises Torn where one is not whole, not of one version, or there twice."""
    told: dict[int, int] = {}
    for title, content in _items(document, suffix):
        number, version = _told(title, content)
        if number in told:
            raise Torn(f"story {number} stands twice in a feed")
        told[number] = version
    return told


def version_of_page(document: bytes, number: int) -> int:
    """The version of a story on its own page. Raises Torn as `versions` does."""
    page = document.decode()
    if not page.rstrip().endswith("</html>"):
        raise Torn(f"the page of story {number} ends in {page[-40:]!r}")
    article = page.partition("<article")[2].partition("</article>")[0]
    told = re.search(rf"Story {number}, version \d+", article)
    return _told(told[0] if told else "", article)[1]


def _told(title: str, content: str) -> tuple[int, int]:
    found = _TITLE.fullmatch(title.strip())
    if not found:
        raise Torn(f"a story with the title {title!r}")
    number, version = int(found[1]), int(found[2])
    said = set(map(int, _SAID.findall(content)))
    if said != {version} or _BEGIN not in content or _END not in content:
        raise Torn(f"story {number} of version {version} is not whole: it tells of the versions {sorted(said)}")
    return number, version


def _items(document: bytes, suffix: str) -> Iterable[tuple[str, str]]:
    if suffix == "json":
        return [(item["title"], item["content_html"]) for item in json.loads(document)["items"]]
    item, title = ("item", "title") if suffix == "rss" else (f"{_ATOM}entry", f"{_ATOM}title")
    found = ET.fromstring(document).iter(item)
    return [(each.findtext(title, ""), " ".join(each.itertext())) for each in found]
