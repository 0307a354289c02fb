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
from ..errors import Fault, Faults
from ..folder.library import Library
from ..index import survey
from ..settings import FILE
from ..wording import counted
from .opensite import read, run

_NARROWEST = 40  # cells of a line that is shown, in however narrow a terminal


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", *FORMATS]),
    default="text",
    help="How it is printed: for people, as commands of GitHub's workflows, as JSON, or as SARIF.",
)
@click.option("--notes", "with_every_note", is_flag=True, help="Print each note, also where many files share one.")
@click.pass_obj
def check(site: Path, form: str, with_every_note: bool) -> None:
    """Tells everything that is wrong in site.yaml and entries/, by file, line and column."""
    run(site, partial(_check, form=form, with_every_note=with_every_note))


def _check(library: Library, *, form: str, with_every_note: bool) -> None:
    faults, where = _found(library)
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


def _found(library: Library) -> tuple[list[Fault], str]:
    """The faults and notes, and in how many files. Without a sound site.yaml nothing else is read."""
    try:
        read(library)
    except Faults as error:
        return list(error.faults), FILE
    now = datetime.now(UTC)
    return [*library.index.faults(), *notes(library, now)], _articles(library, now)


def _paint() -> printing.Paint:
    """Colours at a terminal, unless they are not wanted there (https://no-color.org)."""
    is_wanted = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return printing.coloured if is_wanted else printing.plain


def _widest() -> int:
    """The cells of a line of a file that fit into the terminal's width behind the rule."""
    return max(shutil.get_terminal_size().columns - printing.MARGIN, _NARROWEST) if sys.stdout.isatty() else WIDEST


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
