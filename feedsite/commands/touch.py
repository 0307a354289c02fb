"""`feedsite touch`."""

from collections.abc import Iterator
from pathlib import Path

import click

from ..editing import changes
from . import changing


@click.command()
@changing.article
@changing.dry_run
@click.pass_obj
def touch(site: Path, article: str, dry_run: bool) -> None:
    """Says that the sense of an article changed now.

    ARTICLE is the words of its address, or its file. The field `updated` is set; a mended comma needs none of this.
    """
    changing.change(
        site, article, lambda _, original, now: changes.touch(original, now), lambda *_: _tell(), is_dry=dry_run
    )


def _tell() -> Iterator[str]:
    yield "The article counts as updated now, and its page says so."
    yield (
        "Some subscribers see it again: RSS Guard may mark it unread, NetNewsWire takes the new time; "
        "Miniflux, FreshRSS, CommaFeed and yarr notice nothing."
    )
    yield "If something in it was wrong, say so with `feedsite correct`."
