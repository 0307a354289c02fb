"""Notes on pictures and recordings: those that the folder lacks, and names that not every system can hold."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice

from .. import media, urls
from ..errors import Fault
from ..index.readresult import Signature
from ..model import Entry
from ..parsing import markup
from ..settings import Settings
from ..urls import MEDIA_FOLDERS
from .sources import MOST, Sources


def of_entry(entry: Entry, settings: Settings, found: Mapping[str, Signature], sources: Sources) -> Iterator[Fault]:
    """What an article wants, sources.MOST at most. `found` are the site's pictures and recordings, as Index.media."""
    return chain(
        islice(_missing(entry, settings, found, sources), MOST),
        islice(_other_lengths(entry, settings, found, sources), MOST),
    )


def _missing(entry: Entry, settings: Settings, found: Mapping[str, Signature], sources: Sources) -> Iterator[Fault]:
    front = [entry.image.src] if entry.image else []
    front += [enclosure.url for enclosure in entry.enclosures]
    wanted: dict[str, str] = {}
    for address in (*front, *markup.sources(entry.body)):
        wanted.setdefault(settings.urls.own_path(address) or "", address)
    for path, address in wanted.items():
        if not path or path.removeprefix("/") in found:
            continue
        reference = None if address in front else sources.references(entry, settings.urls).get(address)
        if reference:
            yield sources.note_at(entry.source, missing(path, reference.written), reference)
        else:
            texts = path, path.removeprefix("/"), settings.urls.absolute(path)
            yield sources.note_on_text(entry.source, missing(path), *texts)


def _other_lengths(
    entry: Entry, settings: Settings, found: Mapping[str, Signature], sources: Sources
) -> Iterator[Fault]:
    for enclosure in entry.enclosures:
        path = settings.urls.own_path(enclosure.url) or ""
        signature = found.get(path.removeprefix("/"))
        if signature and (length := signature[0]) != enclosure.length:
            message = f"{path} has {length} bytes; write `length: {length}`"
            yield sources.note_on_text(entry.source, message, f"length: {enclosure.length}")


def missing(path: str, written: str = "") -> str:
    """Why nothing is published at the path of a picture or recording, with its address as it is `written`."""
    name = written or path
    if path.strip("/").partition("/")[0] not in MEDIA_FOLDERS:
        return f"{name} is not published; pictures stand in images/, recordings in audio/"
    if media.type_of(path) is None:
        return f"{name} is not published; its name must end in one of {' '.join(media.TYPES)}"
    return f"{name} is not in the site's folder; readers will see a gap"


def unportable(paths: Iterable[str]) -> Iterator[Fault]:
    """Names that not every system or store can hold."""
    for path in sorted(paths):
        if why := urls.unnamable(path):
            yield Fault(path, 0, 0, f"not every system and store can hold a file of this name: {why}", is_note=True)


def twins(paths: Iterable[str]) -> Iterator[Fault]:
    """Names of two files that are one on some systems."""
    known: dict[str, str] = {}
    for path in sorted(paths):
        if (twin := known.setdefault(urls.key(path), path)) != path:
            yield Fault(path, 0, 0, f"to Windows and macOS this is the same file as {twin}; rename one", is_note=True)
