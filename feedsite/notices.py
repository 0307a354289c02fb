"""Notices: a correction, or a withdrawal, as an item of its own in lists and feeds.

Some feed readers never take an update of an article that they have: such a reader gets the notice.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from html import escape

from .model import Entry
from .words import Words

WITHDRAWN = "#withdrawn"
_CORRECTION = "#correction-"
_END = re.compile(f"(?:#|%23)(?:{WITHDRAWN[1:]}|{_CORRECTION[1:]}\\d+)$")


def part_of(written: str) -> str:
    """The end of an id by which it would be that of a notice; "" where it has no such end."""
    found = _END.search(written)
    return found[0] if found else ""


def notices_of(entry: Entry) -> Iterator[tuple[str, datetime, bool]]:
    """The part that the id of each notice about an article has behind the article's, the notice's moment, and whether
    it is announced in the collections of the article.
    """
    for number, correction in enumerate(entry.corrections, 1):
        yield f"{_CORRECTION}{number}", correction.at, correction.announce
    if entry.withdrawal:
        yield WITHDRAWN, entry.withdrawal.at, entry.withdrawal.announce


def notice(entry: Entry, part: str, words: Words) -> Entry:
    """A notice as an item: with the article's address, section, tags, authors and language.

    Raises LookupError or ValueError where there is no such notice.
    """
    if part == WITHDRAWN and entry.withdrawal:
        at, title, text = entry.withdrawal.at, entry.title, entry.withdrawal.reason
    else:
        correction = entry.corrections[int(part.removeprefix(_CORRECTION)) - 1]
        at, text = correction.at, correction.note
        title = words.text("Correction: {title}", title=entry.title)
    notice_id = entry.id + part
    iri = entry.iri + (part.replace("#", "%23") if "#" in entry.iri else part)  # an IRI has one fragment
    return replace(
        entry,
        id=notice_id,
        urn=iri if iri != notice_id else None,
        title=title,
        published=at,
        updated=at,
        day=at.date(),
        summary=text,
        is_summary_written=False,
        body=f"<p>{escape(text, quote=False)}</p>\n",
        image=None,
        enclosures=(),
        link=None,
        corrections=(),
        withdrawal=None,
        aliases=(),
        pin=False,
    )
