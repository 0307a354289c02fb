"""Notes on pictures and recordings: those that the folder lacks, names that not every system can hold, and pictures
that are too large, or broken."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path

from .. import media, urls
from ..codes import Code
from ..errors import Fault
from ..folder import ownfacts
from ..folder.mediafiles import shape_of
from ..folder.opening import Opened
from ..index import mediarows
from ..index.index import Index
from ..index.readresult import Signature
from ..model import Entry
from ..parsing import markup
from ..parsing.nearness import is_one_slip_off
from ..pictures import reading
from ..pictures.parsed import Shape
from ..pictures.places import TELLING, is_place_told
from ..pictures.sizes import is_resized
from ..pictures.window import Window
from ..settings import Settings
from ..urls import MEDIA_FOLDERS
from .sources import MOST, Sources

_MOST_MEGAPIXELS = 40
_MOST_BYTES = 20 * 1024 * 1024

_MANY = 5000  # files: among so many none is looked for that is one slip off
_SHORT = 8  # letters of a name with its ending: two such names are often near


def by_name(found: Iterable[str]) -> Mapping[str, str]:
    """The paths of pictures and recordings by names without folders, in small letters; "" where several have one."""
    paths: dict[str, str] = {}
    for path in found:
        name = path.rpartition("/")[2].lower()
        paths[name] = "" if name in paths else path
    return paths


def of_entry(
    entry: Entry, settings: Settings, found: Mapping[str, Signature], names: Mapping[str, str], sources: Sources
) -> Iterator[Fault]:
    """What an article wants, sources.MOST at most. `found` are the site's pictures and recordings, as Index.media, and
    `names` their paths `by_name`.
    """
    return chain(
        islice(_missing(entry, settings, found, names, sources), MOST),
        islice(_other_lengths(entry, settings, found, sources), MOST),
    )


def may_follow(body: str) -> bool:
    """Whether an article's HTML may want files, so that anything may be noted of it."""
    return markup.has_sources(body)


def _missing(
    entry: Entry, settings: Settings, found: Mapping[str, Signature], names: Mapping[str, str], sources: Sources
) -> Iterator[Fault]:
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
            yield sources.note_at(Code.LOST_MEDIA, entry.source, missing(path, names, reference.written), reference)
        else:
            texts = path, path.removeprefix("/"), settings.urls.absolute(path)
            yield sources.note_on_text(Code.LOST_MEDIA, entry.source, missing(path, names), *texts)


def _other_lengths(
    entry: Entry, settings: Settings, found: Mapping[str, Signature], sources: Sources
) -> Iterator[Fault]:
    for enclosure in entry.enclosures:
        path = settings.urls.own_path(enclosure.url) or ""
        signature = found.get(path.removeprefix("/"))
        if enclosure.type.startswith("image/"):
            continue  # of a picture's file a part is published
        if signature and (length := signature[0]) != enclosure.length:
            message = f"{path} has {length} bytes; write `length: {length}`"
            yield sources.note_on_text(Code.OTHER_LENGTH, entry.source, message, f"length: {enclosure.length}")


def missing(path: str, names: Mapping[str, str], written: str = "") -> str:
    """Why nothing is published at the path of a picture or recording, with its address as it is `written`; and another
    path to write, if a file has that name, which is told `by_name`.
    """
    name = written or path
    other = names.get(path.rpartition("/")[2].lower(), "")
    if other and " " not in other:
        return f"{name} is not there; write {other}"
    if path.strip("/").partition("/")[0] not in MEDIA_FOLDERS:
        return f"{name} is not published; pictures stand in images/, recordings in audio/"
    if media.type_of(path) is None:
        return f"{name} is not published; its name must end in one of {' '.join(media.TYPES)}"
    stem = path.rpartition("/")[2].lower()
    near = (
        [one for key, one in names.items() if is_one_slip_off(stem, key)]
        if len(names) < _MANY and len(stem) > _SHORT
        else []
    )
    if len(near) == 1:
        return f"{name} is not in the site's folder; is {near[0]} meant?"
    return f"{name} is not in the site's folder; readers will see a gap"


def unfit(folder: Path, index: Index) -> Iterator[Fault]:
    """Pictures that are larger than any screen, and those whose files are broken."""
    for path, row in sorted(mediarows.rows(index)):
        if not row.kind.startswith("image/"):
            continue
        shape = shape_of(row)
        found: tuple[Code, str] | None = None
        with suppress(OSError):  # one that cannot be read just now
            found = _too_much(shape, row.signature[0]) if shape else ownfacts.look(folder, path, _looked_at)
        if found:
            yield Fault(path, 0, 0, *found)


def places(folder: Path, index: Index) -> Iterator[Fault]:
    """Files that are published as they are, and say where they were taken."""
    for path, row in sorted(mediarows.rows(index)):
        if row.kind in TELLING:
            told: bool | None = False
            with suppress(OSError):  # one that cannot be read just now
                told = ownfacts.look(folder, path, _is_place_told)
            if told:
                message = (
                    "the file says when or where it was taken, and is published as it is; save it without that, for the"
                    " place can be somebody's home"
                )
                yield Fault(path, 0, 0, Code.PLACE_TOLD, message)


def _is_place_told(file: Opened, kind: str) -> bool:
    return is_place_told(Window(file.read, file.found.st_size), kind)


def _too_much(shape: Shape, size: int) -> tuple[Code, str] | None:
    megapixels = shape.width * shape.height // 1_000_000
    if megapixels > _MOST_MEGAPIXELS:
        much = f"{megapixels} megapixels"
    elif size > _MOST_BYTES:
        much = f"{size // 1024**2} MB"
    else:
        return None
    copies = "" if is_resized("", shape) or not shape.is_still else ", and no copies for smaller screens are made of it"
    return Code.LARGE_PICTURE, f"the picture has {much}{copies}; save it smaller, 6000 pixels wide at most"


def _looked_at(file: Opened, kind: str) -> tuple[Code, str] | None:
    """Of one whose header said no size when the index was written, or that was changed just before."""
    size = file.found.st_size
    if shape := reading.shape(file.read, size, kind):
        return _too_much(shape, size)
    if reading.spans(file.read, size, kind) is None:
        return Code.BROKEN_PICTURE, (
            "the picture is not published: its file is broken, and seems to say where or by whom it was taken;"
            " save it anew"
        )
    is_drawing = kind == "image/svg+xml"
    what = "its root element has neither width and height nor a viewBox" if is_drawing else "its file is broken"
    return Code.BROKEN_PICTURE, f"nobody knows how large the picture is, for {what}; the page moves while it loads"


def unportable(paths: Iterable[str]) -> Iterator[Fault]:
    """Names that not every system or store can hold."""
    for path in sorted(paths):
        if why := urls.unnamable(path):
            message = f"not every system and store can hold a file of this name: {why}"
            yield Fault(path, 0, 0, Code.UNFIT_NAME, message)


def twins(paths: Iterable[str]) -> Iterator[Fault]:
    """Names of two files that are one on some systems."""
    known: dict[str, str] = {}
    for path in sorted(paths):
        if (twin := known.setdefault(urls.key(path), path)) != path:
            message = f"to Windows and macOS this is the same file as {twin}; rename one"
            yield Fault(path, 0, 0, Code.TWIN_NAMES, message)
