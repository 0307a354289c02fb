"""`feedsite check`."""

import os
import shutil
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from ..checking import printing, sources
from ..checking.framed import WIDEST
from ..checking.machineformats import FORMATS
from ..checking.notes import notes
from ..checking.writeids import write_id
from ..errors import Fault, Faults, FeedsiteError, in_one_line
from ..folder.library import Library
from ..index import survey
from ..settings import FILE
from ..wording import counted
from .opensite import read, run

_NARROWEST = 40  # cells of a line that is shown, in however narrow a terminal


@click.command()
@click.option(
    "--write-ids", is_flag=True, help="Write an id into each article that has none, so that its file can be renamed."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", *FORMATS]),
    default="text",
    help="How it is printed: for people, as commands of GitHub's workflows, as JSON, or as SARIF.",
)
@click.option("--notes", "with_every_note", is_flag=True, help="Print each note, also where many files share one.")
@click.pass_obj
def check(site: Path, write_ids: bool, form: str, with_every_note: bool) -> None:
    """Tells everything that is wrong in site.yaml and entries/, by file, line and column."""
    run(site, partial(_check, write_ids=write_ids, form=form, with_every_note=with_every_note))


def _check(library: Library, *, write_ids: bool, form: str, with_every_note: bool) -> None:
    faults, where = _found(library, write_ids=write_ids)
    text_of = partial(sources.text_of, library.folder)
    if form in FORMATS:
        lines = FORMATS[form](faults, text_of)
    else:
        lines = printing.lines(faults, text_of, with_every_note=with_every_note, paint=_paint(), widest=_widest())
    for line in lines:
        click.echo(line)
    wrong = sum(not fault.is_note for fault in faults)
    if form not in ("json", "sarif"):
        judged = f"{counted(wrong, 'fault')} to mend" if wrong else "Nothing wrong"
        notes_there = f"; {counted(len(faults) - wrong, 'note')}" if len(faults) > wrong else ""
        click.echo(f"{judged} in {where}{notes_there}.")
    if wrong:
        raise click.exceptions.Exit(1)


def _found(library: Library, *, write_ids: bool) -> tuple[list[Fault], str]:
    """The faults and notes, and in how many files. Without a sound site.yaml nothing else is read."""
    try:
        read(library)
    except Faults as error:
        return list(error.faults), FILE
    if write_ids:
        _write_ids(library)
    now = datetime.now(UTC)
    return [*library.index.faults(), *notes(library, now)], _articles(library, now)


def _paint() -> printing.Paint:
    """Colours at a terminal, unless they are not wanted there (https://no-color.org)."""
    is_wanted = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return printing.coloured if is_wanted else printing.plain


def _widest() -> int:
    """The cells of a line of a file that fit into the terminal's width behind the rule."""
    return max(shutil.get_terminal_size().columns - printing.MARGIN, _NARROWEST) if sys.stdout.isatty() else WIDEST


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
