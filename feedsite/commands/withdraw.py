"""`feedsite withdraw`."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from ..comparing import foreseen
from ..editing import changes
from ..editing.original import Original
from ..editing.save import Change
from . import changing


@click.command()
@changing.article
@click.option("--reason", required=True, metavar="TEXT", help="Why: a sentence for readers.")
@click.option(
    "--announce/--no-announce",
    default=True,
    help="Whether an item of its own tells subscribers; it does if left out.",
)
@changing.dry_run
@click.pass_obj
def withdraw(site: Path, article: str, reason: str, announce: bool, dry_run: bool) -> None:
    """Takes a public article back, for a reason.

    ARTICLE is the words of its address, or its file. The reason stands in its place, on the site and in feeds; the text
    stays in the file, where no reader sees it.
    """
    changing.change(
        site,
        article,
        lambda _, original, now: changes.withdraw(original, now, reason, is_announced=announce),
        _tell,
        is_dry=dry_run,
    )


def _tell(original: Original, changed: Change, _: datetime) -> Iterator[str]:
    address = changing.address(original, original.entry.path)
    yield f"The reason stands at {address} in place of the text, and in the copies of programs that take changes."
    keeping = foreseen.keeping(original.entry, changed.entry, original.settings)
    if changed.entry.withdrawal and changed.entry.withdrawal.announce:
        yield f"An item of its own tells all other subscribers ({keeping} keep the text itself)."
    else:
        yield f"Subscribers whose programs take no changes ({keeping}) keep the text, and are not told."
    yield "Pictures and recordings stay at their addresses until you delete their files."
