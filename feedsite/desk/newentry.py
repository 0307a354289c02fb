"""The file of a new article: the words of its address, its name, and its text."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from .. import urls
from ..editing.changes import as_written
from ..parsing.entrychecks import FIRST_WORDS
from ..parsing.quoting import in_list, quoted
from ..schemas import file_of
from ..settings import Settings
from .newids import new_id

SCHEMA = file_of("entry")
_LONGEST = 80  # letters of a slug
_MOST_BYTES = 120  # of it in UTF-8: percent-encoded in an id they are fewer than an id may have
_UNNAMED = "article"  # of a title without letters


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """What an editor says of a new article. `at` is when it is begun, in the site's zone."""

    title: str
    at: datetime
    section: str | None = None
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


def slug(title: str) -> str:
    """The words of the title as those of an address, cut between two of them where they are many."""
    words = urls.slug_of(title)
    short = words[:_LONGEST].encode()[:_MOST_BYTES].decode(errors="ignore")
    if short != words and words[len(short)] != "-":
        short = short.rpartition("-")[0] or short
    short = short.strip("-") or _UNNAMED
    return short if urls.is_writable(short) else f"{short}-{_UNNAMED}"  # con is a device on Windows


def free_slug(title: str, is_taken: Callable[[str], bool]) -> str:
    """The slug of a title, with a number behind it where that slug is taken."""
    first = slug(title)
    number, free = 1, first
    while is_taken(free):
        number += 1
        free = f"{first}-{number}"
    return free


def minute(at: datetime) -> str:
    """A moment as it is written in a file, with its offset, in whole minutes."""
    return as_written(at.replace(second=0, microsecond=0))


def name(new: NewEntry, slug: str) -> str:
    """Of its file, in entries/."""
    return f"{new.at.date().isoformat()}-{slug}.yaml"


def id_of(new: NewEntry, slug: str, settings: Settings) -> str:
    """The article's id, for ever."""
    return new_id(settings.base_url, new.at.date(), slug)


def text(new: NewEntry, slug: str, settings: Settings, *, has_schema: bool) -> str:
    """The text of its file: a draft with a sentence in the place of its body, in the site's language."""
    fields = {
        "id": id_of(new, slug, settings),
        "title": quoted(new.title),
        "published": minute(new.at),
        "status": "draft",
        **({"authors": _listed(new.authors)} if new.authors else {}),
        **({"section": in_list(new.section)} if new.section else {}),
        **({"tags": _listed(new.tags)} if new.tags else {}),
        "body": f"|\n  {settings.words.text(FIRST_WORDS)}",
    }
    head = f"# yaml-language-server: $schema=../{SCHEMA}\n" if has_schema else ""
    return head + "".join(f"{field}: {value}\n" for field, value in fields.items())


def _listed(values: tuple[str, ...]) -> str:
    return f"[{', '.join(map(in_list, values))}]"
