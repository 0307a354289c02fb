"""Notes on what is well written and probably not meant: what only shows beside the rest of the site."""

import os
from collections.abc import Iterator
from datetime import datetime

from ..codes import Code
from ..errors import Fault
from ..folder.indexfile import FORMER
from ..folder.library import Library
from ..plan import Plan
from . import addressnotes, medianotes, sitenotes, timenotes
from .linknotes import Links
from .sitenotes import Bylines
from .sources import Sources

_TRIED = 200  # articles that are drawn with the templates of the theme


def faults_and_notes(library: Library, now: datetime) -> list[Fault]:
    """All that `feedsite check` prints of what the index has read. One cause has one message."""
    found = [*library.index.faults(), *notes(library, now)]
    renamed = {fault.path for fault in found if fault.code == Code.RENAMED}
    return [fault for fault in found if fault.code != Code.WITHOUT_ID or fault.path not in renamed]


def notes(library: Library, now: datetime) -> Iterator[Fault]:
    """Notes on the site as the index has it at one moment, and faults of its theme. Every article is read once."""
    with library.index.reading():
        contents = library.contents(now)
        index, settings = library.index, contents.settings
        sources = Sources(library.folder, index)
        plan = Plan(contents.edition, settings, contents.media)
        links, bylines, media = Links(contents, plan, sources), Bylines(settings, sources), index.media()
        names = medianotes.by_name(media)
        for entry in index.entries():
            yield from medianotes.of_entry(entry, settings, media, names, sources)
            yield from timenotes.of_entry(entry, settings, now, sources)
            yield from bylines.of_entry(entry)
            yield from links.of_entry(entry)
        yield from sitenotes.of_site(contents, names, sources)
        yield from timenotes.of_days(index, settings, sources)
        yield from addressnotes.former(contents.edition, sources)
        yield from addressnotes.renamed(contents.edition)
        yield from addressnotes.covered(plan, sources)
        plan.try_theme(_TRIED)
        yield from plan.faults
        yield from sitenotes.of_style(settings.theme.style)
        yield from medianotes.unportable(media)
        yield from medianotes.unfit(library.folder, index)
        faulty = {fault.path for fault in index.faults(with_notes=False)}  # what twins they are is told there
        yield from medianotes.twins((*media, *(index.signatures().keys() - faulty)))
    if os.path.lexists(library.folder / FORMER):
        yield Fault(FORMER, 0, 0, Code.LEFT_BEHIND, "feedsite reads nothing there any more; delete it")
