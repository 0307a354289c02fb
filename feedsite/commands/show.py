"""`feedsite show`."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from ..collection import names_of, path_of
from ..desk import said
from ..document import Document, Gone
from ..drafts import as_published
from ..errors import FeedsiteError, in_one_line
from ..folder.library import Library
from ..formats import FEED_FORMATS
from ..index import unpublished
from ..model import NEVER, Entry
from ..settings import Settings
from ..site import Site
from . import named
from .opensite import read, run

_ROOM = 9  # cells of a word


@click.command()
@click.argument("article")
@click.option("--format", "form", type=click.Choice(list(said.NAMES)), help="Print the item, or the page, as it is.")
@click.pass_obj
def show(site: Path, article: str, form: str | None) -> None:
    """Tells what each format says of an article; of a draft, what it would say.

    ARTICLE is the last part of its address, or its file.
    """
    run(site, partial(_show, word=article, form=form))


def _show(library: Library, *, word: str, form: str | None) -> None:
    read(library)
    now = datetime.now(UTC).replace(microsecond=0)
    with library.index.reading():
        contents = library.contents(now)
        settings = contents.settings
        written = named.article(library, word)
        site = Site(contents.edition, settings, contents.media)
        entry = as_published(written, now, settings.timezone, settings.urls)
        page = _page(site, entry, now)
        everything = site.plan.collections.everything
        if form == said.PAGE:
            _print_bytes(page)
        elif form and entry.nav:
            raise FeedsiteError(in_one_line(f"{entry.source} is a standing page: no feed has it"))
        elif form:
            _print_bytes(said.feed_of(entry, form, everything, settings).entries[0])
        else:
            click.echo(in_one_line(entry.title))
            for name, value in _facts(library, site, settings, written, entry, now):
                click.echo(in_one_line(f"  {name:{_ROOM}} {value}"))
            for one in () if entry.nav else said.sayings(entry, page, everything, settings):
                in_which = f"  ({', '.join(one.formats)})" if one.formats else ""
                click.echo(in_one_line(f"  {one.word:{_ROOM}} {one.value}{in_which}"))


def _page(site: Site, entry: Entry, now: datetime) -> bytes:
    """The page of an article as it is, or would be."""
    found = site.get(entry.path) if entry.published <= now or entry.nav else None
    if isinstance(found, Gone):
        found = found.document
    return (found if isinstance(found, Document) else site.unpublished(entry)).body


def _facts(
    library: Library, site: Site, settings: Settings, written: Entry, entry: Entry, now: datetime
) -> Iterator[tuple[str, str]]:
    """State, file, address, id and lists, each with the word for it."""
    yield "state", _state(library, written, entry, now, settings)
    yield "file", entry.source
    base = settings.base_url or ""
    yield "address", f"{base}{entry.path}"
    for alias in entry.aliases:
        yield "alias", f"{base}{alias}"
    if entry.nav:
        return
    yield "id", entry.id
    if entry.urn:
        yield "in Atom", entry.urn
    for key in names_of(entry):
        found = site.plan.collections.at(key)
        yield "list", f"{path_of(key)}{f'  {found.title}' if found else ''}"
    yield "", f"each with {', '.join(f'feed.{form.suffix}' for form in FEED_FORMATS)}"


def _state(library: Library, written: Entry, entry: Entry, now: datetime, settings: Settings) -> str:
    def at(moment: datetime) -> str:
        return f"{moment.astimezone(settings.timezone):%Y-%m-%d %H:%M}"

    row = unpublished.by_id(library.index, written.iri)
    if row is None or row.source != written.source:
        return "not published, for another file has its id or address: `feedsite check` names it"
    faulty = any(not fault.is_note for fault in library.index.faults_below(written.source, "file"))
    last = "; its file has faults, and this is what it said before" if faulty else ""
    if written.published == NEVER:
        return f"draft; so it would be, published at {at(entry.published)}{last}"
    if entry.nav:
        return f"public, as a standing page{last}"
    if entry.withdrawal:
        return f"withdrawn at {at(entry.withdrawal.at)}{last}"
    if entry.published > now:
        return f"scheduled for {at(entry.published)}{last}"
    updated = f", updated at {at(entry.updated)}" if entry.updated != entry.published else ""
    return f"published at {at(entry.published)}{updated}{last}"


def _print_bytes(text: bytes) -> None:
    click.echo(text if text.endswith(b"\n") else text + b"\n", nl=False)
