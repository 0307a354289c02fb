"""A file that is renamed: which name it gets, and what is written into it so that no reader notices. Pure."""

import re
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath

from ..errors import FeedsiteError, in_one_line
from ..model import NEVER, UNDATED
from ..parsing.entryfile import day_of_name, derived_id
from ..parsing.madeentry import DAY
from ..urls import permalink, slug_of
from .changes import kept_aliases, write_id
from .links import following
from .original import Original, is_page
from .save import Change

_ENDING = re.compile(r"\.ya?ml", re.IGNORECASE)
# Of texts elsewhere; a dot in other words is a part of them.
_OTHER_ENDING = re.compile(r"\.(?:md|markdown|mdx|txt|html?|json|rst|toml|rtf|docx?|odt)", re.IGNORECASE)
_PASSED_OVER = re.compile(r"[.#].*|.*~", re.DOTALL)  # names that are not read (folder/walk.py)


def is_file_name(word: str) -> bool:
    """Whether the word names a file; else it is the words of an address."""
    return bool(_ENDING.fullmatch(PurePosixPath(word).suffix)) or word.endswith("/")


def renamed(source: str, word: str) -> str:
    """The new path of a file. `word` is a file's name, or the words of an address, before which the day in the file's
    name stays. It may stand behind a folder; `folder/` alone keeps the name.
    """
    folder, _, name = word.rpartition("/")
    old = PurePosixPath(source)
    if not is_file_name(word):
        _refuse_other_ending(word, old.suffix)
        day = DAY.match(name) or (None if is_page(source) else DAY.match(old.name))
        if not (slug := slug_of(DAY.sub("", name))):
            raise FeedsiteError(in_one_line(f"{word} cannot stand in an address; write words such as `night-trains`"))
        name = f"{day[0]}-{slug}{old.suffix}" if day else f"{slug}{old.suffix}"
    name = name or old.name
    if _PASSED_OVER.fullmatch(name):
        raise FeedsiteError(in_one_line(f"a file called {name} is not read; begin its name with a letter"))
    return f"{folder or old.parent}/{name}"


def _refuse_other_ending(word: str, ending: str) -> None:
    """Of hi.md no words of an address are made: a file is meant, and it would not be read."""
    path = PurePosixPath(word)
    if _OTHER_ENDING.fullmatch(path.suffix):
        kept = path.with_suffix(ending)
        message = (
            f"an article's file ends in {ending}, not in {path.suffix}; write {kept}, or the words alone: {path.stem}"
        )
        raise FeedsiteError(in_one_line(message))


def move(original: Original, now: datetime, word: str, new_id: str = "") -> Change:
    """Renames a file as `renamed` says. Its former address becomes an alias where readers may have it.

    `new_id` is written into a file without an id. A day that only the file's name says is written into it where the new
    name says another.
    """
    draft, entry = original.draft, original.entry
    source = renamed(original.source, word)
    path = _path(original, source)
    if new_id:
        draft, entry, _ = write_id(original, new_id)
    if entry.nav is not None:
        entry = replace(entry, id=derived_id(source, original.settings))
    elif original.has("slug") and not is_file_name(word):
        path = permalink(entry.day, slug_of(DAY.sub("", word.rpartition("/")[2])))
        draft = draft.set("slug", path.rstrip("/").rpartition("/")[2])
    if _loses_day(original, source):
        draft = draft.set("published", entry.day.isoformat())
    aliases = original.texts("aliases")
    if path != entry.path and (entry.published <= now or entry.published == UNDATED) and entry.path not in aliases:
        draft = draft.append("aliases", entry.path)
        aliases = (*aliases, entry.path)
    moved = Change(draft, replace(entry, source=source, path=path, aliases=kept_aliases(aliases, path)))
    return following(original, moved, original.source, source)


def _loses_day(original: Original, source: str) -> bool:
    """Whether the former name alone says on which day the article appeared."""
    entry = original.entry
    has_day = entry.nav is None and entry.published != NEVER
    return has_day and not original.has("published") and day_of_name(source) != entry.day.isoformat()


def _path(original: Original, source: str) -> str:
    """The address of a file with this name."""
    place = PurePosixPath(source).with_suffix("")
    if is_page(source):
        return f"/{'/'.join(slug_of(name) for name in place.parts[1:])}/"
    if original.has("slug"):
        return original.entry.path
    return permalink(original.entry.day, slug_of(DAY.sub("", place.name)))
