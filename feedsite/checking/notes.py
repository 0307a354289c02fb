"""Notes on what is well written and probably not meant: what only shows beside the rest of the site."""

from datetime import datetime

from ..errors import Fault
from ..folder.library import Library
from ..index import mediarows, survey
from ..model import NEVER
from ..plan import Plan
from . import addressnotes, medianotes, sitenotes, timenotes
from .linknotes import Links
from .sitenotes import Bylines
from .sources import Sources

_TRIED = 200  # articles that are drawn with the templates of the theme


def notes(library: Library, now: datetime) -> tuple[list[Fault], datetime | None]:
    """Notes on the site as the index has it at one moment, and faults of its theme; and the next moment at which there
    may be others without any change of a file, None where there is no such one. Of most articles a glimpse is enough.
    """
    found: list[Fault] = []
    until = NEVER
    with library.index.reading():
        contents = library.contents(now)
        index, settings = library.index, contents.settings
        sources = Sources(library.folder, index)
        plan = Plan(contents.edition, settings, contents.media)
        links, bylines = Links(contents, plan, sources, now), Bylines(settings, sources)
        media = mediarows.signatures(index)
        names = medianotes.by_name(media)
        worth_reading = {
            one.number
            for one in survey.glimpses(index)
            if one.has_files
            or timenotes.may_follow(one.updated, now)
            or medianotes.may_follow(one.body)
            or links.may_follow(one.body)
            or bylines.may_follow(one.people)
        }
        for entry in index.entries(worth_reading):
            found += medianotes.of_entry(entry, settings, media, names, sources)
            found += timenotes.of_entry(entry, settings, now, sources)
            found += bylines.of_entry(entry)
            found += links.of_entry(entry)
            until = min(until, timenotes.next_moment(entry, now))
        found += sitenotes.of_site(contents, names, sources)
        found += timenotes.of_days(index, settings, sources)
        found += addressnotes.former(contents.edition, sources)
        found += addressnotes.renamed(contents.edition)
        found += addressnotes.covered(plan, sources)
        plan.try_theme(_TRIED)
        found += plan.faults
        found += sitenotes.of_style(settings.theme.style)
        found += medianotes.unportable(media)
        found += medianotes.unfit(library.folder, index)
        found += medianotes.places(library.folder, index)
        faulty = {fault.path for fault in index.faults(with_notes=False)}  # what twins they are is told there
        found += medianotes.twins((*media, *(index.signatures().keys() - faulty)))
    return found, None if until == NEVER else until
