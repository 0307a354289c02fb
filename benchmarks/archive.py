"""A large archive, the same articles in the form of every generator: 4 KB of Markdown each, as a rule.

A smaller archive is the newest part of a larger one, so that one folder can grow while it is measured.
"""

import json
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import MappingProxyType

from . import corpus
from .corpus import Article

WORDS = 590  # make 4 KB of Markdown
WINDOW = 50  # articles in a feed
TAGS = 5  # of an article
APART = timedelta(hours=1)  # so that the 48 hours that a feed covers at the least hold less than its window
_NEWEST = 10**6 - 1  # the number of the newest article, in archives of every size
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Form:
    """How a generator wants an article: the file's place in its folder, and what stands in it."""

    file: Callable[[Article], str]
    text: Callable[[Article], str]


def article(age: int, words: int = WORDS, tags: Sequence[str] = corpus.TAGS) -> Article:
    """The article before which `age` newer ones stand, in an archive that has these tags."""
    return corpus.article(_NEWEST - age, corpus.NEWEST - age * APART, words, TAGS, tags)


def newest(words: int = WORDS, tags: Sequence[str] = corpus.TAGS) -> list[Article]:
    """The articles in the feeds."""
    return [article(age, words, tags) for age in range(WINDOW)]


def spread(size: int, count: int, words: int = WORDS) -> list[Article]:
    """Some `count` articles of all ages, of an archive of that size."""
    return [article(age, words) for age in range(0, size, max(1, size // count))]


def write(folders: Mapping[Path, str], ages: range, words: int = WORDS, tags: Sequence[str] = corpus.TAGS) -> None:
    """Those articles into each folder in the form named beside it, by as many processes as there are cores."""
    chunks = [ages[start : start + _CHUNK] for start in range(0, len(ages), _CHUNK)]
    with ProcessPoolExecutor(os.cpu_count(), initializer=_leave_signals) as pool:
        for _ in pool.map(partial(_write, folders, words, tags), chunks):
            pass


def save(form: str, folder: Path, content: Article) -> None:
    path = folder / FORMS[form].file(content)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(FORMS[form].text(content), encoding="utf-8")


def _write(folders: Mapping[Path, str], words: int, tags: Sequence[str], ages: Sequence[int]) -> None:
    for age in ages:
        content = article(age, words, tags)
        for folder, form in folders.items():
            save(form, folder, content)


def _leave_signals() -> None:
    """Ctrl-C is the benchmark's own to obey; it ends these processes with the pool."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _front_matter(content: Article) -> str:
    """Markdown below YAML, as Hugo and Eleventy read it."""
    lines = [
        "---",
        f"id: {content.id}",
        f"title: {json.dumps(content.title, ensure_ascii=False)}",
        f"date: {content.published:%Y-%m-%dT%H:%M:%SZ}",
        f"slug: {content.slug}",
        f"author: [{', '.join(map(corpus.AUTHORS.__getitem__, content.authors))}]",
        f"desk: {content.section}",
        f"tags: [{', '.join(content.tags)}]",
        f"language: {content.language}",
        f'year: "{content.published:%Y}"',
        f'month: "{content.published:%Y-%m}"',
        "---",
        content.body,
    ]
    return "\n".join(lines) + "\n"


def _pelican(content: Article) -> str:
    fields = {
        "Title": content.title,
        "Id": content.id,
        "Date": f"{content.published:%Y-%m-%d %H:%M}",
        "Slug": content.slug,
        "Authors": "; ".join(map(corpus.AUTHORS.__getitem__, content.authors)),
        "Category": content.section,
        "Tags": ", ".join(content.tags),
        "Tongue": content.language,  # with Lang, Pelican would look for translations
    }
    return "\n".join(f"{name}: {value}" for name, value in fields.items()) + f"\n\n{content.body}\n"


FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "feedsite": Form(lambda content: f"entries/{content.file}", lambda content: content.text),
        "hugo": Form(lambda content: f"content/{content.section}/{content.slug}.md", _front_matter),
        "eleventy": Form(lambda content: f"content/{content.published:%Y}/{content.slug}.md", _front_matter),
        "pelican": Form(lambda content: f"content/{content.published:%Y}/{content.slug}.md", _pelican),
    }
)
