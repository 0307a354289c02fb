"""The files of a site's theme/ folder: its stylesheet and its templates, as texts. Every scan reads them all.

A file that cannot be taken keeps the text that was taken last.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..codes import Code
from ..errors import Fault, is_passing, reason
from ..index.unusable import strange
from ..theme import STYLE
from .opening import THEME, Unreadable, open_folder, opened
from .saves import is_being_saved
from .walk import is_hidden

LARGEST = 256 * 1024  # bytes of one file
LARGEST_ALL = 1024 * 1024  # bytes of all files: each process keeps them, and each template compiled
_MOST = 100  # files
_TEMPLATE = ".html"


@dataclass(frozen=True, slots=True)
class ThemeFiles:
    """The texts by name, in the order of names. `is_passing`: a file is being saved, or cannot be read just now."""

    texts: tuple[tuple[str, str], ...] = ()
    faults: tuple[Fault, ...] = ()
    is_passing: bool = False

    @property
    def written(self) -> bytes:
        """As the index keeps them."""
        return json.dumps(self.texts, ensure_ascii=False).encode() if self.texts else b""


def texts_of(written: bytes) -> tuple[tuple[str, str], ...]:
    """The texts that the index keeps. Raises Unusable for what was never written there."""
    try:
        found = tuple((name, text) for name, text in json.loads(written)) if written else ()
    except (TypeError, ValueError):
        raise strange() from None
    if not all(isinstance(part, str) for pair in found for part in pair):
        raise strange()
    return found


def read(folder: Path, former: tuple[tuple[str, str], ...], *, waits_for_saves: bool = False) -> ThemeFiles:
    """The files as they stand on the disk. `former` are the texts that were taken last.

    With `waits_for_saves` a file that seems to be being saved keeps its former text.
    """
    reading = _Reading(folder, dict(former), waits_for_saves=waits_for_saves)
    try:
        names = _names(folder)
    except (FileNotFoundError, NotADirectoryError):
        return ThemeFiles()
    except OSError as error:
        return ThemeFiles(former, (Fault(THEME, 0, 0, Code.UNREADABLE, reason(error)),), is_passing(error))
    texts: dict[str, str] = {}
    size = 0
    for name in names[:_MOST]:
        if (text := reading.text(name)) is not None:
            size += len(text.encode())
            if size > LARGEST_ALL:
                message = f"the files of this folder are larger than {LARGEST_ALL // 1024**2} MB; this one is not read"
                reading.faults.append(Fault(f"{THEME}/{name}", 0, 0, Code.THEME_TOO_LARGE, message))
                break
            texts[name] = text
    if len(names) > _MOST:
        message = f"only {_MOST} files are read here, and there are {len(names)}"
        reading.faults.append(Fault(THEME, 0, 0, Code.THEME_TOO_LARGE, message))
    return ThemeFiles(tuple(texts.items()), tuple(reading.faults), reading.is_passing)


@dataclass(slots=True)
class _Reading:
    folder: Path
    former: Mapping[str, str]
    waits_for_saves: bool
    faults: list[Fault] = field(default_factory=list)
    is_passing: bool = False

    def text(self, name: str) -> str | None:
        """The text of a file, or its former one; None where there is neither, or where the file is none of a theme."""
        path = f"{THEME}/{name}"
        if name != STYLE and not name.endswith(_TEMPLATE):
            if not name.lower().startswith("readme"):
                message = f"this file is not read; a theme has a {STYLE} and templates, whose names end in {_TEMPLATE}"
                self.faults.append(Fault(path, 0, 0, Code.NOT_READ, message))
            return None
        former = self.former.get(name)
        try:
            with opened(self.folder, path, THEME) as file:
                content = file.whole() if file.found.st_size <= LARGEST else b""
                size = max(len(content), file.found.st_size)
            if size > LARGEST:
                message = f"the file is larger than {LARGEST // 1024} kB"
                self.faults.append(Fault(path, 0, 0, Code.THEME_TOO_LARGE, message))
                return former
            text = content.decode("utf-8-sig")
            if self.waits_for_saves and text != former and is_being_saved(self.folder, path, content):
                self.is_passing = True
                return former
        except FileNotFoundError:
            return None  # deleted since the folder was listed
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            self.faults.append(Fault(path, line, 1, Code.NOT_UTF8, "this is not saved as UTF-8; save it so"))
            return former
        except (OSError, Unreadable) as error:
            self.is_passing |= is_passing(error)
            self.faults.append(Fault(path, 0, 0, Code.UNREADABLE, reason(error)))
            return former
        return text


def _names(folder: Path) -> list[str]:
    """The names in theme/, without hidden ones and editors' backups. Raises OSError."""
    listed = open_folder(folder, THEME, THEME)
    try:
        return sorted(name for name in os.listdir(listed) if not is_hidden(name) and name.isprintable())
    finally:
        os.close(listed)
