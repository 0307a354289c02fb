"""Links of an article's text to other articles by their files, such as `[x](2021-07-05-japan-taiwan.yaml)`.

When a file is read nobody knows the addresses of others. Such a link then leads to the file's own place below the
base, /entries/2021-07-05-japan-taiwan.yaml, at which nothing ever stands; the index puts the article's address there,
and does so again when that changes (index/ownlinks.py).
"""

import html
import posixpath
import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import unquote

from .urls import Urls

FOLDERS = ("entries", "pages")
_ENDINGS = (".yaml", ".yml")


def resolve(urls: Urls, path: str, source: str, reference: str) -> str:
    """The absolute address of a reference in the text of the page at `path`, of the file `source` (Urls.resolve)."""
    return urls.resolve(_place(reference, source) or reference, path)


def _place(reference: str, source: str) -> str:
    """The place of the file that a reference names; "" where it names none.

    Files are named from that of the article, or from the site's folder: entries/2021/a.yaml.
    """
    name, sign, fragment = reference.partition("#")
    if not name.endswith(_ENDINGS) or ":" in name or name.startswith("//"):
        return ""
    folder = "" if name.partition("/")[0] in FOLDERS else posixpath.dirname(source)
    place = posixpath.normpath(posixpath.join("/", folder, name))
    return f"{place}{sign}{fragment}" if file_at(place) else ""


def file_at(path: str) -> str:
    """The file at whose place a path is; "" for any other path."""
    name = path.removeprefix("/")
    return name if name.endswith(_ENDINGS) and name.partition("/")[0] in FOLDERS else ""


def file_of(reference: str, source: str) -> str:
    """The file that a reference in the text of the file `source` names; "" where it names none."""
    return unquote(file_at(_place(reference.partition("#")[0], source)))


def linked(body: str, urls: Urls) -> str:
    """The HTML of an article as `files_in` and `with_addresses` take it; "" where it links to no file."""
    if not any(f"/{folder}/" in body for folder in FOLDERS) or not _links(urls.base).search(body):
        return ""
    return f"{urls.base}\n{body}"


def files_in(text: str) -> set[str]:
    """The files to which such HTML links."""
    base, _, body = text.partition("\n")
    return {_file(found) for found in _links(base).finditer(body)}


def with_addresses(text: str, address_of: Callable[[str], str]) -> str:
    """The HTML with the addresses of articles in the place of their files. `address_of` gives "" for what has none."""
    base, _, body = text.partition("\n")

    def written(found: re.Match[str]) -> str:
        address = address_of(_file(found))
        return f' href="{html.escape(Urls(base).absolute(address))}' if address else found[0]

    return _links(base).sub(written, body)


@lru_cache(4)
def _links(base: str) -> re.Pattern[str]:
    folders, endings = "|".join(FOLDERS), "|".join(map(re.escape, _ENDINGS))
    return re.compile(rf' href="{re.escape(html.escape(base))}/(?P<file>(?:{folders})/[^"#?]*(?:{endings}))(?=["#])')


def _file(found: re.Match[str]) -> str:
    return unquote(html.unescape(found["file"]))
