"""Templates of a site's theme in the place of ours. Whatever is wrong with one, the page is drawn: with ours."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import TracebackType
from typing import Any

from ..codes import Code
from ..errors import Fault
from ..theme import Theme
from . import templates
from .sandbox import Sandbox, line_of, words_of
from .templates import OURS, Templates

FOLDER = "theme"
_OURS = "feedsite/"  # before the name by which a theme's template finds the one of ours that it stands for
# What no theme replaces: what feeds have of an article, and the notice of a former address, which nobody reads.
KEPT = frozenset(("content.html", "moved.html"))
_MOST = 50  # faults of one theme
_OWN_IS_USED = "until this is mended, feedsite's own is used"


def of(theme: Theme) -> Templates:
    """The templates of a site: ours, where its theme has none."""
    return _themed(theme.templates) if theme.templates else OURS


@lru_cache(4)  # compiled once, and its faults are kept
def _themed(files: tuple[tuple[str, str], ...]) -> "Themed":
    return Themed(dict(files))


class Themed(Templates):
    """`files` are the theme's templates by name."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._found: dict[Fault, None] = {}
        self._kept = sorted(KEPT & files.keys())
        self.is_tried = False
        ours = templates.sources()
        known = {name: (text, f"{FOLDER}/{name}") for name, text in files.items() if name not in KEPT}
        sources = {name: (text, name) for name, text in ours.items()}
        sources |= {f"{_OURS}{name}": (text, name) for name, text in ours.items()} | known
        self._sandbox = Sandbox(sources, templates.FILTERS)
        self._themes = frozenset(known)
        self._references = dict(templates.references())
        self._references |= {f"{_OURS}{name}": names for name, names in templates.references().items()}
        self._references |= {name: self._read(name, *source) for name, source in known.items()}
        for name in [name for name in known if self._found_in(name)]:  # as if the theme did not have it
            sources |= {name: (ours[name], name)} if name in ours else {}
            self._references[name] = templates.references().get(name, frozenset())
            del known[name]
        self._sandbox = Sandbox(sources, templates.FILTERS)
        self._changed = {name for name in ours if self._reached(name) & known.keys()}
        self._notes = tuple(self._unused(known, ours))

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(self._found)

    @property
    def notes(self) -> tuple[Fault, ...]:
        return self._notes

    def render(self, template: str, /, **values: Any) -> str:
        if template not in self._changed:
            return OURS.render(template, **values)
        try:
            return self._sandbox.page(template, values)
        except Exception as error:  # noqa: BLE001  # a template can raise anything; the page must be drawn all the same
            self._add(template, error)
        return OURS.render(template, **values)

    def macro(self, template: str, macro: str, /, *values: Any) -> str:
        if template not in self._changed:
            return OURS.macro(template, macro, *values)
        try:
            if (printed := self._sandbox.macro(template, macro, values)) is not None:
                return printed
        except Exception as error:  # noqa: BLE001  # see above
            self._add(template, error)
        return OURS.macro(template, macro, *values)

    def _read(self, name: str, text: str, file: str) -> frozenset[str]:
        """The names of the templates that one refers to. Adds a fault where it is none."""
        try:
            return self._sandbox.references(text, name, file)
        except Exception as error:  # noqa: BLE001  # a text can be anything
            self._add(name, error)
            return frozenset()

    def _found_in(self, name: str) -> bool:
        """Whether a fault of this file is known."""
        return any(fault.path == f"{FOLDER}/{name}" for fault in self._found)

    def _reached(self, name: str) -> set[str]:
        found, waiting = set(), [name]
        while waiting:
            if (one := waiting.pop()) not in found:
                found.add(one)
                waiting += self._references.get(one, ())
        return found

    def _unused(self, files: Iterable[str], ours: Mapping[str, str]) -> list[Fault]:
        """Notes on templates of the theme that no page needs."""
        used = set().union(*map(self._reached, ours))
        notes = []
        for name in self._kept:
            message = "no theme replaces this template; delete the file"
            notes.append(Fault(f"{FOLDER}/{name}", 0, 0, Code.UNUSED_TEMPLATE, message))
        for name in files:
            if name not in used:
                names = ", ".join(sorted(ours.keys() - KEPT))
                message = f"nothing uses this template; those that can be replaced are {names}"
                notes.append(Fault(f"{FOLDER}/{name}", 0, 0, Code.UNUSED_TEMPLATE, message))
        return notes

    def _add(self, template: str, error: Exception) -> None:
        if len(self._found) < _MOST:
            self._found.setdefault(_fault(template, error, self._themes), None)


def _fault(template: str, error: Exception, names: frozenset[str]) -> Fault:
    """What is wrong, at the last line of a theme's template that the error came through."""
    name, line = line_of(error) or _place(error.__traceback__) or (template, 0)
    if name not in names:
        name = next(iter(sorted(names)), template) if template not in names else template
        line = 0
    return Fault(f"{FOLDER}/{name}", line, 1 if line else 0, Code.TEMPLATE, f"{words_of(error)}; {_OWN_IS_USED}")


def _place(trace: TracebackType | None) -> tuple[str, int] | None:
    found = None
    while trace:
        folder, _, name = trace.tb_frame.f_code.co_filename.rpartition("/")
        if folder == FOLDER:
            found = name, trace.tb_lineno
        trace = trace.tb_next
    return found
