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
from ..checking.keptnotes import faults_and_notes
from ..checking.machineformats import FORMATS
from ..checking.mending import with_certain_ids
from ..codes import Code
from ..errors import Fault, Faults, in_one_line
from ..folder.library import Library
from ..index import survey
from ..settings import FILE
from ..wording import counted
from .fixing import diff, fixed
from .opensite import read, run
from .terminal import has_colours

# What an article's time, section or byline is in another site.yaml.
_OF_SETTINGS = frozenset({Code.CLOCK_CHANGE, Code.BEFORE_PUBLISHED, Code.UNKNOWN_SECTION, Code.MIX_OVER_SECTION})
_NARROWEST = 40  # cells of a line that is shown, in however narrow a terminal


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", *FORMATS]),
    default="text",
    help="How it is printed: for people, as commands of GitHub's workflows, as JSON, or as SARIF.",
)
@click.option("--fix", "is_fixed", is_flag=True, help="Mend what is certain, and print the lines that are changed.")
@click.option("--diff", "is_diff", is_flag=True, help="Print what --fix would change, and change nothing.")
@click.option("--notes", "with_every_note", is_flag=True, help="Print each note, also where many files share one.")
@click.pass_obj
def check(site: Path, form: str, is_fixed: bool, is_diff: bool, with_every_note: bool) -> None:
    """Tells what is wrong in each file, by line and column.

    --fix mends only what is certain: quotation marks, spaces, signs that look like those of YAML, names of fields, days
    in another spelling, a missing id. An article without faults stays the same to all who read it.
    """
    work = partial(_check, form=form, is_fixed=is_fixed, with_every_note=with_every_note)
    run(site, _diff if is_diff else work)


def _diff(library: Library) -> None:
    is_terminal, is_changed = sys.stdout.isatty(), False
    for line in diff(library):
        is_changed = True
        click.echo(in_one_line(line.rstrip("\r\n")) if is_terminal else line, nl=is_terminal)
    faults, where = _found(library)
    wrong = sum(not fault.is_note for fault in faults)
    click.echo(f"{counted(wrong, 'fault')} in {where}; --fix changes {'this' if is_changed else 'nothing'}.", err=True)
    if wrong:
        raise click.exceptions.Exit(1)


def _check(library: Library, *, form: str, is_fixed: bool, with_every_note: bool) -> None:
    if is_fixed:
        for line in fixed(library):
            click.echo(line, err=form != "text")
    faults, where = _found(library)
    text_of = partial(sources.text_of, library.folder)
    if form in FORMATS:
        lines = FORMATS[form](faults, text_of)
    else:
        paint = printing.coloured if has_colours() else printing.plain
        lines = printing.lines(faults, text_of, with_every_note=with_every_note, paint=paint, widest=_widest())
    for line in lines:
        click.echo(line)
    wrong = sum(not fault.is_note for fault in faults)
    if form not in ("json", "sarif"):
        judged = f"{counted(wrong, 'fault')} to mend" if wrong else "Nothing wrong"
        notes_there = f"; {counted(len(faults) - wrong, 'note')}" if len(faults) > wrong else ""
        where, semicolon, later = where.partition("; ")
        click.echo(f"{judged} in {where}{notes_there}{semicolon}{later}.")
    if wrong:
        raise click.exceptions.Exit(1)


def _found(library: Library) -> tuple[list[Fault], str]:
    """The faults and notes, and in how many files."""
    try:
        read(library)
    except Faults as error:
        return _without_settings(library, error)
    now = datetime.now(UTC)
    return with_certain_ids(faults_and_notes(library, now), library.index.derived()), _articles(library, now)


def _without_settings(library: Library, error: Faults) -> tuple[list[Fault], str]:
    """The same where site.yaml has faults and never had none: articles are read with what of it is sound, and what may
    be wrong of them only because of that is left out.
    """
    later = f"is checked when {FILE} is mended"
    if any(fault.line == 0 for fault in error.faults if fault.path == FILE):  # there is none, or it cannot be read
        return list(error.faults), f"{FILE}; all else {later}"
    lenient = Library(library.folder, os.environ, is_lenient=True)
    read(lenient)
    found = with_certain_ids(lenient.index.faults(), ())
    sure = [fault for fault in found if fault.path == FILE or fault.code not in _OF_SETTINGS]
    return sure, f"{FILE}, {_articles(lenient, datetime.now(UTC))}; what depends on it {later}"


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
