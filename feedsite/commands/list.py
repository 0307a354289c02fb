"""`feedsite list`."""

import shutil
import sys
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path

import click

from ..desk import overview
from ..errors import in_one_line
from ..folder.library import Library
from ..index import listing
from ..index.listing import DRAFT, SCHEDULED, STATES, WITHDRAWN
from ..settings import Settings
from ..terms import section_part, term
from ..wording import counted
from .opensite import read, run

_NAMED = 3  # files
_NEWEST = 30  # articles that are listed where not all are wanted


@click.command("list")
@click.option("--drafts", is_flag=True, help="Only drafts; with --scheduled or --withdrawn, those too.")
@click.option("--scheduled", is_flag=True, help="Only those that will appear.")
@click.option("--withdrawn", is_flag=True, help="Only those that were taken back.")
@click.option("--section", help="Only those of a section, and of those within it.")
@click.option("--tag", help="Only those with a tag.")
@click.option("--author", help="Only those of an author, by name or by the key in site.yaml.")
@click.option("--all", "all_of_them", is_flag=True, help=f"All of them, not only the newest {_NEWEST}.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def list_(
    site: Path,
    drafts: bool,
    scheduled: bool,
    withdrawn: bool,
    section: str | None,
    tag: str | None,
    author: str | None,
    all_of_them: bool,
    form: str,
) -> None:
    """Lists articles, newest first, with the state of each: drafts and scheduled ones too."""
    chosen = {DRAFT: drafts, SCHEDULED: scheduled, WITHDRAWN: withdrawn}
    states = tuple(state for state, is_wanted in chosen.items() if is_wanted) or STATES
    most = None if all_of_them else _NEWEST
    lists = (section, tag, author)
    run(site, partial(_list, states=states, lists=lists, most=most, form=form))


def _list(
    library: Library,
    *,
    states: tuple[str, ...],
    lists: tuple[str | None, str | None, str | None],
    most: int | None,
    form: str,
) -> None:
    read(library)
    now = datetime.now(UTC)
    with library.index.reading():
        settings = library.contents(now).settings
        keys = _keys(*lists, settings)
        found = list(islice(listing.listed(library.index, now, states, keys), most and most + 1))
        broken = listing.broken(library.index) if states == STATES and not keys else []
    has_more = most is not None and len(found) > most
    found = found[:most]
    if form == "json":
        click.echo(overview.as_json(found, broken, settings))
        return
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    lines = [overview.line(one, settings) for one in found]
    for text in overview.table(lines, width) if lines else ["There is no such article."]:
        click.echo(text)
    if has_more:
        click.echo(f"These are the newest {most}; `feedsite list --all` lists all of them.")
    if broken:
        names = ", ".join(broken[:_NAMED]) + (", ..." if len(broken) > _NAMED else "")
        message = f"{counted(len(broken), 'file')} with faults can be no article yet: {names}"
        click.echo(in_one_line(f"{message}; `feedsite check` shows them."))


def _keys(section: str | None, tag: str | None, author: str | None, settings: Settings) -> list[str]:
    """The keys of the collections that are meant."""
    keys = [f"section/{section_part(section)}"] if section else []
    keys += [f"tag/{term(tag)}"] if tag else []
    if author:
        person = settings.authors.get(author)
        keys.append(f"author/{term(person.name if person else author)}")
    return keys
