"""`feedsite check`."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from ..checking import printing, sources
from ..checking.notes import notes
from ..checking.writeids import write_id
from ..errors import FeedsiteError, in_one_line
from ..folder.library import Library
from ..index import survey
from ..wording import counted
from .opensite import read, run


@click.command()
@click.option(
    "--write-ids", is_flag=True, help="Write an id into each article that has none, so that its file can be renamed."
)
@click.option("--notes", "with_every_note", is_flag=True, help="Print each note, also where many files share one.")
@click.pass_obj
def check(site: Path, write_ids: bool, with_every_note: bool) -> None:
    """Tells everything that is wrong in site.yaml and entries/, by file, line and column."""
    run(site, partial(_check, write_ids=write_ids, with_every_note=with_every_note))


def _check(library: Library, *, write_ids: bool, with_every_note: bool) -> None:
    read(library)
    if write_ids:
        _write_ids(library)
    now = datetime.now(UTC)
    faults = [*library.index.faults(), *notes(library, now)]
    text_of = partial(sources.text_of, library.folder)
    for line in printing.lines(faults, text_of, with_every_note=with_every_note):
        click.echo(line)
    wrong = sum(not fault.is_note for fault in faults)
    notes_there = len(faults) - wrong
    articles = _articles(library, now) + (f"; {counted(notes_there, 'note')}" if notes_there else "")
    if wrong:
        click.echo(f"{counted(wrong, 'fault')} to mend in {articles}.")
        raise click.exceptions.Exit(1)
    click.echo(f"Nothing wrong in {articles}.")


def _write_ids(library: Library) -> None:
    settings = library.contents(datetime.now(UTC)).settings
    if settings.base_url is None and settings.id is None:
        raise FeedsiteError("an id names its site: give site.yaml a base_url (or an id) first, then write ids")
    for derived in library.index.derived():
        advice = (
            "" if write_id(library.folder, derived, settings) else " (this cannot be written in; add the line yourself)"
        )
        click.echo(in_one_line(f"{derived.source}: id: {derived.id}{advice}"))
    library.read()


def _articles(library: Library, now: datetime) -> str:
    """How many articles and standing pages the site has, and how many of them are not simply public."""
    count, withdrawn = survey.file_counts(library.index)
    pages = survey.page_count(library.index)
    _, scheduled, drafts = library.index.counts(now)
    kinds = [(drafts, "draft"), (scheduled, "scheduled"), (withdrawn, "withdrawn")]
    aside = [counted(number, word) if word == "draft" else f"{number} {word}" for number, word in kinds if number]
    among = f", {', '.join(aside)} among them" if aside else ""
    standing = f" and {counted(pages, 'page')}" if pages else ""
    return counted(count, "article") + standing + among
