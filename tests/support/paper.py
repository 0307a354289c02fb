"""A newspaper of 300 articles as files, and by the documentation's rules alone which items each collection holds."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from typing import NamedTuple

COUNT = 300
WINDOW = 20
_FIRST = datetime(2021, 7, 1, 6, tzinfo=UTC)
_APART = timedelta(hours=6)  # from one article to the next: so the window, and no span of hours, bounds a feed
_SITE = f"""\
title: The Meridian
description: World news, set plainly.
timezone: Europe/Berlin
id: https://lantern.example/
window: {WINDOW}
archives: all
sections: {{world: World, world/asia: Asia, culture: Arts & Culture}}
"""
_SECTIONS = ("world", "world/asia", "world/europe/north", "culture")
_TAGS = ("United Nations", "rail", "R&D", "日本", "C++")
_AUTHORS = ("Mina Sato", "José Núñez", "Daniel Okafor")
_TITLES = (
    "Trains & trams “return”",
    "Is 3 < 4, or <b>not</b>?",
    'It\'s "so" &amp; so',
    "日本の列車",
    "A plain one",
    "Ça va — 🚄",
)
_BODY = (
    'Article {number} in version {version} says: 3 < 4 & 5 > 4, "so" it\'s &amp; ]]> — 日本 🚄.',
    "It has a link to elsewhere.",
    "A second paragraph of article {number} in version {version}, and the last one.",
)


class Item(NamedTuple):
    """What a reader should see of an article or a notice; `text` is all of its text without its blanks."""

    article: int
    id: str
    title: str
    path: str
    published: datetime
    updated: datetime
    text: str
    enclosure: str | None


@dataclass(frozen=True)
class Article:
    """The article of this number; every fact about it follows from both fields."""

    number: int
    version: int = 1

    @property
    def id(self):
        return f"tag:lantern.example,2021:{self.number}"

    @property
    def headline(self):
        return f"{_TITLES[self.number % len(_TITLES)]} {self.number}" + ("" if self.version == 1 else ", mended")

    @property
    def published(self):
        return _FIRST + self.number * _APART

    @property
    def section(self):
        return _SECTIONS[self.number % len(_SECTIONS)]

    @property
    def tags(self):
        return [tag for step, tag in enumerate(_TAGS, 2) if self.number % step == 0]

    @property
    def author(self):
        return _AUTHORS[self.number % len(_AUTHORS)]

    @property
    def language(self):
        return "ja" if self.number % 5 == 2 else "en"

    @property
    def correction(self):
        """When it was corrected, the note, and whether that is announced; None for most."""
        if self.number % 5 or self.withdrawn:
            return None
        return (
            self.published + timedelta(hours=30),
            f"The train & tram {self.number} left at 9, not <8>.",
            self.number % 10 == 0,
        )

    @property
    def withdrawn(self):
        """When it was withdrawn, and why; None for nearly all."""
        if self.number % 97 != 96:
            return None
        return self.published + timedelta(hours=31), f"Its source {self.number} did not exist."

    @property
    def picture(self):
        return self.number % 3 == 0

    def paragraphs(self):
        return [line.format(number=self.number, version=self.version) for line in _BODY]

    def yaml(self):
        escaped = [escape(line, quote=False) for line in self.paragraphs()]
        escaped[1] = escaped[1].replace("elsewhere", "[elsewhere](https://elsewhere.example/?a=1&b=2)")
        fields = {
            "id": self.id,
            "title": self.headline,
            "published": _written(self.published),
            "slug": f"train-{self.number}",
            "section": self.section,
            "tags": self.tags,
            "authors": [self.author],
            "language": self.language,
            "enclosures": [
                {
                    "url": self._recording,
                    "type": "audio/mpeg",
                    "length": 4,
                    "duration": "00:01:05",
                    "title": "Listen & see",
                }
            ],
            "body": "\n\n".join(escaped),
        }
        if self.version > 1:
            fields["updated"] = _written(self.updated)
        if self.picture:
            shown = {"src": "images/tower.png", "alt": "A tower, alt", "caption": "Its caption", "credit": "AFP & co"}
            fields["image"] = shown
        if self.correction:
            at, note, announce = self.correction
            fields["corrections"] = [{"at": _written(at), "note": note, "announce": announce}]
        if self.withdrawn:
            at, reason = self.withdrawn
            fields["withdrawn"] = {"at": _written(at), "reason": reason}
        return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in fields.items())

    @property
    def updated(self):
        moments = [self.published + timedelta(hours=32) * (self.version - 1)]
        moments += [said[0] for said in (self.correction, self.withdrawn) if said]
        return max(moments)

    @property
    def _recording(self):
        return f"audio/train-{self.number}.mp3"

    def items(self):
        """Its items, and of each whether it stands in the collections of the article, and in the corrections."""
        path = f"/{self.published:%Y/%m}/train-{self.number}/"
        title = f"Withdrawn: {self.headline}" if self.withdrawn else self.headline
        text, enclosure = self._text(), None if self.withdrawn else f"/{self._recording}"
        yield Item(self.number, self.id, title, path, self.published, self.updated, text, enclosure), True, False
        if self.correction:
            at, note, announce = self.correction
            id_ = f"{self.id}#correction-1"
            yield Item(self.number, id_, f"Correction: {title}", path, at, at, blankless(note), None), announce, True
        if self.withdrawn:
            at, reason = self.withdrawn
            yield Item(self.number, f"{self.id}#withdrawn", title, path, at, at, blankless(reason), None), True, True

    def _text(self):
        if self.withdrawn:
            at, reason = self.withdrawn
            return blankless(f"This article was withdrawn on {_day(at)}. {reason}")
        said = ["Its caption — AFP & co"] if self.picture else []
        if self.correction:
            said.append(f"Correction, {_day(self.correction[0])}: {self.correction[1]}")
        return blankless("".join(said + self.paragraphs()))


COLLECTIONS = {  # the address of each, and which articles it has; None for the corrections
    "/": lambda _: True,
    "/world/": lambda one: one.section.startswith("world"),
    "/tag/united-nations/": lambda one: "United Nations" in one.tags,
    "/author/mina-sato/": lambda one: one.author == "Mina Sato",
    "/language/ja/": lambda one: one.language == "ja",
    "/mix/tag.rail+world.asia/without/author.mina-sato/": lambda one: (
        one.author != "Mina Sato" and ("rail" in one.tags or one.section == "world/asia")
    ),
    "/corrections/": None,
}


def items(folder, articles):
    """The items of a collection, newest first."""
    belongs = COLLECTIONS[folder]
    every = [
        (item, belongs(one) if belongs and own else notice and not belongs)
        for one in articles
        for item, own, notice in one.items()
    ]
    found = [item for item, is_in in every if is_in]
    return sorted(found, key=lambda one: (one.published, one.article, one.id), reverse=True)


def articles():
    return [Article(number) for number in range(COUNT)]


def save(site, article):
    (site / "entries" / f"{article.number}.yaml").write_text(article.yaml(), encoding="utf-8")


def write_site(site):
    """The folder of the newspaper, ready to be served; its links point to the address where it is served."""
    for name in ("entries", "audio", "images"):
        (site / name).mkdir(parents=True)
    (site / "site.yaml").write_text(_SITE, encoding="utf-8")
    for one in articles():
        save(site, one)
        (site / "audio" / f"train-{one.number}.mp3").write_bytes(b"ID3\x04")
    (site / "images" / "tower.png").write_bytes(b"\x89PNG\r\n\x1a\n")


def blankless(text):
    return "".join(text.split())


def _written(moment):
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _day(moment):
    """In the site's zone, which is two hours ahead in summer: no moment here is between 22:00 and midnight UTC."""
    return f"{moment.day} {moment:%B %Y}"
