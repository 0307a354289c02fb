"""`feedsite correct`."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from ..comparing import foreseen
from ..editing import changes
from ..editing.original import Original
from ..editing.save import Change
from . import changing


@click.command()
@changing.article
@click.option("--note", required=True, metavar="TEXT", help="What was wrong, and what is right.")
@click.option("--announce", is_flag=True, help="Tell subscribers by an item of its own, too.")
@changing.dry_run
@click.pass_obj
def correct(site: Path, article: str, note: str, announce: bool, dry_run: bool) -> None:
    """Adds a correction to a public article. Put its text right as well.

    ARTICLE is the words of its address, or its file.
    """
    changing.change(
        site,
        article,
        lambda _, original, now: changes.correct(original, now, note, is_announced=announce),
        partial(_tell, is_announced=announce),
        is_dry=dry_run,
    )


def _tell(original: Original, changed: Change, _: datetime, *, is_announced: bool) -> Iterator[str]:
    yield "The correction stands above the text and in /corrections/, and the article counts as updated now."
    if is_announced:
        yield "An item of its own tells every subscriber."
    else:
        keeping = foreseen.keeping(original.entry, changed.entry, original.settings)
        yield f"Subscribers whose programs take no changes ({keeping}) are told with --announce only."
    yield "Put the text right as well, if it is not yet."
