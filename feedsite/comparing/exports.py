"""An export that was written before, in a folder or at an address: its manifest, and its feeds as JSON."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote

from .. import places, urls
from ..errors import FeedsiteError, in_one_line
from ..export import file_name, manifest
from ..export.manifest import OWN, Row
from ..formats import jsonfeed
from ..notifying.client import Client, Unreached

_MANIFEST = f"{OWN}/written.json"
_MOST = 64 * 1024 * 1024  # bytes of one file: a manifest of 200,000 paths has half of it


class Export(Protocol):
    """Where an export stands. `said` names it to people, and `is_far` is whether each question is a request."""

    said: str
    is_far: bool

    def file(self, name: str) -> bytes | None:
        """A file of it by its name; None where there is none. Raises FeedsiteError where that cannot be known."""


class _Folder:
    is_far = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.said = in_one_line(str(folder))

    def file(self, name: str) -> bytes | None:
        try:
            with open(self._folder / name, "rb") as file:
                return file.read(_MOST)
        except (FileNotFoundError, NotADirectoryError, ValueError):
            return None
        except OSError as error:
            raise FeedsiteError(in_one_line(f"{self._folder / name} cannot be read: {error.strerror}")) from None


class _Address:
    is_far = True

    def __init__(self, address: str, client: Client) -> None:
        self._base = address.removesuffix(_MANIFEST).rstrip("/")
        self._client = client
        self.said = in_one_line(self._base)

    def file(self, name: str) -> bytes | None:
        address = urls.Urls(self._base).absolute(f"/{name}")
        try:
            answer, body = self._client.get(address, _MOST)
        except Unreached as error:
            raise FeedsiteError(in_one_line(f"{address} {error}")) from None
        if answer.target:
            raise FeedsiteError(in_one_line(f"{address} leads to {answer.target}; name that one"))
        return body if answer.status == 200 else None


def is_place(written: str) -> bool:
    """Whether this is an address, or a folder that exists; else it may be a revision."""
    return "://" in written or Path(written).is_dir()


@contextmanager
def opened(written: str) -> Iterator[Export]:
    """The export at an address or in a folder. Raises FeedsiteError for another scheme than http, https and file."""
    scheme, _, rest = written.partition("://") if "://" in written else ("", "", "")
    scheme = scheme.lower()
    if scheme in ("http", "https") and urls.is_web_address(written):
        with Client() as client:
            yield _Address(written, client)
    elif scheme in ("", "file"):
        yield _Folder(Path(unquote(f"/{rest.partition('/')[2]}") if scheme else written))
    else:
        raise FeedsiteError(
            in_one_line(f"{written} is no address of an export; write one such as https://news.example")
        )


def rows(export: Export) -> Mapping[str, Row] | None:
    """What the export consists of, by name; None where its manifest cannot be had, as from most servers."""
    text = export.file(_MANIFEST)
    if text is None:
        return None
    try:
        return manifest.from_bytes(text).rows
    except ValueError:
        return None


def feed(export: Export, folder: str) -> Mapping[str, Any] | None:
    """The JSON Feed of the list at a path, as it was published; None where there is none."""
    text = export.file(file_name(places.feed(folder, jsonfeed.SUFFIX)))
    if text is None:
        return None
    try:
        value = json.loads(text)
        items = value.get("items")
        if isinstance(items, list) and all(isinstance(one, dict) and one.get("id") for one in items):
            return dict(value)
    except (AttributeError, ValueError, RecursionError):
        pass
    raise FeedsiteError(in_one_line(f"{export.said}{places.feed(folder, jsonfeed.SUFFIX)} is no JSON Feed"))
