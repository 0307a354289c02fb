"""The list of what editors have to do: what is to mend, drafts, the queue, what was changed last, and notes."""

from datetime import UTC, datetime
from typing import NamedTuple

from ..checking.framed import Frame
from ..errors import Fault, in_one_line
from ..folder.opening import TEXTS
from ..formats.templates import OURS
from ..index import survey, unpublished
from ..urls import HOME
from . import panel
from .view import FOLDER, Unpublished, View, own_page

_MOST_FAULTS = 40
_MOST_NOTES = 50
_RECENT = 10  # files


class Line(NamedTuple):
    """An article in a list."""

    title: str
    path: str
    source: str
    language: str = "en"
    when: str = ""


class Framed(NamedTuple):
    """What is wrong, and the page where that shows."""

    frame: Frame
    path: str


class Remark(NamedTuple):
    place: str
    message: str
    path: str


def page(view: View) -> bytes:
    faults = sorted(view.faults)
    notes = sorted(fault for fault in view.all_found if fault.is_note)
    shown = faults[:_MOST_FAULTS]
    text = OURS.render(
        "preview/todo.html",
        path=FOLDER,
        site=view.settings,
        urls=view.settings.urls,
        words=view.settings.words,
        frame=view.site.plan.pages.frame,
        sentence=f"The site as it will be on {panel.moment_in_words(view.moment, view)}."
        if view.is_later
        else "The site as it is now, and what nobody else sees of it.",
        faults=[Framed(*pair) for pair in zip(panel.frames(shown, view), map(_page_of, shown), strict=True)],
        fault_count=len(faults),
        left=max(len(faults) - _MOST_FAULTS, 0),
        drafts=[_line(view, one) for one in view.unpublished.values() if one.kind == "draft"],
        queue=[_line(view, one) for one in view.unpublished.values() if one.kind == "scheduled"],
        recent=_recent(view),
        notes=[Remark(in_one_line(one.place), in_one_line(one.message), _page_of(one)) for one in notes[:_MOST_NOTES]],
        note_count=len(notes),
    )
    return text.encode()


def unread(view: View, one: Unpublished) -> bytes:
    """The page of a file of which nothing is known but its faults."""
    text = OURS.render(
        "preview/unread.html",
        path=one.path,
        site=view.settings,
        urls=view.settings.urls,
        words=view.settings.words,
        frame=view.site.plan.pages.frame,
        source=in_one_line(one.source),
    )
    return text.encode()


def place(view: View, source: str) -> str | None:
    """Where the article of a file is shown; None where no such file was read."""
    if one := view.unpublished.get(source):
        return one.path
    return next((file.address for file in survey.files(view.library.index) if file.source == source), None)


def _page_of(fault: Fault) -> str:
    """The page on which a fault shows. Those of site.yaml and the theme show on all, those of pictures on none."""
    return own_page(fault.path) if fault.path.startswith(tuple(f"{folder}/" for folder in TEXTS)) else HOME


def _line(view: View, one: Unpublished) -> Line:
    when = panel.moment_in_words(datetime.fromtimestamp(one.at, UTC), view) if one.kind == "scheduled" else ""
    if one.row is None:
        return Line(in_one_line(one.source), one.path, in_one_line(one.source))
    entry = view.library.index.entry(one.row.number)
    return Line(entry.title, one.path, in_one_line(one.source), entry.language, when)


def _recent(view: View) -> list[Line]:
    index = view.library.index
    files = {file.source: file for file in survey.files(index)}
    lines = []
    for source in unpublished.recent(index, _RECENT):
        if one := view.unpublished.get(source):
            lines.append(_line(view, one))
        elif file := files.get(source):
            entry = index.entry(file.number)
            lines.append(Line(entry.title, file.address, in_one_line(source), entry.language))
    return lines
