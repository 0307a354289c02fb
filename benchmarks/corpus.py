"""Articles for a site of any size: the same seed and number give the same article, on every machine.

Each article is made by itself, so that a thousand of them cost a thousandth of a million.
"""

import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from .prose import phrase

SEED = "lantern"
NEWEST = datetime(2025, 3, 2, 22, 0, tzinfo=UTC)  # when the last article of a corpus was published
APART = timedelta(hours=2)  # from one article to the next
BASE_URL = "https://lantern.example"

SITE = """\
title: The Lantern
description: News from harbours, workshops and council rooms.
base_url: {base_url}
language: en
timezone: Europe/Berlin
rights: © The Lantern
window: {window}
publisher: {{name: The Lantern, email: desk@lantern.example}}
authors:
{authors}
sections:
  city: City
  coast: Coast
  economy: Economy
  economy/labour: {{title: Labour, description: Work and wages.}}
  science: Science
  culture: Culture
  world: World
  world/europe: Europe
  sport: Sport
  health: Health
"""
AUTHORS: Mapping[str, str] = MappingProxyType(
    {
        name.split()[-1].lower(): name
        for name in (
            "Jonas Brandt|Inês Ferreira|Maja Lindqvist|Tunde Adeyemi|Lantern Wire|Ruth Castellan|Piet Vermeulen|"
            "Aisha Rahman|Tomas Novak|Clara Whitfield|Yuki Tanabe|Marco Bellini|Nora Haugen|Samuel Okafor|"
            "Elena Petrova|Hugo Marchand|Greta Olsen|Pilar Navarro|Ivan Horvat|Lea Steiner"
        ).split("|")
    }
)
LANGUAGE, OTHER_LANGUAGE = "en", "nl"
_IN_OTHER_LANGUAGE, _OF_TWO_AUTHORS = 0.15, 0.3  # shares of the articles
SECTIONS = tuple("city coast economy economy/labour science culture world world/europe sport health".split())
TAGS = tuple(
    "archives|bridges|budgets|buses|canals|cranes|cycling|dikes|dredging|elections|ferries|fisheries|floods|forests|"
    "freight|harbours|heating|housing|lighthouses|markets|museums|music|night trains|orchards|parks|pilots|ports|power|"
    "railways|recycling|reefs|rivers|roads|schools|shipyards|steel|strikes|supply chains|theatre|tides|timber|tourism|"
    "trade|trams|tunnels|unions|warehouses|water|weather|wind".split("|")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article; `number` grows with its date, and makes file name, id and address its own."""

    number: int
    title: str
    published: datetime
    authors: tuple[str, ...]
    section: str
    language: str
    tags: tuple[str, ...]
    body: str

    @property
    def id(self) -> str:
        return f"tag:lantern.example,{self.published:%Y-%m-%d}:{self.number:06}"

    @property
    def slug(self) -> str:
        return f"story-{self.number:06}"

    @property
    def path(self) -> str:
        """Its address below the site's."""
        return f"/{self.published:%Y/%m}/{self.slug}/"

    @property
    def file(self) -> str:
        """Below `entries/`; a folder for each year, for folders with 100,000 files are nobody's."""
        return f"{self.published:%Y}/{self.published:%Y-%m-%d}-{self.slug}.yaml"

    @property
    def text(self) -> str:
        lines = [
            f"id: {self.id}",
            f"title: {json.dumps(self.title, ensure_ascii=False)}",  # JSON's strings are YAML's too
            f"published: {self.published:%Y-%m-%dT%H:%M:%SZ}",
            f"authors: [{', '.join(self.authors)}]",
            f"section: {self.section}",
            f"tags: [{', '.join(self.tags)}]",
            f"language: {self.language}",
            "body: |",
            *(f"  {line}" if line else "" for line in self.body.splitlines()),
        ]
        return "\n".join(lines) + "\n"


def article(number: int, published: datetime, words: int, tags: int = 3, tags_of_all: Sequence[str] = TAGS) -> Article:
    """An article of about so many words, half as many or half as many again, with so many of the tags.

    The tags are drawn last: with other ones it is the same article.
    """
    chance = random.Random(f"{SEED}/{number}")
    return Article(
        number=number,
        title=phrase("Title", chance),
        published=published,
        authors=tuple(chance.sample(tuple(AUTHORS), 2 if chance.random() < _OF_TWO_AUTHORS else 1)),
        section=chance.choice(SECTIONS),
        language=OTHER_LANGUAGE if chance.random() < _IN_OTHER_LANGUAGE else LANGUAGE,
        body=_body(chance, int(words * chance.uniform(0.5, 1.5))),
        tags=tuple(sorted(chance.sample(tags_of_all, tags))),
    )


def articles(count: int, words: int) -> Iterator[Article]:
    """`count` articles, the oldest first, the newest at NEWEST."""
    for number in range(count):
        yield article(number, NEWEST - (count - 1 - number) * APART, words)


def write_site(folder: Path, content: Iterable[Article], window: int) -> None:
    """A site's folder, ready to be served."""
    folder.mkdir(parents=True)
    authors = "\n".join(f"  {short}: {name}" for short, name in AUTHORS.items())
    settings = SITE.format(base_url=BASE_URL, window=window, authors=authors)
    (folder / "site.yaml").write_text(settings, encoding="utf-8")
    for each in content:
        write_article(folder, each)


def write_article(folder: Path, content: Article) -> None:
    path = folder / "entries" / content.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content.text, encoding="utf-8")


def _body(chance: random.Random, words: int) -> str:
    blocks: list[str] = []
    written = 0
    while written < words:
        if len(blocks) % 5 == 2:
            blocks.append(f"## {phrase('Heading', chance)}")
        block = _block(chance)
        blocks.append(block)
        written += block.count(" ") + 1
    return "\n\n".join(blocks)


def _block(chance: random.Random) -> str:
    """A paragraph mostly; sometimes a list, sometimes what somebody said."""
    sentences = [phrase("Sentence", chance) for _ in range(chance.randint(2, 5))]
    kind = chance.random()
    if kind < 0.06:
        return "\n".join(f"- {sentence}" for sentence in sentences)
    if kind < 0.12:
        return f"> {sentences[0]}\n>\n> {phrase('person', chance)}"
    return " ".join(sentences)
