"""`feedsite unpublish`."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from ..editing import changes
from ..editing.original import Original
from ..editing.save import Change
from . import changing


@click.command()
@changing.article
@changing.dry_run
@click.pass_obj
def unpublish(site: Path, article: str, dry_run: bool) -> None:
    """Makes an article a draft again. If subscribers have it, withdraw it instead.

    ARTICLE is the words of its address, or its file.
    """
    changing.change(site, article, lambda _, original, __: changes.unpublish(original), _tell, is_dry=dry_run)


def _tell(original: Original, _: Change, now: datetime) -> Iterator[str]:
    entry, word = original.entry, changing.word_of(original)
    address = changing.address(original, entry.path)
    if entry.nav is not None:
        yield f"The address {address} breaks; subscribers notice nothing."
    elif entry.published <= now:
        yield f"The address {address} breaks, and subscribers who have the article keep it without a word."
        yield f"To tell them, run `feedsite publish {word} --keep-date`, then `feedsite withdraw {word} --reason ...`."
    else:
        yield "It will not appear; subscribers have never seen it."
        yield f"`feedsite publish {word}` schedules it again."
