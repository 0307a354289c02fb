"""The text of one file in entries/ as an Entry, or its faults."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from .. import urls
from ..errors import Fault
from ..model import NEVER, Category, Entry, Person, Withdrawal
from ..settings import Settings
from . import markup, nodes
from .complaints import quoted
from .entryfields import fields_of
from .fieldtypes import Context, is_empty
from .nodes import Mark
from .record import read_fields

_DAY = re.compile(r"^\d{4}-\d\d-\d\d(?=\D)")  # that a file's name may begin with


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFile:
    """What one file says: its entry, where it has no faults, and its faults and notes."""

    entry: Entry | None
    faults: tuple[Fault, ...] = ()
    derived_id: str | None = None  # the id that the file's name stands for, where the file names none
    first_line: int = 1  # where its first field stands


def read(content: bytes, path: str, settings: Settings) -> EntryFile:
    """`path` is the file's own, relative to the site's folder and with forward slashes."""
    root, faults = nodes.parse(content, path)
    context = Context(path, settings.timezone, faults)
    if root is None:
        return EntryFile(entry=None, faults=tuple(faults))
    values = read_fields(root, fields_of(root), context, "an article")
    derived = None
    if not any(named.name == "id" and not is_empty(named.value) for named in root.fields):
        derived = derived_id(path, settings)
    _check_together(root, values, context)
    entry = None if context.is_faulty else _entry(root, values, derived or values["id"], context, settings)
    if context.is_faulty:
        entry = None
    if derived:
        message = (
            "the article has no id: when the file is renamed, readers get it again as a new one; "
            "`feedsite check --write-ids` adds an id"
        )
        context.note(Mark(1, 1), message)
    return EntryFile(entry=entry, faults=tuple(sorted(context.faults)), derived_id=derived, first_line=root.mark.line)


def derived_id(path: str, settings: Settings) -> str:
    """The id of an article that names none, from its file's place: the same on every machine (RFC 4287 4.2.6)."""
    place = unicodedata.normalize("NFC", str(PurePosixPath(path).with_suffix("")))  # macOS writes é in two characters
    return uuid5(NAMESPACE_URL, settings.site_id + place).urn


def _check_together(root: nodes.Mapping, values: dict[str, Any], context: Context) -> None:
    """Fields that contradict each other."""
    marks = {named.name: named.value.mark for named in root.fields if not is_empty(named.value)}
    status = values.get("status", "withdrawn" if "withdrawn" in values else "published")
    if status == "withdrawn" and "withdrawn" not in marks:
        message = "a withdrawn article says when and why; add `withdrawn: {at: 2026-11-22T09:00:00Z, reason: ...}`"
        context.fault(marks["status"], message)
    if status != "withdrawn" and "withdrawn" in values:
        context.fault(
            marks["status"],
            f"the article is {status} and withdrawn at once; write `status: withdrawn`, or take withdrawn out",
        )
    if "published" not in values:
        return
    if "updated" in values and values["updated"] < values["published"]:
        moved = values["published"].isoformat()
        context.fault(
            marks["updated"], f"updated lies before published ({moved}); write a later time, or take the line out"
        )
    withdrawal = (values["withdrawn"],) if "withdrawn" in values else ()
    for name, dated in (("corrections", values.get("corrections", ())), ("withdrawn", withdrawal)):
        if any(one.at < values["published"] for one in dated):
            since = values["published"].isoformat()
            context.fault(marks[name], f"its time lies before published ({since}); write a later one")
    values["status"] = status


def _entry(root: nodes.Mapping, values: dict[str, Any], entry_id: str, context: Context, settings: Settings) -> Entry:
    marks = {named.name: named.value.mark for named in root.fields}
    base = settings.urls
    written: datetime = values.get("published", NEVER)
    published = NEVER if values.get("status") == "draft" else written.astimezone(UTC)
    path = urls.permalink(written.date(), values.get("slug") or _slug_of_file(context))
    body = ""
    if "withdrawn" not in values:
        try:
            body = markup.article(values["body"], base, path)
        except ValueError as error:
            context.fault(marks["body"], f"the text cannot be set: {error}")
    section, tags = values.get("section"), values.get("tags", ())
    if section is not None:
        _note_near_section(section, marks["section"], context, settings)
    image, enclosures = values.get("image"), values.get("enclosures", ())
    corrections = tuple(sorted(values.get("corrections", ()), key=lambda correction: correction.at))
    changes = [published, values.get("updated", published).astimezone(UTC), *(one.at for one in corrections)]
    entry = Entry(
        source=context.path,
        id=entry_id,
        path=path,
        title=values["title"],
        published=published,
        updated=published if published == NEVER else max(changes),
        day=written.date(),
        summary=values.get("summary") or markup.summary(body) or values["title"],
        is_summary_written="summary" in values,
        body=body,
        authors=tuple(_known(author, settings) for author in values.get("authors", ())) or (_publisher(settings),),
        contributors=tuple(_known(author, settings) for author in values.get("contributors", ())),
        section=section and Category(term=section, label=_section_title(section, settings), scheme="section"),
        tags=tuple(Category(term=term, label=tag, scheme="tag") for term, tag in _terms(tags).items()),
        image=image and replace(image, src=base.resolve(image.src)),
        enclosures=tuple(replace(item, url=base.resolve(item.url)) for item in enclosures),
        link=values.get("link"),
        language=values.get("language", settings.language),
        rights=values.get("rights"),
        corrections=corrections,
        aliases=tuple(alias for alias in values.get("aliases", ()) if alias.rstrip("/") != path.rstrip("/")),
    )
    return _taken_back(entry, values["withdrawn"]) if "withdrawn" in values else entry


def _taken_back(entry: Entry, withdrawal: Withdrawal) -> Entry:
    """The notice that stands for a withdrawn article: all that is left of it."""
    return replace(
        entry,
        title=f"Withdrawn: {entry.title}",
        updated=max(entry.updated, withdrawal.at),
        summary=withdrawal.reason,
        is_summary_written=False,
        body="",
        image=None,
        enclosures=(),
        link=None,
        corrections=(),
        withdrawal=withdrawal,
    )


def _slug_of_file(context: Context) -> str:
    slug = urls.slug_of(_DAY.sub("", PurePosixPath(context.path).stem))
    if not slug or not urls.is_writable(slug):
        message = "the file's name makes no good address; add a line such as `slug: japan-taiwan`"
        context.fault(Mark(1, 1), message)
    return slug


def _terms(tags: tuple[str, ...]) -> dict[str, str]:
    """The tags by the word that addresses are made of; of `Japan` and `japan` the first is kept."""
    terms: dict[str, str] = {}
    for tag in tags:
        terms.setdefault(urls.slug_of(tag) or tag, tag)
    return terms


def _known(author: Person, settings: Settings) -> Person:
    """A byline that is a key of site.yaml's authors stands for that person."""
    return settings.authors.get(author.name, author) if author.email is None and author.url is None else author


def _publisher(settings: Settings) -> Person:
    return Person(name=settings.publisher.name, email=settings.publisher.email, url=settings.publisher.url)


def _section_title(section: str, settings: Settings) -> str:
    return settings.sections[section].title if section in settings.sections else section


def _note_near_section(section: str, mark: Mark, context: Context, settings: Settings) -> None:
    listed_ones = settings.sections
    if section not in listed_ones and (near := get_close_matches(section.casefold(), listed_ones, 1, 0.7)):
        context.note(mark, f"{quoted(section)} is not among the sections of site.yaml; is `{near[0]}` meant?")
