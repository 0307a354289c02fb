"""`feedsite check`."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from ..errors import Fault, FeedsiteError, in_one_line
from ..folder.library import Contents, Library
from ..folder.lint import lint, write_id
from ..plan import Plan
from ..wording import counted
from .opensite import read, run


@click.command()
@click.option(
    "--write-ids", is_flag=True, help="Write an id into each article that has none, so that its file can be renamed."
)
@click.pass_obj
def check(site: Path, write_ids: bool) -> None:
    """Tells everything that is wrong in site.yaml and entries/, by file, line and column."""
    run(site, partial(_check, write_ids=write_ids))


def _check(library: Library, *, write_ids: bool) -> None:
    count = read(library).count
    if write_ids:
        settings = library.contents(datetime.now(UTC)).settings
        if settings.base_url is None and settings.id is None:
            raise FeedsiteError("an id names its site: give site.yaml a base_url (or an id) first, then write ids")
        for derived in library.index.derived():
            advice = (
                ""
                if write_id(library.folder, derived, settings)
                else " (this cannot be written in; add the line yourself)"
            )
            click.echo(in_one_line(f"{derived.source}: id: {derived.id}{advice}"))
        count = library.read().count
    now = datetime.now(UTC)
    faults = [*library.index.faults(), *lint(library, now), *_covered_aliases(library.contents(now))]
    for fault in sorted(faults):
        click.echo(str(fault))
    wrong = sum(not fault.is_note for fault in faults)
    if wrong:
        click.echo(f"{counted(wrong, 'fault')} to mend in {counted(count, 'article')}.")
        raise click.exceptions.Exit(1)
    _, _, drafts = library.index.counts(now)
    aside = f", {counted(drafts, 'draft')} among them" if drafts else ""
    click.echo(f"Nothing wrong in {counted(count, 'article')}{aside}.")


def _covered_aliases(contents: Contents) -> Iterator[Fault]:
    """Notes on aliases that lead nowhere, for a list of articles stands there."""
    with contents.edition.index.reading():
        for row, alias in Plan(contents.edition, contents.settings, contents.media).covered_aliases():
            message = f"the alias {alias} leads nowhere, for a list of articles stands there; take it out"
            yield Fault(row.source, 0, 0, message, is_note=True)
