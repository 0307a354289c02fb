"""The files of a new site, made of the templates in feedsite/starter/: everything that its desk needs to begin.

In `site/` a name that begins with _ begins with a dot in the site. `texts/` has what readers see in some languages; in
any other one a site begins with English articles that say so.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import distribution
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Template

from .. import __version__
from ..languages.catalogues import tag_of
from ..parsing.quoting import in_list
from ..schemas import SCHEMAS, Suggestions, file_of, text_of
from ..words import Words
from . import newentry
from .newids import new_id

_ENGLISH = "en"
_ENTRIES, _PAGE = ("welcome.yaml", "draft.yaml"), "about.yaml"
_TITLE = re.compile('^title: "?(.*?)"?$', re.MULTILINE)
_ELSEWHERE = "git+https://forge.example/feedsite@main"  # of a feedsite that came from no index


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What is said of a new site. `at` is when it is begun, in its zone, which is called `timezone`."""

    title: str
    language: str
    timezone: str
    base_url: str | None
    at: datetime


def site_files(begun: Begun) -> dict[str, bytes]:
    """The files of a new site, by their paths in its folder, in the order of these."""
    return dict(sorted((*_common(begun), *_texts(begun), *_schemas())))


def _common(begun: Begun) -> Iterator[tuple[str, bytes]]:
    base_url = f"base_url: {begun.base_url}" if begun.base_url else "# base_url: https://news.example"
    words = Words(begun.language, begun.at.tzinfo or UTC)
    values = {
        "title": in_list(begun.title),
        "plain_title": begun.title,
        "description": in_list(words.text("Newest articles")),
        "base_url": base_url,
        "language": begun.language,
        "timezone": begun.timezone,
        "requirement": _requirement(),
    }
    for path, file in _below(_folder("site")):
        content = file.read_bytes()
        yield path, content if path.endswith(".png") else _filled(content, values)


def _texts(begun: Begun) -> Iterator[tuple[str, bytes]]:
    """Two articles, the second one a draft, and a standing page."""
    spoken = {tag_of(begun.language), begun.language.partition("-")[0].lower()}
    known = {folder.name for folder in _folder("texts").iterdir()}
    tag = next(iter(spoken & known), _ENGLISH)
    marked = "" if tag in spoken else f"language: {tag}\n"
    day = begun.at.date()
    for name in (*_ENTRIES, _PAGE):
        content = _folder("texts").joinpath(tag, name).read_bytes()
        found = _TITLE.search(content.decode())
        slug = newentry.slug(found[1] if found else name)
        values = {"marked": marked, "now": newentry.minute(begun.at), "id": new_id(begun.base_url, day, slug)}
        path = f"pages/{name}" if name == _PAGE else f"entries/{day.isoformat()}-{slug}.yaml"
        yield path, _filled(content, values)


def _schemas() -> Iterator[tuple[str, bytes]]:
    """Those by which editors such as VS Code propose fields, and mark what is wrong while it is typed."""
    for word in SCHEMAS:
        yield file_of(word), text_of(word, Suggestions()).encode()


def _requirement() -> str:
    """What pip installs on a forge's machine: this version where it came from an index (PEP 610: with no address)."""
    return _ELSEWHERE if distribution("feedsite").read_text("direct_url.json") else f"feedsite=={__version__}"


def _below(folder: Traversable, above: str = "") -> Iterator[tuple[str, Traversable]]:
    for file in folder.iterdir():
        name = f".{file.name[1:]}" if file.name.startswith("_") else file.name
        if file.is_dir():
            yield from _below(file, f"{above}{name}/")
        else:
            yield f"{above}{name}", file


def _folder(name: str) -> Traversable:
    return files("feedsite").joinpath("starter", name)


def _filled(content: bytes, values: Mapping[str, str]) -> bytes:
    return Template(content.decode()).substitute(values).encode()
