"""An article, or a standing page, by what an editor types for it: the words of its address, all of it, or its file."""

import os
import re
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from ..errors import FeedsiteError, in_one_line
from ..folder.library import Library
from ..folder.opening import TEXTS
from ..index import survey
from ..index.survey import Filed
from ..model import Entry
from ..urls import Urls, key, slug_of

_MOST = 10  # articles that a message names
_MOST_NEAR = 3
_NEAR = 0.75  # of difflib's ratio
_ENDING = re.compile(r"\.ya?ml", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d\d-\d\d\D")  # at the beginning of a file's name
_OWN_MACHINE = ("localhost", "127.0.0.1", "::1")  # where a site is served before it has a base_url


def article(library: Library, word: str) -> Entry:
    """The article as the index has it: a draft, a scheduled and a withdrawn one too; of a file with faults the last
    good version. The library must have been read. Raises FeedsiteError where no article is meant, or several are.
    """
    found = _found(library, word)
    if not found.address:
        raise FeedsiteError(in_one_line(f"{found.source} has faults; `feedsite check` shows them"))
    return library.index.entry(found.number)


def source(library: Library, word: str) -> str:
    """The article's file, relative to the site's folder; also one that always had faults. Raises as `article` does."""
    return _found(library, word).source


def _found(library: Library, word: str) -> Filed:
    files = survey.files(library.index)
    urls = library.site_yaml().settings.urls
    found = _of_file(files, library.folder, word) or _of_address(files, urls, word) or _of_slug(files, word)
    if not found:
        raise FeedsiteError(in_one_line(_not_found(files, library.folder, word)))
    if len(found) > 1:
        names = _listed([f"{one.source} ({one.address})" for one in found], "and")
        raise FeedsiteError(in_one_line(f"{word} can be {names}; name one by its file"))
    return found[0]


def _of_file(files: Sequence[Filed], folder: Path, word: str) -> list[Filed]:
    """By the path of its file: from the working directory, from the site's folder, or from entries/ or pages/."""
    known = {file.source: file for file in files}
    return next(([known[path]] for path in paths(folder, word) if path in known), [])


def paths(folder: Path, word: str) -> list[str]:
    """The paths that a word can mean, relative to the site's folder, the likeliest first."""
    typed = os.path.abspath(word)
    above, name = os.path.split(typed)  # the file itself may be a link, whose own path the site has
    real = os.path.join(os.path.realpath(above), name)
    return [
        os.path.relpath(typed, os.path.abspath(folder)),
        os.path.relpath(real, os.path.realpath(folder)),
        *(os.path.normpath(os.path.join(top, word)) for top in ("", *TEXTS)),
    ]


def _of_address(files: Sequence[Filed], urls: Urls, word: str) -> list[Filed]:
    """By its address or, where no article has that, by a former one: a path, or as a browser shows it."""
    if (path := _path(urls, word)) is None:
        return []
    asked = key(path)
    return [file for file in files if file.address and key(file.address) == asked] or [
        file for file in files if asked in map(key, file.aliases)
    ]


def _path(urls: Urls, word: str) -> str | None:
    """The path on this site that the word is; None where it is none."""
    if not re.match("https?://", word):
        return f"/{unquote(re.split('[?#]', word)[0]).lstrip('/')}" if "/" in word else None
    try:
        parts = urlsplit(word)
    except ValueError:
        return None
    return urls.own_path(urljoin(urls.base, parts.path) if parts.hostname in _OWN_MACHINE else word)


def _of_slug(files: Sequence[Filed], word: str) -> list[Filed]:
    """By the last part of its address, else by its file's name, also without the day or the ending."""
    words = word.strip("/")
    if not words or "/" in words:
        return []
    slug = slug_of(_ENDING.sub("", words))
    for names in (_slug, _stem, _stem_without_day):
        if slug and (found := [file for file in files if names(file) == slug]):
            return found
    return []


def _slug(file: Filed) -> str:
    return file.address.rstrip("/").rpartition("/")[2]


def _stem(file: Filed) -> str:
    return slug_of(_ENDING.sub("", file.source.rpartition("/")[2]))


def _stem_without_day(file: Filed) -> str:
    return slug_of(_ENDING.sub("", _DAY.sub("", file.source.rpartition("/")[2])))


def _not_found(files: Sequence[Filed], folder: Path, word: str) -> str:
    if _ENDING.search(word) and (os.path.isfile(word) or (folder / word).is_file()):
        return f"{word} is no article's file; those stand in entries/"
    slug = slug_of(_ENDING.sub("", word.rstrip("/").rpartition("/")[2]))
    slugs = sorted({_slug(file) or _stem_without_day(file) for file in files})
    if near := get_close_matches(slug, slugs, _MOST_NEAR, _NEAR):
        return f"no article is called {word}; is {_listed(near, 'or')} meant?"
    return f"no article is called {word}; name one by the words of its address, or by its file in entries/"


def _listed(names: Sequence[str], joint: str) -> str:
    """`a, b and c`; of many the first ones."""
    if len(names) > _MOST:
        return f"{', '.join(names[:_MOST])} or one of {len(names) - _MOST} more"
    return f" {joint} ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]
