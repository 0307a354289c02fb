"""One article's file changed by a command: the lines that change are printed, then what that means for readers."""

import shlex
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from ..editing.linediff import changed_lines
from ..editing.original import Original
from ..editing.save import Change, original_of, save, verify
from ..errors import FeedsiteError, in_one_line
from ..folder.library import Library
from ..index import survey
from ..model import NEVER
from . import named
from .opensite import read, run
from .terminal import has_colours

Make = Callable[[Library, Original, datetime], Change]
Others = Callable[[Library, Original, Change], Iterable[tuple[Original, Change]]]
Tell = Callable[[Original, Change, datetime], Iterable[str]]
_LONGEST = 200  # letters of a line that are printed
_SIGNS = {"-": "red", "+": "green"}

article = click.argument("article", metavar="ARTICLE")
no_others: Others = lambda *_: ()  # noqa: E731
dry_run = click.option("--dry-run", is_flag=True, help="Only print what would change.")


def change(site: Path, word: str, make: Make, tell: Tell, *, is_dry: bool, others: Others = no_others) -> None:
    """Changes the file that the word names. `tell` says what that means for readers, and what to do next.

    `others` are changes of further files. They are saved first: should the process end, the same command does the rest.
    """
    run(site, partial(_change, word=word, make=make, tell=tell, is_dry=is_dry, others=others))


def _change(library: Library, *, word: str, make: Make, tell: Tell, is_dry: bool, others: Others) -> None:
    read(library)
    now = datetime.now(UTC).replace(microsecond=0)
    settings = library.site_yaml().settings
    original = original_of(library.folder, named.source(library, word), settings)
    changed = make(library, original, now)
    _refuse_taken(library, original, changed)
    all_changes = [*others(library, original, changed), (original, changed)]
    for one in all_changes:
        verify(*one)
        _print_lines(*one)
    for one in [] if is_dry else all_changes:
        save(library.folder, *one)
    for sentence in tell(original, changed, now):
        click.echo(in_one_line(sentence))
    if is_dry:
        click.echo("Nothing was changed yet (--dry-run).")
    else:
        _print_faults(library, changed.entry.source)


def address(original: Original, path: str) -> str:
    """An address as the editor can open it; without a base_url a path."""
    settings = original.settings
    return settings.urls.absolute(path) if settings.base_url else path


def word_of(original: Original) -> str:
    """The article as it is typed, ready to paste."""
    return shlex.quote(original.entry.path.rstrip("/").rpartition("/")[2])


def _refuse_taken(library: Library, original: Original, changed: Change) -> None:
    """Refuses an address that another article has, or had: it would keep it."""
    entry = changed.entry
    if entry.published == NEVER or (entry.path == original.entry.path and original.entry.published != NEVER):
        return
    other = survey.holder(library.index, entry.path)
    if other not in ("", original.source, entry.source):
        message = f"{entry.path} is an address of {other}; `feedsite mv` gives one of the two another"
        raise FeedsiteError(in_one_line(message))


def _print_lines(original: Original, changed: Change) -> None:
    lines = list(changed_lines(original.draft.text, changed.draft.text))
    if lines:
        click.echo(in_one_line(original.source))
    width = len(str(max((line.number for line in lines), default=0)))
    for sign, number, text in lines:
        shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ..."
        line = in_one_line(f"{sign} {number:{width}} {shown}")
        click.echo(click.style(line, _SIGNS[sign]) if has_colours() else line)
    if changed.entry.source != original.source:
        click.echo(in_one_line(f"{original.source} -> {changed.entry.source}"))


def _print_faults(library: Library, source: str) -> None:
    """What only shows beside other files, such as an id that another one has."""
    library.read()
    for fault in library.index.faults(with_notes=False):
        if fault.path == source:
            click.echo(str(fault), err=True)
