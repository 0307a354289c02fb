"""The Entry that a file's values make: what its people, sections and tags are by the site's settings, and its HTML."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import Any

from .. import urls
from ..codes import Code
from ..ids import urn_of
from ..model import NEVER, Category, Entry, Person, Withdrawal
from ..settings import Settings
from ..terms import section_part, term
from ..words import Words
from . import markup, summary
from .fieldtypes import Context
from .nodes import Mark
from .quoting import quoted

DAY = re.compile(r"^\d{4}-\d\d-\d\d(?=\D)")  # at the beginning of a file's name


def address_of(values: Mapping[str, Any], context: Context) -> str:
    """The path of the article on the site; with a fault where the file's name makes none."""
    written: datetime = values.get("published", NEVER)
    return urls.permalink(written.date(), values.get("slug") or _slug_of_file(context))


def entry_of(
    values: Mapping[str, Any],
    marks: Mapping[str, Mark],
    entry_id: str,
    path: str,
    body: str,
    context: Context,
    settings: Settings,
) -> Entry:
    """The article with this id, at this path, with this HTML. Adds faults and notes for its section."""
    base = settings.urls
    written: datetime = values.get("published", NEVER)
    published = NEVER if values.get("status") == "draft" else written.astimezone(UTC)
    section, tags = values.get("section"), values.get("tags", ())
    if section is not None:
        _check_section(section, marks["section"], context, settings)
    image, enclosures = values.get("image"), values.get("enclosures", ())
    corrections = tuple(sorted(values.get("corrections", ()), key=lambda correction: correction.at))
    changes = [published, values.get("updated", published).astimezone(UTC), *(one.at for one in corrections)]
    entry = Entry(
        source=context.path,
        id=entry_id,
        urn=urn_of(entry_id, settings.site_id),
        path=path,
        title=values["title"],
        published=published,
        updated=published if published == NEVER else max(changes),
        day=written.date(),
        summary=values.get("summary") or summary.of(body) or values["title"],
        is_summary_written="summary" in values,
        body=body,
        authors=tuple(_person(author, settings) for author in values.get("authors", ())) or (_publisher(settings),),
        contributors=tuple(_person(author, settings) for author in values.get("contributors", ())),
        section=section
        and Category(term=section_part(section), label=_section_title(section, settings), scheme="section"),
        tags=tuple(Category(term=part, label=tag, scheme="tag") for part, tag in _terms(tags).items()),
        image=image and replace(image, src=base.resolve(image.src)),
        enclosures=tuple(replace(item, url=base.resolve(item.url)) for item in enclosures),
        link=values.get("link"),
        language=values.get("language", settings.language),
        rights=values.get("rights"),
        corrections=corrections,
        aliases=tuple(alias for alias in values.get("aliases", ()) if alias.rstrip("/") != path.rstrip("/")),
        pin=values.get("pin", False),
    )
    return as_withdrawn(entry, values["withdrawn"], settings.words) if "withdrawn" in values else entry


def as_withdrawn(entry: Entry, withdrawal: Withdrawal, words: Words) -> Entry:
    """The entry without all that must no longer be public. Its title and its summary become the notice."""
    return replace(
        entry,
        title=words.text("Withdrawn: {title}", title=entry.title),
        updated=max(entry.updated, withdrawal.at),
        summary=withdrawal.reason,
        is_summary_written=False,
        body="",
        image=None,
        enclosures=(),
        link=None,
        corrections=(),
        withdrawal=withdrawal,
        pin=False,
    )


def html_of(text: str, mark: Mark, path: str, context: Context, settings: Settings) -> str:
    """The Markdown of the page at this path as HTML; "" with a fault where it cannot be set."""
    try:
        return markup.article(
            text,
            settings.urls,
            path,
            source=context.path,
            typographer=settings.typographer,
            math=settings.math,
            words=settings.words,
        )
    except ValueError as error:
        context.fault(Code.TEXT_NOT_SET, mark, f"the text cannot be set: {error}")
        return ""


def _slug_of_file(context: Context) -> str:
    slug = urls.slug_of(DAY.sub("", PurePosixPath(context.path).stem))
    if not slug or not urls.is_writable(slug):
        message = "the file's name makes no good address; add a line such as `slug: japan-taiwan`"
        context.fault(Code.NO_SLUG, Mark(1, 1), message)
    return slug


def _terms(tags: tuple[str, ...]) -> dict[str, str]:
    """The tags, each under its part of an address. Of tags that share one, such as Japan and japan, the first stays."""
    terms: dict[str, str] = {}
    for tag in tags:
        terms.setdefault(term(tag), tag)
    return terms


def _person(author: Person, settings: Settings) -> Person:
    """The person that a byline means: a name alone can be a key of site.yaml's authors."""
    return settings.authors.get(author.name.strip(), author) if author.email is None and author.url is None else author


def _publisher(settings: Settings) -> Person:
    return Person(name=settings.publisher.name, email=settings.publisher.email, url=settings.publisher.url)


def _section_title(section: str, settings: Settings) -> str:
    name = settings.section_parts.get(section_part(section))
    if name is not None:
        return settings.sections[name].title
    return "/".join(part.strip() for part in section.split("/") if part.strip())


def _check_section(section: str, mark: Mark, context: Context, settings: Settings) -> None:
    """Adds a fault where a mix of site.yaml has the section's address, and a note where the section is not in
    site.yaml but is spelled much like one that is.
    """
    first = section_part(section).partition("/")[0]
    if first in settings.mixes:
        context.fault(
            Code.MIX_OVER_SECTION,
            mark,
            f"/{first}/ is the address of a mix of site.yaml; write another section, such as {first}-news",
        )
    if section_part(section) in settings.section_parts:
        return
    if near := get_close_matches(section.casefold(), settings.sections, 1, 0.7):
        context.fault(
            Code.UNKNOWN_SECTION,
            mark,
            f"{quoted(section)} is not among the sections of site.yaml; is `{near[0]}` meant?",
        )
